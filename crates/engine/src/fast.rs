//! Fast reactions: equilibria that hold at all times.
//!
//! A fast reaction has an extent `ξ`, an algebraic state, and the amount of a species is `x = z + Σ B ξ`, where `z` changes
//! by slow reactions alone and `B` holds stoichiometries. The equations for the extents say that fast reactions change
//! nothing any more: `S v = 0` with their stoichiometries `S` and rates `v`. Reactions that depend on others, as on a
//! circle, have no extent of their own: with independent columns `B` and `S = B K` the equations are `K v = 0`.

use crate::lower::Equations;
use network::Stoichiometry;
use std::collections::BTreeMap;

/// An independent fast reaction.
#[derive(Debug, Clone)]
pub(crate) struct Extent {
    /// The reaction whose extent it is.
    pub(crate) reaction: usize,
    /// Reactions that depend on it, with their part of its extent: with the reaction itself, a row of `K`.
    pub(crate) dependents: Vec<(usize, f64)>,
}

type Column = BTreeMap<usize, f64>;

/// A column reduced by those before it, and how it is made of columns of independent reactions.
struct Reduced {
    pivot: usize,
    column: Column,
    made_of: Column,
}

/// A remainder of this size relative to its column is rounding.
const ROUNDING: f64 = 1e-9;

/// The extents of the fast reactions, in the order of the network.
pub(crate) fn extents(equations: &Equations<'_>) -> Vec<Extent> {
    let mut extents: Vec<Extent> = Vec::new();
    let mut reduced: Vec<Reduced> = Vec::new();
    let fast = equations.network.reactions().iter().enumerate().filter(|(_, reaction)| reaction.fast);
    for (reaction, _) in fast {
        let alone = Extent { reaction, dependents: Vec::new() };
        // A stoichiometry that is no number is taken to be independent of all others.
        let Some(mut column) = numbers(equations, reaction) else {
            extents.push(alone);
            continue;
        };
        let largest = column.values().fold(0.0_f64, |largest, number| largest.max(number.abs()));
        let mut made_of = Column::new();
        for other in &reduced {
            let part = column.get(&other.pivot).map_or(0.0, |number| number / other.column[&other.pivot]);
            if part != 0.0 {
                other.column.iter().for_each(|(&species, number)| *column.entry(species).or_default() -= part * number);
                other.made_of.iter().for_each(|(&extent, number)| *made_of.entry(extent).or_default() += part * number);
            }
        }
        let pivot = column.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        match pivot.map(|(&species, number)| (species, number.abs())) {
            Some((pivot, size)) if size > ROUNDING * largest => {
                made_of.values_mut().for_each(|number| *number = -*number);
                made_of.insert(extents.len(), 1.0);
                reduced.push(Reduced { pivot, column, made_of });
                extents.push(alone);
            }
            _ => made_of.iter().for_each(|(&extent, &part)| extents[extent].dependents.push((reaction, part))),
        }
    }
    extents
}

/// What one unit of extent changes, by species, if all of it are numbers; conversion factors scale whole rows and make no
/// difference. Empty for a reaction that changes nothing.
fn numbers(equations: &Equations<'_>, reaction: usize) -> Option<Column> {
    let mut column = Column::new();
    for (species, parts) in equations.parts.iter().enumerate() {
        for part in parts.iter().filter(|part| part.reaction == reaction) {
            let participant = equations.participant(*part);
            match (&participant.id, &participant.stoichiometry) {
                (None, Stoichiometry::Constant(number)) => {
                    *column.entry(species).or_default() += if part.made { *number } else { -number };
                }
                _ => return None,
            }
        }
    }
    column.retain(|_, number| *number != 0.0);
    Some(column)
}

#[cfg(test)]
mod tests {
    use crate::test_models::{TestModel, symbol};
    use crate::{Backend, SolveOptions, solve};
    use network::Condition;

    /// Values at some times of a model in which the reactions named are fast.
    fn values(model: TestModel, fast: &[&str], outputs: &[&str], times: &[f64]) -> Vec<f64> {
        let model = model.with(|draft| {
            for reaction in &mut draft.reactions {
                reaction.fast = fast.contains(&&*reaction.id);
            }
        });
        let (network, model) = model.compile(Backend::Interpreter).expect("the model compiles");
        let outputs: Vec<_> = outputs.iter().map(|id| symbol(&network, id)).collect();
        let options = SolveOptions { relative_tolerance: 1e-8, ..SolveOptions::default() };
        solve(&model, &Condition::default(), times, &outputs, &options).expect("the run succeeds").values
    }

    fn close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6 * (1e-6 + expected.abs()), "{found} is not {expected}");
        }
    }

    #[test]
    fn an_equilibrium_holds_while_a_slow_reaction_drains_it() {
        // b = 2 a at all times, so the pool a + b = 3 b / 2 decays by 0.3 * 2/3; at time 4 half a unit of `a` is added to what
        // is there and shared at once.
        let model = TestModel::new()
            .amount("a", 3.0)
            .amount("b", 0.0)
            .reaction("swap", "a -> b", "2 * a - b")
            .reaction("loss", "b =>", "0.3 * b")
            .event("feed", "time >= 4", &[("a", "a + 0.5")]);
        let pool = |t: f64| {
            let before = |t: f64| 3.0 * (-0.2 * t).exp();
            if t < 4.0 { before(t) } else { (before(4.0) + 0.5) * (-0.2 * (t - 4.0)).exp() }
        };
        let times = [0.0, 1.0, 3.0, 4.0, 6.0];
        let expected: Vec<f64> = times.iter().flat_map(|&t| [pool(t) / 3.0, 2.0 * pool(t) / 3.0]).collect();
        close(&values(model, &["swap"], &["a", "b"], &times), &expected);
    }

    #[test]
    fn reactions_on_a_circle_come_to_the_rest_of_all_together() {
        // Not in detailed balance: a -> b -> c -> a, each one way. At rest all rates are equal.
        let model = TestModel::new()
            .amount("a", 6.0)
            .amount("b", 0.0)
            .amount("c", 5.0)
            .reaction("ab", "a => b", "a")
            .reaction("bc", "b => c", "2 * b")
            .reaction("ca", "c => a", "3 * c");
        close(&values(model, &["ab", "bc", "ca"], &["a", "b", "c"], &[0.0, 1.0]), &[6.0, 3.0, 2.0, 6.0, 3.0, 2.0]);
    }

    #[test]
    fn a_pool_is_used_up_in_the_direction_of_the_reaction() {
        // The rate is zero where a = 0 and where b = 0; the reaction makes b, so a ends at 0. Newton alone would go to b = 0.
        let model = TestModel::new().amount("a", 3.0).amount("b", 2.0).reaction("turn", "a => 2 b", "a * b");
        close(&values(model, &["turn"], &["a", "b"], &[0.0, 1.0]), &[0.0, 8.0, 0.0, 8.0]);
    }
}
