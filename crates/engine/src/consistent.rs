//! Values of the algebraic states that satisfy their equations, given all others: at the start, and after everything
//! that jumps.
//!
//! Newton's iteration, damped by the natural monotonicity test of Deuflhard (Newton Methods for Nonlinear Problems, 2004,
//! doi:10.1007/978-3-642-23899-4, section 3.3): a step must shrink the *correction* that the same matrix asks for next,
//! which does not depend on how the equations are scaled.

use crate::options::{FailureKind, Stop};
use crate::relax::relax;
use crate::sparse_lu::{Elimination, SparseLu};
use crate::system::{Pattern, System};
use std::sync::Arc;

/// Corrections below this fraction of a value are the last: the next would be below rounding.
const SMALL: f64 = 1e-10;

/// Equilibria are this near, relative to their extents, where nothing has jumped.
const NEAR: f64 = 1e-5;

/// Iterations before giving up.
const MAXIMUM_ITERATIONS: usize = 100;

/// The shortest part of a correction that is tried.
const SHORTEST_STEP: f64 = 1e-6;

/// Where the iteration starts when it does not get anywhere from the values it finds: a shift away from what may be a
/// singular point, then every value the same.
const OTHER_STARTS: [Start; 3] = [Start::Shifted(1e-3), Start::All(1.0), Start::All(0.0)];

#[derive(Clone, Copy)]
enum Start {
    Shifted(f64),
    All(f64),
}

/// The algebraic equations of a system, with what it takes to solve them.
#[derive(Clone)]
pub(crate) struct Constraints {
    /// Algebraic states are those from here on.
    first: usize,
    /// Number of them that are extents of fast reactions.
    extents: usize,
    /// Where the entries of the algebraic block lie in the values of the whole Jacobian.
    positions: Vec<usize>,
    block: Pattern,
    lu: SparseLu,
    jacobian: Vec<f64>,
    entries: Vec<f64>,
    residual: Vec<f64>,
    correction: Vec<f64>,
    next: Vec<f64>,
    trial: Vec<f64>,
    sizes: Vec<f64>,
}

impl Constraints {
    /// For a system whose Jacobian has this pattern; `None` if it has no algebraic equations.
    pub fn new(system: &dyn System, whole: &Pattern) -> Option<Self> {
        let (dimension, count) = (system.dimension(), system.algebraic());
        if count == 0 {
            return None;
        }
        let first = dimension - count;
        let rows = |column: usize| whole.column(column).iter().copied().filter(|&row| row >= first);
        let block =
            Pattern::from_columns((first..dimension).map(|j| rows(j).map(|row| row - first).collect()).collect());
        let position = |row, column| whole.position(row, column).expect("the block is a part of the whole");
        let positions = (first..dimension).flat_map(|j| rows(j).map(move |row| position(row, j))).collect();
        let mut lu = SparseLu::new(Arc::new(Elimination::new(&block)));
        lu.identity().fill(0.0);
        Some(Self {
            first,
            extents: system.extents(),
            positions,
            lu,
            jacobian: vec![0.0; whole.nonzeros()],
            entries: vec![0.0; block.nonzeros()],
            block,
            residual: vec![0.0; dimension],
            correction: vec![0.0; count],
            next: vec![0.0; count],
            trial: vec![0.0; dimension],
            sizes: vec![0.0; count],
        })
    }

    /// Moves the algebraic states to where their equations hold. A state without a value starts at 1.
    pub fn settle(&mut self, system: &mut dyn System, time: f64, y: &mut [f64]) -> Result<(), Stop> {
        y[self.first..].iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = 1.0);
        if self.extents > 0 {
            if !self.nearly_holds(system, time, y) {
                relax(system, (&self.block, &self.positions, self.jacobian.len()), time, y)?;
            }
            return self.iterate(system, time, y);
        }
        let given = y.to_vec();
        let Err(mut failure) = self.iterate(system, time, y) else { return Ok(()) };
        for start in OTHER_STARTS {
            y.copy_from_slice(&given);
            for value in &mut y[self.first..] {
                *value = match start {
                    Start::Shifted(by) => *value + by * (1.0 + value.abs()),
                    Start::All(value) => value,
                };
            }
            match self.iterate(system, time, y) {
                Ok(()) => return Ok(()),
                // That one start was at a singular point does not say that all are.
                Err(other) if failure.kind == FailureKind::InconsistentSingular => failure = other,
                Err(_) => {}
            }
        }
        y.copy_from_slice(&given);
        Err(failure)
    }

    /// Replaces the entries of algebraic states in `slope` by their rates of change, from how their equations change when
    /// the others follow `slope` for a short while; 0 where that cannot be told.
    pub fn complete_slope(&mut self, system: &mut dyn System, time: f64, y: &[f64], while_: f64, slope: &mut [f64]) {
        slope[self.first..].fill(0.0);
        system.rhs(time, y, &mut self.residual);
        let before: Vec<f64> = self.residual[self.first..].to_vec();
        for (i, trial) in self.trial.iter_mut().enumerate() {
            *trial = y[i] + while_ * slope[i];
        }
        let trial = std::mem::take(&mut self.trial);
        system.rhs(time + while_, &trial, &mut self.residual);
        self.trial = trial;
        if self.factorize(system, time, y).is_err() {
            return;
        }
        for (i, before) in before.into_iter().enumerate() {
            self.next[i] = (before - self.residual[self.first + i]) / while_;
        }
        self.lu.solve(&mut self.next);
        if self.next.iter().all(|value| value.is_finite()) {
            slope[self.first..].copy_from_slice(&self.next);
        }
    }

    /// True when Newton's iteration would hardly move the states.
    fn nearly_holds(&mut self, system: &mut dyn System, time: f64, y: &[f64]) -> bool {
        if self.evaluate(system, time, y).is_err() || self.factorize(system, time, y).is_err() {
            return false;
        }
        self.correction.copy_from_slice(&self.residual[self.first..]);
        self.lu.solve(&mut self.correction);
        self.correction.iter().zip(&y[self.first..]).all(|(change, value)| change.abs() <= NEAR * value.abs())
    }

    fn iterate(&mut self, system: &mut dyn System, time: f64, y: &mut [f64]) -> Result<(), Stop> {
        self.evaluate(system, time, y)?;
        self.sizes.fill(0.0);
        for _ in 0..MAXIMUM_ITERATIONS {
            if self.residual[self.first..].iter().all(|&value| value == 0.0) {
                return Ok(());
            }
            self.factorize(system, time, y)?;
            self.correction.copy_from_slice(&self.residual[self.first..]);
            self.lu.solve(&mut self.correction);
            for (i, size) in self.sizes.iter_mut().enumerate() {
                // A value that is 0 is judged by how far it is asked to go at first.
                let first = if *size == 0.0 { self.correction[i].abs() } else { 0.0 };
                *size = size.max(y[self.first + i].abs()).max(first).max(f64::MIN_POSITIVE);
            }
            let length = self.length(&self.correction);
            if !length.is_finite() {
                return Err(self.stop(FailureKind::InconsistentSingular));
            }
            if length <= SMALL {
                y[self.first..].iter_mut().zip(&self.correction).for_each(|(value, change)| *value -= change);
                return Ok(());
            }
            self.go(system, time, y, length)?;
        }
        Err(self.stop(FailureKind::Inconsistent))
    }

    /// Takes as much of the correction as shrinks the next one.
    fn go(&mut self, system: &mut dyn System, time: f64, y: &mut [f64], length: f64) -> Result<(), Stop> {
        let mut part = 1.0;
        while part >= SHORTEST_STEP {
            let mut trial = std::mem::take(&mut self.trial);
            trial.copy_from_slice(y);
            trial[self.first..].iter_mut().zip(&self.correction).for_each(|(value, change)| *value -= part * change);
            let finite = self.evaluate(system, time, &trial).is_ok();
            self.next.copy_from_slice(&self.residual[self.first..]);
            self.lu.solve(&mut self.next);
            let shrinks = finite && self.length(&self.next) <= (1.0 - 0.25 * part) * length;
            if shrinks {
                y.copy_from_slice(&trial);
            }
            self.trial = trial;
            if shrinks {
                return Ok(());
            }
            part *= 0.5;
        }
        Err(self.stop(FailureKind::Inconsistent))
    }

    fn evaluate(&mut self, system: &mut dyn System, time: f64, y: &[f64]) -> Result<(), Stop> {
        system.rhs(time, y, &mut self.residual);
        match self.residual[self.first..].iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(i) => Err(Stop { kind: FailureKind::NotFinite, state: Some(self.first + i) }),
        }
    }

    fn factorize(&mut self, system: &mut dyn System, time: f64, y: &[f64]) -> Result<(), Stop> {
        system.jacobian(time, y, &mut self.jacobian);
        let first = self.first;
        self.entries.iter_mut().zip(&self.positions).for_each(|(entry, &position)| *entry = self.jacobian[position]);
        // An equation that does not depend on any algebraic state here leaves its own where it is.
        let mut largest = vec![0.0_f64; self.correction.len()];
        for (&row, value) in self.block.rows.iter().zip(&self.entries) {
            largest[row] = largest[row].max(value.abs());
        }
        let holds = |row: usize| self.residual[first + row] == 0.0;
        for (row, (identity, largest)) in self.lu.identity().iter_mut().zip(largest).enumerate() {
            *identity = if largest == 0.0 && holds(row) { 1.0 } else { 0.0 };
        }
        self.lu
            .factorize(-1.0, &self.entries)
            .map_err(|singular| Stop { kind: FailureKind::InconsistentSingular, state: Some(first + singular.column) })
    }

    /// The largest of some corrections, in units of the sizes of their states.
    fn length(&self, corrections: &[f64]) -> f64 {
        let sizes = corrections.iter().zip(&self.sizes).map(|(correction, size)| (correction / size).abs());
        sizes.fold(0.0, |largest, size| if size > largest || size.is_nan() { size } else { largest })
    }

    /// A failure that names the state that is farthest off.
    fn stop(&self, kind: FailureKind) -> Stop {
        let off = |i: &usize| (self.correction[*i] / self.sizes[*i]).abs();
        let worst = (0..self.correction.len()).max_by(|a, b| off(a).total_cmp(&off(b)));
        Stop { kind, state: worst.map(|i| self.first + i) }
    }
}
