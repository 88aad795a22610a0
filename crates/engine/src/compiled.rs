//! The compiled model: programs for everything a run evaluates, shared by all threads.

pub(crate) use crate::bound::BoundModel;
use crate::bytecode::{Layout, Program};
use crate::delays::{Delays, Past};
use crate::differentiate::{SparseJacobian, jacobian};
use crate::draws::DrawingProgram;
use crate::error::CompileError;
use crate::graph::{Graph, Node, NodeId};
use crate::jumps::{Jumps, LoweredJump};
use crate::lower::{LoweredEvent, Slot, Storage, lower, position_of, symbol_index};
use crate::machine_code::MachineCode;
use crate::random::Stream;
use crate::sparse_lu::Elimination;
use crate::system::Pattern;
use crate::tier::Tier;
use network::{Condition, Network, SymbolIndex, SymbolKind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How the equations are evaluated. The results are the same, bit for bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backend {
    /// Starts with the interpreter, and makes machine code once so much has been evaluated that it would have paid.
    /// When that happens depends on the work of all threads together, but no result does.
    #[default]
    Automatic,
    /// The interpreter only.
    Interpreter,
    /// Machine code from the start.
    MachineCode,
}

/// How to compile.
#[derive(Debug, Clone, Default)]
pub struct CompileOptions {
    /// How the equations are evaluated.
    pub backend: Backend,
}

/// The size of a compiled model: what a change to the compiler must not make worse unnoticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelSize {
    /// Number of states.
    pub states: usize,
    /// Number of parameters: all that is neither a state nor follows from others.
    pub parameters: usize,
    /// Number of expressions computed once per set of parameters.
    pub derived_parameters: usize,
    /// Operations in one evaluation of the right-hand side.
    pub rhs_operations: usize,
    /// Operations in one evaluation of the Jacobian.
    pub jacobian_operations: usize,
    /// Places of the Jacobian that may be nonzero, with the diagonal.
    pub jacobian_nonzeros: usize,
    /// Number of root functions.
    pub roots: usize,
    /// Number of events.
    pub events: usize,
}

/// What the solver evaluates all the time: positions in [`CompiledModel::parts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ModelPart {
    Rhs = 0,
    Jacobian = 1,
    Roots = 2,
}

/// A network compiled to numbers and indices; shared read-only by all threads.
///
/// Changing parameters or initial values never recompiles.
#[derive(Debug)]
pub struct CompiledModel {
    pub(crate) graph: Graph,
    pub(crate) layout: Layout,
    pub(crate) storage: Vec<Storage>,
    states: Vec<SymbolIndex>,
    /// Number of algebraic states; they come last.
    pub(crate) algebraic: usize,
    /// Number of extents of fast reactions, the first of them.
    pub(crate) extents: usize,
    /// The states that mean the same with all extents at 0.
    pub(crate) folded: Program,
    parameters: Vec<SymbolIndex>,
    /// The value of each symbol.
    pub(crate) values: Vec<NodeId>,
    /// The symbols whose values are rates of reactions.
    pub(crate) reactions: Vec<SymbolIndex>,
    /// Whether each symbol is a compartment.
    pub(crate) is_compartment: Vec<bool>,
    /// Species kept as concentrations, with their compartments.
    pub(crate) concentrations: Vec<(SymbolIndex, SymbolIndex)>,
    pub(crate) pattern: Pattern,
    /// Made when the first stiff run asks for it.
    elimination: OnceLock<Arc<Elimination>>,
    /// What the last run was asked for, prepared.
    last_outputs: Mutex<Option<(Vec<SymbolIndex>, Arc<Outputs>)>>,
    /// Derived parameters from parameters.
    pub(crate) derived: Program,
    part_nodes: [Vec<NodeId>; 3],
    pub(crate) parts: [Program; 3],
    events: Vec<EventShape>,
    trigger_nodes: Vec<NodeId>,
    pub(crate) triggers: Program,
    pub(crate) event_programs: Vec<EventPrograms>,
    initial: DrawingProgram,
    pub(crate) initial_layout: Layout,
    start_needs_algebraic: bool,
    pub(crate) initial_graph: Graph,
    /// Initial values of states followed by parameters.
    pub(crate) initial_nodes: Vec<NodeId>,
    /// The expressions of the events.
    pub(crate) event_nodes: Vec<EventNodes>,
    pub(crate) tier: Tier,
    pub(crate) jumps: Jumps,
    pub(crate) delays: Delays,
}

/// Compiles a network.
///
/// # Errors
/// [`CompileError::Unsupported`] names what the engine cannot do yet; the others are broken promises of the network.
pub fn compile(network: &Network, options: &CompileOptions) -> Result<CompiledModel, CompileError> {
    let lowered = lower(network)?;
    let mut graph = lowered.graph;
    let SparseJacobian { pattern, entries } = jacobian(&mut graph, &lowered.rhs);

    let part_nodes = [lowered.rhs, entries, lowered.roots];
    let wanted: Vec<NodeId> = part_nodes
        .iter()
        .flatten()
        .chain(&lowered.values)
        .chain(&lowered.folded)
        .copied()
        .chain(lowered.events.iter().flat_map(LoweredEvent::nodes))
        .chain(lowered.jumps.iter().flat_map(LoweredJump::nodes))
        .chain(lowered.draws.iter().flat_map(|draw| draw.arguments.iter().copied()))
        .chain(lowered.delays.iter().flat_map(|delay| [delay.value, delay.duration]))
        .collect();
    let layout = Layout::new(&graph, lowered.states.len(), lowered.parameters.len(), &wanted);
    let program = |nodes: &[NodeId]| Program::new(&graph, &layout, nodes);
    let parts = [program(&part_nodes[0]), program(&part_nodes[1]), program(&part_nodes[2])];
    let triggers: Vec<NodeId> = lowered.events.iter().map(|event| event.trigger).collect();
    let drawing = |nodes: &[NodeId]| DrawingProgram::new(&graph, &layout, &lowered.draws, nodes);
    let event_programs = lowered.events.iter().map(|event| EventPrograms {
        delay: event.delay.map(|delay| drawing(&[delay])),
        priority: event.priority.map(|priority| drawing(&[priority])),
        values: drawing(&event.values),
    });
    // What gives initial values is evaluated once per run: nothing there is worth keeping apart.
    let initial_layout = Layout::new(&lowered.initial_graph, 0, 2 * network.symbols().len(), &[]);
    let delays = Delays::new(
        &lowered.delays,
        (&graph, &layout),
        (&lowered.before_graph, network.symbols().len()),
        (&lowered.initial_graph, &initial_layout),
        &part_nodes[ModelPart::Rhs as usize],
    );

    let (others, algebraic) = lowered.states.split_at(lowered.states.len() - lowered.algebraic);
    let mut starts = lowered.initial.clone();
    starts.drain(others.len()..lowered.states.len());
    let needed = lowered.initial_graph.reachable(starts);
    let start_needs_algebraic = lowered.initial_graph.nodes().iter().zip(needed).any(|(node, needed)| {
        let of_algebraic = |place: u32| algebraic.iter().any(|&symbol| position_of(symbol) == place as usize);
        needed && matches!(*node, Node::Parameter(place) if of_algebraic(place))
    });

    let model = CompiledModel {
        derived: layout.derived_program(&graph),
        triggers: program(&triggers),
        trigger_nodes: triggers,
        event_programs: event_programs.collect(),
        event_nodes: lowered.events.iter().map(EventNodes::of).collect(),
        events: lowered.events.into_iter().map(|event| event.shape).collect(),
        initial: DrawingProgram::new(&lowered.initial_graph, &initial_layout, &lowered.initial_draws, &lowered.initial),
        initial_layout,
        tier: Tier::new(options.backend, parts.iter().map(Program::len).sum()),
        jumps: Jumps::new(lowered.jumps, options.backend),
        delays,
        initial_graph: lowered.initial_graph,
        initial_nodes: lowered.initial,
        storage: lowered.storage,
        states: lowered.states,
        algebraic: lowered.algebraic,
        extents: lowered.extents,
        folded: program(&lowered.folded),
        start_needs_algebraic,
        parameters: lowered.parameters,
        values: lowered.values,
        is_compartment: network.symbols().iter().map(|it| matches!(it.kind, SymbolKind::Compartment(_))).collect(),
        reactions: reactions(network),
        concentrations: lowered.concentrations,
        pattern,
        elimination: OnceLock::new(),
        last_outputs: Mutex::new(None),
        part_nodes,
        parts,
        layout,
        graph,
    };
    if options.backend == Backend::MachineCode {
        model.tier.compile_now(|| model.machine_code())?;
    }
    Ok(model)
}

/// Fills the parameter vector of the time before the run, a value for each symbol and then whether it is in force, with
/// the initial values of a condition.
pub(crate) fn put_in_force(parameters: &mut [f64], given: &[(SymbolIndex, f64)]) {
    let (values, in_force) = parameters.split_at_mut(parameters.len() / 2);
    in_force.fill(0.0);
    for &(symbol, value) in given {
        values[position_of(symbol)] = value;
        in_force[position_of(symbol)] = 1.0;
    }
}

fn reactions(network: &Network) -> Vec<SymbolIndex> {
    let symbols = network.symbols().iter().enumerate();
    let reactions = symbols.filter(|(_, symbol)| matches!(symbol.kind, SymbolKind::Reaction(_)));
    reactions.map(|(position, _)| symbol_index(position)).collect()
}

impl LoweredEvent {
    fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.values.iter().copied().chain([self.trigger]).chain(self.delay).chain(self.priority)
    }
}

/// What the solver needs to know about an event; its expressions are evaluated by [`BoundModel`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EventShape {
    /// Value of the trigger before time starts.
    pub(crate) trigger_initially: bool,
    /// False: an event that waits is dropped when its trigger turns false again.
    pub(crate) persistent: bool,
    /// True when there is a delay expression.
    pub(crate) has_delay: bool,
    /// True when there is a priority expression.
    pub(crate) has_priority: bool,
    /// True: values to assign are computed when the trigger fires, not when the delay is over.
    pub(crate) use_values_from_trigger_time: bool,
    /// What the event sets, in the order of the values of [`BoundModel::event_values`].
    pub(crate) targets: Vec<SymbolIndex>,
}

/// The expressions of an event as nodes, for derivatives of them.
#[derive(Debug)]
pub(crate) struct EventNodes {
    pub(crate) trigger: NodeId,
    pub(crate) delay: Option<NodeId>,
    pub(crate) values: Vec<NodeId>,
}

impl EventNodes {
    fn of(event: &LoweredEvent) -> Self {
        Self { trigger: event.trigger, delay: event.delay, values: event.values.clone() }
    }
}

/// The expressions of an event.
#[derive(Debug)]
pub(crate) struct EventPrograms {
    pub(crate) delay: Option<DrawingProgram>,
    pub(crate) priority: Option<DrawingProgram>,
    pub(crate) values: DrawingProgram,
}

/// Where a run starts.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    /// Time, always 0 in the model's unit.
    pub(crate) time: f64,
    /// States.
    pub(crate) states: Vec<f64>,
    /// Everything that is neither a state nor derived; goes into [`CompiledModel::bind`].
    pub(crate) parameters: Vec<f64>,
}

/// Requested symbols, prepared for evaluation at many points; made by [`CompiledModel::outputs`].
#[derive(Debug, Clone)]
pub(crate) struct Outputs {
    pub(crate) program: Program,
}

impl CompiledModel {
    /// Number of states.
    pub fn state_count(&self) -> usize {
        self.states.len()
    }

    /// The symbol of a state, for naming it in errors.
    ///
    /// # Panics
    /// When there is no such state.
    pub fn state_symbol(&self, state: usize) -> SymbolIndex {
        self.states[state]
    }

    /// How large the compiled model is.
    pub fn size(&self) -> ModelSize {
        ModelSize {
            states: self.states.len(),
            parameters: self.parameters.len(),
            derived_parameters: self.layout.derived_nodes().len(),
            rhs_operations: self.parts[ModelPart::Rhs as usize].len(),
            jacobian_operations: self.parts[ModelPart::Jacobian as usize].len(),
            jacobian_nonzeros: self.pattern.nonzeros(),
            roots: self.parts[ModelPart::Roots as usize].result_count(),
            events: self.events.len(),
        }
    }

    /// What the model has beside rates of change that depend on the present alone.
    pub(crate) fn beyond_rates(&self) -> Option<&'static str> {
        if self.algebraic > self.extents {
            Some("algebraic rules")
        } else if self.extents > 0 {
            Some("fast reactions")
        } else {
            (!self.delays.is_empty()).then_some("delays")
        }
    }

    /// True if a condition may give the symbol a value: nothing derives it from others.
    pub fn is_settable(&self, symbol: SymbolIndex) -> bool {
        match self.storage[position_of(symbol)].slot {
            Slot::State(state) => state < self.states.len() - self.algebraic,
            Slot::Parameter(_) => true,
            Slot::Derived => false,
        }
    }

    /// The events, in the order of the network.
    pub(crate) fn events(&self) -> &[EventShape] {
        &self.events
    }

    /// Initial states and parameters under a condition.
    ///
    /// # Errors
    /// [`CompileError::NotSettable`] when the condition gives an initial value to something that has a rule, or changes
    /// it later.
    #[cfg(test)]
    pub(crate) fn start(&self, condition: &Condition) -> Result<Start, CompileError> {
        self.start_drawing(condition, &mut Stream::new(0, 0))
    }

    /// As [`CompiledModel::start`], with random numbers for what the model draws at the start.
    pub(crate) fn start_drawing(&self, condition: &Condition, random: &mut Stream) -> Result<Start, CompileError> {
        let initial = condition.initial.iter().map(|(symbol, _)| *symbol);
        let changed = condition.changes.iter().map(|change| change.target);
        if let Some(symbol) = initial.chain(changed).find(|&symbol| !self.is_settable(symbol)) {
            return Err(CompileError::NotSettable { symbol });
        }

        Ok(self.start_from(&condition.initial, random))
    }

    /// True when initial assignments need what algebraic rules determine.
    pub(crate) fn start_needs_algebraic(&self) -> bool {
        self.start_needs_algebraic
    }

    /// [`CompiledModel::start`] with the algebraic states taken from `y`.
    pub(crate) fn start_with(&self, condition: &Condition, random: &mut Stream, y: &[f64]) -> Start {
        self.start_from(&self.given_with(condition, y), random)
    }

    /// The initial values of a condition, with the algebraic states taken from `y`.
    fn given_with(&self, condition: &Condition, y: &[f64]) -> Vec<(SymbolIndex, f64)> {
        let first = self.states.len() - self.algebraic;
        let algebraic = self.states.iter().copied().zip(y.iter().copied()).skip(first + self.extents);
        condition.initial.iter().copied().chain(algebraic).collect()
    }

    fn start_from(&self, given: &[(SymbolIndex, f64)], random: &mut Stream) -> Start {
        let mut memory = self.initial_layout.memory(self.initial.scratch().max(self.delays.scratch_at_start()));
        put_in_force(self.initial_layout.parameters(&mut memory), given);
        let time = 0.0;
        self.initial_layout.set_point(&mut memory, time, &[]);
        if !self.delays.is_empty() {
            let delayed: Vec<usize> = self.initial.delayed().collect();
            self.past(given).fill_start(self, &mut memory, &delayed, 0);
        }
        let mut states = vec![0.0; self.initial.program.result_count()];
        self.initial.run(&mut memory, random, &mut states);
        let parameters = states.split_off(self.states.len());
        Start { time, states, parameters }
    }

    /// What there is to remember before a run with these initial values begins.
    pub(crate) fn past(&self, given: &[(SymbolIndex, f64)]) -> Past {
        Past::new(self, given)
    }

    /// [`CompiledModel::past`] of a condition, with the algebraic states taken from `y`.
    pub(crate) fn past_with(&self, condition: &Condition, y: &[f64]) -> Past {
        self.past(&self.given_with(condition, y))
    }

    /// The model with its parameters, ready to be solved.
    pub(crate) fn bind(&self, parameters: Vec<f64>) -> BoundModel<'_> {
        BoundModel::new(self, &parameters)
    }

    /// Prepares the evaluation of these symbols.
    pub(crate) fn outputs(&self, symbols: &[SymbolIndex]) -> Outputs {
        let nodes: Vec<NodeId> = symbols.iter().map(|&symbol| self.values[position_of(symbol)]).collect();
        self.outputs_of_nodes(&nodes)
    }

    /// [`CompiledModel::outputs`] of a run: prepared once for runs that ask for the same, as members of an ensemble do.
    pub(crate) fn outputs_of_run(&self, symbols: &[SymbolIndex]) -> Arc<Outputs> {
        let mut last = self.last_outputs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, outputs)) = &*last
            && known == symbols
        {
            return Arc::clone(outputs);
        }
        let outputs = Arc::new(self.outputs(symbols));
        *last = Some((symbols.to_vec(), Arc::clone(&outputs)));
        outputs
    }

    /// Prepares the evaluation of these nodes.
    pub(crate) fn outputs_of_nodes(&self, nodes: &[NodeId]) -> Outputs {
        Outputs { program: Program::new(&self.graph, &self.layout, nodes) }
    }

    /// Computes the derived parameters in a memory anew from the parameters in it.
    pub(crate) fn refresh_derived(&self, memory: &mut [f64]) {
        let mut derived = vec![0.0; self.derived.result_count()];
        self.derived.run(memory, &mut derived);
        self.layout.derived(memory).copy_from_slice(&derived);
    }

    /// How the Newton matrix is eliminated: worked out once, for all runs.
    pub(crate) fn elimination(&self) -> Arc<Elimination> {
        Arc::clone(self.elimination.get_or_init(|| Arc::new(Elimination::new(&self.pattern))))
    }

    /// Scratch places that every program of the model finds enough.
    pub(crate) fn scratch(&self) -> usize {
        let events = self.event_programs.iter().flat_map(|event| {
            [Some(&event.values), event.delay.as_ref(), event.priority.as_ref()].into_iter().flatten()
        });
        let programs = self.parts.iter().chain([&self.derived, &self.triggers, &self.folded]);
        let scratch = programs.map(Program::scratch).chain(events.map(DrawingProgram::scratch));
        scratch.chain([self.delays.scratch()]).max().unwrap_or(0)
    }

    /// Machine code for the parts that the solver evaluates all the time.
    pub(crate) fn machine_code(&self) -> Result<MachineCode, String> {
        let parts: Vec<&[NodeId]> = self.part_nodes.iter().map(Vec::as_slice).collect();
        MachineCode::compile(&self.graph, &self.layout, &parts)
    }

    /// The nodes of the triggers of all events.
    pub(crate) fn trigger_nodes(&self) -> &[NodeId] {
        &self.trigger_nodes
    }

    /// The nodes of the parts that the solver evaluates all the time.
    pub(crate) fn part_nodes(&self) -> &[Vec<NodeId>; 3] {
        &self.part_nodes
    }
}
