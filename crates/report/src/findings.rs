//! What a report is made from: plain values with names and units, whoever computed them.
//!
//! The facade fills these structs; nothing here knows a solver or a biology file. Positions (`usize`) refer to the
//! lists of the same [`ScenarioFindings`] or [`Findings`].

use crate::{ChangeScale, Provenance};

/// Everything one report shows.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// One part per scenario, in the order asked.
    pub scenarios: Vec<ScenarioFindings>,
    /// One part per organism that occurs.
    pub organisms: Vec<OrganismFindings>,
    /// Statements that links and parameters rest on, each once.
    pub statements: Vec<Statement>,
    /// What deserves a look although there is a result.
    pub warnings: Vec<String>,
    /// How the numbers were made.
    pub provenance: Provenance,
}

/// What one scenario showed.
#[derive(Debug, Clone, Default)]
pub struct ScenarioFindings {
    /// Id and name.
    pub named: Named,
    /// One or two sentences.
    pub about: String,
    /// `human` or `mouse`.
    pub organism: String,
    /// Length of the run in days.
    pub duration_days: f64,
    /// What the end points are compared with.
    pub comparison: Comparison,
    /// At least one.
    pub arms: Vec<Named>,
    /// At least one; the first is the model as it stands, the others are rivals.
    pub hypotheses: Vec<Named>,
    /// What was recorded.
    pub variables: Vec<Variable>,
    /// Days since the start, rising.
    pub times: Vec<f64>,
    /// One per arm, hypothesis and variable that was solved.
    pub curves: Vec<Curve>,
    /// What the study that the scenario describes measured; empty for other scenarios.
    pub measured: Vec<MeasuredPoint>,
    /// One per read-out, arm and hypothesis.
    pub end_points: Vec<EndPoint>,
    /// Bone–muscle links of the model.
    pub links: Vec<Link>,
    /// Sources of the protocol.
    pub sources: Vec<Citation>,
    /// Uncertain parameters that differ between ensemble members.
    pub varied: Vec<String>,
    /// Those of them whose values are taken together, from sets that fit the calibration studies equally well.
    pub joint: Vec<String>,
    /// Uncertain parameters that were held, because another value alone would move the model from rest.
    pub held: Vec<String>,
}

/// What the end points of an arm are compared with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Comparison {
    /// With its own day 0.
    #[default]
    Baseline,
    /// With the first arm on the last day.
    FirstArm,
}

/// An id and what people call it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Lower snake case.
    pub id: String,
    /// For people.
    pub name: String,
    /// One or two sentences; may be empty.
    pub about: String,
}

/// Where a recorded quantity belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A read-out of bone.
    Bone,
    /// A read-out of muscle.
    Muscle,
    /// A read-out of blood.
    Circulation,
    /// The multiplier of a link; 1 at the reference state.
    Link,
}

impl Group {
    /// The groups that hold read-outs.
    pub const READOUTS: [Self; 3] = [Self::Bone, Self::Muscle, Self::Circulation];

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bone => "Bone",
            Self::Muscle => "Muscle",
            Self::Circulation => "Circulation",
            Self::Link => "Links",
        }
    }
}

/// A recorded quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Unique in the scenario.
    pub id: String,
    /// For people.
    pub name: String,
    /// Where it belongs.
    pub group: Group,
    /// Unit of all its values, as text.
    pub unit: String,
    /// True when it is shown in short tables and figures.
    pub main: bool,
}

/// A quantity over time in one run, with the band of the ensemble.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Position in [`ScenarioFindings::arms`].
    pub arm: usize,
    /// Position in [`ScenarioFindings::hypotheses`].
    pub hypothesis: usize,
    /// Position in [`ScenarioFindings::variables`].
    pub variable: usize,
    /// One value per time.
    pub values: Vec<f64>,
    /// Lower and upper end of the 90 % interval, one per time; absent without an ensemble.
    pub band: Option<Band>,
    /// The change from the run's own day 0, one per time, on the scale of [`Curve::scale`].
    pub changes: Vec<f64>,
    /// Lower and upper end of the 90 % interval of the change within a member; far narrower than what members differ
    /// in on day 0.
    pub change_band: Option<Band>,
}

impl Curve {
    /// The scale of the changes of a quantity with this unit.
    pub fn scale(&self, unit: &str) -> ChangeScale {
        ChangeScale::for_quantity(unit, self.values.first().copied().unwrap_or(0.0))
    }
}

/// A published number on the axis of a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredPoint {
    /// Position in [`ScenarioFindings::variables`].
    pub variable: usize,
    /// Position in [`ScenarioFindings::arms`].
    pub arm: usize,
    /// Days since the start.
    pub day: f64,
    /// The change from the arm's day 0 on the scale of [`Curve::scale`].
    pub change: f64,
    /// Its published 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// Id of the measurement, for example `OC0001`.
    pub id: String,
}

/// Lower and upper ends of intervals, one per time.
pub type Band = (Vec<f64>, Vec<f64>);

/// An interval that holds 90 % of the ensemble.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// 5th percentile.
    pub lower: f64,
    /// 95th percentile.
    pub upper: f64,
}

/// What a read-out came to, and how far that is from what it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct EndPoint {
    /// Position in [`ScenarioFindings::variables`].
    pub variable: usize,
    /// Position in [`ScenarioFindings::arms`].
    pub arm: usize,
    /// Position in [`ScenarioFindings::hypotheses`].
    pub hypothesis: usize,
    /// Day 0 of the arm, or the last day of the first arm; in the variable's unit.
    pub from: f64,
    /// The last day of the arm; in the variable's unit.
    pub to: f64,
    /// Whether the change is relative.
    pub scale: ChangeScale,
    /// The change on that scale.
    pub change: f64,
    /// Interval of the change across the ensemble.
    pub interval: Option<Interval>,
    /// For rivals: whether the change differs from that of the model as it stands in the same direction across the
    /// ensemble. `None` for the model itself and without an ensemble.
    pub separable: Option<bool>,
}

/// A bone–muscle link and what it rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Link {
    /// Id, name and note.
    pub named: Named,
    /// For example `bone to muscle`.
    pub direction: String,
    /// For example `endocrine`.
    pub kind: String,
    /// The quantity it starts from.
    pub from: String,
    /// What it acts on.
    pub acts_on: String,
    /// Best tier of evidence, `T1` to `T5`.
    pub tier: String,
    /// Whether it is on, per hypothesis.
    pub on: Vec<bool>,
    /// Positions in [`Findings::statements`].
    pub statements: Vec<usize>,
    /// Papers its numbers come from.
    pub sources: Vec<Citation>,
}

/// What is known of one organism's numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrganismFindings {
    /// `human` or `mouse`.
    pub organism: String,
    /// All parameters of the model, in the order of the files.
    pub parameters: Vec<Parameter>,
    /// All equations of the model, as lines to read.
    pub equations: String,
}

impl OrganismFindings {
    /// Where the numbers come from.
    pub fn shares(&self) -> BasisShares {
        BasisShares::of(&self.organism, &self.parameters)
    }
}

/// Where the numbers of an organism come from: how many parameters have each basis.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct BasisShares {
    /// `human` or `mouse`.
    pub organism: String,
    /// All parameters, links included.
    pub parameters: usize,
    /// From best to weakest. A basis that none has is told too, but for `published`, which parameters of the reference model
    /// never have.
    pub by_basis: Vec<(Basis, usize)>,
}

impl BasisShares {
    /// Counts the parameters of an organism.
    pub fn of(organism: &str, parameters: &[Parameter]) -> Self {
        let count = |basis| parameters.iter().filter(|it| it.basis == basis).count();
        let counted = Basis::ALL.into_iter().map(|basis| (basis, count(basis)));
        let by_basis = counted.filter(|(basis, count)| *count > 0 || *basis != Basis::Published).collect();
        Self { organism: organism.to_string(), parameters: parameters.len(), by_basis }
    }

    /// How many percent of the parameters so many are.
    pub(crate) fn percent(&self, count: usize) -> f64 {
        100.0 * count as f64 / self.parameters.max(1) as f64
    }
}

impl std::fmt::Display for BasisShares {
    /// `Parameters (human, 500): measured 31 %, derived 9 %, fitted 12 %, assumed 48 %`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parameters ({}, {}): ", self.organism, self.parameters)?;
        for (i, (basis, count)) in self.by_basis.iter().enumerate() {
            write!(f, "{}{} {:.0} %", if i == 0 { "" } else { ", " }, basis.word(), self.percent(*count))?;
        }
        Ok(())
    }
}

/// A parameter with its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Id, name and note.
    pub named: Named,
    /// The part of the biology it is written in.
    pub module: String,
    /// The value or formula in the published unit, as text.
    pub value: String,
    /// The published unit.
    pub unit: String,
    /// The plausible interval in the published unit, as text; empty when none is given.
    pub range: String,
    /// How the value was obtained.
    pub basis: Basis,
    /// Papers.
    pub sources: Vec<Citation>,
    /// `file:line`.
    pub place: String,
}

/// How the value of a parameter was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Basis {
    Measured,
    Derived,
    Fitted,
    Assumed,
    /// As printed in a published model that is kept as it is.
    Published,
}

impl Basis {
    /// All, from best to weakest.
    pub const ALL: [Self; 5] = [Self::Measured, Self::Derived, Self::Fitted, Self::Assumed, Self::Published];

    /// The word used in the files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Derived => "derived",
            Self::Fitted => "fitted",
            Self::Assumed => "assumed",
            Self::Published => "published",
        }
    }
}

/// A paper, short.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Citation {
    /// For example `Li 2021`.
    pub text: String,
    /// Title, for the tooltip.
    pub title: String,
    /// Where to read it; absent when the reference has neither DOI nor PMID.
    pub url: Option<String>,
    /// True when the paper was retracted.
    pub retracted: bool,
}

/// A statement about biology with the evidence for and against it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statement {
    /// Unique.
    pub id: String,
    /// For example `ucocn increases muscle mass`.
    pub sentence: String,
    /// Our words on it; may be empty.
    pub note: String,
    /// One per finding.
    pub items: Vec<EvidenceItem>,
}

/// One finding for or against a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceItem {
    /// For or against.
    pub stance: Stance,
    /// `T1` to `T5`.
    pub tier: String,
    /// Organism of the study.
    pub organism: String,
    /// What was found, in our words.
    pub finding: String,
    /// The paper.
    pub citation: Citation,
    /// True when the paper was read, false when the finding is recalled from memory and not yet checked.
    pub read: bool,
}

/// Which way a finding points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// For the statement.
    Supports,
    /// Against it.
    Contradicts,
    /// No effect was seen: against it, more weakly.
    NoEffect,
}

impl Stance {
    /// The words for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Supports => "for",
            Self::Contradicts => "against",
            Self::NoEffect => "no effect seen",
        }
    }
}

impl ScenarioFindings {
    /// The end point of a read-out in one arm under one hypothesis.
    pub fn end_point(&self, variable: usize, arm: usize, hypothesis: usize) -> Option<&EndPoint> {
        self.end_points.iter().find(|it| it.variable == variable && it.arm == arm && it.hypothesis == hypothesis)
    }

    /// The curve of a quantity in one arm under one hypothesis.
    pub fn curve(&self, variable: usize, arm: usize, hypothesis: usize) -> Option<&Curve> {
        self.curves.iter().find(|it| it.variable == variable && it.arm == arm && it.hypothesis == hypothesis)
    }

    /// What was measured of a quantity.
    pub fn measured_of(&self, variable: usize) -> impl Iterator<Item = &MeasuredPoint> {
        self.measured.iter().filter(move |it| it.variable == variable)
    }

    /// The arms that have end points: all, or all but the first when the others are compared with it.
    pub fn answered_arms(&self) -> std::ops::Range<usize> {
        match self.comparison {
            Comparison::Baseline => 0..self.arms.len(),
            Comparison::FirstArm => 1.min(self.arms.len())..self.arms.len(),
        }
    }

    /// Positions of the read-outs of a group, main ones only if asked.
    pub fn readouts(&self, group: Group, only_main: bool) -> Vec<usize> {
        (0..self.variables.len())
            .filter(|&i| self.variables[i].group == group && (self.variables[i].main || !only_main))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::examples;

    #[test]
    fn shares_are_told_in_a_line() {
        let shares = examples::findings().organisms[0].shares();
        assert_eq!(shares.to_string(), "Parameters (human, 2): measured 50 %, derived 0 %, fitted 0 %, assumed 50 %");
    }
}
