//! What one asks of compiled models, one module a question.
//!
//! [`ensemble`](mod@ensemble): how far do the answers spread when uncertain parameters take other plausible values?
//! [`response`](fn@response): what does one condition do? [`rest`]: which of those parameters leave the undisturbed model where it is?
//!
//! The crate knows numbers and indices only. A random stream is made from a seed, a member and a parameter, and no
//! result depends on the number of threads.

pub mod ensemble;
mod percentile;
mod random;
mod response;
pub mod rest;

pub use ensemble::{Ensemble, EnsembleOptions, Member, Uncertain, ensemble};
pub use percentile::{Interval, interval_90};
pub use response::{response, responses};
