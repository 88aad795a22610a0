//! How outputs depend on parameters, sizes and initial values: forward sensitivities.

use crate::bytecode::{Layout, Program};
use crate::compiled::{CompiledModel, Start};
use crate::derivatives::Derivatives;
use crate::differentiate::{Variables, partials};
use crate::error::CompileError;
use crate::graph::Node;
use crate::lower::{Slot, position_of};
use crate::options::{FailureKind, SolveFailure, SolveOptions};
use crate::solve::{Run, check_request};
use crate::tangent::Tangent;
use crate::trajectory::Trajectory;
use network::{Action, Condition, SymbolIndex};
use std::collections::BTreeSet;

/// How sensitivities are computed.
#[derive(Debug, Clone)]
pub struct SensitivityOptions {
    /// How the run is solved.
    pub solve: SolveOptions,
    /// Whether steps are chosen so that the sensitivities, too, are as accurate as the tolerances ask for: as much of a
    /// sensitivity as of its state, measured in the state over the value it is sensitive to.
    pub error_control: bool,
}

impl Default for SensitivityOptions {
    fn default() -> Self {
        Self { solve: SolveOptions::default(), error_control: true }
    }
}

/// A trajectory with its derivatives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sensitivities {
    /// The run.
    pub trajectory: Trajectory,
    /// What the derivatives are with respect to.
    pub with_respect_to: Vec<SymbolIndex>,
    /// Row-major: time x output x symbol; in units of output over symbol.
    pub values: Vec<f64>,
}

impl Sensitivities {
    /// The derivative of an output at a time with respect to a symbol, all by position.
    pub fn value(&self, time: usize, output: usize, symbol: usize) -> f64 {
        let (outputs, symbols) = (self.trajectory.outputs.len(), self.with_respect_to.len());
        self.values[(time * outputs + output) * symbols + symbol]
    }
}

/// Solves as [`crate::solve()`] does, and gives the derivatives of all outputs with respect to the initial values of
/// symbols: of parameters, compartments and species, in what their names mean.
///
/// A derivative is the limit of what changes when a condition gives the symbol another initial value, so initial
/// assignments of others that need it count. Derivatives follow jumps exactly: events whose time depends on a symbol,
/// delayed events, scheduled changes, and places where rates jump. Where the derivative does not exist, as when an event
/// is only just triggered, it is the one of what happened in this run. Steps are those of the stiff integrator.
///
/// # Errors
/// [`SolveFailure`] with its reason and the trajectory so far.
pub fn sensitivities(
    model: &CompiledModel,
    condition: &Condition,
    output_times: &[f64],
    outputs: &[SymbolIndex],
    with_respect_to: &[SymbolIndex],
    options: &SensitivityOptions,
) -> Result<Sensitivities, SolveFailure> {
    check_request(output_times, outputs, &options.solve)?;
    if let Some(what) = model.beyond_rates().or(model.draws()) {
        return Err(SolveFailure::before_start(FailureKind::NoDerivatives(what), None, outputs));
    }
    let refuse = |error| SolveFailure::at_start(error, outputs);
    let start = start_derivatives(model, condition, with_respect_to, &options.solve).map_err(refuse)?;
    let derivatives = Derivatives::new(model, start.active, outputs);
    let tangent = Tangent::new(derivatives, start.of_states, start.of_parameters, start.sizes, options.error_control);
    let mut run = Run::new(model, condition, output_times, outputs, &options.solve).map_err(refuse)?;
    run.carry(tangent);
    let (trajectory, values) = run.finish_with_tangent()?;
    Ok(Sensitivities { trajectory, with_respect_to: with_respect_to.to_vec(), values })
}

impl CompiledModel {
    /// What has no derivatives because chance decides about it.
    pub(crate) fn draws(&self) -> Option<&'static str> {
        let mut nodes = self.graph.nodes().iter().chain(self.initial_graph.nodes());
        nodes.any(|node| matches!(node, Node::Draw(_))).then_some("random draws")
    }
}

/// Derivatives at the start of a run, column by column.
pub(crate) struct StartDerivatives {
    /// Parameters that may depend on what is asked for, sorted.
    pub active: Vec<usize>,
    pub of_states: Vec<f64>,
    pub of_parameters: Vec<f64>,
    /// Absolute values of the symbols; 1 where they are 0.
    pub sizes: Vec<f64>,
}

/// The derivatives of states and parameters at the start with respect to the initial values of symbols.
pub(crate) fn start_derivatives(
    model: &CompiledModel,
    condition: &Condition,
    symbols: &[SymbolIndex],
    options: &SolveOptions,
) -> Result<StartDerivatives, CompileError> {
    if let Some(&symbol) = symbols.iter().find(|&&symbol| !model.is_settable(symbol)) {
        return Err(CompileError::NotSettable { symbol });
    }
    let start = model.start_drawing(condition, &mut options.stream())?;
    let Start { time, states, parameters } = start;
    let mut values = vec![0.0; symbols.len()];
    model.bind(parameters).evaluate(&model.outputs(symbols), time, &states, &mut values);

    let mut graph = model.initial_graph.clone();
    let places: Vec<usize> = symbols.iter().map(|&symbol| position_of(symbol)).collect();
    let gradients = partials(&mut graph, &model.initial_nodes, &Variables::default().and_parameters(&places));
    let count = model.values.len();
    let layout = Layout::new(&graph, 0, 2 * count, &[]);
    let entries: Vec<_> = gradients.iter().flatten().map(|&(_, entry)| entry).collect();
    let program = Program::new(&graph, &layout, &entries);
    let mut memory = layout.memory(program.scratch());
    let mut computed = vec![0.0; entries.len()];

    let of_active = gradients[states.len()..].iter().enumerate();
    let mut active: BTreeSet<usize> =
        of_active.filter(|(_, gradient)| !gradient.is_empty()).map(|(parameter, _)| parameter).collect();
    active.extend(model.assigned_parameters());
    active.extend(condition.changes.iter().filter_map(|change| {
        match (model.storage[position_of(change.target)].slot, change.action) {
            (Slot::Parameter(parameter), Action::Add(_)) => Some(parameter),
            _ => None,
        }
    }));
    let active: Vec<usize> = active.into_iter().collect();
    let mut of_states = vec![0.0; symbols.len() * states.len()];
    let mut of_parameters = vec![0.0; symbols.len() * active.len()];
    for (column, &symbol) in symbols.iter().enumerate() {
        // Each symbol by itself is given, as a condition would.
        let (given, in_force) = layout.parameters(&mut memory).split_at_mut(count);
        in_force.fill(0.0);
        for (symbol, value) in condition.initial.iter().copied().chain([(symbol, values[column])]) {
            given[position_of(symbol)] = value;
            in_force[position_of(symbol)] = 1.0;
        }
        layout.set_point(&mut memory, time, &[]);
        program.run(&mut memory, &mut computed);
        let number = places.iter().position(|&place| place == places[column]).unwrap_or(column);
        let mut next = computed.iter();
        for (row, gradient) in gradients.iter().enumerate() {
            for &(variable, _) in gradient {
                let Some(&entry) = next.next() else { break };
                if variable as usize != number {
                    continue;
                }
                match row.checked_sub(states.len()) {
                    None => of_states[column * states.len() + row] = entry,
                    Some(parameter) => {
                        if let Ok(place) = active.binary_search(&parameter) {
                            of_parameters[column * active.len() + place] = entry;
                        }
                    }
                }
            }
        }
    }
    let sizes = values.iter().map(|value| if *value == 0.0 || !value.is_finite() { 1.0 } else { value.abs() });
    Ok(StartDerivatives { active, of_states, of_parameters, sizes: sizes.collect() })
}

#[cfg(test)]
mod tests;
