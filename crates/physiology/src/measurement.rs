//! What published studies measured, in the words of `biology/measurements`.

use crate::Organism;
use evidence::Reading;
use source::{Place, Placed, words};
use units::Unit;

words! {
    /// What a measurement is for; the folder it lies in. The split was made before anything was fitted.
    Side {
        /// Parameters may be fitted to it.
        Calibration = "calibration",
        /// The model is only judged by it.
        Validation = "validation",
    }
}

words! {
    /// What was done to the subjects; the file a measurement stands in.
    Group {
        Disuse = "disuse",
        Exercise = "exercise",
        Aging = "aging",
        Drug = "drug",
        Genetic = "genetic",
        InVitro = "in_vitro",
    }
}

words! {
    /// What a number says. `v` is the read-out, `from` and `day` are days of the run.
    Measure {
        /// `100 (v(day) / v(from) - 1)` within the arm.
        PercentChange = "% change",
        /// `100 (v(day) / v_versus(day) - 1)` between arms.
        PercentDifference = "% difference",
        /// `v(day) / v_versus(day)`, or `v(day) / v(from)` without `versus`.
        Fold = "fold",
        /// -1, 0 or 1: lower, no significant effect, higher; against `versus`, else against `from`.
        Sign = "sign",
        /// Change within the arm from `from` to `day`, per month of 30.4375 days.
        PercentPerMonth = "%/month",
        /// The same per year of 365.25 days.
        PercentPerYear = "%/year",
        /// `v(day)` in `unit`.
        Level = "absolute",
        /// `v(day) - v(from)` in `unit`.
        Change = "change",
        /// `(v(day) - v(from))` per year in `unit`.
        ChangePerYear = "change/year",
        /// `v(day) - v_versus(day)` in `unit`.
        Difference = "difference",
        /// Share of what was lost until `from` that is regained until `day`, in percent; lost against day 0, or against
        /// `versus` at the same days.
        Regained = "% of loss",
        /// Share of the change from day 0 to `day` that had happened by `from`, in percent.
        ShareOfChange = "% of change",
        /// Days from `from` until half of what was lost since day 0 is regained; looked for until `day`.
        HalfTime = "half-time",
        /// Anything else: only for what is not modeled.
        Other = "other",
    }
}

/// One published number for one arm at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Its own id, for example `OC0001`.
    pub id: String,
    /// Fit or check.
    pub side: Side,
    /// Kind of intervention.
    pub group: Group,
    /// Id of the study; it has a file in `studies` unless none of its rows is modeled.
    pub study: Placed<String>,
    /// Id of the arm; only absent when not modeled.
    pub arm: Option<Placed<String>>,
    /// The arm it is compared with; absent: the arm itself, earlier.
    pub versus: Option<Placed<String>>,
    /// Id of the model's read-out; absent when not modeled.
    pub readout: Option<Placed<String>>,
    /// What was measured, as published: `aBMD of the calcaneus by DXA`.
    pub measured: String,
    /// Where a change starts.
    pub from_day: f64,
    /// When it was measured, from the start of the run.
    pub day: f64,
    /// What the number says.
    pub measure: Measure,
    /// Only for measures in a unit of their own.
    pub unit: Option<Placed<Unit>>,
    /// The published number.
    pub value: f64,
    /// Its 95 % interval, when published or computed from a published standard error.
    pub interval: Option<(f64, f64)>,
    /// Subjects in the arm.
    pub n: Option<u32>,
    /// Seen at its source, or known from elsewhere.
    pub reading: Reading,
    /// Citation key.
    pub reference: Placed<String>,
    /// Why the model has nothing to compare it with; absent when it has.
    pub not_modeled: Option<String>,
    /// Our words.
    pub note: String,
    /// Where it is written.
    pub place: Place,
}

/// How finely read-outs can be told, and how much studies differ; `measurements/readouts.toml`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Precision {
    /// Each read-out that is measured belongs to one.
    pub classes: Vec<ReadoutClass>,
    /// The first that fits counts.
    pub spreads: Vec<Spread>,
}

/// Read-outs that are measured equally finely. Numbers are in percent.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadoutClass {
    /// Its id, for example `areal_density`.
    pub id: Placed<String>,
    /// For people.
    pub name: String,
    /// Ids of read-outs.
    pub readouts: Vec<Placed<String>>,
    /// Least change that can be detected in one subject, with 95 % confidence.
    pub detectable: f64,
    /// A difference of group means that is too small to matter.
    pub group_detectable: f64,
    /// Citation keys.
    pub sources: Vec<Placed<String>>,
    /// Where the numbers come from, in our words.
    pub note: String,
}

/// By which share of the effect studies differ that did the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Ids of classes; empty means all.
    pub classes: Vec<Placed<String>>,
    /// Empty means all.
    pub groups: Vec<Group>,
    /// Absent means both.
    pub organism: Option<Organism>,
    /// 0.2 is a fifth of the effect.
    pub share: f64,
}

impl Precision {
    /// The class of a read-out.
    pub fn class_of(&self, readout: &str) -> Option<&ReadoutClass> {
        self.classes.iter().find(|class| class.readouts.iter().any(|it| it.value == readout))
    }

    /// The spread between studies of one group of interventions.
    pub fn spread(&self, class: &str, group: Group, organism: Organism) -> Option<f64> {
        let fits = |it: &&Spread| {
            (it.classes.is_empty() || it.classes.iter().any(|id| id.value == class))
                && (it.groups.is_empty() || it.groups.contains(&group))
                && it.organism.is_none_or(|of| of == organism)
        };
        self.spreads.iter().find(fits).map(|it| it.share)
    }
}

/// A finding that the model must not contradict; `refutations.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Refutation {
    /// Its id.
    pub id: Placed<String>,
    /// What was found, in our words.
    pub finding: String,
    /// Id of a scenario or study.
    pub scenario: Placed<String>,
    /// Id of one of its arms.
    pub arm: Placed<String>,
    /// The arm it is compared with; absent: its own day `from`.
    pub versus: Option<Placed<String>>,
    /// Id of a read-out, link or other quantity.
    pub quantity: Placed<String>,
    /// Where a change starts.
    pub from_day: f64,
    /// When it is read out.
    pub day: f64,
    /// Whether the bounds are of the value itself, and not of its change or difference in percent.
    pub is_level: bool,
    /// The lower bound, in percent or the unit of the quantity.
    pub at_least: Option<f64>,
    /// The upper bound.
    pub at_most: Option<f64>,
    /// Citation keys.
    pub sources: Vec<Placed<String>>,
    /// Ids of statements.
    pub evidence: Vec<Placed<String>>,
    /// Why the model contradicts the finding today; absent when it does not.
    pub expected_failure: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// A paper that sets a parameter and judges the model all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// Citation key.
    pub reference: Placed<String>,
    /// Why the parameter and the measurements have nothing to do with each other.
    pub reason: String,
}

impl Measure {
    /// True when it compares two arms, false when one arm with itself, `None` when both are possible.
    pub(crate) const fn between_arms(self) -> Option<bool> {
        match self {
            Self::PercentDifference | Self::Difference => Some(true),
            Self::Fold | Self::Sign | Self::Regained | Self::Other => None,
            _ => Some(false),
        }
    }

    /// True when it carries the unit of the read-out.
    pub(crate) const fn has_unit(self) -> bool {
        matches!(self, Self::Level | Self::Change | Self::ChangePerYear | Self::Difference)
    }

    /// True for effects and levels: a share, a time or a sign is judged, but has no size that could be fitted or drawn.
    pub const fn has_size(self) -> bool {
        !matches!(self, Self::Sign | Self::Regained | Self::ShareOfChange | Self::HalfTime | Self::Other)
    }

    /// True when it needs a day between 0 and `day`.
    pub(crate) const fn needs_from(self) -> bool {
        matches!(self, Self::Regained | Self::ShareOfChange | Self::HalfTime)
    }
}

/// Sets of values of one organism's parameters with which the calibration side fits as well as chance allows.
#[derive(Debug, Clone, PartialEq)]
pub struct EquallyGood {
    /// Whose values they are.
    pub organism: Organism,
    /// Ids of the parameters.
    pub parameters: Vec<Placed<String>>,
    /// Each has one value per parameter, in the unit in which the parameter is written.
    pub sets: Vec<Vec<Placed<f64>>>,
}
