//! The compiled model, and the model bound to parameters as the [`System`] a solver integrates. (In work: signatures.)

use crate::error::CompileError;
use crate::system::{Pattern, System};
use network::{Action, Condition, Network, SymbolIndex};

/// How the equations are evaluated. The results are the same, bit for bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backend {
    /// Starts with the interpreter and makes machine code when enough has been evaluated for it to pay.
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

/// A network compiled to numbers and indices; shared read-only by all threads.
///
/// Changing parameters or initial values never recompiles.
#[derive(Debug)]
pub struct CompiledModel {}

/// Compiles a network.
///
/// # Errors
/// [`CompileError::Unsupported`] names what the engine cannot do yet; the others are broken promises of the network.
pub fn compile(_network: &Network, _options: &CompileOptions) -> Result<CompiledModel, CompileError> {
    todo!("the compiler is being written")
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
pub(crate) struct Outputs {}

impl CompiledModel {
    /// Number of states.
    pub fn state_count(&self) -> usize {
        todo!()
    }

    /// The symbol of a state, for naming it in errors.
    pub fn state_symbol(&self, _state: usize) -> SymbolIndex {
        todo!()
    }

    /// The events, in the order of the network.
    pub(crate) fn events(&self) -> &[EventShape] {
        todo!()
    }

    /// Initial states and parameters under a condition.
    ///
    /// # Errors
    /// [`CompileError::NotSettable`] when the condition gives an initial value to something that has a rule, or changes
    /// it later.
    pub(crate) fn start(&self, _condition: &Condition) -> Result<Start, CompileError> {
        todo!()
    }

    /// The model with its parameters, ready to be solved.
    pub(crate) fn bind(&self, _parameters: Vec<f64>) -> BoundModel<'_> {
        todo!()
    }

    /// Prepares the evaluation of these symbols.
    pub(crate) fn outputs(&self, _symbols: &[SymbolIndex]) -> Outputs {
        todo!()
    }
}

/// A model with its parameters and scratch memory; one per thread and run.
#[derive(Debug)]
pub(crate) struct BoundModel<'m> {
    #[allow(dead_code)]
    model: &'m CompiledModel,
}

impl BoundModel<'_> {
    /// Writes the values of the requested symbols at a point, in the order they were asked for. A species has the value
    /// its name means in expressions.
    pub(crate) fn evaluate(&mut self, _outputs: &Outputs, _t: f64, _y: &[f64], _values: &mut [f64]) {
        todo!()
    }

    /// Writes whether the trigger of each event holds at a point.
    pub(crate) fn triggers(&mut self, _t: f64, _y: &[f64], _holds: &mut [bool]) {
        todo!()
    }

    /// How long the event waits, if triggered at this point; 0 without a delay expression.
    pub(crate) fn event_delay(&mut self, _event: usize, _t: f64, _y: &[f64]) -> f64 {
        todo!()
    }

    /// Priority of the event at this point; `None` without a priority expression.
    pub(crate) fn event_priority(&mut self, _event: usize, _t: f64, _y: &[f64]) -> Option<f64> {
        todo!()
    }

    /// The values the event would assign at this point, in the order of [`EventShape::targets`].
    pub(crate) fn event_values(&mut self, _event: usize, _t: f64, _y: &[f64]) -> Vec<f64> {
        todo!()
    }

    /// Gives several symbols new values at once, as an event does. A species takes its value in what its name means;
    /// species of a compartment that changes keep their amounts.
    pub(crate) fn assign(&mut self, _t: f64, _y: &mut [f64], _targets: &[SymbolIndex], _values: &[f64]) {
        todo!()
    }

    /// Carries out a scheduled change of a condition.
    pub(crate) fn apply(&mut self, _t: f64, _y: &mut [f64], _target: SymbolIndex, _action: Action) {
        todo!()
    }
}

impl System for BoundModel<'_> {
    fn dimension(&self) -> usize {
        todo!()
    }

    fn rhs(&mut self, _t: f64, _y: &[f64], _dy: &mut [f64]) {
        todo!()
    }

    fn jacobian_pattern(&self) -> &Pattern {
        todo!()
    }

    fn jacobian(&mut self, _t: f64, _y: &[f64], _values: &mut [f64]) {
        todo!()
    }

    fn root_count(&self) -> usize {
        todo!()
    }

    fn roots(&mut self, _t: f64, _y: &[f64], _g: &mut [f64]) {
        todo!()
    }
}
