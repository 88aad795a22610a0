//! What comes out of a run. (In work.)

use network::SymbolIndex;

/// Values of the requested symbols over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trajectory {
    /// Times, in the model's unit.
    pub times: Vec<f64>,
    /// The symbols asked for.
    pub outputs: Vec<SymbolIndex>,
    /// Row-major: time x output.
    pub values: Vec<f64>,
    /// The work done.
    pub statistics: Statistics,
}

impl Trajectory {
    /// The value of an output at a time.
    pub fn value(&self, time: usize, output: usize) -> f64 {
        self.values[time * self.outputs.len() + output]
    }

    /// One output at all times.
    pub fn column(&self, output: usize) -> Vec<f64> {
        (0..self.times.len()).map(|time| self.value(time, output)).collect()
    }
}

/// Counts of the work a run took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Statistics {
    pub steps: usize,
    pub rhs_evaluations: usize,
    pub jacobians: usize,
    pub factorizations: usize,
    pub newton_failures: usize,
    pub error_failures: usize,
    pub events: usize,
}
