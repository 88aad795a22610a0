use crate::testing::{expect, file};
use crate::{WriteError, read, write};
use network::{Draft, Expression, Network, Observable, Parameter, Reaction, Stoichiometry, UnitPolicy, parse_formula};
use proptest::prelude::*;
use source::Place;
use units::Unit;

fn network(draft: Draft) -> Network {
    match draft.check(UnitPolicy::Warn) {
        Ok((network, _)) => network,
        Err(findings) => panic!("{findings}"),
    }
}

fn text(draft: Draft) -> String {
    write(&network(draft)).expect("a network that can be written")
}

fn reread(text: &str) -> Draft {
    expect(read(&file(text))).0
}

fn parameter(id: &str, value: f64, unit: Option<&str>) -> Parameter {
    let unit = unit.map(|text| Unit::parse(text).expect("a unit"));
    Parameter { id: id.into(), name: id.into(), value: Some(value), unit, constant: false, place: Place::nowhere() }
}

/// An expression of the parameters x and y, written and read, is the same.
fn check_expression(expression: Expression) {
    let mut draft =
        Draft { parameters: vec![parameter("x", 1.0, None), parameter("y", 1.0, None)], ..Draft::default() };
    draft.parameters.push(parameter("z", 0.0, None));
    draft.rules = vec![network::Rule::Assignment { target: "z".into(), value: expression, place: Place::nowhere() }];
    let network = network(draft);
    let text = write(&network).expect("it can be written");
    assert_eq!(reread(&text).rules[0].value(), network.rules()[0].value(), "{text}");
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

#[test]
fn what_sbml_cannot_say_is_an_error() {
    let draft = Draft { parameters: vec![parameter("a.b", 1.0, None)], ..Draft::default() };
    let error = write(&network(draft)).expect_err("not an identifier");
    assert_eq!(error.to_string(), "`a.b` cannot be an identifier of SBML\n  hint: use letters, digits and `_`");
    let reaction = Reaction {
        id: "r".into(),
        name: String::new(),
        reversible: false,
        fast: true,
        reactants: Vec::new(),
        products: Vec::new(),
        modifiers: Vec::new(),
        rate: Some(Expression::number(1.0)),
        place: Place::nowhere(),
    };
    let error = write(&network(Draft { reactions: vec![reaction], ..Draft::default() }));
    assert_eq!(error, Err(WriteError::FastReaction("r".to_string())));
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
