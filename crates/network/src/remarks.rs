//! What a file says about the parts of a model for people and databases: notes, annotations, terms. No number depends on
//! it, so it stands beside the parts and not in them.

use crate::Id;
use std::collections::BTreeMap;
use std::sync::Arc;
use units::Unit;

/// Remarks by what they are about; empty for a model without any.
pub type Remarks = BTreeMap<Subject, Remark>;

/// What is said about one element. Words are those of SBML, which gives all of these to every element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remark {
    /// Id of an element that has none in the model: a rule, a kinetic law.
    pub id: Option<Id>,
    /// Name of an element that has none in the model.
    pub name: Option<Arc<str>>,
    /// What the annotation calls the element (`rdf:about="#..."`); unique within a file.
    pub metaid: Option<Arc<str>>,
    /// Number of a term of the Systems Biology Ontology: 9 is `SBO:0000009`.
    pub sbo_term: Option<u32>,
    /// XHTML elements, each with the namespaces it needs.
    pub notes: Option<Arc<str>>,
    /// XML elements, each with the namespaces it needs: RDF, and whatever tools keep.
    pub annotation: Option<Arc<str>>,
    /// `uncertainty` elements of the package `distrib`, each with the namespaces it needs.
    pub uncertainties: Option<Arc<str>>,
}

/// The element that a remark is about: a thing, or something within it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The thing.
    pub thing: Thing,
    /// What within it, by SBML's word (`kineticLaw`, `speciesReference`) and position among those of that word; reactants
    /// come before products.
    pub within: Option<(&'static str, usize)>,
}

/// A thing of a model by its id, or by its position in the draft where it has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Thing {
    /// The file around the model.
    File,
    Model,
    Function(Id),
    Unit(Id),
    Compartment(Id),
    Species(Id),
    Parameter(Id),
    /// By its target.
    InitialAssignment(Id),
    Rule(usize),
    Constraint(usize),
    Reaction(Id),
    Event(Id),
    Objective(Id),
    FluxConstraint(usize),
    GeneProduct(Id),
}

impl Thing {
    /// Something within the thing; see [`Subject::within`].
    pub fn within(self, word: &'static str, position: usize) -> Subject {
        Subject { thing: self, within: Some((word, position)) }
    }
}

impl From<Thing> for Subject {
    fn from(thing: Thing) -> Self {
        Self { thing, within: None }
    }
}

/// A unit that the file gives a name. The parts of a model hold their units themselves; the name is for writing them back.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct UnitDefinition {
    pub id: Id,
    pub unit: Unit,
}
