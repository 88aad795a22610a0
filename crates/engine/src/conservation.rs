//! Conserved sums: which weighted sums of states no reaction changes, and which states follow from the others.
//!
//! The rate of each state is read as a sum of numbers times *terms*, as a stoichiometric matrix `N` times rates: a term
//! is the rate of a reaction or, in a rate rule, whatever is added up there. A conserved sum is a vector `w` with
//! `w N = 0`; elimination of the rows of `N` finds a basis of all of them, in whole numbers where the stoichiometry is in
//! whole numbers (Sauro & Ingalls 2004, doi:10.1016/j.bpc.2003.08.009). Sums that hold by other reasons than
//! stoichiometry, such as rates that happen to be equal, are not seen.

use crate::compiled::{CompiledModel, ModelPart};
use crate::error::CompileError;
use crate::graph::{Binary, Graph, Node, NodeId, Unary};
use crate::lower::position_of;
use crate::options::SolveOptions;
use network::{Condition, SymbolIndex};
use std::collections::{BTreeMap, BTreeSet};

/// Entries below this fraction of what they were computed from are rounding, where the stoichiometry is not in whole
/// numbers.
const ROUNDING: f64 = 1e-10;

/// Whole numbers are exact up to here.
const EXACT: f64 = 9e15;

/// Above so many conserved sums they are reported as elimination finds them, without a search for simpler ones.
const MOST_SIMPLIFIED: usize = 400;

/// A sum of states that reactions do not change.
#[derive(Debug, Clone, PartialEq)]
pub struct Moiety {
    /// What is added up, each with its weight: amounts of species that reactions change, values of whatever has a rate
    /// rule. In the order of the model, the first weight positive.
    pub parts: Vec<(SymbolIndex, f64)>,
}

/// The conserved sums of a model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conservation {
    /// A basis of all conserved sums, with small whole weights where there are some, without negative ones where a
    /// simple search finds such.
    pub moieties: Vec<Moiety>,
    /// As many states as there are moieties, in the order of the model: they follow from the others and the totals.
    pub dependent: Vec<SymbolIndex>,
    /// The moieties over positions of states.
    pub(crate) weights: Vec<Vec<(usize, f64)>>,
    /// Positions of the dependent states.
    pub(crate) dependent_states: Vec<usize>,
}

impl Conservation {
    /// The total of each moiety.
    pub(crate) fn totals(&self, states: &[f64]) -> Vec<f64> {
        self.weights.iter().map(|parts| parts.iter().map(|&(state, weight)| weight * states[state]).sum()).collect()
    }
}

impl CompiledModel {
    /// The conserved sums of the model; they depend on its reactions only, not on parameters.
    pub fn conservation(&self) -> Conservation {
        let mut weights = left_null_space(&Terms::of(self).rows);
        let dependent_states: Vec<usize> = weights.iter().map(|(dependent, _)| *dependent).collect();
        let mut moieties: Vec<Vec<(usize, f64)>> = weights.drain(..).map(|(_, weights)| weights).collect();
        simplify(&mut moieties);
        let symbols = |parts: &Vec<(usize, f64)>| {
            let parts = parts.iter().map(|&(state, weight)| (self.state_symbol(state), weight));
            Moiety { parts: parts.collect() }
        };
        let mut conservation = Conservation {
            moieties: moieties.iter().map(symbols).collect(),
            dependent: Vec::new(),
            weights: moieties,
            dependent_states,
        };
        conservation.dependent_states.sort_unstable();
        conservation.dependent = conservation.dependent_states.iter().map(|&state| self.state_symbol(state)).collect();
        conservation
    }

    /// The total of each moiety of [`CompiledModel::conservation`] at the start of a condition, before events.
    ///
    /// # Errors
    /// [`CompileError::NotSettable`] when the condition sets what follows from a rule or a rate.
    pub fn totals(&self, conservation: &Conservation, condition: &Condition) -> Result<Vec<f64>, CompileError> {
        let mut random = SolveOptions::default().stream();
        Ok(conservation.totals(&self.start_drawing(condition, &mut random)?.states))
    }
}

/// The rates of change as sums of numbers times terms.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    /// What is added up.
    pub nodes: Vec<NodeId>,
    /// The reaction whose rate the term is, if it is one.
    pub reactions: Vec<Option<SymbolIndex>>,
    /// For each state, positions of terms with their numbers, ascending.
    pub rows: Vec<Vec<(usize, f64)>>,
}

impl Terms {
    pub fn of(model: &CompiledModel) -> Self {
        let mut whole = Whole::new();
        let mut reaction_of = BTreeMap::new();
        for &reaction in &model.reactions {
            let term = keep_whole(&model.graph, model.values[position_of(reaction)], &mut whole);
            reaction_of.entry(term).or_insert(reaction);
        }
        let rates = &model.part_nodes()[ModelPart::Rhs as usize];
        let sums: Vec<BTreeMap<NodeId, f64>> =
            rates.iter().map(|&rate| linear_terms(&model.graph, rate, &whole)).collect();
        let nodes: Vec<NodeId> =
            sums.iter().flat_map(|sum| sum.keys().copied()).collect::<BTreeSet<_>>().into_iter().collect();
        let position = |node: &NodeId| nodes.binary_search(node).expect("every term is listed");
        let rows = sums.iter().map(|sum| sum.iter().map(|(node, &number)| (position(node), number)).collect());
        Self {
            rows: rows.collect(),
            reactions: nodes.iter().map(|node| reaction_of.get(node).copied()).collect(),
            nodes,
        }
    }
}

/// Nodes that are not taken apart, each with the term it is and its sign.
type Whole = BTreeMap<NodeId, (NodeId, f64)>;

/// Keeps the rate of a reaction whole, also where the graph has turned its sign: what one species gains as `a - b`,
/// another loses as `b - a`. Gives the term.
fn keep_whole(graph: &Graph, rate: NodeId, whole: &mut Whole) -> NodeId {
    let (node, sign) = match graph.node(rate) {
        Node::Unary(Unary::Negate, x) => (x, -1.0),
        _ => (rate, 1.0),
    };
    let reverse = match graph.node(node) {
        Node::Binary(Binary::Subtract, a, b) => graph.existing(Node::Binary(Binary::Subtract, b, a)),
        _ => None,
    };
    let term = reverse.map_or(node, |reverse| node.min(reverse));
    let sign_of = |node: NodeId| if node == term { 1.0 } else { -1.0 };
    whole.insert(rate, (term, sign * sign_of(node)));
    for node in [Some(node), reverse].into_iter().flatten() {
        whole.insert(node, (term, sign_of(node)));
    }
    term
}

/// A node as a sum of numbers times nodes. Rates of reactions are not taken apart.
fn linear_terms(graph: &Graph, root: NodeId, whole: &Whole) -> BTreeMap<NodeId, f64> {
    let mut terms = BTreeMap::new();
    let mut open = BTreeMap::from([(root, 1.0)]);
    let add = |open: &mut BTreeMap<NodeId, f64>, node, number: f64| *open.entry(node).or_insert(0.0) += number;
    // Arguments come before what uses them, so from the last node on each is met once with its number complete.
    while let Some((node, number)) = open.pop_last() {
        if number == 0.0 {
            continue;
        }
        if let Some(&(term, sign)) = whole.get(&node) {
            add(&mut terms, term, sign * number);
            continue;
        }
        let constant = |node| graph.constant_value(node);
        match graph.node(node) {
            Node::Constant(bits) if f64::from_bits(bits) == 0.0 => {}
            Node::Binary(Binary::Add, a, b) => {
                add(&mut open, a, number);
                add(&mut open, b, number);
            }
            Node::Binary(Binary::Subtract, a, b) => {
                add(&mut open, a, number);
                add(&mut open, b, -number);
            }
            Node::Unary(Unary::Negate, x) => add(&mut open, x, -number),
            Node::Binary(Binary::Multiply, a, b) => match (constant(a), constant(b)) {
                (Some(factor), _) => add(&mut open, b, number * factor),
                (_, Some(factor)) => add(&mut open, a, number * factor),
                _ => add(&mut terms, node, number),
            },
            Node::Binary(Binary::Divide, x, divisor) => match constant(divisor) {
                Some(divisor) => add(&mut open, x, number / divisor),
                None => add(&mut terms, node, number),
            },
            _ => add(&mut terms, node, number),
        }
    }
    terms.retain(|_, number| *number != 0.0);
    terms
}

/// A sparse vector, sorted by position.
type Sparse = Vec<(usize, f64)>;

/// A basis of the vectors `w` with `w N = 0`, each with a position that no other has: the dependent row.
fn left_null_space(rows: &[Sparse]) -> Vec<(usize, Sparse)> {
    let mut left: Vec<Sparse> = rows.to_vec();
    let mut combination: Vec<Sparse> = (0..rows.len()).map(|row| vec![(row, 1.0)]).collect();
    let columns = rows.iter().flatten().map(|&(column, _)| column + 1).max().unwrap_or(0);
    let mut members: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); columns];
    for (row, entries) in left.iter().enumerate() {
        entries.iter().for_each(|&(column, _)| {
            members[column].insert(row);
        });
    }
    let mut open: BTreeSet<usize> = (0..columns).filter(|&column| !members[column].is_empty()).collect();
    // The column with the fewest rows first, in it the shortest row: little is filled in.
    while let Some(column) = open.iter().copied().min_by_key(|&column| members[column].len()) {
        open.remove(&column);
        let Some(pivot) = members[column].iter().copied().min_by_key(|&row| left[row].len() + combination[row].len())
        else {
            continue;
        };
        let (pivot_left, pivot_combination) = (std::mem::take(&mut left[pivot]), combination[pivot].clone());
        pivot_left.iter().for_each(|&(column, _)| {
            members[column].remove(&pivot);
        });
        for row in std::mem::take(&mut members[column]) {
            let factors = (entry(&pivot_left, column), entry(&left[row], column));
            left[row].iter().for_each(|&(column, _)| {
                members[column].remove(&row);
            });
            let mut reduced = subtract(&left[row], &pivot_left, factors);
            reduced.retain(|&(at, _)| at != column);
            let mut combined = subtract(&combination[row], &pivot_combination, factors);
            shrink(&mut reduced, &mut combined);
            reduced.iter().for_each(|&(column, _)| {
                members[column].insert(row);
            });
            (left[row], combination[row]) = (reduced, combined);
        }
        // The pivot row is done; it keeps a mark so that it is not taken for a conserved sum.
        left[pivot] = pivot_left;
    }
    let conserved = (0..rows.len()).filter(|&row| left[row].is_empty());
    conserved.map(|row| (row, std::mem::take(&mut combination[row]))).collect()
}

fn entry(row: &Sparse, column: usize) -> f64 {
    row.binary_search_by_key(&column, |&(at, _)| at).map_or(0.0, |place| row[place].1)
}

/// `a x - b y`
fn subtract(x: &Sparse, y: &Sparse, (a, b): (f64, f64)) -> Sparse {
    let mut difference = Vec::with_capacity(x.len() + y.len());
    let (mut i, mut j) = (0, 0);
    while i < x.len() || j < y.len() {
        let at = x.get(i).map_or(usize::MAX, |entry| entry.0).min(y.get(j).map_or(usize::MAX, |entry| entry.0));
        let (mut left, mut right) = (0.0, 0.0);
        if i < x.len() && x[i].0 == at {
            left = a * x[i].1;
            i += 1;
        }
        if j < y.len() && y[j].0 == at {
            right = b * y[j].1;
            j += 1;
        }
        let value = left - right;
        let exact = whole(left) && whole(right);
        if value != 0.0 && (exact || value.abs() > ROUNDING * left.abs().max(right.abs())) {
            difference.push((at, value));
        }
    }
    difference
}

fn whole(value: f64) -> bool {
    value == value.trunc() && value.abs() < EXACT
}

/// Divides a row and its combination by what all whole numbers in them have in common, else by the largest entry.
fn shrink(left: &mut Sparse, combination: &mut Sparse) {
    let entries = || left.iter().chain(combination.iter()).map(|entry| entry.1);
    let divisor = if entries().all(whole) {
        entries().fold(0.0, greatest_common_divisor)
    } else {
        entries().fold(0.0, |largest, value| value.abs().max(largest))
    };
    if divisor > 0.0 && divisor != 1.0 {
        left.iter_mut().chain(combination.iter_mut()).for_each(|entry| entry.1 /= divisor);
    }
}

fn greatest_common_divisor(a: f64, b: f64) -> f64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b > 0.0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Replaces sums by others of the same space with fewer negative weights, fewer parts and smaller numbers, as long as
/// adding or subtracting another one makes it better; then a first weight is positive.
fn simplify(moieties: &mut [Sparse]) {
    moieties.iter_mut().for_each(normalize);
    if moieties.len() > MOST_SIMPLIFIED {
        return;
    }
    let mut improved = true;
    while improved {
        improved = false;
        for i in 0..moieties.len() {
            for j in 0..moieties.len() {
                if i == j {
                    continue;
                }
                // Those that make a common part vanish, or change it by one.
                let shared = moieties[i].iter().map(|&(at, value)| (entry(&moieties[j], at), value));
                let vanishing: Vec<(f64, f64)> = shared.filter(|&(other, _)| other != 0.0).collect();
                if vanishing.is_empty() {
                    continue;
                }
                for factors in vanishing.into_iter().chain([(1.0, 1.0), (1.0, -1.0)]) {
                    let mut candidate = subtract(&moieties[i], &moieties[j], factors);
                    normalize(&mut candidate);
                    if !candidate.is_empty() && complexity(&candidate) < complexity(&moieties[i]) {
                        moieties[i] = candidate;
                        improved = true;
                    }
                }
            }
        }
    }
}

/// Whole and without a common divisor where it can be; mostly positive.
fn normalize(moiety: &mut Sparse) {
    let smallest = moiety.iter().fold(f64::INFINITY, |smallest, entry| entry.1.abs().min(smallest));
    let relative = |value: f64| value / smallest;
    if moiety.iter().all(|entry| (relative(entry.1) - relative(entry.1).round()).abs() < ROUNDING) {
        moiety.iter_mut().for_each(|entry| entry.1 = relative(entry.1).round());
    }
    shrink(moiety, &mut Vec::new());
    let negative = moiety.iter().filter(|entry| entry.1 < 0.0).count();
    let first_is_negative = moiety.first().is_some_and(|entry| entry.1 < 0.0);
    if 2 * negative > moiety.len() || (2 * negative == moiety.len() && first_is_negative) {
        moiety.iter_mut().for_each(|entry| entry.1 = -entry.1);
    }
}

/// Negative weights, parts, and the sum of sizes in thousandths: less is simpler.
fn complexity(moiety: &Sparse) -> (usize, usize, u64) {
    let sum: f64 = moiety.iter().map(|entry| entry.1.abs()).sum();
    (moiety.iter().filter(|entry| entry.1 < 0.0).count(), moiety.len(), (1e3 * sum) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Backend;
    use crate::test_models::{TestModel, symbol};
    use network::Network;
    use proptest::prelude::*;

    /// The moieties as a modeler writes them, `E + ES`.
    fn written(network: &Network, model: &CompiledModel) -> Vec<String> {
        let part = |&(symbol, weight): &(SymbolIndex, f64)| {
            let id = &network.symbol(symbol).id;
            if weight == 1.0 { id.to_string() } else { format!("{weight} {id}") }
        };
        let moieties = model.conservation().moieties;
        moieties.iter().map(|moiety| moiety.parts.iter().map(part).collect::<Vec<_>>().join(" + ")).collect()
    }

    fn check(model: TestModel, expected: &[&str], dependent: usize) {
        let (network, model) = model.compile(Backend::Interpreter).expect("compiles");
        let mut found = written(&network, &model);
        found.sort();
        assert_eq!(found, expected);
        assert_eq!(model.conservation().dependent.len(), dependent);
    }

    #[test]
    fn an_enzyme_and_its_substrate_are_conserved() {
        let model = TestModel::new().parameter("k", 1.0);
        let model = model.species("E", 1.0).species("S", 5.0).species("ES", 0.0).species("P", 0.0);
        let model = model.reaction("bind", "E + S -> ES", "cell * k * (E * S - ES)");
        let model = model.reaction("turn", "ES => E + P", "cell * k * ES");
        check(model, &["E + ES", "S + ES + P"], 2);
    }

    #[test]
    fn what_is_made_and_lost_is_not_conserved() {
        let model = TestModel::new().parameter("k", 1.0).species("S", 5.0);
        check(model.reaction("make", "=> S", "k").reaction("lose", "S =>", "k * S"), &[], 0);
    }

    #[test]
    fn stoichiometry_is_weighed() {
        let model = TestModel::new().parameter("k", 1.0).species("A", 5.0).species("B", 0.0).species("C", 1.0);
        check(model.reaction("r", "2 A + 3 B => C", "k * A * B"), &["A + 2 C", "B + 3 C"], 2);
    }

    #[test]
    fn atoms_of_a_difference_keep_their_sign() {
        let model = TestModel::new().parameter("k", 1.0).species("A", 5.0).species("B", 0.0);
        check(model.reaction("pair", "=> A + B", "k").reaction("loss", "A + B =>", "k * A * B"), &["A + -1 B"], 1);
    }

    #[test]
    fn a_net_rate_is_one_rate_whichever_way_it_is_written() {
        let binding = |rate| {
            let model = TestModel::new().species("L", 1.0).species("R", 0.6).species("C", 0.0);
            model.reaction("bind", "L + R -> C", rate)
        };
        for rate in ["2 * L * R - 0.3 * C", "-(0.3 * C)", "-(0.3 * C - L)", "cell * (L * R - C)"] {
            check(binding(rate), &["L + C", "R + C"], 2);
        }
    }

    #[test]
    fn rate_rules_have_conserved_sums_as_well() {
        let model = TestModel::new().parameter("k", 1.0).parameter("x", 3.0).parameter("y", 0.0).parameter("v", 0.0);
        let model = model.assignment("v", "k * x - y").rate("x", "-2 * v").rate("y", "v");
        check(model, &["x + 2 y"], 1);
    }

    /// One kinase with a double phosphorylation of its target, twice over: the cascade of Huang & Ferrell 1996
    /// (doi:10.1073/pnas.93.19.10078) without its first tier.
    fn cascade() -> TestModel {
        let mut model = TestModel::new().parameter("k", 1.0);
        let mut species = vec!["KKKp".to_string(), "P1".into(), "P2".into()];
        let mut reactions = Vec::new();
        for (kinase, target, phosphatase) in [("KKKp", "KK", "P1"), ("KKpp", "K", "P2")] {
            species.push(target.into());
            for (from, to) in
                [(target.to_string(), format!("{target}p")), (format!("{target}p"), format!("{target}pp"))]
            {
                species.push(to.clone());
                for (enzyme, substrate, product) in [(kinase, &from, &to), (phosphatase, &to, &from)] {
                    let complex = format!("{substrate}_{enzyme}");
                    species.push(complex.clone());
                    reactions.push(format!("{enzyme} + {substrate} -> {complex}"));
                    reactions.push(format!("{complex} => {enzyme} + {product}"));
                }
            }
        }
        for id in &species {
            model = model.species(id, 1.0);
        }
        for (i, equation) in reactions.iter().enumerate() {
            model = model.reaction(&format!("r{i}"), equation, &format!("k * {} * {i}", species[i % species.len()]));
        }
        model
    }

    #[test]
    fn a_cascade_conserves_every_kinase_and_phosphatase() {
        check(
            cascade(),
            &[
                "K + Kp + K_KKpp + Kp_P2 + Kpp + Kp_KKpp + Kpp_P2",
                "KK + KKp + KK_KKKp + KKp_P1 + KKpp + KKp_KKKp + KKpp_P1 + K_KKpp + Kp_KKpp",
                "KKKp + KK_KKKp + KKp_KKKp",
                "P1 + KKp_P1 + KKpp_P1",
                "P2 + Kp_P2 + Kpp_P2",
            ],
            5,
        );
    }

    #[test]
    fn totals_are_amounts_of_the_condition() {
        let model = TestModel::new().compartment("big", 2.0).parameter("k", 1.0).species("A", 5.0);
        let model = model.species_in("big", "B", network::InitialValue::Concentration(3.0), false);
        let (network, model) =
            model.reaction("move", "A => B", "k * A").compile(Backend::Interpreter).expect("compiles");
        let conservation = model.conservation();
        let condition = Condition { initial: vec![(symbol(&network, "A"), 7.0)], ..Condition::default() };
        assert_eq!(model.totals(&conservation, &condition), Ok(vec![7.0 + 6.0]));
    }

    /// Rows of small stoichiometric numbers.
    fn matrices() -> impl Strategy<Value = Vec<Sparse>> {
        let number = prop_oneof![3 => Just(1.0), 3 => Just(-1.0), 1 => Just(2.0), 1 => Just(0.5)];
        let row = proptest::collection::btree_map(0..8_usize, number, 0..4);
        proptest::collection::vec(row.prop_map(|row| row.into_iter().collect()), 1..10)
    }

    proptest! {
        #[test]
        fn as_many_sums_as_rows_lack_in_rank_and_all_conserved(rows in matrices()) {
            let mut found: Vec<Sparse> = left_null_space(&rows).into_iter().map(|(_, weights)| weights).collect();
            simplify(&mut found);
            for weights in &found {
                let mut sum = [0.0; 8];
                for &(row, weight) in weights {
                    rows[row].iter().for_each(|&(column, number)| sum[column] += weight * number);
                }
                prop_assert!(sum.iter().all(|value| value.abs() < 1e-12), "{weights:?} gives {sum:?}");
            }
            prop_assert_eq!(found.len(), rows.len() - rank(&rows));
            prop_assert_eq!(rank(&found), found.len());
        }
    }

    /// Rank by plain elimination with full pivoting.
    fn rank(rows: &[Sparse]) -> usize {
        let mut dense: Vec<Vec<f64>> =
            rows.iter().map(|row| (0..10).map(|column| entry(row, column)).collect()).collect();
        let mut rank = 0;
        for column in 0..10 {
            let Some(pivot) =
                (rank..dense.len()).max_by(|&a, &b| dense[a][column].abs().total_cmp(&dense[b][column].abs()))
            else {
                break;
            };
            if dense[pivot][column].abs() < 1e-9 {
                continue;
            }
            dense.swap(rank, pivot);
            for row in rank + 1..dense.len() {
                let factor = dense[row][column] / dense[rank][column];
                let pivot = dense[rank].clone();
                dense[row].iter_mut().zip(&pivot).for_each(|(value, pivot)| *value -= factor * pivot);
            }
            rank += 1;
        }
        rank
    }
}
