//! A model that may still be edited.

use crate::{
    Compartment, Constraint, Event, FluxBalance, FunctionDefinition, InitialAssignment, ModelUnits, Network,
    Observable, Parameter, Reaction, Remarks, Rule, Species, UnitDefinition, UnitPolicy, check,
};
use source::Diagnostics;

/// A model that may be edited freely and answers no questions; see [`Draft::check`].
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs)]
pub struct Draft {
    pub id: String,
    pub name: String,
    pub units: ModelUnits,
    pub compartments: Vec<Compartment>,
    pub species: Vec<Species>,
    pub parameters: Vec<Parameter>,
    pub functions: Vec<FunctionDefinition>,
    pub initial_assignments: Vec<InitialAssignment>,
    pub rules: Vec<Rule>,
    pub reactions: Vec<Reaction>,
    pub constraints: Vec<Constraint>,
    pub events: Vec<Event>,
    pub observables: Vec<Observable>,
    pub flux_balance: Option<FluxBalance>,
    /// Names that the file gives units.
    pub unit_definitions: Vec<UnitDefinition>,
    /// What the file says about the parts for people and databases.
    pub remarks: Remarks,
}

impl Draft {
    /// Looks at every rule once and freezes the model.
    ///
    /// Returned with the network are warnings. Checked are: ids that are unique and known, finite numbers, sizes and
    /// concentrations that are not negative, who may change what, cycles among rules and initial assignments, values
    /// that nothing gives, functions and their number of arguments, and units according to `policy`.
    ///
    /// # Errors
    /// Every finding, when at least one of them is an error.
    pub fn check(self, policy: UnitPolicy) -> Result<(Network, Diagnostics), Diagnostics> {
        check::check(self, policy)
    }
}
