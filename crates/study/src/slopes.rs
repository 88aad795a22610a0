//! A run with its derivatives, told from before anything was done to the model.

use crate::response::{Task, response};
use engine::{SensitivityOptions, SolveFailure, Trajectory, sensitivities};
use network::{Condition, SymbolIndex};

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
    if times.first() == Some(&0.0) && condition.changes.iter().any(|change| change.time <= 0.0) {
        // As in `response`: a first output at 0 shows what was before the changes of time 0.
        let before = Condition { initial: condition.initial.clone(), changes: Vec::new() };
        let start = sensitivities(model, &before, &[0.0], outputs, symbols, options)?;
        found.trajectory.values[..outputs.len()].copy_from_slice(&start.trajectory.values);
        found.values[..start.values.len()].copy_from_slice(&start.values);
    }
    Ok(found)
}
