//! Reactions as jumps: how often they fire, and what one firing changes.

use crate::error::CompileError;
use crate::expressions::Lowering;
use crate::graph::{Binary, Graph, Node, NodeId};
use crate::lower::{Slot, position_of};
use network::SymbolIndex;

/// A reaction that fires by chance.
#[derive(Debug, Clone)]
pub(crate) struct LoweredJump {
    /// The reaction.
    pub reaction: SymbolIndex,
    /// Firings per time.
    pub rate: NodeId,
    /// States of species, and what one firing adds to each.
    pub changes: Vec<(usize, NodeId)>,
}

impl LoweredJump {
    /// What has to be computed for it.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.changes.iter().map(|&(_, amount)| amount).chain([self.rate])
    }
}

/// The jumps of all reactions, in the order of the network; a reversible reaction may be two.
///
/// A kinetic law, as it is written, is the propensity of its reaction: the mean number of firings per time at the
/// present amounts. A reaction that is said to be reversible usually has the difference of two laws, which is no
/// propensity; see [`both_ways`].
pub(crate) fn lower_jumps(lowering: &mut Lowering<'_, '_>) -> Result<Vec<LoweredJump>, CompileError> {
    let equations = lowering.equations;
    let mut changes: Vec<Vec<(usize, NodeId)>> = vec![Vec::new(); equations.network.reactions().len()];
    for (state, &species) in equations.states.iter().enumerate() {
        if equations.rate_rule[position_of(species)].is_some() {
            continue;
        }
        let mut reactions: Vec<usize> = equations.parts[position_of(species)].iter().map(|it| it.reaction).collect();
        reactions.dedup();
        for reaction in reactions {
            let amount = lowering.change_by(species, reaction)?;
            if lowering.graph.constant_value(amount) != Some(0.0) {
                changes[reaction].push((state, amount));
            }
        }
    }
    let mut jumps = Vec::new();
    for (it, changes) in equations.network.reactions().iter().zip(changes) {
        let reaction = equations.find(&it.id)?;
        let law = lowering.value(reaction)?;
        let mut made = Vec::new();
        for product in &it.products {
            let species = equations.find(&product.species)?;
            made.extend(kept(&mut lowering.graph, equations.storage[position_of(species)].slot));
        }
        let split = if it.reversible { both_ways(&mut lowering.graph, law, &made) } else { None };
        let Some((forth, back)) = split else {
            jumps.push(LoweredJump { reaction, rate: law, changes });
            continue;
        };
        let backwards = changes.iter().map(|&(state, amount)| (state, lowering.graph.negate(amount))).collect();
        jumps.push(LoweredJump { reaction, rate: forth, changes });
        jumps.push(LoweredJump { reaction, rate: back, changes: backwards });
    }
    Ok(jumps)
}

fn kept(graph: &mut Graph, slot: Slot) -> Option<NodeId> {
    match slot {
        Slot::State(index) => Some(graph.state(index)),
        Slot::Parameter(index) => Some(graph.parameter(index)),
        Slot::Derived => None,
    }
}

/// The laws of the two ways of a reversible reaction, if its law is their difference, perhaps times or divided by
/// something: what is subtracted must name a product that the other part does not. That tells `kf*A - kr*B` from
/// `k*P*(P - 1)`, whose difference counts the partners left.
fn both_ways(graph: &mut Graph, law: NodeId, products: &[NodeId]) -> Option<(NodeId, NodeId)> {
    match graph.node(law) {
        Node::Binary(Binary::Subtract, forth, back) => {
            let (in_forth, in_back) = (graph.reachable([forth]), graph.reachable([back]));
            let tells = |product: &NodeId| in_back[product.index()] && !in_forth[product.index()];
            products.iter().any(tells).then_some((forth, back))
        }
        Node::Binary(Binary::Multiply, a, b) => {
            for (difference, factor) in [(a, b), (b, a)] {
                if let Some((forth, back)) = both_ways(graph, difference, products) {
                    return Some((graph.multiply(factor, forth), graph.multiply(factor, back)));
                }
            }
            None
        }
        Node::Binary(Binary::Divide, a, b) => {
            let (forth, back) = both_ways(graph, a, products)?;
            Some((graph.divide(forth, b), graph.divide(back, b)))
        }
        _ => None,
    }
}
