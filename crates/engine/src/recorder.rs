//! Writes down the requested values at the output times.

use crate::compiled::{BoundModel, Outputs};
use crate::trajectory::{Statistics, Trajectory};
use network::SymbolIndex;
use std::sync::Arc;

/// A trajectory being written.
pub(crate) struct Recorder<'a> {
    prepared: Arc<Outputs>,
    times: &'a [f64],
    outputs: &'a [SymbolIndex],
    values: Vec<f64>,
    recorded: usize,
}

impl<'a> Recorder<'a> {
    /// `prepared` evaluates `outputs`.
    pub fn new(prepared: Arc<Outputs>, times: &'a [f64], outputs: &'a [SymbolIndex]) -> Self {
        Self { prepared, times, outputs, values: vec![0.0; times.len() * outputs.len()], recorded: 0 }
    }

    /// The next output time.
    pub fn next(&self) -> Option<f64> {
        self.times.get(self.recorded).copied()
    }

    /// Records a point for all output times that are due by then, and says how many there were.
    pub fn record_at(&mut self, model: &mut BoundModel, time: f64, y: &[f64]) -> usize {
        let before = self.recorded;
        while self.next().is_some_and(|next| next <= time) {
            let row = self.recorded * self.outputs.len();
            model.evaluate(&self.prepared, time, y, &mut self.values[row..row + self.outputs.len()]);
            self.recorded += 1;
        }
        self.recorded - before
    }

    /// What has been written, with the work it took.
    pub fn trajectory(mut self, statistics: Statistics) -> Trajectory {
        self.values.truncate(self.recorded * self.outputs.len());
        Trajectory {
            times: self.times[..self.recorded].to_vec(),
            outputs: self.outputs.to_vec(),
            values: self.values,
            statistics,
        }
    }
}
