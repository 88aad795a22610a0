//! The order in which the unknowns of a sparse system are eliminated.

use crate::system::Pattern;

/// The order of elimination that takes, at each turn, the unknown with the fewest neighbors in the graph of `A + Aᵀ`
/// (the first among equals), and then joins its neighbors to each other, as elimination does.
///
/// The graph is a bit matrix: exact, simple and fast to some ten thousand unknowns.
pub(crate) fn minimum_degree(pattern: &Pattern) -> Vec<usize> {
    let dimension = pattern.dimension();
    let mut graph = BitMatrix::new(dimension);
    for column in 0..dimension {
        for &row in &pattern.rows[pattern.column_starts[column]..pattern.column_starts[column + 1]] {
            if row != column {
                graph.set(row, column);
                graph.set(column, row);
            }
        }
    }
    let mut degrees: Vec<usize> = (0..dimension).map(|row| graph.count(row)).collect();
    let mut eliminated = vec![false; dimension];
    let mut order = Vec::with_capacity(dimension);
    for _ in 0..dimension {
        let Some(next) = (0..dimension).filter(|&i| !eliminated[i]).min_by_key(|&i| degrees[i]) else { break };
        eliminated[next] = true;
        order.push(next);
        for neighbor in graph.members(next) {
            graph.join(neighbor, next);
            degrees[neighbor] = graph.count(neighbor);
        }
    }
    order
}

/// A square matrix of bits, by rows.
struct BitMatrix {
    words_per_row: usize,
    words: Vec<u64>,
}

impl BitMatrix {
    fn new(dimension: usize) -> Self {
        let words_per_row = dimension.div_ceil(64);
        Self { words_per_row, words: vec![0; words_per_row * dimension] }
    }

    fn row(&self, row: usize) -> &[u64] {
        &self.words[row * self.words_per_row..(row + 1) * self.words_per_row]
    }

    fn set(&mut self, row: usize, column: usize) {
        self.words[row * self.words_per_row + column / 64] |= 1 << (column % 64);
    }

    fn clear(&mut self, row: usize, column: usize) {
        self.words[row * self.words_per_row + column / 64] &= !(1 << (column % 64));
    }

    fn count(&self, row: usize) -> usize {
        self.row(row).iter().map(|word| word.count_ones() as usize).sum()
    }

    fn members(&self, row: usize) -> Vec<usize> {
        let mut members = Vec::new();
        for (i, &word) in self.row(row).iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                members.push(i * 64 + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
        members
    }

    /// Gives `row` the members of `gone`, and takes out `gone` and `row` itself.
    fn join(&mut self, row: usize, gone: usize) {
        for i in 0..self.words_per_row {
            self.words[row * self.words_per_row + i] |= self.words[gone * self.words_per_row + i];
        }
        self.clear(row, row);
        self.clear(row, gone);
    }
}
