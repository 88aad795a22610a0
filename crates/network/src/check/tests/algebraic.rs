//! Which variable an algebraic rule determines, and models with too many or too few rules.

use super::{check, check_sbml, model};
use crate::UnitPolicy;

/// The variables that the algebraic rules determine, in the order of the symbols.
fn determined(text: &str) -> Vec<String> {
    let (network, _) = model(text).check(UnitPolicy::Warn).unwrap_or_else(|findings| panic!("{findings}"));
    let symbols = (0..).map(crate::SymbolIndex).take(network.symbols().len());
    symbols
        .filter(|&symbol| network.algebraic_rule_of(symbol).is_some())
        .map(|symbol| network.symbol(symbol).id.to_string())
        .collect()
}

#[test]
fn a_rule_determines_what_nothing_else_does() {
    assert_eq!(
        determined(
            "
            compartment plasma = 3 L
            constant k = 1 1/day
            species free in plasma = 1 nmol
            species bound in plasma = 1 nmol
            reaction loss: free => ; k * plasma * free
            algebraic 0 = k * (free - bound)"
        ),
        ["bound"]
    );
}

#[test]
fn rules_are_matched_together() {
    // The first rule could have y or z; only z is left, because the second has nothing but y.
    assert_eq!(
        determined("parameter y = ? 1\nparameter z = 1 1\nalgebraic 0 = y + z - 1\nalgebraic 0 = y - 3"),
        ["y", "z"]
    );
}

#[test]
fn what_has_no_value_comes_first_and_what_events_set_last() {
    assert_eq!(determined("parameter y = 1 1\nparameter z = ? 1\nalgebraic 0 = y + z - 1"), ["z"]);
    assert_eq!(determined("parameter y = 1 1\nparameter z = 1 1\nstart y = 2\nalgebraic 0 = y + z - 1"), ["z"]);
    assert_eq!(
        determined("parameter y = 1 1\nparameter z = 1 1\nevent e: time > 1; y = 3\nalgebraic 0 = y + z - 1"),
        ["z"]
    );
}

#[test]
fn a_rule_reaches_through_assignment_rules_if_it_must() {
    assert_eq!(determined("parameter y = ? 1\nparameter z = ? 1\nrule z = 2 * y\nalgebraic 0 = z - 1"), ["y"]);
}

#[test]
fn the_past_is_not_determined() {
    assert_eq!(determined("parameter y = 1 1\nparameter z = 1 1\nalgebraic 0 = delay(y, 1) - z"), ["z"],);
}

#[test]
fn too_many_rules() {
    check_sbml(
        "
        constant k = 1 1
        parameter x = 1 1
        rate x = 1
        parameter y = 1 1
        algebraic 0 = y - x - k
        algebraic 0 = y + x",
        "
        error: the model is overdetermined: no variable is left for this algebraic rule
          at model:6
          likely reason: `x` has a rate rule; `y` is determined by another algebraic rule
          hint: drop the rule, or leave one of its variables without reactions, other rules and `constant`
        ",
    );
    check_sbml(
        "\nalgebraic 0 = 1 - 1",
        "
        error: the model is overdetermined: no variable is left for this algebraic rule
          at model:1
          likely reason: it names no variable
          hint: drop the rule, or leave one of its variables without reactions, other rules and `constant`
        ",
    );
}

#[test]
fn too_few_rules() {
    check(
        "
        parameter x = 1 1
        parameter y = 1 1
        algebraic 0 = y + x - 1",
        "
        error: this algebraic rule may determine `x` as well as `y`; `x` is taken
          at model:3
          hint: say that what the rule must not change is constant
        ",
    );
}
