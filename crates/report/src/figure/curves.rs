//! Read-outs over time: one panel each.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Key, legend, wrapped};
use crate::{Band, Curve, Group, ScenarioFindings, Variable};

/// Without its title.
const PANEL: (f64, f64) = (300.0, 188.0);
const COLUMNS: usize = 3;
/// Bold letters are wider than others.
const TITLE_SIZE: f64 = 14.0;
const TITLE_LINE: f64 = 17.0;
/// Left, top, right and bottom of the plotting area within its panel, below the title.
const MARGIN: (f64, f64, f64, f64) = (58.0, 9.0, 14.0, 38.0);

/// The main read-outs of a group over time, and those that the study measured, as SVG; `None` when the scenario has none.
///
/// With one arm the lines are hypotheses; with several they are the arms in the model as it stands, because more lines
/// than that cannot be told apart (the end-point figure and the tables show the rest).
pub fn curves(scenario: &ScenarioFindings, group: Group) -> Option<String> {
    let variables: Vec<usize> =
        scenario.readouts(group, false).into_iter().filter(|&it| is_shown(scenario, it)).collect();
    if variables.is_empty() {
        return None;
    }
    let several_arms = scenario.arms.len() > 1;
    let lines = if several_arms { &scenario.arms } else { &scenario.hypotheses };
    let keys: Vec<Key> = lines.iter().enumerate().map(|(style, it)| Key { label: &it.name, style }).collect();

    let columns = variables.len().min(COLUMNS);
    let width = PANEL.0 * columns as f64;
    let rows = variables.len().div_ceil(COLUMNS);
    // Two passes: the height of the legend decides where panels begin.
    let top = legend(&mut Canvas::new(0.0, 0.0), &keys, false, width);
    let titles: Vec<Vec<String>> =
        variables.iter().map(|&it| wrapped(&scenario.variables[it].name, PANEL.0 - 12.0, TITLE_SIZE, 2)).collect();
    let title_height = TITLE_LINE * titles.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let height = PANEL.1 + title_height;
    let mut canvas = Canvas::new(width, top + height * rows as f64);
    legend(&mut canvas, &keys, false, width);
    for (i, &variable) in variables.iter().enumerate() {
        let corner = ((i % COLUMNS) as f64 * PANEL.0, top + (i / COLUMNS) as f64 * height);
        for (line, text) in titles[i].iter().enumerate() {
            canvas.text((corner.0 + 6.0, corner.1 + 14.0 + TITLE_LINE * line as f64), text, Anchor::Start, "title");
        }
        let curves: Vec<(usize, &Curve)> = (0..lines.len())
            .filter_map(|line| {
                let (arm, hypothesis) = if several_arms { (line, 0) } else { (0, line) };
                Some((line, scenario.curve(variable, arm, hypothesis)?))
            })
            .collect();
        panel(&mut canvas, (corner.0, corner.1 + title_height), scenario, variable, &curves);
    }
    Some(canvas.finish(&format!("{}: {} over time, in the model", scenario.named.name, group.word().to_lowercase())))
}

/// Main read-outs, those that were measured, and links that move.
fn is_shown(scenario: &ScenarioFindings, variable: usize) -> bool {
    let it = &scenario.variables[variable];
    match it.group {
        Group::Link => moves(scenario, variable),
        _ => it.main || scenario.measured_of(variable).next().is_some(),
    }
}

/// A link that stays at 1 in every run tells nothing.
fn moves(scenario: &ScenarioFindings, variable: usize) -> bool {
    let mut curves = scenario.curves.iter().filter(|it| it.variable == variable && it.hypothesis == 0);
    curves.any(|curve| curve.values.iter().any(|value| (value - 1.0).abs() > 1e-3))
}

fn panel(
    canvas: &mut Canvas,
    corner: (f64, f64),
    scenario: &ScenarioFindings,
    variable: usize,
    curves: &[(usize, &Curve)],
) {
    let (left, top) = (corner.0 + MARGIN.0, corner.1 + MARGIN.1);
    let (right, bottom) = (corner.0 + PANEL.0 - MARGIN.2, corner.1 + PANEL.1 - MARGIN.3);
    let it = &scenario.variables[variable];
    let drawn: Vec<(usize, Drawn)> = curves.iter().map(|(line, curve)| (*line, Drawn::of(curve, it))).collect();
    let shown = drawn.iter().flat_map(|(_, it)| {
        let band = it.band.iter().flat_map(|(lower, upper)| lower.iter().chain(upper));
        it.values.iter().chain(band).copied()
    });
    let measured = scenario.measured_of(variable).flat_map(|it| {
        let (lower, upper) = it.interval.unwrap_or((it.change, it.change));
        [it.change, lower, upper]
    });
    let shown = shown.chain(measured);
    let least_span = if it.group == Group::Link { 0.02 } else { 1.0 };
    let vertical = Axis::around(shown, 4, least_span);
    let unit_of_time = if scenario.duration_days >= 730.0 { 365.25 } else { 1.0 };
    let horizontal = Axis::of_time(scenario.duration_days / unit_of_time);
    let x = |day: f64| left + horizontal.fraction(day / unit_of_time) * (right - left);
    let y = |value: f64| bottom - vertical.fraction(value) * (bottom - top);

    for tick in &vertical.ticks {
        canvas.line((left, y(*tick)), (right, y(*tick)), "#e4e4e4", 1.0);
        canvas.text((left - 6.0, y(*tick) + 3.5), &vertical.label(*tick), Anchor::End, "tick");
    }
    for tick in &horizontal.ticks {
        let at = x(tick * unit_of_time);
        canvas.line((at, bottom), (at, bottom + 4.0), "#888888", 1.0);
        canvas.text((at, bottom + 16.0), &horizontal.label(*tick), Anchor::Middle, "tick");
    }
    canvas.line((left, bottom), (right, bottom), "#888888", 1.0);

    // Rival hypotheses get no band: theirs lie on top of the model's own, and three of them make mud.
    let with_bands = if scenario.arms.len() > 1 { drawn.len() } else { 1 };
    for (line, it) in drawn.iter().take(with_bands) {
        if let Some((lower, upper)) = it.band {
            let there = scenario.times.iter().zip(upper).map(|(t, v)| (x(*t), y(*v)));
            let back = scenario.times.iter().zip(lower).rev().map(|(t, v)| (x(*t), y(*v)));
            canvas.area(&there.chain(back).collect::<Vec<_>>(), super::style(*line).color);
        }
    }
    // The model as it stands is a solid line below its rivals: where they agree, it shows through their dashes.
    for (line, it) in &drawn {
        let points: Vec<_> = scenario.times.iter().zip(it.values).map(|(t, v)| (x(*t), y(*v))).collect();
        let style = super::style(*line);
        canvas.polyline(&points, style.color, style.dash);
    }

    for it in scenario.measured_of(variable) {
        let color = super::style(if scenario.arms.len() > 1 { it.arm } else { 0 }).color;
        if let Some((lower, upper)) = it.interval {
            canvas.line((x(it.day), y(lower)), (x(it.day), y(upper)), color, 1.2);
        }
        canvas.ring((x(it.day), y(it.change)), color, &it.id);
    }

    let word = if unit_of_time > 1.0 { "Time (years)" } else { "Time (days)" };
    canvas.text(((left + right) / 2.0, bottom + 31.0), word, Anchor::Middle, "axis");
    let label = match curves.first() {
        Some((_, curve)) if it.group != Group::Link => format!("Change ({})", axis_unit(curve, &it.unit)),
        _ => "Multiplier".to_string(),
    };
    canvas.upward_text((corner.0 + 13.0, (top + bottom) / 2.0), &label);
}

/// What is drawn of a curve.
struct Drawn<'a> {
    values: &'a [f64],
    band: Option<&'a Band>,
}

impl<'a> Drawn<'a> {
    /// A link is told by its multiplier, everything else by its change from day 0: members of an ensemble differ in
    /// their level on day 0, which would hide how they change.
    fn of(curve: &'a Curve, variable: &Variable) -> Self {
        if variable.group == Group::Link {
            Self { values: &curve.values, band: curve.band.as_ref() }
        } else {
            Self { values: &curve.changes, band: curve.change_band.as_ref() }
        }
    }
}

fn axis_unit<'a>(curve: &Curve, unit: &'a str) -> &'a str {
    match curve.scale(unit).unit(unit) {
        "1" => "no unit",
        unit => unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    #[test]
    fn a_panel_says_what_is_shown_in_which_unit() {
        let svg = curves(&examples::bed_rest(), Group::Bone).expect("there are bone read-outs");
        for text in [">Total hip BMD<", ">Change (%)<", ">Time (days)<", ">No crosstalk<", ">Load only<"] {
            assert!(svg.contains(text), "{text} is missing:\n{svg}");
        }
        assert_eq!(svg.matches("<polygon").count(), 1, "one band, of the reference");
    }

    #[test]
    fn what_a_study_measured_lies_on_the_curves() {
        let mut scenario = examples::bed_rest();
        scenario.measured = vec![crate::MeasuredPoint {
            variable: 0,
            arm: 0,
            day: 30.0,
            change: -2.5,
            interval: Some((-9.0, -1.0)),
            id: "OC0001".into(),
        }];
        let svg = curves(&scenario, Group::Bone).expect("there are bone read-outs");
        assert!(svg.contains("<title>OC0001</title>"));
        assert!(svg.contains(">-10<"), "the axis reaches the interval:\n{svg}");
        assert!(!curves(&scenario, Group::Muscle).expect("there are muscle read-outs").contains("OC0001"));
    }

    #[test]
    fn several_arms_are_told_apart_by_line() {
        let svg = curves(&examples::knockout(), Group::Muscle).expect("there are muscle read-outs");
        assert!(svg.contains(">Wild type<") && svg.contains(">Knockout<"));
        assert!(!svg.contains(">No crosstalk<"));
    }

    #[test]
    fn a_long_title_takes_two_lines() {
        let lines = wrapped("Strain lowers production of sclerostin by osteocytes", PANEL.0 - 12.0, TITLE_SIZE, 2);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines.join(" "), "Strain lowers production of sclerostin by osteocytes");
    }

    #[test]
    fn names_are_escaped() {
        let svg = curves(&examples::bed_rest(), Group::Circulation).expect("there are read-outs");
        assert!(svg.contains("Sclerostin &lt;in plasma&gt;"));
    }

    #[test]
    fn a_group_without_readouts_has_no_figure() {
        assert_eq!(curves(&examples::knockout(), Group::Bone), None);
    }
}
