//! What a `*.model.toml` file says, record by record, in the units of the sources.

use crate::{Basis, Direction, LinkKind, LinkPart, PerOrganism, Tissue};
use evidence::Tier;
use network::{Expression, Participant};
use source::{Place, Placed};
use units::Unit;

/// A formula as written and as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// As a person wrote it.
    pub text: String,
    /// As read; names are not resolved yet.
    pub expression: Expression,
    /// Where it starts.
    pub place: Place,
}

/// A number in the record's own unit, or a formula over other names.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// In the unit of the record.
    Number(f64),
    /// Computed once, before time starts.
    Formula(Formula),
}

/// Where a record comes from and what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Citation keys.
    pub sources: Vec<Placed<String>>,
    /// Ids of evidence statements.
    pub evidence: Vec<Placed<String>>,
    /// A remark, in our words.
    pub note: Option<String>,
    /// Where the record is written.
    pub place: Place,
}

/// One pair of files: a part of the physiology.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Module {
    pub id: String,
    pub name: String,
    /// One or two sentences.
    pub about: String,
    /// Path without `.model.toml`, for example `bone/mineral`.
    pub stem: String,
    /// Citation keys of the papers the equations come from.
    pub sources: Vec<Placed<String>>,
    /// True for a published model that is kept as printed.
    pub replica: bool,
    /// True when the file is listed by `reference.model.toml`.
    pub in_reference_model: bool,
    pub molecules: Vec<Molecule>,
    pub compartments: Vec<Compartment>,
    pub parameters: Vec<Parameter>,
    pub states: Vec<State>,
    pub species: Vec<Species>,
    pub reactions: Vec<Reaction>,
    pub variables: Vec<Variable>,
    pub links: Vec<Link>,
    pub events: Vec<Event>,
    pub readouts: Vec<ReadoutRecord>,
    pub place: Place,
}

impl Module {
    /// Every record with its id and where it comes from, kind by kind.
    pub(crate) fn origins(&self) -> impl Iterator<Item = (&str, &Origin)> {
        let compartments = self.compartments.iter().map(|it| (it.id.as_str(), &it.origin));
        let parameters = self.parameters.iter().map(|it| (it.id.as_str(), &it.origin));
        let states = self.states.iter().map(|it| (it.id.as_str(), &it.origin));
        let species = self.species.iter().map(|it| (it.id.as_str(), &it.origin));
        let reactions = self.reactions.iter().map(|it| (it.id.as_str(), &it.origin));
        let variables = self.variables.iter().map(|it| (it.id.as_str(), &it.origin));
        let links = self.links.iter().map(|it| (it.id.as_str(), &it.origin));
        let events = self.events.iter().map(|it| (it.id.as_str(), &it.origin));
        let readouts = self.readouts.iter().map(|it| (it.id.as_str(), &it.origin));
        let values = compartments.chain(parameters).chain(states).chain(species);
        values.chain(reactions).chain(variables).chain(links).chain(events).chain(readouts)
    }
}

/// A thing of the map that has quantities in the model. Who makes it and what it is called elsewhere stands there.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Molecule {
    /// Id of the thing.
    pub id: String,
    /// The quantity to plot.
    pub main_quantity: Placed<String>,
    pub note: Option<String>,
    pub place: Place,
}

/// A space that holds species.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Compartment {
    pub id: String,
    pub name: String,
    pub unit: Unit,
    pub size: PerOrganism<Value>,
    pub origin: Origin,
}

/// A named number.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Parameter {
    pub id: String,
    pub name: String,
    /// The unit of its source, in which value and range are given.
    pub unit: Unit,
    pub value: PerOrganism<Value>,
    /// Plausible interval.
    pub range: PerOrganism<(f64, f64)>,
    pub basis: Basis,
    pub origin: Origin,
}

/// A quantity with a rate of change.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct State {
    pub id: String,
    pub name: String,
    pub unit: Unit,
    pub initial: PerOrganism<Value>,
    /// Per day.
    pub rate: Formula,
    pub origin: Origin,
}

/// A pool of molecules that reactions change.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Species {
    pub id: String,
    pub name: String,
    pub compartment: Placed<String>,
    /// Of a concentration (amount per size of the compartment) or of an amount.
    pub unit: Unit,
    pub initial: PerOrganism<Value>,
    pub origin: Origin,
}

/// A process that changes species.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Reaction {
    pub id: String,
    pub name: String,
    /// As written, for example `2 a + b -> c`.
    pub equation: String,
    pub reactants: Vec<Participant>,
    pub products: Vec<Participant>,
    pub reversible: bool,
    /// Amount per day.
    pub rate: Formula,
    pub origin: Origin,
}

/// A quantity that follows from others at each moment.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Variable {
    pub id: String,
    pub name: String,
    pub unit: Unit,
    pub value: Formula,
    pub origin: Origin,
}

/// A dimensionless number with its range.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct LinkNumber {
    pub value: PerOrganism<f64>,
    pub range: PerOrganism<(f64, f64)>,
    pub place: Place,
}

/// A bounded, dimensionless, switchable multiplier that is 1 at the reference: how one tissue acts on another.
///
/// With `r = from / reference`, steepness `n`, potency `k` and switch `s` (0 or 1), the link's value is
/// `maximum ^ (s (r^n - 1) / (r^n + k^n))`: 1 at `r = 1`, towards `maximum` as `r` grows and towards
/// `maximum^(-1 / k^n)` as `r` vanishes.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Link {
    pub id: String,
    pub name: String,
    pub direction: Direction,
    pub kind: LinkKind,
    /// The quantity that acts.
    pub from: Placed<String>,
    /// Its value at which the link is 1.
    pub reference: Formula,
    /// A word for the reader; the formula that uses the link's id does the work.
    pub acts_on: String,
    /// Multiplier at an infinite source.
    pub maximum: LinkNumber,
    /// Source relative to its reference at half of the logarithmic range.
    pub potency: LinkNumber,
    /// Exponent; 1 unless stated.
    pub steepness: LinkNumber,
    pub basis: Basis,
    /// How strong the evidence for the link is.
    pub tier: Tier,
    /// Whether it is on unless a hypothesis says otherwise.
    pub default: PerOrganism<bool>,
    pub origin: Origin,
}

impl Link {
    /// The number that is a part of the link; a switch has none.
    pub fn number(&self, part: LinkPart) -> Option<&LinkNumber> {
        match part {
            LinkPart::Maximum => Some(&self.maximum),
            LinkPart::Potency => Some(&self.potency),
            LinkPart::Steepness => Some(&self.steepness),
            LinkPart::Switch => None,
        }
    }

    /// Id of the parameter that holds the link's maximum.
    pub fn maximum_id(&self) -> String {
        format!("{}_maximum", self.id)
    }

    /// Id of the parameter that holds the link's potency.
    pub fn potency_id(&self) -> String {
        format!("{}_potency", self.id)
    }

    /// Id of the parameter that holds the link's steepness.
    pub fn steepness_id(&self) -> String {
        format!("{}_steepness", self.id)
    }

    /// Id of the parameter that is 1 while the link is on and 0 while it is off.
    pub fn switch_id(&self) -> String {
        format!("{}_switch", self.id)
    }
}

/// A change at the moment a condition becomes true.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Event {
    pub id: String,
    pub name: String,
    pub trigger: Formula,
    /// What is set to what.
    pub assign: Vec<(Placed<String>, Formula)>,
    pub origin: Origin,
}

/// What a study would report.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct ReadoutRecord {
    pub id: String,
    pub name: String,
    pub tissue: Tissue,
    /// The formula makes the number as it is reported; for `%` that means 100 times the ratio.
    pub value: Formula,
    pub unit: Unit,
    /// Position in tables.
    pub order: f64,
    /// Shown in short tables unless a scenario chooses its own.
    pub main: bool,
    pub origin: Origin,
}
