//! What the check says about a question of flux balance.

use super::model;
use crate::{FluxBalance, FluxBounds, FluxTerm, Objective, Quantity, Sense, UnitPolicy};
use source::Place;

const MODEL: &str = "
    compartment cell = 1 L
    species glucose in cell = 1 mmol
    constant none = 0 1
    constant ten = 10 1
    parameter varies = 5 1
    start varies = 2 * ten
    reaction uptake: => glucose
    reaction growth: glucose =>";

fn parameter(id: &str) -> Option<Quantity> {
    Some(Quantity::Parameter(id.into()))
}

fn bounds(reaction: &str, lower: Option<Quantity>, upper: Option<Quantity>) -> FluxBounds {
    FluxBounds { reaction: reaction.into(), lower, upper, place: Place::file("model") }
}

fn objective(reaction: &str, coefficient: f64) -> Objective {
    Objective {
        id: "best".into(),
        name: String::new(),
        sense: Sense::Maximize,
        terms: vec![FluxTerm { coefficient: Quantity::Number(coefficient), variable: reaction.into() }],
        place: Place::file("model"),
    }
}

fn check(strict: bool, bounds: Vec<FluxBounds>, objective: Objective, active: &str, expected: &[&str]) {
    let mut draft = model(MODEL);
    let question =
        FluxBalance { strict, bounds, objectives: vec![objective], active: Some(active.into()), ..Default::default() };
    draft.flux_balance = Some(question);
    let findings = match draft.check(UnitPolicy::Warn) {
        Ok((_, warnings)) => warnings,
        Err(findings) => findings,
    };
    let texts: Vec<String> = findings.iter().map(|it| it.to_string().replace("\n  at model", "")).collect();
    assert_eq!(texts, expected);
}

#[test]
fn a_sound_question_has_no_findings_though_no_reaction_has_a_kinetic_law() {
    let infinite = Some(Quantity::Number(f64::INFINITY));
    let both =
        vec![bounds("uptake", parameter("none"), parameter("ten")), bounds("growth", parameter("none"), infinite)];
    check(true, both, objective("growth", 1.0), "best", &[]);
}

#[test]
fn names_must_be_known() {
    check(
        false,
        vec![bounds("uptakes", parameter("tenn"), parameter("glucose"))],
        objective("glucose", 1.0),
        "bst",
        &[
            "error: the reaction `uptakes` in a flux bound is not known\n  hint: did you mean `uptake`?",
            "error: `tenn`, the lower bound of reaction `uptakes`, is not known\n  hint: did you mean `ten`?",
            "error: `glucose`, the upper bound of reaction `uptakes`, is a species\n  hint: name a parameter",
            "error: `glucose` in objective `best` is a species, expected a reaction",
            "error: the active objective `bst` is not known\n  hint: did you mean `best`?",
        ],
    );
}

#[test]
fn numbers_must_make_sense() {
    check(
        false,
        vec![
            bounds("uptake", parameter("ten"), parameter("none")),
            bounds("growth", Some(Quantity::Number(f64::NAN)), Some(Quantity::Number(f64::NEG_INFINITY))),
            bounds("growth", None, None),
        ],
        objective("growth", f64::INFINITY),
        "best",
        &[
            "warning: the bounds of reaction `uptake` cross: 10 > 0",
            "error: the lower bound of reaction `growth` is not a number\n  hint: give it a number, INF or -INF",
            "warning: the upper bound of reaction `growth` is -inf, which nothing can meet",
            "error: reaction `growth` has two sets of flux bounds\n  hint: keep one of them",
            "error: the coefficient of `growth` in objective `best` is not a finite number\n  hint: give it a number",
        ],
    );
}

#[test]
fn a_strict_model_keeps_its_promise_of_constant_bounds_everywhere() {
    check(
        true,
        vec![bounds("uptake", parameter("none"), parameter("varies"))],
        objective("growth", 1.0),
        "best",
        &[
            "warning: `varies`, the upper bound of reaction `uptake`, is not a constant number, but the model is strict",
            "warning: reaction `growth` has no flux bounds, but the model is strict:8",
        ],
    );
}
