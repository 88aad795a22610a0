use super::*;
use source::SourceFile;

const NEWEST: &str = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">"#;

fn file(model: &str) -> Model {
    SourceFile { path: "model.xml".into(), text: format!("{NEWEST}<model id=\"m\">{model}</model></sbml>").into() }
        .into()
}

const MATH: &str = r#"<math xmlns="http://www.w3.org/1998/Math/MathML">"#;

fn growing() -> Model {
    file(&format!(
        r#"<listOfUnitDefinitions><unitDefinition id="per_second"><listOfUnits>
             <unit kind="second" exponent="-1" scale="0" multiplier="1"/></listOfUnits></unitDefinition></listOfUnitDefinitions>
           <listOfCompartments>
             <compartment id="cell" name="The cell" size="2" spatialDimensions="3" units="litre" constant="false"/></listOfCompartments>
           <listOfSpecies>
             <species id="a" name="Substrate A" compartment="cell" initialAmount="8" hasOnlySubstanceUnits="false"
               boundaryCondition="false" constant="false" substanceUnits="mole"/>
             <species id="b" compartment="cell" initialConcentration="1" hasOnlySubstanceUnits="true"
               boundaryCondition="false" constant="false" substanceUnits="mole"/></listOfSpecies>
           <listOfParameters><parameter id="k" value="0.5" units="per_second" constant="true"/>
             <parameter id="twice" constant="false"/><parameter id="k0" constant="true"/></listOfParameters>
           <listOfInitialAssignments><initialAssignment symbol="k0">{MATH}<apply><times/><cn>3</cn><ci>k</ci></apply></math>
             </initialAssignment></listOfInitialAssignments>
           <listOfRules>
             <rateRule variable="cell">{MATH}<cn>0.1</cn></math></rateRule>
             <assignmentRule variable="twice">{MATH}<apply><times/><cn>2</cn><ci>a</ci></apply></math></assignmentRule></listOfRules>
           <listOfReactions><reaction id="r" reversible="false" fast="false">
             <listOfReactants><speciesReference species="a" stoichiometry="1" constant="true"/></listOfReactants>
             <listOfProducts><speciesReference species="b" stoichiometry="2" constant="true"/></listOfProducts>
             <kineticLaw>{MATH}<apply><times/><ci>k</ci><ci>a</ci><ci>cell</ci></apply></math></kineticLaw>
           </reaction></listOfReactions>
           <listOfEvents><event id="dose" useValuesFromTriggerTime="true"><trigger initialValue="true" persistent="false">
             {MATH}<apply><gt/><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol>
             <cn>5</cn></apply></math></trigger><delay>{MATH}<cn>2</cn></math></delay>
             <listOfEventAssignments><eventAssignment variable="a">{MATH}<apply><plus/><ci>a</ci><cn>1</cn></apply></math>
             </eventAssignment></listOfEventAssignments></event></listOfEvents>"#
    ))
}

#[test]
fn equations_are_a_page_to_read() {
    let page = convert(&growing(), Target::Equations).expect("a model").text;
    assert_eq!(
        page,
        "\
# m
# Units where nothing else is said: the model states none
# In formulas a species stands for its concentration unless it says amount

## Rates of change (3)
d(cell)/dt = 0.1  # The cell
d(a)/dt    = -r / cell - a * rateOf(cell) / cell  # Substrate A; in cell
d(b)/dt    = 2 * r  # amount in cell

## Reaction rates (1)
r = k * a * cell  # a => 2 b

## Assignments (1): hold at all times, in the order of computing
twice = 2 * a

## Values at the start (4)
cell(0) = 2  [L]  # The cell
a(0)    = 8 / cell  [mol/L]  # Substrate A
b(0)    = 1 * cell  [mol]
k0(0)   = 3 * k

## Constants (1)
k = 0.5  [1/s]

## Events (1): happen when their condition turns from false to true
dose
  when      time > 5
  after     2
  computed  when the condition turns true
  unless    the condition turns false again first
  set       a = a + 1  [mol/L]
"
    );
}

#[test]
fn long_formulas_go_on_in_the_next_line() {
    let terms: String = (0..60).map(|_| "<ci>k</ci>").collect();
    let model = file(&format!(
        r#"<listOfParameters><parameter id="k" value="1" constant="true"/><parameter id="x" constant="false"/>
           </listOfParameters><listOfRules><assignmentRule variable="x">{MATH}<apply><plus/>{terms}</apply></math>
           </assignmentRule></listOfRules>"#
    ));
    let page = convert(&model, Target::Equations).expect("a model").text;
    assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
    assert_eq!(page.matches('k').count(), 61, "{page}");
}

#[test]
fn flat_writes_fast_reactions_where_they_can_be_said() {
    let text = growing().file.text.replace("fast=\"false\"", "fast=\"true\"");
    let fast = SourceFile { path: "model.xml".into(), text: text.into() }.into();
    let flat = convert(&fast, Target::Flat).expect("Version 1 has them").text;
    assert!(flat.contains("version=\"1\"") && flat.contains("fast=\"true\""), "{flat}");
    let Err(Error::Unsupported(message)) = convert(&fast, Target::Level3Version2) else { panic!("it has no words") };
    assert!(message.contains("reaction `r` is fast") && message.contains("model.xml:17:29"), "{message}");
}

#[test]
fn what_is_no_model_is_bad_input() {
    let text = SourceFile { path: "model.xml".into(), text: "hello".into() }.into();
    assert!(matches!(convert(&text, Target::Flat), Err(Error::BadInput(_))));
}
