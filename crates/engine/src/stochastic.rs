//! Exact stochastic simulation: molecules react one by one, at random (Gillespie 1977, doi:10.1021/j100540a008).
//!
//! A kinetic law, as it is written, is the propensity of its reaction: the mean number of firings per time at the
//! present amounts. The next reaction is found in a tree of sums, so a jump costs the logarithm of their number and the
//! propensities that depend on what it changed. Between jumps nothing changes but time.

use crate::bytecode::Program;
use crate::compiled::{BoundModel, CompileOptions, CompiledModel, ModelPart, compile};
use crate::error::CompileError;
use crate::events::Events;
use crate::graph::{Binary, Graph, Node, NodeId, for_each_argument};
use crate::lower::{Slot, position_of};
use crate::options::{FailureKind, SolveFailure, SolveOptions};
use crate::recorder::Recorder;
use crate::trajectory::{Statistics, Trajectory};
use network::{Condition, Network, Rule, Stoichiometry, SymbolIndex};

/// Jumps between two looks at whether somebody wants the run to stop.
const JUMPS_BETWEEN_LOOKS: usize = 4096;

/// A network compiled for stochastic simulation; shared read-only by all threads.
#[derive(Debug)]
pub struct StochasticModel {
    model: CompiledModel,
    reactions: Vec<Jump>,
    /// True when a trigger may change without a jump.
    timed_triggers: bool,
}

/// A reaction as a jump of the amounts.
#[derive(Debug)]
struct Jump {
    symbol: SymbolIndex,
    propensity: Program,
    /// States and what one firing adds to each.
    changes: Vec<(usize, f64)>,
    /// Reactions whose propensities one firing changes.
    dependents: Vec<usize>,
}

/// Compiles a network for [`solve_stochastic`].
///
/// # Errors
/// [`CompileError::Unsupported`] for whatever changes continuously in time (rate rules, rates that depend on time), for
/// stoichiometries that are no fixed whole numbers, and for conversion factors.
pub fn compile_stochastic(network: &Network, options: &CompileOptions) -> Result<StochasticModel, CompileError> {
    for rule in network.rules() {
        if let Rule::Rate { target, .. } = rule {
            return Err(unsupported("rate rule in a stochastic simulation", network.index_of(target)));
        }
    }
    let model = compile(network, options)?;
    let mut reactions = Vec::new();
    let mut read = Vec::new();
    for reaction in network.reactions() {
        let symbol = network
            .index_of(&reaction.id)
            .ok_or_else(|| CompileError::Internal(format!("the network has no symbol `{}`", reaction.id)))?;
        let node = model.values[position_of(symbol)];
        let reached = reached(&model.graph, node);
        if reached.contains(&Node::Time) {
            return Err(unsupported("rate that depends on time in a stochastic simulation", Some(symbol)));
        }
        read.push(reached);
        reactions.push(Jump {
            symbol,
            propensity: Program::new(&model.graph, &model.layout, &[node]),
            changes: changes(network, &model, reaction, symbol)?,
            dependents: Vec::new(),
        });
    }
    let mut readers = vec![Vec::new(); model.state_count()];
    for (reaction, nodes) in read.iter().enumerate() {
        for node in nodes {
            if let Node::State(state) = node {
                readers[*state as usize].push(reaction);
            }
        }
    }
    for jump in &mut reactions {
        jump.dependents = jump.changes.iter().flat_map(|&(state, _)| readers[state].iter().copied()).collect();
        jump.dependents.sort_unstable();
        jump.dependents.dedup();
    }
    let timed: Vec<NodeId> = model.part_nodes()[ModelPart::Roots as usize]
        .iter()
        .copied()
        .filter(|&root| reached(&model.graph, root).contains(&Node::Time))
        .collect();
    if timed.iter().any(|&root| degree_in_time(&model.graph, root).is_none_or(|degree| degree > 1)) {
        return Err(unsupported("trigger that is not linear in time in a stochastic simulation", None));
    }
    Ok(StochasticModel { timed_triggers: !timed.is_empty(), model, reactions })
}

fn unsupported(construct: &str, symbol: Option<SymbolIndex>) -> CompileError {
    CompileError::Unsupported { construct: construct.into(), symbol }
}

/// The net change of each state by one firing.
fn changes(
    network: &Network,
    model: &CompiledModel,
    reaction: &network::Reaction,
    symbol: SymbolIndex,
) -> Result<Vec<(usize, f64)>, CompileError> {
    let mut changes: Vec<(usize, f64)> = Vec::new();
    let reactants = reaction.reactants.iter().map(|it| (it, -1.0));
    for (participant, sign) in reactants.chain(reaction.products.iter().map(|it| (it, 1.0))) {
        let Some(species) = network.species().iter().find(|it| it.id == participant.species) else { continue };
        if species.boundary || species.constant {
            continue;
        }
        if species.conversion_factor.is_some() {
            return Err(unsupported("conversion factor in a stochastic simulation", Some(symbol)));
        }
        let whole = match participant.stoichiometry {
            Stoichiometry::Constant(number) if participant.id.is_none() && number.fract() == 0.0 => number,
            _ => {
                let construct = "stoichiometry that is no fixed whole number in a stochastic simulation";
                return Err(unsupported(construct, Some(symbol)));
            }
        };
        let slot = network.index_of(&species.id).map(|it| model.storage[position_of(it)].slot);
        if let Some(Slot::State(state)) = slot {
            match changes.iter_mut().find(|(other, _)| *other == state) {
                Some((_, change)) => *change += sign * whole,
                None => changes.push((state, sign * whole)),
            }
        }
    }
    changes.retain(|&(_, change)| change != 0.0);
    Ok(changes)
}

/// All nodes an expression is made of.
fn reached(graph: &Graph, root: NodeId) -> Vec<Node> {
    let needed = graph.reachable([root]);
    graph.nodes().iter().zip(needed).filter(|(_, needed)| *needed).map(|(&node, _)| node).collect()
}

/// Degree of a polynomial in time; `None` for what is none.
fn degree_in_time(graph: &Graph, id: NodeId) -> Option<u32> {
    match graph.node(id) {
        Node::Time => Some(1),
        Node::Binary(Binary::Add | Binary::Subtract, a, b) => {
            Some(degree_in_time(graph, a)?.max(degree_in_time(graph, b)?))
        }
        Node::Binary(Binary::Multiply, a, b) => Some(degree_in_time(graph, a)? + degree_in_time(graph, b)?),
        Node::Binary(Binary::Divide, a, b) if degree_in_time(graph, b)? == 0 => degree_in_time(graph, a),
        node => {
            let mut constant = true;
            for_each_argument(node, |argument| constant &= !reached(graph, argument).contains(&Node::Time));
            constant.then_some(0)
        }
    }
}

/// One exact random run from time 0; reports the requested symbols at `output_times`.
///
/// `seed` and `member` choose the run: the same two give the same one, on any machine and thread. Tolerances and the
/// greatest number of steps in `options` play no part. What falls on an output time is reported as it is afterwards.
///
/// # Errors
/// [`SolveFailure`] with its reason and the trajectory so far; [`FailureKind::NotFinite`] names a reaction whose
/// propensity is negative or not a finite number.
pub fn solve_stochastic(
    model: &StochasticModel,
    condition: &Condition,
    output_times: &[f64],
    outputs: &[SymbolIndex],
    seed: u64,
    member: u64,
    options: &SolveOptions,
) -> Result<Trajectory, SolveFailure> {
    let fail = |kind, symbol, time, partial| SolveFailure { kind, time, step: 0.0, order: 1, symbol, partial };
    let nothing = || Box::new(Trajectory { outputs: outputs.to_vec(), ..Trajectory::default() });
    let in_order = output_times.windows(2).all(|pair| pair[0] <= pair[1]);
    if !in_order || output_times.iter().any(|&time| !time.is_finite() || time < 0.0) {
        return Err(fail(FailureKind::InvalidOutputTimes, None, 0.0, nothing()));
    }
    let start = model.model.start(condition).map_err(|error| match error {
        CompileError::NotSettable { symbol } => fail(FailureKind::NotSettable, Some(symbol), 0.0, nothing()),
        _ => fail(FailureKind::Internal, None, 0.0, nothing()),
    })?;
    let mut changes = condition.changes.clone();
    changes.sort_by(|a, b| a.time.total_cmp(&b.time));
    let mut run = Run {
        it: model,
        bound: model.model.bind(start.parameters),
        time: 0.0,
        y: start.states,
        sums: SumTree::new(model.reactions.len()),
        random: Random::new(seed, member),
        events: Events::new(&model.model),
        recorder: Recorder::new(model.model.outputs(outputs), output_times, outputs),
        statistics: Statistics::default(),
    };
    let end = output_times.last().copied().unwrap_or(0.0);
    match run.go(end, &changes, options) {
        Ok(()) => Ok(run.recorder.trajectory(run.statistics)),
        Err((kind, symbol)) => {
            let time = run.time;
            Err(fail(kind, symbol, time, Box::new(run.recorder.trajectory(run.statistics))))
        }
    }
}

type Stop = (FailureKind, Option<SymbolIndex>);

struct Run<'a> {
    it: &'a StochasticModel,
    bound: BoundModel<'a>,
    time: f64,
    y: Vec<f64>,
    sums: SumTree,
    random: Random,
    events: Events<'a>,
    recorder: Recorder<'a>,
    statistics: Statistics,
}

impl Run<'_> {
    fn go(&mut self, end: f64, mut changes: &[network::Change], options: &SolveOptions) -> Result<(), Stop> {
        loop {
            while let Some((change, rest)) = changes.split_first()
                && change.time <= self.time
            {
                self.bound.apply(self.time, &mut self.y, change.target, change.action);
                changes = rest;
            }
            self.happen()?;
            self.all_propensities()?;
            if self.time >= end {
                self.recorder.record_at(&mut self.bound, self.time, &self.y);
                return Ok(());
            }
            let change = changes.first().map_or(f64::INFINITY, |change| change.time);
            let due = self.events.next_due().unwrap_or(f64::INFINITY);
            self.jump_until(end.min(change).min(due), options)?;
        }
    }

    /// Jumps up to a time, or until an event happens or starts to wait.
    fn jump_until(&mut self, stop: f64, options: &SolveOptions) -> Result<(), Stop> {
        loop {
            self.statistics.steps += 1;
            let interrupted =
                || options.interrupt.as_ref().is_some_and(|it| it.load(std::sync::atomic::Ordering::Relaxed));
            if self.statistics.steps % JUMPS_BETWEEN_LOOKS == 0 && interrupted() {
                return Err((FailureKind::Interrupted, None));
            }
            let total = self.sums.total();
            let next = if total > 0.0 { self.time - self.random.uniform().ln() / total } else { f64::INFINITY };
            let reach = next.min(stop);
            // Waiting times have no memory: stopping early and drawing anew is exact.
            if self.it.timed_triggers
                && let Some(time) = self.trigger_before(reach)
            {
                self.move_to(time);
                return Ok(());
            }
            self.move_to(reach);
            if next >= stop {
                return Ok(());
            }
            let reaction = self.sums.choose(self.random.uniform() * total);
            for &(state, change) in &self.it.reactions[reaction].changes {
                self.y[state] += change;
                self.bound.memory(0)[1 + state] = self.y[state];
            }
            if self.events.any() && self.events.would_change(&mut self.bound, self.time, &self.y) {
                return Ok(());
            }
            for &dependent in &self.it.reactions[reaction].dependents {
                self.propensity(dependent)?;
            }
        }
    }

    /// Goes on to a time before which nothing happens.
    fn move_to(&mut self, time: f64) {
        while let Some(next) = self.recorder.next()
            && next < time
        {
            self.recorder.record_at(&mut self.bound, next, &self.y);
        }
        self.time = time;
    }

    fn happen(&mut self) -> Result<(), Stop> {
        let happened = self.events.process(&mut self.bound, self.time, &mut self.y).map_err(|kind| (kind, None))?;
        self.statistics.events += happened.carried_out;
        Ok(())
    }

    /// The first moment up to `to` at which a trigger changes while the amounts stay. Root functions are linear in
    /// time here, so two of their values give all moments that come into question.
    fn trigger_before(&mut self, to: f64) -> Option<f64> {
        use crate::system::System;
        let count = self.bound.root_count();
        let (mut now, mut later) = (vec![0.0; count], vec![0.0; count]);
        let span = if to.is_finite() { to - self.time } else { 1.0 };
        self.bound.roots(self.time, &self.y, &mut now);
        self.bound.roots(self.time + span, &self.y, &mut later);
        let mut moments = vec![self.time.next_up()];
        for (now, later) in now.into_iter().zip(later) {
            let wait = span * now / (now - later);
            if wait >= 0.0 {
                let moment = self.time + wait;
                moments.extend([moment.next_down(), moment, moment.next_up()]);
            }
        }
        moments.retain(|&moment| moment > self.time && moment <= to);
        moments.sort_by(f64::total_cmp);
        moments.into_iter().find(|&moment| self.events.would_change(&mut self.bound, moment, &self.y))
    }

    fn all_propensities(&mut self) -> Result<(), Stop> {
        self.it.model.layout.set_point(self.bound.memory(0), self.time, &self.y);
        (0..self.it.reactions.len()).try_for_each(|reaction| self.propensity(reaction))
    }

    fn propensity(&mut self, reaction: usize) -> Result<(), Stop> {
        let jump = &self.it.reactions[reaction];
        let mut value = [0.0];
        jump.propensity.run(self.bound.memory(jump.propensity.scratch()), &mut value);
        if !(value[0] >= 0.0 && value[0].is_finite()) {
            return Err((FailureKind::NotFinite, Some(jump.symbol)));
        }
        self.sums.set(reaction, value[0]);
        Ok(())
    }
}

/// Sums of propensities over a binary tree; a parent is always computed from its children, so nothing drifts.
struct SumTree {
    /// Root at 1, children of `i` at `2i` and `2i + 1`.
    sums: Vec<f64>,
}

impl SumTree {
    fn new(count: usize) -> Self {
        Self { sums: vec![0.0; 2 * count.next_power_of_two()] }
    }

    fn total(&self) -> f64 {
        self.sums[1]
    }

    fn set(&mut self, position: usize, value: f64) {
        let mut node = self.sums.len() / 2 + position;
        self.sums[node] = value;
        while node > 1 {
            node /= 2;
            self.sums[node] = self.sums[2 * node] + self.sums[2 * node + 1];
        }
    }

    /// The position at which the running sum exceeds `target`; never one whose value is 0.
    fn choose(&self, mut target: f64) -> usize {
        let leaves = self.sums.len() / 2;
        let mut node = 1;
        while node < leaves {
            let left = self.sums[2 * node];
            node *= 2;
            if target >= left && self.sums[node + 1] > 0.0 {
                target -= left;
                node += 1;
            }
        }
        node - leaves
    }
}

/// Random numbers by counting: the `n`-th depends on seed, member and `n` only (SplitMix64, doi:10.1145/2714064.2660195).
struct Random {
    state: u64,
}

impl Random {
    fn new(seed: u64, member: u64) -> Self {
        Self { state: mix(mix(seed ^ 0x6a09_e667_f3bc_c909).wrapping_add(mix(member ^ 0xbb67_ae85_84ca_a73b))) }
    }

    /// Greater than 0 and less than 1.
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        ((mix(self.state) >> 12) as f64 + 0.5) / (1u64 << 52) as f64
    }
}

fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests;
