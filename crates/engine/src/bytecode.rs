//! A linear program for parts of the graph, with its plain interpreter: the way to evaluate at once, where machine code
//! would not pay or does not exist, and the judge of machine code.
//!
//! All programs of a model work on one piece of memory, laid out by [`Layout`]: time, states, parameters, derived
//! parameters and constants first, then scratch.

use crate::graph::{Binary, Graph, Node, NodeId, Unary, for_each_argument};
use std::collections::BTreeSet;

/// Where things are in the memory that programs work on: `time | states | parameters | derived | constants | draws |
/// delayed | scratch`.
///
/// *Derived* parameters are the largest subexpressions of parameters and constants alone. They are computed when a
/// parameter changes instead of at every evaluation.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    states: usize,
    parameters: usize,
    constants: Vec<f64>,
    derived: Vec<NodeId>,
    draws: usize,
    delayed: usize,
    /// Address of each node that has a fixed place.
    fixed: Vec<Option<u32>>,
}

impl Layout {
    /// Lays out the memory for programs that compute any of `roots`.
    pub(crate) fn new(graph: &Graph, states: usize, parameters: usize, roots: &[NodeId]) -> Self {
        let derived = derived_parameters(graph, roots);
        let mut fixed = vec![None; graph.nodes().len()];
        let mut constants = Vec::new();
        let first_derived = 1 + states + parameters;
        let first_constant = first_derived + derived.len();
        let constant_count = graph.nodes().iter().filter(|node| matches!(node, Node::Constant(_))).count();
        let count = |number: fn(Node) -> Option<u32>| {
            graph.nodes().iter().filter_map(|&node| number(node)).max().map_or(0, |last| last as usize + 1)
        };
        let draws = count(|node| if let Node::Draw(i) = node { Some(i) } else { None });
        let delayed = count(|node| if let Node::Delayed(i) = node { Some(i) } else { None });
        let first_draw = address(first_constant + constant_count);
        for (index, &node) in graph.nodes().iter().enumerate() {
            fixed[index] = match node {
                Node::Time => Some(0),
                Node::State(i) => Some(1 + i),
                Node::Parameter(j) => Some(address(1 + states) + j),
                Node::Constant(bits) => {
                    constants.push(f64::from_bits(bits));
                    Some(address(first_constant + constants.len() - 1))
                }
                Node::Draw(i) => Some(first_draw + i),
                Node::Delayed(i) => Some(first_draw + address(draws) + i),
                _ => None,
            };
        }
        for (k, &node) in derived.iter().enumerate() {
            fixed[node.index()] = Some(address(first_derived + k));
        }
        Self { states, parameters, constants, derived, draws, delayed, fixed }
    }

    /// Memory with room for `scratch` values, constants in place, all else not a number.
    pub(crate) fn memory(&self, scratch: usize) -> Vec<f64> {
        let mut memory = vec![f64::NAN; self.first_scratch() + scratch];
        let first_constant = self.first_draw() - self.constants.len();
        memory[first_constant..][..self.constants.len()].copy_from_slice(&self.constants);
        memory
    }

    /// Puts time and states in place.
    pub(crate) fn set_point(&self, memory: &mut [f64], t: f64, y: &[f64]) {
        memory[0] = t;
        memory[1..=self.states].copy_from_slice(y);
    }

    /// The parameters, without the derived ones.
    pub(crate) fn parameters<'m>(&self, memory: &'m mut [f64]) -> &'m mut [f64] {
        &mut memory[1 + self.states..][..self.parameters]
    }

    /// The derived parameters.
    pub(crate) fn derived<'m>(&self, memory: &'m mut [f64]) -> &'m mut [f64] {
        &mut memory[1 + self.states + self.parameters..][..self.derived.len()]
    }

    /// The nodes of the derived parameters, in the order of their places.
    pub(crate) fn derived_nodes(&self) -> &[NodeId] {
        &self.derived
    }

    /// The fixed address of a node, if it has one; else it must be computed.
    pub(crate) fn fixed(&self, node: NodeId) -> Option<u32> {
        self.fixed[node.index()]
    }

    /// The address of the first draw.
    pub(crate) fn first_draw(&self) -> usize {
        self.first_scratch() - self.delayed - self.draws
    }

    /// The values of the past, whose places are the last before scratch.
    pub(crate) fn delayed<'m>(&self, memory: &'m mut [f64]) -> &'m mut [f64] {
        &mut memory[self.first_scratch() - self.delayed..][..self.delayed]
    }

    /// The first address after everything that has a fixed place.
    pub(crate) fn first_scratch(&self) -> usize {
        1 + self.states + self.parameters + self.derived.len() + self.constants.len() + self.draws + self.delayed
    }

    /// The nodes that must be computed for `roots`, in an order of evaluation.
    pub(crate) fn needed(&self, graph: &Graph, roots: &[NodeId]) -> Vec<NodeId> {
        let mut needed = vec![false; graph.nodes().len()];
        let last = roots.iter().map(|root| root.index()).max();
        roots.iter().for_each(|root| needed[root.index()] = true);
        let mut order = Vec::new();
        for index in (0..last.map_or(0, |last| last + 1)).rev() {
            if needed[index] && self.fixed[index].is_none() {
                for_each_argument(graph.nodes()[index], |argument| needed[argument.index()] = true);
                order.push(NodeId(address(index)));
            }
        }
        order.reverse();
        order
    }

    /// The program for the derived parameters themselves, which cannot use their places before they are known.
    pub(crate) fn derived_program(&self, graph: &Graph) -> Program {
        let mut before = self.clone();
        self.derived.iter().for_each(|node| before.fixed[node.index()] = None);
        Program::new(graph, &before, &self.derived)
    }
}

/// Nodes of parameters alone that are wanted by something that varies, or wanted themselves.
fn derived_parameters(graph: &Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let varies = graph.varies();
    let needed = graph.reachable(roots.iter().copied());
    let mut wanted = vec![false; graph.nodes().len()];
    roots.iter().for_each(|root| wanted[root.index()] = true);
    for (index, &node) in graph.nodes().iter().enumerate() {
        if needed[index] && varies[index] {
            for_each_argument(node, |argument| wanted[argument.index()] = true);
        }
    }
    let computed = |index: usize| matches!(graph.nodes()[index], Node::Unary(..) | Node::Binary(..) | Node::Select(..));
    (0..wanted.len())
        .filter(|&index| wanted[index] && !varies[index] && computed(index))
        .map(|index| NodeId(address(index)))
        .collect()
}

/// One step of a program; numbers are addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instruction {
    Unary { function: Unary, to: u32, x: u32 },
    Binary { function: Binary, to: u32, a: u32, b: u32 },
    Select { to: u32, condition: u32, chosen: u32, otherwise: u32 },
}

/// A linear program that computes some nodes.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    instructions: Vec<Instruction>,
    results: Vec<u32>,
    scratch: usize,
    /// Numbers of the values of the past that it reads.
    delayed: Vec<usize>,
}

impl Program {
    /// The program that computes `results`.
    ///
    /// Scratch places are used again as soon as the last reader of their value has run, the latest freed first.
    pub(crate) fn new(graph: &Graph, layout: &Layout, results: &[NodeId]) -> Self {
        let order = layout.needed(graph, results);
        let mut readers = vec![0_u32; graph.nodes().len()];
        results.iter().for_each(|result| readers[result.index()] += 1);
        for node in &order {
            for_each_argument(graph.node(*node), |argument| readers[argument.index()] += 1);
        }
        let mut computed = vec![0_u32; graph.nodes().len()];
        let mut free = Vec::new();
        let mut scratch = 0;
        let mut instructions = Vec::with_capacity(order.len());
        for &id in &order {
            let node = graph.node(id);
            let at = |argument: NodeId| layout.fixed(argument).unwrap_or(computed[argument.index()]);
            let arguments = arguments_at(node, at);
            for_each_argument(node, |argument| {
                readers[argument.index()] -= 1;
                if readers[argument.index()] == 0 && layout.fixed(argument).is_none() {
                    free.push(computed[argument.index()]);
                }
            });
            let to = free.pop().unwrap_or_else(|| {
                scratch += 1;
                address(layout.first_scratch() + scratch - 1)
            });
            computed[id.index()] = to;
            instructions.push(instruction(node, to, arguments));
        }
        let place = |result: &NodeId| layout.fixed(*result).unwrap_or(computed[result.index()]);
        let delayed = delayed_of(graph, layout, &order, results);
        let results = results.iter().map(place).collect();
        Self { instructions, results, scratch, delayed }
    }

    /// Numbers of the values of the past that it reads.
    pub(crate) fn delayed(&self) -> &[usize] {
        &self.delayed
    }

    /// Number of instructions: the unit of work.
    pub(crate) fn len(&self) -> usize {
        self.instructions.len()
    }

    /// Number of scratch places it needs.
    pub(crate) fn scratch(&self) -> usize {
        self.scratch
    }

    /// Number of results.
    pub(crate) fn result_count(&self) -> usize {
        self.results.len()
    }

    /// Runs the program and writes its results.
    pub(crate) fn run(&self, memory: &mut [f64], results: &mut [f64]) {
        for &instruction in &self.instructions {
            match instruction {
                Instruction::Unary { function, to, x } => memory[to as usize] = function.apply(memory[x as usize]),
                Instruction::Binary { function, to, a, b } => {
                    memory[to as usize] = function.apply(memory[a as usize], memory[b as usize]);
                }
                Instruction::Select { to, condition, chosen, otherwise } => {
                    let from = if memory[condition as usize] != 0.0 { chosen } else { otherwise };
                    memory[to as usize] = memory[from as usize];
                }
            }
        }
        for (result, &from) in results.iter_mut().zip(&self.results) {
            *result = memory[from as usize];
        }
    }
}

fn arguments_at(node: Node, at: impl Fn(NodeId) -> u32) -> [u32; 3] {
    let mut arguments = [0; 3];
    let mut count = 0;
    for_each_argument(node, |argument| {
        arguments[count] = at(argument);
        count += 1;
    });
    arguments
}

/// The values of the past among what is wanted and what is read on the way to it.
fn delayed_of(graph: &Graph, layout: &Layout, order: &[NodeId], results: &[NodeId]) -> Vec<usize> {
    if layout.delayed == 0 {
        return Vec::new();
    }
    let mut delayed = BTreeSet::new();
    let mut look = |id: NodeId| {
        if let Node::Delayed(number) = graph.node(id) {
            delayed.insert(number as usize);
        }
    };
    results.iter().copied().for_each(&mut look);
    order.iter().for_each(|&id| for_each_argument(graph.node(id), &mut look));
    delayed.into_iter().collect()
}

fn instruction(node: Node, to: u32, [first, second, third]: [u32; 3]) -> Instruction {
    match node {
        Node::Unary(function, _) => Instruction::Unary { function, to, x: first },
        Node::Binary(function, ..) => Instruction::Binary { function, to, a: first, b: second },
        Node::Select(..) => Instruction::Select { to, condition: first, chosen: second, otherwise: third },
        Node::Constant(_) | Node::Time | Node::State(_) | Node::Parameter(_) | Node::Draw(_) | Node::Delayed(_) => {
            unreachable!("inputs have fixed places and are never computed")
        }
    }
}

pub(crate) fn address(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 values: memory ends long before")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_graphs::{any_graph, any_number, same};
    use proptest::prelude::*;

    proptest! {
        /// The judge: every node of the graph computed in turn, nothing kept apart, nothing reused.
        #[test]
        fn a_program_agrees_with_the_plain_reading_of_the_graph(
            built in any_graph(60),
            point in proptest::collection::vec(any_number(), 6),
        ) {
            let plain = built.plain_values(&point);
            let expected: Vec<f64> = built.results.iter().map(|result| plain[result.index()]).collect();
            let computed = built.interpreted(&point);
            prop_assert!(same(&computed, &expected), "{computed:?} instead of {expected:?}");
        }
    }

    #[test]
    fn a_program_computes_its_results_and_reuses_scratch() {
        let mut graph = Graph::default();
        let (p, y) = (graph.parameter(0), graph.state(0));
        let mut sum = graph.multiply(p, y);
        for _ in 0..10 {
            let square = graph.multiply(sum, sum);
            sum = graph.add(square, y);
        }
        let layout = Layout::new(&graph, 1, 1, &[sum]);
        let program = Program::new(&graph, &layout, &[sum, y]);
        assert_eq!(program.len(), 21);
        assert_eq!(program.scratch(), 1);
        let mut memory = layout.memory(program.scratch());
        layout.parameters(&mut memory)[0] = 0.5;
        layout.set_point(&mut memory, 0.0, &[0.25]);
        let mut results = [0.0; 2];
        program.run(&mut memory, &mut results);
        let expected = (0..10).fold(0.125, |sum, _| sum * sum + 0.25);
        assert_eq!(results, [expected, 0.25]);
    }

    #[test]
    fn expressions_of_parameters_alone_are_computed_once() {
        let mut graph = Graph::default();
        let (p, q, y) = (graph.parameter(0), graph.parameter(1), graph.state(0));
        let power = graph.power(p, q);
        let derived = graph.unary(Unary::Exp, power);
        let rate = graph.multiply(derived, y);
        let layout = Layout::new(&graph, 1, 2, &[rate]);
        assert_eq!(layout.derived_nodes(), [derived]);
        let program = Program::new(&graph, &layout, &[rate]);
        assert_eq!(program.len(), 1);

        let once = layout.derived_program(&graph);
        let mut memory = layout.memory(once.scratch().max(program.scratch()));
        layout.parameters(&mut memory).copy_from_slice(&[3.0, 1.5]);
        let mut value = [0.0];
        once.run(&mut memory, &mut value);
        layout.derived(&mut memory).copy_from_slice(&value);
        layout.set_point(&mut memory, 0.0, &[2.0]);
        program.run(&mut memory, &mut value);
        assert_eq!(value, [3.0_f64.powf(1.5).exp() * 2.0]);
    }
}
