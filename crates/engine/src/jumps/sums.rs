//! Sums of propensities over a wide tree: what one changes costs a few sums of a few numbers, and so does the choice.
//!
//! A parent is always computed anew from its children, so nothing drifts. Sixteen children to a node keep the
//! tree of some hundred reactions two levels deep; `examples/jumps.rs` measures what another number would cost.

/// Children of a node where there are enough of them.
const WIDEST: usize = 16;

/// The places of the numbers: level by level from the leaves to the total, every level but the last filled up with
/// zeros to whole groups.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    width: usize,
    /// Where each level begins; the last is the total alone.
    starts: Vec<usize>,
}

/// A sum that has to be computed anew: its place, and that of its first term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sum {
    to: u32,
    from: u32,
}

impl Shape {
    /// A tree over this many leaves.
    pub fn new(leaves: usize) -> Self {
        let width = leaves.next_multiple_of(4).clamp(4, WIDEST);
        let mut starts = vec![0];
        let mut level = leaves.max(1).next_multiple_of(width);
        loop {
            starts.push(starts[starts.len() - 1] + level);
            if level == width {
                return Self { width, starts };
            }
            level = (level / width).next_multiple_of(width);
        }
    }

    /// All numbers, zero.
    pub fn zeros(&self) -> Vec<f64> {
        vec![0.0; self.total() + 1]
    }

    /// Where the total is.
    pub fn total(&self) -> usize {
        self.starts[self.starts.len() - 1]
    }

    /// The sums above some leaves, in an order of computation.
    pub fn above(&self, leaves: &[u32]) -> Vec<Sum> {
        let mut sums = Vec::new();
        let mut positions: Vec<usize> = leaves.iter().map(|&leaf| leaf as usize).collect();
        for level in 1..self.starts.len() {
            positions.iter_mut().for_each(|position| *position /= self.width);
            positions.sort_unstable();
            positions.dedup();
            let place = |start: usize, position: usize| u32::try_from(start + position).expect("fewer than 2^32 sums");
            sums.extend(positions.iter().map(|&position| Sum {
                to: place(self.starts[level], position),
                from: place(self.starts[level - 1], position * self.width),
            }));
        }
        sums
    }

    /// Computes some sums.
    #[inline]
    pub fn add_up(&self, values: &mut [f64], sums: &[Sum]) {
        for sum in sums {
            let from = sum.from as usize;
            let mut lanes = [0.0; 4];
            for terms in values[from..from + self.width].chunks_exact(4) {
                for (lane, term) in lanes.iter_mut().zip(terms) {
                    *lane += term;
                }
            }
            values[sum.to as usize] = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        }
    }

    /// The leaf at which the running sum exceeds `target`, a number from 0 to below the total; never one that is 0
    /// while another is not.
    #[inline]
    pub fn choose(&self, values: &[f64], mut target: f64) -> usize {
        let mut position = 0;
        for &start in self.starts[..self.starts.len() - 1].iter().rev() {
            let group = &values[start + position * self.width..][..self.width];
            let mut child = 0;
            while child + 1 < self.width && target >= group[child] {
                target -= group[child];
                child += 1;
            }
            // Rounding may lead past the last child that is not 0.
            while group[child] == 0.0 && child > 0 {
                child -= 1;
                target = f64::INFINITY;
            }
            position = position * self.width + child;
        }
        position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_has_its_share_of_the_total() {
        for count in [1, 2, 4, 5, 16, 17, 100, 256, 257, 5000] {
            let shape = Shape::new(count);
            let mut values = shape.zeros();
            let all: Vec<u32> = (0..count as u32).collect();
            all.iter()
                .filter(|leaf| *leaf % 3 != 1)
                .for_each(|&leaf| values[leaf as usize] = 1.0 + f64::from(leaf % 2));
            shape.add_up(&mut values, &shape.above(&all));
            let total = values[shape.total()];
            assert_eq!(total, values[..count].iter().sum::<f64>(), "{count} leaves");
            let mut below = 0.0;
            for leaf in (0..count).filter(|leaf| leaf % 3 != 1) {
                assert_eq!(shape.choose(&values, below), leaf, "{count} leaves");
                below += values[leaf];
                assert_eq!(shape.choose(&values, below - 0.5), leaf, "{count} leaves");
            }
            // A target that rounding has made too large still finds the last leaf that is not 0.
            let last = (0..count).rfind(|leaf| leaf % 3 != 1).expect("there is one");
            assert_eq!(shape.choose(&values, total), last, "{count} leaves");
        }
    }

    #[test]
    fn only_what_is_above_a_leaf_is_computed_anew() {
        let shape = Shape::new(1000);
        let mut values = shape.zeros();
        values[777] = 2.5;
        let sums = shape.above(&[777]);
        assert_eq!(sums.len(), 3);
        shape.add_up(&mut values, &sums);
        assert_eq!(values[shape.total()], 2.5);
        values[777] = 0.0;
        values[3] = 1.0;
        shape.add_up(&mut values, &shape.above(&[3, 777]));
        assert_eq!(values[shape.total()], 1.0);
    }
}
