//! The tidy table: one value a row, with its unit.

use crate::ScenarioFindings;
use std::fmt::Write;

/// All recorded quantities of a scenario as `time_day,arm,hypothesis,variable,value,lower,upper,unit`.
///
/// `lower` and `upper` are the 90 % interval of the ensemble and empty without one. Numbers are written in full, so
/// that they read back to the same bits.
pub fn tidy(scenario: &ScenarioFindings) -> String {
    let mut text = String::from("time_day,arm,hypothesis,variable,value,lower,upper,unit\n");
    for curve in &scenario.curves {
        let variable = &scenario.variables[curve.variable];
        let arm = field(&scenario.arms[curve.arm].id);
        let hypothesis = field(&scenario.hypotheses[curve.hypothesis].id);
        let (id, unit) = (field(&variable.id), field(&variable.unit));
        for (i, (time, value)) in scenario.times.iter().zip(&curve.values).enumerate() {
            let _ = write!(text, "{time},{arm},{hypothesis},{id},{value},");
            if let Some((lower, upper)) = &curve.band {
                let _ = write!(text, "{},{}", lower[i], upper[i]);
            } else {
                text.push(',');
            }
            let _ = writeln!(text, ",{unit}");
        }
    }
    text
}

/// A field, in quotes when it holds a comma, a quote or a line break.
pub fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    #[test]
    fn one_value_a_row_with_interval_and_unit() {
        let text = tidy(&examples::bed_rest());
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("time_day,arm,hypothesis,variable,value,lower,upper,unit"));
        assert_eq!(lines.next(), Some("0,bed_rest,reference,bmd_total_hip,1,1,1,g/cm^2"));
        assert!(text.contains("\n60,bed_rest,no_crosstalk,fiber_area,0.88,,,1\n"), "{text}");
    }

    #[test]
    fn commas_are_quoted() {
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(field("plain"), "plain");
    }
}
