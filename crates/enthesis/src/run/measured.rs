//! What a study measured, placed on the curves of its own scenario.

use crate::validate::predict::effect;
use physiology::{Assembly, Biology, Measure, Measurement};
use report::{ChangeScale, Curve, MeasuredPoint, ScenarioFindings};

/// The published numbers of the scenario's study that are a size at a time. What a number says against another arm, or
/// against a later day, is added to the model's own curve there: the distance of a point from its curve is then the error of
/// the model, whatever the study reported.
pub(super) fn points(part: &ScenarioFindings, biology: &Biology, assembly: &Assembly) -> Vec<MeasuredPoint> {
    let of_study = |row: &&Measurement| row.study.value == part.named.id && row.measure.has_size();
    let rows = biology.measurements.iter().filter(of_study);
    rows.filter_map(|row| point(part, row, assembly)).collect()
}

fn point(part: &ScenarioFindings, row: &Measurement, assembly: &Assembly) -> Option<MeasuredPoint> {
    let arm_of = |id: &str| part.arms.iter().position(|arm| arm.id == id);
    let arm = arm_of(&row.arm.as_ref()?.value)?;
    let readout = assembly.readouts.iter().find(|it| it.id == row.readout.as_ref().map_or("", |it| &it.value))?;
    let variable = part.variables.iter().position(|it| it.id == readout.id)?;
    let own = part.curve(variable, arm, 0)?;
    // From the published unit to that of the read-out.
    let factor = row.unit.as_ref().and_then(|unit| unit.value.factor_to(&readout.unit)).unwrap_or(1.0);
    let base = match &row.versus {
        Some(versus) => at(part, part.curve(variable, arm_of(&versus.value)?, 0)?, row.day),
        None => at(part, own, row.from_day),
    };
    let scale = ChangeScale::for_quantity(&readout.unit.to_string(), own.values[0]);
    let change = |number: f64| {
        let value = match row.measure {
            Measure::Level => number * factor,
            _ => base * (1.0 + effect(row, number, base / factor) / 100.0),
        };
        scale.change(own.values[0], value)
    };
    let found = MeasuredPoint {
        variable,
        arm,
        day: row.day,
        change: change(row.value),
        interval: row.interval.map(|(low, high)| (change(low), change(high))),
        id: row.id.clone(),
    };
    (found.change.is_finite() && row.day <= part.duration_days).then_some(found)
}

/// A curve's value on a day, on the line between two times.
fn at(part: &ScenarioFindings, curve: &Curve, day: f64) -> f64 {
    let after = part.times.partition_point(|time| *time < day).min(part.times.len() - 1);
    let before = after.saturating_sub(1);
    let span = part.times[after] - part.times[before];
    let share = if span > 0.0 { ((day - part.times[before]) / span).clamp(0.0, 1.0) } else { 1.0 };
    curve.values[before] + share * (curve.values[after] - curve.values[before])
}

#[cfg(test)]
mod tests {
    use crate::{Biology, Request, ScenarioChoice, run};
    use physiology::Measure;

    #[test]
    fn a_published_number_lies_where_the_study_puts_it() {
        let (biology, _) = Biology::embedded().expect("the biology inside the program is sound");
        let request = Request { scenarios: vec![ScenarioChoice::Named("cummings_2009".into())], ..Request::default() };
        let report = run(&biology, &request, &|_, _| {}).expect("the study runs");
        let scenario = &report.findings.scenarios[0];
        let (mut changes, mut differences) = (0, 0);
        for point in &scenario.measured {
            let row = biology.content.measurements.iter().find(|row| row.id == point.id).expect("it is in the tables");
            let curve = scenario.curve(point.variable, point.arm, 0).expect("it lies on a curve");
            let value = curve.values[0] * (1.0 + point.change / 100.0);
            match (row.measure, &row.versus) {
                (Measure::PercentChange, None) if row.from_day == 0.0 => {
                    changes += 1;
                    assert!((point.change - row.value).abs() < 1e-9, "{}: {}", row.id, point.change);
                }
                (Measure::PercentDifference, Some(versus)) => {
                    differences += 1;
                    let other = scenario.arms.iter().position(|arm| arm.id == versus.value).expect("it is an arm");
                    let other = scenario.curve(point.variable, other, 0).expect("it was solved");
                    let difference = 100.0 * (value / super::at(scenario, other, row.day) - 1.0);
                    assert!((difference - row.value).abs() < 1e-9, "{}: {difference}", row.id);
                }
                _ => {}
            }
        }
        assert!(changes > 0 && differences > 0, "{changes} changes and {differences} differences");
    }

    #[test]
    fn a_scenario_that_is_no_study_shows_no_points() {
        let (biology, _) = Biology::embedded().expect("the biology inside the program is sound");
        let request = Request { scenarios: vec![ScenarioChoice::Named("bed_rest".into())], ..Request::default() };
        let report = run(&biology, &request, &|_, _| {}).expect("the scenario runs");
        assert_eq!(report.findings.scenarios[0].measured, []);
    }
}
