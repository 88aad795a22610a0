//! What is done to a body, and whose body it is: drugs, subjects, genotypes, hypotheses and scenarios.

use crate::{Compare, Formula, Organism};
use source::{Place, Placed};
use units::{Quantity, Unit};

/// A parameter and the value it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Id of the parameter.
    pub id: Placed<String>,
    /// In any unit of the parameter's dimension.
    pub quantity: Placed<Quantity>,
}

/// A drug; its pharmacokinetics stand in the module of the same file.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Drug {
    pub id: String,
    pub name: String,
    pub about: String,
    /// Organisms it may be given to.
    pub organisms: Vec<Organism>,
    /// The state a dose is added to.
    pub dose_into: Placed<String>,
    /// What scenarios write doses in.
    pub dose_unit: Unit,
    /// What is added to the state per one `dose_unit`.
    pub dose_factor: Formula,
    /// Id of the module with its states and parameters.
    pub module: String,
    pub sources: Vec<Placed<String>>,
    pub place: Place,
}

impl Drug {
    /// Id of the generated parameter that holds what infusions add a day.
    pub fn infusion_id(&self) -> String {
        format!("{}_infusion", self.id)
    }

    /// Id of the generated parameter that holds the drug's dose factor.
    pub fn dose_factor_id(&self) -> String {
        format!("{}_dose_factor", self.id)
    }
}

/// Who is simulated: values that have always been so.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Subject {
    pub id: String,
    pub name: String,
    pub about: String,
    pub organism: Organism,
    pub set: Vec<Setting>,
    pub sources: Vec<Placed<String>>,
    pub place: Place,
}

/// A genetic change, in force from day 0.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Genotype {
    pub id: String,
    pub name: String,
    pub about: String,
    pub organisms: Vec<Organism>,
    pub set: Vec<Setting>,
    pub sources: Vec<Placed<String>>,
    pub evidence: Vec<Placed<String>>,
    pub place: Place,
}

/// A rival view of how bone and muscle talk.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Hypothesis {
    pub id: String,
    pub name: String,
    pub about: String,
    /// Links that are off: ids, `direction:…`, `kind:…` or `all`.
    pub off: Vec<Placed<String>>,
    /// Links that are on all the same.
    pub on: Vec<Placed<String>>,
    pub set: Vec<Setting>,
    pub sources: Vec<Placed<String>>,
    pub evidence: Vec<Placed<String>>,
    pub place: Place,
}

/// A question's situation: who, for how long, and what happens.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Scenario {
    pub id: String,
    pub name: String,
    pub about: String,
    pub organism: Organism,
    /// Who was studied, for people: species, strain, sex, age, how many.
    pub subjects: String,
    pub duration_days: f64,
    pub compare: Compare,
    /// Ids of the readouts to show; empty means all main ones.
    pub readouts: Vec<Placed<String>>,
    /// Citation keys of the protocol.
    pub sources: Vec<Placed<String>>,
    pub arms: Vec<Arm>,
    pub place: Place,
}

impl Scenario {
    /// Nothing happens to one arm: the reference model at rest.
    pub fn rest(organism: Organism, duration_days: f64) -> Self {
        Self {
            id: "rest".to_string(),
            name: "At rest".to_string(),
            about: "Nothing happens.".to_string(),
            organism,
            subjects: String::new(),
            duration_days,
            compare: Compare::Baseline,
            readouts: Vec::new(),
            sources: Vec::new(),
            arms: vec![Arm::without_anything("rest")],
            place: Place::nowhere(),
        }
    }
}

/// One group of a study.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Arm {
    pub id: String,
    pub name: String,
    /// Id of a subject of the biology, whose values hold before those of `set`.
    pub subject: Option<Placed<String>>,
    /// In force before day 0: the subject has always been so.
    pub set: Vec<Setting>,
    /// Several are a cross: all of them act.
    pub genotypes: Vec<Placed<String>>,
    pub changes: Vec<ArmChange>,
    pub doses: Vec<Dose>,
    pub place: Place,
}

impl Arm {
    /// An arm to which nothing happens.
    pub(crate) fn without_anything(id: &str) -> Self {
        Self {
            id: id.to_string(),
            name: id.to_string(),
            subject: None,
            set: Vec::new(),
            genotypes: Vec::new(),
            changes: Vec::new(),
            doses: Vec::new(),
            place: Place::nowhere(),
        }
    }
}

/// Values for a while; afterwards the value before returns.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct ArmChange {
    pub from_day: f64,
    /// Absent: until the end of the run.
    pub to_day: Option<f64>,
    pub set: Vec<Setting>,
    pub place: Place,
}

/// A drug given once or at regular times.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Dose {
    pub drug: Placed<String>,
    pub amount: Placed<Quantity>,
    pub at_day: f64,
    /// Length of an infusion; 0 when it is given at once.
    pub over_days: f64,
    /// Interval to the next dose.
    pub every_days: Option<f64>,
    /// How many doses.
    pub times: u32,
    pub place: Place,
}
