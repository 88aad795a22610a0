//! The answer as text: one row per read-out, ready for a terminal or a page.

use crate::{ChangeScale, Comparison, EndPoint, Group, Interval, ScenarioFindings, number};
use serde::Serialize;

/// The end points of one arm, beside those of the rivals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// For example `Bed rest, 60 days (human): change from day 0`.
    pub title: String,
    /// Heading of what is compared with, for example `day 0`.
    pub from: String,
    /// Heading of the end, for example `day 60`.
    pub to: String,
    /// Ids of the hypotheses, the model as it stands first.
    pub hypotheses: Vec<String>,
    /// One per read-out: bone, muscle, circulation.
    pub rows: Vec<AnswerRow>,
}

/// One read-out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerRow {
    /// `Bone`, `Muscle` or `Circulation`.
    pub group: &'static str,
    /// True for the first row of its group.
    pub opens_group: bool,
    /// For people.
    pub name: String,
    /// Id in tables and files.
    pub id: String,
    /// Unit of `from` and `to`.
    pub unit: String,
    /// Value compared with.
    pub from: String,
    /// Value at the end.
    pub to: String,
    /// The largest change on the way in the model as it stands, if it was much larger than the last: `+7.0 % on day 728`.
    pub larger_before: Option<String>,
    /// Change per hypothesis, in the order of [`Answer::hypotheses`].
    pub changes: Vec<AnswerChange>,
}

/// A change as people read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerChange {
    /// For example `-3.1 %`.
    pub change: String,
    /// For example `-3.9 to -2.2`; empty without an ensemble.
    pub interval: String,
    /// True for a rival that the ensemble cannot tell from the model as it stands.
    pub not_separable: bool,
}

/// The answers of a scenario, one per arm that is compared.
pub fn answers(scenario: &ScenarioFindings, only_main: bool) -> Vec<Answer> {
    scenario.answered_arms().map(|arm| answer(scenario, arm, only_main)).collect()
}

fn answer(scenario: &ScenarioFindings, arm: usize, only_main: bool) -> Answer {
    let last = format!("day {}", number::trimmed(scenario.duration_days));
    let name = &scenario.named.name;
    let organism = &scenario.organism;
    let arm_name = &scenario.arms[arm].name;
    let (title, from, to) = match scenario.comparison {
        Comparison::Baseline if scenario.arms.len() == 1 => {
            (format!("{name} ({organism}): change from day 0"), "day 0".to_string(), last)
        }
        Comparison::Baseline => {
            (format!("{name} ({organism}), {arm_name}: change from day 0"), "day 0".to_string(), last)
        }
        Comparison::FirstArm => {
            let first = &scenario.arms[0].name;
            (format!("{name} ({organism}): {arm_name} against {first}, {last}"), first.clone(), arm_name.clone())
        }
    };
    let mut rows = Vec::new();
    for group in Group::READOUTS {
        for (i, variable) in scenario.readouts(group, only_main).into_iter().enumerate() {
            rows.extend(row(scenario, arm, variable, i == 0));
        }
    }
    let hypotheses = scenario.hypotheses.iter().map(|it| it.id.clone()).collect();
    Answer { title, from, to, hypotheses, rows }
}

fn row(scenario: &ScenarioFindings, arm: usize, variable: usize, opens_group: bool) -> Option<AnswerRow> {
    let reference = scenario.end_point(variable, arm, 0)?;
    let it = &scenario.variables[variable];
    let changes = (0..scenario.hypotheses.len())
        .map(|hypothesis| match scenario.end_point(variable, arm, hypothesis) {
            Some(end_point) => change(end_point, &it.unit),
            None => AnswerChange { change: "not solved".into(), interval: String::new(), not_separable: false },
        })
        .collect();
    Some(AnswerRow {
        group: it.group.word(),
        opens_group,
        name: it.name.clone(),
        id: it.id.clone(),
        unit: shown_unit(&it.unit).to_string(),
        from: number::plain(settled(reference.from, reference.to)),
        to: number::plain(settled(reference.to, reference.from)),
        larger_before: larger_before(scenario, reference),
        changes,
    })
}

/// A drug that was stopped or a load that returned leaves little on the last day: what came before is told too.
fn larger_before(scenario: &ScenarioFindings, end_point: &EndPoint) -> Option<String> {
    if scenario.comparison != Comparison::Baseline || end_point.scale != ChangeScale::Percent {
        return None;
    }
    let curve = scenario.curve(end_point.variable, end_point.arm, end_point.hypothesis)?;
    let larger = |best: (f64, f64), it: (f64, f64)| if it.1.abs() > best.1.abs() { it } else { best };
    let times = scenario.times.iter().copied();
    let (time, change) = times.zip(curve.changes.iter().copied()).fold((0.0, 0.0), larger);
    let much_larger = change.abs() > 1.25 * end_point.change.abs() + 0.5;
    much_larger.then(|| format!("{} % on day {time:.0}", number::signed(change)))
}

/// A value, or zero when it is rounding error beside the other.
fn settled(value: f64, other: f64) -> f64 {
    if value.abs() < 1e-9 * other.abs() { 0.0 } else { value }
}

/// The unit as shown beside a value: nothing for plain numbers.
pub fn shown_unit(unit: &str) -> &str {
    if unit == "1" { "" } else { unit }
}

fn change(end_point: &EndPoint, unit: &str) -> AnswerChange {
    let change = format!("{} {}", number::signed(end_point.change), shown_unit(end_point.scale.unit(unit)));
    let interval = end_point.interval.map_or_else(String::new, interval);
    AnswerChange { change: change.trim_end().to_string(), interval, not_separable: end_point.separable == Some(false) }
}

fn interval(it: Interval) -> String {
    format!("{} to {}", number::signed(it.lower), number::signed(it.upper))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    #[test]
    fn a_row_reads_from_day_0_to_the_change_and_its_interval() {
        let scenario = examples::bed_rest();
        let answers = answers(&scenario, true);
        assert_eq!(answers[0].title, "Bed rest, 60 days (human): change from day 0");
        assert_eq!((answers[0].from.as_str(), answers[0].to.as_str()), ("day 0", "day 60"));
        let hip = &answers[0].rows[0];
        assert_eq!((hip.group, hip.name.as_str(), hip.unit.as_str()), ("Bone", "Total hip BMD", "g/cm^2"));
        assert_eq!((hip.from.as_str(), hip.to.as_str()), ("1.00", "0.969"));
        assert_eq!(hip.changes[0].change, "-3.1 %");
        assert_eq!(hip.changes[0].interval, "-3.9 to -2.2");
    }

    #[test]
    fn rounding_errors_are_told_as_zero() {
        assert_eq!(settled(-3.6e-26, 1.0), 0.0);
        assert_eq!(settled(1e-3, 1.0), 1e-3);
        assert_eq!(settled(1e-30, 2e-30), 1e-30);
    }

    #[test]
    fn rivals_stand_beside_the_model() {
        let answers = answers(&examples::bed_rest(), true);
        assert_eq!(answers[0].hypotheses, ["reference", "no_crosstalk", "load_only"]);
        let fiber = answers[0].rows.iter().find(|row| row.id == "fiber_area").expect("in the example");
        let changes: Vec<&str> = fiber.changes.iter().map(|it| it.change.as_str()).collect();
        assert_eq!(changes, ["-14 %", "-12 %", "-12 %"]);
        assert!(!fiber.changes[1].not_separable);
        let sclerostin = answers[0].rows.iter().find(|row| row.id == "sclerostin").expect("in the example");
        assert!(sclerostin.changes[1].not_separable, "it changes by the same in every member");
    }

    #[test]
    fn what_was_larger_on_the_way_is_told() {
        let mut scenario = examples::bed_rest();
        assert_eq!(answers(&scenario, true)[0].rows[0].larger_before, None);
        scenario.curves[0].changes[6] = 7.04;
        let rows = &answers(&scenario, true)[0].rows;
        assert_eq!(rows[0].larger_before.as_deref(), Some("+7.0 % on day 30"));
    }

    #[test]
    fn arms_are_compared_with_the_first() {
        let answers = answers(&examples::knockout(), true);
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0].title, "Cx43 knockout (mouse): Knockout against Wild type, day 90");
        assert_eq!((answers[0].from.as_str(), answers[0].to.as_str()), ("Wild type", "Knockout"));
    }
}
