//! Bone, muscle, signals, drugs, subjects, genotypes: reads the biology folder and assembles a network.
//!
//! [`read()`] takes the text files that a biologist edits and returns a [`Biology`]: plain records in the units of their
//! sources, each with its place, its papers and its evidence. [`assemble()`] takes a [`Question`] and joins the records to
//! one checked [`network::Network`] in days, with one [`network::Condition`] per arm and hypothesis. Nothing here solves
//! equations or touches a disk.

mod assemble;
mod biology;
mod credibility;
mod dosing;
mod evaluate;
mod measurement;
mod organism;
mod parts;
mod protocol;
mod read;
mod settings;
#[cfg(test)]
mod tests;
mod words;

pub use assemble::{
    Assembly, LinkState, Provenance, Question, Readout, Run, Uncertain, assemble, runs_on, single_module,
};
pub use biology::{Biology, Entry, LinkPart};
pub use credibility::{Conformance, Credibility, KeptRule, TEN_RULES};
pub use dosing::{DosingOptions, read_dosing};
pub use measurement::{
    EquallyGood, Group, Measure, Measurement, Overlap, Precision, ReadoutClass, Refutation, Side, Spread,
};
pub use organism::{Organism, PerOrganism};
pub use parts::{
    Compartment, Event, Formula, Link, LinkNumber, Module, Molecule, Origin, Parameter, Reaction, ReadoutRecord,
    Species, State, Value, Variable,
};
pub use protocol::{Arm, ArmChange, Dose, Drug, Genotype, Hypothesis, Scenario, Setting, Subject};
pub use read::{EQUALLY_GOOD_PATH, read, read_scenario};
pub use words::{Basis, Compare, Direction, LinkKind, Tissue};
