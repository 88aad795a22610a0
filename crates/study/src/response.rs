//! One run, told from before anything was done to the model.

use engine::{CompiledModel, SolveFailure, SolveOptions, Trajectory, solve};
use network::{Condition, SymbolIndex};
use rayon::prelude::*;

/// The [`response`] to each of several conditions, on all cores, in their order.
///
/// `finished` is called after each, from any thread.
///
/// # Errors
/// The first failure in the order of the conditions.
pub fn responses(
    model: &CompiledModel,
    conditions: &[Condition],
    times: &[f64],
    outputs: &[SymbolIndex],
    options: &SolveOptions,
    finished: &(dyn Fn() + Sync),
) -> Result<Vec<Trajectory>, SolveFailure> {
    let task = |condition: &Condition| Task { model, condition: condition.clone(), times, outputs };
    let tasks: Vec<Task> = conditions.iter().map(task).collect();
    solve_tasks(&tasks, options, finished).into_iter().collect()
}

/// A run with times and outputs of its own.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Task<'a> {
    pub model: &'a CompiledModel,
    pub condition: Condition,
    /// In order.
    pub times: &'a [f64],
    pub outputs: &'a [SymbolIndex],
}

/// The [`response`] of each task, on all cores, in their order; a failed run keeps its reason.
///
/// `finished` is called after each, from any thread.
pub fn solve_tasks(
    tasks: &[Task],
    options: &SolveOptions,
    finished: &(dyn Fn() + Sync),
) -> Vec<Result<Trajectory, SolveFailure>> {
    let solve = |task: &Task| {
        let result = response(task.model, &task.condition, task.times, task.outputs, options);
        finished();
        result
    };
    tasks.par_iter().map(solve).collect()
}

/// Solves a condition like [`engine::solve`], but a first output time of 0 shows the model before the changes of time
/// 0 were made.
///
/// Quantities that follow from others at once, such as the strain of a bone, jump with such a change; the solver reports
/// the value after it, while a change "from day 0" means from the value before.
///
/// # Errors
/// [`SolveFailure`] with the trajectory so far.
pub fn response(
    model: &CompiledModel,
    condition: &Condition,
    times: &[f64],
    outputs: &[SymbolIndex],
    options: &SolveOptions,
) -> Result<Trajectory, SolveFailure> {
    let mut trajectory = solve(model, condition, times, outputs, options)?;
    if let Some(before) = before_changes(condition, times) {
        let start = solve(model, &before, &[0.0], outputs, options)?;
        trajectory.values[..outputs.len()].copy_from_slice(&start.values);
    }
    Ok(trajectory)
}

/// The condition that a first output at time 0 shows, where it is another one than that of the run.
pub(crate) fn before_changes(condition: &Condition, times: &[f64]) -> Option<Condition> {
    let differs = times.first() == Some(&0.0) && condition.changes.iter().any(|change| change.time <= 0.0);
    differs.then(|| Condition { initial: condition.initial.clone(), changes: Vec::new() })
}
