//! Random graphs for tests, and three ways to evaluate them.

use crate::bytecode::{Layout, Program};
use crate::graph::{Binary, Graph, Node, NodeId, Unary};
use crate::machine_code::MachineCode;
use proptest::prelude::*;

pub(crate) const STATES: usize = 3;
pub(crate) const PARAMETERS: usize = 2;

/// A graph with the nodes a test wants. Points are time, three states and two parameters.
#[derive(Debug, Clone)]
pub(crate) struct TestGraph {
    pub(crate) graph: Graph,
    pub(crate) results: Vec<NodeId>,
}

impl TestGraph {
    /// Every node of the graph in turn.
    pub(crate) fn plain_values(&self, point: &[f64]) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::new();
        for &node in self.graph.nodes() {
            let value = match node {
                Node::Constant(bits) => f64::from_bits(bits),
                Node::Time => point[0],
                Node::State(i) => point[1 + i as usize],
                Node::Parameter(j) => point[1 + STATES + j as usize],
                Node::Draw(_) | Node::Delayed(_) => f64::NAN,
                Node::Unary(function, x) => function.apply(values[x.index()]),
                Node::Binary(function, a, b) => function.apply(values[a.index()], values[b.index()]),
                Node::Select(condition, a, b) => values[if values[condition.index()] != 0.0 { a } else { b }.index()],
            };
            values.push(value);
        }
        values
    }

    pub(crate) fn interpreted(&self, point: &[f64]) -> Vec<f64> {
        let layout = Layout::new(&self.graph, STATES, PARAMETERS, &self.results);
        let program = Program::new(&self.graph, &layout, &self.results);
        let mut memory = self.memory(&layout, program.scratch(), point);
        let mut results = vec![0.0; self.results.len()];
        program.run(&mut memory, &mut results);
        results
    }

    pub(crate) fn by_machine_code(&self, point: &[f64]) -> Vec<f64> {
        let layout = Layout::new(&self.graph, STATES, PARAMETERS, &self.results);
        let code = MachineCode::compile(&self.graph, &layout, &[&self.results]).expect("this processor is known");
        let mut memory = self.memory(&layout, code.memory_len(), point);
        let mut results = vec![0.0; self.results.len()];
        code.run(0, &mut memory, &mut results);
        results
    }

    fn memory(&self, layout: &Layout, scratch: usize, point: &[f64]) -> Vec<f64> {
        let once = layout.derived_program(&self.graph);
        let mut memory = layout.memory(scratch.max(once.scratch()));
        layout.parameters(&mut memory).copy_from_slice(&point[1 + STATES..]);
        let mut derived = vec![0.0; once.result_count()];
        once.run(&mut memory, &mut derived);
        layout.derived(&mut memory).copy_from_slice(&derived);
        layout.set_point(&mut memory, point[0], &point[1..=STATES]);
        memory
    }
}

/// Equal to the last bit; what is not a number equals whatever else is not a number.
pub(crate) fn same(computed: &[f64], expected: &[f64]) -> bool {
    computed.len() == expected.len()
        && computed.iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
}

/// Numbers of all kinds, whole ones and broken ones among them.
pub(crate) fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -5.0..5.0_f64,
        2 => (-4..5_i32).prop_map(f64::from),
        1 => prop_oneof![Just(1e300), Just(-1e-300), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(f64::NAN)],
    ]
}

const UNARY: [Unary; 24] = [
    Unary::Negate,
    Unary::Sqrt,
    Unary::Exp,
    Unary::Ln,
    Unary::Log10,
    Unary::Sin,
    Unary::Cos,
    Unary::Tan,
    Unary::Arcsin,
    Unary::Arccos,
    Unary::Arctan,
    Unary::Sinh,
    Unary::Cosh,
    Unary::Tanh,
    Unary::Arcsinh,
    Unary::Arccosh,
    Unary::Arctanh,
    Unary::Not,
    Unary::Abs,
    Unary::Floor,
    Unary::Ceiling,
    Unary::Truncate,
    Unary::Factorial,
    Unary::IntegerCrossing,
];
/// The first so many are smooth wherever they are defined.
const SMOOTH_UNARY: usize = 17;

const BINARY: [Binary; 14] = [
    Binary::Add,
    Binary::Subtract,
    Binary::Multiply,
    Binary::Divide,
    Binary::Power,
    Binary::Remainder,
    Binary::Minimum,
    Binary::Maximum,
    Binary::Less,
    Binary::LessOrEqual,
    Binary::Equal,
    Binary::NotEqual,
    Binary::And,
    Binary::Or,
];
const SMOOTH_BINARY: usize = 5;

/// A graph of any functions; every node is a result.
pub(crate) fn any_graph(size: usize) -> impl Strategy<Value = TestGraph> {
    let step = (0..4_usize, any::<usize>(), any::<[usize; 3]>());
    proptest::collection::vec(step, 1..size).prop_map(|steps| build(&steps, UNARY.len(), BINARY.len(), true))
}

/// A graph of smooth functions.
pub(crate) fn smooth_graph(size: usize) -> impl Strategy<Value = TestGraph> {
    let step = (0..3_usize, any::<usize>(), any::<[usize; 3]>());
    proptest::collection::vec(step, 1..size).prop_map(|steps| build(&steps, SMOOTH_UNARY, SMOOTH_BINARY, false))
}

fn build(steps: &[(usize, usize, [usize; 3])], unary: usize, binary: usize, select: bool) -> TestGraph {
    let mut graph = Graph::default();
    let mut made = vec![graph.time()];
    made.extend((0..STATES).map(|state| graph.state(state)));
    made.extend((0..PARAMETERS).map(|parameter| graph.parameter(parameter)));
    made.extend([0.5, 1.0, 2.0, -3.0].map(|number| graph.constant(number)));
    for &(kind, function, arguments) in steps {
        let [a, b, c] = arguments.map(|argument| made[argument % made.len()]);
        made.push(match kind {
            0 => graph.unary(UNARY[function % unary], a),
            3 if select => graph.select(a, b, c),
            _ => graph.binary(BINARY[function % binary], a, b),
        });
    }
    TestGraph { graph, results: made }
}
