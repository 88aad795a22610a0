//! The Jacobian as part of the graph.
//!
//! Every node gets its gradient, as a short sorted list of states with the node of the derivative, from the gradients of
//! its arguments (forward accumulation). Rates depend on few states, so the lists stay short, and hash-consing shares
//! what rates, rules and derivatives have in common.
//!
//! Where a function has a kink or a jump, the derivative is the one of the branch in force: of the chosen piece, of the
//! smaller argument, zero for `floor`, relations and logic. The places themselves are root functions, where the solver
//! stops; the derivative of a jump never enters.

use crate::graph::{Binary, Graph, Node, NodeId, Unary};
use crate::system::Pattern;

/// The nodes of the Jacobian, in the order of its pattern.
#[derive(Debug, Clone)]
pub(crate) struct SparseJacobian {
    pub(crate) pattern: Pattern,
    pub(crate) entries: Vec<NodeId>,
}

/// States and derivatives, sorted by state; absent means zero.
type Gradient = Vec<(u32, NodeId)>;

/// Differentiates each of `rhs` with respect to each state. There are as many states as right-hand sides.
pub(crate) fn jacobian(graph: &mut Graph, rhs: &[NodeId]) -> SparseJacobian {
    let gradients = gradients(graph, rhs);
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
fn gradients(graph: &mut Graph, roots: &[NodeId]) -> Vec<Gradient> {
    let needed = graph.reachable(roots.iter().copied());
    let mut gradients: Vec<Gradient> = Vec::with_capacity(needed.len());
    for (index, needed) in needed.into_iter().enumerate() {
        let gradient = if needed { gradient(graph, NodeId(index as u32), &gradients) } else { Vec::new() };
        gradients.push(gradient);
    }
    gradients
}

fn gradient(graph: &mut Graph, id: NodeId, known: &[Gradient]) -> Gradient {
    match graph.node(id) {
        Node::Constant(_) | Node::Time | Node::Parameter(_) => Vec::new(),
        Node::State(state) => vec![(state, graph.constant(1.0))],
        Node::Unary(function, x) => {
            let inner = &known[x.index()];
            if inner.is_empty() { Vec::new() } else { unary(graph, function, id, x, inner) }
        }
        Node::Binary(function, a, b) => {
            let (left, right) = (&known[a.index()], &known[b.index()]);
            if left.is_empty() && right.is_empty() { Vec::new() } else { binary(graph, function, id, a, b, left, right) }
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
        Unary::Not
        | Unary::Floor
        | Unary::Ceiling
        | Unary::Truncate
        | Unary::Factorial
        | Unary::IntegerCrossing => return Vec::new(),
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
    gradient.iter().map(|&(state, entry)| (state, graph.multiply(entry, factor))).collect()
}

fn divide(graph: &mut Graph, gradient: &Gradient, divisor: NodeId) -> Gradient {
    gradient.iter().map(|&(state, entry)| (state, graph.divide(entry, divisor))).collect()
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
        let state = next_left.min(next_right);
        let (mut a, mut b) = (zero, zero);
        if next_left == state {
            a = left[i].1;
            i += 1;
        }
        if next_right == state {
            b = right[j].1;
            j += 1;
        }
        let entry = combine(graph, a, b);
        if entry != zero {
            merged.push((state, entry));
        }
    }
    merged
}
