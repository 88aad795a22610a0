//! Partial derivatives of rates, outputs, root functions and events with respect to states, parameters and time.
//!
//! They are nodes of a copy of the model's graph, so that they share what they have in common with each other, and are
//! evaluated by programs of their own.

use crate::bytecode::{Layout, Program};
use crate::compiled::{CompiledModel, ModelPart};
use crate::differentiate::{Variables, partials};
use crate::graph::{Binary, Graph, Node, NodeId, Unary};
use crate::lower::{Slot, position_of};
use network::SymbolIndex;
use std::collections::BTreeSet;

/// The derivatives of some values, row by row, with the program that computes them.
///
/// Variables are numbered: states, then active parameters, then time.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    /// Where each row starts in `variables`; one longer than the number of rows.
    pub starts: Vec<usize>,
    /// The variable of each entry.
    pub variables: Vec<u32>,
    program: Program,
}

impl Rows {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The entries of a row, as places and variables.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, usize)> {
        let places = self.starts[row]..self.starts[row + 1];
        places.map(|place| (place, self.variables[place] as usize))
    }
}

/// Which values.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of {
    /// Rates of change of the states.
    Rates,
    Outputs,
    /// Root functions; of those that jump at whole numbers, what is whole there.
    Roots,
    /// Sizes of compartments that follow from a rule.
    Sizes,
    /// The delay of an event, a single row.
    Delay(usize),
    /// The values an event assigns.
    Assigned(usize),
}

/// The derivatives of a model.
#[derive(Debug)]
pub(crate) struct Derivatives {
    layout: Layout,
    derived: Program,
    memory: Vec<f64>,
    states: usize,
    /// Positions of the active parameters: those that may depend on what is asked for.
    pub active: Vec<usize>,
    rates: Rows,
    outputs: Rows,
    roots: Rows,
    sizes: Rows,
    /// The compartments of `sizes`.
    pub sized: Vec<SymbolIndex>,
    delays: Vec<Rows>,
    assigned: Vec<Rows>,
    /// The root functions that decide the trigger of each event.
    pub trigger_roots: Vec<Vec<usize>>,
}

impl Derivatives {
    /// Derivatives with respect to all states, time and the parameters at these positions, sorted.
    pub fn new(model: &CompiledModel, active: Vec<usize>, outputs: &[SymbolIndex]) -> Self {
        let mut graph = model.graph.clone();
        let states = model.state_count();
        let variables = Variables::of_states(states).and_parameters(&active).and_time();
        let root_nodes = &model.part_nodes()[ModelPart::Roots as usize];
        let sized: Vec<SymbolIndex> = model.derived_compartments();
        let value = |&symbol: &SymbolIndex| model.values[position_of(symbol)];
        // Groups of nodes in the order in which they are taken off again below.
        let mut groups: Vec<Vec<NodeId>> = vec![
            model.part_nodes()[ModelPart::Rhs as usize].clone(),
            outputs.iter().map(value).collect(),
            root_nodes.iter().map(|&root| inside_of_jump(&graph, root)).collect(),
            sized.iter().map(value).collect(),
        ];
        groups.extend(model.event_nodes.iter().map(|event| event.delay.into_iter().collect()));
        groups.extend(model.event_nodes.iter().map(|event| event.values.clone()));
        let gradients: Vec<_> = groups.iter().map(|nodes| partials(&mut graph, nodes, &variables)).collect();
        let trigger_roots =
            model.event_nodes.iter().map(|event| roots_of(&mut graph, event.trigger, root_nodes)).collect();

        let entries: Vec<NodeId> = gradients.iter().flatten().flatten().map(|&(_, entry)| entry).collect();
        let layout = Layout::new(&graph, states, model.parameter_count(), &entries);
        let mut rows = gradients.into_iter().map(|gradients| {
            let mut starts = vec![0];
            for gradient in &gradients {
                starts.push(starts[starts.len() - 1] + gradient.len());
            }
            let entries: Vec<NodeId> = gradients.iter().flatten().map(|&(_, entry)| entry).collect();
            let variables = gradients.iter().flatten().map(|&(variable, _)| variable).collect();
            Rows { starts, variables, program: Program::new(&graph, &layout, &entries) }
        });
        let mut next = || rows.next().expect("as many groups as were made");
        let (rates, outputs, roots, sizes) = (next(), next(), next(), next());
        let delays: Vec<Rows> = model.event_nodes.iter().map(|_| next()).collect();
        let assigned: Vec<Rows> = model.event_nodes.iter().map(|_| next()).collect();
        let derived = layout.derived_program(&graph);
        let all = [&rates, &outputs, &roots, &sizes].into_iter().chain(&delays).chain(&assigned);
        let scratch = all.map(|rows| rows.program.scratch()).max().unwrap_or(0).max(derived.scratch());
        Self {
            memory: layout.memory(scratch),
            layout,
            derived,
            states,
            active,
            rates,
            outputs,
            roots,
            sizes,
            sized,
            delays,
            assigned,
            trigger_roots,
        }
    }

    /// The number of the variable that is time.
    pub fn time_variable(&self) -> usize {
        self.states + self.active.len()
    }

    /// Number of states.
    pub fn state_count(&self) -> usize {
        self.states
    }

    pub fn rows(&self, of: Of) -> &Rows {
        match of {
            Of::Rates => &self.rates,
            Of::Outputs => &self.outputs,
            Of::Roots => &self.roots,
            Of::Sizes => &self.sizes,
            Of::Delay(event) => &self.delays[event],
            Of::Assigned(event) => &self.assigned[event],
        }
    }

    /// Takes over the parameters of the model, which must be told whenever they change.
    pub fn set_parameters(&mut self, parameters: &[f64]) {
        self.layout.parameters(&mut self.memory).copy_from_slice(parameters);
        let mut derived = vec![0.0; self.derived.result_count()];
        self.derived.run(&mut self.memory, &mut derived);
        self.layout.derived(&mut self.memory).copy_from_slice(&derived);
    }

    /// The entries of the rows at a point.
    ///
    /// Where a derivative is not a finite number, as that of `sqrt(x)` at 0 or of a Hill function written with `(k/x)^n`,
    /// 0 is taken: the same as the Newton matrix does.
    pub fn evaluate(&mut self, of: Of, time: f64, y: &[f64], entries: &mut Vec<f64>) {
        self.layout.set_point(&mut self.memory, time, y);
        let program = match of {
            Of::Rates => &self.rates.program,
            Of::Outputs => &self.outputs.program,
            Of::Roots => &self.roots.program,
            Of::Sizes => &self.sizes.program,
            Of::Delay(event) => &self.delays[event].program,
            Of::Assigned(event) => &self.assigned[event].program,
        };
        entries.resize(program.result_count(), 0.0);
        program.run(&mut self.memory, entries);
        entries.iter_mut().filter(|value| !value.is_finite()).for_each(|value| *value = 0.0);
    }
}

impl CompiledModel {
    /// Number of parameters.
    pub(crate) fn parameter_count(&self) -> usize {
        self.size().parameters
    }

    /// Compartments whose sizes follow from a rule and divide the amounts of something.
    fn derived_compartments(&self) -> Vec<SymbolIndex> {
        let dividing = self.storage.iter().filter_map(|storage| storage.amount_in);
        let derived = dividing.filter(|&compartment| self.storage[position_of(compartment)].slot == Slot::Derived);
        derived.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The parameters that events assign.
    pub(crate) fn assigned_parameters(&self) -> BTreeSet<usize> {
        let targets = self.events().iter().flat_map(|event| &event.targets);
        let slots = targets.map(|&target| self.storage[position_of(target)].slot);
        slots.filter_map(|slot| if let Slot::Parameter(parameter) = slot { Some(parameter) } else { None }).collect()
    }
}

/// `x` for a function that jumps where `x` is whole.
fn inside_of_jump(graph: &Graph, root: NodeId) -> NodeId {
    match graph.node(root) {
        Node::Unary(Unary::IntegerCrossing, x) => x,
        _ => root,
    }
}

/// Positions of the root functions at which the truth of a trigger may change.
fn roots_of(graph: &mut Graph, trigger: NodeId, roots: &[NodeId]) -> Vec<usize> {
    let needed = graph.reachable([trigger]);
    let mut found = BTreeSet::new();
    for index in (0..needed.len()).filter(|&index| needed[index]) {
        let id = NodeId(index as u32);
        let root = match graph.node(id) {
            Node::Unary(Unary::Floor | Unary::Ceiling | Unary::Truncate, x) => graph.unary(Unary::IntegerCrossing, x),
            Node::Binary(Binary::Remainder, a, b) => {
                let quotient = graph.divide(a, b);
                graph.unary(Unary::IntegerCrossing, quotient)
            }
            _ => match graph.relation(id) {
                Some((a, b)) => graph.subtract(a.min(b), a.max(b)),
                None => continue,
            },
        };
        found.extend(roots.iter().position(|&known| known == root));
    }
    found.into_iter().collect()
}
