//! What a calibration found.

use serde::Serialize;

/// Fitted parameters, and what the measurements say about them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Calibration {
    /// In the order of their list.
    pub parameters: Vec<CalibratedParameter>,
    /// Studies and rows that were fitted to.
    pub studies: usize,
    #[allow(missing_docs)]
    pub rows: usize,
    /// Sum of squares of the measurements' residuals at the values from before, and fitted.
    pub cost_before: f64,
    #[allow(missing_docs)]
    pub cost_after: f64,
    /// Sum of squares at the end of each search, with what was thought of the parameters before, and evaluations.
    pub searches: Vec<(f64, usize)>,
    /// Combinations of parameters that the measurements see.
    pub seen: usize,
    /// Combinations that they do not see: parameters and weights.
    pub unseen: Vec<Vec<(String, f64)>>,
    #[allow(missing_docs)]
    pub biology: String,
    #[allow(missing_docs)]
    pub biology_sha256: String,
    #[allow(missing_docs)]
    pub seed: u64,
}

/// One fitted parameter, in the unit in which it is written.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct CalibratedParameter {
    pub id: String,
    pub organism: String,
    pub unit: String,
    pub before: f64,
    pub value: f64,
    /// From which it was sought.
    pub range: (f64, f64),
    /// What the data allow with 95 % confidence; absent when not looked for.
    pub interval: Option<(f64, f64)>,
    /// Whether the data give each end, or the range does.
    pub from_data: Option<(bool, bool)>,
    /// Its value in each of the sets that fit equally well.
    pub sets: Vec<f64>,
}

impl Calibration {
    /// Everything, as JSON.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// The sets of parameters that fit equally well, one a row, as text with tabs; `None` without any.
    pub fn sets_table(&self) -> Option<String> {
        let count = self.parameters.first()?.sets.len();
        let mut text = self.parameters.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join("\t");
        text.push('\n');
        for set in 0..count {
            let row: Vec<String> = self.parameters.iter().map(|it| crate::plain_number(it.sets[set])).collect();
            text.push_str(&row.join("\t"));
            text.push('\n');
        }
        (count > 0).then_some(text)
    }
}
