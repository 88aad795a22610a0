//! The model: compartments, species, parameters, reactions with kinetic laws, rules, initial assignments, events,
//! function definitions and observables, with the [`Condition`] applied to it.
//!
//! A [`Draft`] may be edited freely but answers no questions; [`Draft::check`] looks at every rule once and returns an
//! immutable [`Network`]. After that no later step has to wonder whether its input is sound. Network knows no tissue,
//! no file format and no solver.

mod check;
mod condition;
mod draft;
mod expression;
mod formula;
mod function;
mod model;
mod network;

pub use check::UnitPolicy;
pub use condition::{Action, Change, Condition};
pub use draft::Draft;
pub use expression::{Expression, Function};
pub use formula::{FormulaError, parse_equation, parse_formula};
pub use model::{
    Compartment, Event, EventAssignment, FunctionDefinition, InitialAssignment, InitialValue, ModelUnits, Observable,
    Parameter, Participant, Reaction, Rule, Species, Stoichiometry,
};
pub use network::{InitialStep, Network, Symbol, SymbolIndex, SymbolKind};

/// The name of a thing in a model: lower snake case in our own files, any SBML identifier in a person's.
pub type Id = std::sync::Arc<str>;
