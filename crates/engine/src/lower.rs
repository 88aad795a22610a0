//! From a checked network to equations in the graph.
//!
//! - Species that reactions change are states, kept as **amounts**, so that a compartment that changes its size changes
//!   their concentrations and not the other way round. Species with a rate rule are states in the quantity their name
//!   means; compartments, parameters and stoichiometries with a rate rule are states.
//! - What an algebraic rule determines is an algebraic state, in the quantity its name means; its equation is the rule.
//! - Fast reactions have extents, algebraic states too: see [`crate::fast`].
//! - Whatever else has a value of its own lives in the parameter vector, species there too as amounts. Events and
//!   conditions may change it; nothing is compiled into the code but the numbers written in formulas.
//! - Assignment rules, rates and observables are put in place of their names; the graph keeps them shared.
//!
//! The equations that hold while time runs and those that give the initial values are two readings of the same
//! formulas: [`Moment`] says which.

use crate::compiled::EventShape;
use crate::delays::{LoweredDelay, lower_delays};
use crate::draws::LoweredDraw;
use crate::error::CompileError;
use crate::expressions::Lowering;
use crate::fast::{Extent, extents};
use crate::graph::{Binary, Graph, Node, NodeId, Unary};
use crate::jumps::{LoweredJump, lower_jumps};
use network::{InitialStep, Network, Rule, Stoichiometry, SymbolIndex, SymbolKind};
use std::collections::BTreeSet;

/// Where the value of a symbol is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Among the states.
    State(usize),
    /// Among the parameters.
    Parameter(usize),
    /// Nowhere: it follows from a rule or a rate.
    Derived,
}

/// How the value of a symbol is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Storage {
    pub(crate) slot: Slot,
    /// The compartment whose size divides what is kept: a species kept as an amount whose name means a concentration.
    pub(crate) amount_in: Option<SymbolIndex>,
}

/// When an expression is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before time starts: initial values and initial assignments. The parameter vector is the one of the
    /// *condition*: a value for each symbol, then for each symbol whether that value is in force.
    Initial,
    /// As [`Moment::Initial`], for times before the start: what `delay` sees there. Nothing moves by itself.
    Before,
    /// While time runs: states and parameters.
    Running,
}

/// A species' part in a reaction: the reaction, the participant's position, and whether it is made or used up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) reaction: usize,
    pub(crate) participant: usize,
    pub(crate) made: bool,
}

/// The network with every name resolved to what the equations need.
#[derive(Debug)]
pub(crate) struct Equations<'n> {
    pub(crate) network: &'n Network,
    /// Position of the assignment rule of each symbol.
    pub(crate) assignment_rule: Vec<Option<usize>>,
    /// Position of the rate rule of each symbol.
    pub(crate) rate_rule: Vec<Option<usize>>,
    /// Position of the algebraic rule that determines each symbol.
    pub(crate) algebraic_rule: Vec<Option<usize>>,
    /// Position of the initial assignment of each symbol.
    pub(crate) initial_assignment: Vec<Option<usize>>,
    /// The compartment of each symbol that is a species.
    pub(crate) compartment: Vec<Option<SymbolIndex>>,
    /// The parts of each symbol that is a species which reactions may change.
    pub(crate) parts: Vec<Vec<Part>>,
    pub(crate) storage: Vec<Storage>,
    pub(crate) states: Vec<SymbolIndex>,
    /// Number of states that algebraic equations determine; they come last.
    pub(crate) algebraic: usize,
    /// The extents of fast reactions, the first of the algebraic states; their symbols are those of the reactions.
    pub(crate) extents: Vec<Extent>,
    pub(crate) parameters: Vec<SymbolIndex>,
}

/// The equations of a model as nodes of two graphs.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub(crate) graph: Graph,
    pub(crate) storage: Vec<Storage>,
    /// The symbol of each state.
    pub(crate) states: Vec<SymbolIndex>,
    /// Number of algebraic states; they come last.
    pub(crate) algebraic: usize,
    /// Number of extents of fast reactions, the first of them.
    pub(crate) extents: usize,
    /// The states that mean the same with all extents at 0; empty without extents.
    pub(crate) folded: Vec<NodeId>,
    /// The symbol of each parameter.
    pub(crate) parameters: Vec<SymbolIndex>,
    /// The value of each symbol, in what its name means.
    pub(crate) values: Vec<NodeId>,
    /// The rate of change of each state, or what must be 0 for it.
    pub(crate) rhs: Vec<NodeId>,
    pub(crate) roots: Vec<NodeId>,
    pub(crate) events: Vec<LoweredEvent>,
    pub(crate) jumps: Vec<LoweredJump>,
    pub(crate) draws: Vec<LoweredDraw>,
    pub(crate) delays: Vec<LoweredDelay>,
    /// The graph of what was before time started.
    pub(crate) before_graph: Graph,
    /// Species kept as concentrations, with their compartments.
    pub(crate) concentrations: Vec<(SymbolIndex, SymbolIndex)>,
    /// The graph of the initial values, of states followed by parameters.
    pub(crate) initial_graph: Graph,
    pub(crate) initial: Vec<NodeId>,
    pub(crate) initial_draws: Vec<LoweredDraw>,
}

/// An event with its expressions.
#[derive(Debug)]
pub(crate) struct LoweredEvent {
    pub(crate) shape: EventShape,
    pub(crate) trigger: NodeId,
    pub(crate) delay: Option<NodeId>,
    pub(crate) priority: Option<NodeId>,
    pub(crate) values: Vec<NodeId>,
}

/// Writes the equations of a network into a graph.
pub(crate) fn lower(network: &Network) -> Result<Lowered, CompileError> {
    let equations = Equations::new(network)?;
    let symbols = || (0..network.symbols().len()).map(symbol_index);

    let mut running = Lowering::new(&equations, Moment::Running);
    for &rule in network.assignment_order() {
        running.rule(rule)?;
    }
    let values = symbols().map(|symbol| running.value(symbol)).collect::<Result<Vec<_>, _>>()?;
    let rhs = (0..equations.states.len()).map(|state| running.right_hand_side(state)).collect::<Result<Vec<_>, _>>()?;
    let folded = equations.folded(&mut running)?;
    let events =
        (0..network.events().len()).map(|event| lower_event(&mut running, event)).collect::<Result<Vec<_>, _>>()?;
    let jumps = lower_jumps(&mut running)?;
    let mut initial = Lowering::new(&equations, Moment::Initial);
    initial.delays = std::mem::take(&mut running.delays);
    for &step in network.initial_steps() {
        match step {
            InitialStep::Initial(position) => {
                initial.value(equations.find(&network.initial_assignments()[position].target)?)?;
            }
            InitialStep::Assignment(rule) => initial.rule(rule)?,
        }
    }
    let mut initial_nodes = Vec::with_capacity(equations.states.len() + equations.parameters.len());
    for (state, &symbol) in equations.states.iter().enumerate() {
        initial_nodes.push(match equations.extent_of(state) {
            Some(_) => initial.graph.constant(0.0),
            None => initial.stored(symbol)?,
        });
    }
    for &symbol in &equations.parameters {
        initial_nodes.push(initial.stored(symbol)?);
    }

    let (delays, before_graph) = lower_delays(&equations, &mut running, &mut initial)?;
    let draws = running.draws;
    let mut graph = running.graph;
    let watched = rhs.iter().copied().chain(events.iter().map(|event| event.trigger));
    let roots = roots(&mut graph, watched);

    Ok(Lowered {
        graph,
        delays,
        before_graph,
        values,
        rhs,
        roots,
        events,
        jumps,
        draws,
        concentrations: equations.kept_concentrations(),
        initial_graph: initial.graph,
        initial: initial_nodes,
        initial_draws: initial.draws,
        storage: equations.storage,
        states: equations.states,
        algebraic: equations.algebraic,
        extents: equations.extents.len(),
        folded,
        parameters: equations.parameters,
    })
}

impl<'n> Equations<'n> {
    pub(crate) fn new(network: &'n Network) -> Result<Self, CompileError> {
        let count = network.symbols().len();
        let mut equations = Self {
            network,
            assignment_rule: vec![None; count],
            rate_rule: vec![None; count],
            algebraic_rule: (0..count).map(|index| network.algebraic_rule_of(symbol_index(index))).collect(),
            initial_assignment: vec![None; count],
            compartment: vec![None; count],
            parts: vec![Vec::new(); count],
            storage: Vec::new(),
            states: Vec::new(),
            algebraic: 0,
            extents: Vec::new(),
            parameters: Vec::new(),
        };
        for (position, rule) in network.rules().iter().enumerate() {
            match rule {
                Rule::Assignment { target, .. } => {
                    let target = equations.find(target)?;
                    equations.assignment_rule[position_of(target)] = Some(position);
                }
                Rule::Rate { target, .. } => {
                    let target = equations.find(target)?;
                    equations.rate_rule[position_of(target)] = Some(position);
                }
                Rule::Algebraic { .. } => {}
            }
        }
        for (position, assignment) in network.initial_assignments().iter().enumerate() {
            let target = equations.find(&assignment.target)?;
            equations.initial_assignment[position_of(target)] = Some(position);
        }
        for (index, symbol) in network.symbols().iter().enumerate() {
            if let SymbolKind::Species(species) = symbol.kind {
                equations.compartment[index] = Some(equations.find(&network.species()[species].compartment)?);
            }
        }
        equations.collect_parts()?;
        equations.extents = extents(&equations);
        equations.assign_storage();
        Ok(equations)
    }

    /// The symbol of a name; the network promises that there is one.
    pub(crate) fn find(&self, id: &str) -> Result<SymbolIndex, CompileError> {
        self.network.index_of(id).ok_or_else(|| CompileError::Internal(format!("the network has no symbol `{id}`")))
    }

    /// What the name of a species means divided by this size is its amount; `None` for what has no such difference.
    pub(crate) fn concentration_in(&self, symbol: SymbolIndex) -> Option<SymbolIndex> {
        match self.network.symbol(symbol).kind {
            SymbolKind::Species(species) if !self.network.species()[species].only_substance => {
                self.compartment[position_of(symbol)]
            }
            _ => None,
        }
    }

    fn collect_parts(&mut self) -> Result<(), CompileError> {
        for (reaction, it) in self.network.reactions().iter().enumerate() {
            let participants = it.reactants.iter().chain(&it.products);
            for (participant, species) in participants.map(|participant| &participant.species).enumerate() {
                let symbol = self.find(species)?;
                let SymbolKind::Species(position) = self.network.symbol(symbol).kind else {
                    return Err(CompileError::Internal(format!(
                        "`{species}` takes part in a reaction but is no species"
                    )));
                };
                let species = &self.network.species()[position];
                if !species.constant && !species.boundary {
                    let made = participant >= it.reactants.len();
                    self.parts[position_of(symbol)].push(Part { reaction, participant, made });
                }
            }
        }
        Ok(())
    }

    /// Symbols become states and parameters in their own order; algebraic states come last.
    fn assign_storage(&mut self) {
        let mut algebraic = Vec::new();
        for index in 0..self.network.symbols().len() {
            let symbol = symbol_index(index);
            let derived = self.assignment_rule[index].is_some() || self.is_computed(symbol);
            let slot = if derived {
                Slot::Derived
            } else if self.algebraic_rule[index].is_some() {
                algebraic.push(symbol);
                Slot::State(algebraic.len() - 1)
            } else if self.rate_rule[index].is_some()
                || self.parts[index].iter().any(|part| self.has_effect(index, *part))
            {
                self.states.push(symbol);
                Slot::State(self.states.len() - 1)
            } else {
                self.parameters.push(symbol);
                Slot::Parameter(self.parameters.len() - 1)
            };
            let as_named = derived || self.rate_rule[index].is_some() || self.algebraic_rule[index].is_some();
            let amount_in = if as_named { None } else { self.concentration_in(symbol) };
            self.storage.push(Storage { slot, amount_in });
        }
        self.algebraic = self.extents.len() + algebraic.len();
        let reactions = &self.network.reactions();
        let extents = self.extents.iter().filter_map(|it| self.network.index_of(&reactions[it.reaction].id));
        self.states.extend(extents);
        for &symbol in &algebraic {
            self.storage[position_of(symbol)].slot = Slot::State(self.states.len());
            self.states.push(symbol);
        }
    }

    /// The extent that a state is, by its position in [`Self::extents`].
    pub(crate) fn extent_of(&self, state: usize) -> Option<usize> {
        let first = self.states.len() - self.algebraic;
        state.checked_sub(first).filter(|&extent| extent < self.extents.len())
    }

    /// The state that an extent is.
    pub(crate) fn state_of_extent(&self, extent: usize) -> usize {
        self.states.len() - self.algebraic + extent
    }

    /// True if fast reactions may change the symbol.
    pub(crate) fn is_fast(&self, symbol: SymbolIndex) -> bool {
        self.parts[position_of(symbol)].iter().any(|part| self.network.reactions()[part.reaction].fast)
    }

    /// What is kept of each state, with what the extents add; for the extents themselves 0.
    fn folded(&self, running: &mut Lowering<'_, '_>) -> Result<Vec<NodeId>, CompileError> {
        if self.extents.is_empty() {
            return Ok(Vec::new());
        }
        let one = |state: usize| match self.extent_of(state) {
            Some(_) => Ok(running.graph.constant(0.0)),
            None => running.kept_state(self.states[state], state),
        };
        (0..self.states.len()).map(one).collect()
    }

    /// True for what has no value of its own by its nature.
    fn is_computed(&self, symbol: SymbolIndex) -> bool {
        match self.network.symbol(symbol).kind {
            SymbolKind::Reaction(_) | SymbolKind::Observable(_) => true,
            SymbolKind::Participant(reaction, participant) => {
                let participant = self.participant(Part { reaction, participant, made: false });
                matches!(participant.stoichiometry, Stoichiometry::Expression(_))
            }
            SymbolKind::Compartment(_) | SymbolKind::Species(_) | SymbolKind::Parameter(_) => false,
        }
    }

    /// False for a species that a reaction gives back in the same number as it takes, such as an enzyme.
    fn has_effect(&self, species: usize, part: Part) -> bool {
        let mut net = 0.0;
        for other in self.parts[species].iter().filter(|other| other.reaction == part.reaction) {
            let participant = self.participant(*other);
            match (&participant.id, &participant.stoichiometry) {
                (None, Stoichiometry::Constant(number)) => net += if other.made { *number } else { -number },
                _ => return true,
            }
        }
        net != 0.0
    }

    pub(crate) fn participant(&self, part: Part) -> &'n network::Participant {
        let reaction = &self.network.reactions()[part.reaction];
        let made = part.participant.checked_sub(reaction.reactants.len());
        made.map_or_else(|| &reaction.reactants[part.participant], |position| &reaction.products[position])
    }

    fn kept_concentrations(&self) -> Vec<(SymbolIndex, SymbolIndex)> {
        let states = self.states.iter().copied();
        states
            .filter(|&symbol| self.rate_rule[position_of(symbol)].is_some())
            .filter_map(|symbol| self.concentration_in(symbol).map(|compartment| (symbol, compartment)))
            .collect()
    }
}

fn lower_event(lowering: &mut Lowering<'_, '_>, position: usize) -> Result<LoweredEvent, CompileError> {
    let event = &lowering.equations.network.events()[position];
    let mut targets = Vec::new();
    let mut values = Vec::new();
    for assignment in &event.assignments {
        let target = lowering.equations.find(&assignment.target)?;
        if lowering.equations.storage[position_of(target)].slot == Slot::Derived {
            return Err(CompileError::NotSettable { symbol: target });
        }
        targets.push(target);
        values.push(lowering.expression(&assignment.value)?);
    }
    let trigger = lowering.expression(&event.trigger)?;
    let delay = event.delay.as_ref().map(|delay| lowering.expression(delay)).transpose()?;
    let priority = event.priority.as_ref().map(|priority| lowering.expression(priority)).transpose()?;
    let shape = EventShape {
        trigger_initially: event.trigger_initially,
        persistent: event.persistent,
        has_delay: delay.is_some(),
        has_priority: priority.is_some(),
        use_values_from_trigger_time: event.use_values_from_trigger_time,
        targets,
    };
    Ok(LoweredEvent { shape, trigger, delay, priority, values })
}

/// The root functions: where relations that vary change their truth, and where `floor` and its kin jump.
///
/// Kinks (`abs`, `min`, `max`) are left to the solver's error control: stopping there costs more than it gains.
fn roots(graph: &mut Graph, watched: impl Iterator<Item = NodeId>) -> Vec<NodeId> {
    let needed = graph.reachable(watched);
    let varies = graph.varies();
    let mut roots = BTreeSet::new();
    for index in 0..needed.len() {
        if !(needed[index] && varies[index]) {
            continue;
        }
        let id = NodeId(index as u32);
        let jump = match graph.node(id) {
            Node::Unary(Unary::Floor | Unary::Ceiling | Unary::Truncate, x) => Some(x),
            Node::Binary(Binary::Remainder, a, b) => Some(graph.divide(a, b)),
            _ => None,
        };
        if let Some(x) = jump {
            roots.insert(graph.unary(Unary::IntegerCrossing, x));
        } else if let Some((a, b)) = graph.relation(id)
            && !(graph.is_truth(a) && graph.is_truth(b))
        {
            // The same two sides give the same root function, whatever the relation and its direction.
            roots.insert(graph.subtract(a.min(b), a.max(b)));
        }
    }
    roots.into_iter().filter(|&root| graph.constant_value(root).is_none()).collect()
}

pub(crate) fn symbol_index(position: usize) -> SymbolIndex {
    SymbolIndex(u32::try_from(position).expect("fewer than 2^32 symbols"))
}

pub(crate) fn position_of(symbol: SymbolIndex) -> usize {
    symbol.0 as usize
}
