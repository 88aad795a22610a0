//! Compiles a network to indices and machine code, and solves it.
//!
//! The engine knows numbers: no names, no units, no files, no biology. [`compile`] turns a checked network into a
//! [`CompiledModel`]; [`solve()`] runs it under a condition and gives a [`Trajectory`]; names come back above.
//!
//! The path of a model: *lower* writes the network's equations into a hash-consed *graph*, formula by formula with
//! *expressions*; *differentiate* adds the sparse Jacobian; *bytecode* evaluates the graph at once, *machine_code* faster
//! when *tier* finds that it pays, both with the same *functions* and to the same bits; *compiled* holds the result,
//! *bound* binds it to parameters as a *system*, the only thing the solver's core sees.
//!
//! The path of a run: *solve* drives it and lets happen what *events* and a condition bring; *roots* finds the moments;
//! *integrator* has the steps taken by *explicit* or, where that would be stiff work, by *ndf*, with the past in
//! *differences*, errors judged by *tolerance*, and implicit equations solved by *newton* on a *sparse_lu* in an *ordering*
//! that keeps it sparse; *delays* looks values of the past up; *consistent* makes algebraic equations hold where something jumps; *relax* lets *fast*
//! reactions come to rest.
//!
//! Derivatives go along with a run as a *tangent*, for [`sensitivities()`], or back through it: a *tape* keeps what the run
//! did, and the *adjoint* follows it to the start, for [`gradient()`].

mod bound;
mod bytecode;
#[cfg(test)]
mod compile_cost;
mod compiled;
mod delays;
mod differentiate;
mod draws;
mod error;
mod expressions;
mod fast;
mod functions;
mod graph;
mod jumps;
mod lower;
mod machine_code;
mod operators;
mod system;
#[cfg(test)]
mod test_graphs;
#[cfg(test)]
mod test_models;
mod tier;

mod options;
pub mod random;
mod trajectory;

mod adjoint;
mod balance;
mod conservation;
mod consistent;
mod dense;
mod derivatives;
mod differences;
mod events;
mod explicit;
mod flux_balance;
mod gradient;
mod integrator;
mod ndf;
mod newton;
mod ordering;
mod recorder;
mod relax;
mod roots;
mod sample;
mod sensitivity;
mod solve;
mod sparse_lu;
mod steady_sensitivity;
mod steady_state;
mod tangent;
mod tape;
mod tolerance;

pub use compiled::{Backend, CompileOptions, CompiledModel, ModelSize, compile};
pub use conservation::{Conservation, Moiety};
pub use error::CompileError;
pub use flux_balance::{Conflict, FluxError, FluxOutcome, flux_balance, flux_variability};
pub use gradient::{Gradient, LeastSquares, Term, gradient};
pub use options::{FailureKind, Method, SolveFailure, SolveOptions};
pub use sample::{SampleMethod, SampleOptions, sample};
pub use sensitivity::{Sensitivities, SensitivityOptions, sensitivities};
pub use solve::solve;
pub use steady_sensitivity::{SteadyStateSensitivities, steady_state_sensitivities};
pub use steady_state::{
    RestMethod, Stability, SteadyState, SteadyStateFailure, SteadyStateFailureKind, SteadyStateOptions, steady_state,
};
pub use trajectory::{Statistics, Trajectory};
