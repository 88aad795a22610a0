//! Dense linear algebra for what is done once per question, not once per step. The only file that sees `nalgebra`.

use nalgebra::linalg::{LU, Schur};
use nalgebra::{DMatrix, DVector, Dyn};

/// Sweeps of the eigenvalue iteration for each row before it is given up; a few are the rule.
const SWEEPS_PER_ROW: usize = 100;

/// A square matrix, by rows.
#[derive(Debug, Clone)]
pub(crate) struct Dense {
    dimension: usize,
    values: Vec<f64>,
}

impl Dense {
    pub fn new(dimension: usize) -> Self {
        Self { dimension, values: vec![0.0; dimension * dimension] }
    }

    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.values[row * self.dimension..(row + 1) * self.dimension]
    }

    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.dimension..(row + 1) * self.dimension]
    }

    fn matrix(&self) -> DMatrix<f64> {
        DMatrix::from_row_slice(self.dimension, self.dimension, &self.values)
    }

    /// Eigenvalues as real and imaginary parts, the largest real part first; `None` when the iteration does not
    /// converge or an entry is not finite.
    pub fn eigenvalues(&self) -> Option<Vec<(f64, f64)>> {
        if !self.values.iter().all(|value| value.is_finite()) {
            return None;
        }
        if self.dimension == 0 {
            return Some(Vec::new());
        }
        let schur = Schur::try_new(self.matrix(), f64::EPSILON, SWEEPS_PER_ROW * self.dimension)?;
        let mut found: Vec<(f64, f64)> = schur.complex_eigenvalues().iter().map(|value| (value.re, value.im)).collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)));
        Some(found)
    }
}

/// A pivot smaller than this fraction of its row counts as rounding: the matrix is singular.
const SMALLEST_PIVOT: f64 = 1e-13;

/// Factors of a dense matrix.
pub(crate) struct DenseLu {
    /// What each row was multiplied by.
    scales: Vec<f64>,
    factors: Option<LU<f64, Dyn, Dyn>>,
}

impl DenseLu {
    /// Factorizes a matrix, its rows scaled to size 1; `None` when it is singular or not finite.
    ///
    /// `columns` are typical sizes of the unknowns: what is a small number in one of them may be a large one in another.
    pub fn new(matrix: &Dense, columns: &[f64]) -> Option<Self> {
        let n = matrix.dimension;
        if n == 0 {
            return Some(Self { scales: Vec::new(), factors: None });
        }
        let mut scaled = matrix.clone();
        let mut scales = Vec::with_capacity(n);
        for row in 0..n {
            let values = scaled.row_mut(row);
            values.iter_mut().zip(columns).for_each(|(value, size)| *value *= size);
            let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
            if !(largest > 0.0 && largest.is_finite() && values.iter().all(|value| value.is_finite())) {
                return None;
            }
            values.iter_mut().for_each(|value| *value /= largest);
            scales.push(1.0 / largest);
        }
        let factors = scaled.matrix().lu();
        let upper = factors.u();
        let strong = (0..n).all(|i| upper[(i, i)].abs() > SMALLEST_PIVOT);
        strong.then_some(Self { scales: [scales, columns.to_vec()].concat(), factors: Some(factors) })
    }

    /// Replaces `b` by the solution.
    pub fn solve(&self, b: &mut [f64]) {
        let Some(factors) = &self.factors else { return };
        let (rows, columns) = self.scales.split_at(b.len());
        let mut x = DVector::from_fn(b.len(), |row, _| b[row] * rows[row]);
        let solved = factors.solve_mut(&mut x);
        debug_assert!(solved, "the pivots were looked at");
        for (i, value) in b.iter_mut().enumerate() {
            *value = x[i] * columns[i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[f64]]) -> Dense {
        let mut matrix = Dense::new(rows.len());
        rows.iter().enumerate().for_each(|(i, row)| matrix.row_mut(i).copy_from_slice(row));
        matrix
    }

    #[test]
    fn solves_equations_of_very_different_sizes() {
        let lu = DenseLu::new(&matrix(&[&[1e-9, 2e3], &[3e-9, 1e3]]), &[1e6, 1e-6]).expect("not singular");
        let mut b = [5.0, 5.0];
        lu.solve(&mut b);
        assert!((b[0] / 1e9 - 1.0).abs() < 1e-12 && (b[1] / 2e-3 - 1.0).abs() < 1e-12, "{b:?}");
    }

    #[test]
    fn notices_a_singular_matrix() {
        assert!(DenseLu::new(&matrix(&[&[1.0, 2.0], &[0.1, 0.2]]), &[1.0, 1.0]).is_none());
        assert!(DenseLu::new(&matrix(&[&[f64::NAN]]), &[1.0]).is_none());
    }

    #[test]
    fn eigenvalues_of_a_damped_oscillation() {
        let found =
            matrix(&[&[0.0, 1.0, 0.0], &[-4.01, -0.2, 0.0], &[0.0, 0.0, -3.0]]).eigenvalues().expect("converges");
        let expected = [(-0.1, 2.0), (-0.1, -2.0), (-3.0, 0.0)];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found.0 - expected.0).abs() < 1e-12 && (found.1 - expected.1).abs() < 1e-12, "{found:?}");
        }
    }
}
