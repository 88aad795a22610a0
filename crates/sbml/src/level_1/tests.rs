use crate::testing::{error_text, expect, file};
use crate::{read, testing};
use network::{Draft, InitialValue, Rule, Stoichiometry};
use units::Unit;

fn level_1(version: u32, body: &str) -> source::SourceFile {
    file(&format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level1" level="1" version="{version}"><model name="m">
{body}
</model></sbml>"#
    ))
}

fn read_1(version: u32, body: &str) -> Draft {
    expect(read(&level_1(version, body))).0
}

/// A formula and how it reads in Level 3.
fn check(formula: &str, expected: &str) {
    let draft = read_1(2, &rule(formula));
    let Some(Rule::Assignment { value, .. }) = draft.rules.first() else { panic!("an assignment rule") };
    assert_eq!(value.to_string(), expected, "{formula}");
}

fn rule(formula: &str) -> String {
    format!(r#"<listOfRules><parameterRule name="x" formula="{formula}"/></listOfRules>"#)
}

#[test]
fn formulas_have_precedences_of_their_own() {
    check("a + b * c / d - e", "a + b * c / d + -e");
    check("a - b", "a - b");
    check("-x^2", "(-x)^2");
    check("a^b^c", "(a^b)^c");
    check("-(a - -b)", "-(a - -b)");
    check("2e-3 * k1*s_1", "0.002 * k1 * s_1");
    check("a / b / c", "a / b / c");
}

#[test]
fn functions_have_names_of_their_own() {
    check("log(x) + log10(y)", "ln(x) + log10(y)");
    check("sqr(x) + sqrt(pow(y, 3))", "x^2 + sqrt(y^3)");
    check("asin(ceil(x))", "arcsin(ceil(x))");
    check("uui(a, b)", "uui(a, b)");
    check("sin(time)", "sin(time)");
}

#[test]
fn a_formula_that_cannot_be_read_says_where() {
    let check = |formula: &str, message: &str, character: usize| {
        assert_eq!(
            error_text(&level_1(2, &rule(formula))),
            format!(
                "error: the formula cannot be read: {message}\n  at model.xml:2:14\n  \
                 hint: look at character {character} of `{formula}`"
            )
        );
    };
    check("a + ", "the formula ends too early", 5);
    check("a b", "`b` is not expected here", 3);
    check("(a + b", "a parenthesis is not closed", 7);
    check("a % b", "`%` is not expected here", 3);
    check("1.e.2", "`e` is not expected here", 3);
    let deep = "(".repeat(100_000);
    check(&deep, "it nests deeper than 100: split it with rules", 102);
    let long = format!("1{}", "/2".repeat(100_000));
    let text = error_text(&level_1(2, &rule(&long)));
    assert!(text.contains("nests deeper than 100"), "{}", &text[..100]);
}

#[test]
fn long_sums_do_not_nest() {
    let long = format!("a{}", " + b - c".repeat(10_000));
    let draft = read_1(2, &rule(&long));
    assert_eq!(draft.rules.len(), 1);
}

#[test]
fn version_1_with_its_words() {
    let draft = read_1(
        1,
        r#"<listOfUnitDefinitions><unitDefinition name="mmol"><listOfUnits><unit kind="mole" scale="-3"/></listOfUnits>
           </unitDefinition></listOfUnitDefinitions>
           <listOfCompartments><compartment name="cell" volume="2"/><compartment name="blood"/></listOfCompartments>
           <listOfSpecies><specie name="s" compartment="cell" initialAmount="4" units="mmol"/>
             <specie name="b" compartment="cell" initialAmount="1" boundaryCondition="true"/></listOfSpecies>
           <listOfParameters><parameter name="k" value="3"/><parameter name="p" value="0"/></listOfParameters>
           <listOfRules><specieConcentrationRule specie="b" formula="2*s"/>
             <compartmentVolumeRule compartment="blood" type="rate" formula="k"/>
             <parameterRule name="p" formula="k"/></listOfRules>
           <listOfReactions><reaction name="r" reversible="false">
             <listOfReactants><specieReference specie="s" stoichiometry="1" denominator="2"/></listOfReactants>
             <listOfProducts><specieReference specie="b"/></listOfProducts>
             <kineticLaw formula="q * s"><listOfParameters><parameter name="q" value="5"/></listOfParameters>
             </kineticLaw></reaction></listOfReactions>"#,
    );
    assert_eq!(draft.id, "m");
    assert_eq!(draft.compartments.iter().map(|it| it.size).collect::<Vec<_>>(), [Some(2.0), Some(1.0)]);
    assert_eq!(draft.compartments.iter().map(|it| it.constant).collect::<Vec<_>>(), [true, false]);
    let s = &draft.species[0];
    assert_eq!((s.initial, s.only_substance), (InitialValue::Amount(4.0), false));
    assert_eq!(s.substance_unit, Some(Unit::parse("mmol").unwrap()));
    assert!(draft.species[1].boundary);
    assert_eq!(draft.parameters.iter().map(|it| it.constant).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(draft.units.time, Some(Unit::parse("s").unwrap()));
    let targets: Vec<_> = draft.rules.iter().map(|rule| rule.target().map(|id| id.to_string())).collect();
    assert_eq!(targets, [Some("b".to_string()), Some("blood".to_string()), Some("p".to_string())]);
    assert!(matches!(draft.rules[1], Rule::Rate { .. }));
    let reaction = &draft.reactions[0];
    assert_eq!(reaction.reactants[0].stoichiometry, Stoichiometry::Constant(0.5));
    assert_eq!(reaction.products[0].stoichiometry, Stoichiometry::Constant(1.0));
    assert_eq!(reaction.rate.as_ref().unwrap().to_string(), "r_q * s");
}

#[test]
fn version_2_says_species() {
    let draft = read_1(
        2,
        r#"<listOfCompartments><compartment name="c"/></listOfCompartments>
           <listOfSpecies><species name="s" compartment="c" initialAmount="4"/></listOfSpecies>
           <listOfRules><speciesConcentrationRule species="s" type="rate" formula="-s"/></listOfRules>"#,
    );
    assert_eq!((&*draft.species[0].id, draft.rules.len()), ("s", 1));
}

#[test]
fn rules_of_an_unknown_type_and_without_a_variable_are_errors() {
    let body =
        r#"<listOfRules><parameterRule name="x" type="slow" formula="1"/><parameterRule formula="1"/></listOfRules>"#;
    assert_eq!(
        testing::error_text(&level_1(2, body)),
        "error: the type of `parameterRule` is neither `scalar` nor `rate`: `slow`\n  at model.xml:2:14\n\
         error: `parameterRule` does not say which variable it is for\n  at model.xml:2:63"
    );
}
