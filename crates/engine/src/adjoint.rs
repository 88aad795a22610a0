//! The adjoint of a run: how a number that depends on a run depends on the state at an earlier time, followed backwards.
//!
//! With `λ` for the derivatives of that number with respect to the states at a time and `μ` for those with respect to the
//! parameters in force then, `-dλ/dt = Jᵀ λ` and `-dμ/dt = Fᵀ λ` between moments, where `J` and `F` are the derivatives of
//! the rates with respect to states and parameters. At an output time the slopes of its term are added. A moment that
//! makes total derivatives `M s` out of `s` makes `Mᵀ λ` out of `λ`: the transposed saltation matrix. So the work hardly
//! depends on how many parameters there are (Cao, Li, Petzold & Serban 2003, doi:10.1137/S1064827501380630).
//!
//! `λ` follows the same formulas as the states do. `μ` needs no steps of its own: it is an integral, taken piece by piece
//! of both polynomials, that of the run and that of `λ`.

use crate::derivatives::{Derivatives, Of};
use crate::ndf::{Integrator, Progress, StepFailure};
use crate::options::{FailureKind, SolveOptions, Stop};
use crate::solve::FINEST_TOLERANCE;
use crate::sparse_lu::Elimination;
use crate::system::{Pattern, System};
use crate::tape::{StopKind, Tape};
use crate::tolerance::Tolerances;
use crate::trajectory::Statistics;
use std::sync::Arc;

/// A part of `λ` is followed with relative accuracy down to this fraction of the largest, each in units of its state's
/// magnitude.
const TRACE: f64 = 1e-6;

/// A step backwards passes at most so many steps of the run, so that none leaps over a transient.
const MOST_PIECES: usize = 10;

/// Points and weights of Gauss's formula of degree 5 on -1..1.
const GAUSS: [(f64, f64); 3] =
    [(-0.774_596_669_241_483_4, 5.0 / 9.0), (0.0, 8.0 / 9.0), (0.774_596_669_241_483_4, 5.0 / 9.0)];

/// The equation of `λ` in time `-t`, each part in units of one over its state's magnitude.
struct Backward<'a> {
    tape: &'a Tape,
    /// Pieces of the run from here on speak for later times.
    end: usize,
    derivatives: &'a mut Derivatives,
    magnitudes: &'a [f64],
    /// Where each entry of the rates' derivatives lies in the matrix; `None` for those with respect to parameters.
    places: &'a [Option<usize>],
    entries: Vec<f64>,
    y: Vec<f64>,
}

impl Backward<'_> {
    /// Evaluates the derivatives of the rates at a time of the run.
    fn look(&mut self, time: f64) {
        self.tape.interpolate(self.tape.piece_at(time, self.end), time, &mut self.y);
        self.derivatives.evaluate(Of::Rates, time, &self.y, &mut self.entries);
    }

    /// How far a step backwards from a time may go.
    fn reach(&self, time: f64) -> f64 {
        let piece = self.tape.piece_at(time, self.end);
        self.tape.from(piece.saturating_sub(MOST_PIECES))
    }

    /// Adds the integral of `Fᵀ λ` over a step that the integrator has taken, from time `later` back to `earlier`.
    fn add_integral(&mut self, integrator: &Integrator, later: f64, earlier: f64, of_parameters: &mut [f64]) {
        if of_parameters.is_empty() {
            return;
        }
        let states = self.y.len();
        let mut lambda = vec![0.0; states];
        let mut upper = later;
        while upper > earlier {
            let piece = self.tape.piece_at(upper.next_down(), self.end);
            let from = self.tape.from(piece);
            let lower = if from < upper { from.max(earlier) } else { earlier };
            for (point, weight) in GAUSS {
                let time = 0.5 * (lower + upper) + 0.5 * (upper - lower) * point;
                integrator.interpolate(-time, &mut lambda);
                self.look(time);
                let rows = self.derivatives.rows(Of::Rates);
                for (state, lambda) in lambda.iter().enumerate().filter(|(_, lambda)| **lambda != 0.0) {
                    let weighted = 0.5 * (upper - lower) * weight * lambda / self.magnitudes[state];
                    for (place, variable) in rows.row(state).filter(|(_, variable)| *variable >= states) {
                        if let Some(sum) = of_parameters.get_mut(variable - states) {
                            *sum += weighted * self.entries[place];
                        }
                    }
                }
            }
            upper = lower;
        }
    }
}

impl System for Backward<'_> {
    fn dimension(&self) -> usize {
        self.y.len()
    }

    fn algebraic(&self) -> usize {
        0
    }

    fn rhs(&mut self, minus_time: f64, lambda: &[f64], slope: &mut [f64]) {
        self.look(-minus_time);
        let rows = self.derivatives.rows(Of::Rates);
        slope.fill(0.0);
        for (state, lambda) in lambda.iter().enumerate() {
            let lambda = lambda / self.magnitudes[state];
            for (place, variable) in rows.row(state) {
                // What follows the states are parameters and time.
                if let Some(slope) = slope.get_mut(variable) {
                    *slope += self.entries[place] * lambda;
                }
            }
        }
        slope.iter_mut().zip(self.magnitudes).for_each(|(slope, magnitude)| *slope *= magnitude);
    }

    fn jacobian(&mut self, minus_time: f64, _: &[f64], values: &mut [f64]) {
        self.look(-minus_time);
        let rows = self.derivatives.rows(Of::Rates);
        values.fill(0.0);
        for state in 0..self.magnitudes.len() {
            for (place, variable) in rows.row(state) {
                if let Some(at) = self.places[place] {
                    values[at] = self.entries[place] * self.magnitudes[variable] / self.magnitudes[state];
                }
            }
        }
    }

    fn root_count(&self) -> usize {
        0
    }

    fn roots(&mut self, _: f64, _: &[f64], _: &mut [f64]) {}
}

/// The derivatives of a number with respect to states and parameters at a time.
pub(crate) struct Adjoint {
    pub of_states: Vec<f64>,
    pub of_parameters: Vec<f64>,
    pub statistics: Statistics,
}

/// No step backwards could be taken from a time.
pub(crate) struct Stuck {
    pub time: f64,
    pub stop: Stop,
}

/// Follows a tape back to its start. `slopes` are those of the number with respect to the values written down, row-major:
/// time x output.
pub(crate) fn follow_back(
    tape: &Tape,
    derivatives: &mut Derivatives,
    slopes: &[f64],
    options: &SolveOptions,
) -> Result<Adjoint, Stuck> {
    let states = derivatives.state_count();
    let mut magnitudes = tape.magnitudes(states);
    // A state that was never there has no size of its own.
    let largest = magnitudes.iter().copied().fold(0.0, f64::max);
    let otherwise = if largest > 0.0 { largest } else { 1.0 };
    magnitudes.iter_mut().filter(|size| **size == 0.0).for_each(|size| *size = otherwise);
    let rows = derivatives.rows(Of::Rates);
    let columns = (0..states).map(|state| rows.row(state).map(|(_, to)| to).filter(|to| *to < states).collect());
    let pattern = Pattern::from_columns(columns.collect());
    let entries = (0..states).flat_map(|state| rows.row(state).map(move |(_, variable)| (state, variable)));
    let places: Vec<Option<usize>> = entries.map(|(state, variable)| pattern.position(variable, state)).collect();
    let plan = Arc::new(Elimination::new(&pattern));

    let active = derivatives.active.len();
    let (of_states, of_parameters) = (vec![0.0; states], vec![0.0; active]);
    let mut adjoint = Adjoint { of_states, of_parameters, statistics: Statistics::default() };
    let mut row = slopes.len();
    let (mut time, mut pieces) = (tape.stops.last().map_or(tape.start, |stop| stop.time), tape.pieces());
    derivatives.set_parameters(&tape.parameters);
    let outputs = derivatives.rows(Of::Outputs).len();
    let mut entries = Vec::new();
    let back = |adjoint: &mut Adjoint, derivatives: &mut Derivatives, end, from, to| {
        let (magnitudes, places) = (&magnitudes[..], &places[..]);
        let (entries, y) = (Vec::new(), vec![0.0; states]);
        let mut system = Backward { tape, end, derivatives, magnitudes, places, entries, y };
        adjoint.go_back(&mut system, &plan, options, from, to)
    };
    for stop in tape.stops.iter().rev() {
        back(&mut adjoint, derivatives, pieces, time, stop.time)?;
        (time, pieces) = (stop.time, stop.pieces);
        match &stop.what {
            StopKind::Output { y, rows: count } => {
                derivatives.evaluate(Of::Outputs, time, y, &mut entries);
                let rows = derivatives.rows(Of::Outputs);
                for _ in 0..*count {
                    row -= outputs;
                    for (output, slope) in slopes[row..row + outputs].iter().enumerate() {
                        rows.row(output).for_each(|(place, to)| adjoint.add(to, slope * entries[place]));
                    }
                }
            }
            StopKind::Moment { matrix, parameters_before } => {
                matrix.transpose(&mut adjoint.of_states, &mut adjoint.of_parameters);
                if let Some(parameters) = parameters_before {
                    derivatives.set_parameters(parameters);
                }
            }
        }
    }
    back(&mut adjoint, derivatives, pieces, time, tape.start)?;
    Ok(adjoint)
}

impl Adjoint {
    /// Adds to the derivative with respect to a variable, numbered as in [`Derivatives`].
    fn add(&mut self, variable: usize, value: f64) {
        match variable.checked_sub(self.of_states.len()) {
            None => self.of_states[variable] += value,
            Some(parameter) => {
                if let Some(sum) = self.of_parameters.get_mut(parameter) {
                    *sum += value;
                }
            }
        }
    }

    /// Goes from a time back to an earlier one.
    fn go_back(
        &mut self,
        system: &mut Backward,
        plan: &Arc<Elimination>,
        options: &SolveOptions,
        from: f64,
        to: f64,
    ) -> Result<(), Stuck> {
        if from <= to || self.of_states.iter().all(|value| *value == 0.0) {
            return Ok(());
        }
        let mut lambda: Vec<f64> =
            self.of_states.iter().zip(system.magnitudes).map(|(value, magnitude)| value * magnitude).collect();
        let largest = lambda.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let relative = options.relative_tolerance.max(FINEST_TOLERANCE);
        let tolerances = Tolerances::new(lambda.len(), relative, relative * TRACE * largest, false);
        let mut integrator = Integrator::new(system, Arc::clone(plan), None, tolerances);
        let stuck = |failure: StepFailure, time: f64| Stuck { time, stop: Stop::from(failure) };
        integrator.start(system, -from, &lambda, from - to).map_err(|failure| stuck(failure, from))?;
        // Rounding may leave the last step short of its aim by this much.
        let nothing = 16.0 * f64::EPSILON * from.abs();
        loop {
            let now = -integrator.time();
            if now - to <= nothing {
                break;
            }
            if options.interrupted() {
                return Err(Stuck { time: now, stop: Stop { kind: FailureKind::Interrupted, state: None } });
            }
            if integrator.statistics.steps >= options.maximum_steps {
                return Err(Stuck { time: now, stop: Stop { kind: FailureKind::TooManySteps, state: None } });
            }
            let reach = system.reach(now).max(to);
            if -integrator.next_time() < reach && reach < now - nothing {
                integrator.aim(-reach);
            }
            if integrator.step(system).map_err(|failure| stuck(failure, now))? == Progress::Accepted {
                system.add_integral(&integrator, now, -integrator.time(), &mut self.of_parameters);
            }
        }
        integrator.interpolate(-to, &mut lambda);
        for (value, (lambda, magnitude)) in self.of_states.iter_mut().zip(lambda.iter().zip(system.magnitudes)) {
            *value = lambda / magnitude;
        }
        self.statistics.add(&integrator.statistics);
        Ok(())
    }
}
