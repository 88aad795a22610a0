//! Runs in which something flows between the jumps: what has a rate rule, rates that depend on time, and, in the hybrid
//! method, frequent reactions among abundant species.
//!
//! Such a process is deterministic between jumps (Davis 1984, doi:10.1111/j.2517-6161.1984.tb01308.x). The hazard, which
//! is the sum of the propensities of all reactions that jump, is integrated together with what flows, and the next jump
//! comes when its integral reaches an exponentially distributed number: exact up to the integrator's tolerance. That
//! number has no memory, so wherever the integration starts anew a new one is drawn.

use super::flow::Flow;
use super::partition::Partition;
use super::{Prepared, Stop};
use crate::compiled::CompiledModel;
use crate::events::Events;
use crate::integrator::Integrator;
use crate::ndf::{Progress, StepFailure, StepFailureKind};
use crate::options::{FailureKind, Method};
use crate::recorder::Recorder;
use crate::roots::RootFinder;
use crate::sample::{SampleMethod, SampleOptions};
use crate::sparse_lu::Elimination;
use crate::system::System;
use crate::tolerance::Tolerances;
use crate::trajectory::{Statistics, Trajectory};
use network::{Change, Condition, SymbolIndex};
use rand_distr::{Distribution, Exp1};
use std::sync::Arc;

/// A step longer than this part of the run is searched for roots in parts, as in [`crate::solve()`].
const SEARCH_PARTS: f64 = 500.0;

/// A run in progress. Between its methods, `time` and `flow.y` are the point up to which everything has happened.
struct Run<'a> {
    model: &'a CompiledModel,
    it: &'a Prepared,
    flow: Flow<'a>,
    partition: Partition,
    time: f64,
    end: f64,
    /// What flows, then the hazard's integral.
    state: Vec<f64>,
    engine: Option<(Integrator, RootFinder)>,
    events: Events<'a>,
    recorder: Recorder<'a>,
    options: &'a SampleOptions,
    statistics: Statistics,
}

/// Runs from time 0 to the last output time; an error comes with the time reached.
pub(crate) fn sample_piecewise(
    model: &CompiledModel,
    condition: &Condition,
    output_times: &[f64],
    outputs: &[SymbolIndex],
    options: &SampleOptions,
) -> (Trajectory, Result<(), (Stop, f64)>) {
    let it = model.jumps.prepared(model);
    let recorder = Recorder::new(model.outputs_of_run(outputs), output_times, outputs);
    let mut random = options.solve.stream();
    let start = match model.start_drawing(condition, &mut random) {
        Ok(start) => start,
        Err(error) => return (recorder.trajectory(Statistics::default()), Err((error.into(), 0.0))),
    };
    let mut bound = model.bind(start.parameters);
    bound.random = random;
    bound.reserve_scratch(it.scratch);
    let partition = match options.method {
        SampleMethod::Hybrid => Partition::by_abundance(it),
        _ => Partition::all_jump(it),
    };
    let mut run = Run {
        model,
        it,
        flow: Flow::new(it, bound, start.states),
        partition,
        time: start.time,
        end: output_times.last().copied().unwrap_or(0.0),
        state: Vec::new(),
        engine: None,
        events: Events::new(model),
        recorder,
        options,
        statistics: Statistics::default(),
    };
    let result = run.go_to_the_end(&condition.changes).map_err(|stop| (stop, run.time));
    (run.recorder.trajectory(run.statistics), result)
}

impl Run<'_> {
    fn go_to_the_end(&mut self, mut changes: &[Change]) -> Result<(), Stop> {
        loop {
            while let Some((change, rest)) = changes.split_first()
                && change.time <= self.time
            {
                let (bound, y) = self.flow.bound_and_states();
                bound.apply(self.time, y, change.target, change.action);
                changes = rest;
            }
            let (bound, y) = self.flow.bound_and_states();
            let happened = self.events.process(bound, None, self.time, y).map_err(|stop| (stop.kind, None))?;
            self.statistics.events += happened.carried_out;
            self.recorder.record_at(bound, self.time, y);
            if self.time >= self.end {
                return Ok(());
            }
            let change = changes.first().map_or(f64::INFINITY, |change| change.time);
            let due = self.events.next_due().unwrap_or(f64::INFINITY);
            self.flow_until(self.end.min(change).min(due))?;
        }
    }

    /// Flows up to a time, a jump, or a moment at which a trigger or a rate changes.
    fn flow_until(&mut self, stop: f64) -> Result<(), Stop> {
        let (bound, y) = self.flow.bound_and_states();
        if self.partition.update(self.it, y, &mut bound.random) || self.engine.is_none() {
            self.flow.set_partition(&self.partition);
            self.engine = Some(self.new_engine());
        }
        self.flow.check_propensities(self.time)?;
        self.flow.target = Exp1.sample(&mut self.flow.bound_and_states().0.random);
        self.flow.gather(&mut self.state);
        self.statistics.starts += 1;
        let Some((mut integrator, mut roots)) = self.engine.take() else { return Ok(()) };
        let result = self.integrate_until(stop, &mut integrator, &mut roots);
        self.engine = Some((integrator, roots));
        result
    }

    fn new_engine(&self) -> (Integrator, RootFinder) {
        let solve = &self.options.solve;
        let dimension = self.flow.dimension();
        let tolerances = || {
            Tolerances::new(
                dimension,
                solve.relative_tolerance,
                solve.absolute_tolerance,
                solve.scale_tolerance_by_magnitude,
            )
        };
        let elimination = Arc::new(Elimination::new(self.flow.pattern()));
        let roots = RootFinder::new(dimension, self.flow.root_count(), self.end / SEARCH_PARTS);
        (Integrator::new(Method::Stiff, &self.flow, elimination, None, tolerances), roots)
    }

    fn integrate_until(&mut self, stop: f64, integrator: &mut Integrator, roots: &mut RootFinder) -> Result<(), Stop> {
        let failed = |run: &Self, failure| run.step_failure(failure);
        integrator.start(&mut self.flow, self.time, &self.state, self.end).map_err(|it| failed(self, it))?;
        roots.begin(&mut self.flow, self.time, &self.state);
        loop {
            match integrator.step(&mut self.flow).map_err(|it| failed(self, it))? {
                Progress::Shortened { .. } => continue,
                Progress::Accepted => self.statistics.steps += 1,
            }
            if self.options.solve.interrupted() {
                return Err((FailureKind::Interrupted, None));
            }
            let to = integrator.time().min(stop);
            if let Some(crossing) = roots.search(integrator, &mut self.flow, self.time, to) {
                self.record_before(crossing.time, integrator);
                self.move_to(crossing.time, integrator);
                if self.flow.hazard_reached(&self.state) {
                    return self.fire();
                }
                let (bound, y) = self.flow.bound_and_states();
                if crossing.zero.is_some() && !self.events.would_change(bound, self.time, y) {
                    // A strict inequality does not hold yet where it is an equation, but does right after.
                    let after = roots.leave_zero(integrator, &mut self.flow, &crossing);
                    if after < stop {
                        self.move_to(after, integrator);
                    }
                }
                return Ok(());
            }
            self.record_before(to, integrator);
            self.move_to(to, integrator);
            let (bound, y) = self.flow.bound_and_states();
            if to == stop || self.partition.is_stale(self.it, y) || self.events.would_change(bound, to, y) {
                return Ok(());
            }
        }
    }

    /// Goes on to a time within the last step.
    fn move_to(&mut self, time: f64, integrator: &Integrator) {
        integrator.interpolate(time, &mut self.state);
        self.flow.scatter(&self.state);
        self.time = time;
    }

    /// Records the output times before a time within the last step.
    fn record_before(&mut self, time: f64, integrator: &Integrator) {
        while let Some(next) = self.recorder.next()
            && next < time
        {
            integrator.interpolate(next, &mut self.state);
            self.flow.scatter(&self.state);
            let (bound, y) = self.flow.bound_and_states();
            self.recorder.record_at(bound, next, y);
        }
    }

    /// Fires one of the reactions that jump.
    fn fire(&mut self) -> Result<(), Stop> {
        self.statistics.steps += 1;
        let fired = self.flow.fire(self.time)?;
        let Some(state) = self.flow.negative_state(fired) else { return Ok(()) };
        let kind = FailureKind::NegativeAmount { reaction: self.it.jumps[fired].reaction };
        Err((kind, Some(self.model.state_symbol(state))))
    }

    fn step_failure(&self, failure: StepFailure) -> Stop {
        let kind = match failure.kind {
            StepFailureKind::StepTooSmall => FailureKind::StepTooSmall,
            StepFailureKind::NotFinite => FailureKind::NotFinite,
            StepFailureKind::NewtonFailed => FailureKind::NewtonFailed,
            StepFailureKind::SingularMatrix => FailureKind::SingularMatrix,
        };
        let state = failure.state.and_then(|position| self.flow.flowing().get(position).copied());
        (kind, state.map(|state| self.model.state_symbol(state)))
    }
}
