//! Where fast reactions come to rest: they run by themselves, in a time of their own, until nothing changes.
//!
//! Newton's iteration alone may end at an equilibrium on the far side of an empty pool; the course of the reactions leads
//! to the right one.

use crate::consistent::Constraints;
use crate::ndf::{Integrator, Progress};
use crate::options::{FailureKind, Stop};
use crate::sparse_lu::Elimination;
use crate::system::{Pattern, System};
use crate::tolerance::Tolerances;
use std::sync::Arc;

/// The end of that time, in first steps: far beyond any time scale.
const END: f64 = 1e20;

/// No step is longer, so that nothing overflows.
const LONGEST: f64 = 1e30;

const MOST_STEPS: usize = 10_000;
const RELATIVE_TOLERANCE: f64 = 1e-9;
const ABSOLUTE_TOLERANCE: f64 = 1e-15;

/// The algebraic states of a system alone: extents with their rates, and rules that go on to hold.
struct Alone<'s> {
    system: &'s mut dyn System,
    time: f64,
    first: usize,
    /// All states of the system, and room for all their rates and for its Jacobian.
    y: Vec<f64>,
    rates: Vec<f64>,
    jacobian: Vec<f64>,
    /// Where the entries of the algebraic block lie in the whole Jacobian.
    positions: &'s [usize],
}

impl System for Alone<'_> {
    fn dimension(&self) -> usize {
        self.y.len() - self.first
    }

    fn algebraic(&self) -> usize {
        self.system.algebraic() - self.system.extents()
    }

    fn rhs(&mut self, _: f64, y: &[f64], dy: &mut [f64]) {
        self.y[self.first..].copy_from_slice(y);
        self.system.rhs(self.time, &self.y, &mut self.rates);
        dy.copy_from_slice(&self.rates[self.first..]);
    }

    fn jacobian(&mut self, _: f64, y: &[f64], values: &mut [f64]) {
        self.y[self.first..].copy_from_slice(y);
        self.system.jacobian(self.time, &self.y, &mut self.jacobian);
        values.iter_mut().zip(self.positions).for_each(|(value, &position)| *value = self.jacobian[position]);
    }

    fn root_count(&self) -> usize {
        0
    }

    fn roots(&mut self, _: f64, _: &[f64], _: &mut [f64]) {}
}

/// Lets the fast reactions of a system run from `y` until they rest; `block` is the pattern of the algebraic states, and
/// `positions` are its places among the `nonzeros` of the whole.
pub(crate) fn relax(
    system: &mut dyn System,
    (block, positions, nonzeros): (&Pattern, &[usize], usize),
    time: f64,
    y: &mut [f64],
) -> Result<(), Stop> {
    let first = y.len() - block.dimension();
    let (states, rates, jacobian) = (y.to_vec(), vec![0.0; y.len()], vec![0.0; nonzeros]);
    let mut alone = Alone { system, time, first, y: states, rates, jacobian, positions };
    let mut state = y[first..].to_vec();
    if let Some(mut rules) = Constraints::new(&alone, block) {
        rules.settle(&mut alone, 0.0, &mut state)?;
    }
    let tolerances = Tolerances::new(state.len(), RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE, true);
    let rules = Constraints::new(&alone, block);
    let mut integrator = Integrator::new(&alone, Arc::new(Elimination::new(block)), rules, tolerances);
    let failed = |state: Option<usize>| Stop { kind: FailureKind::Inconsistent, state: state.map(|it| first + it) };
    integrator.start(&mut alone, 0.0, &state, LONGEST).map_err(|failure| failed(failure.state))?;
    let end = (END * integrator.step_size()).min(1e-3 * LONGEST);
    let mut steps = 0;
    while integrator.time() < end {
        if let Progress::Accepted = integrator.step(&mut alone).map_err(|failure| failed(failure.state))? {
            steps += 1;
        }
        if steps > MOST_STEPS {
            return Err(failed(Some(0)));
        }
    }
    integrator.interpolate(integrator.time(), &mut y[first..]);
    Ok(())
}
