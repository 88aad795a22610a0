//! A shelf of small systems whose answer is known, each solved with every backend and at several tolerances.

#[path = "../known/model.rs"]
mod model;

#[path = "../known/algebraic.rs"]
mod algebraic;
#[path = "../known/delays.rs"]
mod delays;
#[path = "../known/failures.rs"]
mod failures;
#[path = "../known/jumps.rs"]
mod jumps;
#[path = "../known/smooth.rs"]
mod smooth;
#[path = "../known/stiff.rs"]
mod stiff;
#[path = "../known/work.rs"]
mod work;
