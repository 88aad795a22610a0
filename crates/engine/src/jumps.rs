//! Reactions as jumps: molecules react one by one, at random (Gillespie 1977, doi:10.1021/j100540a008).
//!
//! *lowered* takes the jumps from the network; [`Jumps`] holds them with what a firing makes necessary to compute anew,
//! prepared when the first random run asks for it; *exact* jumps through time, or leaps with *leap*; *sums* finds the
//! next reaction; *piecewise* integrates what flows between jumps with *flow*, and *partition* says what flows.

mod exact;
mod flow;
mod leap;
mod lowered;
mod partition;
mod piecewise;
mod sums;

pub(crate) use exact::sample_exactly;
pub(crate) use lowered::{LoweredJump, lower_jumps};
pub(crate) use piecewise::sample_piecewise;

use crate::bytecode::Program;
use crate::compiled::{Backend, CompiledModel, ModelPart};
use crate::graph::{Binary, Graph, Node, NodeId, for_each_argument};
use crate::machine_code::{Firing, MachineCode};
use crate::options::FailureKind;
use crate::tier::Tier;
use network::SymbolIndex;
use std::sync::OnceLock;
use sums::{Shape, Sum};

/// The jumps of a model; shared by all threads.
#[derive(Debug)]
pub(crate) struct Jumps {
    lowered: Vec<LoweredJump>,
    backend: Backend,
    prepared: OnceLock<Prepared>,
}

/// Operations of all firings above which machine code would take longer to make, and to fetch, than it saves.
const MOST_COMPILED: usize = 400_000;

/// What random runs need of a model.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub jumps: Vec<Jump>,
    /// The propensities of all jumps.
    pub all: Program,
    pub all_sums: Vec<Sum>,
    pub shape: Shape,
    /// What changes while nothing fires, if anything does; `None`: propensities and triggers wait for jumps and for
    /// moments that are known in advance.
    pub continuous: Option<Continuous>,
    /// True when a trigger may change at a moment that is known in advance.
    pub timed_triggers: bool,
    /// Scratch places that every program here finds enough.
    pub scratch: usize,
    /// States that change by rules and not by jumps, the states their rates read, and the program of those rates.
    pub ruled: Vec<usize>,
    pub ruled_reads: Vec<Vec<u32>>,
    pub rules: Program,
    /// For each state the highest order of a reaction whose propensity reads it.
    pub highest_orders: Vec<u32>,
    /// Machine code of the firings of jumps by whole numbers.
    tier: Tier,
    rates: Vec<NodeId>,
}

/// What makes a model more than jumps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Continuous {
    /// Something with a rate rule.
    Rule(SymbolIndex),
    /// The propensity of a reaction, or what it changes, depends on time itself.
    Reaction(SymbolIndex),
    /// A trigger depends on time in a way that is not linear.
    Trigger,
}

impl Continuous {
    /// Why leaps are not taken.
    fn refused(self) -> Stop {
        match self {
            Self::Rule(symbol) => {
                (FailureKind::NotForJumps("leap over rate rules; draw exact or hybrid runs"), Some(symbol))
            }
            Self::Reaction(symbol) => (
                FailureKind::NotForJumps("leap over rates that depend on time; draw exact or hybrid runs"),
                Some(symbol),
            ),
            Self::Trigger => (
                FailureKind::NotForJumps("leap over triggers that are not linear in time; draw exact or hybrid runs"),
                None,
            ),
        }
    }
}

/// A jump with its place in the dependency graph.
#[derive(Debug)]
pub(crate) struct Jump {
    pub reaction: SymbolIndex,
    /// States and what one firing adds to each; not a number where that has to be computed.
    pub changes: Vec<(u32, f64)>,
    /// True when the changes are fixed whole numbers, so that sums of them are exact.
    pub whole: bool,
    /// Computes the changes, when they are not fixed numbers.
    pub changes_anew: Option<Program>,
    /// States that its propensity reads.
    pub reads: Vec<u32>,
    /// Jumps whose propensities one firing changes, and the program that computes those.
    pub dependents: Vec<u32>,
    pub dependents_anew: Program,
    /// Sums of propensities that one firing changes.
    pub sums: Vec<Sum>,
    /// True when a trigger reads what one firing changes.
    pub moves_triggers: bool,
}

impl Jump {
    /// What one firing adds to each state it changes, here.
    pub fn amounts(&self, memory: &mut [f64], amounts: &mut Vec<f64>) {
        amounts.clear();
        amounts.extend(self.changes.iter().map(|&(_, amount)| amount));
        if let Some(program) = &self.changes_anew {
            program.run(memory, amounts);
        }
    }

    /// Carries out changes that may be no whole numbers, with amounts as scratch; true when nothing became negative.
    ///
    /// Ten times 0.1 less than 1 is not 0 by some roundings; what is less than a billionth of a change is nothing.
    pub fn fire_parts(&self, memory: &mut [f64], amounts: &mut Vec<f64>) -> bool {
        self.amounts(memory, amounts);
        let mut sound = true;
        for (&(state, _), &amount) in self.changes.iter().zip(amounts.iter()) {
            let value = &mut memory[1 + state as usize];
            let changed = *value + amount;
            *value = if changed.abs() < 1e-9 * amount.abs() { 0.0 } else { changed };
            sound &= *value >= 0.0 || amount >= 0.0;
        }
        sound
    }
}

impl Jumps {
    pub fn new(lowered: Vec<LoweredJump>, backend: Backend) -> Self {
        Self { lowered, backend, prepared: OnceLock::new() }
    }

    /// The jumps of `model`, whose jumps these are.
    pub fn prepared(&self, model: &CompiledModel) -> &Prepared {
        self.prepared.get_or_init(|| Prepared::new(model, &self.lowered, self.backend))
    }
}

impl Prepared {
    fn new(model: &CompiledModel, lowered: &[LoweredJump], backend: Backend) -> Self {
        let (graph, layout) = (&model.graph, &model.layout);
        let leaves = Leaves::new(graph);
        let read: Vec<&Leaf> = lowered.iter().map(|jump| leaves.of(jump.rate)).collect();
        let mut readers = vec![Vec::new(); model.state_count()];
        for (jump, read) in read.iter().enumerate() {
            read.states.iter().for_each(|&state| readers[state as usize].push(small(jump)));
        }
        let mut watched = vec![false; model.state_count()];
        let triggers = model.trigger_nodes().iter().chain(&model.part_nodes()[ModelPart::Roots as usize]);
        triggers.for_each(|&node| leaves.of(node).states.iter().for_each(|&state| watched[state as usize] = true));

        let shape = Shape::new(lowered.len());
        let mut jumps = Vec::with_capacity(lowered.len());
        for (it, read) in lowered.iter().zip(&read) {
            let changes: Vec<(u32, f64)> = it
                .changes
                .iter()
                .map(|&(state, amount)| (small(state), graph.constant_value(amount).unwrap_or(f64::NAN)))
                .collect();
            let fixed = changes.iter().all(|(_, amount)| !amount.is_nan());
            let amounts: Vec<NodeId> = it.changes.iter().map(|&(_, amount)| amount).collect();
            let mut dependents: Vec<u32> =
                changes.iter().flat_map(|&(state, _)| readers[state as usize].iter().copied()).collect();
            dependents.sort_unstable();
            dependents.dedup();
            let rates: Vec<NodeId> = dependents.iter().map(|&jump| lowered[jump as usize].rate).collect();
            jumps.push(Jump {
                reaction: it.reaction,
                whole: changes.iter().all(|(_, amount)| amount.fract() == 0.0),
                changes_anew: (!fixed).then(|| Program::new(graph, layout, &amounts)),
                dependents_anew: Program::new(graph, layout, &rates),
                sums: shape.above(&dependents),
                moves_triggers: changes.iter().any(|&(state, _)| watched[state as usize]),
                reads: read.states.clone(),
                changes,
                dependents,
            });
        }
        let rates: Vec<NodeId> = lowered.iter().map(|jump| jump.rate).collect();
        let everything: Vec<u32> = (0..small(lowered.len())).collect();
        let all = Program::new(graph, layout, &rates);
        let mut jumping = vec![false; model.state_count()];
        lowered.iter().flat_map(|jump| &jump.changes).for_each(|&(state, _)| jumping[state] = true);
        let ruled: Vec<usize> = (0..jumping.len()).filter(|&state| !jumping[state]).collect();
        let rule_rates: Vec<NodeId> =
            ruled.iter().map(|&state| model.part_nodes()[ModelPart::Rhs as usize][state]).collect();
        let rules = Program::new(graph, layout, &rule_rates);
        let operations: usize = jumps.iter().map(|jump| jump.dependents_anew.len() + jump.dependents.len()).sum();
        let programs = jumps.iter().flat_map(|it| [Some(&it.dependents_anew), it.changes_anew.as_ref()]);
        let scratch = programs.flatten().chain([&all, &rules]).map(Program::scratch).max().unwrap_or(0);
        let timed: Vec<NodeId> = model.part_nodes()[ModelPart::Roots as usize]
            .iter()
            .copied()
            .filter(|&root| leaves.of(root).time)
            .collect();
        Self {
            continuous: continuous(model, lowered, &leaves, &timed, &ruled),
            timed_triggers: !timed.is_empty(),
            ruled_reads: rule_rates.iter().map(|&rate| leaves.of(rate).states.clone()).collect(),
            highest_orders: highest_orders(&jumps, model.state_count()),
            tier: Tier::new(backend, operations),
            rates,
            ruled,
            rules,
            all,
            all_sums: shape.above(&everything),
            shape,
            jumps,
            scratch,
        }
    }

    /// Machine code of the firings, if there is some by now.
    pub fn code(&self) -> Option<&MachineCode> {
        self.tier.code()
    }

    /// Counts interpreted operations, and makes machine code if that pays now.
    pub fn count(&self, operations: usize, model: &CompiledModel) {
        self.tier.count(operations as u64, || {
            let firings: Vec<Firing> = self
                .jumps
                .iter()
                .map(|jump| {
                    let whole = if jump.whole { &jump.changes[..] } else { &[] };
                    let dependents = if jump.whole { &jump.dependents[..] } else { &[] };
                    let propensities = dependents.iter().map(|&jump| (jump, self.rates[jump as usize])).collect();
                    Firing { changes: whole, propensities }
                })
                .collect();
            let operations: usize = self.jumps.iter().map(|jump| jump.dependents_anew.len()).sum();
            if operations > MOST_COMPILED {
                return Err("the code of all firings would be longer than it is worth".into());
            }
            MachineCode::compile_firings(&model.graph, &model.layout, &firings, self.sound())
        });
    }

    /// Where machine code says whether a firing was sound: after all propensities and their sums.
    pub fn sound(&self) -> usize {
        self.shape.total() + 1
    }
}

/// For each state the highest order of a reaction whose propensity reads it: as many as there are states read, or as
/// many molecules as are used up, if that is more.
fn highest_orders(jumps: &[Jump], states: usize) -> Vec<u32> {
    let mut orders = vec![0; states];
    for jump in jumps {
        let used: f64 = jump.changes.iter().map(|&(_, amount)| (-amount).max(0.0)).sum();
        let order = small(jump.reads.len()).max(used as u32);
        jump.reads.iter().for_each(|&state| orders[state as usize] = order.max(orders[state as usize]));
    }
    orders
}

fn continuous(
    model: &CompiledModel,
    lowered: &[LoweredJump],
    leaves: &Leaves,
    timed: &[NodeId],
    ruled: &[usize],
) -> Option<Continuous> {
    if let Some(&state) = ruled.first() {
        return Some(Continuous::Rule(model.state_symbol(state)));
    }
    let in_time = |jump: &&LoweredJump| jump.nodes().any(|node| leaves.of(node).time);
    if let Some(jump) = lowered.iter().find(in_time) {
        return Some(Continuous::Reaction(jump.reaction));
    }
    let linear = |&root: &NodeId| degree_in_time(&model.graph, leaves, root).is_some_and(|degree| degree <= 1);
    (!timed.iter().all(linear)).then_some(Continuous::Trigger)
}

/// Degree of a polynomial in time; `None` for what is none.
fn degree_in_time(graph: &Graph, leaves: &Leaves, id: NodeId) -> Option<u32> {
    let degree = |id| degree_in_time(graph, leaves, id);
    match graph.node(id) {
        _ if !leaves.of(id).time => Some(0),
        Node::Time => Some(1),
        Node::Binary(Binary::Add | Binary::Subtract, a, b) => Some(degree(a)?.max(degree(b)?)),
        Node::Binary(Binary::Multiply, a, b) => Some(degree(a)? + degree(b)?),
        Node::Binary(Binary::Divide, a, b) if !leaves.of(b).time => degree(a),
        _ => None,
    }
}

/// What each node of a graph depends on while parameters stay as they are.
struct Leaves(Vec<Leaf>);

#[derive(Debug, Clone, Default)]
struct Leaf {
    time: bool,
    /// In ascending order.
    states: Vec<u32>,
}

impl Leaves {
    fn new(graph: &Graph) -> Self {
        let mut leaves: Vec<Leaf> = Vec::with_capacity(graph.nodes().len());
        for &node in graph.nodes() {
            let mut leaf = Leaf::default();
            match node {
                Node::Time => leaf.time = true,
                Node::State(state) => leaf.states.push(state),
                _ => for_each_argument(node, |argument| {
                    let below = &leaves[argument.index()];
                    leaf.time |= below.time;
                    leaf.states.extend(&below.states);
                }),
            }
            leaf.states.sort_unstable();
            leaf.states.dedup();
            leaves.push(leaf);
        }
        Self(leaves)
    }

    fn of(&self, node: NodeId) -> &Leaf {
        &self.0[node.index()]
    }
}

/// Why a run must stop: the kind, and the symbol at fault.
pub(crate) type Stop = (FailureKind, Option<SymbolIndex>);

fn small(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 jumps: memory ends long before")
}

#[cfg(test)]
mod tests;
