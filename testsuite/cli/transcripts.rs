//! Transcripts of commands: what is typed, what comes back, with which exit code. Errors included.
//!
//! Built as a test of the package `enthesis-cli`, which gives it the path of the program.

mod arguments;
mod biology;
mod check;
mod convert;
mod disk;
mod document;
mod ensemble;
mod export;
mod failures;
mod flux_balance;
mod interrupt;
mod map;
mod random;
mod run;
mod session;
mod simulate;
mod steady_state;
mod validate;
