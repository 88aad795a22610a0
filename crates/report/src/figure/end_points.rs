//! Changes of all main read-outs at a glance: marks with 90 % intervals, one row per read-out, one mark per hypothesis.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, FONT_SIZE, Key, fitted, legend};
use crate::{ChangeScale, EndPoint, Group, ScenarioFindings};

const WIDTH: f64 = 900.0;
const LABELS: f64 = 250.0;
const SPACE_PER_MARK: f64 = 11.0;
const HEADING: f64 = 24.0;
const AXIS: f64 = 44.0;

/// The changes of one arm, in percent, as SVG; `None` when no read-out changes on that scale.
///
/// Each group has its own axis: a marker in blood may double while a bone loses a percent.
pub fn end_points(scenario: &ScenarioFindings, arm: usize) -> Option<String> {
    let blocks: Vec<(Group, Vec<usize>)> = Group::READOUTS
        .into_iter()
        .map(|group| (group, relative_readouts(scenario, arm, group)))
        .filter(|(_, variables)| !variables.is_empty())
        .collect();
    if blocks.is_empty() {
        return None;
    }
    let keys: Vec<Key> =
        scenario.hypotheses.iter().enumerate().map(|(style, it)| Key { label: &it.name, style }).collect();
    let row_height = 12.0 + SPACE_PER_MARK * keys.len() as f64;
    let top = legend(&mut Canvas::new(0.0, 0.0), &keys, true, WIDTH);
    let rows: usize = blocks.iter().map(|(_, variables)| variables.len()).sum();
    let height = top + row_height * rows as f64 + (HEADING + AXIS) * blocks.len() as f64;
    let mut canvas = Canvas::new(WIDTH, height);
    legend(&mut canvas, &keys, true, WIDTH);
    let mut y = top;
    for (group, variables) in &blocks {
        block(&mut canvas, scenario, arm, *group, variables, y, row_height);
        y += HEADING + row_height * variables.len() as f64 + AXIS;
    }
    Some(canvas.finish(&format!("{}: changes with 90 % intervals, in the model", scenario.named.name)))
}

fn relative_readouts(scenario: &ScenarioFindings, arm: usize, group: Group) -> Vec<usize> {
    let mut variables = scenario.readouts(group, true);
    variables.retain(|it| scenario.end_point(*it, arm, 0).is_some_and(|it| it.scale == ChangeScale::Percent));
    variables
}

/// One group: heading, rows and the axis below them.
fn block(
    canvas: &mut Canvas,
    scenario: &ScenarioFindings,
    arm: usize,
    group: Group,
    variables: &[usize],
    top: f64,
    row_height: f64,
) {
    let of_row = |variable: usize| {
        (0..scenario.hypotheses.len()).filter_map(move |hypothesis| scenario.end_point(variable, arm, hypothesis))
    };
    let shown = variables.iter().flat_map(|variable| of_row(*variable)).flat_map(|it| {
        let interval = it.interval.map_or([it.change; 2], |interval| [interval.lower, interval.upper]);
        [it.change, interval[0], interval[1], 0.0]
    });
    let axis = Axis::around(shown, 8, 1.0);
    let x = |value: f64| LABELS + axis.fraction(value) * (WIDTH - LABELS - 24.0);
    let first_row = top + HEADING;
    let bottom = first_row + row_height * variables.len() as f64;

    canvas.text((10.0, top + 15.0), group.word(), Anchor::Start, "group");
    for tick in &axis.ticks {
        let color = if tick.abs() < 1e-9 { "#777777" } else { "#e4e4e4" };
        canvas.line((x(*tick), first_row), (x(*tick), bottom), color, 1.0);
        canvas.text((x(*tick), bottom + 15.0), &axis.label(*tick), Anchor::Middle, "tick");
    }
    canvas.text((x((axis.lower + axis.upper) / 2.0), bottom + 31.0), "Change (%)", Anchor::Middle, "axis");
    for (i, variable) in variables.iter().enumerate() {
        let y = first_row + row_height * i as f64;
        canvas.line((10.0, y), (WIDTH - 20.0, y), "#eeeeee", 1.0);
        let name = &scenario.variables[*variable].name;
        canvas.text(
            (LABELS - 14.0, y + row_height / 2.0 + 4.0),
            &fitted(name, LABELS - 24.0, FONT_SIZE),
            Anchor::End,
            "legend",
        );
        for it in of_row(*variable) {
            draw(canvas, it, y + 6.0 + SPACE_PER_MARK * (it.hypothesis as f64 + 0.5), &x);
        }
    }
}

fn draw(canvas: &mut Canvas, it: &EndPoint, y: f64, x: &impl Fn(f64) -> f64) {
    let color = super::style(it.hypothesis).color;
    if let Some(interval) = it.interval {
        canvas.line((x(interval.lower), y), (x(interval.upper), y), color, 2.0);
    }
    if it.change.is_finite() {
        canvas.mark((x(it.change), y), it.hypothesis, color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    #[test]
    fn every_readout_has_a_row_and_every_hypothesis_a_mark() {
        let svg = end_points(&examples::bed_rest(), 0).expect("there are end points");
        for text in [">Bone<", ">Muscle<", ">Circulation<", ">Total hip BMD<", ">Fiber area<", ">Change (%)<"] {
            assert!(svg.contains(text), "{text} is missing");
        }
        // Three read-outs and the legend: a circle (reference) in each.
        assert_eq!(svg.matches("<circle").count(), 4);
    }

    #[test]
    fn the_first_arm_has_no_end_points_when_others_are_compared_with_it() {
        assert_eq!(end_points(&examples::knockout(), 0), None);
        assert!(end_points(&examples::knockout(), 1).is_some());
    }
}
