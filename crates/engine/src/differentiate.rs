//! The Jacobian, and derivatives with respect to parameters and time, as part of the graph.
//!
//! Every node gets its gradient, as a short sorted list of variables with the node of the derivative, from the gradients of
//! its arguments (forward accumulation). Rates depend on few states, so the lists stay short, and hash-consing shares
//! what rates, rules and derivatives have in common.
//!
//! Where a function has a kink or a jump, the derivative is the one of the branch in force: of the chosen piece, of the
//! smaller argument, zero for `floor`, relations and logic. The places themselves are root functions, where the solver
//! stops; the derivative of a jump never enters.

use crate::bytecode::address;
use crate::graph::{Binary, Graph, Node, NodeId, Unary};
use crate::system::Pattern;

/// The nodes of the Jacobian, in the order of its pattern.
#[derive(Debug, Clone)]
pub(crate) struct SparseJacobian {
    pub(crate) pattern: Pattern,
    pub(crate) entries: Vec<NodeId>,
}

/// Variables and derivatives, sorted by variable; absent means zero.
pub(crate) type Gradient = Vec<(u32, NodeId)>;

/// What is differentiated with respect to, numbered from 0 on in the order in which it was added.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    count: u32,
    /// Number of states; they keep their numbers.
    states: u32,
    /// The variable that each parameter is, if it is one.
    parameters: Vec<Option<u32>>,
    time: Option<u32>,
}

impl Variables {
    /// The first states.
    pub(crate) fn of_states(count: usize) -> Self {
        Self { count: address(count), states: address(count), ..Self::default() }
    }

    /// Parameters at these positions as well; one that comes twice keeps its first number.
    pub(crate) fn and_parameters(mut self, positions: &[usize]) -> Self {
        self.parameters.resize(positions.iter().map(|position| position + 1).max().unwrap_or(0), None);
        for &position in positions {
            self.parameters[position].get_or_insert(self.count);
            self.count += 1;
        }
        self
    }

    /// Time as well.
    pub(crate) fn and_time(mut self) -> Self {
        self.time = Some(self.count);
        self.count += 1;
        self
    }

    fn number(&self, node: Node) -> Option<u32> {
        match node {
            Node::State(state) => Some(state).filter(|&state| state < self.states),
            Node::Parameter(position) => self.parameters.get(position as usize).copied().flatten(),
            Node::Time => self.time,
            _ => None,
        }
    }
}

/// The gradients of some nodes.
pub(crate) fn partials(graph: &mut Graph, nodes: &[NodeId], variables: &Variables) -> Vec<Gradient> {
    let gradients = gradients(graph, nodes, variables);
    nodes.iter().map(|node| gradients[node.index()].clone()).collect()
}

/// Differentiates each of `rhs` with respect to each state. There are as many states as right-hand sides.
pub(crate) fn jacobian(graph: &mut Graph, rhs: &[NodeId]) -> SparseJacobian {
    let gradients = gradients(graph, rhs, &Variables::of_states(rhs.len()));
    let mut columns = vec![Vec::new(); rhs.len()];
    for (row, root) in rhs.iter().enumerate() {
        for &(column, _) in &gradients[root.index()] {
            columns[column as usize].push(row);
        }
    }
    let pattern = Pattern::from_columns(columns);
    let mut entries = vec![graph.constant(0.0); pattern.nonzeros()];
    for (row, root) in rhs.iter().enumerate() {
        for &(column, entry) in &gradients[root.index()] {
            let position = pattern.position(row, column as usize).expect("the pattern holds every entry");
            entries[position] = entry;
        }
    }
    SparseJacobian { pattern, entries }
}

/// The gradient of every node that `roots` need.
fn gradients(graph: &mut Graph, roots: &[NodeId], variables: &Variables) -> Vec<Gradient> {
    let needed = graph.reachable(roots.iter().copied());
    let mut gradients: Vec<Gradient> = Vec::with_capacity(needed.len());
    for (index, needed) in needed.into_iter().enumerate() {
        let id = NodeId(address(index));
        let gradient = if needed { gradient(graph, id, &gradients, variables) } else { Vec::new() };
        gradients.push(gradient);
    }
    gradients
}

fn gradient(graph: &mut Graph, id: NodeId, known: &[Gradient], variables: &Variables) -> Gradient {
    match graph.node(id) {
        // What lies in the past does not change with the present.
        Node::Delayed(_) => Vec::new(),
        node @ (Node::Constant(_) | Node::Time | Node::Parameter(_) | Node::State(_) | Node::Draw(_)) => {
            variables.number(node).map(|variable| (variable, graph.constant(1.0))).into_iter().collect()
        }
        Node::Unary(function, x) => {
            let inner = &known[x.index()];
            if inner.is_empty() { Vec::new() } else { unary(graph, function, id, x, inner) }
        }
        Node::Binary(function, a, b) => {
            let (left, right) = (&known[a.index()], &known[b.index()]);
            if left.is_empty() && right.is_empty() {
                Vec::new()
            } else {
                binary(graph, function, id, a, b, left, right)
            }
        }
        Node::Select(condition, chosen, otherwise) => {
            choose(graph, condition, &known[chosen.index()], &known[otherwise.index()])
        }
    }
}

/// The chain rule: derivative of the function times the gradient of its argument.
fn unary(graph: &mut Graph, function: Unary, value: NodeId, x: NodeId, inner: &Gradient) -> Gradient {
    let one = graph.constant(1.0);
    let slope = match function {
        Unary::Negate => graph.constant(-1.0),
        // Constant between jumps; `factorial` is defined for whole numbers only.
        Unary::Not | Unary::Floor | Unary::Ceiling | Unary::Truncate | Unary::Factorial | Unary::IntegerCrossing => {
            return Vec::new();
        }
        Unary::Abs => {
            let (zero, minus_one) = (graph.constant(0.0), graph.constant(-1.0));
            let negative = graph.binary(Binary::Less, x, zero);
            graph.select(negative, minus_one, one)
        }
        Unary::Sqrt => {
            let half = graph.constant(0.5);
            graph.divide(half, value)
        }
        Unary::Exp => value,
        Unary::Ln => graph.divide(one, x),
        Unary::Log10 => {
            let factor = graph.constant(std::f64::consts::LOG10_E);
            graph.divide(factor, x)
        }
        Unary::Sin => graph.unary(Unary::Cos, x),
        Unary::Cos => {
            let sine = graph.unary(Unary::Sin, x);
            graph.negate(sine)
        }
        Unary::Tan => {
            let square = graph.multiply(value, value);
            graph.add(one, square)
        }
        Unary::Arcsin => reciprocal_root(graph, |graph, square| graph.subtract(one, square), x),
        Unary::Arccos => {
            let slope = reciprocal_root(graph, |graph, square| graph.subtract(one, square), x);
            graph.negate(slope)
        }
        Unary::Arctan => {
            let square = graph.multiply(x, x);
            let sum = graph.add(one, square);
            graph.divide(one, sum)
        }
        Unary::Sinh => graph.unary(Unary::Cosh, x),
        Unary::Cosh => graph.unary(Unary::Sinh, x),
        Unary::Tanh => {
            let square = graph.multiply(value, value);
            graph.subtract(one, square)
        }
        Unary::Arcsinh => reciprocal_root(graph, |graph, square| graph.add(square, one), x),
        Unary::Arccosh => reciprocal_root(graph, |graph, square| graph.subtract(square, one), x),
        Unary::Arctanh => {
            let square = graph.multiply(x, x);
            let difference = graph.subtract(one, square);
            graph.divide(one, difference)
        }
    };
    scale(graph, inner, slope)
}

/// `1 / sqrt(under(x^2))`
fn reciprocal_root(graph: &mut Graph, under: impl FnOnce(&mut Graph, NodeId) -> NodeId, x: NodeId) -> NodeId {
    let square = graph.multiply(x, x);
    let under = under(graph, square);
    let root = graph.unary(Unary::Sqrt, under);
    let one = graph.constant(1.0);
    graph.divide(one, root)
}

fn binary(
    graph: &mut Graph,
    function: Binary,
    value: NodeId,
    a: NodeId,
    b: NodeId,
    left: &Gradient,
    right: &Gradient,
) -> Gradient {
    match function {
        Binary::Add => merge(graph, left, right, Graph::add),
        Binary::Subtract => merge(graph, left, right, Graph::subtract),
        Binary::Multiply => {
            let (left, right) = (scale(graph, left, b), scale(graph, right, a));
            merge(graph, &left, &right, Graph::add)
        }
        // d(a/b) = (da - (a/b) db) / b
        Binary::Divide => {
            let right = scale(graph, right, value);
            let difference = merge(graph, left, &right, Graph::subtract);
            divide(graph, &difference, b)
        }
        Binary::Power => power(graph, value, a, b, left, right),
        // a - b trunc(a/b)
        Binary::Remainder => {
            let quotient = graph.divide(a, b);
            let whole = graph.unary(Unary::Truncate, quotient);
            let right = scale(graph, right, whole);
            merge(graph, left, &right, Graph::subtract)
        }
        Binary::Minimum => {
            let first = graph.binary(Binary::Less, a, b);
            choose(graph, first, left, right)
        }
        Binary::Maximum => {
            let first = graph.binary(Binary::Less, b, a);
            choose(graph, first, left, right)
        }
        Binary::Less | Binary::LessOrEqual | Binary::Equal | Binary::NotEqual | Binary::And | Binary::Or => Vec::new(),
    }
}

/// d(x^n) = n x^(n-1) dx + x^n ln(x) dn, where the second term is 0 at x = 0.
fn power(graph: &mut Graph, value: NodeId, x: NodeId, n: NodeId, dx: &Gradient, dn: &Gradient) -> Gradient {
    let mut gradient = Vec::new();
    if !dx.is_empty() {
        let one = graph.constant(1.0);
        let less = graph.subtract(n, one);
        let power = graph.power(x, less);
        let slope = graph.multiply(n, power);
        gradient = scale(graph, dx, slope);
    }
    if !dn.is_empty() {
        let zero = graph.constant(0.0);
        let logarithm = graph.unary(Unary::Ln, x);
        let product = graph.multiply(value, logarithm);
        let at_zero = graph.binary(Binary::Equal, x, zero);
        let slope = graph.select(at_zero, zero, product);
        let by_exponent = scale(graph, dn, slope);
        gradient = merge(graph, &gradient, &by_exponent, Graph::add);
    }
    gradient
}

fn scale(graph: &mut Graph, gradient: &Gradient, factor: NodeId) -> Gradient {
    gradient.iter().map(|&(variable, entry)| (variable, graph.multiply(entry, factor))).collect()
}

fn divide(graph: &mut Graph, gradient: &Gradient, divisor: NodeId) -> Gradient {
    gradient.iter().map(|&(variable, entry)| (variable, graph.divide(entry, divisor))).collect()
}

fn choose(graph: &mut Graph, condition: NodeId, chosen: &Gradient, otherwise: &Gradient) -> Gradient {
    merge(graph, chosen, otherwise, |graph, chosen, otherwise| graph.select(condition, chosen, otherwise))
}

/// Combines two gradients entry by entry; what is absent from one of them is zero there. Entries that come out as the
/// number zero are left out.
fn merge(
    graph: &mut Graph,
    left: &Gradient,
    right: &Gradient,
    mut combine: impl FnMut(&mut Graph, NodeId, NodeId) -> NodeId,
) -> Gradient {
    let zero = graph.constant(0.0);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        let next_left = left.get(i).map_or(u32::MAX, |entry| entry.0);
        let next_right = right.get(j).map_or(u32::MAX, |entry| entry.0);
        let variable = next_left.min(next_right);
        let (mut a, mut b) = (zero, zero);
        if next_left == variable {
            a = left[i].1;
            i += 1;
        }
        if next_right == variable {
            b = right[j].1;
            j += 1;
        }
        let entry = combine(graph, a, b);
        if entry != zero {
            merged.push((variable, entry));
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_graphs::{TestGraph, smooth_graph};
    use proptest::prelude::*;

    /// The Jacobian of one expression of the states `x`, `y` and of the time.
    fn check(build: impl Fn(&mut Graph, NodeId, NodeId) -> NodeId, point: [f64; 2], expected: [f64; 2]) {
        let mut graph = Graph::default();
        let (x, y) = (graph.state(0), graph.state(1));
        let value = build(&mut graph, x, y);
        let zero = graph.constant(0.0);
        let jacobian = jacobian(&mut graph, &[value, zero]);
        let entry = |column| jacobian.pattern.position(0, column).map_or(zero, |position| jacobian.entries[position]);
        let results = vec![entry(0), entry(1)];
        let computed = TestGraph { graph, results }.interpreted(&[0.0, point[0], point[1], 0.0, 0.0, 0.0]);
        assert_eq!(computed, expected);
    }

    #[test]
    fn the_branch_in_force_is_differentiated() {
        check(|g, x, y| g.binary(Binary::Minimum, x, y), [1.0, 2.0], [1.0, 0.0]);
        check(|g, x, y| g.binary(Binary::Maximum, x, y), [1.0, 2.0], [0.0, 1.0]);
        check(|g, x, _| g.unary(Unary::Abs, x), [-3.0, 0.0], [-1.0, 0.0]);
        check(|g, x, _| g.unary(Unary::Floor, x), [1.5, 0.0], [0.0, 0.0]);
        check(|g, x, y| g.binary(Binary::Less, x, y), [1.0, 2.0], [0.0, 0.0]);
        check(|g, x, y| g.binary(Binary::Remainder, x, y), [7.0, 2.0], [1.0, -3.0]);
        check(
            |g, x, y| {
                let (first, square) = (g.binary(Binary::Less, x, y), g.multiply(x, x));
                g.select(first, square, y)
            },
            [3.0, 4.0],
            [6.0, 0.0],
        );
    }

    #[test]
    fn powers() {
        check(|g, x, y| g.power(x, y), [2.0, 3.0], [12.0, 8.0 * 2.0_f64.ln()]);
        check(|g, x, y| g.power(x, y), [0.0, 3.0], [0.0, 0.0]);
        check(
            |g, x, _| {
                let n = g.constant(3.0);
                g.power(x, n)
            },
            [0.0, 0.0],
            [0.0, 0.0],
        );
    }

    #[test]
    fn what_does_not_depend_on_a_state_is_not_in_the_pattern() {
        let mut graph = Graph::default();
        let (x, p) = (graph.state(0), graph.parameter(0));
        let rate = graph.multiply(p, x);
        let time = graph.time();
        let jacobian = jacobian(&mut graph, &[rate, rate, time]);
        assert_eq!(jacobian.pattern.column(0), [0, 1]);
        assert_eq!(jacobian.pattern.column(1), [1]);
        assert_eq!(jacobian.pattern.column(2), [2]);
        assert_eq!(jacobian.entries[0], p);
    }

    proptest! {
        #[test]
        fn derivatives_agree_with_central_differences(
            built in smooth_graph(12),
            point in proptest::collection::vec(0.2_f64..1.8, 6),
        ) {
            let value = *built.results.last().expect("there is a result");
            let mut graph = built.graph;
            let zero = graph.constant(0.0);
            let jacobian = jacobian(&mut graph, &[value, zero, zero]);
            for state in 0..3 {
                let entry = jacobian.pattern.position(0, state).map_or(zero, |position| jacobian.entries[position]);
                let built = TestGraph { graph: graph.clone(), results: vec![value, entry] };
                let at = |shift: f64| {
                    let mut point = point.clone();
                    point[1 + state] += shift;
                    built.interpreted(&point)
                };
                let step = 1e-5;
                let (coarse, fine) = (
                    (at(2.0 * step)[0] - at(-2.0 * step)[0]) / (4.0 * step),
                    (at(step)[0] - at(-step)[0]) / (2.0 * step),
                );
                // Where the two differences disagree, they are no judge: a pole is near, or digits are lost.
                prop_assume!((coarse - fine).abs() <= 1e-6 * (1.0 + fine.abs()));
                prop_assume!(at(0.0)[0].abs() < 1e3);
                let exact = at(0.0)[1];
                // 0 times infinity on the way, as in the slope of a saturated function of something huge. The engine takes
                // such an entry as 0: it steers Newton's iteration and decides nothing.
                prop_assume!(exact.is_finite());
                prop_assert!((exact - fine).abs() <= 1e-4 * (1.0 + fine.abs()), "{exact} instead of {fine}");
            }
        }
    }
}
