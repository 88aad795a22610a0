//! Units of symbols and expressions.

use super::{SCLEROSTIN, check, check_sbml, network};

#[test]
fn a_sound_model_passes() {
    let network = network(SCLEROSTIN);
    let unit = |id| network.symbol(network.index_of(id).unwrap()).unit.as_ref().unwrap().to_string();
    assert_eq!(unit("sclerostin_in_plasma"), "nmol/L");
    assert_eq!(unit("sclerostin_clearance"), "nmol/day");
    assert_eq!(unit("plasma"), "L");
}

#[test]
fn a_missing_factor_is_named() {
    check(
        &SCLEROSTIN.replace("plasma * clearance_rate * sclerostin", "plasma * sclerostin"),
        "
        error: kinetic law of `sclerostin_clearance` has unit nmol, expected nmol/day, a factor of 1/day
          at model:6
          likely reason: is a rate constant missing?
        ",
    );
    check(
        &SCLEROSTIN.replace("25 1/day", "1 1/h"),
        "
        error: kinetic law of `sclerostin_clearance` has unit nmol/h, expected nmol/day, a factor of 24
          at model:6
          likely reason: both measure the same thing; is a conversion missing?
        ",
    );
    check(
        &SCLEROSTIN.replace("plasma * release", "release"),
        "
        error: kinetic law of `sclerostin_release` has unit nmol/L/day, expected nmol/day, a factor of L
          at model:5
          likely reason: is the size of a compartment missing?
        ",
    );
}

#[test]
fn units_of_parts_agree() {
    check(
        "
        constant x = 1 nmol/L
        constant y = 1 pmol/L
        constant n = 2 1
        constant k = 1 1/day
        parameter a = ? 1
        parameter b = ? nmol/L
        parameter c = ? 1
        parameter d = ? nmol/L
        parameter e = ? 1
        parameter f = ? nmol/L
        rule a = exp(x)
        rule b = x + y
        rule c = x^n
        rule d = max(x, 0) + piecewise(x, x > k, 0)
        rule e = n^x
        rule f = x + 1",
        "
        error: the argument `x` of exp has unit nmol/L, expected 1, a factor of L/nmol in assignment rule of `a`
          at model:11
          likely reason: is a division by a reference concentration missing?
        error: the terms `x` [nmol/L] and `y` [pmol/L] differ by a factor of 0.001 in assignment rule of `b`
          at model:12
          likely reason: both measure the same thing; is a conversion missing?
        error: `x` has unit nmol/L and the exponent `n` is not a plain number in assignment rule of `c`
          at model:13
          likely reason: is a division of the base by a reference value missing?
        error: the two sides `x` [nmol/L] and `k` [1/day] differ by a factor of nmol*day/L in assignment rule of `d`
          at model:14
          likely reason: something that measures length^-3 time amount is missing
        error: the exponent `x` has unit nmol/L, expected 1, a factor of L/nmol in assignment rule of `e`
          at model:15
          likely reason: is a division by a reference concentration missing?
        error: the terms `x` [nmol/L] and `1` [1] differ by a factor of nmol/L in assignment rule of `f`
          at model:16
          likely reason: a number in a formula has no unit; give it a name with a unit
        ",
    );
}

#[test]
fn units_of_every_place() {
    check(
        "
        compartment plasma = 1 L
        parameter state = 1 nmol
        parameter set = 1 nmol
        constant k = 1 1/day
        constant wrong = 1 kg
        rate state = k
        start set = wrong
        event e: state > set; state = wrong
        observable o [nmol] = k * time",
        "
        error: initial assignment of `set` has unit kg, expected nmol, a factor of nmol/kg
          at model:7
          likely reason: is a division by a molar mass missing?
        error: rate rule of `state` has unit 1/day, expected nmol/day, a factor of nmol
          at model:6
          likely reason: something that measures amount is missing
        error: assignment to `state` in event `e` has unit kg, expected nmol, a factor of nmol/kg
          at model:8
          likely reason: is a division by a molar mass missing?
        error: observable `o` has unit 1, expected nmol, a factor of nmol
          at model:9
          likely reason: something that measures amount is missing
        ",
    );
}

#[test]
fn roots_and_powers_have_units() {
    network(
        "
        constant area = 4 cm^2
        parameter side = ? cm
        parameter volume = ? cm^3
        parameter again = ? cm^2
        rule side = sqrt(area)
        rule volume = side^3
        rule again = volume^(2/3) + side * side - 0 + abs(-area)",
    );
}

#[test]
fn our_own_things_need_units_and_sbml_things_do_not() {
    let text = "
        compartment plasma = 3 ?
        species x in plasma = 1 ?
        parameter k = 1 ?
        reaction r: x => ; k * x * 2 + k";
    check(
        text,
        "
        error: the compartment `plasma` has no unit
          at model:1
          hint: write unit = \"1\" for a plain number
        error: the species `x` has no unit
          at model:2
          hint: write unit = \"1\" for a plain number
        error: the parameter `k` has no unit
          at model:3
          hint: write unit = \"1\" for a plain number
        ",
    );
    check_sbml(text, "");
    check_sbml(
        "
        parameter x = 1 nmol
        parameter y = ? L
        rule y = x",
        "
        warning: assignment rule of `y` has unit nmol, expected L, a factor of L/nmol
          at model:3
          likely reason: is a division by a reference concentration missing?
        ",
    );
}

#[test]
fn species_of_one_reaction_are_counted_alike() {
    check(
        "
        compartment plasma = 3 L
        species a in plasma = 1 nmol
        species b in plasma = 1 pmol
        constant k = 1 nmol/day
        reaction r: a => b; k",
        "
        error: reaction `r` converts nmol, but `b` is counted in pmol, a factor of 1000
          at model:5
          hint: give the species the same unit, or a conversion factor
        ",
    );
}

#[test]
fn percentages_are_made_with_a_unit() {
    check(
        "
        constant ratio = 1 1
        observable right [%] = 100 [%] * ratio
        observable wrong [%] = 100 * ratio",
        "
        error: observable `wrong` has unit 1, expected %, a factor of 100
          at model:3
          likely reason: a plain number is not a percentage: write 100 [%] * ratio, not 100 * ratio
        ",
    );
}
