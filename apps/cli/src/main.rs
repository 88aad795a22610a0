//! The command line of Enthesis.
fn main() {}
