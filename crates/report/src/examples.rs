//! Small findings for the tests of this crate. The numbers are made up.

use crate::{
    Basis, ChangeScale, Citation, Comparison, Curve, EndPoint, EvidenceItem, Findings, Group, Interval, Link, Named,
    OrganismFindings, Parameter, Provenance, ScenarioFindings, Stance, Statement, Variable,
};

fn named(id: &str, name: &str) -> Named {
    Named { id: id.into(), name: name.into(), about: String::new() }
}

fn variable(id: &str, name: &str, group: Group, unit: &str) -> Variable {
    Variable { id: id.into(), name: name.into(), group, unit: unit.into(), main: true }
}

/// Straight lines from 1 to an end, with a band for the reference.
fn add_lines(scenario: &mut ScenarioFindings, variable: usize, ends: &[f64], interval: (f64, f64)) {
    let last = scenario.duration_days;
    let line = |end: f64| scenario.times.iter().map(|t| 1.0 + (end - 1.0) * t / last).collect::<Vec<_>>();
    let arms = scenario.arms.len();
    let mut curves = Vec::new();
    for (i, &end) in ends.iter().enumerate() {
        let (arm, hypothesis) = (i % arms, i / arms);
        let percent = |it: f64| 1.0 + it / 100.0;
        let band = (hypothesis == 0).then(|| (line(percent(interval.0)), line(percent(interval.1))));
        let change = |values: Vec<f64>| values.into_iter().map(|it| 100.0 * (it - 1.0)).collect::<Vec<_>>();
        let change_band = band.clone().map(|(lower, upper)| (change(lower), change(upper)));
        let values = line(end);
        curves.push(Curve { arm, hypothesis, variable, changes: change(values.clone()), values, band, change_band });
    }
    scenario.curves.extend(curves);
    for arm in scenario.answered_arms() {
        for hypothesis in 0..ends.len() / arms {
            let from = if scenario.comparison == Comparison::Baseline { 1.0 } else { ends[hypothesis * arms] };
            let to = ends[hypothesis * arms + arm];
            scenario.end_points.push(EndPoint {
                variable,
                arm,
                hypothesis,
                from,
                to,
                scale: ChangeScale::Percent,
                change: ChangeScale::Percent.change(from, to),
                interval: (hypothesis == 0).then_some(Interval { lower: interval.0, upper: interval.1 }),
                separable: (hypothesis > 0).then_some(to != ends[arm]),
            });
        }
    }
}

/// One arm against its own day 0.
pub(crate) fn bed_rest() -> ScenarioFindings {
    let mut scenario = ScenarioFindings {
        named: named("bed_rest", "Bed rest, 60 days"),
        about: "Healthy adults lie for 60 days & do not train.".into(),
        organism: "human".into(),
        duration_days: 60.0,
        arms: vec![named("bed_rest", "Bed rest")],
        hypotheses: vec![
            named("reference", "Reference model"),
            named("no_crosstalk", "No crosstalk"),
            named("load_only", "Load only"),
        ],
        variables: vec![
            variable("bmd_total_hip", "Total hip BMD", Group::Bone, "g/cm^2"),
            variable("fiber_area", "Fiber area", Group::Muscle, "1"),
            variable("sclerostin", "Sclerostin <in plasma>", Group::Circulation, "nmol/L"),
            variable("sclerostin_to_muscle", "Sclerostin to muscle", Group::Link, "1"),
        ],
        times: (0..=60).step_by(5).map(f64::from).collect(),
        links: vec![Link {
            named: named("sclerostin_to_muscle", "Sclerostin restrains satellite cells"),
            direction: "bone to muscle".into(),
            kind: "endocrine".into(),
            from: "sclerostin".into(),
            acts_on: "satellite cell differentiation".into(),
            tier: "T4".into(),
            on: vec![true, false, false],
            statements: vec![0],
            sources: vec![],
        }],
        varied: vec!["sclerostin_to_muscle_maximum".into()],
        ..Default::default()
    };
    add_lines(&mut scenario, 0, &[0.969, 0.972, 0.97], (-3.9, -2.2));
    add_lines(&mut scenario, 1, &[0.86, 0.88, 0.88], (-18.0, -11.0));
    add_lines(&mut scenario, 2, &[1.25, 1.25, 1.25], (20.0, 31.0));
    add_lines(&mut scenario, 3, &[0.95, 1.0, 1.0], (-8.0, -2.0));
    scenario.end_points.retain(|it| it.variable != 3);
    scenario
}

/// Two arms, the second against the first.
pub(crate) fn knockout() -> ScenarioFindings {
    let mut scenario = ScenarioFindings {
        named: named("knockout", "Cx43 knockout"),
        organism: "mouse".into(),
        duration_days: 90.0,
        comparison: Comparison::FirstArm,
        arms: vec![named("wild_type", "Wild type"), named("knockout", "Knockout")],
        hypotheses: vec![named("reference", "Reference model"), named("no_crosstalk", "No crosstalk")],
        variables: vec![variable("muscle_mass", "Muscle mass", Group::Muscle, "mg")],
        times: vec![0.0, 45.0, 90.0],
        ..Default::default()
    };
    add_lines(&mut scenario, 0, &[1.0, 0.7, 1.0, 1.0], (-40.0, -20.0));
    scenario
}

/// A whole report's worth.
pub(crate) fn findings() -> Findings {
    let citation = |text: &str, retracted| Citation {
        text: text.into(),
        title: "A title with <tags> & signs".into(),
        url: Some("https://doi.org/10.1000/example".into()),
        retracted,
    };
    let item = |stance, finding: &str, citation| EvidenceItem {
        stance,
        tier: "T4".into(),
        organism: "mouse".into(),
        finding: finding.into(),
        citation,
        read: true,
    };
    let parameter = |id: &str, basis, range: &str| Parameter {
        named: named(id, "Half-life of sclerostin"),
        module: "sclerostin".into(),
        value: "40".into(),
        unit: "min".into(),
        range: range.into(),
        basis,
        sources: vec![citation("Eudy 2015", false)],
        place: "signals/sclerostin.model.toml:12".into(),
    };
    Findings {
        scenarios: vec![bed_rest()],
        organisms: vec![OrganismFindings {
            organism: "human".into(),
            parameters: vec![
                parameter("sclerostin_half_life", Basis::Measured, "20 to 90"),
                parameter("sclerostin_to_muscle_maximum", Basis::Assumed, "0.5 to 1"),
            ],
            equations: "d(sclerostin)/dt = -k * sclerostin  [nmol/L/day]\n".into(),
        }],
        statements: vec![Statement {
            id: "sclerostin_lowers_differentiation".into(),
            sentence: "sclerostin decreases myoblast differentiation".into(),
            note: String::new(),
            items: vec![
                item(Stance::Supports, "fusion index down by a third", citation("Kim 2019", false)),
                item(Stance::NoEffect, "muscle mass unchanged", citation("Doe 2020", true)),
            ],
        }],
        warnings: vec!["an example <warning>".into()],
        provenance: Provenance { program: "enthesis 0.1.0".into(), ..Default::default() },
    }
}
