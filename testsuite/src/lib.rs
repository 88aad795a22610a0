//! Tests that cross crates: see the folders `known`, `reference`, `models`, `sbml`, `refutation`, `golden` and `cli`.
