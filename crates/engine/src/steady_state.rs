//! The state of rest that a run comes to.
//!
//! A run is carried on over ever longer stretches of time. After each, Newton's iteration looks for a rest nearby: on the
//! equations in which the dependent states' rates are replaced by the totals of the moieties, and by way of implicit
//! Euler steps that grow without bound (pseudo-transient continuation, Kelley & Keyes 1998,
//! doi:10.1137/S0036142996304796). What it finds counts only if the run itself goes there: it is close to it already, or
//! has come closer since the last stretch; all triggers of events are as they are now; it stays a rest at later times.
//! So the rest is the one that belongs to the initial values, also where there are several, or a whole line of them: there
//! Newton's matrix is singular, and the run itself must settle. A run that does not settle is looked at once more, to
//! say whether it oscillates or grows.

use crate::balance::{Balance, Nearby};
use crate::compiled::CompiledModel;
use crate::error::CompileError;
use crate::options::{FailureKind, SolveOptions};
use crate::solve::{Run, solve};
use crate::trajectory::Statistics;
use network::{Condition, SymbolIndex};
use std::fmt;

/// Each stretch of time makes the run so many times as long.
const LONGER: f64 = 4.0;

/// A rest whose distance, relative to each state's scale, is below this is where the run is about to arrive.
const NEAR: f64 = 1e-3;

/// Else the run must have come closer by this factor since the last stretch.
const CLOSER: f64 = 0.5;

/// Eigenvalues are zero when they are below this fraction of the largest.
const ZERO_EIGENVALUE: f64 = 1e-10;

/// How to look for a rest.
#[derive(Debug, Clone)]
pub struct SteadyStateOptions {
    /// How far each state may be from rest, relative to its scale: its value, or a billionth of the largest it has had.
    pub tolerance: f64,
    /// The longest time, in the model's unit, that the run is carried on.
    pub longest_time: f64,
    /// Whether eigenvalues are computed.
    pub stability: bool,
    /// How the run is solved. `maximum_steps` are the steps of the whole run.
    pub solve: SolveOptions,
}

impl Default for SteadyStateOptions {
    fn default() -> Self {
        let solve = SolveOptions { relative_tolerance: 1e-8, maximum_steps: 20_000, ..SolveOptions::default() };
        Self { tolerance: 1e-8, longest_time: 1e12, stability: true, solve }
    }
}

/// How a rest was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestMethod {
    /// Newton's iteration, from where the run was.
    Newton,
    /// The run itself came to rest. So it is where the rest depends on more than totals.
    Integration,
}

/// What small disturbances of a rest do. Disturbances that change a total are not meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stability {
    /// They die away.
    Stable,
    /// Some grow.
    Unstable,
    /// None grows, but some stay: to first order nothing pulls the state back.
    Marginal,
}

/// A state of rest.
#[derive(Debug, Clone, PartialEq)]
pub struct SteadyState {
    /// The value of each symbol of the network at rest, in what its name means; rates of reactions and observables too.
    pub values: Vec<f64>,
    /// The time up to which the run was carried on, in the model's unit.
    pub time: f64,
    /// How the rest was reached.
    pub method: RestMethod,
    /// The largest distance from rest of any state, relative to its scale, as a last Newton step tells.
    pub residual: f64,
    /// What disturbances do; `None` when it was not asked for.
    pub stability: Option<Stability>,
    /// Eigenvalues of the Jacobian of the independent states, as real and imaginary parts in 1/time, the largest real
    /// part first; empty when they were not asked for.
    pub eigenvalues: Vec<(f64, f64)>,
    /// The work of the run.
    pub statistics: Statistics,
    pub(crate) states: Vec<f64>,
    pub(crate) parameters: Vec<f64>,
}

impl SteadyState {
    /// What is said when something cannot be told about this rest.
    pub(crate) fn failure(&self, kind: SteadyStateFailureKind) -> SteadyStateFailure {
        let values = self.values.clone();
        SteadyStateFailure { kind, time: self.time, symbol: None, reaction: None, rate: f64::NAN, values }
    }

    /// The value of a symbol at rest.
    pub fn value(&self, symbol: SymbolIndex) -> f64 {
        self.values[symbol.0 as usize]
    }
}

/// Why there is no rest to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SteadyStateFailureKind {
    /// The run goes up and down without coming to rest.
    Oscillates,
    /// A state grows without bound.
    Grows,
    /// Something depends on time, or events go on happening.
    TimeDependent,
    /// The run was still moving when its time or its steps were used up.
    StillMoving,
    /// There is a rest, but it depends on more than parameters and totals, so that its derivatives do not follow from it.
    ManyRests,
    /// The run failed.
    Run(FailureKind),
}

/// No rest was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SteadyStateFailure {
    /// Why.
    pub kind: SteadyStateFailureKind,
    /// Time reached, in the model's unit.
    pub time: f64,
    /// The symbol whose state grows, or is at fault, or is farthest from rest relative to its scale.
    pub symbol: Option<SymbolIndex>,
    /// The reaction that changes that state most.
    pub reaction: Option<SymbolIndex>,
    /// Rate of change of that state over its scale, in 1/time.
    pub rate: f64,
    /// The value of each symbol of the network at the time reached; empty if the run did not start.
    pub values: Vec<f64>,
}

impl fmt::Display for SteadyStateFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            SteadyStateFailureKind::Oscillates => write!(f, "no rest: the run oscillates")?,
            SteadyStateFailureKind::Grows => write!(f, "no rest: a state grows without bound")?,
            SteadyStateFailureKind::TimeDependent => write!(f, "no rest: something goes on changing with time")?,
            SteadyStateFailureKind::StillMoving => write!(f, "no rest so far: states are still moving")?,
            SteadyStateFailureKind::ManyRests => write!(
                f,
                "the rest depends on more than parameters and totals, take the sensitivities of a long run instead;"
            )?,
            SteadyStateFailureKind::Run(kind) => write!(f, "no rest: {kind}")?,
        }
        write!(f, " at time {}", self.time)?;
        if let Some(symbol) = self.symbol {
            write!(f, " (symbol {}, relative rate {:.3e}", symbol.0, self.rate)?;
            if let Some(reaction) = self.reaction {
                write!(f, ", mostly by reaction {}", reaction.0)?;
            }
            write!(f, ")")?;
        }
        Ok(())
    }
}

impl std::error::Error for SteadyStateFailure {}

impl SteadyStateFailure {
    fn before_start(kind: FailureKind, symbol: Option<SymbolIndex>) -> Self {
        let kind = SteadyStateFailureKind::Run(kind);
        Self { kind, time: 0.0, symbol, reaction: None, rate: f64::NAN, values: Vec::new() }
    }

    /// A condition could not be applied.
    pub(crate) fn not_started(error: &CompileError) -> Self {
        match error {
            CompileError::NotSettable { symbol } => Self::before_start(FailureKind::NotSettable, Some(*symbol)),
            _ => Self::before_start(FailureKind::Internal, None),
        }
    }
}

/// The rest that the run of a model under a condition comes to, after all changes of the condition.
///
/// Totals of moieties are those of the run. A rest at which the run already is counts even if it is unstable.
///
/// # Errors
/// [`SteadyStateFailure`] says why there is none and which state and reaction were farthest from rest.
pub fn steady_state(
    model: &CompiledModel,
    condition: &Condition,
    options: &SteadyStateOptions,
) -> Result<SteadyState, SteadyStateFailure> {
    if !(options.tolerance > 0.0 && options.solve.relative_tolerance > 0.0 && options.longest_time > 0.0) {
        return Err(SteadyStateFailure::before_start(FailureKind::InvalidTolerance, None));
    }
    if let Some(what) = model.beyond_rates() {
        let symbol = (model.algebraic > 0).then(|| model.state_symbol(model.state_count() - model.algebraic));
        return Err(SteadyStateFailure::before_start(FailureKind::NoRest(what), symbol));
    }
    let run = Run::new(model, condition, &[], &[], &options.solve);
    let run = run.map_err(|error| SteadyStateFailure::not_started(&error))?;
    Search { model, condition, options, balance: Balance::new(model), run, last: None, events: 0 }.go()
}

/// A search in progress.
struct Search<'a> {
    model: &'a CompiledModel,
    condition: &'a Condition,
    options: &'a SteadyStateOptions,
    balance: Balance<'a>,
    run: Run<'a>,
    /// The rest found after the last stretch, and how far it was.
    last: Option<(Vec<f64>, f64)>,
    /// Events carried out up to the last stretch.
    events: usize,
}

impl Search<'_> {
    fn go(mut self) -> Result<SteadyState, SteadyStateFailure> {
        let last_change = self.condition.changes.last().map_or(0.0, |change| change.time);
        let first = 10.0 * self.balance.fastest_time(self.run.point()).min(self.options.longest_time / 10.0);
        let mut horizon = first.max(last_change * 1.01);
        loop {
            if let Err(stop) = self.run.go_on_to(horizon.min(self.options.longest_time)) {
                return Err(self.failure(Some((stop.kind, stop.state))));
            }
            let disturbed = match self.look_around() {
                Look::Rest(rest) => return Ok(*rest),
                Look::Disturbed(time) => time,
                Look::Moving => 0.0,
            };
            if horizon >= self.options.longest_time {
                return Err(self.failure(None));
            }
            horizon = (LONGER * horizon).max(1.01 * disturbed);
        }
    }

    /// Looks for a rest near the point reached, and whether the run goes there.
    fn look_around(&mut self) -> Look {
        let events = std::mem::replace(&mut self.events, self.run.events_carried_out());
        let (time, y, bound) = self.run.point();
        let calm = events == self.events;
        self.balance.observe(&y);
        let tolerance = self.options.tolerance;
        let last = self.last.take();
        // A run that does not move by itself any more is at rest; else Newton may look ahead.
        let drift = self.balance.drift(bound, time, &y, LONGER * time);
        match self.balance.rest_near(bound, time, &y, time, tolerance) {
            Some(Nearby { states, residual }) => {
                let distance = self.balance.distance(&y, &states);
                let arrived = distance <= tolerance || drift.as_ref().is_some_and(|drift| drift.size <= tolerance);
                let comes_closer = last.is_some_and(|(rest, before)| {
                    distance < CLOSER * before && self.balance.distance(&rest, &states) < NEAR
                });
                let goes_there = arrived || (calm && (distance <= NEAR || comes_closer));
                if !goes_there || self.run.triggers_differ(&states) {
                    self.last = Some((states, distance));
                    return Look::Moving;
                }
                self.accept(time, states, residual, RestMethod::Newton, arrived, distance)
            }
            None => match drift {
                Some(drift) if drift.size <= tolerance && !self.run.triggers_differ(&drift.states) => {
                    self.accept(time, drift.states, drift.size, RestMethod::Integration, true, 0.0)
                }
                _ => Look::Moving,
            },
        }
    }

    /// The last questions to a rest: does it last, and would the run stay?
    fn accept(
        &mut self,
        time: f64,
        states: Vec<f64>,
        residual: f64,
        method: RestMethod,
        arrived: bool,
        distance: f64,
    ) -> Look {
        let (_, _, bound) = self.run.point();
        if let Some(later) =
            self.balance.later_disturbance(bound, time, &states, self.options.longest_time, self.options.tolerance)
        {
            return Look::Disturbed(later);
        }
        let eigenvalues = if self.options.stability || !arrived {
            self.balance.eigenvalues(bound, time, &states)
        } else {
            Some(Vec::new())
        };
        let stability = eigenvalues.as_deref().map(judge);
        if !arrived && stability == Some(Stability::Unstable) {
            self.last = Some((states, distance));
            return Look::Moving;
        }
        let wanted = self.options.stability;
        Look::Rest(Box::new(SteadyState {
            values: self.balance.values(bound, time, &states),
            time,
            method,
            residual,
            stability: stability.filter(|_| wanted),
            eigenvalues: eigenvalues.filter(|_| wanted).unwrap_or_default(),
            parameters: bound.parameters().to_vec(),
            states,
            statistics: self.run.statistics(),
        }))
    }

    /// What is to be said about a run that did not come to rest.
    fn failure(mut self, stop: Option<(FailureKind, Option<usize>)>) -> SteadyStateFailure {
        let (end, ..) = self.run.point();
        let (kind, growing) = match stop {
            // These are what a state that goes to infinity comes to.
            None | Some((FailureKind::TooManySteps | FailureKind::StepTooSmall | FailureKind::NotFinite, _)) => {
                self.behavior(end, stop.map(|(kind, _)| kind))
            }
            Some((kind, _)) => (SteadyStateFailureKind::Run(kind), None),
        };
        let (time, y, bound) = self.run.point();
        self.balance.observe(&y);
        let drift = self.balance.drift(bound, time, &y, LONGER * time);
        let rates = self.balance.relative_rates(bound, time, &y);
        let at_fault = stop.and_then(|(_, state)| state);
        let values = self.balance.values(bound, time, &y);
        // What grows is seldom what is farthest from rest relative to its scale, which grows with it.
        let worst = growing.or(at_fault).or_else(|| drift.map(|drift| drift.worst)).or_else(|| largest(&rates));
        let reaction = worst.and_then(|state| self.balance.strongest_reaction(bound, time, &y, state));
        SteadyStateFailure {
            kind,
            time,
            symbol: worst.map(|state| self.model.state_symbol(state)),
            reaction,
            rate: worst.map_or(f64::NAN, |state| rates[state]),
            values,
        }
    }

    /// Looks at the second half of the run once more. With growth comes the state that grew by the largest factor.
    fn behavior(&self, end: f64, stop: Option<FailureKind>) -> (SteadyStateFailureKind, Option<usize>) {
        let otherwise = match stop {
            Some(kind @ (FailureKind::StepTooSmall | FailureKind::NotFinite)) => SteadyStateFailureKind::Run(kind),
            _ if self.balance.depends_on_time() || self.run.events_carried_out() > 0 => {
                SteadyStateFailureKind::TimeDependent
            }
            _ => SteadyStateFailureKind::StillMoving,
        };
        let times: Vec<f64> = (0..=SAMPLES).map(|i| end * (0.5 + 0.499 * i as f64 / SAMPLES as f64)).collect();
        let symbols: Vec<SymbolIndex> =
            (0..self.model.state_count()).map(|state| self.model.state_symbol(state)).collect();
        let Ok(second_half) = solve(self.model, self.condition, &times, &symbols, &self.options.solve) else {
            return (otherwise, None);
        };
        let columns: Vec<Vec<f64>> = (0..symbols.len()).map(|state| second_half.column(state)).collect();
        let growing = columns.iter().enumerate().filter_map(|(state, column)| Some((state, growth(column)?)));
        let fastest = growing.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(state, _)| state);
        let kind = if fastest.is_some() {
            SteadyStateFailureKind::Grows
        } else if otherwise == SteadyStateFailureKind::StillMoving && columns.iter().any(|column| oscillates(column)) {
            SteadyStateFailureKind::Oscillates
        } else {
            otherwise
        };
        (kind, fastest)
    }
}

/// What is seen from a point of the run.
enum Look {
    Rest(Box<SteadyState>),
    /// A rest, but something happens at a later time.
    Disturbed(f64),
    Moving,
}

/// Points at which a run is looked at once more.
const SAMPLES: usize = 2000;

/// The factor by which something rose, or fell below zero, all the time: by as much as time itself grew, or more.
fn growth(column: &[f64]) -> Option<f64> {
    let (first, last) = (column.first()?.abs(), column.last()?.abs());
    let away_from_zero = column.windows(2).all(|pair| pair[1].abs() >= pair[0].abs());
    (away_from_zero && last > 1.5 * first && last.is_finite()).then(|| last / first)
}

/// True for what turns often, and by as much at the end as at the beginning.
fn oscillates(column: &[f64]) -> bool {
    let turns = column.windows(3).filter(|three| (three[1] - three[0]) * (three[2] - three[1]) < 0.0).count();
    let spread = |part: &[f64]| {
        let (low, high) =
            part.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)));
        high - low
    };
    let (early, late) = column.split_at(column.len() / 2);
    let size = column.iter().fold(0.0_f64, |size, x| size.max(x.abs()));
    turns >= 6 && spread(late) > 0.7 * spread(early) && spread(late) > 1e-3 * size
}

fn judge(eigenvalues: &[(f64, f64)]) -> Stability {
    let size = eigenvalues.iter().fold(0.0_f64, |size, value| size.max(value.0.hypot(value.1)));
    match eigenvalues.first() {
        Some(&(real, _)) if real > ZERO_EIGENVALUE * size => Stability::Unstable,
        Some(&(real, _)) if real >= -ZERO_EIGENVALUE * size => Stability::Marginal,
        _ => Stability::Stable,
    }
}

fn largest(values: &[f64]) -> Option<usize> {
    (0..values.len()).max_by(|&a, &b| values[a].abs().total_cmp(&values[b].abs()))
}

#[cfg(test)]
mod tests;
