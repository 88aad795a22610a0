//! Sparse LU factorization of the Newton matrix `M - c J`, whose pattern never changes. `M` is diagonal: 1 for states with
//! a rate of change, 0 for algebraic ones.
//!
//! Everything that depends on the pattern alone is worked out once: an elimination order that keeps the factors sparse
//! and the places of all their entries. A factorization then only computes numbers and allocates nothing.

use crate::ordering::minimum_degree;
use crate::system::Pattern;
use std::sync::Arc;

/// A pivot on the diagonal is kept while it is at least this fraction of the largest entry below it. Newton's iteration
/// corrects the rounding that a smallish pivot brings, so the bound can be generous.
const WEAKEST_PIVOT: f64 = 1e-5;

/// When pivots are searched, the diagonal is preferred while it is at least this fraction of the largest candidate: it
/// keeps the fill that the order was chosen for.
const PREFER_DIAGONAL: f64 = 0.1;

/// All that depends on the pattern and the choice of pivots alone; shared by all runs of a model.
#[derive(Debug, Clone)]
pub(crate) struct Elimination {
    dimension: usize,
    /// Entries of the Jacobian, column by column, as given.
    column_starts: Vec<usize>,
    rows: Vec<usize>,
    /// `column_order[j]` is the column eliminated at position `j`.
    column_order: Vec<usize>,
    /// `row_order[j]` is the row of the pivot at position `j`.
    row_order: Vec<usize>,
    /// Position of each entry's row in `row_order`, in the order of `rows`.
    entry_positions: Vec<usize>,
    /// Position of the row with the number of the column eliminated at position `j`: where `M` goes.
    diagonal_positions: Vec<usize>,
    lower: Triangle,
    upper: Triangle,
}

/// The factors of `M - c J`, and the space to compute them again for another `c` or `J`.
#[derive(Clone)]
pub(crate) struct SparseLu {
    plan: Arc<Elimination>,
    /// The diagonal of `M`.
    identity: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    inverse_pivots: Vec<f64>,
    column: Vec<f64>,
    permuted: Vec<f64>,
}

/// The places of the strict lower or upper part of the factors, by columns.
#[derive(Debug, Clone)]
struct Triangle {
    dimension: usize,
    starts: Vec<usize>,
    positions: Vec<u32>,
}

/// No pivot could be found: the matrix is singular, or an entry is not finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Singular {
    /// The column without a pivot.
    pub column: usize,
}

impl Elimination {
    /// Works out how to eliminate matrices of this pattern, with the pivots on the diagonal.
    pub fn new(pattern: &Pattern) -> Self {
        let order = minimum_degree(pattern);
        let mut plan = Self {
            dimension: pattern.dimension(),
            column_starts: pattern.column_starts.clone(),
            rows: pattern.rows.clone(),
            column_order: order.clone(),
            row_order: order,
            entry_positions: Vec::new(),
            diagonal_positions: Vec::new(),
            lower: Triangle::empty(pattern.dimension()),
            upper: Triangle::empty(pattern.dimension()),
        };
        plan.place_entries();
        plan
    }

    /// Number of unknowns.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Entries of the Jacobian.
    pub fn nonzeros(&self) -> usize {
        self.rows.len()
    }

    /// Row of each entry of the Jacobian.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Entries of both factors, the diagonal counted once.
    #[cfg(test)]
    pub fn fill(&self) -> usize {
        self.lower.positions.len() + self.upper.positions.len() + self.dimension
    }

    /// Works out where the entries of the factors lie for the present orders of rows and columns.
    fn place_entries(&mut self) {
        let mut position_of_row = vec![0; self.dimension];
        for (position, &row) in self.row_order.iter().enumerate() {
            position_of_row[row] = position;
        }
        self.entry_positions = self.rows.iter().map(|&row| position_of_row[row]).collect();
        self.diagonal_positions = self.column_order.iter().map(|&column| position_of_row[column]).collect();

        let (mut lower, mut upper) = (Triangle::empty(self.dimension), Triangle::empty(self.dimension));
        let mut present_in = vec![usize::MAX; self.dimension];
        let mut found: Vec<usize> = Vec::new();
        for j in 0..self.dimension {
            let source = self.column_order[j];
            let entries = &self.entry_positions[self.column_starts[source]..self.column_starts[source + 1]];
            found.clear();
            for &position in entries.iter().chain([&self.diagonal_positions[j]]) {
                if present_in[position] != j {
                    present_in[position] = j;
                    found.push(position);
                }
            }
            // Each entry above the diagonal brings the column of its own pivot.
            let mut next = 0;
            while let Some(&k) = found.get(next) {
                next += 1;
                if k >= j {
                    continue;
                }
                for &position in lower.column(k) {
                    let position = position as usize;
                    if present_in[position] != j {
                        present_in[position] = j;
                        found.push(position);
                    }
                }
            }
            found.sort_unstable();
            upper.push_column(found.iter().copied().filter(|&position| position < j));
            lower.push_column(found.iter().copied().filter(|&position| position > j));
        }
        self.lower = lower;
        self.upper = upper;
    }
}

impl SparseLu {
    /// Prepares factorizations with the identity as `M`.
    pub fn new(plan: Arc<Elimination>) -> Self {
        Self {
            lower: vec![0.0; plan.lower.positions.len()],
            upper: vec![0.0; plan.upper.positions.len()],
            identity: vec![1.0; plan.dimension],
            inverse_pivots: vec![0.0; plan.dimension],
            column: vec![0.0; plan.dimension],
            permuted: vec![0.0; plan.dimension],
            plan,
        }
    }

    /// The diagonal of `M`, to be changed.
    pub fn identity(&mut self) -> &mut [f64] {
        &mut self.identity
    }

    /// The row of an entry of the Jacobian.
    pub fn row(&self, entry: usize) -> usize {
        self.plan.rows[entry]
    }

    /// Factorizes `M - scale * J`, where `jacobian` holds the entries of `J` in the order of the pattern.
    ///
    /// Allocates only when a pivot has become too small and other pivots must be searched.
    pub fn factorize(&mut self, scale: f64, jacobian: &[f64]) -> Result<(), Singular> {
        if self.eliminate(scale, jacobian).is_ok() {
            return Ok(());
        }
        let mut plan = Elimination::clone(&self.plan);
        plan.row_order = plan.search_pivots(&self.identity, scale, jacobian)?;
        plan.place_entries();
        let identity = std::mem::take(&mut self.identity);
        *self = Self { identity, ..Self::new(Arc::new(plan)) };
        self.eliminate(scale, jacobian)
    }

    /// Replaces `b` by the solution `x` of `(M - c J) x = b` for the matrix factorized last.
    pub fn solve(&mut self, b: &mut [f64]) {
        let (plan, x) = (&*self.plan, &mut self.permuted[..]);
        for (value, &row) in x.iter_mut().zip(&plan.row_order) {
            *value = b[row];
        }
        for j in 0..plan.dimension {
            let value = x[j];
            if value != 0.0 {
                plan.lower.subtract_column(&self.lower, j, value, x);
            }
        }
        for j in (0..plan.dimension).rev() {
            let value = x[j] * self.inverse_pivots[j];
            x[j] = value;
            if value != 0.0 {
                plan.upper.subtract_column(&self.upper, j, value, x);
            }
        }
        for (&value, &column) in x.iter().zip(&plan.column_order) {
            b[column] = value;
        }
    }

    /// Left-looking elimination with the pivots that are already chosen.
    fn eliminate(&mut self, scale: f64, jacobian: &[f64]) -> Result<(), Singular> {
        let (plan, column) = (&*self.plan, &mut self.column[..]);
        for j in 0..plan.dimension {
            let source = plan.column_order[j];
            let entries = plan.column_starts[source]..plan.column_starts[source + 1];
            for (&position, value) in plan.entry_positions[entries.clone()].iter().zip(&jacobian[entries]) {
                column[position] = -scale * value;
            }
            column[plan.diagonal_positions[j]] += self.identity[source];

            let above = plan.upper.starts[j]..plan.upper.starts[j + 1];
            for (&k, result) in plan.upper.positions[above.clone()].iter().zip(&mut self.upper[above]) {
                let value = std::mem::take(&mut column[k as usize]);
                *result = value;
                if value != 0.0 {
                    plan.lower.subtract_column(&self.lower, k as usize, value, column);
                }
            }

            let pivot = std::mem::take(&mut column[j]);
            let inverse = 1.0 / pivot;
            let mut largest = 0.0_f64;
            let below = plan.lower.starts[j]..plan.lower.starts[j + 1];
            for (&position, result) in plan.lower.positions[below.clone()].iter().zip(&mut self.lower[below]) {
                let value = std::mem::take(&mut column[position as usize]);
                largest = largest.max(value.abs());
                *result = value * inverse;
            }
            // Written so that NaN fails as well.
            let strong = pivot.is_finite() && pivot != 0.0 && pivot.abs() >= WEAKEST_PIVOT * largest;
            if !strong || !largest.is_finite() {
                column.fill(0.0);
                return Err(Singular { column: source });
            }
            self.inverse_pivots[j] = inverse;
        }
        Ok(())
    }
}

impl Elimination {
    /// The rows of the pivots that elimination in the given column order would choose; slow, plain and rare.
    fn search_pivots(&self, identity: &[f64], scale: f64, jacobian: &[f64]) -> Result<Vec<usize>, Singular> {
        let mut pivot_rows = Vec::with_capacity(self.dimension);
        let mut taken = vec![false; self.dimension];
        let mut lower: Vec<Vec<(usize, f64)>> = Vec::with_capacity(self.dimension);
        let mut column = vec![0.0; self.dimension];
        for &source in &self.column_order {
            column.fill(0.0);
            for entry in self.column_starts[source]..self.column_starts[source + 1] {
                column[self.rows[entry]] = -scale * jacobian[entry];
            }
            column[source] += identity[source];
            for (k, &pivot_row) in pivot_rows.iter().enumerate() {
                let value: f64 = column[pivot_row];
                if value != 0.0 {
                    for &(row, factor) in &lower[k] {
                        column[row] -= factor * value;
                    }
                }
            }
            let free: Vec<usize> = (0..self.dimension).filter(|&row| !taken[row]).collect();
            let largest = free.iter().fold(0.0_f64, |largest, &row| largest.max(column[row].abs()));
            if largest == 0.0 || !column.iter().all(|value| value.is_finite()) {
                return Err(Singular { column: source });
            }
            let keeps_diagonal = !taken[source] && column[source].abs() >= PREFER_DIAGONAL * largest;
            let strongest = free.iter().copied().find(|&row| column[row].abs() == largest);
            let Some(pivot_row) = (if keeps_diagonal { Some(source) } else { strongest }) else {
                return Err(Singular { column: source });
            };
            let pivot = column[pivot_row];
            let below = free.into_iter().filter(|&row| row != pivot_row && column[row] != 0.0);
            lower.push(below.map(|row| (row, column[row] / pivot)).collect());
            taken[pivot_row] = true;
            pivot_rows.push(pivot_row);
        }
        Ok(pivot_rows)
    }
}

impl Triangle {
    fn empty(dimension: usize) -> Self {
        Self { dimension, starts: vec![0], positions: Vec::new() }
    }

    fn push_column(&mut self, positions: impl Iterator<Item = usize>) {
        self.positions.extend(positions.map(|position| {
            assert!(position < self.dimension);
            u32::try_from(position).expect("fewer than 2^32 states")
        }));
        self.starts.push(self.positions.len());
    }

    fn column(&self, j: usize) -> &[u32] {
        &self.positions[self.starts[j]..self.starts[j + 1]]
    }

    /// `x -= value * column j`.
    #[inline(always)] // A column often has one or two entries, less than a call costs.
    fn subtract_column(&self, values: &[f64], j: usize, value: f64, x: &mut [f64]) {
        let range = self.starts[j]..self.starts[j + 1];
        let places = self.positions[range.clone()].iter().zip(&values[range]);
        assert!(x.len() >= self.dimension);
        for (&position, &factor) in places {
            debug_assert!((position as usize) < x.len());
            // SAFETY: `push_column` takes only positions below `dimension`, and `x` is at least as long.
            unsafe { *x.get_unchecked_mut(position as usize) -= factor * value };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A Jacobian with its pattern.
    #[derive(Debug, Clone)]
    struct Matrix {
        pattern: Pattern,
        values: Vec<f64>,
    }

    impl Matrix {
        fn new(dimension: usize, entries: &[(usize, usize, f64)]) -> Self {
            let mut columns = vec![Vec::new(); dimension];
            for &(row, column, _) in entries {
                columns[column].push(row);
            }
            let pattern = Pattern::from_columns(columns);
            let mut values = vec![0.0; pattern.nonzeros()];
            for &(row, column, value) in entries {
                values[pattern.position(row, column).expect("in the pattern")] += value;
            }
            Self { pattern, values }
        }

        /// `I - scale J`, by rows.
        fn dense(&self, scale: f64) -> Vec<Vec<f64>> {
            let n = self.pattern.dimension();
            let mut dense = vec![vec![0.0; n]; n];
            for (i, row) in dense.iter_mut().enumerate() {
                row[i] = 1.0;
            }
            for (column, start) in self.pattern.column_starts[..n].iter().enumerate() {
                for (i, &row) in self.pattern.column(column).iter().enumerate() {
                    dense[row][column] -= scale * self.values[start + i];
                }
            }
            dense
        }
    }

    /// The plain judge: Gaussian elimination with partial pivoting.
    fn eliminate(mut matrix: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
        let n = b.len();
        for j in 0..n {
            let pivot = (j..n).max_by(|&a, &b| matrix[a][j].abs().total_cmp(&matrix[b][j].abs())).expect("rows");
            matrix.swap(j, pivot);
            b.swap(j, pivot);
            for i in j + 1..n {
                let factor = matrix[i][j] / matrix[j][j];
                let pivot_row = matrix[j].clone();
                for (value, pivot) in matrix[i].iter_mut().zip(&pivot_row).skip(j) {
                    *value -= factor * pivot;
                }
                b[i] -= factor * b[j];
            }
        }
        for j in (0..n).rev() {
            let known: f64 = (j + 1..n).map(|k| matrix[j][k] * b[k]).sum();
            b[j] = (b[j] - known) / matrix[j][j];
        }
        b
    }

    fn factors(matrix: &Matrix) -> SparseLu {
        SparseLu::new(Arc::new(Elimination::new(&matrix.pattern)))
    }

    fn check(lu: &mut SparseLu, matrix: &Matrix, scale: f64) {
        let b: Vec<f64> = (0..matrix.pattern.dimension()).map(|i| 1.0 + i as f64).collect();
        let mut found = b.clone();
        lu.factorize(scale, &matrix.values).expect("not singular");
        lu.solve(&mut found);
        let expected = eliminate(matrix.dense(scale), b);
        let size = expected.iter().fold(1.0_f64, |size, x| size.max(x.abs()));
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-7 * size, "{found} is not {expected}");
        }
    }

    #[test]
    fn a_star_is_eliminated_without_fill() {
        // State 0 is coupled to all others; eliminated first it would fill the matrix.
        let entries: Vec<_> = (1..10).flat_map(|i| [(0, i, 1.0), (i, 0, 1.0), (i, i, -2.0)]).collect();
        let matrix = Matrix::new(10, &entries);
        let mut lu = factors(&matrix);
        check(&mut lu, &matrix, 0.1);
        assert_eq!(lu.plan.fill(), matrix.pattern.nonzeros());
    }

    #[test]
    fn a_vanishing_diagonal_makes_it_search_other_pivots() {
        // I - J has zeros on its diagonal.
        let matrix = Matrix::new(3, &[(0, 0, 1.0), (1, 1, 1.0), (2, 2, 1.0), (1, 0, 2.0), (2, 1, 3.0), (0, 2, 4.0)]);
        let mut lu = factors(&matrix);
        check(&mut lu, &matrix, 1.0);
        // The new pivots are kept, and good for another scale as well.
        check(&mut lu, &matrix, 0.5);
    }

    #[test]
    fn a_singular_matrix_is_refused_and_the_next_one_is_not() {
        let matrix = Matrix::new(2, &[(0, 0, 1.0)]);
        let mut lu = factors(&matrix);
        assert_eq!(lu.factorize(1.0, &matrix.values), Err(Singular { column: 0 }));
        assert!(lu.factorize(0.5, &[f64::NAN, 0.0]).is_err());
        check(&mut lu, &matrix, 0.5);
    }

    fn matrices() -> impl Strategy<Value = Matrix> {
        (1_usize..25).prop_flat_map(|n| {
            let entry = (0..n, 0..n, -1.0..1.0);
            proptest::collection::vec(entry, 0..4 * n).prop_map(move |entries| Matrix::new(n, &entries))
        })
    }

    proptest! {
        #[test]
        fn agrees_with_dense_elimination(matrix in matrices(), scale in 1e-3..0.9) {
            let dense = matrix.dense(scale);
            // The judge itself is no judge of matrices that are all but singular.
            let solution = eliminate(dense, vec![1.0; matrix.pattern.dimension()]);
            prop_assume!(solution.iter().all(|x| x.abs() < 1e4));
            let mut lu = factors(&matrix);
            check(&mut lu, &matrix, scale);
            check(&mut lu, &matrix, 0.0);
        }
    }
}
