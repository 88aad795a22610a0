//! Runs of models in which nothing but jumps happens, and what happens at moments known in advance: exact ones, and ones
//! that leap where that is shorter.

use super::leap::{Leap, Leaps};
use super::{Prepared, Stop};
use crate::compiled::{BoundModel, CompiledModel};
use crate::events::Events;
use crate::options::FailureKind;
use crate::recorder::Recorder;
use crate::sample::{SampleMethod, SampleOptions};
use crate::system::System;
use crate::trajectory::{Statistics, Trajectory};
use network::{Change, Condition, SymbolIndex};
use rand_distr::{Distribution, Exp1};

/// Jumps between two looks at whether somebody wants the run to stop.
const JUMPS_BETWEEN_LOOKS: usize = 4096;

/// Jumps between two tries to leap.
const JUMPS_BETWEEN_LEAPS: usize = 100;

/// A run in progress. Between its methods, `time` and `y` are the point up to which everything has happened.
pub(crate) struct Run<'a> {
    model: &'a CompiledModel,
    it: &'a Prepared,
    bound: BoundModel<'a>,
    time: f64,
    y: Vec<f64>,
    /// Propensities and their sums.
    sums: Vec<f64>,
    /// The next moment at which a trigger changes unless a jump comes first.
    trigger: f64,
    events: Events<'a>,
    recorder: Recorder<'a>,
    options: &'a SampleOptions,
    statistics: Statistics,
    leaps: Leaps,
    /// Interpreted operations that the model has not heard of.
    operations: usize,
}

/// Why the jumping has paused.
enum Pause {
    /// Nothing fires before the time asked for.
    Reached,
    /// A jump has changed what triggers read.
    Moved,
    /// Many jumps have passed.
    Look,
    /// A jump has left a negative amount, or a propensity that is none.
    Broken(usize),
}

/// Runs from time 0 to the last output time, with leaps if the options say so; an error comes with the time reached.
pub(crate) fn sample_exactly(
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
    if let Some(continuous) = it.continuous {
        return (recorder.trajectory(Statistics::default()), Err((continuous.refused(), 0.0)));
    }
    let mut bound = model.bind(start.parameters);
    bound.random = random;
    bound.reserve_scratch(it.scratch);
    let mut run = Run {
        model,
        it,
        bound,
        time: start.time,
        y: start.states,
        sums: {
            let mut sums = it.shape.zeros();
            sums.resize(it.sound() + 1, 0.0);
            sums
        },
        trigger: f64::INFINITY,
        events: Events::new(model),
        recorder,
        options,
        statistics: Statistics { starts: 1, ..Statistics::default() },
        leaps: Leaps::default(),
        operations: 0,
    };
    let end = output_times.last().copied().unwrap_or(0.0);
    let result = run.go_to(end, &condition.changes).map_err(|stop| (stop, run.time));
    (run.recorder.trajectory(run.statistics), result)
}

impl Run<'_> {
    fn go_to(&mut self, end: f64, mut changes: &[Change]) -> Result<(), Stop> {
        loop {
            while let Some((change, rest)) = changes.split_first()
                && change.time <= self.time
            {
                self.bound.apply(self.time, &mut self.y, change.target, change.action);
                changes = rest;
            }
            let happened = self
                .events
                .process(&mut self.bound, None, self.time, &mut self.y)
                .map_err(|stop| (stop.kind, stop.state.map(|state| self.model.state_symbol(state))))?;
            self.statistics.events += happened.carried_out;
            self.recorder.record_at(&mut self.bound, self.time, &self.y);
            if self.time >= end {
                return Ok(());
            }
            let change = changes.first().map_or(f64::INFINITY, |change| change.time);
            let due = self.events.next_due().unwrap_or(f64::INFINITY);
            self.jump_until(end.min(change).min(due))?;
        }
    }

    /// Jumps up to a time, or until a trigger changes.
    fn jump_until(&mut self, stop: f64) -> Result<(), Stop> {
        self.all_propensities()?;
        self.expect_trigger();
        loop {
            let until = stop.min(self.trigger).min(self.recorder.next().unwrap_or(f64::INFINITY));
            let pause = match self.options.method {
                SampleMethod::TauLeap => self.leap(until)?,
                _ => self.jump(until, JUMPS_BETWEEN_LOOKS),
            };
            if self.operations > 0 {
                self.it.count(self.operations, self.model);
                self.operations = 0;
            }
            self.bound.states_from_memory(&mut self.y);
            match pause {
                Pause::Reached => {
                    self.time = until;
                    if until == stop || until == self.trigger {
                        return Ok(());
                    }
                    self.recorder.record_at(&mut self.bound, until, &self.y);
                }
                Pause::Moved => {
                    if self.events.would_change(&mut self.bound, self.time, &self.y) {
                        return Ok(());
                    }
                    self.expect_trigger();
                }
                Pause::Look => {
                    if self.options.solve.interrupted() {
                        return Err((FailureKind::Interrupted, None));
                    }
                }
                Pause::Broken(jump) => return Err(self.broken(jump)),
            }
        }
    }

    /// Leaps, or jumps where that is as good. Triggers are looked at after each leap.
    fn leap(&mut self, until: f64) -> Result<Pause, Stop> {
        let longest = until - self.time;
        let (memory, random) = self.bound.memory_and_random();
        match self.leaps.leap(self.it, memory, &self.sums, longest, self.options.leap_error, random) {
            Leap::NotWorthwhile => return Ok(self.jump(until, JUMPS_BETWEEN_LEAPS)),
            Leap::Taken(length, firings) => {
                self.statistics.steps += firings;
                self.time = if length < longest { self.time + length } else { until };
            }
        }
        self.bound.states_from_memory(&mut self.y);
        self.all_propensities()?;
        Ok(if self.time >= until {
            Pause::Reached
        } else if self.events.any() {
            Pause::Moved
        } else {
            Pause::Look
        })
    }

    /// Fires one reaction after the other. Waiting times have no memory, so that one which ends later than `until` may
    /// be forgotten and drawn anew.
    fn jump(&mut self, until: f64, most: usize) -> Pause {
        let it = self.it;
        let (memory, random) = self.bound.memory_and_random();
        let total_at = it.shape.total();
        let mut amounts = Vec::new();
        let mut anew = Vec::new();
        let code = it.code();
        for _ in 0..most {
            let total = self.sums[total_at];
            // Nothing fires when the total is 0: the waiting time is infinite.
            let waiting: f64 = Exp1.sample(random);
            let next = self.time + waiting / total;
            if next >= until || next.is_nan() {
                return Pause::Reached;
            }
            self.time = next;
            self.statistics.steps += 1;
            let chosen = it.shape.choose(&self.sums, random.uniform() * total);
            let jump = &it.jumps[chosen];
            let mut sound = true;
            if let (true, Some(code)) = (jump.whole, code) {
                code.run(chosen, memory, &mut self.sums);
                it.shape.add_up(&mut self.sums, &jump.sums);
                if !(self.sums[it.sound()] > 0.0 && self.sums[total_at] < f64::INFINITY) {
                    return Pause::Broken(chosen);
                }
                if jump.moves_triggers {
                    return Pause::Moved;
                }
                continue;
            }
            self.operations += jump.dependents_anew.len() + jump.dependents.len();
            if jump.whole {
                for &(state, amount) in &jump.changes {
                    let value = &mut memory[1 + state as usize];
                    *value += amount;
                    sound &= *value >= 0.0 || amount >= 0.0;
                }
            } else {
                memory[0] = next;
                sound = jump.fire_parts(memory, &mut amounts);
            }
            anew.resize(jump.dependents.len(), 0.0);
            jump.dependents_anew.run(memory, &mut anew);
            for (&dependent, &propensity) in jump.dependents.iter().zip(&anew) {
                self.sums[dependent as usize] = propensity;
                sound &= propensity >= 0.0;
            }
            it.shape.add_up(&mut self.sums, &jump.sums);
            if !(sound && self.sums[total_at] < f64::INFINITY) {
                return Pause::Broken(chosen);
            }
            if jump.moves_triggers {
                return Pause::Moved;
            }
        }
        Pause::Look
    }

    fn all_propensities(&mut self) -> Result<(), Stop> {
        self.bound.states_to_memory(self.time, &self.y);
        let (memory, _) = self.bound.memory_and_random();
        self.it.all.run(memory, &mut self.sums);
        self.it.shape.add_up(&mut self.sums, &self.it.all_sums);
        self.check_propensities()
    }

    fn check_propensities(&self) -> Result<(), Stop> {
        for (jump, &propensity) in self.it.jumps.iter().zip(&self.sums) {
            if !(0.0..f64::INFINITY).contains(&propensity) {
                let kind = if propensity < 0.0 { FailureKind::NegativePropensity } else { FailureKind::NotFinite };
                return Err((kind, Some(jump.reaction)));
            }
        }
        Ok(())
    }

    /// What is wrong after a firing.
    fn broken(&self, jump: usize) -> Stop {
        let jump = &self.it.jumps[jump];
        let negative = jump
            .changes
            .iter()
            .map(|&(state, _)| state as usize)
            .find(|&state| self.y[state] < 0.0 || self.y[state].is_nan());
        if let Some(state) = negative {
            let kind = FailureKind::NegativeAmount { reaction: jump.reaction };
            return (kind, Some(self.model.state_symbol(state)));
        }
        self.check_propensities().err().unwrap_or((FailureKind::NotFinite, Some(jump.reaction)))
    }

    /// Finds the first moment at which a trigger changes while the amounts stay. Root functions are linear in time here,
    /// so two of their values tell where each of them is zero.
    fn expect_trigger(&mut self) {
        self.trigger = f64::INFINITY;
        if !self.it.timed_triggers {
            return;
        }
        let count = self.bound.root_count();
        let (mut now, mut later) = (vec![0.0; count], vec![0.0; count]);
        let span = self.time.abs().max(1.0);
        self.bound.roots(self.time, &self.y, &mut now);
        self.bound.roots(self.time + span, &self.y, &mut later);
        let zeros = now.iter().zip(&later).map(|(now, later)| self.time + span * now / (now - later));
        let mut zeros: Vec<f64> = zeros.filter(|zero| zero.is_finite() && *zero >= self.time).collect();
        // A strict inequality that is an equation now holds right after.
        zeros.push(self.time);
        zeros.sort_by(f64::total_cmp);
        for zero in zeros {
            if let Some(moment) = self.change_near(zero) {
                self.trigger = moment;
                return;
            }
        }
    }

    /// The first moment at which a trigger changes, if it does so around a time that may be wrong by rounding.
    fn change_near(&mut self, time: f64) -> Option<f64> {
        let slack = 1e-12 * time.abs().max(self.time.abs()).max(f64::MIN_POSITIVE);
        let (mut before, mut after) = (self.time.max(time - slack), time + slack);
        // A trigger may be true at the very moment only.
        for moment in [time.round(), time] {
            if moment > self.time
                && (moment - time).abs() <= slack
                && self.events.would_change(&mut self.bound, moment, &self.y)
            {
                after = moment;
                break;
            }
        }
        if !self.events.would_change(&mut self.bound, after, &self.y) {
            return None;
        }
        loop {
            let middle = before + 0.5 * (after - before);
            if middle <= before || middle >= after {
                return Some(after);
            }
            if self.events.would_change(&mut self.bound, middle, &self.y) { after = middle } else { before = middle }
        }
    }
}
