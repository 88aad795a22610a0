//! Backward differences: the past of a solution at equal steps, as one small table.
//!
//! Row 0 is the latest state `y_n`, row j the j-th backward difference `∇ʲ y_n` for the present step. The polynomial
//! through the last `k + 1` points, and with it prediction, interpolation and a change of the step, are sums of rows.
//! Shampine & Reichelt 1997, doi:10.1137/S1064827594276424, section 2.

/// The highest order at which the formulas are stable enough for stiff equations.
pub(crate) const MAXIMUM_ORDER: usize = 5;

/// Rows up to the difference that decides about raising the order.
const ROWS: usize = MAXIMUM_ORDER + 3;

/// States that are computed at once: a processor adds two or four numbers as quickly as one.
const LANES: usize = 4;

/// The table of differences of all states.
pub(crate) struct Differences {
    dimension: usize,
    values: Vec<f64>,
    /// Space for rows 1 to 5 at another step.
    rescaled: Vec<f64>,
}

impl Differences {
    pub fn new(dimension: usize) -> Self {
        Self { dimension, values: vec![0.0; ROWS * dimension], rescaled: vec![0.0; MAXIMUM_ORDER * dimension] }
    }

    /// Forgets the past: a straight line through `y` with slope `dy`.
    pub fn start(&mut self, y: &[f64], dy: &[f64], step: f64) {
        self.values.fill(0.0);
        self.row_mut(0).copy_from_slice(y);
        for (difference, slope) in self.row_mut(1).iter_mut().zip(dy) {
            *difference = step * slope;
        }
    }

    /// `∇ʲ y_n`.
    pub fn row(&self, j: usize) -> &[f64] {
        &self.values[j * self.dimension..(j + 1) * self.dimension]
    }

    /// The rows from 0 to the one of the order.
    pub fn rows(&self, order: usize) -> &[f64] {
        &self.values[..(order + 1) * self.dimension]
    }

    fn row_mut(&mut self, j: usize) -> &mut [f64] {
        &mut self.values[j * self.dimension..(j + 1) * self.dimension]
    }

    /// Writes the sum of rows `0..=order`, the polynomial one step ahead.
    pub fn predict(&self, order: usize, predicted: &mut [f64]) {
        self.weigh_rows(0, &[1.0; MAXIMUM_ORDER + 1][..=order], predicted);
    }

    /// Writes `Σ coefficients[j] ∇ʲ y_n` over `j` in `1..=order`.
    pub fn combine(&self, order: usize, coefficients: &[f64; MAXIMUM_ORDER + 1], sum: &mut [f64]) {
        self.weigh_rows(1, &coefficients[1..=order], sum);
    }

    /// Takes in the next point: the predicted one plus `correction`, which is `∇^(order + 1)` there.
    pub fn advance(&mut self, order: usize, correction: &[f64]) {
        let n = self.dimension;
        let (blocks, rest) = correction.as_chunks::<LANES>();
        for (block, correction) in blocks.iter().enumerate() {
            self.take_in(order, block * LANES, *correction);
        }
        for (i, &correction) in rest.iter().enumerate() {
            self.take_in(order, n - rest.len() + i, [correction]);
        }
    }

    /// Takes in the next point of the states from `first` on.
    #[inline]
    fn take_in<const COUNT: usize>(&mut self, order: usize, first: usize, correction: [f64; COUNT]) {
        let n = self.dimension;
        let mut difference = correction;
        let before: [f64; COUNT] = lanes(&self.values[(order + 1) * n + first..]);
        for lane in 0..COUNT {
            self.values[(order + 2) * n + first + lane] = correction[lane] - before[lane];
        }
        self.values[(order + 1) * n + first..][..COUNT].copy_from_slice(&correction);
        for j in (0..=order).rev() {
            let row = &mut self.values[j * n + first..][..COUNT];
            for (sum, value) in difference.iter_mut().zip(row) {
                *sum += *value;
                *value = *sum;
            }
        }
    }

    /// Writes the polynomial through the last `order + 1` points at `s` steps after the latest (so `s` is in `-1..=0`
    /// within the last step).
    pub fn interpolate(&self, order: usize, s: f64, y: &mut [f64]) {
        self.weigh_rows(0, &interpolation(order, s)[..=order], y);
    }

    /// Writes the sum of rows from `first` on, each times its weight.
    fn weigh_rows(&self, first: usize, weights: &[f64], sum: &mut [f64]) {
        match *weights {
            [a] => self.weigh(first, [a], sum),
            [a, b] => self.weigh(first, [a, b], sum),
            [a, b, c] => self.weigh(first, [a, b, c], sum),
            [a, b, c, d] => self.weigh(first, [a, b, c, d], sum),
            [a, b, c, d, e] => self.weigh(first, [a, b, c, d, e], sum),
            [a, b, c, d, e, f] => self.weigh(first, [a, b, c, d, e, f], sum),
            _ => unreachable!("from one row to all of the highest order"),
        }
    }

    #[inline]
    fn weigh<const ROWS: usize>(&self, first: usize, weights: [f64; ROWS], sum: &mut [f64]) {
        let rows: [&[f64]; ROWS] = std::array::from_fn(|j| self.row(first + j));
        let (blocks, rest) = sum.as_chunks_mut::<LANES>();
        let done = blocks.len() * LANES;
        for (block, sum) in blocks.iter_mut().enumerate() {
            *sum = weighted(&rows, &weights, block * LANES);
        }
        for (i, sum) in rest.iter_mut().enumerate() {
            [*sum] = weighted(&rows, &weights, done + i);
        }
    }

    /// Makes the differences those of the same polynomial at a step `factor` times as long.
    pub fn rescale(&mut self, order: usize, factor: f64) {
        let transform = rescaling(order, factor);
        let mut rescaled = std::mem::take(&mut self.rescaled);
        for j in 1..=order {
            let mut weights = [0.0; MAXIMUM_ORDER + 1];
            for (weight, row) in weights.iter_mut().zip(&transform).skip(1) {
                *weight = row[j];
            }
            self.weigh_rows(1, &weights[1..=order], &mut rescaled[(j - 1) * self.dimension..][..self.dimension]);
        }
        let changed = order * self.dimension;
        self.values[self.dimension..][..changed].copy_from_slice(&rescaled[..changed]);
        self.rescaled = rescaled;
    }
}

/// The weight of each difference in the polynomial at `s` steps after the latest point.
pub(crate) fn interpolation(order: usize, s: f64) -> [f64; MAXIMUM_ORDER + 1] {
    let mut weights = [1.0; MAXIMUM_ORDER + 1];
    for j in 1..=order {
        weights[j] = weights[j - 1] * ((s + (j - 1) as f64) / j as f64);
    }
    weights
}

/// The matrix `R(factor) U` of Shampine & Reichelt: new difference j is the sum over l of `[l][j]` times old one l.
fn rescaling(order: usize, factor: f64) -> [[f64; MAXIMUM_ORDER + 1]; MAXIMUM_ORDER + 1] {
    let sampled = sampling(order, factor);
    let unscaled = sampling(order, 1.0);
    let mut product = [[0.0; MAXIMUM_ORDER + 1]; MAXIMUM_ORDER + 1];
    for l in 0..=order {
        for j in 0..=order {
            product[l][j] = (0..=order).map(|m| sampled[l][m] * unscaled[m][j]).sum();
        }
    }
    product
}

/// Entry `[i][j]` is the weight of difference i at `j * factor` steps before the latest point.
#[allow(clippy::needless_range_loop)] // The formula is one of indices.
fn sampling(order: usize, factor: f64) -> [[f64; MAXIMUM_ORDER + 1]; MAXIMUM_ORDER + 1] {
    let mut weights = [[0.0; MAXIMUM_ORDER + 1]; MAXIMUM_ORDER + 1];
    weights[0] = [1.0; MAXIMUM_ORDER + 1];
    for i in 1..=order {
        for j in 1..=order {
            weights[i][j] = weights[i - 1][j] * ((i - 1) as f64 - factor * j as f64) / i as f64;
        }
    }
    weights
}

/// The sums of some states, beginning with state `first`.
#[inline]
fn weighted<const ROWS: usize, const COUNT: usize>(
    rows: &[&[f64]; ROWS],
    weights: &[f64; ROWS],
    first: usize,
) -> [f64; COUNT] {
    let mut sums = lanes(&rows[0][first..]).map(|value| weights[0] * value);
    for (row, weight) in rows.iter().zip(weights).skip(1) {
        let values: [f64; COUNT] = lanes(&row[first..]);
        for lane in 0..COUNT {
            sums[lane] += weight * values[lane];
        }
    }
    sums
}

/// The first few values.
#[inline]
fn lanes<const COUNT: usize>(values: &[f64]) -> [f64; COUNT] {
    *values.first_chunk().expect("a table has a value for every state")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cubic, so that order 3 must be exact.
    fn cubic(t: f64) -> f64 {
        1.0 + 2.0 * t - t * t + 0.5 * t * t * t
    }

    /// Differences of the cubic at `t` for a step.
    fn table(t: f64, step: f64) -> Differences {
        let mut differences = Differences::new(1);
        let mut points: Vec<f64> = (0..=3).map(|m| cubic(t - m as f64 * step)).collect();
        for j in 0..=3 {
            differences.values[j] = points[0];
            points = points.windows(2).map(|pair| pair[0] - pair[1]).collect();
        }
        differences
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-13, "{found} is not {expected}");
    }

    #[test]
    fn interpolates_and_predicts_a_cubic_exactly() {
        let differences = table(2.0, 0.1);
        let mut y = [0.0];
        for s in [-1.0, -0.7, 0.0, 1.0] {
            differences.interpolate(3, s, &mut y);
            close(y[0], cubic(2.0 + 0.1 * s));
        }
        differences.predict(3, &mut y);
        close(y[0], cubic(2.1));
    }

    #[test]
    fn rescales_to_the_differences_of_the_new_step() {
        let mut differences = table(2.0, 0.1);
        differences.rescale(3, 2.5);
        let expected = table(2.0, 0.25);
        for j in 0..=3 {
            close(differences.row(j)[0], expected.row(j)[0]);
        }
    }

    #[test]
    fn advances_by_one_point() {
        let mut differences = table(2.0, 0.1);
        differences.advance(3, &[0.0]);
        let expected = table(2.1, 0.1);
        for j in 0..=3 {
            close(differences.row(j)[0], expected.row(j)[0]);
        }
    }
}
