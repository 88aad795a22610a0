//! A run with its derivatives, told from before anything was done to the model.

use crate::response::{Task, before_changes, response};
use engine::{SensitivityOptions, SolveFailure, Trajectory, sensitivities};
use network::SymbolIndex;

/// A [`response`] with its derivatives, row-major: time x output x symbol.
#[derive(Debug, Clone)]
pub struct Slopes {
    /// The run.
    pub trajectory: Trajectory,
    /// Derivatives, in units of output over symbol.
    pub values: Vec<f64>,
}

/// Solves a task with the derivatives of its outputs with respect to initial values of symbols.
///
/// # Errors
/// [`SolveFailure`] with the trajectory so far.
pub fn slopes(task: &Task, symbols: &[SymbolIndex], options: &SensitivityOptions) -> Result<Slopes, SolveFailure> {
    let Task { model, condition, times, outputs } = task;
    if symbols.is_empty() {
        let trajectory = response(model, condition, times, outputs, &options.solve)?;
        return Ok(Slopes { trajectory, values: Vec::new() });
    }
    let run = sensitivities(model, condition, times, outputs, symbols, options)?;
    let mut found = Slopes { trajectory: run.trajectory, values: run.values };
    if let Some(before) = before_changes(condition, times) {
        let start = sensitivities(model, &before, &[0.0], outputs, symbols, options)?;
        found.trajectory.values[..outputs.len()].copy_from_slice(&start.trajectory.values);
        found.values[..start.values.len()].copy_from_slice(&start.values);
    }
    Ok(found)
}
