//! Drives a run: scheduled changes, events, output. (In work.)

use crate::{CompiledModel, Trajectory};
use network::{Condition, SymbolIndex};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How to solve.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct SolveOptions {
    pub relative_tolerance: f64,
    pub absolute_tolerance: f64,
    pub scale_tolerance_by_magnitude: bool,
    pub maximum_steps: usize,
    pub interrupt: Option<Arc<AtomicBool>>,
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self {
            relative_tolerance: 1e-6,
            absolute_tolerance: 1e-12,
            scale_tolerance_by_magnitude: true,
            maximum_steps: 1_000_000,
            interrupt: None,
        }
    }
}

/// Why a run stopped early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FailureKind {
    StepTooSmall,
    NotFinite,
    TooManySteps,
    NewtonFailed,
    SingularMatrix,
    Interrupted,
}

/// A run that stopped early, with what it had computed.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct SolveFailure {
    pub kind: FailureKind,
    pub time: f64,
    pub step: f64,
    pub order: usize,
    pub symbol: Option<SymbolIndex>,
    pub partial: Box<Trajectory>,
}

/// Solves a compiled model under a condition.
///
/// # Errors
/// [`SolveFailure`] with the trajectory so far.
pub fn solve(
    _model: &CompiledModel,
    _condition: &Condition,
    _output_times: &[f64],
    _outputs: &[SymbolIndex],
    _options: &SolveOptions,
) -> Result<Trajectory, SolveFailure> {
    todo!("the solver is being written")
}
