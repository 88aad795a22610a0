use crate::testing::{expect, file};
use crate::{ReadError, read};
use network::{FluxBalance, GeneAssociation, Quantity, Sense, UnitPolicy};
use source::Diagnostics;

/// A model with one reaction `uptake`, under version `version` of the package.
fn try_question(version: u32, at_reaction: &str, body: &str) -> Result<(FluxBalance, Diagnostics), ReadError> {
    let text = format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"
xmlns:f="http://www.sbml.org/sbml/level3/version1/fbc/version{version}" f:required="false"><model id="m">
<listOfCompartments><compartment id="cell" size="1" constant="true"/></listOfCompartments>
<listOfSpecies><species id="glucose" compartment="cell" initialAmount="0" hasOnlySubstanceUnits="false"
 boundaryCondition="false" constant="false" f:charge="0" f:chemicalFormula="C6H12O6"/></listOfSpecies>
<listOfParameters><parameter id="none" value="0" constant="true"/><parameter id="ten" value="10" constant="true"/>
</listOfParameters>
<listOfReactions><reaction id="uptake" reversible="false" {at_reaction}</reaction></listOfReactions>
{body}
</model></sbml>"#
    );
    read(&file(&text)).map(|(draft, _)| {
        let question = draft.flux_balance.clone().expect("the model uses fbc");
        let (_, warnings) = draft.check(UnitPolicy::Warn).expect("the model is sound");
        (question, warnings)
    })
}

fn question(version: u32, at_reaction: &str, body: &str) -> FluxBalance {
    match try_question(version, at_reaction, body) {
        Ok((question, _)) => question,
        Err(error) => panic!("{error}"),
    }
}

fn error(version: u32, body: &str) -> String {
    try_question(version, ">", body).map_or_else(|error| error.to_string(), |_| "no error".to_string())
}

const GROWTH: &str = r#"<f:listOfObjectives f:activeObjective="growth"><f:objective f:id="growth" f:type="maximize">
  <f:listOfFluxObjectives><f:fluxObjective f:reaction="uptake" f:coefficient="0.5"/></f:listOfFluxObjectives>
</f:objective></f:listOfObjectives>"#;

fn bound(operation: &str, value: &str) -> String {
    format!(r#"<f:fluxBound f:reaction="uptake" f:operation="{operation}" f:value="{value}"/>"#)
}

fn bounds(of: &[(&str, &str)]) -> String {
    let list: String = of.iter().map(|(operation, value)| bound(operation, value)).collect();
    format!("<f:listOfFluxBounds>{list}</f:listOfFluxBounds>")
}

#[test]
fn inequalities_of_version_1_become_limits_and_the_tightest_holds() {
    let limits = |of: &[(&str, &str)]| {
        let [bounds] = &question(1, ">", &bounds(of)).bounds[..] else { panic!("one reaction is bounded") };
        let number = |limit: &Option<Quantity>| match limit {
            Some(Quantity::Number(number)) => Some(*number),
            _ => None,
        };
        (number(&bounds.lower), number(&bounds.upper))
    };
    assert_eq!(limits(&[("greaterEqual", "-5"), ("lessEqual", "INF")]), (Some(-5.0), Some(f64::INFINITY)));
    assert_eq!(limits(&[("lessEqual", "7"), ("less", "3")]), (None, Some(3.0)));
    assert_eq!(limits(&[("equal", "2"), ("greater", "1")]), (Some(2.0), Some(2.0)));
    assert_eq!(
        error(1, &bounds(&[("atMost", "1")])),
        "error: the operation of a flux bound is not known: `atMost`\n  at model.xml:9:21\n  \
         hint: write `lessEqual`, `greaterEqual` or `equal`"
    );
}

#[test]
fn version_2_names_parameters_at_the_reaction_and_the_genes_it_needs() {
    let genes = r#"f:lowerFluxBound="none" f:upperFluxBound="ten"><f:geneProductAssociation><f:or>
      <f:geneProductRef f:geneProduct="a"/><f:and><f:geneProductRef f:geneProduct="b"/>
      <f:geneProductRef f:geneProduct="c"/></f:and></f:or></f:geneProductAssociation>"#;
    let products = r#"<f:listOfGeneProducts><f:geneProduct f:id="a" f:label="slc2a4" f:associatedSpecies="glucose"/>
      <f:geneProduct f:id="b" f:label="b"/><f:geneProduct f:id="c" f:label="c"/></f:listOfGeneProducts>"#;
    let question = question(2, genes, &format!("{GROWTH}{products}"));
    assert_eq!(question.bounds[0].lower, Some(Quantity::Parameter("none".into())));
    assert_eq!(question.bounds[0].upper, Some(Quantity::Parameter("ten".into())));
    let one = |id: &str| GeneAssociation::Product(id.into());
    let expected = GeneAssociation::Any(vec![one("a"), GeneAssociation::All(vec![one("b"), one("c")])]);
    assert_eq!(question.gene_associations, [("uptake".into(), expected)]);
    assert_eq!(question.gene_products[0].species.as_deref(), Some("glucose"));
    assert_eq!((question.chemistry[0].charge, question.chemistry[0].formula.as_deref()), (Some(0.0), Some("C6H12O6")));
}

#[test]
fn objectives_say_what_is_best() {
    let question = question(2, ">", GROWTH);
    let objective = question.objective().expect("there is an active objective");
    assert_eq!((objective.sense, &*objective.terms[0].variable), (Sense::Maximize, "uptake"));
    assert_eq!(objective.terms[0].coefficient, Quantity::Number(0.5));
    assert_eq!(
        error(2, &GROWTH.replace("maximize", "best")),
        "error: the type of objective `growth` is not known: `best`\n  at model.xml:9:48\n  \
         hint: write `maximize` or `minimize`"
    );
    assert_eq!(
        error(2, &GROWTH.replace(r#"f:coefficient="0.5""#, "")),
        "error: `fluxObjective` has no `coefficient`\n  at model.xml:10:27"
    );
}

#[test]
fn version_3_adds_constraints_and_what_is_quadratic_is_unsupported() {
    let constraint = |extra: &str| {
        format!(
            r#"<f:listOfUserDefinedConstraints><f:userDefinedConstraint f:id="ratio" f:lowerBound="none"
             f:upperBound="ten"><f:listOfUserDefinedConstraintComponents><f:userDefinedConstraintComponent
             f:coefficient="ten" f:variable="uptake" {extra}/></f:listOfUserDefinedConstraintComponents>
             </f:userDefinedConstraint></f:listOfUserDefinedConstraints>"#
        )
    };
    let linear = question(3, ">", &constraint(r#"f:variableType="linear""#));
    let [ratio] = &linear.constraints[..] else { panic!("there is one constraint") };
    assert_eq!((ratio.id.as_deref(), &*ratio.terms[0].variable), (Some("ratio"), "uptake"));
    assert_eq!(
        error(3, &constraint(r#"f:variableType="quadratic""#)),
        "unsupported: a quadratic term of the package `fbc`\n  at model.xml:10:74"
    );
}

#[test]
fn a_file_that_only_declares_the_package_asks_nothing() {
    let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"
      xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2" fbc:required="false"><model id="m"
      fbc:strict="false"/></sbml>"#;
    assert_eq!(expect(read(&file(text))).0.flux_balance, None);
}
