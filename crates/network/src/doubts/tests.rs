use crate::UnitPolicy;
use crate::check::tests::model;

/// The doubts about a model, written one part a line as in the tests of the check, without hints.
fn check(text: &str, expected: &[&str]) {
    let (network, _) = match model(text).check(UnitPolicy::Warn) {
        Ok(checked) => checked,
        Err(findings) => panic!("{findings}"),
    };
    let found: Vec<String> = network.doubts().iter().map(|it| format!("{}: {}", it.place.line, it.message)).collect();
    assert_eq!(found, expected, "{text}");
}

const CELL: &str = "compartment cell = 1 L
    species a in cell = 1 nmol
    constant k = 1 1/day
    reaction r: a => ; k * a * cell";

#[test]
fn a_usual_model_raises_none() {
    check(CELL, &[]);
}

#[test]
fn what_nothing_uses_or_changes_is_named() {
    check(&format!("{CELL}\n constant spare = 1 1"), &["4: nothing uses the parameter `spare`"]);
    check(
        &format!("{CELL}\n species b in cell = 1 nmol\n reaction s: a => ; k * a * b"),
        &[
            "4: no reaction, rule or event changes the species `b`",
            "5: the kinetic law of `s` uses the species `b`, which the reaction does not list",
        ],
    );
}

#[test]
fn reactions_that_cannot_be_meant() {
    check(
        "compartment cell = 1 L\n boundary a in cell = 1 nmol\n reaction r: a => ; 2 * a",
        &["2: reaction `r` changes no species"],
    );
    check(
        &format!("{CELL}\n reaction s: a => ; k * cell"),
        &["4: the rate of `s` does not depend on what the reaction uses up"],
    );
}

#[test]
fn events_that_cannot_happen() {
    check(&format!("{CELL}\n event e: k > 2; a = 1"), &["4: the condition of event `e` never changes"]);
    check(&format!("{CELL}\n parameter p = 1 1\n rule p = 2 * a\n event e: p > 2; a = 1"), &[]);
    check(&format!("{CELL}\n parameter p = 1 1\n rule p = 2 * time\n event e: p > 2; a = 1"), &[]);
    check(&format!("{CELL}\n event e: time > 2"), &["4: event `e` changes nothing"]);
}

#[test]
fn formulas_that_have_no_value() {
    check(
        &format!("{CELL}\n parameter p = 1 1\n rule p = a / 0\n parameter q = 1 1\n rule q = delay(a, -2)"),
        &["5: the rule of `p` divides by zero", "7: the rule of `q` looks into the future, by a delay of -2"],
    );
}
