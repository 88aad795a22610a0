use super::{parse, parse_quantity};
use crate::Unit;
use proptest::prelude::*;

/// The factor to SI and the dimension of a unit, or the message and hint.
fn check(text: &str, expected: &str) {
    let found = match parse(text) {
        Ok(unit) => format!("{:e} {}", round(unit.factor()), unit.dimension()),
        Err(error) => match error.hint {
            Some(hint) => format!("{}; {hint}", error.message),
            None => error.message,
        },
    };
    assert_eq!(found, expected, "unit {text:?}");
}

fn check_quantity(text: &str, expected: &str) {
    let found = match parse_quantity(text) {
        Ok(quantity) => quantity.to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expected, "quantity {text:?}");
}

/// The same unit measured in days, and the factor to it.
fn check_in_days(text: &str, expected: &str) {
    let unit = parse(text).unwrap();
    let in_days = unit.in_days();
    let factor = unit.factor_to(&in_days).expect("the same dimension");
    assert_eq!(format!("{} {in_days}", round(factor)), expected, "unit {text:?}");
}

fn round(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap()
}

#[test]
fn units_of_physiology() {
    check("1", "1e0 dimensionless");
    check("%", "1e-2 dimensionless");
    check("microstrain", "1e-6 dimensionless");
    check("nmol/L", "1e-6 length^-3 amount");
    check("nM", "1e-6 length^-3 amount");
    check("pmol", "1e-12 amount");
    check("g/cm^2", "1e1 length^-2 mass");
    check("g/cm2", "1e1 length^-2 mass");
    check("kDa", "1e0 mass amount^-1");
    check("µg/kg", "1e-9 dimensionless");
    check("ug/kg/day", "1.157407407e-14 time^-1");
    check("kPa", "1e3 length^-1 mass time^-2");
    check("mV", "1e-3 length^2 mass time^-3 current^-1");
    check("cells/mm^3", "1e9 length^-3 item");
    check("1e6 cells/mL", "1e12 length^-3 item");
    check("dL", "1e-4 length^3");
    check("mmHg", "1.333223874e2 length^-1 mass time^-2");
}

#[test]
fn times() {
    check("min", "6e1 time");
    check("hour", "3.6e3 time");
    check("d", "8.64e4 time");
    check("month", "2.6298e6 time");
    check("year", "3.15576e7 time");
    check("ms", "1e-3 time");
    check("Hz", "1e0 time^-1");
}

#[test]
fn products_quotients_and_powers() {
    check("1/(pM*h)", "2.777777778e5 length^3 time^-1 amount^-1");
    check("1/pM/h", "2.777777778e5 length^3 time^-1 amount^-1");
    check("N m", "1e0 length^2 mass time^-2");
    check("N·m", "1e0 length^2 mass time^-2");
    check("s-1", "1e0 time^-1");
    check("mm²", "1e-6 length^2");
    check("s⁻¹", "1e0 time^-1");
    check("m^(1/2)", "1e0 length^0.5");
    check("(m/s)^2", "1e0 length^2 time^-2");
    check("nmol / L", "1e-6 length^-3 amount");
}

#[test]
fn errors_name_the_part_and_the_nearest_unit() {
    check("", "the unit is empty; write 1 for a plain number");
    check("nmoll/L", "`nmoll` is not a known unit; did you mean nmol or mol?");
    check("hz", "`hz` is not a known unit; did you mean Hz?");
    check("nmol/L/dya", "`dya` is not a known unit; did you mean days?");
    check("qqq", "`qqq` is not a known unit");
    check(
        "degC",
        "`degC` has a zero point of its own and is not a unit of a model; use K; 37 degrees Celsius is 310.15 K",
    );
    check(
        "IU/L",
        "`IU` is a different amount for every substance; convert to a mass or an amount with the standard of the substance",
    );
    check(
        "mL/min kg",
        "a space after a division can be read in two ways; write * or /, with parentheses if needed, as in mL/(min*kg)",
    );
    check("nmol/", "the unit ends too early");
    check("(nmol/L", "a parenthesis is not closed");
    check("nmol)", "`)` is not expected here");
    check("m^x", "the exponent is not a number");
    check("m^1000", "the exponent of `m` is larger than 64");
    check("0 m", "`0` cannot be part of a unit");
    check("Ym^64", "`Ym^64` is too large or too small for a unit");
    check(&"(".repeat(100), "parentheses are nested more than 16 deep");
    check(&"m*".repeat(200), "a unit of more than 200 characters");
}

#[test]
fn quantities() {
    check_quantity("40 min", "40 min");
    check_quantity("0.5 1/day", "0.5 1/day");
    check_quantity("0.5/day", "0.5 1/day");
    check_quantity("3", "3");
    check_quantity("20 ug/kg", "20 ug/kg");
    check_quantity("1e-3 nmol/L", "0.001 nmol/L");
    check_quantity("-2.5 %", "-2.5 %");
    check_quantity("60mg", "60 mg");
    check_quantity("min", "`min` does not start with a number");
    check_quantity("1e999 m", "the number in `1e999 m` is too large");
    check_quantity("40 mni", "`mni` is not a known unit");
    let half_life = parse_quantity("40 min").unwrap();
    assert_eq!(half_life.value_in(&Unit::day()).map(round), Some(0.02777777778));
    assert_eq!(half_life.value_in(&parse("nmol").unwrap()), None);
}

#[test]
fn time_in_days() {
    check_in_days("1/h", "24 1/day");
    check_in_days("nM/h", "24 nM/day");
    check_in_days("1/(pM*h)", "24 1/pM/day");
    check_in_days("nmol/L/day", "1 nmol/L/day");
    check_in_days("mmol", "1 mmol");
    check_in_days("year", "365.25 day");
    check_in_days("L/min^2", "2073600 L/day^2");
    check_in_days("W", "1 W");
    check_in_days("Hz", "1 Hz");
}

#[test]
fn products_cancel_in_the_text() {
    let unit = |text| parse(text).unwrap();
    assert_eq!(unit("1/day").multiply(&unit("nmol/L")).to_string(), "nmol/L/day");
    assert_eq!(unit("L").multiply(&unit("nmol/L")).to_string(), "nmol");
    assert_eq!(unit("nmol/L").divide(&unit("nmol/L")).to_string(), "1");
    assert_eq!(unit("nmol/L").power(0.5).to_string(), "nmol^0.5/L^0.5");
    assert_eq!(unit("mM"), unit("mmol/L"));
    assert_ne!(unit("mM"), unit("uM"));
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,60}") {
        let _ = parse(&text);
        let _ = parse_quantity(&text);
    }

    #[test]
    fn no_text_of_unit_characters_panics(text in "[0-9a-zA-Zµ%()*/^. eE+-]{0,40}") {
        if let Ok(unit) = parse(&text) {
            let _ = unit.in_days().to_string();
        }
        let _ = parse_quantity(&text);
    }

    #[test]
    fn what_is_printed_can_be_read(
        words in proptest::collection::vec(("nmol|L|day|h|kg|mm|%|cells|uM|1e6", -3i8..4), 1..6)
    ) {
        let unit = words.iter().fold(Unit::dimensionless(), |product, (word, exponent)| {
            product.multiply(&parse(word).unwrap().power(f64::from(*exponent) / 2.0))
        });
        let again = parse(&unit.to_string()).unwrap();
        prop_assert!(again.same_as(&unit), "{unit} and {again}");
        prop_assert!(parse(&unit.in_days().to_string()).unwrap().same_as(&unit.in_days()));
    }
}
