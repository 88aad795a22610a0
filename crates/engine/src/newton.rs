//! Solves the implicit equation of one step by a modified Newton iteration.
//!
//! The equation is `M (d + ψ) = c f(t, p + d)` for the correction `d` of the predicted state `p`, where `M` is 1 for states
//! with a rate of change and 0 for algebraic ones, whose equation is `f = 0`. Its matrix `M - c J` is
//! kept over many steps, and so is the measured rate of convergence: once the iteration is known to gain a factor of,
//! say, ten, one iteration is enough for a step whose first correction is within ten times of what is allowed. That
//! memory, taken from CVODE (Hindmarsh et al. 2005, doi:10.1145/1089014.1089020, section 2.1), brings the work close
//! to one right-hand side per step.

use crate::sparse_lu::{Elimination, SparseLu};
use crate::system::System;
use crate::tolerance::Tolerances;
use crate::trajectory::Statistics;
use std::sync::Arc;

/// The iteration stops when the error it leaves is this fraction of the error allowed in the step.
const ENOUGH: f64 = 0.05;

/// Iterations before giving up.
const MAXIMUM_ITERATIONS: usize = 4;

/// The matrix is kept while `c` is within this fraction of the one it was made for.
const LARGEST_DRIFT: f64 = 0.3;

/// The matrix is made anew after so many steps, however well it serves.
const LONGEST_USE: usize = 20;

/// A measured rate replaces what was remembered, but no faster than by this factor an iteration: one lucky iteration
/// proves little.
const MEMORY: f64 = 0.2;

/// Newton's iteration, its matrix and its memory.
pub(crate) struct Newton {
    lu: SparseLu,
    /// Algebraic states are those from here on.
    algebraic: usize,
    jacobian: Vec<f64>,
    /// What `c` was when the matrix was made; 0 when there is none.
    factorized_at: f64,
    steps_used: usize,
    /// Remembered rate of convergence: by how much an iteration shrinks the error.
    rate: f64,
    update: Vec<f64>,
}

/// The equation of one step.
pub(crate) struct Equation<'a> {
    /// Time at the end of the step.
    pub time: f64,
    /// The factor `c` of the right-hand side: step over leading coefficient.
    pub scale: f64,
    /// The predicted state `p`.
    pub predicted: &'a [f64],
    /// The constant part `ψ`.
    pub constant: &'a [f64],
    /// What the error test will multiply the correction by.
    pub error_constant: f64,
}

/// Why the iteration did not get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NewtonFailure {
    /// The right-hand side or Jacobian is not finite in this state.
    NotFinite(usize),
    /// The matrix is singular; the column without a pivot.
    Singular(usize),
    /// It diverges or is too slow, even with a matrix made for this very step; the state that is farthest off.
    NoConvergence(Option<usize>),
}

impl Newton {
    pub fn new(plan: Arc<Elimination>, algebraic: usize) -> Self {
        Self {
            algebraic: plan.dimension() - algebraic,
            jacobian: vec![0.0; plan.nonzeros()],
            factorized_at: 0.0,
            steps_used: 0,
            rate: 1.0,
            update: vec![0.0; plan.dimension()],
            lu: SparseLu::new(plan),
        }
    }

    /// Forgets the matrix, as after a jump.
    pub fn reset(&mut self) {
        self.factorized_at = 0.0;
    }

    /// The Jacobian of the latest matrix.
    pub fn jacobian(&self) -> &[f64] {
        &self.jacobian
    }

    /// Finds the correction, and the state `p + d` with it.
    pub fn solve(
        &mut self,
        system: &mut dyn System,
        equation: &Equation,
        tolerances: &Tolerances,
        correction: &mut [f64],
        state: &mut [f64],
        statistics: &mut Statistics,
    ) -> Result<(), NewtonFailure> {
        let drift = (equation.scale / self.factorized_at - 1.0).abs();
        let mut fresh = false;
        if self.factorized_at == 0.0 || drift > LARGEST_DRIFT || self.steps_used >= LONGEST_USE {
            self.make_matrix(system, equation, statistics)?;
            fresh = true;
        }
        loop {
            match self.iterate(system, equation, tolerances, correction, state, statistics) {
                Ok(()) => {
                    self.steps_used += 1;
                    return Ok(());
                }
                Err(failure) => {
                    statistics.newton_failures += 1;
                    if fresh || matches!(failure, NewtonFailure::NotFinite(_)) {
                        self.reset();
                        return Err(failure);
                    }
                    self.make_matrix(system, equation, statistics)?;
                    fresh = true;
                }
            }
        }
    }

    /// Makes the matrix anew for this very equation.
    pub fn renew(
        &mut self,
        system: &mut dyn System,
        equation: &Equation,
        statistics: &mut Statistics,
    ) -> Result<(), NewtonFailure> {
        self.make_matrix(system, equation, statistics)
    }

    /// Replaces the residual of a linear equation with this `c` by a correction, with the matrix at hand.
    pub fn correct(&mut self, scale: f64, residual: &mut [f64]) {
        let relaxation = 2.0 / (1.0 + scale / self.factorized_at);
        self.lu.solve(residual);
        residual.iter_mut().for_each(|value| *value *= relaxation);
    }

    /// Evaluates and factorizes the matrix at the predicted state.
    ///
    /// The Jacobian is always new: the analytic sparse one costs about a right-hand side, less than the factorization.
    fn make_matrix(
        &mut self,
        system: &mut dyn System,
        equation: &Equation,
        statistics: &mut Statistics,
    ) -> Result<(), NewtonFailure> {
        self.factorized_at = 0.0;
        system.jacobian(equation.time, equation.predicted, &mut self.jacobian);
        statistics.jacobians += 1;
        statistics.factorizations += 1;
        self.mark_algebraic(equation.scale);
        if let Err(singular) = self.lu.factorize(equation.scale, &self.jacobian) {
            let finite = self.jacobian.iter().all(|value| value.is_finite());
            return Err(if finite {
                NewtonFailure::Singular(singular.column)
            } else {
                NewtonFailure::NotFinite(singular.column)
            });
        }
        self.factorized_at = equation.scale;
        self.steps_used = 0;
        self.rate = 1.0;
        Ok(())
    }

    /// Takes the identity away from algebraic rows. An equation that no state has a part in here, as in one branch of a
    /// choice, keeps its own state where it is.
    fn mark_algebraic(&mut self, scale: f64) {
        if self.algebraic == self.update.len() {
            return;
        }
        self.lu.identity()[self.algebraic..].fill(scale);
        for (entry, &value) in self.jacobian.iter().enumerate() {
            let row = self.lu.row(entry);
            if row >= self.algebraic && value != 0.0 {
                self.lu.identity()[row] = 0.0;
            }
        }
    }

    fn iterate(
        &mut self,
        system: &mut dyn System,
        equation: &Equation,
        tolerances: &Tolerances,
        correction: &mut [f64],
        state: &mut [f64],
        statistics: &mut Statistics,
    ) -> Result<(), NewtonFailure> {
        // A matrix for another step length takes too long or too short strides; this factor halves the harm at both
        // ends of the spectrum of J.
        let relaxation = 2.0 / (1.0 + equation.scale / self.factorized_at);
        // An algebraic equation has no step length in it; this undoes the factor, and the one of its row.
        let algebraic_scale = self.factorized_at / relaxation;
        correction.fill(0.0);
        state.copy_from_slice(equation.predicted);
        let mut previous = f64::INFINITY;
        for iteration in 0..MAXIMUM_ITERATIONS {
            let update = &mut self.update[..];
            system.rhs(equation.time, state, update);
            statistics.rhs_evaluations += 1;
            if let Some(i) = not_finite(update) {
                return Err(NewtonFailure::NotFinite(i));
            }
            let (differential, algebraic) = update.split_at_mut(self.algebraic);
            let constants = equation.constant.iter().zip(&*correction);
            for (update, (constant, correction)) in differential.iter_mut().zip(constants) {
                *update = equation.scale * *update - constant - correction;
            }
            algebraic.iter_mut().for_each(|value| *value *= algebraic_scale);
            self.lu.solve(update);
            let states = state.iter_mut().zip(equation.predicted);
            for ((update, correction), (state, predicted)) in update.iter_mut().zip(&mut *correction).zip(states) {
                *update *= relaxation;
                *correction += *update;
                *state = predicted + *correction;
            }
            let size = tolerances.norm(update) * equation.error_constant;
            if !size.is_finite() {
                break;
            }
            if iteration > 0 {
                let measured = size / previous;
                if measured > 2.0 {
                    break;
                }
                self.rate = measured.max(MEMORY * self.rate);
            }
            if size * self.rate.min(1.0) <= ENOUGH {
                return Ok(());
            }
            previous = size;
        }
        Err(NewtonFailure::NoConvergence(tolerances.worst(&self.update)))
    }
}

/// The first value that is not a finite number.
fn not_finite(values: &[f64]) -> Option<usize> {
    // 0 times a finite number is 0, times any other not a number: one look at the sum of them all is quicker than many.
    let mut sums = [0.0; 8];
    let (chunks, rest) = values.as_chunks::<8>();
    for chunk in chunks {
        for lane in 0..8 {
            sums[lane] += 0.0 * chunk[lane];
        }
    }
    let sum: f64 = sums.iter().sum::<f64>() + rest.iter().map(|value| 0.0 * value).sum::<f64>();
    if sum == 0.0 { None } else { values.iter().position(|value| !value.is_finite()) }
}
