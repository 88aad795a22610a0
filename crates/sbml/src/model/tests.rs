use crate::read;
use crate::testing::{error_text, expect, file, level_2, level_3, read_l2, read_l3};
use network::InitialValue;
use units::Unit;

fn warnings(file: &source::SourceFile) -> String {
    expect(read(file)).1.to_string()
}

#[test]
fn level_2_fills_in_defaults() {
    let draft = read_l2(
        r#"<listOfCompartments><compartment id="c" size="2"/></listOfCompartments>
           <listOfSpecies><species id="s" compartment="c" initialAmount="4"/></listOfSpecies>
           <listOfParameters><parameter id="p" value="1"/></listOfParameters>"#,
    );
    let (c, s, p) = (&draft.compartments[0], &draft.species[0], &draft.parameters[0]);
    assert_eq!((c.size, c.dimensions, c.constant), (Some(2.0), 3.0, true));
    assert_eq!(c.unit, Some(Unit::parse("L").unwrap()));
    assert_eq!((s.initial, s.only_substance, s.boundary, s.constant), (InitialValue::Amount(4.0), false, false, false));
    assert_eq!(s.substance_unit, Some(Unit::parse("mol").unwrap()));
    assert_eq!((p.value, p.unit.clone(), p.constant), (Some(1.0), None, true));
    assert_eq!((s.place.line, s.place.column), (3, 27));
}

#[test]
fn level_3_takes_units_and_conversion_from_the_model() {
    let draft = read_l3(r#"<listOfParameters><parameter id="p" constant="true"/></listOfParameters>"#);
    assert_eq!(draft.units, network::ModelUnits::default());
    assert_eq!(draft.parameters[0].value, None);
    let model = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
      <model substanceUnits="item" timeUnits="second" conversionFactor="f">
        <listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
        <listOfSpecies>
          <species id="a" compartment="c" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>
          <species id="b" compartment="c" hasOnlySubstanceUnits="true" boundaryCondition="true" constant="true"
                   substanceUnits="mole" conversionFactor="g"/>
        </listOfSpecies></model></sbml>"#;
    let draft = expect(read(&file(model))).0;
    let [a, b] = &draft.species[..] else { panic!("two species") };
    assert_eq!((a.conversion_factor.as_deref(), b.conversion_factor.as_deref()), (Some("f"), Some("g")));
    assert_eq!(a.substance_unit, Some(Unit::parse("item").unwrap()));
    assert_eq!(b.substance_unit, Some(Unit::parse("mol").unwrap()));
    assert_eq!(a.initial, InitialValue::Unset);
}

#[test]
fn what_level_3_must_say_is_missed_with_a_warning() {
    assert_eq!(
        warnings(&level_3(r#"<listOfParameters><parameter id="p" value="1"/></listOfParameters>"#)),
        "warning: `parameter` has no `constant`, taken as: true\n  at model.xml:2:19\n  hint: Level 3 wants it written"
    );
}

#[test]
fn a_point_without_size_holds_amounts() {
    let body = |size: &str| {
        format!(
            r#"<listOfCompartments><compartment id="c" spatialDimensions="0" {size} constant="true"/></listOfCompartments>
               <listOfSpecies><species id="s" compartment="c" initialAmount="4" hasOnlySubstanceUnits="false"
                  boundaryCondition="false" constant="false"/></listOfSpecies>"#
        )
    };
    assert!(read_l2(&body("")).species[0].only_substance);
    assert!(read_l3(&body("")).species[0].only_substance);
    assert!(!read_l3(&body("size=\"2\"")).species[0].only_substance);
    assert_eq!(
        warnings(&level_3(&body(""))),
        "warning: compartment `c` has neither dimensions nor size\n  at model.xml:2:21\n  \
         likely reason: its species are meant as amounts, and are read so"
    );
}

#[test]
fn nan_is_worth_a_warning_unless_something_else_gives_the_value() {
    let parameter = r#"<listOfParameters><parameter id="r" value="NaN" constant="false"/></listOfParameters>"#;
    assert_eq!(
        warnings(&level_2(parameter)),
        "warning: the value of parameter `r` is NaN\n  at model.xml:2:19\n  \
         likely reason: the program that wrote the file did not know the value\n  \
         hint: write a number, or give it by an initial assignment or a rule"
    );
    let rule = r#"<listOfRules><assignmentRule variable="r"><math><cn>1</cn></math></assignmentRule></listOfRules>"#;
    assert_eq!(read_l2(&format!("{parameter}{rule}")).parameters[0].value, None);
}

#[test]
fn infinity_is_a_value_unless_a_rule_overrules_it() {
    let parameter = r#"<listOfParameters><parameter id="r" value="-INF" constant="false"/></listOfParameters>"#;
    assert_eq!(read_l2(parameter).parameters[0].value, Some(f64::NEG_INFINITY));
    let rule = r#"<listOfRules><assignmentRule variable="r"><math><cn>1</cn></math></assignmentRule></listOfRules>"#;
    assert_eq!(read_l2(&format!("{parameter}{rule}")).parameters[0].value, None);
}

#[test]
fn many_errors_come_at_once_in_the_order_of_the_text() {
    let text = error_text(&level_2(
        r#"<listOfCompartments><compartment id="2c" size="big"/></listOfCompartments>
<listOfSpecies><species id="s"/><species id="t" compartment="c" initialAmount="1" initialConcentration="2"/></listOfSpecies>
<listOfParameters><parameter id="p" value="1" constant="maybe" units="furlong"/></listOfParameters>
<listOfReaction/>
<listOfParameters><specie id="q"/></listOfParameters>"#,
    ));
    assert_eq!(
        text,
        "error: `2c` is not an identifier of SBML
  at model.xml:2:21
  hint: identifiers have letters, digits and `_`, and do not start with a digit
error: `species` has no `compartment`
  at model.xml:3:16
error: species `t` has both an initial amount and an initial concentration
  at model.xml:3:33
warning: the unit `furlong` is not defined, so units here are not checked
  at model.xml:4:19
error: `constant` is neither `true` nor `false`: `maybe`
  at model.xml:4:19
error: the element `listOfReaction` is not known here
  at model.xml:5:1
  hint: did you mean `listOfReactions`?
error: the element `specie` is not known here
  at model.xml:6:19"
    );
}

#[test]
fn constraints_are_kept_with_their_messages() {
    let draft = read_l2(
        r#"<listOfParameters><parameter id="x" value="1" constant="false"/></listOfParameters>
           <listOfConstraints><constraint><math><apply><gt/><ci>x</ci><cn>0</cn></apply></math>
             <message><p xmlns="http://www.w3.org/1999/xhtml">x is spent</p></message></constraint></listOfConstraints>"#,
    );
    assert_eq!(draft.constraints[0].condition.to_string(), "x > 0");
    let message = r#"<p xmlns="http://www.w3.org/1999/xhtml">x is spent</p>"#;
    assert_eq!(draft.constraints[0].message.as_deref(), Some(message));
    assert_eq!(draft.constraints[0].place.line, 3);
}
