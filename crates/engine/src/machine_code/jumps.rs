//! Machine code for the firings of jumps: one function each, which changes the amounts in memory and computes the
//! propensities that depend on them.

use super::{Emitter, MachineCode, define};
use crate::bytecode::Layout;
use crate::graph::{Graph, Node, NodeId};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Value};

/// What one firing does; numbers are positions.
pub(crate) struct Firing<'a> {
    /// States and what is added to each.
    pub changes: &'a [(u32, f64)],
    /// Jumps and their propensities, which depend on the states changed.
    pub propensities: Vec<(u32, NodeId)>,
}

impl MachineCode {
    /// Compiles a function for each firing. It writes to the results: propensities by the position of their jump, and
    /// at `sound` whether all of them, and all amounts it has made less, are at least 0.
    ///
    /// # Errors
    /// As for [`MachineCode::compile`].
    pub(crate) fn compile_firings(
        graph: &Graph,
        layout: &Layout,
        firings: &[Firing<'_>],
        sound: usize,
    ) -> Result<Self, String> {
        let mut states = Vec::new();
        for (index, node) in graph.nodes().iter().enumerate() {
            if let Node::State(state) = node {
                let state = *state as usize;
                if states.len() <= state {
                    states.resize(state + 1, None);
                }
                states[state] = Some(NodeId(index as u32));
            }
        }
        let crossing = vec![None; graph.nodes().len()];
        Self::build(|module| {
            let mut parts = Vec::with_capacity(firings.len());
            for firing in firings {
                let id = define(module, |emitter| emitter.fire(firing, &states, sound), graph, layout, &crossing)?;
                parts.push((vec![id], sound + 1, layout.first_scratch()));
            }
            Ok(parts)
        })
    }
}

impl Emitter<'_, '_> {
    fn fire(&mut self, firing: &Firing<'_>, states: &[Option<NodeId>], sound: usize) {
        let zero = self.builder.ins().f64const(0.0);
        let mut all_sound: Option<Value> = None;
        let mut check = |emitter: &mut Self, value: Value| {
            let holds = emitter.builder.ins().fcmp(FloatCC::GreaterThanOrEqual, value, zero);
            all_sound = Some(match all_sound {
                Some(all) => emitter.builder.ins().band(all, holds),
                None => holds,
            });
        };
        for &(state, amount) in firing.changes {
            let place = 1 + state as usize;
            let before = self.load(place);
            let amount_added = self.builder.ins().f64const(amount);
            let after = self.builder.ins().fadd(before, amount_added);
            self.store(after, self.memory, place);
            if let Some(node) = states.get(state as usize).copied().flatten() {
                self.numbers.insert(node, after);
            }
            if amount < 0.0 {
                check(self, after);
            }
        }
        let wanted: Vec<NodeId> = firing.propensities.iter().map(|&(_, node)| node).collect();
        for node in self.layout.needed(self.graph, &wanted) {
            self.compute(node);
        }
        for &(jump, node) in &firing.propensities {
            self.store_result(node, jump as usize);
            let value = self.number(node);
            check(self, value);
        }
        let one = self.builder.ins().f64const(1.0);
        let verdict = match all_sound {
            Some(holds) => self.builder.ins().select(holds, one, zero),
            None => one,
        };
        self.store(verdict, self.results, sound);
    }
}
