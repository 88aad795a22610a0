//! The integrator in force: for stiff equations or for others, and the choice between them.
//!
//! Equations are stiff where accuracy would allow steps at which an explicit formula is not stable. Nobody knows beforehand
//! where that is, so [`Method::Automatic`] looks at the Jacobian at each start: when its norm is so small that even steps
//! limited by stability are few, the explicit method begins, else the implicit one. While the explicit method runs it
//! watches whether stability limits its steps; while the implicit one runs, whether its steps have long been so short that
//! the explicit one would be stable.

use crate::consistent::Constraints;
use crate::explicit::{self, Explicit};
use crate::ndf::{self, Progress, StepFailure};
use crate::options::Method;
use crate::sparse_lu::Elimination;
use crate::system::System;
use crate::tangent::Tangent;
use crate::tolerance::Tolerances;
use crate::trajectory::Statistics;
use std::sync::Arc;

/// Explicit steps limited by stability that are always cheap enough to begin with, times the 3 units of step and norm that
/// each of them takes.
const FEW_STEPS: f64 = 300.0;

/// Implicit steps are accuracy's when step times norm is below this: the explicit method takes steps about three times as
/// long at the same error and is stable up to about 3.
const NOT_STIFF: f64 = 1.0;

/// So many matrices in a row must have said so.
const PATIENCE: usize = 3;

/// Advances a solution step by step, by the method that suits it.
pub(crate) struct Integrator {
    method: Method,
    stiff: ndf::Integrator,
    explicit: Explicit,
    plan: Arc<Elimination>,
    /// True: the explicit method is in force.
    explicit_now: bool,
    work: Statistics,
    maximum_step: f64,
    /// Matrices of the implicit method since it began, and how many of the last in a row found nothing stiff.
    matrices_seen: usize,
    not_stiff: usize,
    /// Grows with each return to the implicit method, so that the two do not take turns for ever.
    patience: usize,
    jacobian: Vec<f64>,
    row_sums: Vec<f64>,
}

impl Integrator {
    /// An integrator that must be started.
    pub fn new(
        method: Method,
        system: &dyn System,
        plan: Arc<Elimination>,
        constraints: Option<Constraints>,
        tolerances: impl Fn() -> Tolerances,
    ) -> Self {
        let dimension = plan.dimension();
        Self {
            // Explicit formulas cannot keep algebraic equations.
            method: if constraints.is_some() { Method::Stiff } else { method },
            stiff: ndf::Integrator::new(system, Arc::clone(&plan), constraints, tolerances()),
            explicit: Explicit::new(dimension, tolerances()),
            explicit_now: false,
            work: Statistics::default(),
            maximum_step: f64::INFINITY,
            matrices_seen: 0,
            not_stiff: 0,
            patience: PATIENCE,
            jacobian: vec![0.0; plan.nonzeros()],
            row_sums: vec![0.0; dimension],
            plan,
        }
    }

    /// Starts, or starts anew after a jump. The run ends at `end`.
    pub fn start(&mut self, system: &mut dyn System, time: f64, y: &[f64], end: f64) -> Result<(), StepFailure> {
        self.maximum_step = end;
        let explicit = match self.method {
            Method::Stiff => false,
            Method::Nonstiff => true,
            // A rate without any state in it needs no matrix at all, but the implicit formulas are cheapest there.
            Method::Automatic if self.plan.dimension() == 0 => false,
            Method::Automatic => {
                let norm = self.norm_of_jacobian(system, time, y);
                norm.is_finite() && norm * (end - time) <= FEW_STEPS
            }
        };
        self.begin(explicit, system, time, y)
    }

    /// Tries to take a step, as long as accuracy allows.
    ///
    /// A step that must be shortened is handed back, so that the caller may look for the reason before the next try.
    pub fn step(&mut self, system: &mut dyn System) -> Result<Progress, StepFailure> {
        if self.method == Method::Automatic {
            self.reconsider(system)?;
        }
        if self.explicit_now { self.explicit.step(system, &mut self.work) } else { self.stiff.step(system) }
    }

    /// The implicit method, which alone keeps a past that can be looked at.
    pub fn stiff(&self) -> &ndf::Integrator {
        &self.stiff
    }

    /// Makes the next try end at `time`.
    pub fn aim(&mut self, time: f64) {
        if self.explicit_now { self.explicit.aim(time) } else { self.stiff.aim(time) }
    }

    /// Time reached.
    pub fn time(&self) -> f64 {
        if self.explicit_now { self.explicit.time() } else { self.stiff.time() }
    }

    /// Length of the last step, or of the one being tried.
    pub fn step_size(&self) -> f64 {
        if self.explicit_now { self.explicit.step_size() } else { self.stiff.step_size() }
    }

    /// Order of the last step.
    pub fn order(&self) -> usize {
        if self.explicit_now { explicit::ORDER } else { self.stiff.order() }
    }

    /// Writes the state at a time within the last step, or not far beyond it.
    pub fn interpolate(&self, time: f64, y: &mut [f64]) {
        if self.explicit_now { self.explicit.interpolate(time, y) } else { self.stiff.interpolate(time, y) }
    }

    /// A change of the states in units of what is allowed.
    pub fn norm(&self, change: &[f64]) -> f64 {
        if self.explicit_now { self.explicit.tolerances().norm(change) } else { self.stiff.norm(change) }
    }

    /// The error allowed of a state in the step tried last.
    pub fn allowed(&self, state: usize) -> f64 {
        if self.explicit_now { self.explicit.tolerances().allowed(state) } else { self.stiff.allowed(state) }
    }

    /// True when the step tried last went below zero in this state, on the way to its solution.
    pub fn tried_below_zero(&self, state: usize) -> bool {
        if self.explicit_now { self.explicit.tried_below_zero(state) } else { self.stiff.tried_below_zero(state) }
    }

    /// Derivatives that go along, which the implicit method alone can carry.
    pub fn tangent(&mut self) -> &mut Option<Box<Tangent>> {
        &mut self.stiff.tangent
    }

    /// From now on derivatives go along.
    pub fn carry(&mut self, tangent: Tangent) {
        self.method = Method::Stiff;
        self.stiff.tangent = Some(Box::new(tangent));
    }

    /// Brings the derivatives to a time within the last step.
    pub fn interpolate_tangent(&mut self, time: f64) {
        self.stiff.interpolate_tangent(time);
    }

    /// The order of the last step of the implicit method, and where a time lies in steps after its end.
    pub fn place(&self, time: f64) -> (usize, f64) {
        self.stiff.place(time)
    }

    /// Work since the integrator was made.
    pub fn statistics(&self) -> Statistics {
        let (a, b) = (&self.work, &self.stiff.statistics);
        Statistics {
            steps: a.steps + b.steps,
            rhs_evaluations: a.rhs_evaluations + b.rhs_evaluations,
            jacobians: a.jacobians + b.jacobians,
            error_failures: a.error_failures + b.error_failures,
            ..*b
        }
    }

    /// Counts right-hand sides that were evaluated elsewhere.
    pub fn count_rhs(&mut self, evaluations: usize) {
        self.work.rhs_evaluations += evaluations;
    }

    fn begin(&mut self, explicit: bool, system: &mut dyn System, time: f64, y: &[f64]) -> Result<(), StepFailure> {
        self.hand_over(explicit);
        if explicit {
            return self.explicit.start(system, time, y, self.maximum_step, &mut self.work);
        }
        self.matrices_seen = self.stiff.statistics.jacobians;
        self.not_stiff = 0;
        self.stiff.start(system, time, y, self.maximum_step)
    }

    /// Changes the method where the last steps ask for it.
    fn reconsider(&mut self, system: &mut dyn System) -> Result<(), StepFailure> {
        if self.explicit_now {
            if self.explicit.seems_stiff() {
                let (time, y) = (self.explicit.time(), self.explicit.y().to_vec());
                self.patience *= 2;
                return self.begin(false, system, time, &y);
            }
            return Ok(());
        }
        let matrices = self.stiff.statistics.jacobians;
        if matrices == self.matrices_seen {
            return Ok(());
        }
        self.matrices_seen = matrices;
        let norm = norm(&self.plan, self.stiff.jacobian(), &mut self.row_sums);
        let calm = self.stiff.order() > 1 && norm * self.stiff.step_size() < NOT_STIFF;
        self.not_stiff = if calm { self.not_stiff + 1 } else { 0 };
        if self.not_stiff >= self.patience {
            let (time, y) = (self.stiff.time(), self.stiff.y().to_vec());
            // Right where the formulas meet the edge of what can be computed, the implicit one goes on as it was.
            if self.begin(true, system, time, &y).is_err() {
                self.hand_over(false);
                self.not_stiff = 0;
            }
        }
        Ok(())
    }

    /// Puts a method in force, with what the other one has seen of the states.
    fn hand_over(&mut self, explicit: bool) {
        if explicit != self.explicit_now {
            std::mem::swap(self.explicit.tolerances_mut(), &mut self.stiff.tolerances);
            self.explicit_now = explicit;
        }
    }

    fn norm_of_jacobian(&mut self, system: &mut dyn System, time: f64, y: &[f64]) -> f64 {
        system.jacobian(time, y, &mut self.jacobian);
        self.work.jacobians += 1;
        norm(&self.plan, &self.jacobian, &mut self.row_sums)
    }
}

/// The largest sum of a row's absolute values, which no eigenvalue exceeds.
fn norm(plan: &Elimination, jacobian: &[f64], row_sums: &mut [f64]) -> f64 {
    row_sums.fill(0.0);
    for (&row, value) in plan.rows().iter().zip(jacobian) {
        row_sums[row] += value.abs();
    }
    row_sums.iter().copied().fold(0.0, f64::max)
}
