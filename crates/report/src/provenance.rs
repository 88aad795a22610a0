//! How the numbers were made, in enough detail to make them again.

use serde::Serialize;

/// The record written to `provenance.json`. Nothing in it depends on the clock unless a face puts a time in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Provenance {
    /// Name and version of the program.
    pub program: String,
    /// When, as text, if the face wants it recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Where the biology came from: `embedded`, or the folder as typed.
    pub biology: String,
    /// SHA-256 over paths and texts of all biology files, in the order of paths.
    pub biology_sha256: String,
    /// What was asked.
    pub request: RequestRecord,
    /// Relative tolerance of the solver for the model at its own values.
    pub relative_tolerance: f64,
    /// Relative tolerance of the solver for ensemble members.
    pub ensemble_relative_tolerance: f64,
    /// Absolute tolerance of the solver, per unit of a state's magnitude when scaled.
    pub absolute_tolerance: f64,
    /// One per run of the model at its own values.
    pub runs: Vec<RunRecord>,
    /// Ensemble members that failed, with the reason; their runs are left out of the intervals.
    pub failed_members: Vec<String>,
}

/// What was asked.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RequestRecord {
    /// Ids of the scenarios.
    pub scenarios: Vec<String>,
    /// Ids of the hypotheses asked for; the rivals that are always computed are not repeated here.
    pub hypotheses: Vec<String>,
    /// `parameter = value unit`.
    pub set: Vec<String>,
    /// Ids of links switched off.
    pub off: Vec<String>,
    /// Number of ensemble members.
    pub members: usize,
    /// Seed of the ensemble.
    pub seed: u64,
}

/// How much work one run was.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct RunRecord {
    pub scenario: String,
    pub arm: String,
    pub hypothesis: String,
    pub steps: u64,
    pub rhs_evaluations: u64,
    pub jacobians: u64,
    pub factorizations: u64,
    pub error_failures: u64,
    pub newton_failures: u64,
}

impl Provenance {
    /// The text of `provenance.json`.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_else(|_| "{}".into());
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_clock_enters_by_itself() {
        let record = Provenance { program: "enthesis 0.1.0".into(), ..Default::default() };
        assert!(!record.json().contains("created"));
        assert_eq!(record.json(), record.json());
        let dated = Provenance { created: Some("2025-01-31".into()), ..record };
        assert!(dated.json().contains(r#""created": "2025-01-31""#));
    }
}
