//! Expressions as one graph in which equal subexpressions are one node.
//!
//! A node is made once ("hash-consed"): asking for it again gives the same [`NodeId`], so common subexpressions of all
//! rates, rules and derivatives are shared for free. Nodes never change and refer only to earlier ones, so ascending
//! ids are an order of evaluation. Node ids depend only on the order of construction: same model, same graph.
//!
//! Simplifications are those that hold for every finite value: constants are folded, `x + 0`, `x * 1`, `x / 1` and
//! `x ^ 1` vanish, small constant powers become products, roots or reciprocals, signs are gathered. `0 * x` is *not*
//! folded to 0, nor `x - x`, nor `x / x`: where `x` is infinite or not a number the model is broken there, and the run
//! must say so instead of hiding it. Sums and products are never regrouped; only the two arguments of one addition or
//! product are put in order, which IEEE arithmetic allows.

use crate::functions;
pub(crate) use crate::operators::{Binary, Unary};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A node of a [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

impl NodeId {
    /// The position of the node in the order of construction.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node computes. Truth is 1, falsehood 0; anything but 0 counts as true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// A number, by its bits.
    Constant(u64),
    /// Simulated time.
    Time,
    /// A state.
    State(u32),
    /// An entry of the parameter vector.
    Parameter(u32),
    /// A number drawn before the program runs; see [`crate::draws`]. Each draw has a number of its own, so two draws from
    /// the same distribution are two nodes.
    Draw(u32),
    /// A value of the past, found before the program runs; see [`crate::delays`].
    Delayed(u32),
    /// A function of one argument.
    Unary(Unary, NodeId),
    /// A function of two arguments.
    Binary(Binary, NodeId, NodeId),
    /// The second if the first is true, else the third.
    Select(NodeId, NodeId, NodeId),
}

/// The graph. See the module.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    known: HashMap<Node, NodeId, BuildHasherDefault<NodeHasher>>,
}

impl Graph {
    /// All nodes, in the order of construction.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// What a node computes.
    pub(crate) fn node(&self, id: NodeId) -> Node {
        self.nodes[id.index()]
    }

    /// The number, if the node is one.
    pub(crate) fn constant_value(&self, id: NodeId) -> Option<f64> {
        match self.node(id) {
            Node::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// The id of a node, if the graph has it.
    pub(crate) fn existing(&self, node: Node) -> Option<NodeId> {
        self.known.get(&node).copied()
    }

    /// A number.
    pub(crate) fn constant(&mut self, value: f64) -> NodeId {
        // One zero, so that x + 0 and x + -0 are one node.
        let value = if value == 0.0 { 0.0 } else { value };
        self.intern(Node::Constant(value.to_bits()))
    }

    /// Simulated time.
    pub(crate) fn time(&mut self) -> NodeId {
        self.intern(Node::Time)
    }

    /// A state.
    pub(crate) fn state(&mut self, index: usize) -> NodeId {
        self.intern(Node::State(small(index)))
    }

    /// An entry of the parameter vector.
    pub(crate) fn parameter(&mut self, index: usize) -> NodeId {
        self.intern(Node::Parameter(small(index)))
    }

    /// A draw.
    pub(crate) fn draw(&mut self, index: usize) -> NodeId {
        self.intern(Node::Draw(small(index)))
    }

    /// A value of the past.
    pub(crate) fn delayed(&mut self, index: usize) -> NodeId {
        self.intern(Node::Delayed(small(index)))
    }

    /// A function of one argument, simplified.
    pub(crate) fn unary(&mut self, function: Unary, x: NodeId) -> NodeId {
        if let Some(value) = self.constant_value(x) {
            return self.constant(function.apply(value));
        }
        match (function, self.node(x)) {
            (Unary::Negate, Node::Unary(Unary::Negate, inner)) => inner,
            (Unary::Negate, Node::Binary(Binary::Subtract, a, b)) => self.subtract(b, a),
            (Unary::Not, Node::Binary(Binary::Equal, a, b)) => self.binary(Binary::NotEqual, a, b),
            (Unary::Not, Node::Binary(Binary::NotEqual, a, b)) => self.binary(Binary::Equal, a, b),
            (Unary::Abs, Node::Unary(Unary::Negate | Unary::Abs, inner)) => self.unary(Unary::Abs, inner),
            _ => self.intern(Node::Unary(function, x)),
        }
    }

    /// A function of two arguments, simplified.
    pub(crate) fn binary(&mut self, function: Binary, a: NodeId, b: NodeId) -> NodeId {
        if let (Some(left), Some(right)) = (self.constant_value(a), self.constant_value(b)) {
            return self.constant(function.apply(left, right));
        }
        match function {
            Binary::Add => self.add(a, b),
            Binary::Subtract => self.subtract(a, b),
            Binary::Multiply => self.multiply(a, b),
            Binary::Divide => self.divide(a, b),
            Binary::Power => self.power(a, b),
            Binary::Minimum | Binary::Maximum if a == b => a,
            _ => self.intern_binary(function, a, b),
        }
    }

    /// `a + b`
    pub(crate) fn add(&mut self, a: NodeId, b: NodeId) -> NodeId {
        match (self.constant_value(a), self.constant_value(b)) {
            (Some(left), Some(right)) => return self.constant(left + right),
            (Some(0.0), _) => return b,
            (_, Some(0.0)) => return a,
            _ => {}
        }
        match (self.node(a), self.node(b)) {
            (_, Node::Unary(Unary::Negate, inner)) => self.subtract(a, inner),
            (Node::Unary(Unary::Negate, inner), _) => self.subtract(b, inner),
            _ => self.intern_binary(Binary::Add, a, b),
        }
    }

    /// `a - b`
    pub(crate) fn subtract(&mut self, a: NodeId, b: NodeId) -> NodeId {
        match (self.constant_value(a), self.constant_value(b)) {
            (Some(left), Some(right)) => return self.constant(left - right),
            (Some(0.0), _) => return self.negate(b),
            (_, Some(0.0)) => return a,
            _ => {}
        }
        match self.node(b) {
            Node::Unary(Unary::Negate, inner) => self.add(a, inner),
            _ => self.intern_binary(Binary::Subtract, a, b),
        }
    }

    /// `-x`
    pub(crate) fn negate(&mut self, x: NodeId) -> NodeId {
        self.unary(Unary::Negate, x)
    }

    /// `a * b`
    pub(crate) fn multiply(&mut self, a: NodeId, b: NodeId) -> NodeId {
        match (self.constant_value(a), self.constant_value(b)) {
            (Some(left), Some(right)) => return self.constant(left * right),
            (Some(1.0), _) => return b,
            (_, Some(1.0)) => return a,
            (Some(-1.0), _) => return self.negate(b),
            (_, Some(-1.0)) => return self.negate(a),
            _ => {}
        }
        // Signs move outward, where sums absorb them.
        match (self.node(a), self.node(b)) {
            (Node::Unary(Unary::Negate, x), Node::Unary(Unary::Negate, y)) => self.multiply(x, y),
            (Node::Unary(Unary::Negate, x), _) => {
                let product = self.multiply(x, b);
                self.negate(product)
            }
            (_, Node::Unary(Unary::Negate, y)) => {
                let product = self.multiply(a, y);
                self.negate(product)
            }
            _ => self.intern_binary(Binary::Multiply, a, b),
        }
    }

    /// `a / b`
    pub(crate) fn divide(&mut self, a: NodeId, b: NodeId) -> NodeId {
        match (self.constant_value(a), self.constant_value(b)) {
            (Some(left), Some(right)) => return self.constant(left / right),
            (_, Some(1.0)) => return a,
            (_, Some(-1.0)) => return self.negate(a),
            _ => {}
        }
        match (self.node(a), self.node(b)) {
            (Node::Unary(Unary::Negate, x), Node::Unary(Unary::Negate, y)) => self.divide(x, y),
            (Node::Unary(Unary::Negate, x), _) => {
                let quotient = self.divide(x, b);
                self.negate(quotient)
            }
            (_, Node::Unary(Unary::Negate, y)) => {
                let quotient = self.divide(a, y);
                self.negate(quotient)
            }
            _ => self.intern_binary(Binary::Divide, a, b),
        }
    }

    /// `x ^ n`
    pub(crate) fn power(&mut self, x: NodeId, n: NodeId) -> NodeId {
        let Some(exponent) = self.constant_value(n) else { return self.intern_binary(Binary::Power, x, n) };
        if let Some(base) = self.constant_value(x) {
            return self.constant(functions::power(base, exponent));
        }
        if exponent == 0.5 {
            return self.unary(Unary::Sqrt, x);
        }
        let size = exponent.abs();
        if size != size.trunc() || size > 8.0 {
            return self.intern_binary(Binary::Power, x, n);
        }
        let product = self.whole_power(x, size as u32);
        if exponent >= 0.0 {
            return product;
        }
        let one = self.constant(1.0);
        self.divide(one, product)
    }

    /// The same grouping as [`functions::power`] uses.
    fn whole_power(&mut self, x: NodeId, mut n: u32) -> NodeId {
        let mut square = x;
        let mut product = self.constant(1.0);
        while n > 0 {
            if n & 1 == 1 {
                product = self.multiply(product, square);
            }
            n >>= 1;
            if n > 0 {
                square = self.multiply(square, square);
            }
        }
        product
    }

    /// `chosen` if `condition` is true, else `otherwise`.
    pub(crate) fn select(&mut self, condition: NodeId, chosen: NodeId, otherwise: NodeId) -> NodeId {
        if chosen == otherwise {
            return chosen;
        }
        match (self.constant_value(condition), self.node(condition)) {
            (Some(value), _) => {
                if value != 0.0 {
                    chosen
                } else {
                    otherwise
                }
            }
            (None, Node::Unary(Unary::Not, inner)) => self.select(inner, otherwise, chosen),
            _ => self.intern(Node::Select(condition, chosen, otherwise)),
        }
    }

    /// True if the node can only be 0 or 1.
    pub(crate) fn is_truth(&self, id: NodeId) -> bool {
        match self.node(id) {
            Node::Constant(bits) => matches!(f64::from_bits(bits), 0.0 | 1.0),
            Node::Unary(Unary::Not, _) => true,
            Node::Binary(function, ..) => function.is_relation() || matches!(function, Binary::And | Binary::Or),
            Node::Select(_, chosen, otherwise) => self.is_truth(chosen) && self.is_truth(otherwise),
            _ => false,
        }
    }

    /// The two sides, if the node compares two things.
    pub(crate) fn relation(&self, id: NodeId) -> Option<(NodeId, NodeId)> {
        match self.node(id) {
            Node::Binary(function, a, b) if function.is_relation() => Some((a, b)),
            _ => None,
        }
    }

    /// For every node, whether some of `roots` needs it.
    pub(crate) fn reachable(&self, roots: impl IntoIterator<Item = NodeId>) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        for root in roots {
            needed[root.index()] = true;
        }
        for index in (0..self.nodes.len()).rev() {
            if needed[index] {
                for_each_argument(self.nodes[index], |argument| needed[argument.index()] = true);
            }
        }
        needed
    }

    /// For every node, whether its value may change while parameters stay as they are.
    pub(crate) fn varies(&self) -> Vec<bool> {
        let mut varies = Vec::with_capacity(self.nodes.len());
        for &node in &self.nodes {
            let mut any = matches!(node, Node::Time | Node::State(_) | Node::Draw(_) | Node::Delayed(_));
            for_each_argument(node, |argument| any |= varies[argument.index()]);
            varies.push(any);
        }
        varies
    }

    fn intern_binary(&mut self, function: Binary, a: NodeId, b: NodeId) -> NodeId {
        let (a, b) = if function.commutes() && b < a { (b, a) } else { (a, b) };
        self.intern(Node::Binary(function, a, b))
    }

    fn intern(&mut self, node: Node) -> NodeId {
        let next = NodeId(small(self.nodes.len()));
        let id = *self.known.entry(node).or_insert(next);
        if id == next {
            self.nodes.push(node);
        }
        id
    }
}

/// Calls `visit` with each argument of a node.
pub(crate) fn for_each_argument(node: Node, mut visit: impl FnMut(NodeId)) {
    match node {
        Node::Constant(_) | Node::Time | Node::State(_) | Node::Parameter(_) | Node::Draw(_) | Node::Delayed(_) => {}
        Node::Unary(_, x) => visit(x),
        Node::Binary(_, a, b) => {
            visit(a);
            visit(b);
        }
        Node::Select(condition, chosen, otherwise) => {
            visit(condition);
            visit(chosen);
            visit(otherwise);
        }
    }
}

fn small(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 nodes: memory ends long before")
}

/// Values for some nodes, looked up by node and never listed, since a hash map has no order of its own.
pub(crate) type NodeMap<T> = HashMap<NodeId, T, BuildHasherDefault<NodeHasher>>;

/// A multiply-and-rotate hash: nodes are a few words, and nobody outside chooses them to collide.
#[derive(Debug, Default)]
pub(crate) struct NodeHasher(u64);

impl Hasher for NodeHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(graph: &Graph, id: NodeId) -> String {
        match graph.node(id) {
            Node::Constant(bits) => format!("{}", f64::from_bits(bits)),
            Node::Time => "t".into(),
            Node::State(i) => format!("y{i}"),
            Node::Parameter(i) => format!("p{i}"),
            Node::Draw(i) => format!("d{i}"),
            Node::Delayed(i) => format!("past{i}"),
            Node::Unary(function, x) => format!("{function:?}({})", show(graph, x)),
            Node::Binary(function, a, b) => format!("{function:?}({}, {})", show(graph, a), show(graph, b)),
            Node::Select(c, a, b) => format!("Select({}, {}, {})", show(graph, c), show(graph, a), show(graph, b)),
        }
    }

    fn check(expected: &str, build: impl FnOnce(&mut Graph, NodeId, NodeId) -> NodeId) {
        let mut graph = Graph::default();
        let (x, y) = (graph.state(0), graph.state(1));
        let built = build(&mut graph, x, y);
        assert_eq!(show(&graph, built), expected);
    }

    #[test]
    fn equal_expressions_are_one_node() {
        let mut graph = Graph::default();
        let (x, y) = (graph.state(0), graph.state(1));
        let (xy, yx) = (graph.multiply(x, y), graph.multiply(y, x));
        assert_eq!(xy, yx);
        let count = graph.nodes().len();
        let again = graph.binary(Binary::Multiply, x, y);
        assert_eq!((again, graph.nodes().len()), (xy, count));
        assert_ne!(graph.subtract(x, y), graph.subtract(y, x));
    }

    #[test]
    fn neutral_elements_vanish() {
        check("y0", |g, x, _| {
            let zero = g.constant(0.0);
            g.add(x, zero)
        });
        check("y0", |g, x, _| {
            let one = g.constant(1.0);
            let product = g.multiply(one, x);
            g.divide(product, one)
        });
        check("Negate(y0)", |g, x, _| {
            let minus_one = g.constant(-1.0);
            g.multiply(x, minus_one)
        });
    }

    #[test]
    fn zero_times_something_stays_so_that_broken_values_show() {
        check("Multiply(y0, 0)", |g, x, _| {
            let zero = g.constant(0.0);
            g.multiply(zero, x)
        });
    }

    #[test]
    fn small_powers_become_products_roots_and_reciprocals() {
        let power = |exponent: f64| {
            move |g: &mut Graph, x: NodeId, _: NodeId| {
                let n = g.constant(exponent);
                g.power(x, n)
            }
        };
        check("1", power(0.0));
        check("y0", power(1.0));
        check("Multiply(y0, y0)", power(2.0));
        check("Multiply(y0, Multiply(y0, y0))", power(3.0));
        check("Divide(1, y0)", power(-1.0));
        check("Sqrt(y0)", power(0.5));
        check("Power(y0, 1.37)", power(1.37));
        check("Power(y0, 9)", power(9.0));
    }

    #[test]
    fn signs_move_outward_and_meet() {
        check("Subtract(y0, y1)", |g, x, y| {
            let negative = g.negate(y);
            g.add(negative, x)
        });
        check("Multiply(y0, y1)", |g, x, y| {
            let (x, y) = (g.negate(x), g.negate(y));
            g.multiply(x, y)
        });
        check("Subtract(y1, y0)", |g, x, y| {
            let difference = g.subtract(x, y);
            g.negate(difference)
        });
    }

    #[test]
    fn decided_choices_vanish() {
        check("y1", |g, x, y| {
            let no = g.constant(0.0);
            g.select(no, x, y)
        });
        check("y0", |g, x, y| g.select(y, x, x));
    }

    #[test]
    fn constants_are_folded() {
        check("1024", |g, _, _| {
            let (two, ten) = (g.constant(2.0), g.constant(10.0));
            g.binary(Binary::Power, two, ten)
        });
    }

    #[test]
    fn what_varies_and_what_is_needed() {
        let mut graph = Graph::default();
        let (p, y) = (graph.parameter(0), graph.state(0));
        let fixed = graph.unary(Unary::Exp, p);
        let moving = graph.multiply(fixed, y);
        assert_eq!(graph.varies(), [false, true, false, true]);
        assert_eq!(graph.reachable([fixed]), [true, false, true, false]);
        assert!(graph.reachable([moving]).iter().all(|&needed| needed));
    }
}
