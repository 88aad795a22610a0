//! The seam between the compiled model and the solver: a differential equation, perhaps with algebraic equations, with a
//! sparse Jacobian and root functions. Everything the solver's core knows about a model is in this file.

/// The places of a square sparse matrix that may be nonzero, as compressed sparse columns.
///
/// Column `j` has the rows `rows[column_starts[j]..column_starts[j + 1]]`, sorted, always with the diagonal. Values of
/// the matrix are kept apart, in the order of `rows`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// Where each column starts in `rows`; one longer than the number of columns.
    pub(crate) column_starts: Vec<usize>,
    /// Row of each nonzero, column by column.
    pub(crate) rows: Vec<usize>,
}

impl Pattern {
    /// Makes a pattern from the rows of each column, in any order; the diagonal is added.
    pub(crate) fn from_columns(columns: Vec<Vec<usize>>) -> Self {
        let mut column_starts = vec![0];
        let mut rows = Vec::new();
        for (j, mut column) in columns.into_iter().enumerate() {
            column.push(j);
            column.sort_unstable();
            column.dedup();
            rows.extend(column);
            column_starts.push(rows.len());
        }
        Self { column_starts, rows }
    }

    /// Number of rows, which is the number of columns.
    pub(crate) fn dimension(&self) -> usize {
        self.column_starts.len() - 1
    }

    /// Number of places that may be nonzero.
    pub(crate) fn nonzeros(&self) -> usize {
        self.rows.len()
    }

    /// The rows of a column.
    pub(crate) fn column(&self, j: usize) -> &[usize] {
        &self.rows[self.column_starts[j]..self.column_starts[j + 1]]
    }

    /// Where in the values the entry at a row and column is, if the pattern has it.
    pub(crate) fn position(&self, row: usize, column: usize) -> Option<usize> {
        self.column(column).binary_search(&row).ok().map(|k| self.column_starts[column] + k)
    }
}

/// `dy/dt = rhs(t, y)`, with what a stiff solver and an event loop need besides; for the last [`System::algebraic`] states
/// `0 = rhs(t, y)` instead, of index 1: given all others, these equations determine these states.
///
/// Methods take `&mut self` because an evaluation may use scratch memory; no result depends on what was evaluated
/// before.
pub(crate) trait System {
    /// Number of states.
    fn dimension(&self) -> usize;
    /// Number of algebraic states; they come last.
    fn algebraic(&self) -> usize;
    /// Number of algebraic states that are extents of fast reactions; they are the first of them. What must be 0 for them
    /// is also the rate at which they would approach it.
    fn extents(&self) -> usize {
        0
    }
    /// Writes the rate of change of each state to `dy`, for algebraic states what must be 0.
    fn rhs(&mut self, t: f64, y: &[f64], dy: &mut [f64]);
    /// Writes `d rhs_i / d y_j` to `values`, in the order of the pattern of `d rhs / d y`.
    fn jacobian(&mut self, t: f64, y: &[f64], values: &mut [f64]);
    /// Number of root functions.
    fn root_count(&self) -> usize;
    /// Writes the root functions to `g`. A change of sign is a place where the right-hand side or its derivative may
    /// jump, or where the trigger of an event may change; the solver must not step over it.
    fn roots(&mut self, t: f64, y: &[f64], g: &mut [f64]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_sorted_and_has_its_diagonal() {
        let pattern = Pattern::from_columns(vec![vec![2, 1], vec![], vec![0, 0]]);
        assert_eq!(pattern.column_starts, [0, 3, 4, 6]);
        assert_eq!(pattern.rows, [0, 1, 2, 1, 0, 2]);
        assert_eq!((pattern.dimension(), pattern.nonzeros()), (3, 6));
        assert_eq!(pattern.position(2, 0), Some(2));
        assert_eq!(pattern.position(2, 1), None);
    }
}
