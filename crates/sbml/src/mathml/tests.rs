use crate::testing::{error_text, level_2, read_l2};
use network::{Expression, Rule};
use source::SourceFile;

/// The MathML of a rule and the formula it must print as.
fn check(math: &str, expected: &str) {
    assert_eq!(expression(math).to_string(), expected);
}

fn expression(math: &str) -> Expression {
    match read_l2(&rule(math)).rules.remove(0) {
        Rule::Assignment { value, .. } => value,
        other => panic!("not an assignment: {other:?}"),
    }
}

fn rule(math: &str) -> String {
    format!(
        r#"<listOfRules><assignmentRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML">
{math}
</math></assignmentRule></listOfRules>"#
    )
}

/// The MathML of a rule, on line 3 of the file, and what is said about it.
fn check_error(math: &str, expected: &str) {
    assert_eq!(error_text(&level_2(&rule(math))), expected);
}

#[test]
fn numbers_of_every_type() {
    check("<cn> 0.25 </cn>", "0.25");
    check(r#"<cn type="integer">-7</cn>"#, "-7");
    check(r#"<cn type="rational">1<sep/>4</cn>"#, "0.25");
    check(r#"<cn type="e-notation">3<sep/>-1</cn>"#, "0.3");
    check("<cn>6.02e23</cn>", "6.02e23");
}

#[test]
fn constants() {
    check("<infinity/>", "inf");
    check("<notanumber/>", "nan");
    check("<true/>", "1");
    check("<false/>", "0");
    assert_eq!(expression("<pi/>"), Expression::number(std::f64::consts::PI));
    assert_eq!(expression("<exponentiale/>"), Expression::number(std::f64::consts::E));
}

#[test]
fn arithmetic_of_any_number_of_arguments() {
    check("<apply><plus/><ci>a</ci><ci>b</ci><ci>c</ci></apply>", "a + b + c");
    check("<apply><plus/><ci>a</ci></apply>", "a");
    check("<apply><plus/></apply>", "0");
    check("<apply><times/></apply>", "1");
    check("<apply><minus/><ci>a</ci></apply>", "-a");
    check("<apply><minus/><ci>a</ci><ci>b</ci></apply>", "a - b");
    check("<apply><divide/><ci>a</ci><apply><power/><ci>b</ci><cn>2</cn></apply></apply>", "a / b^2");
}

#[test]
fn roots_and_logarithms_have_a_default() {
    check("<apply><root/><ci>a</ci></apply>", "sqrt(a)");
    check("<apply><root/><degree><cn>3</cn></degree><ci>a</ci></apply>", "root(3, a)");
    check("<apply><log/><ci>a</ci></apply>", "log10(a)");
    check("<apply><log/><logbase><cn>2</cn></logbase><ci>a</ci></apply>", "log(2, a)");
    check("<apply><ln/><ci>a</ci></apply>", "ln(a)");
}

#[test]
fn a_chain_of_relations_holds_between_neighbors() {
    check("<apply><lt/><ci>a</ci><ci>b</ci></apply>", "a < b");
    check("<apply><lt/><ci>a</ci><ci>b</ci><ci>c</ci></apply>", "a < b and b < c");
    check("<apply><geq/><ci>a</ci><ci>b</ci><ci>c</ci><ci>d</ci></apply>", "a >= b and b >= c and c >= d");
}

#[test]
fn logic() {
    check("<apply><and/></apply>", "1");
    check("<apply><or/></apply>", "0");
    check("<apply><xor/><ci>a</ci><ci>b</ci></apply>", "a xor b");
    check("<apply><implies/><ci>a</ci><ci>b</ci></apply>", "implies(a, b)");
    check("<apply><not/><apply><eq/><ci>a</ci><ci>b</ci></apply></apply>", "not a == b");
}

#[test]
fn newer_functions() {
    check("<apply><max/><ci>a</ci><ci>b</ci><ci>c</ci></apply>", "max(a, b, c)");
    check("<apply><min/><ci>a</ci></apply>", "min(a)");
    check("<apply><quotient/><ci>a</ci><ci>b</ci></apply>", "quotient(a, b)");
    check("<apply><rem/><ci>a</ci><ci>b</ci></apply>", "rem(a, b)");
}

#[test]
fn pieces_nest() {
    check(
        "<piecewise>
           <piece><cn>1</cn><apply><lt/><ci>a</ci><cn>5</cn></apply></piece>
           <otherwise><piecewise><piece><ci>b</ci><true/></piece></piecewise></otherwise>
         </piecewise>",
        "piecewise(1, a < 5, piecewise(b, 1))",
    );
    check("<piecewise><otherwise><ci>a</ci></otherwise></piecewise>", "a");
}

#[test]
fn symbols_with_a_meaning() {
    let symbol =
        |what: &str| format!(r#"<csymbol definitionURL="http://www.sbml.org/sbml/symbols/{what}">t</csymbol>"#);
    check(&symbol("time"), "time");
    check(&symbol("avogadro"), "6.02214179e23 [1]");
    check(&format!("<apply>{}<ci>a</ci><cn>2</cn></apply>", symbol("delay")), "delay(a, 2)");
    check(&format!("<apply>{}<ci>a</ci></apply>", symbol("rateOf")), "rateOf(a)");
    check_error(
        &symbol("magic"),
        "error: a `csymbol` with the unknown meaning `http://www.sbml.org/sbml/symbols/magic`\n  at model.xml:3:1",
    );
    check_error(&symbol("distrib/normal"), "error: `normal` is a function: use it in an `apply`\n  at model.xml:3:1");
}

#[test]
fn draws_from_distributions() {
    let draw = |what: &str, arguments: &str| {
        format!(
            r#"<apply><csymbol definitionURL="http://www.sbml.org/sbml/symbols/distrib/{what}">x</csymbol>
               {arguments}</apply>"#
        )
    };
    let in_event = |math: &str| {
        format!(
            r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"
               xmlns:distrib="http://www.sbml.org/sbml/level3/version1/distrib/version1" distrib:required="true"><model>
               <listOfParameters><parameter id="p" value="1" constant="true">
                 <distrib:listOfUncertainties><distrib:uncertainty><distrib:uncertParameter distrib:type="mean"
                   distrib:value="1"/></distrib:uncertainty></distrib:listOfUncertainties></parameter></listOfParameters>
               <listOfInitialAssignments><initialAssignment symbol="p">
               <math xmlns="http://www.w3.org/1998/Math/MathML">{math}</math>
               </initialAssignment></listOfInitialAssignments></model></sbml>"#
        )
    };
    let read = |math: &str| crate::read(&SourceFile { path: "model.xml".into(), text: in_event(math).into() });
    let formula = |math: &str| match read(math) {
        Ok((draft, _)) => draft.initial_assignments[0].value.to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(formula(&draw("normal", "<ci>p</ci><cn>2</cn>")), "normal(p, 2)");
    assert_eq!(formula(&draw("laplace", "<cn>2</cn>")), "laplace(2)");
    let bounded = draw("poisson", "<cn>2</cn><apply><minus/><infinity/></apply><cn>4</cn>");
    assert_eq!(formula(&bounded), "poisson(2, -(inf), 4)");
    let found = formula(&draw("chisquare", "<cn>2</cn><cn>2</cn>"));
    assert!(found.starts_with("error: `chisquare` takes 1 or 3 arguments, not 2\n  at model.xml:"), "{found}");
    let found = formula(&draw("zipf", "<cn>2</cn>"));
    assert!(found.starts_with("error: `zipf` is not a distribution of SBML\n  at model.xml:"), "{found}");

    // Written and read again, it is the same.
    let (draft, _) = read(&bounded).expect("the model is read");
    let text = crate::write(&draft, crate::Edition::Level3Version2).expect("the model is written");
    assert!(text.contains(r#"distrib:required="true""#), "{text}");
    let again = crate::read(&SourceFile { path: "model.xml".into(), text: text.into() }).expect("it is read again").0;
    assert_eq!(again.initial_assignments[0].value, draft.initial_assignments[0].value);
}

#[test]
fn annotations_around_mathematics_are_passed_over() {
    check(
        r#"<semantics><apply><plus/><ci>a</ci><semantics><ci>b</ci></semantics></apply>
           <annotation-xml encoding="any"><anything/></annotation-xml></semantics>"#,
        "a + b",
    );
}

#[test]
fn functions_of_the_model_are_called_by_name() {
    check("<apply><ci>hill</ci><ci>a</ci><cn>2</cn></apply>", "hill(a, 2)");
    let draft = read_l2(
        r#"<listOfFunctionDefinitions><functionDefinition id="hill"><math xmlns="http://www.w3.org/1998/Math/MathML">
             <lambda><bvar><ci>x</ci></bvar><bvar><ci>n</ci></bvar>
               <apply><power/><ci>x</ci><ci>n</ci></apply></lambda>
           </math></functionDefinition></listOfFunctionDefinitions>"#,
    );
    let hill = &draft.functions[0];
    assert_eq!((&*hill.arguments[0], &*hill.arguments[1], hill.body.to_string().as_str()), ("x", "n", "x^n"));
}

#[test]
fn errors_name_the_element() {
    check_error("<apply><divide/><ci>a</ci></apply>", "error: `divide` takes two arguments, not 1\n  at model.xml:3:8");
    check_error("<apply><diff/><ci>a</ci></apply>", "error: `diff` is not an operator of SBML\n  at model.xml:3:8");
    check_error("<vector/>", "error: `vector` is not part of the mathematics of SBML\n  at model.xml:3:1");
    check_error(
        "<cn>NaN</cn>",
        "error: this is not a number of type real: `NaN`\n  at model.xml:3:1\n  hint: write `<notanumber/>` if it is meant",
    );
    check_error("<cn>1,5</cn>", "error: this is not a number of type real: `1,5`\n  at model.xml:3:1");
    check_error(
        "<ci>a b</ci>",
        "error: `a b` is not an identifier of SBML\n  at model.xml:3:1\n  \
         hint: identifiers have letters, digits and `_`, and do not start with a digit",
    );
    check_error("", "error: `assignmentRule` has no mathematics\n  at model.xml:2:14");
}

#[test]
fn nested_chains_of_relations_cannot_grow_without_bound() {
    let mut math = "<ci>a</ci>".to_string();
    for _ in 0..60 {
        math = format!("<apply><lt/><ci>a</ci>{math}<ci>a</ci></apply>");
    }
    let text = error_text(&level_2(&rule(&math)));
    assert!(text.starts_with("error: relations of three or more arguments nest too deeply"), "{text}");
}
