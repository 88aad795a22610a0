//! Cycles, and the order of computation.

use super::{SCLEROSTIN, check, model, network};
use crate::{Expression, InitialStep, UnitPolicy};
use proptest::prelude::*;

#[test]
fn cycles_are_named() {
    check(
        "
        parameter a = ? 1
        parameter b = ? 1
        parameter c = ? 1
        parameter d = ? 1
        parameter e = ? 1
        rule a = b + 1
        rule b = 2 * c
        rule c = a
        rule d = d
        start e = e + a",
        "
        error: `a` needs itself: a -> b -> c -> a
          at model:6
          hint: break the cycle, for example by making one of them a state with a rate rule
        error: `d` needs itself: d -> d
          at model:9
          hint: break the cycle, for example by making one of them a state with a rate rule
        error: at the start `e` needs itself: e -> e
          at model:10
          hint: break the cycle, for example by making one of them a state with a rate rule
        ",
    );
    check(
        "
        compartment plasma = 3 L
        species x in plasma = 1 nmol
        constant k = 1 1/day
        parameter flux = ? nmol/day
        rule flux = r * 2
        reaction r: x => ; k * x * plasma + flux",
        "
        error: `flux` needs itself: flux -> r -> flux
          at model:5
          hint: break the cycle, for example by making one of them a state with a rate rule
        ",
    );
}

#[test]
fn rates_of_change_are_values_too() {
    check(
        "
        parameter x = 1 1
        parameter speed = ? 1/day
        constant k = 1 1/day
        rate x = k + speed
        rule speed = rateOf(x)",
        "
        error: `speed` needs itself: speed -> rateOf(x) -> speed
          at model:5
          hint: break the cycle, for example by making one of them a state with a rate rule
        ",
    );
}

#[test]
fn each_is_computed_after_what_it_needs() {
    let network = network(
        "
        parameter a = ? 1
        parameter b = ? 1
        parameter c = ? 1
        parameter d = ? 1
        parameter p = ? 1
        rule a = b + c
        rule b = c * 2
        rule c = p
        rule d = 2
        start p = d",
    );
    assert_eq!(network.assignment_order(), [2, 1, 0, 3], "c, b, a, d");
    assert_eq!(network.initial_order(), [0]);
    use InitialStep::{Assignment, Initial};
    let steps = [Assignment(3), Initial(0), Assignment(2), Assignment(1), Assignment(0)];
    assert_eq!(network.initial_steps(), steps, "d, p, c, b, a");
}

#[test]
fn what_determines_a_symbol() {
    let network = network(&format!("{SCLEROSTIN}\nparameter r = ? nmol/day\nrule r = sclerostin_clearance / 2"));
    let dependencies = |id: &str| {
        let found = network.dependencies(network.index_of(id).unwrap());
        found.iter().map(|index| network.symbol(*index).id.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(dependencies("sclerostin_in_plasma"), "sclerostin_release sclerostin_clearance");
    assert_eq!(dependencies("sclerostin_clearance"), "plasma sclerostin_in_plasma clearance_rate");
    assert_eq!(dependencies("sclerostin"), "sclerostin_in_plasma");
    assert_eq!(dependencies("r"), "sclerostin_clearance");
    assert_eq!(dependencies("clearance_rate"), "");
}

#[test]
fn large_models_are_checked_quickly() {
    let mut text = String::from("\ncompartment c = 1 L\nconstant k = 1 1/day\n");
    for i in 0..10_000 {
        text += &format!("species s{i} in c = 1 nmol\n");
    }
    for i in 0..9_999 {
        text += &format!("reaction r{i}: s{i} => s{}; c * k * s{i}\n", i + 1);
    }
    // A chain as long as the model: nothing may recurse along it.
    text += "parameter p0 = 1 1\n";
    for i in 1..10_000 {
        text += &format!("parameter p{i} = ? 1\nrule p{i} = p{}\n", i - 1);
    }
    let draft = model(&text);
    let start = std::time::Instant::now();
    let (network, _) = draft.check(UnitPolicy::Strict).unwrap();
    let taken = start.elapsed();
    assert_eq!(network.assignment_order().len(), 9_999);
    assert!(taken.as_secs_f64() < 5.0, "{taken:?}");
}

/// Sums and products of `a` to `e`, `time` and numbers.
fn right_sides() -> impl Strategy<Value = String> {
    let leaf = "[a-e]|time|rateOf\\([a-e]\\)|[0-3]";
    leaf.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), "[*/+<-]|\\^", inner).prop_map(|(a, operator, b)| format!("({a}) {operator} ({b})"))
    })
}

proptest! {
    #[test]
    fn any_rules_are_checked_and_come_in_order(rules in proptest::collection::vec(right_sides(), 1..5)) {
        let mut text = String::from("\nparameter e = 1 nmol/L\n");
        for (id, rule) in ["a", "b", "c", "d"].iter().zip(&rules) {
            text += &format!("parameter {id} = 1 1/day\nrule {id} = {rule}\n");
        }
        let draft = model(&text);
        for policy in [UnitPolicy::Strict, UnitPolicy::Warn] {
            let Ok((network, _)) = draft.clone().check(policy) else { continue };
            let mut known: Vec<&str> = vec!["e"];
            for rule in network.assignment_order().iter().map(|i| &network.rules()[*i]) {
                rule.value().walk(&mut |part| {
                    if let Expression::Name(id) = part {
                        let computed = network.rule_of(network.index_of(id).unwrap()).is_some();
                        assert!(!computed || known.contains(&&**id), "{id} is used too early in\n{text}");
                    }
                });
                known.push(rule.target().unwrap());
            }
        }
    }
}
