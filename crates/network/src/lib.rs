//! The model: compartments, species, parameters, reactions with kinetic laws, rules, initial assignments, events,
//! function definitions and observables, with the [`Condition`] applied to it.
//!
//! A [`Draft`] may be edited freely but answers no questions; [`Draft::check`] looks at every rule once and returns an
//! immutable [`Network`]. After that no later step has to wonder whether its input is sound. Network knows no tissue,
//! no file format and no solver.
//!
//! ```
//! use network::{Draft, Parameter, Rule, UnitPolicy, parse_formula};
//! use source::Place;
//! use units::Unit;
//!
//! let parameter = |id: &str, value, unit: &str| Parameter {
//!     id: id.into(),
//!     name: String::new(),
//!     value: Some(value),
//!     unit: Some(Unit::parse(unit).expect("a unit")),
//!     constant: false,
//!     place: Place::nowhere(),
//! };
//! let rate = |formula| Rule::Rate {
//!     target: "sclerostin".into(),
//!     value: parse_formula(formula).expect("a formula"),
//!     place: Place::file("sclerostin.model.toml"),
//! };
//! let mut draft = Draft::default();
//! draft.units.time = Some(Unit::day());
//! draft.parameters = vec![parameter("sclerostin", 0.1, "nmol/L"), parameter("clearance_rate", 25.0, "1/day")];
//!
//! draft.rules = vec![rate("-clearance_rate * sclerostin")];
//! assert!(draft.clone().check(UnitPolicy::Strict).is_ok());
//!
//! draft.rules = vec![rate("-sclerostin")];
//! let findings = draft.check(UnitPolicy::Strict).unwrap_err();
//! assert_eq!(
//!     findings.to_string(),
//!     "error: rate rule of `sclerostin` has unit nmol/L, expected nmol/L/day, a factor of 1/day
//!   at sclerostin.model.toml
//!   likely reason: is a rate constant missing?"
//! );
//! ```

mod check;
mod condition;
mod distribution;
mod doubts;
mod draft;
mod expression;
mod flux_balance;
mod formula;
mod function;
mod model;
mod network;
mod remarks;
mod under;

pub use check::UnitPolicy;
pub use condition::{Action, Change, Condition};
pub use draft::Draft;
pub use expression::{Distribution, Expression, Function};
pub use flux_balance::{
    Chemistry, FluxBalance, FluxBounds, FluxConstraint, FluxTerm, GeneAssociation, GeneProduct, Objective, Quantity,
    Sense,
};
pub use formula::{FormulaError, parse_equation, parse_formula};
pub use model::{
    Compartment, Constraint, Event, EventAssignment, FunctionDefinition, InitialAssignment, InitialValue, ModelUnits,
    Observable, Parameter, Participant, Reaction, Rule, Species, Stoichiometry,
};
pub use network::{InitialStep, Network, Symbol, SymbolIndex, SymbolKind};
pub use remarks::{Remark, Remarks, Subject, Thing, UnitDefinition};

/// The name of a thing in a model: lower snake case in our own files, any SBML identifier in a person's.
pub type Id = std::sync::Arc<str>;
