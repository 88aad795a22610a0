//! Sparse LU factorization of the Newton matrix `I - c J`, whose pattern never changes.
//!
//! Everything that depends on the pattern alone is worked out once: an elimination order that keeps the factors sparse
//! and the places of all their entries. A factorization then only computes numbers and allocates nothing.

use crate::ordering::minimum_degree;
use crate::system::Pattern;

/// A pivot on the diagonal is kept while it is at least this fraction of the largest entry below it. Newton's iteration
/// corrects the rounding that a smallish pivot brings, so the bound can be generous.
const WEAKEST_PIVOT: f64 = 1e-5;

/// When pivots are searched, the diagonal is preferred while it is at least this fraction of the largest candidate: it
/// keeps the fill that the order was chosen for.
const PREFER_DIAGONAL: f64 = 0.1;

/// The factors of `I - c J`, and the space to compute them again for another `c` or `J`.
pub(crate) struct SparseLu {
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
    /// Position of the row with the number of the column eliminated at position `j`: where the identity goes.
    diagonal_positions: Vec<usize>,
    lower: Triangle,
    upper: Triangle,
    inverse_pivots: Vec<f64>,
    column: Vec<f64>,
    permuted: Vec<f64>,
}

/// The strict lower or upper part of the factors, by columns.
#[derive(Default)]
struct Triangle {
    starts: Vec<usize>,
    positions: Vec<u32>,
    values: Vec<f64>,
}

/// No pivot could be found: the matrix is singular, or an entry is not finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Singular {
    /// The column without a pivot.
    pub column: usize,
}

impl SparseLu {
    /// Prepares factorizations for Jacobians of this pattern.
    pub fn new(pattern: &Pattern) -> Self {
        let dimension = pattern.dimension();
        let order = minimum_degree(pattern);
        let mut lu = Self {
            dimension,
            column_starts: pattern.column_starts.clone(),
            rows: pattern.rows.clone(),
            column_order: order.clone(),
            row_order: order,
            entry_positions: Vec::new(),
            diagonal_positions: Vec::new(),
            lower: Triangle::default(),
            upper: Triangle::default(),
            inverse_pivots: vec![0.0; dimension],
            column: vec![0.0; dimension],
            permuted: vec![0.0; dimension],
        };
        lu.place_entries();
        lu
    }

    /// Factorizes `I - scale * J`, where `jacobian` holds the entries of `J` in the order of the pattern.
    ///
    /// Allocates only when a pivot has become too small and other pivots must be searched.
    pub fn factorize(&mut self, scale: f64, jacobian: &[f64]) -> Result<(), Singular> {
        if self.eliminate(scale, jacobian).is_ok() {
            return Ok(());
        }
        self.row_order = self.search_pivots(scale, jacobian)?;
        self.place_entries();
        self.eliminate(scale, jacobian)
    }

    /// Replaces `b` by the solution `x` of `(I - c J) x = b` for the matrix factorized last.
    pub fn solve(&mut self, b: &mut [f64]) {
        let x = &mut self.permuted;
        for (value, &row) in x.iter_mut().zip(&self.row_order) {
            *value = b[row];
        }
        for j in 0..self.dimension {
            let value = x[j];
            if value != 0.0 {
                self.lower.subtract_column(j, value, x);
            }
        }
        for j in (0..self.dimension).rev() {
            x[j] *= self.inverse_pivots[j];
            let value = x[j];
            if value != 0.0 {
                self.upper.subtract_column(j, value, x);
            }
        }
        for (&value, &column) in x.iter().zip(&self.column_order) {
            b[column] = value;
        }
    }

    /// Entries of both factors, the diagonal counted once.
    #[cfg(test)]
    pub fn fill(&self) -> usize {
        self.lower.positions.len() + self.upper.positions.len() + self.dimension
    }

    /// Left-looking elimination with the pivots that are already chosen.
    fn eliminate(&mut self, scale: f64, jacobian: &[f64]) -> Result<(), Singular> {
        for j in 0..self.dimension {
            let source = self.column_order[j];
            for entry in self.column_starts[source]..self.column_starts[source + 1] {
                self.column[self.entry_positions[entry]] = -scale * jacobian[entry];
            }
            self.column[self.diagonal_positions[j]] += 1.0;

            for place in self.upper.starts[j]..self.upper.starts[j + 1] {
                let k = self.upper.positions[place] as usize;
                let value = std::mem::take(&mut self.column[k]);
                self.upper.values[place] = value;
                if value != 0.0 {
                    self.lower.subtract_column(k, value, &mut self.column);
                }
            }

            let pivot = std::mem::take(&mut self.column[j]);
            let inverse = 1.0 / pivot;
            let mut largest = 0.0_f64;
            for place in self.lower.starts[j]..self.lower.starts[j + 1] {
                let value = std::mem::take(&mut self.column[self.lower.positions[place] as usize]);
                largest = largest.max(value.abs());
                self.lower.values[place] = value * inverse;
            }
            // Written so that NaN fails as well.
            let strong = pivot.is_finite() && pivot != 0.0 && pivot.abs() >= WEAKEST_PIVOT * largest;
            if !strong || !largest.is_finite() {
                return Err(Singular { column: source });
            }
            self.inverse_pivots[j] = inverse;
        }
        Ok(())
    }

    /// The rows of the pivots that elimination in the given column order would choose; slow, plain and rare.
    fn search_pivots(&self, scale: f64, jacobian: &[f64]) -> Result<Vec<usize>, Singular> {
        let mut pivot_rows = Vec::with_capacity(self.dimension);
        let mut taken = vec![false; self.dimension];
        let mut lower: Vec<Vec<(usize, f64)>> = Vec::with_capacity(self.dimension);
        let mut column = vec![0.0; self.dimension];
        for &source in &self.column_order {
            column.fill(0.0);
            for entry in self.column_starts[source]..self.column_starts[source + 1] {
                column[self.rows[entry]] = -scale * jacobian[entry];
            }
            column[source] += 1.0;
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

    /// Works out where the entries of the factors lie for the present orders of rows and columns.
    fn place_entries(&mut self) {
        let mut position_of_row = vec![0; self.dimension];
        for (position, &row) in self.row_order.iter().enumerate() {
            position_of_row[row] = position;
        }
        self.entry_positions = self.rows.iter().map(|&row| position_of_row[row]).collect();
        self.diagonal_positions = self.column_order.iter().map(|&column| position_of_row[column]).collect();

        let (mut lower, mut upper) = (Triangle::empty(), Triangle::empty());
        let mut present = vec![false; self.dimension];
        for j in 0..self.dimension {
            let source = self.column_order[j];
            present.fill(false);
            for entry in self.column_starts[source]..self.column_starts[source + 1] {
                present[self.entry_positions[entry]] = true;
            }
            present[self.diagonal_positions[j]] = true;
            for k in 0..j {
                if present[k] {
                    for &position in lower.column(k) {
                        present[position as usize] = true;
                    }
                }
            }
            upper.push_column((0..j).filter(|&position| present[position]));
            lower.push_column((j + 1..self.dimension).filter(|&position| present[position]));
        }
        self.lower = lower;
        self.upper = upper;
        self.column.fill(0.0);
    }
}

impl Triangle {
    fn empty() -> Self {
        Self { starts: vec![0], ..Self::default() }
    }

    fn push_column(&mut self, positions: impl Iterator<Item = usize>) {
        self.positions.extend(positions.map(|position| u32::try_from(position).expect("fewer than 2^32 states")));
        self.values.resize(self.positions.len(), 0.0);
        self.starts.push(self.positions.len());
    }

    fn column(&self, j: usize) -> &[u32] {
        &self.positions[self.starts[j]..self.starts[j + 1]]
    }

    /// `x -= value * column j`.
    #[inline]
    fn subtract_column(&self, j: usize, value: f64, x: &mut [f64]) {
        let range = self.starts[j]..self.starts[j + 1];
        for (&position, &factor) in self.positions[range.clone()].iter().zip(&self.values[range]) {
            x[position as usize] -= factor * value;
        }
    }
}
