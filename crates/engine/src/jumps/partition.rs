//! Which reactions flow and which jump.

use super::Prepared;
use crate::random::Stream;

/// A reaction begins to flow when of every species that it changes there are at least so many molecules: their noise,
/// which then is lost, is three percent of them.
const ABUNDANT: f64 = 1000.0;

/// It jumps again when of one of them there are fewer than so many; the gap keeps it from changing to and fro.
const SCARCE: f64 = 800.0;

/// Reactions that flow, for now.
pub(super) struct Partition {
    /// Whether abundance decides; else everything jumps.
    by_abundance: bool,
    pub flows: Vec<bool>,
}

impl Partition {
    pub fn all_jump(it: &Prepared) -> Self {
        Self { by_abundance: false, flows: vec![false; it.jumps.len()] }
    }

    pub fn by_abundance(it: &Prepared) -> Self {
        Self { by_abundance: true, flows: vec![false; it.jumps.len()] }
    }

    /// True when a reaction flows whose species have become scarce.
    pub fn is_stale(&self, it: &Prepared, y: &[f64]) -> bool {
        self.by_abundance && (0..it.jumps.len()).any(|jump| self.flows[jump] && !self.should_flow(it, jump, y))
    }

    fn should_flow(&self, it: &Prepared, jump: usize, y: &[f64]) -> bool {
        let enough = if self.flows[jump] { SCARCE } else { ABUNDANT };
        it.jumps[jump].changes.iter().all(|&(state, _)| y[state as usize] >= enough)
    }

    /// Divides the reactions anew; true when something has changed.
    ///
    /// A species that no longer flows gets a whole number of molecules, the next higher one with the chance that leaves
    /// the mean as it is.
    pub fn update(&mut self, it: &Prepared, y: &mut [f64], random: &mut Stream) -> bool {
        if !self.by_abundance {
            return false;
        }
        let new: Vec<bool> = (0..it.jumps.len()).map(|jump| self.should_flow(it, jump, y)).collect();
        if new == self.flows {
            return false;
        }
        let flowing = |flows: &[bool]| {
            let mut flowing = vec![false; y.len()];
            for (jump, _) in it.jumps.iter().zip(flows).filter(|(_, flows)| **flows) {
                jump.changes.iter().for_each(|&(state, _)| flowing[state as usize] = true);
            }
            flowing
        };
        let (before, after) = (flowing(&self.flows), flowing(&new));
        for state in (0..y.len()).filter(|&state| before[state] && !after[state]) {
            let whole = y[state].floor();
            y[state] = if random.uniform() < y[state] - whole { whole + 1.0 } else { whole };
        }
        self.flows = new;
        true
    }
}
