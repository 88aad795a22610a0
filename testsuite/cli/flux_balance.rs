//! `enthesis simulate --method fba`: the best steady rates of a model.

use super::session::Session;

/// Glucose is taken up, at most 5, and burnt for 3 units of heat each.
const BURNING: &str = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
 xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version1" fbc:required="false"><model id="burning">
 <listOfCompartments><compartment id="cell" size="1" constant="true"/></listOfCompartments>
 <listOfSpecies><species id="glucose" compartment="cell" initialAmount="0" hasOnlySubstanceUnits="false"
  boundaryCondition="false" constant="false"/></listOfSpecies>
 <listOfReactions><reaction id="uptake" reversible="false" fast="false">
  <listOfProducts><speciesReference species="glucose" stoichiometry="1" constant="true"/></listOfProducts></reaction>
 <reaction id="burning" reversible="false" fast="false">
  <listOfReactants><speciesReference species="glucose" stoichiometry="1" constant="true"/></listOfReactants></reaction>
 </listOfReactions>
 <fbc:listOfFluxBounds><fbc:fluxBound fbc:reaction="uptake" fbc:operation="lessEqual" fbc:value="5"/>
  </fbc:listOfFluxBounds>
 <fbc:listOfObjectives fbc:activeObjective="heat"><fbc:objective fbc:id="heat" fbc:type="maximize">
  <fbc:listOfFluxObjectives><fbc:fluxObjective fbc:reaction="burning" fbc:coefficient="3"/></fbc:listOfFluxObjectives>
  </fbc:objective></fbc:listOfObjectives></model></sbml>"#;

#[test]
fn best_rates_are_one_row_with_the_objective() {
    let session = Session::new().with("model.xml", BURNING);
    let expected = "uptake,burning,heat\n5,5,15\n";
    session.check_data(&["simulate", "model.xml", "--method", "fba"], expected);
    // Without times nothing else can be meant.
    session.check_data(&["simulate", "model.xml"], expected);
    session.check_data(&["simulate", "model.xml", "--method", "fba", "--variables", "heat"], "heat\n15\n");
}

#[test]
fn without_a_best_steady_state_the_row_is_nan_and_the_reason_is_told() {
    let session = Session::new().with("model.xml", &BURNING.replace("lessEqual", "greaterEqual"));
    let answer = session.type_in(&["simulate", "model.xml"]);
    assert_eq!(answer.stdout, "uptake,burning,heat\nNaN,NaN,NaN\n");
    answer.check(0, &["there is no end to objective `heat`: `uptake`, `burning` can carry ever more"]);
}

#[test]
fn a_course_in_time_needs_kinetic_laws_and_times() {
    let session = Session::new().with("model.xml", BURNING);
    session.check_error(
        &["simulate", "model.xml", "--end", "1", "--steps", "1"],
        2,
        "error: the model has an objective of flux balance and no kinetic laws, so there is no course in time\n  \
         at model.xml\n  hint: ask for its best steady rates with --method fba\n",
    );
    session.check_error(&["simulate", "model.xml", "--end", "1"], 2, "error: a course in time needs --steps\n");
}
