//! The question of flux balance analysis: which steady rates, within bounds, make an objective best?
//!
//! As in the SBML package `fbc` (Versions 1 to 3), whose mathematics is Orth, Thiele & Palsson 2010
//! (doi:10.1038/nbt.1614): maximize or minimize `c v` over the rates `v` of all reactions, so that no species piles up
//! (`S v = 0`) and every rate is within its bounds. Kinetic laws play no part.

use crate::Id;
use source::Place;

/// Bounds, objectives and what else the package adds to a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FluxBalance {
    /// True when the file promises that every bound is a constant number and every reaction has both.
    pub strict: bool,
    /// At most one for each reaction; a reaction without one is not bounded.
    pub bounds: Vec<FluxBounds>,
    /// What may be made best; one of them at a time.
    pub objectives: Vec<Objective>,
    /// Id of the objective that is meant when nobody names another.
    pub active: Option<Id>,
    /// Further conditions on the rates.
    pub constraints: Vec<FluxConstraint>,
    /// Kept for people and other programs; without effect.
    pub gene_products: Vec<GeneProduct>,
    /// Which genes a reaction needs. Kept, without effect.
    pub gene_associations: Vec<(Id, GeneAssociation)>,
    /// Charge and formula of species. Kept, without effect.
    pub chemistry: Vec<Chemistry>,
}

/// A number, or the parameter that holds it.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Quantity {
    Number(f64),
    Parameter(Id),
}

impl Quantity {
    /// The parameter that holds the number.
    pub fn parameter(&self) -> Option<&Id> {
        match self {
            Self::Number(_) => None,
            Self::Parameter(id) => Some(id),
        }
    }
}

/// Between which limits the rate of a reaction lies, in extent per time.
#[derive(Debug, Clone, PartialEq)]
pub struct FluxBounds {
    /// The reaction.
    pub reaction: Id,
    /// `None` is minus infinity.
    pub lower: Option<Quantity>,
    /// `None` is infinity.
    pub upper: Option<Quantity>,
    /// Where it is written.
    pub place: Place,
}

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Sense {
    Maximize,
    Minimize,
}

/// A weighted sum of rates to be made as large or as small as can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    /// Unique among objectives.
    pub id: Id,
    /// For people.
    pub name: String,
    /// Whether more is better.
    pub sense: Sense,
    /// What is added up.
    pub terms: Vec<FluxTerm>,
    /// Where it is written.
    pub place: Place,
}

/// `coefficient * variable`.
#[derive(Debug, Clone, PartialEq)]
pub struct FluxTerm {
    /// The weight.
    pub coefficient: Quantity,
    /// A reaction, which means its rate; in a constraint also a parameter that is not constant: a number to be found.
    pub variable: Id,
}

/// `lower <= sum of terms <= upper`.
#[derive(Debug, Clone, PartialEq)]
pub struct FluxConstraint {
    /// Name, if it has one.
    pub id: Option<Id>,
    /// For people.
    pub name: String,
    /// `None` is minus infinity.
    pub lower: Option<Quantity>,
    /// `None` is infinity.
    pub upper: Option<Quantity>,
    /// What is added up.
    pub terms: Vec<FluxTerm>,
    /// Where it is written.
    pub place: Place,
}

/// The product of a gene, by the package's names for it.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct GeneProduct {
    pub id: Id,
    pub name: String,
    pub label: String,
    pub species: Option<Id>,
}

/// Which gene products a reaction needs.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum GeneAssociation {
    Product(Id),
    All(Vec<GeneAssociation>),
    Any(Vec<GeneAssociation>),
}

/// What a species is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Chemistry {
    /// The species.
    pub species: Id,
    /// In elementary charges.
    pub charge: Option<f64>,
    /// As `C6H12O6`.
    pub formula: Option<String>,
}

impl FluxBalance {
    /// The objective that is meant: the active one, or the only one.
    pub fn objective(&self) -> Option<&Objective> {
        match (&self.active, &self.objectives[..]) {
            (None, [only]) => Some(only),
            (active, all) => all.iter().find(|objective| Some(&objective.id) == active.as_ref()),
        }
    }
}
