//! Compiles a network to indices and machine code, and solves it.
//!
//! The engine knows numbers: no names, no units, no files, no biology. [`compile`] turns a checked network into a
//! [`CompiledModel`]; [`solve`] runs it under a condition and gives a [`Trajectory`]; names come back above.
//!
//! The path of a model, in the order of the modules below: a hash-consed expression *graph*; *lower* writes the
//! network's equations into it; *differentiate* adds the sparse Jacobian; *bytecode* and *machine_code* evaluate it;
//! *compiled* holds the result and binds it to parameters as a *system*, the only thing the solver's core sees.

// While both halves are being written.
#![allow(dead_code)]

mod bound;
mod bytecode;
#[cfg(test)]
mod compile_cost;
mod compiled;
mod differentiate;
mod error;
mod expressions;
mod functions;
mod graph;
mod lower;
mod machine_code;
mod system;
#[cfg(test)]
mod test_graphs;
#[cfg(test)]
mod test_models;
mod tier;

mod ndf;
mod differences;
mod newton;
mod ordering;
mod events;
mod options;
mod roots;
mod solve;
mod sparse_lu;
mod steady_state;
mod tolerance;
mod trajectory;

pub use compiled::{Backend, CompileOptions, CompiledModel, ModelSize, compile};
pub use error::CompileError;
pub use options::{FailureKind, SolveFailure, SolveOptions};
pub use solve::solve;
pub use trajectory::{Statistics, Trajectory};
