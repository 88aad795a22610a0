//! Tau-leaping: many firings at once, as many of each reaction as a Poisson distribution says, for a time in which no
//! propensity is expected to change by more than a small part (Cao, Gillespie & Petzold 2006, doi:10.1063/1.2159468).
//!
//! Reactions that might use up what they need within a few firings are *critical* and fire one at a time. Where a leap
//! would hardly be longer than a single jump, jumps are taken instead.

use super::{Jump, Prepared};
use crate::random::Stream;
use rand_distr::{Distribution, Exp1, Poisson};

/// A reaction is critical when so few firings would use up something that it needs.
const CRITICAL: f64 = 10.0;

/// A leap must be longer than so many jumps to be worth its work.
const WORTHWHILE: f64 = 10.0;

/// What a try to leap has led to.
pub(super) enum Leap {
    /// Time has gone on by this much, with firings of this number.
    Taken(f64, usize),
    /// Single jumps are as good.
    NotWorthwhile,
}

/// Scratch of the leaps of a run.
#[derive(Default)]
pub(super) struct Leaps {
    mean: Vec<f64>,
    variance: Vec<f64>,
    critical: Vec<bool>,
    before: Vec<f64>,
    amounts: Vec<f64>,
}

impl Leaps {
    /// Tries to leap from the states in memory, for no longer than `longest`; `propensities` are those there, and
    /// `error` is the greatest change of a propensity relative to it that is expected to happen.
    pub fn leap(
        &mut self,
        it: &Prepared,
        memory: &mut [f64],
        propensities: &[f64],
        longest: f64,
        error: f64,
        random: &mut Stream,
    ) -> Leap {
        let jumps = || it.jumps.iter().zip(propensities).enumerate().filter(|(_, (_, propensity))| **propensity > 0.0);
        let amount_of = |memory: &[f64], state: u32| memory[1 + state as usize];
        let total: f64 = propensities[..it.jumps.len()].iter().sum();
        if total <= 0.0 {
            return Leap::Taken(longest, 0);
        }
        self.mean.clear();
        self.mean.resize(it.highest_orders.len(), 0.0);
        self.variance.clone_from(&self.mean);
        self.critical.clear();
        self.critical.resize(it.jumps.len(), false);
        let mut critical_total = 0.0;
        for (position, (jump, &propensity)) in jumps() {
            jump.amounts(memory, &mut self.amounts);
            let changes = || jump.changes.iter().zip(&self.amounts).map(|(&(state, _), &amount)| (state, amount));
            let firings_left = |(state, amount): (u32, f64)| (amount_of(memory, state) / -amount).floor();
            let uses_up = changes().filter(|(_, amount)| *amount < 0.0);
            if uses_up.map(firings_left).any(|left| left < CRITICAL) {
                self.critical[position] = true;
                critical_total += propensity;
                continue;
            }
            for (state, amount) in changes() {
                self.mean[state as usize] += amount * propensity;
                self.variance[state as usize] += amount * amount * propensity;
            }
        }
        // The change of every amount that propensities read is bounded (equation 33 of the paper).
        let mut tau = f64::INFINITY;
        for (state, &order) in it.highest_orders.iter().enumerate() {
            let amount = memory[1 + state];
            let Some(weight) = weight(order, amount) else { continue };
            let allowed = (error * amount / weight).max(1.0);
            tau = tau.min(allowed / self.mean[state].abs()).min(allowed * allowed / self.variance[state]);
        }
        if tau < WORTHWHILE / total {
            return Leap::NotWorthwhile;
        }
        self.before.clear();
        self.before.extend_from_slice(&memory[1..=it.highest_orders.len()]);
        loop {
            let waiting: f64 = Exp1.sample(random);
            let until_critical = waiting / critical_total;
            let length = tau.min(until_critical).min(longest);
            let mut firings = 0;
            for (position, (jump, &propensity)) in jumps() {
                if !self.critical[position] {
                    let count = poisson(propensity * length, random);
                    firings += count as usize;
                    add(jump, count, memory, &mut self.amounts);
                }
            }
            if length == until_critical {
                let mut rest = random.uniform() * critical_total;
                let mut chosen = None;
                for (_, (jump, propensity)) in jumps().filter(|(position, _)| self.critical[*position]) {
                    chosen = Some(jump);
                    rest -= propensity;
                    if rest < 0.0 {
                        break;
                    }
                }
                if let Some(jump) = chosen {
                    firings += 1;
                    add(jump, 1.0, memory, &mut self.amounts);
                }
            }
            if memory[1..=self.before.len()].iter().all(|amount| *amount >= 0.0) {
                return Leap::Taken(length, firings);
            }
            // Too far: half of it, from where the leap began.
            memory[1..=self.before.len()].copy_from_slice(&self.before);
            tau = 0.5 * length;
            if tau < WORTHWHILE / total {
                return Leap::NotWorthwhile;
            }
        }
    }
}

fn add(jump: &Jump, firings: f64, memory: &mut [f64], amounts: &mut Vec<f64>) {
    jump.amounts(memory, amounts);
    for (&(state, _), &amount) in jump.changes.iter().zip(amounts.iter()) {
        memory[1 + state as usize] += firings * amount;
    }
}

fn poisson(mean: f64, random: &mut Stream) -> f64 {
    Poisson::new(mean).map_or(0.0, |it| it.sample(random))
}

/// By how much more than an amount a propensity of this order in it may change (section V of the paper); `None`: no
/// propensity reads it.
fn weight(order: u32, amount: f64) -> Option<f64> {
    let more = |by: f64| if amount > by { by / (amount - by) } else { 1.0 };
    match order {
        0 => None,
        1 => Some(1.0),
        2 => Some(2.0 + more(1.0)),
        _ => Some(3.0 + more(1.0) + more(2.0)),
    }
}
