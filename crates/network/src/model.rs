//! The parts of a model, as plain structs. They are the same before and after checking.

use crate::{Expression, Id};
use source::Place;
use units::Unit;

/// The units a model means when a part does not state its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelUnits {
    /// Of simulated time. The biology uses the day.
    pub time: Option<Unit>,
    /// Of amounts of species.
    pub substance: Option<Unit>,
    /// Of what reactions convert; a kinetic law is extent per time.
    pub extent: Option<Unit>,
    /// Of three-dimensional compartments.
    pub volume: Option<Unit>,
    /// Of two-dimensional compartments.
    pub area: Option<Unit>,
    /// Of one-dimensional compartments.
    pub length: Option<Unit>,
}

/// A space that holds species.
#[derive(Debug, Clone, PartialEq)]
pub struct Compartment {
    /// Unique name.
    pub id: Id,
    /// For people.
    pub name: String,
    /// Size in `unit`; absent when an initial assignment or rule gives it.
    pub size: Option<f64>,
    /// Number of spatial dimensions, usually 3.
    pub dimensions: f64,
    /// Unit of the size.
    pub unit: Option<Unit>,
    /// True when nothing may change the size.
    pub constant: bool,
    /// Where it is written.
    pub place: Place,
}

/// What a species starts with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InitialValue {
    /// Given by an initial assignment or rule, or unknown.
    Unset,
    /// An amount in the species' substance unit.
    Amount(f64),
    /// An amount per size of its compartment.
    Concentration(f64),
}

/// A pool of molecules in a compartment.
#[derive(Debug, Clone, PartialEq)]
pub struct Species {
    /// Unique name.
    pub id: Id,
    /// For people.
    pub name: String,
    /// The compartment it is in.
    pub compartment: Id,
    /// What it starts with.
    pub initial: InitialValue,
    /// Unit of its amount.
    pub substance_unit: Option<Unit>,
    /// True when its name in expressions means the amount, false when it means the concentration.
    pub only_substance: bool,
    /// True when reactions do not change it.
    pub boundary: bool,
    /// True when nothing may change it.
    pub constant: bool,
    /// Parameter that converts reaction extent to this species' amount.
    pub conversion_factor: Option<Id>,
    /// Where it is written.
    pub place: Place,
}

/// A named number; with a rate rule it is a state, with an assignment rule a derived quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Unique name.
    pub id: Id,
    /// For people.
    pub name: String,
    /// Value in `unit`; absent when an initial assignment or rule gives it.
    pub value: Option<f64>,
    /// Its unit; absent means unknown, which passes every unit check.
    pub unit: Option<Unit>,
    /// True when no rule or event may change it. A [`crate::Condition`] may change constants: it is done *to* the model.
    pub constant: bool,
    /// Where it is written.
    pub place: Place,
}

/// A function defined in the model, put in place of its calls during checking.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionDefinition {
    /// Unique name.
    pub id: Id,
    /// Names of its arguments.
    pub arguments: Vec<Id>,
    /// Its value.
    pub body: Expression,
    /// Where it is written.
    pub place: Place,
}

/// A value computed once, before time starts, in dependency order whatever the order of writing.
#[derive(Debug, Clone, PartialEq)]
pub struct InitialAssignment {
    /// What is set.
    pub target: Id,
    /// To what.
    pub value: Expression,
    /// Where it is written.
    pub place: Place,
}

/// A rule that holds at all times.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// `target = value`.
    Assignment {
        /// What is defined.
        target: Id,
        /// Its value.
        value: Expression,
        /// Where it is written.
        place: Place,
    },
    /// `d target / dt = value`.
    Rate {
        /// The state.
        target: Id,
        /// Its rate of change, per unit of model time.
        value: Expression,
        /// Where it is written.
        place: Place,
    },
    /// `0 = value`.
    Algebraic {
        /// The expression that is zero.
        value: Expression,
        /// Where it is written.
        place: Place,
    },
}

impl Rule {
    /// What the rule defines; an algebraic rule defines nothing by name.
    pub fn target(&self) -> Option<&Id> {
        match self {
            Self::Assignment { target, .. } | Self::Rate { target, .. } => Some(target),
            Self::Algebraic { .. } => None,
        }
    }

    /// The right-hand side.
    pub fn value(&self) -> &Expression {
        match self {
            Self::Assignment { value, .. } | Self::Rate { value, .. } | Self::Algebraic { value, .. } => value,
        }
    }

    /// Where it is written.
    pub fn place(&self) -> &Place {
        match self {
            Self::Assignment { place, .. } | Self::Rate { place, .. } | Self::Algebraic { place, .. } => place,
        }
    }
}

/// How many of a species take part.
#[derive(Debug, Clone, PartialEq)]
pub enum Stoichiometry {
    /// A fixed number.
    Constant(f64),
    /// Computed at all times.
    Expression(Expression),
    /// Its value is the value of the participant's own id, set by a rule, an event or an initial assignment; the
    /// number is the starting value.
    Variable(Option<f64>),
}

/// A reactant or product of a reaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// SBML lets a participant have a name, which then means its stoichiometry.
    pub id: Option<Id>,
    /// The species.
    pub species: Id,
    /// How many.
    pub stoichiometry: Stoichiometry,
}

/// A process that changes species.
#[derive(Debug, Clone, PartialEq)]
pub struct Reaction {
    /// Unique name; in expressions it means the reaction's rate.
    pub id: Id,
    /// For people.
    pub name: String,
    /// True when the rate may be negative. Information only.
    pub reversible: bool,
    /// True for SBML's fast reactions.
    pub fast: bool,
    /// What is used up.
    pub reactants: Vec<Participant>,
    /// What is made.
    pub products: Vec<Participant>,
    /// Species that act on the rate without being changed. Information only.
    pub modifiers: Vec<Id>,
    /// Kinetic law in extent (amount) per time; absent means the rate is unknown and taken as zero by nobody.
    pub rate: Option<Expression>,
    /// Where it is written.
    pub place: Place,
}

/// A change at the moment a condition becomes true.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Name; generated when the source has none.
    pub id: Id,
    /// For people.
    pub name: String,
    /// Fires when this turns from false to true.
    pub trigger: Expression,
    /// Value of the trigger before time starts.
    pub trigger_initially: bool,
    /// False: an event that waits is dropped when its trigger turns false again.
    pub persistent: bool,
    /// How long after the trigger the assignments are carried out.
    pub delay: Option<Expression>,
    /// Larger goes first among events at one time.
    pub priority: Option<Expression>,
    /// True: the assigned values are computed when the trigger fires, not when the delay is over.
    pub use_values_from_trigger_time: bool,
    /// What changes.
    pub assignments: Vec<EventAssignment>,
    /// Where it is written.
    pub place: Place,
}

/// One change made by an event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventAssignment {
    /// What changes.
    pub target: Id,
    /// Its new value.
    pub value: Expression,
}

/// What must be true at all times for the model to mean anything; nothing happens when it is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// The condition.
    pub condition: Expression,
    /// What to tell a person when it is violated: XHTML elements, each with the namespaces it needs.
    pub message: Option<std::sync::Arc<str>>,
    /// Where it is written.
    pub place: Place,
}

/// Something read out of the model: what a study would have measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Observable {
    /// Unique name.
    pub id: Id,
    /// For people.
    pub name: String,
    /// How it is computed.
    pub value: Expression,
    /// Unit of the value.
    pub unit: Option<Unit>,
    /// Where it is written.
    pub place: Place,
}
