//! Drives a run: output, scheduled changes, events, and a new start after everything that jumps.

use crate::compiled::{BoundModel, CompiledModel};
use crate::consistent::Constraints;
use crate::delays::well_before;
use crate::error::CompileError;
use crate::events::Events;
use crate::integrator::Integrator;
use crate::ndf::{Progress, StepFailure, StepFailureKind};
use crate::options::{FailureKind, Method, SolveFailure, SolveOptions, Stop};
use crate::recorder::Recorder;
use crate::roots::{Crossing, RootFinder, just_after};
use crate::system::System;
use crate::tape::Tape;
use crate::tolerance::Tolerances;
use crate::trajectory::{Statistics, Trajectory};
use network::{Change, Condition, SymbolIndex};

mod tangents;

/// A jump that comes back after a delay is smoother each time; so many times it is met exactly.
const MOST_RETURNS: usize = 5;

/// A step longer than this part of the run is searched for roots in parts.
const SEARCH_PARTS: f64 = 500.0;

/// A jump of the right-hand side is smoothed over when it changes the step by less than this part of what is allowed.
const NEGLIGIBLE_JUMP: f64 = 1e-3;

/// Part of a step by which the polynomial through the past may be trusted beyond it without loss.
const LOOK_AHEAD: f64 = 1e-2;

/// Turns of initial assignments and algebraic equations before they are said not to agree.
const MOST_TURNS_AT_START: usize = 100;

/// The finest relative tolerance that rounding lets the error estimate resolve.
pub(crate) const FINEST_TOLERANCE: f64 = 1e-13;

/// Solves a compiled model under a condition, from time 0, and reports the requested symbols at `output_times`.
///
/// Steps are as long as accuracy allows; values at output times are interpolated, so asking for more of them changes
/// nothing. Scheduled changes and events happen exactly at their times, and where one falls on an output time, the
/// value after it is reported.
///
/// # Errors
/// [`SolveFailure`] with its reason and the trajectory so far.
pub fn solve(
    model: &CompiledModel,
    condition: &Condition,
    output_times: &[f64],
    outputs: &[SymbolIndex],
    options: &SolveOptions,
) -> Result<Trajectory, SolveFailure> {
    check_request(output_times, outputs, options)?;
    let run = Run::new(model, condition, output_times, outputs, options);
    let mut run = run.map_err(|error| SolveFailure::at_start(error, outputs))?;
    match run.go_to_the_end() {
        Ok(()) => Ok(run.trajectory()),
        Err(stop) => Err(run.failure(&stop)),
    }
}

/// Refuses output times and tolerances that make no sense.
pub(crate) fn check_request(
    output_times: &[f64],
    outputs: &[SymbolIndex],
    options: &SolveOptions,
) -> Result<(), SolveFailure> {
    let in_order = output_times.windows(2).all(|pair| pair[0] <= pair[1]);
    if !in_order || output_times.iter().any(|&time| !time.is_finite() || time < 0.0) {
        return Err(SolveFailure::before_start(FailureKind::InvalidOutputTimes, None, outputs));
    }
    let relative = options.relative_tolerance;
    let absolute = options.absolute_tolerance;
    if !(relative > 0.0 && relative < 1.0 && absolute >= 0.0 && absolute.is_finite()) {
        return Err(SolveFailure::before_start(FailureKind::InvalidTolerance, None, outputs));
    }
    Ok(())
}

impl SolveFailure {
    pub(crate) fn before_start(kind: FailureKind, symbol: Option<SymbolIndex>, outputs: &[SymbolIndex]) -> Self {
        Self {
            kind,
            time: 0.0,
            step: 0.0,
            order: 1,
            symbol,
            values: Vec::new(),
            partial: Box::new(Trajectory { outputs: outputs.to_vec(), ..Trajectory::default() }),
        }
    }

    /// A condition could not be applied.
    pub(crate) fn at_start(error: CompileError, outputs: &[SymbolIndex]) -> Self {
        match error {
            CompileError::NotSettable { symbol } => Self::before_start(FailureKind::NotSettable, Some(symbol), outputs),
            _ => Self::before_start(FailureKind::Internal, None, outputs),
        }
    }
}

/// A run in progress. Between its methods, `time`, `y` and the model's parameters are the point up to which everything
/// has happened; the integrator may be up to a step ahead.
pub(crate) struct Run<'a> {
    compiled: &'a CompiledModel,
    condition: &'a Condition,
    model: BoundModel<'a>,
    time: f64,
    y: Vec<f64>,
    end: f64,
    integrator: Integrator,
    /// Keeps algebraic equations when something jumps; `None` without any.
    constraints: Option<Constraints>,
    roots: RootFinder,
    events: Events<'a>,
    /// Changes still to come, in order.
    changes: &'a [Change],
    recorder: Recorder<'a>,
    options: &'a SolveOptions,
    /// Times in order at which what has jumped comes back after a delay, and for how many times it then has.
    returns: Vec<(f64, usize)>,
    /// How many times what is about to begin anew has come back; 0 for a jump of its own.
    returned: usize,
    /// Count of tries at the last output.
    tries_at_output: usize,
    events_carried_out: usize,
    starts: usize,
    /// Derivatives of the outputs, where such are carried along.
    output_derivatives: Vec<f64>,
    /// Where the run is to be followed backwards: what it has done.
    tape: Option<Box<Tape>>,
    slope_before: Vec<f64>,
    slope_after: Vec<f64>,
    state: Vec<f64>,
}

/// What an attempt to take a step has led to.
enum Taken {
    /// A step.
    Step,
    /// A step, or none, that ends right before a crossing.
    StepBefore(Crossing),
    /// The state has been put right instead; the integrator must start anew.
    Nothing,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        model: &'a CompiledModel,
        condition: &'a Condition,
        output_times: &'a [f64],
        outputs: &'a [SymbolIndex],
        options: &'a SolveOptions,
    ) -> Result<Self, CompileError> {
        let mut random = options.stream();
        let start = model.start_drawing(condition, &mut random)?;
        let mut bound = model.bind(start.parameters);
        bound.random = random;
        if !model.delays.is_empty() {
            bound.remember(model.past(&condition.initial));
        }
        let dimension = bound.dimension();
        let end = output_times.last().copied().unwrap_or(start.time);
        let tolerances = || {
            Tolerances::new(
                dimension,
                options.relative_tolerance.max(FINEST_TOLERANCE),
                options.absolute_tolerance,
                options.scale_tolerance_by_magnitude,
            )
        };
        // Explicit formulas keep no past that can be looked at.
        let method = if model.delays.is_empty() { options.method } else { Method::Stiff };
        let constraints = Constraints::new(&bound, &model.pattern);
        Ok(Self {
            compiled: model,
            condition,
            time: start.time,
            end,
            integrator: Integrator::new(method, &bound, model.elimination(), constraints.clone(), tolerances),
            constraints,
            returns: Vec::new(),
            returned: 0,
            roots: RootFinder::new(dimension, bound.root_count(), (end - start.time) / SEARCH_PARTS),
            events: Events::new(model),
            changes: &condition.changes,
            recorder: Recorder::new(model.outputs_of_run(outputs), output_times, outputs),
            options,
            tries_at_output: 0,
            events_carried_out: 0,
            starts: 0,
            output_derivatives: Vec::new(),
            tape: None,
            slope_before: vec![0.0; dimension],
            slope_after: vec![0.0; dimension],
            state: vec![0.0; dimension],
            y: start.states,
            model: bound,
        })
    }

    /// Goes on to a later time than the last output.
    pub(crate) fn go_on_to(&mut self, end: f64) -> Result<(), Stop> {
        self.end = end;
        self.roots.resolve((end - self.time) / SEARCH_PARTS);
        self.go_to_the_end()
    }

    /// The time reached, the state there, and the model with its parameters of that time.
    pub(crate) fn point(&mut self) -> (f64, Vec<f64>, &mut BoundModel<'a>) {
        (self.time, self.y.clone(), &mut self.model)
    }

    /// True when a trigger has another value with these states than here.
    pub(crate) fn triggers_differ(&mut self, y: &[f64]) -> bool {
        self.events.any() && self.events.would_change(&mut self.model, self.time, y)
    }

    /// Events carried out so far.
    pub(crate) fn events_carried_out(&self) -> usize {
        self.events_carried_out
    }

    /// The work done so far.
    pub(crate) fn statistics(&self) -> Statistics {
        Statistics { events: self.events_carried_out, starts: self.starts, ..self.integrator.statistics() }
    }

    fn go_to_the_end(&mut self) -> Result<(), Stop> {
        if self.starts == 0 {
            self.settle_at_start()?;
        }
        self.happen_here()?;
        while self.time < self.end {
            self.start()?;
            self.starts += 1;
            self.roots.begin(&mut self.model, self.time, &self.y);
            while !self.step()? {}
        }
        Ok(())
    }

    /// Makes the algebraic equations hold at the start, together with the initial assignments that need what they
    /// determine: each in turn, until nothing changes any more.
    fn settle_at_start(&mut self) -> Result<(), Stop> {
        for _ in 0..MOST_TURNS_AT_START {
            self.settle()?;
            if !self.compiled.delays.is_empty() && self.constraints.is_some() {
                self.model.remember(self.compiled.past_with(self.condition, &self.y));
            }
            if !self.compiled.start_needs_algebraic() {
                return Ok(());
            }
            let start = self.compiled.start_with(self.condition, &mut self.options.stream(), &self.y);
            let same = start.states == self.y && self.model.parameters() == start.parameters;
            self.y = start.states;
            self.model.set_parameters(&start.parameters);
            if same {
                return Ok(());
            }
        }
        Err(Stop { kind: FailureKind::Inconsistent, state: Some(self.y.len() - self.model.algebraic()) })
    }

    /// Makes the algebraic equations hold here.
    fn settle(&mut self) -> Result<(), Stop> {
        match &mut self.constraints {
            Some(constraints) => constraints.settle(&mut self.model, self.time, &mut self.y),
            None => Ok(()),
        }
    }

    /// Starts the integrator here. The state between two steps is interpolated, which may have taken it below zero by no
    /// more than the error allowed.
    fn start(&mut self) -> Result<(), Stop> {
        self.model.fold(self.time, &mut self.y);
        self.model.begin_past(self.time, &self.y);
        self.check_durations()?;
        self.expect_returns();
        match self.integrator.start(&mut self.model, self.time, &self.y, self.end) {
            Err(StepFailure { kind: StepFailureKind::NotFinite, .. }) if self.settle_at_zero() => {
                self.model.begin_past(self.time, &self.y);
                self.integrator.start(&mut self.model, self.time, &self.y, self.end).map_err(Stop::from)
            }
            started => started.map_err(Stop::from),
        }
    }

    /// Takes one step and lets happen what falls into it. True when the integrator must start anew, or is done.
    fn step(&mut self) -> Result<bool, Stop> {
        if self.options.interrupted() {
            return Err(Stop { kind: FailureKind::Interrupted, state: None });
        }
        if self.tries() - self.tries_at_output >= self.options.maximum_steps {
            return Err(Stop { kind: FailureKind::TooManySteps, state: None });
        }
        if let Some(&(time, _)) = self.returns.first()
            && self.integrator.time() >= well_before(time)
        {
            self.arrive(time)?;
            return Ok(true);
        }
        let taken = self.take_step()?;
        // The integrator does not know about scheduled times and may go beyond; nothing there has happened.
        let stop = self.next_stop();
        match taken {
            Taken::Step => {}
            Taken::StepBefore(crossing) => {
                // What little is missing is extrapolated.
                if crossing.time <= stop {
                    self.cross(&crossing)?;
                } else {
                    self.arrive(stop)?;
                }
                return Ok(true);
            }
            Taken::Nothing => return Ok(true),
        }
        let to = self.integrator.time().min(stop);
        while let Some(crossing) = self.next_crossing(to) {
            if self.cross(&crossing)? {
                return Ok(true);
            }
            self.roots.begin(&mut self.model, self.time, &self.y);
        }
        if to == stop {
            self.arrive(stop)?;
            return Ok(true);
        }
        self.record_before(to);
        self.move_to(to);
        if self.compiled.delays.durations_vary {
            self.check_durations()?;
        }
        Ok(false)
    }

    /// Why no step could be taken from here.
    fn reason(&mut self, failure: StepFailure) -> Stop {
        let time = self.integrator.time();
        let right_after = time + (time - well_before(time)).max(self.integrator.step_size());
        if failure.kind == StepFailureKind::NotFinite && self.model.any_duration_is_wrong(right_after, &self.y) {
            return Stop { kind: FailureKind::NegativeDuration, state: None };
        }
        Stop::from(failure)
    }

    /// Refuses to look into the future.
    fn check_durations(&mut self) -> Result<(), Stop> {
        if self.model.any_duration_is_wrong(self.time, &self.y) {
            return Err(Stop { kind: FailureKind::NegativeDuration, state: None });
        }
        Ok(())
    }

    /// Plans to meet what jumps here when it comes back.
    fn expect_returns(&mut self) {
        let returned = std::mem::take(&mut self.returned) + 1;
        self.returns.retain(|&(time, _)| well_before(time) > self.time);
        if returned > MOST_RETURNS {
            return;
        }
        for duration in self.model.steady_durations(self.time, &self.y) {
            let time = self.time + duration;
            if well_before(time) > self.time && time < self.end {
                match self.returns.iter_mut().find(|(other, _)| (*other - time).abs() <= time - well_before(time)) {
                    Some((_, times)) => *times = returned.min(*times),
                    None => self.returns.push((time, returned)),
                }
            }
        }
        self.returns.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    }

    /// Makes the next try end right before what has jumped comes back, so that no step goes across.
    fn aim_at_return(&mut self) {
        if let Some(&(time, _)) = self.returns.first()
            && self.integrator.stiff().next_time() > well_before(time)
        {
            self.integrator.aim(well_before(time));
        }
    }

    /// Takes one step.
    ///
    /// A jump of the right-hand side makes the error test fail again and again, with ever shorter steps towards it. So
    /// when a step fails, the past is extrapolated to see whether a root function is about to change its sign; if so,
    /// the next try ends right before.
    fn take_step(&mut self) -> Result<Taken, Stop> {
        let mut aimed = false;
        loop {
            self.aim_at_return();
            let progress = self.integrator.step(&mut self.model).map_err(|failure| self.reason(failure))?;
            if progress == Progress::Accepted {
                self.model.take_in(self.time, self.integrator.stiff());
                self.tape_step();
            }
            match progress {
                Progress::Accepted if aimed && self.integrator.time() < self.next_stop() => {
                    let reach = self.integrator.time() + LOOK_AHEAD * self.integrator.step_size();
                    return Ok(self.expect_crossing(self.time, reach).map_or(Taken::Step, Taken::StepBefore));
                }
                Progress::Accepted => return Ok(Taken::Step),
                Progress::Shortened { not_finite: true, .. } if self.settle_at_zero() => return Ok(Taken::Nothing),
                Progress::Shortened { tried, .. } => {
                    let Some(crossing) = self.expect_crossing(self.time, tried) else { continue };
                    let wait = crossing.before - self.time;
                    if wait <= LOOK_AHEAD * self.integrator.step_size() {
                        return Ok(Taken::StepBefore(crossing));
                    }
                    // Once only: when that try fails too, the reason is another one.
                    if !aimed {
                        let before = self.time + (1.0 - 0.1 * LOOK_AHEAD) * wait;
                        self.integrator.aim(before.min(self.next_stop()));
                        aimed = true;
                    }
                }
            }
        }
    }

    /// Sets states to 0 that are on their way below it and differ from it by no more than the error allowed of them;
    /// true when there was one.
    ///
    /// A concentration that decays may end up at, say, -1e-20, where a broken power of it is not a number.
    fn settle_at_zero(&mut self) -> bool {
        let mut any = false;
        for (state, value) in self.y.iter_mut().enumerate() {
            let below = *value < 0.0 || self.integrator.tried_below_zero(state);
            if below && *value != 0.0 && value.abs() <= self.integrator.allowed(state) {
                *value = 0.0;
                any = true;
            }
        }
        any
    }

    /// The crossing that the polynomial through the past predicts, if it lies beyond the time reached.
    fn expect_crossing(&mut self, from: f64, to: f64) -> Option<Crossing> {
        let crossing = self.roots.search(&self.integrator, &mut self.model, from, to);
        self.roots.begin(&mut self.model, self.time, &self.y);
        let ahead = crossing.filter(|crossing| crossing.time > self.integrator.time())?;
        Some(self.beyond_zero(ahead))
    }

    /// A strict inequality does not hold yet where its root function is exactly zero, but does right after.
    fn beyond_zero(&mut self, crossing: Crossing) -> Crossing {
        if crossing.zero.is_some() && !self.triggers_change(crossing.time) {
            let time = self.roots.leave_zero(&self.integrator, &mut self.model, &crossing);
            return Crossing { time, ..crossing };
        }
        crossing
    }

    /// Goes on to a time known in advance and lets happen what is due then.
    fn arrive(&mut self, stop: f64) -> Result<(), Stop> {
        self.record_before(stop);
        self.move_to(stop);
        self.meet_time();
        let of_its_own = self.happen_here()?;
        let returned = self.returns.iter().filter(|(time, _)| well_before(*time) <= stop).map(|(_, times)| *times);
        self.returned = if of_its_own { 0 } else { returned.min().unwrap_or(0) };
        Ok(())
    }

    /// Goes on to a crossing and lets happen what it brings. True when the integrator must start anew.
    fn cross(&mut self, crossing: &Crossing) -> Result<bool, Stop> {
        self.record_before(crossing.time);
        self.meet_crossing(crossing);
        self.move_to(crossing.time);
        let jumps = self.right_hand_side_jumps(crossing);
        if jumps {
            self.cross_with_tangent();
        }
        Ok(self.happen_here()? || jumps)
    }

    /// The next time known in advance at which something happens.
    fn next_stop(&self) -> f64 {
        let change = self.changes.first().map_or(f64::INFINITY, |change| change.time);
        let event = self.events.next_due().unwrap_or(f64::INFINITY);
        let back = self.returns.first().map_or(f64::INFINITY, |(time, _)| *time);
        self.end.min(change).min(event).min(back)
    }

    /// The first moment in the rest of the step, up to `to`, at which a root function or a trigger changes.
    fn next_crossing(&mut self, to: f64) -> Option<Crossing> {
        if self.time >= to {
            return None;
        }
        let crossing = self.roots.search(&self.integrator, &mut self.model, self.time, to);
        let Some(crossing) = crossing else {
            // Root functions that were zero where the search began do not count, and a trigger may be true at a single
            // moment's end; so triggers have the last word.
            let changed = self.events.any() && self.triggers_change(to);
            return changed.then(|| self.bisect_triggers(to));
        };
        // What begins right after a scheduled time has to wait for what happens at that time.
        let crossing = self.beyond_zero(crossing);
        (crossing.time <= self.next_stop()).then_some(crossing)
    }

    fn triggers_change(&mut self, time: f64) -> bool {
        self.integrator.interpolate(time, &mut self.state);
        self.events.would_change(&mut self.model, time, &self.state)
    }

    /// Narrows a change of a trigger between here and `to` down to neighboring numbers.
    fn bisect_triggers(&mut self, to: f64) -> Crossing {
        let (mut before, mut after) = (self.time, to);
        loop {
            let middle = before + 0.5 * (after - before);
            if middle <= before || middle >= after {
                return Crossing { before, time: after, zero: None };
            }
            if self.triggers_change(middle) { after = middle } else { before = middle }
        }
    }

    /// True when the right-hand side has another value on the other side of a crossing, so that the past says nothing
    /// about what comes.
    fn right_hand_side_jumps(&mut self, crossing: &Crossing) -> bool {
        self.integrator.interpolate(crossing.before, &mut self.state);
        self.model.rhs(crossing.before, &self.state, &mut self.slope_before);
        self.integrator.count_rhs(2);
        let after = just_after(crossing.time);
        self.integrator.interpolate(after, &mut self.state);
        self.model.rhs(after, &self.state, &mut self.slope_after);
        for (before, after) in self.slope_before.iter_mut().zip(&self.slope_after) {
            *before = (after - *before) * self.integrator.step_size();
        }
        let jump = self.integrator.norm(&self.slope_before);
        // The new start will name what is not a number. An algebraic state may jump by itself.
        jump > NEGLIGIBLE_JUMP || jump.is_nan() || self.constraints.is_some()
    }

    /// Goes on to a time within the last step.
    fn move_to(&mut self, time: f64) {
        self.integrator.interpolate(time, &mut self.y);
        self.integrator.interpolate_tangent(time);
        self.time = time;
    }

    /// Carries out the changes and events of the present moment and records it. True when anything changed.
    fn happen_here(&mut self) -> Result<bool, Stop> {
        let mut changed = false;
        self.settle()?;
        while let Some((change, rest)) = self.changes.split_first()
            && change.time <= self.time
        {
            self.change(change);
            self.settle()?;
            self.changes = rest;
            changed = true;
        }
        self.events.tangent = self.integrator.tangent().take();
        let happened = self.events.process(&mut self.model, self.constraints.as_mut(), self.time, &mut self.y);
        *self.integrator.tangent() = self.events.tangent.take();
        let happened = happened?;
        self.events_carried_out += happened.carried_out;
        self.leave_with_tangent(changed || happened.carried_out > 0);
        let rows = self.recorder.record_at(&mut self.model, self.time, &self.y);
        if rows > 0 {
            self.record_tangent(self.time, true, rows);
            self.tries_at_output = self.tries();
        }
        Ok(changed || happened.carried_out > 0 || happened.plans_changed)
    }

    /// Records the output times before a time within the last step.
    fn record_before(&mut self, time: f64) {
        while let Some(next) = self.recorder.next()
            && next < time
        {
            self.integrator.interpolate(next, &mut self.state);
            if let Some(constraints) = &mut self.constraints {
                // A jump at this very time may lie just ahead. Without a solution what was interpolated stays.
                let _ = constraints.settle(&mut self.model, next, &mut self.state);
            }
            let rows = self.recorder.record_at(&mut self.model, next, &self.state);
            self.integrator.interpolate_tangent(next);
            self.record_tangent(next, false, rows);
            self.tries_at_output = self.tries();
        }
    }

    /// Steps, and starts as well: between jumps that follow each other closely there may be no step at all.
    fn tries(&self) -> usize {
        self.integrator.statistics().steps + self.starts
    }

    /// What is said about a run that had to stop.
    pub(crate) fn failure(mut self, stop: &Stop) -> SolveFailure {
        let model = self.model.compiled();
        SolveFailure {
            kind: stop.kind,
            time: self.time,
            step: self.integrator.step_size(),
            order: self.integrator.order(),
            symbol: stop.state.map(|state| model.state_symbol(state)),
            values: self.model.all_values(self.time, &self.y),
            partial: Box::new(self.trajectory()),
        }
    }

    fn trajectory(self) -> Trajectory {
        let statistics = self.statistics();
        self.recorder.trajectory(statistics)
    }
}

impl From<StepFailure> for Stop {
    fn from(failure: StepFailure) -> Self {
        let kind = match failure.kind {
            StepFailureKind::StepTooSmall => FailureKind::StepTooSmall,
            StepFailureKind::NotFinite => FailureKind::NotFinite,
            StepFailureKind::NewtonFailed => FailureKind::NewtonFailed,
            StepFailureKind::SingularMatrix => FailureKind::SingularMatrix,
        };
        Self { kind, state: failure.state }
    }
}
