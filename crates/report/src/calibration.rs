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

    /// The sets as `measurements/equally_good.toml`, in the units in which the parameters are written; `None` without any.
    ///
    /// Four figures, cut to the range that each parameter has after the fit is written back.
    pub fn equally_good(&self) -> Option<String> {
        let count = self.parameters.first()?.sets.len();
        let mut text = String::from(
            "# Values of the fitted parameters with which the calibration studies fit equally well (`enthesis calibrate --sets`).\n\
             # Each member of an ensemble takes one row. Made by the program: draw again after a fit.\n",
        );
        let mut organisms: Vec<&str> = self.parameters.iter().map(|it| it.organism.as_str()).collect();
        organisms.sort_unstable();
        organisms.dedup();
        for organism in organisms {
            let of: Vec<&CalibratedParameter> = self.parameters.iter().filter(|it| it.organism == organism).collect();
            let ids: Vec<String> = of.iter().map(|it| format!("  \"{}\",\n", it.id)).collect();
            text.push_str(&format!("\n[{organism}]\nparameters = [\n{}]\nsets = [\n", ids.concat()));
            for set in 0..count {
                let row: Vec<String> = of.iter().map(|it| format!("{:?}", it.set_to_write(set))).collect();
                text.push_str(&format!("  [{}],\n", row.join(", ")));
            }
            text.push_str("]\n");
        }
        (count > 0).then_some(text)
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

impl CalibratedParameter {
    /// Its value to write back, with as many figures as its interval means.
    pub fn value_to_write(&self) -> f64 {
        rounded(self.value, 3)
    }

    /// Its interval to write back as its range; `None` where the data do not give both ends.
    pub fn range_to_write(&self) -> Option<(f64, f64)> {
        let (low, high) = self.interval?;
        (self.from_data? == (true, true)).then_some((rounded(low, 3), rounded(high, 3)))
    }

    /// Its value in a set, within the range that it has after the fit is written back.
    fn set_to_write(&self, set: usize) -> f64 {
        let (low, high) = self.range_to_write().unwrap_or(self.range);
        rounded(self.sets[set], 4).max(low).min(high)
    }
}

fn rounded(value: f64, figures: usize) -> f64 {
    format!("{value:.*e}", figures - 1).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_written_by_organism_and_within_the_new_range() {
        let parameter = |id: &str, organism: &str, interval, sets: &[f64]| CalibratedParameter {
            id: id.to_string(),
            organism: organism.to_string(),
            range: (0.1, 10.0),
            interval: Some(interval),
            from_data: Some((true, id == "speed")),
            sets: sets.to_vec(),
            ..CalibratedParameter::default()
        };
        let mut calibration = Calibration {
            parameters: vec![
                parameter("speed", "human", (1.0, 1.99999), &[1.23456, 2.5]),
                parameter("size", "mouse", (1.0, 2.0), &[0.05, 9.0]),
                parameter("force", "human", (1.0, 2.0), &[3.0, 4e-12]),
            ],
            ..Calibration::default()
        };
        let text = calibration.equally_good().expect("there are sets");
        let tables = text.split_once("\n\n").expect("a heading").1;
        assert_eq!(
            tables,
            "[human]\nparameters = [\n  \"speed\",\n  \"force\",\n]\nsets = [\n  [1.235, 3.0],\n  [2.0, 0.1],\n]\n\n\
             [mouse]\nparameters = [\n  \"size\",\n]\nsets = [\n  [0.1],\n  [9.0],\n]\n"
        );
        calibration.parameters.iter_mut().for_each(|it| it.sets.clear());
        assert_eq!(calibration.equally_good(), None);
    }
}
