//! How the model stands against published studies: rows, scores, and findings it must not contradict.

mod files;

use crate::BasisShares;
use serde::Serialize;

/// Everything that a validation found.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct Validation {
    pub studies: Vec<ValidatedStudy>,
    /// Groups of studies, calibration and validation apart, then all of a side.
    pub scores: Vec<GroupScores>,
    pub refutations: Vec<RefutationResult>,
    /// Where the numbers of the judged models come from, per organism.
    pub numbers: Vec<BasisShares>,
    /// How verdicts and scores are made, in sentences.
    pub rules: Vec<String>,
    pub program: String,
    pub biology: String,
    pub biology_sha256: String,
    /// Ensemble members behind the intervals.
    pub members: usize,
    pub seed: u64,
}

/// A study and what it measured.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct ValidatedStudy {
    pub id: String,
    pub name: String,
    pub side: String,
    pub group: String,
    pub subjects: String,
    pub citation: String,
    pub url: Option<String>,
    pub rows: Vec<ValidatedRow>,
    /// Rows that are good or acceptable.
    pub acceptable: usize,
    /// Rows that are modeled.
    pub modeled: usize,
}

/// One published number and what the model says.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct ValidatedRow {
    pub id: String,
    pub arm: String,
    pub versus: String,
    pub readout: String,
    /// As published.
    pub measured: String,
    pub from: f64,
    pub day: f64,
    pub measure: String,
    pub unit: String,
    pub observed: f64,
    /// Published 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// Absent when not modeled; not a number when the run failed.
    pub predicted: Option<f64>,
    /// 90 % interval of the ensemble.
    pub predicted_interval: Option<(f64, f64)>,
    /// `good`, `acceptable`, `wrong`, `sign wrong` or `not modeled`.
    pub verdict: String,
    /// Predictions of the rivals, in the order of [`GroupScores::models`] after the first.
    pub rivals: Vec<Option<f64>>,
    pub recalled: bool,
    pub not_modeled: String,
    pub note: String,
}

/// The scores of one group of studies, under each model.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct GroupScores {
    /// `calibration` or `validation`.
    pub side: String,
    /// A group of interventions, or `all`.
    pub group: String,
    /// Studies and rows in the tables, modeled or not.
    pub studies_in_all: usize,
    pub rows_in_all: usize,
    /// The reference model first.
    pub models: Vec<ModelScore>,
}

/// The score of one model.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct ModelScore {
    pub model: String,
    pub studies: usize,
    pub rows: usize,
    pub acceptable: Option<f64>,
    pub rows_acceptable: Option<f64>,
    pub sign: Option<f64>,
    pub median_error: Option<f64>,
    pub slope: Option<f64>,
    pub coverage: Option<f64>,
    pub order: Option<f64>,
}

/// A finding that the model must not contradict.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct RefutationResult {
    pub id: String,
    pub finding: String,
    /// `Muscle mass, bed_rest, day 60`.
    pub about: String,
    /// `at least 5 %`, `-5 to 5 %`.
    pub expected: String,
    /// In percent, or in the unit of the quantity.
    pub predicted: f64,
    /// The same for people.
    pub predicted_text: String,
    pub holds: bool,
    /// Why it fails, when that is known.
    pub expected_failure: Option<String>,
    pub citations: Vec<String>,
}

impl RefutationResult {
    /// Whether the ledger says what is the case.
    pub fn as_listed(&self) -> bool {
        self.holds != self.expected_failure.is_some()
    }

    /// `holds`, `fails, as listed`, `fails` or `holds, but is listed as failing`.
    pub fn verdict(&self) -> &'static str {
        match (self.holds, self.expected_failure.is_some()) {
            (true, false) => "holds",
            (false, true) => "fails, as listed",
            (false, false) => "FAILS, and is not listed",
            (true, true) => "HOLDS, and is listed as failing",
        }
    }
}

/// `82 %`; a dash for nothing.
pub fn share(value: Option<f64>) -> String {
    value.map_or("-".into(), |it| format!("{:.0} %", 100.0 * it))
}

/// Two figures; a dash for nothing.
pub fn figure(value: Option<f64>) -> String {
    match value {
        None => "-".into(),
        Some(value) if !value.is_finite() => "inf".into(),
        Some(value) => crate::number::significant(value, 2),
    }
}
