//! Names, values, and who may define what.

use super::{check, check_sbml, model};
use crate::{Stoichiometry, UnitPolicy};

#[test]
fn unknown_names() {
    check(
        "
        compartment plasma = 3 L
        species sclerostin in plasam = 1 nmol
        constant k = 1 nmol/day
        reaction r: sclerostim => ; k
        reaction s: plasma => ; k * e
        event e: true; kk = 2",
        "
        error: `e` in kinetic law of `s` is the name of an event and has no value
          at model:5
        error: `plasam` as the compartment of `sclerostin` is not known
          at model:2
          hint: did you mean `plasma`?
        error: `sclerostim` in reaction `r` is not known
          at model:4
          hint: did you mean `sclerostin`?
        error: `plasma` in reaction `s` is a compartment, expected a species
          at model:5
        error: `kk`, which event `e` sets, is not known
          at model:6
          hint: did you mean `k`?
        ",
    );
}

#[test]
fn names_are_unique() {
    check(
        "
        constant x = 1 1
        constant x = 2 1
        function x(a) = a",
        "
        error: `x` is the name of two things: this parameter and the parameter at model:1
          at model:2
          hint: give one of them another id
        error: `x` is the name of two things: this function and the parameter at model:1
          at model:3
          hint: give one of them another id
        ",
    );
}

#[test]
fn numbers_make_sense() {
    let text = "
        compartment plasma = -3 L
        species x in plasma = -1 nmol
        constant p = NaN 1
        constant negative = -1 1";
    check(
        text,
        "
        error: size of `plasma` is negative: -3
          at model:1
        error: initial amount of `x` is negative: -1
          at model:2
        error: value of `p` is not a finite number: NaN
          at model:3
        ",
    );
    check_sbml(
        text,
        "
        warning: size of `plasma` is negative: -3
          at model:1
        warning: initial amount of `x` is negative: -1
          at model:2
        warning: value of `p` is not a finite number: NaN
          at model:3
        ",
    );
}

#[test]
fn every_value_is_given() {
    let text = "
        parameter used = ? 1
        parameter unused = ? 1
        parameter y = ? 1
        rule y = used + 1";
    check(
        text,
        "
        error: nothing gives the parameter `used` a value
          at model:1
          hint: give it a number, an initial assignment or an assignment rule
        error: nothing gives the parameter `unused` a value
          at model:2
          hint: give it a number, an initial assignment or an assignment rule
        ",
    );
    check_sbml(
        text,
        "
        warning: nothing gives the parameter `used` a value
          at model:1
          hint: give it a number, an initial assignment or an assignment rule
        ",
    );
    check_sbml(&format!("{text}\nalgebraic 0 = used - 2"), "");
}

#[test]
fn a_reaction_needs_a_kinetic_law() {
    check_sbml(
        "
        compartment plasma = 3 L
        species x in plasma = 1 nmol
        reaction r: x =>",
        "
        warning: reaction `r` has no kinetic law
          at model:3
        ",
    );
}

#[test]
fn one_definition_for_each() {
    check(
        "
        compartment plasma = 3 L
        species x in plasma = 1 nmol
        constant k = 1 nmol/day
        constant c = 1 nmol/L
        parameter p = 1 nmol/L
        rate x = k / plasma
        reaction r: x => ; k
        rule p = c
        rate p = k / plasma
        start p = c
        rule c = p
        rule r = k
        event e: true; p = c; x = c; x = c",
        "
        error: `p` has two rules: this one and the one at model:8
          at model:9
          hint: keep one of them
        error: an assignment rule changes `c`, which is constant
          at model:11
          hint: say that it is not constant
        error: an assignment rule cannot set `r`, which is the name of a reaction
          at model:12
        error: `p` has an initial assignment and an assignment rule at model:8
          at model:10
          likely reason: the rule holds at the start, too
          hint: keep one of them
        error: reaction `r` changes `x`, which has a rule at model:6
          at model:7
          hint: make the species a boundary species, or drop the rule
        error: event `e` changes `p`, which has an assignment rule at model:8
          at model:13
        error: event `e` assigns `x` twice
          at model:13
        ",
    );
}

#[test]
fn what_sbml_allows_passes() {
    check_sbml(
        "
        compartment c = 1 L
        boundary b in c = 1 nmol
        species x in c = 1 nmol
        constant k = 1 ?
        parameter p = ? ?
        rule b = p
        start p = 2 * k
        rate c = k
        reaction r: b + x => 2 b; k * b
        event e: x > b; x = k; c = k
        parameter y = ? ?
        rule y = delay(x, k) + k * rateOf(x)
        parameter z = ? ?
        algebraic 0 = x + y + z",
        "",
    );
}

#[test]
fn stoichiometries_can_be_set_by_name() {
    let with = |stoichiometry: Stoichiometry| {
        let mut draft = model(
            "
            compartment plasma = 3 L
            species x in plasma = 1 nmol
            constant k = 1 nmol/day
            constant two = 2 1
            reaction r: x => ; k
            rule many = two",
        );
        draft.reactions[0].reactants[0].id = Some("many".into());
        draft.reactions[0].reactants[0].stoichiometry = stoichiometry;
        draft.check(UnitPolicy::Strict)
    };
    let (network, _) = with(Stoichiometry::Variable(None)).unwrap();
    assert!(network.index_of("many").is_some());
    assert_eq!(
        with(Stoichiometry::Constant(1.0)).unwrap_err().to_string(),
        "error: an assignment rule sets the stoichiometry `many`, which is fixed\n  at model:6"
    );
}

#[test]
fn observables_stay_outside_the_equations() {
    check(
        "
        constant x = 1 1
        parameter y = ? 1
        observable o [1] = x
        rule y = o",
        "
        error: assignment rule of `y` uses the observable `o`
          at model:4
          hint: make it an assignment rule, which equations can use
        ",
    );
}
