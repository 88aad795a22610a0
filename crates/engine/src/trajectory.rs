//! What comes out of a run.

use network::SymbolIndex;

/// Values of the requested symbols over time.
///
/// Where something jumps at an output time, by a scheduled change or an event, the value is that after the jump.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trajectory {
    /// Times, in the model's unit. After a failure, those that were reached.
    pub times: Vec<f64>,
    /// The symbols asked for.
    pub outputs: Vec<SymbolIndex>,
    /// Row-major: time x output.
    pub values: Vec<f64>,
    /// The work done.
    pub statistics: Statistics,
}

impl Trajectory {
    /// The value of an output at a time, both by position.
    pub fn value(&self, time: usize, output: usize) -> f64 {
        self.values[time * self.outputs.len() + output]
    }

    /// All outputs at a time, by its position.
    pub fn row(&self, time: usize) -> &[f64] {
        &self.values[time * self.outputs.len()..(time + 1) * self.outputs.len()]
    }

    /// One output at all times.
    pub fn column(&self, output: usize) -> Vec<f64> {
        (0..self.times.len()).map(|time| self.value(time, output)).collect()
    }
}

/// Counts of the work a run took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Steps that passed the error test.
    pub steps: usize,
    /// Evaluations of the right-hand side.
    pub rhs_evaluations: usize,
    /// Evaluations of the Jacobian.
    pub jacobians: usize,
    /// Factorizations of the Newton matrix.
    pub factorizations: usize,
    /// Newton iterations that did not converge.
    pub newton_failures: usize,
    /// Steps that failed the error test.
    pub error_failures: usize,
    /// Starts at order 1, the first one included.
    pub starts: usize,
    /// Events carried out.
    pub events: usize,
}

impl Statistics {
    /// Adds the work of an integrator.
    pub(crate) fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.rhs_evaluations += other.rhs_evaluations;
        self.jacobians += other.jacobians;
        self.factorizations += other.factorizations;
        self.newton_failures += other.newton_failures;
        self.error_failures += other.error_failures;
        self.starts += 1;
    }
}
