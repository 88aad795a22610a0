use crate::testing::{expect, file};
use crate::{Edition, read, write};
use network::{Draft, Expression, FunctionDefinition, Observable, Parameter, Reaction, Stoichiometry};
use network::{parse_equation, parse_formula};
use proptest::prelude::*;
use source::Place;
use units::Unit;

fn text(draft: Draft) -> String {
    write(&draft, Edition::Level3Version2).expect("a draft that can be written")
}

fn reread(text: &str) -> Draft {
    expect(read(&file(text))).0
}

fn parameter(id: &str, value: f64, unit: Option<&str>) -> Parameter {
    let unit = unit.map(|text| Unit::parse(text).expect("a unit"));
    Parameter { id: id.into(), name: id.into(), value: Some(value), unit, constant: false, place: Place::nowhere() }
}

/// A model in which z is an expression of the parameters x and y.
fn with_rule(expression: Expression) -> Draft {
    let mut draft =
        Draft { parameters: vec![parameter("x", 1.0, None), parameter("y", 1.0, None)], ..Draft::default() };
    draft.parameters.push(parameter("z", 0.0, None));
    draft.rules = vec![network::Rule::Assignment { target: "z".into(), value: expression, place: Place::nowhere() }];
    draft
}

/// Written and read, an expression is the same.
fn check_expression(expression: Expression) {
    let text = text(with_rule(expression.clone()));
    assert_eq!(reread(&text).rules[0].value(), &expression, "{text}");
}

fn check(formula: &str) {
    check_expression(parse_formula(formula).expect("a formula"));
}

#[test]
fn formulas_come_back() {
    check("x + y * 2 - x / y ^ 3");
    check("-x + root(3, y) + sqrt(x) + log(2, x) + log10(y) + ln(x)");
    check("piecewise(1, x < y and not (x == 2), 3, time >= 1e-7, y)");
    check("delay(x, 1.5) + quotient(x, y) + rem(x, y) + min(x, y, 3) + factorial(2)");
    check("rateOf(y) + arcsinh(x) + implies(x > 1, y != 2)");
    check("3 [nmol/L] + 2 [%]");
}

#[test]
fn the_text_is_short_and_readable() {
    let mut draft = Draft { id: "decay".into(), name: "Decay of <x> & \"y\"".into(), ..Draft::default() };
    draft.units.time = Some(Unit::day());
    draft.parameters = vec![parameter("x", 0.1, Some("nmol/L")), parameter("k", 2.5e-9, Some("1/day"))];
    let value = parse_formula("-k * x * 1e-3").expect("a formula");
    draft.rules = vec![network::Rule::Rate { target: "x".into(), value, place: Place::nowhere() }];
    assert_eq!(
        text(draft),
        r#"<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
  <model id="decay" name="Decay of &lt;x&gt; &amp; &quot;y&quot;" timeUnits="day">
    <listOfUnitDefinitions>
      <unitDefinition id="day">
        <listOfUnits>
          <unit kind="second" exponent="1" scale="0" multiplier="86400"/>
        </listOfUnits>
      </unitDefinition>
      <unitDefinition id="nmol_per_L">
        <listOfUnits>
          <unit kind="mole" exponent="1" scale="-9" multiplier="1"/>
          <unit kind="litre" exponent="-1" scale="0" multiplier="1"/>
        </listOfUnits>
      </unitDefinition>
      <unitDefinition id="unit_1_per_day">
        <listOfUnits>
          <unit kind="second" exponent="-1" scale="0" multiplier="86400"/>
        </listOfUnits>
      </unitDefinition>
    </listOfUnitDefinitions>
    <listOfParameters>
      <parameter id="x" value="0.1" units="nmol_per_L" constant="false"/>
      <parameter id="k" value="2.5e-9" units="unit_1_per_day" constant="false"/>
    </listOfParameters>
    <listOfRules>
      <rateRule variable="x">
        <math xmlns="http://www.w3.org/1998/Math/MathML">
          <apply>
            <times/>
            <apply>
              <minus/>
              <ci>k</ci>
            </apply>
            <ci>x</ci>
            <cn>0.001</cn>
          </apply>
        </math>
      </rateRule>
    </listOfRules>
  </model>
</sbml>
"#
    );
}

#[test]
fn units_come_back() {
    for unit in
        ["nmol/L/day", "mm^2", "g/cm^2", "1/(pM*h)", "U/L", "%", "kg*m^2/s^3", "mg/dL", "cells/mm^3", "mmHg", "Da"]
    {
        let draft = Draft { parameters: vec![parameter("x", 1.0, Some(unit))], ..Draft::default() };
        assert_eq!(reread(&text(draft)).parameters[0].unit, Some(Unit::parse(unit).expect("a unit")), "{unit}");
    }
}

#[test]
fn observables_and_computed_stoichiometries_become_rules() {
    let mut draft = crate::testing::read_l3(
        r#"<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
           <listOfSpecies><species id="s" compartment="c" initialAmount="1" hasOnlySubstanceUnits="true"
              boundaryCondition="false" constant="false"/></listOfSpecies>
           <listOfReactions><reaction id="r" reversible="false"><listOfReactants>
              <speciesReference species="s" stoichiometry="1" constant="true"/></listOfReactants></reaction></listOfReactions>"#,
    );
    let twice = parse_formula("2 * s").expect("a formula");
    draft.reactions[0].reactants[0].stoichiometry = Stoichiometry::Expression(twice.clone());
    draft.reactions[0].rate = Some(parse_formula("s").expect("a formula"));
    draft.observables = vec![Observable {
        id: "seen".into(),
        name: "Seen".into(),
        value: twice.clone(),
        unit: None,
        place: Place::nowhere(),
    }];
    let back = reread(&text(draft));
    assert_eq!(back.reactions[0].reactants[0].id.as_deref(), Some("r_1"));
    assert_eq!(back.reactions[0].reactants[0].stoichiometry, Stoichiometry::Variable(None));
    let rules: Vec<String> = back.rules.iter().map(|it| format!("{:?} {}", it.target(), it.value())).collect();
    assert_eq!(rules, [r#"Some("seen") 2 * s"#, r#"Some("r_1") 2 * s"#]);
}

fn reaction(id: &str) -> Reaction {
    Reaction {
        id: id.into(),
        name: String::new(),
        reversible: false,
        fast: false,
        reactants: Vec::new(),
        products: Vec::new(),
        modifiers: Vec::new(),
        rate: Some(Expression::number(1.0)),
        place: Place::new("a.xml", 3, 4),
    }
}

#[test]
fn what_sbml_cannot_say_is_an_error() {
    let draft = Draft { parameters: vec![parameter("a.b", 1.0, None)], ..Draft::default() };
    let error = write(&draft, Edition::Level3Version1).expect_err("not an identifier");
    assert_eq!(
        error.to_string(),
        "`a.b` cannot be an identifier of SBML\n  at (model built by a program)\n  hint: use letters, digits and `_`"
    );
    let draft = Draft { reactions: vec![Reaction { fast: true, ..reaction("r") }], ..Draft::default() };
    let error = write(&draft, Edition::Level3Version2).expect_err("Version 2 has no fast reactions");
    assert_eq!(
        error.to_string(),
        "reaction `r` is fast, which SBML Level 3 Version 2 does not have\n  at a.xml:3:4\n  hint: write Level 3 Version \
         1, or state the equilibrium as an algebraic rule"
    );
}

/// In Version 1 the formula of a rule becomes another.
fn check_version_1(formula: &str, expected: &str) {
    let draft = with_rule(parse_formula(formula).expect("a formula"));
    let text = write(&draft, Edition::Level3Version1).expect("it can be written");
    assert_eq!(reread(&text).rules[0].value().to_string(), expected, "{text}");
}

#[test]
fn version_1_keeps_numbers_and_truth_values_apart() {
    check_version_1("x + (y > 1)", "x + piecewise(1, y > 1, 0)");
    check_version_1("piecewise(x, y, 2, 1)", "piecewise(x, y != 0, 2, 1)");
    check_version_1(
        "piecewise(x > 1 and y, 0, x > y)",
        "piecewise(piecewise(1, x > 1 and y != 0, 0), 0, piecewise(1, x > y, 0))",
    );
    check_version_1("2 == (x < 1)", "piecewise(1, 2 == piecewise(1, x < 1, 0), 0)");
    check_version_1("piecewise(1, (x > 1) == (y > 1), 0)", "piecewise(1, (x > 1) == (y > 1), 0)");
}

#[test]
fn version_1_says_that_it_needs_newer_mathematics() {
    let text = |formula: &str| {
        let draft = with_rule(parse_formula(formula).expect("a formula"));
        write(&draft, Edition::Level3Version1).expect("it can be written")
    };
    let package = r#"xmlns:l3v2extendedmath="http://www.sbml.org/sbml/level3/version1/l3v2extendedmath/version1" l3v2extendedmath:required="true""#;
    assert!(text("min(x, y)").contains(package));
    assert!(!text("exp(x)").contains("l3v2extendedmath"));
}

#[test]
fn version_1_has_fast_reactions_and_none_of_nothing() {
    let species = r#"<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
        <listOfSpecies><species id="s" compartment="c" initialAmount="1" hasOnlySubstanceUnits="true"
          boundaryCondition="false" constant="false"/></listOfSpecies>"#;
    let mut draft = crate::testing::read_l3(species);
    let (reactants, _, _) = parse_equation("s =>").expect("an equation");
    draft.reactions = vec![Reaction { fast: true, reactants, ..reaction("quick") }, reaction("alone")];
    let back = reread(&write(&draft, Edition::Level3Version1).expect("it can be written"));
    assert_eq!(back.reactions.iter().map(|it| (&*it.id, it.fast)).collect::<Vec<_>>(), [("quick", true)]);
    assert_eq!((&*back.parameters[0].id, back.rules[0].value()), ("alone", &Expression::number(1.0)));
}

#[test]
fn functions_are_written_and_called() {
    let mut draft = with_rule(parse_formula("f(x, y) + g(x)").expect("a formula"));
    let function = |id: &str, arguments: &[&str], body: &str| FunctionDefinition {
        id: id.into(),
        arguments: arguments.iter().map(|&it| it.into()).collect(),
        body: parse_formula(body).expect("a formula"),
        place: Place::nowhere(),
    };
    draft.functions = vec![function("f", &["a", "b"], "a * b"), function("g", &["a"], "a > 1")];
    let back = reread(&write(&draft, Edition::Level3Version2).expect("it can be written"));
    assert_eq!(back.rules[0].value().to_string(), "f(x, y) + g(x)");
    assert_eq!(back.functions[0].body.to_string(), "a * b");
    let back = reread(&write(&draft, Edition::Level3Version1).expect("it can be written"));
    assert_eq!(back.rules[0].value().to_string(), "f(x, y) + piecewise(1, g(x), 0)");
    let (network, _) = draft.check(network::UnitPolicy::Warn).expect("a sound model");
    assert_eq!(network.draft().rules[0].value().to_string(), "x * y + (x > 1)");
    assert!(network.draft().functions.is_empty());
}

#[test]
fn names_may_hold_any_character() {
    let mut it = parameter("x", 1.0, None);
    it.name = "a\u{0}b\nc <µ> 'd'".to_string();
    let back = reread(&text(Draft { parameters: vec![it], ..Draft::default() }));
    assert_eq!(back.parameters[0].name, "a\u{fffd}b\nc <µ> 'd'");
}

proptest! {
    #[test]
    fn numbers_come_back_to_the_last_bit(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        let draft = Draft { parameters: vec![parameter("x", value, None)], ..Draft::default() };
        let back = reread(&text(draft)).parameters[0].value;
        prop_assert_eq!(back.map(f64::to_bits), Some(bits));
        check_expression(Expression::number(value));
    }
}
