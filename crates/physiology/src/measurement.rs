//! What published studies measured, in the words of `biology/measurements`.

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

    /// True when it needs a day between 0 and `day`.
    pub(crate) const fn needs_from(self) -> bool {
        matches!(self, Self::Regained | Self::ShareOfChange | Self::HalfTime)
    }
}
