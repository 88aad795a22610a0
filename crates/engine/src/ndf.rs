//! The integrator: numerical differentiation formulas of variable order and step for stiff equations.
//!
//! The formulas are those of Shampine & Reichelt 1997 (doi:10.1137/S1064827594276424): backward differentiation with
//! a term `κ γ_k (y - p)` that lengthens the step at little cost in stability. The step is kept for at least order + 1
//! steps, which keeps the formulas at equal steps and the matrix in use.

use crate::consistent::Constraints;
use crate::differences::{Differences, MAXIMUM_ORDER};
use crate::newton::{Equation, Newton, NewtonFailure};
use crate::sparse_lu::Elimination;
use crate::system::System;
use crate::tangent::{Stage, Tangent};
use crate::tolerance::Tolerances;
use crate::trajectory::Statistics;
use std::sync::Arc;

/// `κ_k` of table 1 of Shampine & Reichelt; order 5 stays plain backward differentiation.
const KAPPA: [f64; MAXIMUM_ORDER + 1] = [0.0, -0.1850, -1.0 / 9.0, -0.0823, -0.0415, 0.0];

/// `γ_k`, the sum of `1/j` over `j` in `1..=k`.
const GAMMA: [f64; MAXIMUM_ORDER + 1] = [0.0, 1.0, 3.0 / 2.0, 11.0 / 6.0, 25.0 / 12.0, 137.0 / 60.0];

/// A longer step must be longer by this factor to be worth a new matrix.
const WORTHWHILE: f64 = 1.1;

/// Margins of the step against the error predicted at the same, the next lower and the next higher order. Wider than
/// those of Shampine & Reichelt (1.2, 1.3, 1.4): on the problems of `testsuite/known` a failed step costs more.
const MARGIN: f64 = 1.3;
const MARGIN_LOWER: f64 = 1.4;
const MARGIN_HIGHER: f64 = 1.5;

/// No step is more than so many times the one before.
const FASTEST_GROWTH: f64 = 10.0;

/// Part of the step that is kept at least when an error is too large.
const DEEPEST_CUT: f64 = 0.1;

/// Part of the step that is kept when the implicit equation is not solved.
const CUT_WITHOUT_SOLUTION: f64 = 0.25;

/// After so many failures of the error test in one step the past is not trusted any more.
const FAILURES_BEFORE_RESTART: usize = 3;

/// Advances a solution step by step.
pub(crate) struct Integrator {
    /// Work since the integrator was made.
    pub statistics: Statistics,
    /// What is allowed of errors.
    pub tolerances: Tolerances,
    newton: Newton,
    constraints: Option<Constraints>,
    differences: Differences,
    /// Derivatives that are carried along.
    pub tangent: Option<Box<Tangent>>,
    time: f64,
    step: f64,
    order: usize,
    /// Steps taken since order or step changed.
    equal_steps: usize,
    /// Failures of the error test since the last step taken.
    error_failures: usize,
    /// Order and change of step for the next step, carried out when it begins: until then [`Self::interpolate`] speaks
    /// of the last one.
    plan: Plan,
    maximum_step: f64,
    predicted: Vec<f64>,
    constant: Vec<f64>,
    correction: Vec<f64>,
    state: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Plan {
    order: usize,
    factor: f64,
}

/// How a try went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Progress {
    /// The step was taken.
    Accepted,
    /// The step to the time tried was not accurate enough or could not be solved, perhaps because a value on the way is
    /// not a finite number; the next try is shorter.
    Shortened { tried: f64, not_finite: bool },
}

/// Why no step could be taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StepFailure {
    pub kind: StepFailureKind,
    /// The state at fault, where one can be named.
    pub state: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepFailureKind {
    /// The error stays too large at the shortest step that time can resolve.
    StepTooSmall,
    /// The state, its rate of change or the Jacobian is not a finite number.
    NotFinite,
    /// Newton's iteration does not converge at the shortest step.
    NewtonFailed,
    /// The matrix stays singular at the shortest step.
    SingularMatrix,
}

impl Integrator {
    /// An integrator for this system, whose Newton matrix is eliminated in this way; it must be started.
    pub fn new(
        system: &dyn System,
        plan: Arc<Elimination>,
        constraints: Option<Constraints>,
        tolerances: Tolerances,
    ) -> Self {
        let dimension = plan.dimension();
        Self {
            statistics: Statistics::default(),
            tolerances,
            newton: Newton::new(plan, system.algebraic()),
            constraints,
            differences: Differences::new(dimension),
            tangent: None,
            time: 0.0,
            step: 0.0,
            order: 1,
            equal_steps: 0,
            error_failures: 0,
            plan: Plan { order: 1, factor: 1.0 },
            maximum_step: f64::INFINITY,
            predicted: vec![0.0; dimension],
            constant: vec![0.0; dimension],
            correction: vec![0.0; dimension],
            state: vec![0.0; dimension],
        }
    }

    /// Starts, or starts anew after a jump: order 1, and a step chosen from the second derivative. Algebraic equations hold
    /// at `y`.
    ///
    /// No step will be longer than `maximum_step`.
    pub fn start(
        &mut self,
        system: &mut dyn System,
        time: f64,
        y: &[f64],
        maximum_step: f64,
    ) -> Result<(), StepFailure> {
        if let Some(i) = y.iter().position(|value| !value.is_finite()) {
            return Err(StepFailure { kind: StepFailureKind::NotFinite, state: Some(i) });
        }
        self.newton.reset();
        self.tolerances.observe(y);
        self.time = time;
        self.order = 1;
        self.equal_steps = 0;
        self.error_failures = 0;
        self.plan = Plan { order: 1, factor: 1.0 };
        self.maximum_step = maximum_step;
        let slope = &mut self.correction;
        system.rhs(time, y, slope);
        self.statistics.rhs_evaluations += 1;
        if let Some(i) = slope.iter().position(|value| !value.is_finite()) {
            return Err(StepFailure { kind: StepFailureKind::NotFinite, state: Some(i) });
        }
        self.step = self.first_step(system, y);
        self.differences.start(y, &self.correction, self.step);
        if let Some(tangent) = &mut self.tangent {
            tangent.begin(time, y, self.step);
        }
        Ok(())
    }

    /// Tries to take a step, as long as accuracy allows.
    ///
    /// A step that must be shortened is handed back, so that the caller may look for the reason before the next try.
    pub fn step(&mut self, system: &mut dyn System) -> Result<Progress, StepFailure> {
        self.change(self.plan.order, self.plan.factor);
        let tried = self.time + self.step;
        match self.attempt(system) {
            Ok(error) if error <= 1.0 => {
                self.accept(error);
                return Ok(Progress::Accepted);
            }
            Ok(error) => self.shorten_after_error(system, error)?,
            Err(failure) => {
                self.shorten_after_newton(failure)?;
                return Ok(Progress::Shortened { tried, not_finite: matches!(failure, NewtonFailure::NotFinite(_)) });
            }
        }
        Ok(Progress::Shortened { tried, not_finite: false })
    }

    /// Makes the next try end at `time`.
    pub fn aim(&mut self, time: f64) {
        self.change(self.order, (time - self.time) / self.step);
    }

    /// Time reached.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// The state there.
    pub fn y(&self) -> &[f64] {
        self.differences.row(0)
    }

    /// The Jacobian of the latest matrix.
    pub fn jacobian(&self) -> &[f64] {
        self.newton.jacobian()
    }

    /// Length of the last step, or of the one being tried.
    pub fn step_size(&self) -> f64 {
        self.step
    }

    /// Order of the last step.
    pub fn order(&self) -> usize {
        self.order
    }

    /// The time at which the next try will end.
    pub fn next_time(&self) -> f64 {
        self.time + self.step * self.plan.factor
    }

    /// The polynomial of the last step: its order, the distance of its points, and its differences from row 0 on.
    pub fn polynomial(&self) -> (usize, f64, &[f64]) {
        (self.order, self.step, self.differences.rows(self.order))
    }

    /// Writes the state at a time within the last step, or not far beyond it.
    pub fn interpolate(&self, time: f64, y: &mut [f64]) {
        self.differences.interpolate(self.order, (time - self.time) / self.step, y);
    }

    /// Puts the derivatives carried along in place for a time, as [`Self::interpolate`] does the state.
    pub fn interpolate_tangent(&mut self, time: f64) {
        if let Some(tangent) = &mut self.tangent {
            tangent.interpolate(self.order, (time - self.time) / self.step);
        }
    }

    /// A change of the states in units of what is allowed.
    pub fn norm(&self, change: &[f64]) -> f64 {
        self.tolerances.norm(change)
    }

    /// The error allowed of a state in the step tried last.
    pub fn allowed(&self, state: usize) -> f64 {
        self.tolerances.allowed(state)
    }

    /// True when the step tried last went below zero in this state, as predicted or on the way to its solution.
    pub fn tried_below_zero(&self, state: usize) -> bool {
        self.predicted[state] < 0.0 || self.state[state] < 0.0
    }

    /// Tries the step and returns its error in units of what is allowed.
    fn attempt(&mut self, system: &mut dyn System) -> Result<f64, NewtonFailure> {
        let mut coefficients = GAMMA;
        let leading = (1.0 - KAPPA[self.order]) * GAMMA[self.order];
        coefficients.iter_mut().for_each(|coefficient| *coefficient /= leading);
        self.differences.predict(self.order, &mut self.predicted);
        self.differences.combine(self.order, &coefficients, &mut self.constant);
        self.tolerances.weigh(self.differences.row(0), &self.predicted);
        let equation = Equation {
            time: self.time + self.step,
            scale: self.step / leading,
            predicted: &self.predicted,
            constant: &self.constant,
            error_constant: error_constant(self.order),
        };
        self.newton.solve(
            system,
            &equation,
            &self.tolerances,
            &mut self.correction,
            &mut self.state,
            &mut self.statistics,
        )?;
        let error = error_constant(self.order) * self.tolerances.norm(&self.correction);
        match &mut self.tangent {
            Some(tangent) if error <= 1.0 => {
                let equation = Equation { predicted: &self.state, ..equation };
                let stage = Stage { order: self.order, coefficients: &coefficients, equation };
                let of_tangent =
                    tangent.attempt(system, &stage, &mut self.newton, &self.tolerances, &mut self.statistics)?;
                Ok(error.max(of_tangent))
            }
            _ => Ok(error),
        }
    }

    /// The order of the last step, and where a time lies in steps after its end.
    pub fn place(&self, time: f64) -> (usize, f64) {
        (self.order, (time - self.time) / self.step)
    }

    fn accept(&mut self, error: f64) {
        self.error_failures = 0;
        self.differences.advance(self.order, &self.correction);
        if let Some(tangent) = &mut self.tangent {
            tangent.advance(self.order);
        }
        self.time += self.step;
        self.equal_steps += 1;
        self.statistics.steps += 1;
        self.tolerances.observe(self.differences.row(0));
        self.plan = self.plan_next(error);
    }

    /// Chooses the order that allows the longest step, among this one and its neighbors.
    fn plan_next(&self, error: f64) -> Plan {
        let keep = Plan { order: self.order, factor: 1.0 };
        // Differences are those of equal steps only after order + 1 of them.
        if self.equal_steps <= self.order {
            return keep;
        }
        const WITHIN: [[f64; MAXIMUM_ORDER + 1]; 3] =
            [worthwhile_errors(MARGIN), worthwhile_errors(MARGIN_LOWER), worthwhile_errors(MARGIN_HIGHER)];
        let [same, lower, higher] = &WITHIN;
        let mut best = keep;
        // Most often nothing is to be gained, which is cheaper to see than how much is.
        let mut consider = |order: usize, margin: f64, error: f64, within: &[f64; MAXIMUM_ORDER + 1]| {
            if error < within[order] {
                let factor = growth(margin, error, order);
                if factor > best.factor {
                    best = Plan { order, factor };
                }
            }
        };
        consider(self.order, MARGIN, error, same);
        if self.order > 1 {
            let error = error_constant(self.order - 1) * self.tolerances.norm(self.differences.row(self.order));
            consider(self.order - 1, MARGIN_LOWER, error, lower);
        }
        if self.order < MAXIMUM_ORDER {
            let error = error_constant(self.order + 1) * self.tolerances.norm(self.differences.row(self.order + 2));
            consider(self.order + 1, MARGIN_HIGHER, error, higher);
        }
        best.factor = best.factor.min(self.maximum_step / self.step);
        if best.factor < WORTHWHILE { keep } else { best }
    }

    /// Makes the step longer or shorter and sets the order.
    fn change(&mut self, order: usize, factor: f64) {
        if factor != 1.0 {
            self.differences.rescale(order, factor);
            if let Some(tangent) = &mut self.tangent {
                tangent.rescale(order, factor);
            }
            self.step *= factor;
        }
        if factor != 1.0 || order != self.order {
            self.equal_steps = 0;
        }
        self.order = order;
        self.plan = Plan { order, factor: 1.0 };
    }

    fn shorten_after_newton(&mut self, failure: NewtonFailure) -> Result<(), StepFailure> {
        let (kind, state) = match failure {
            NewtonFailure::NotFinite(state) => (StepFailureKind::NotFinite, Some(state)),
            NewtonFailure::Singular(state) => (StepFailureKind::SingularMatrix, Some(state)),
            NewtonFailure::NoConvergence(state) => (StepFailureKind::NewtonFailed, state),
        };
        self.change(self.order, CUT_WITHOUT_SOLUTION);
        self.check_step(kind, state)
    }

    fn shorten_after_error(&mut self, system: &mut dyn System, error: f64) -> Result<(), StepFailure> {
        self.statistics.error_failures += 1;
        self.error_failures += 1;
        let worst = self.tolerances.worst(&self.correction);
        if self.error_failures < FAILURES_BEFORE_RESTART {
            let mut best = Plan { order: self.order, factor: growth(MARGIN, error, self.order) };
            if self.order > 1 {
                // The difference that the order below would have had as its correction.
                for (i, difference) in self.differences.row(self.order).iter().enumerate() {
                    self.state[i] = difference + self.correction[i];
                }
                let lower = error_constant(self.order - 1) * self.tolerances.norm(&self.state);
                let factor = growth(MARGIN_LOWER, lower, self.order - 1);
                if factor > best.factor {
                    best = Plan { order: self.order - 1, factor };
                }
            }
            self.change(best.order, best.factor.clamp(DEEPEST_CUT, 0.9));
        } else {
            let y = self.differences.row(0).to_vec();
            system.rhs(self.time, &y, &mut self.correction);
            self.statistics.rhs_evaluations += 1;
            self.complete_slope(system, &y, 1e-3 * self.step);
            self.step *= DEEPEST_CUT;
            self.differences.start(&y, &self.correction, self.step);
            if let Some(tangent) = &mut self.tangent {
                tangent.begin_again(self.time, &y, self.step);
            }
            self.change(1, 1.0);
            self.equal_steps = 0;
        }
        self.check_step(StepFailureKind::StepTooSmall, worst)
    }

    fn check_step(&self, kind: StepFailureKind, state: Option<usize>) -> Result<(), StepFailure> {
        let shortest = (4.0 * f64::EPSILON * self.time.abs()).max(f64::MIN_POSITIVE);
        if self.step < shortest { Err(StepFailure { kind, state }) } else { Ok(()) }
    }

    /// Gives the algebraic part of the slope in `correction`, from what happens in a short while.
    fn complete_slope(&mut self, system: &mut dyn System, y: &[f64], stretch: f64) {
        if let Some(constraints) = &mut self.constraints {
            constraints.complete_slope(system, self.time, y, stretch, &mut self.correction);
            self.statistics.rhs_evaluations += 2;
            self.statistics.jacobians += 1;
        }
    }

    /// The step at which the error of order 1, `h² y'' / 2`, is half of what is allowed. Expects `y'` in `correction`.
    fn first_step(&mut self, system: &mut dyn System, y: &[f64]) -> f64 {
        // y'' is the change of y' along the solution, seen over a stretch so short that y hardly moves.
        let longest = 1e-3 * self.maximum_step;
        self.tolerances.weigh(y, y);
        let slope = self.tolerances.norm(&self.correction);
        let stretch = (1e-2 / slope).min(longest).max(16.0 * f64::EPSILON * self.time.abs());
        self.complete_slope(system, y, stretch);
        self.extrapolate(y, stretch);
        system.rhs(self.time + stretch, &self.predicted, &mut self.state);
        self.statistics.rhs_evaluations += 1;
        for (value, slope) in self.state.iter_mut().zip(&self.correction) {
            *value = (*value - slope) / stretch;
        }
        // Of algebraic states this is no second derivative; their first steps are judged like any other.
        let algebraic = self.state.len() - system.algebraic();
        self.state[algebraic..].fill(0.0);
        // What is allowed depends on how far the step leads, so both are refined together.
        let mut step = longest;
        for _ in 0..10 {
            self.extrapolate(y, step);
            self.tolerances.weigh(y, &self.predicted);
            let curvature = self.tolerances.norm(&self.state);
            let next = if curvature.is_finite() { (1.0 / curvature).sqrt().min(longest) } else { stretch };
            let settled = next > 0.5 * step;
            step = next;
            if settled {
                break;
            }
        }
        step
    }

    fn extrapolate(&mut self, y: &[f64], step: f64) {
        for (i, value) in y.iter().enumerate() {
            self.predicted[i] = value + step * self.correction[i];
        }
    }
}

/// What the correction of an order is multiplied by to give its error: `κ γ_k + 1 / (k + 1)`.
fn error_constant(order: usize) -> f64 {
    KAPPA[order] * GAMMA[order] + 1.0 / (order + 1) as f64
}

/// For each order the error from which on [`growth`] is certainly less than [`WORTHWHILE`].
const fn worthwhile_errors(margin: f64) -> [f64; MAXIMUM_ORDER + 1] {
    let mut errors = [1.0 + 1e-9; MAXIMUM_ORDER + 1];
    let mut order = 0;
    while order <= MAXIMUM_ORDER {
        let mut power = 0;
        while power <= order {
            errors[order] /= WORTHWHILE * margin;
            power += 1;
        }
        order += 1;
    }
    errors
}

/// By how much the step may grow, with a margin: the error grows with the step to the power of order + 1.
fn growth(margin: f64, error: f64, order: usize) -> f64 {
    (1.0 / (margin * error.powf(1.0 / (order + 1) as f64))).min(FASTEST_GROWTH)
}
