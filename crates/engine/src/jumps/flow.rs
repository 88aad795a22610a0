//! What flows between jumps, as a system for the integrator: states that change continuously, and last the integral of
//! the hazard of all reactions that jump.

use super::partition::Partition;
use super::{Prepared, Stop};
use crate::bound::BoundModel;
use crate::options::FailureKind;
use crate::system::{Pattern, System};

/// The system, with the states of the whole model.
pub(super) struct Flow<'a> {
    it: &'a Prepared,
    bound: BoundModel<'a>,
    /// All states of the model, at the point last looked at.
    y: Vec<f64>,
    /// What the integral of the hazard has to reach.
    pub target: f64,
    flows: Vec<bool>,
    /// The states that flow.
    flowing: Vec<usize>,
    /// The position of each state among those that flow.
    position: Vec<Option<usize>>,
    pattern: Pattern,
    propensities: Vec<f64>,
    rule_rates: Vec<f64>,
    amounts: Vec<f64>,
    /// Scratch for derivatives.
    rates: [Vec<f64>; 2],
}

impl<'a> Flow<'a> {
    pub fn new(it: &'a Prepared, bound: BoundModel<'a>, y: Vec<f64>) -> Self {
        let mut flow = Self {
            it,
            bound,
            target: f64::INFINITY,
            flows: vec![false; it.jumps.len()],
            flowing: Vec::new(),
            position: vec![None; y.len()],
            pattern: Pattern::from_columns(Vec::new()),
            propensities: vec![0.0; it.jumps.len()],
            rule_rates: vec![0.0; it.ruled.len()],
            amounts: Vec::new(),
            rates: [Vec::new(), Vec::new()],
            y,
        };
        flow.lay_out();
        flow
    }

    pub fn set_partition(&mut self, partition: &Partition) {
        self.flows.copy_from_slice(&partition.flows);
        self.lay_out();
    }

    /// Finds what flows, and what depends on what.
    fn lay_out(&mut self) {
        let mut flows = vec![false; self.y.len()];
        self.it.ruled.iter().for_each(|&state| flows[state] = true);
        let jumps = || self.it.jumps.iter().zip(&self.flows);
        for (jump, _) in jumps().filter(|(_, flows)| **flows) {
            jump.changes.iter().for_each(|&(state, _)| flows[state as usize] = true);
        }
        self.flowing = (0..flows.len()).filter(|&state| flows[state]).collect();
        self.position = vec![None; flows.len()];
        for (position, &state) in self.flowing.iter().enumerate() {
            self.position[state] = Some(position);
        }
        let hazard = self.flowing.len();
        let mut columns = vec![Vec::new(); hazard + 1];
        for (jump, &flows) in jumps() {
            for column in jump.reads.iter().filter_map(|&state| self.position[state as usize]) {
                if flows {
                    columns[column].extend(jump.changes.iter().filter_map(|&(state, _)| self.position[state as usize]));
                } else {
                    columns[column].push(hazard);
                }
            }
        }
        for (&state, reads) in self.it.ruled.iter().zip(&self.it.ruled_reads) {
            for column in reads.iter().filter_map(|&read| self.position[read as usize]) {
                columns[column].extend(self.position[state]);
            }
        }
        self.pattern = Pattern::from_columns(columns);
        self.rates = [vec![0.0; hazard + 1], vec![0.0; hazard + 1]];
    }

    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    pub fn flowing(&self) -> &[usize] {
        &self.flowing
    }

    pub fn bound_and_states(&mut self) -> (&mut BoundModel<'a>, &mut [f64]) {
        (&mut self.bound, &mut self.y)
    }

    /// Takes what flows from the states of the model; the hazard's integral begins at 0.
    pub fn gather(&self, state: &mut Vec<f64>) {
        state.clear();
        state.extend(self.flowing.iter().map(|&it| self.y[it]));
        state.push(0.0);
    }

    /// Puts what flows in its place among the states of the model.
    pub fn scatter(&mut self, state: &[f64]) {
        for (&it, &value) in self.flowing.iter().zip(state) {
            self.y[it] = value;
        }
    }

    pub fn hazard_reached(&self, state: &[f64]) -> bool {
        state[self.flowing.len()] >= self.target
    }

    /// Computes all propensities here; an error when one of a reaction that jumps is none.
    pub fn check_propensities(&mut self, time: f64) -> Result<(), Stop> {
        self.compute_propensities(time);
        for ((jump, &flows), &propensity) in self.it.jumps.iter().zip(&self.flows).zip(&self.propensities) {
            if !propensity.is_finite() {
                return Err((FailureKind::NotFinite, Some(jump.reaction)));
            }
            if propensity < 0.0 && !flows {
                return Err((FailureKind::NegativePropensity, Some(jump.reaction)));
            }
        }
        Ok(())
    }

    fn compute_propensities(&mut self, time: f64) {
        self.bound.states_to_memory(time, &self.y);
        let (memory, _) = self.bound.memory_and_random();
        self.it.all.run(memory, &mut self.propensities);
    }

    /// Fires one of the reactions that jump, chosen by their propensities here; says which.
    pub fn fire(&mut self, time: f64) -> Result<usize, Stop> {
        self.check_propensities(time)?;
        let waiting = |jump: &usize| !self.flows[*jump];
        let jumps: Vec<usize> = (0..self.flows.len()).filter(waiting).collect();
        let total: f64 = jumps.iter().map(|&jump| self.propensities[jump]).sum();
        let mut rest = self.bound.random.uniform() * total;
        let possible = jumps.into_iter().filter(|&jump| self.propensities[jump] > 0.0);
        let mut chosen = None;
        for jump in possible {
            chosen = Some(jump);
            rest -= self.propensities[jump];
            if rest < 0.0 {
                break;
            }
        }
        let Some(chosen) = chosen else { return Err((FailureKind::Internal, None)) };
        let (memory, _) = self.bound.memory_and_random();
        self.it.jumps[chosen].fire_parts(memory, &mut self.amounts);
        self.bound.states_from_memory(&mut self.y);
        Ok(chosen)
    }

    /// A state that a firing has made less than nothing.
    pub fn negative_state(&self, jump: usize) -> Option<usize> {
        let changes = self.it.jumps[jump].changes.iter();
        changes
            .filter(|(_, amount)| *amount < 0.0 || amount.is_nan())
            .map(|&(state, _)| state as usize)
            .find(|&it| self.y[it] < 0.0)
    }
}

impl System for Flow<'_> {
    fn dimension(&self) -> usize {
        self.flowing.len() + 1
    }

    fn algebraic(&self) -> usize {
        0
    }

    fn rhs(&mut self, t: f64, y: &[f64], dy: &mut [f64]) {
        self.scatter(y);
        self.compute_propensities(t);
        let (memory, _) = self.bound.memory_and_random();
        self.it.rules.run(memory, &mut self.rule_rates);
        dy.fill(0.0);
        for (&state, &rate) in self.it.ruled.iter().zip(&self.rule_rates) {
            if let Some(position) = self.position[state] {
                dy[position] = rate;
            }
        }
        let hazard = self.flowing.len();
        for ((jump, &flows), &propensity) in self.it.jumps.iter().zip(&self.flows).zip(&self.propensities) {
            if !flows {
                dy[hazard] += propensity;
                continue;
            }
            jump.amounts(memory, &mut self.amounts);
            for (&(state, _), &amount) in jump.changes.iter().zip(&self.amounts) {
                if let Some(position) = self.position[state as usize] {
                    dy[position] += amount * propensity;
                }
            }
        }
    }

    /// By differences: the Jacobian only steers Newton's iteration.
    fn jacobian(&mut self, t: f64, y: &[f64], values: &mut [f64]) {
        let [mut here, mut there] = std::mem::take(&mut self.rates);
        self.rhs(t, y, &mut here);
        let mut moved = y.to_vec();
        for column in 0..y.len() {
            let step = f64::EPSILON.sqrt() * y[column].abs().max(1e-3);
            moved[column] = y[column] + step;
            self.rhs(t, &moved, &mut there);
            moved[column] = y[column];
            let first = self.pattern.column_starts[column];
            for (k, &row) in self.pattern.column(column).iter().enumerate() {
                let slope = (there[row] - here[row]) / step;
                values[first + k] = if slope.is_finite() { slope } else { 0.0 };
            }
        }
        self.scatter(y);
        self.rates = [here, there];
    }

    fn root_count(&self) -> usize {
        self.bound.root_count() + 1
    }

    fn roots(&mut self, t: f64, y: &[f64], g: &mut [f64]) {
        self.scatter(y);
        let count = self.bound.root_count();
        self.bound.roots(t, &self.y, &mut g[..count]);
        g[count] = y[self.flowing.len()] - self.target;
    }
}
