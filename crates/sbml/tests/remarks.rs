//! What a file says for people and databases comes through reading and writing.

use network::{Draft, Subject, Thing, UnitPolicy};
use sbml::Edition;
use source::SourceFile;

fn read(text: &str) -> (Draft, String) {
    let file = SourceFile { path: "model.xml".into(), text: text.into() };
    let (draft, warnings) = sbml::read(&file).unwrap_or_else(|error| panic!("{error}"));
    (draft, warnings.to_string())
}

fn level_3(attributes: &str, body: &str) -> String {
    format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2" {attributes}><model id="m">{body}</model></sbml>"#
    )
}

/// One parameter with something in it.
fn parameter(attributes: &str, inside: &str) -> String {
    level_3(
        attributes,
        &format!(
            r#"<listOfParameters><parameter id="x" value="1" constant="false">{inside}</parameter></listOfParameters>"#
        ),
    )
}

const EVERYWHERE: &str = r##"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"
  xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2" fbc:required="false" metaid="_sbml">
<model id="m" metaid="_m" sboTerm="SBO:0000293" fbc:strict="false">
<listOfFunctionDefinitions metaid="_fs"><functionDefinition id="f" name="half" metaid="_f" sboTerm="SBO:0000064">
  <math xmlns="http://www.w3.org/1998/Math/MathML"><lambda><bvar><ci>a</ci></bvar><apply><divide/><ci>a</ci><cn>2</cn></apply></lambda></math>
</functionDefinition></listOfFunctionDefinitions>
<listOfUnitDefinitions><unitDefinition id="per_day" name="each day" metaid="_u">
  <listOfUnits><unit kind="second" exponent="-1" scale="0" multiplier="86400"/></listOfUnits></unitDefinition></listOfUnitDefinitions>
<listOfCompartments><compartment id="c" metaid="_c" sboTerm="SBO:0000290" size="1" constant="true"/></listOfCompartments>
<listOfSpecies><species id="s" name="S" metaid="_s" compartment="c" initialAmount="1" hasOnlySubstanceUnits="true"
  boundaryCondition="false" constant="false" fbc:charge="-2" fbc:chemicalFormula="C6H12O6">
  <annotation><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:bqbiol="http://biomodels.net/biology-qualifiers/">
    <rdf:Description rdf:about="#_s"><bqbiol:is><rdf:Bag><rdf:li rdf:resource="https://identifiers.org/CHEBI:17234"/></rdf:Bag></bqbiol:is></rdf:Description>
  </rdf:RDF></annotation></species></listOfSpecies>
<listOfParameters><parameter id="x" metaid="_x" sboTerm="SBO:0000002" value="1" units="per_day" constant="false">
  <notes><p xmlns="http://www.w3.org/1999/xhtml">A <b>number</b> &lt; 2.</p></notes></parameter>
  <parameter id="y" value="1" constant="false"/><parameter id="low" value="0" constant="true"/></listOfParameters>
<listOfInitialAssignments><initialAssignment symbol="x" metaid="_ia" name="start"><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>2</cn></math></initialAssignment></listOfInitialAssignments>
<listOfRules><rateRule variable="x" metaid="_rule" id="law_of_x"><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>0</cn></math></rateRule></listOfRules>
<listOfConstraints><constraint metaid="_con" sboTerm="SBO:0000391"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><gt/><ci>x</ci><cn>0</cn></apply></math>
  <message><p xmlns="http://www.w3.org/1999/xhtml">spent</p></message></constraint></listOfConstraints>
<listOfReactions><reaction id="r" metaid="_r" reversible="false" fbc:lowerFluxBound="low" fbc:upperFluxBound="y">
  <listOfReactants metaid="_rs"><speciesReference species="s" name="used" metaid="_sr" sboTerm="SBO:0000010" stoichiometry="1" constant="true"/></listOfReactants>
  <listOfModifiers><modifierSpeciesReference id="helper" species="s" metaid="_ms"/></listOfModifiers>
  <kineticLaw metaid="_kl" sboTerm="SBO:0000049"><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>k</ci></math>
    <listOfLocalParameters><localParameter id="k" metaid="_k" value="1"><notes><p xmlns="http://www.w3.org/1999/xhtml">local</p></notes></localParameter></listOfLocalParameters></kineticLaw>
  <fbc:geneProductAssociation><fbc:or><fbc:geneProductRef fbc:geneProduct="g1"/><fbc:and><fbc:geneProductRef fbc:geneProduct="g1"/><fbc:geneProductRef fbc:geneProduct="g2"/></fbc:and></fbc:or></fbc:geneProductAssociation>
</reaction></listOfReactions>
<listOfEvents><event id="e" metaid="_e" useValuesFromTriggerTime="true">
  <trigger metaid="_t" initialValue="true" persistent="true"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><gt/><ci>x</ci><cn>3</cn></apply></math></trigger>
  <priority metaid="_p"><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>1</cn></math></priority>
  <delay metaid="_d"><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>1</cn></math></delay>
  <listOfEventAssignments><eventAssignment variable="y" metaid="_ea"><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>1</cn></math></eventAssignment></listOfEventAssignments></event></listOfEvents>
<fbc:listOfObjectives fbc:activeObjective="best"><fbc:objective fbc:id="best" metaid="_o" fbc:type="maximize">
  <fbc:listOfFluxObjectives><fbc:fluxObjective metaid="_fo" fbc:reaction="r" fbc:coefficient="1"/></fbc:listOfFluxObjectives></fbc:objective></fbc:listOfObjectives>
<fbc:listOfGeneProducts><fbc:geneProduct fbc:id="g1" metaid="_g1" fbc:label="b0001" fbc:name="thrL"/><fbc:geneProduct fbc:id="g2" fbc:label="b0002"/></fbc:listOfGeneProducts>
</model></sbml>"##;

/// Every `metaid` of the text, in order.
fn meta_ids(text: &str) -> Vec<&str> {
    let mut ids: Vec<&str> = text.split("metaid=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn every_element_keeps_what_is_said_about_it() {
    let (draft, warnings) = read(EVERYWHERE);
    assert_eq!(warnings, "");
    let written = sbml::write(&draft, Edition::Level3Version2).expect("it can be written");
    assert_eq!(meta_ids(&written), meta_ids(EVERYWHERE));
    for said in [
        r#"<functionDefinition id="f" name="half" metaid="_f" sboTerm="SBO:0000064">"#,
        r#"<unitDefinition id="per_day" name="each day" metaid="_u">"#,
        r#"<p xmlns="http://www.w3.org/1999/xhtml">A <b>number</b> &lt; 2.</p>"#,
        r#"<rateRule id="law_of_x" metaid="_rule" variable="x">"#,
        r#"<parameter id="r_k" name="k" metaid="_k" value="1" constant="true">"#,
        r#"<modifierSpeciesReference id="helper" metaid="_ms" species="s"/>"#,
        r#"<rdf:Description rdf:about="#,
        r#"<fbc:geneProduct fbc:id="g1" fbc:name="thrL" metaid="_g1" fbc:label="b0001"/>"#,
        r#"fbc:charge="-2" fbc:chemicalFormula="C6H12O6""#,
    ] {
        assert!(written.contains(said), "{said} is missing from\n{written}");
    }
    let (again, _) = read(&written);
    assert_eq!(again.remarks, draft.remarks);
    let question = |draft: &Draft| {
        let it = draft.flux_balance.clone().expect("flux balance");
        (it.gene_products, it.gene_associations, it.chemistry, it.active, it.objectives[0].terms.clone())
    };
    assert_eq!(question(&again), question(&draft));
    let (again, _) = read(&sbml::write(&draft, Edition::Level3Version1).expect("it can be written"));
    // Version 1 has no id and no name for a rule or an initial assignment.
    let without_names = |draft: &Draft| {
        let mut remarks = draft.remarks.clone();
        for subject in [Thing::Rule(0), Thing::InitialAssignment("x".into())] {
            let remark = remarks.get_mut(&Subject::from(subject)).expect("a remark");
            (remark.id, remark.name) = (None, None);
        }
        remarks
    };
    assert_eq!(again.remarks, without_names(&draft));
}

#[test]
fn nothing_is_kept_where_nothing_is_said() {
    assert!(read(&parameter("", "")).0.remarks.is_empty());
}

/// What is kept of notes and annotations.
#[track_caller]
fn check(text: &str, notes: &str, annotation: &str) {
    let (draft, _) = read(text);
    let remark = draft.remarks.get(&Thing::Parameter("x".into()).into()).cloned().unwrap_or_default();
    assert_eq!(
        (remark.notes.as_deref().unwrap_or(""), remark.annotation.as_deref().unwrap_or("")),
        (notes, annotation)
    );
    let written = sbml::write(&draft, Edition::Level3Version1).expect("it can be written");
    assert_eq!(read(&written).0.remarks, draft.remarks, "{written}");
}

#[test]
fn each_outermost_element_says_its_namespaces_itself() {
    check(
        &parameter(
            r#"xmlns:h="http://www.w3.org/1999/xhtml" xmlns:t="urn:tool""#,
            "<notes><h:p>so</h:p></notes><annotation> <t:a t:b=\"1\"><t:c/></t:a> </annotation>",
        ),
        r#"<h:p xmlns:h="http://www.w3.org/1999/xhtml">so</h:p>"#,
        r#"<t:a t:b="1" xmlns:t="urn:tool"><t:c/></t:a>"#,
    );
    // A prefix that is declared for a part only, and again outside.
    check(
        &parameter(
            r#"xmlns:t="urn:tool""#,
            r#"<annotation><a xmlns="urn:a"><t:b xmlns:t="urn:other"/><t:c/></a></annotation>"#,
        ),
        "",
        r#"<a xmlns="urn:a" xmlns:t="urn:tool"><t:b xmlns:t="urn:other"/><t:c/></a>"#,
    );
}

#[test]
fn what_older_levels_let_pass_is_mended() {
    check(
        &parameter("", "<notes>bare <p>and none</p></notes><annotation><tool a=\"&quot;&amp;\"/></annotation>"),
        "<p xmlns=\"http://www.w3.org/1999/xhtml\">bare</p>\n<p xmlns=\"http://www.w3.org/1999/xhtml\">and none</p>",
        r#"<tool a="&quot;&amp;" xmlns="urn:sbml:annotation:without-namespace"/>"#,
    );
    // One element for each namespace; a repetition says nothing.
    let twice = |second: &str| parameter("", &format!(r#"<annotation><a xmlns="urn:a"/>{second}</annotation>"#));
    check(&twice(r#"<a xmlns="urn:a"/>"#), "", r#"<a xmlns="urn:a"/>"#);
    assert_eq!(read(&twice(r#"<a xmlns="urn:a"/>"#)).1, "");
    check(&twice(r#"<b xmlns="urn:a"/>"#), "", r#"<a xmlns="urn:a"/>"#);
    let (_, warnings) = read(&twice(r#"<b xmlns="urn:a"/>"#));
    assert!(
        warnings.contains("`annotation` is left out in part: it is the second element of the namespace `urn:a`"),
        "{warnings}"
    );
}

#[test]
fn level_1_has_notes_and_annotations() {
    let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level1" level="1" version="2"><model name="m">
      <listOfParameters><parameter name="x" value="1">
        <notes><body xmlns="http://www.w3.org/1999/xhtml"><p>old</p></body></notes>
        <annotation xmlns:jd="urn:jd"><jd:display x="1"/></annotation></parameter></listOfParameters></model></sbml>"#;
    check(
        text,
        r#"<body xmlns="http://www.w3.org/1999/xhtml"><p>old</p></body>"#,
        r#"<jd:display x="1" xmlns:jd="urn:jd"/>"#,
    );
}

#[test]
fn uncertainties_come_back_in_either_edition() {
    let uncertain =
        r#"xmlns:distrib="http://www.sbml.org/sbml/level3/version1/distrib/version1" distrib:required="true""#;
    let inside = r#"<distrib:listOfUncertainties><distrib:uncertainty>
      <distrib:uncertParameter distrib:type="standardDeviation" distrib:value="0.3"/></distrib:uncertainty></distrib:listOfUncertainties>"#;
    let (draft, _) = read(&parameter(uncertain, inside));
    for edition in [Edition::Level3Version1, Edition::Level3Version2] {
        let written = sbml::write(&draft, edition).expect("it can be written");
        assert!(written.contains(r#"distrib:required="true""#), "{written}");
        assert!(written.contains(r#"distrib:value="0.3""#), "{written}");
        assert_eq!(read(&written).0.remarks, draft.remarks);
    }
}

#[test]
fn submodels_keep_their_annotations_apart() {
    let text = r##"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
      xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"><model id="m">
      <comp:listOfSubmodels><comp:submodel comp:id="a" comp:modelRef="part"/><comp:submodel comp:id="b" comp:modelRef="part"/></comp:listOfSubmodels></model>
      <comp:listOfModelDefinitions><comp:modelDefinition id="part"><listOfParameters>
        <parameter id="x" metaid="_x" value="1" constant="true"><annotation><d xmlns="urn:d" about="#_x"/></annotation></parameter>
      </listOfParameters></comp:modelDefinition></comp:listOfModelDefinitions></sbml>"##;
    let (draft, _) = read(text);
    let said: Vec<_> = draft.remarks.values().map(|it| (it.metaid.as_deref(), it.annotation.as_deref())).collect();
    assert_eq!(
        said,
        [
            (Some("a___x"), Some(r##"<d xmlns="urn:d" about="#a___x"/>"##)),
            (Some("b___x"), Some(r##"<d xmlns="urn:d" about="#b___x"/>"##)),
        ]
    );
}

#[test]
fn terms_that_are_none_are_left_out() {
    let text = parameter("", "").replace("id=\"x\"", "id=\"x\" sboTerm=\"SBO:12\"");
    let (draft, warnings) = read(&text);
    assert!(draft.remarks.is_empty());
    assert!(warnings.starts_with("warning: `sboTerm` is left out: `SBO:12` is not a term"), "{warnings}");
}

#[test]
fn limits_of_version_1_become_parameters() {
    let text = level_3(
        r#"xmlns:f="http://www.sbml.org/sbml/level3/version1/fbc/version1" f:required="false""#,
        r#"<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
        <listOfSpecies><species id="s" compartment="c" initialAmount="1" hasOnlySubstanceUnits="true" boundaryCondition="true" constant="false"/></listOfSpecies>
        <listOfReactions><reaction id="r" reversible="false"><listOfReactants><speciesReference species="s" stoichiometry="1" constant="true"/></listOfReactants></reaction></listOfReactions>
        <f:listOfFluxBounds><f:fluxBound f:reaction="r" f:operation="lessEqual" f:value="7"/></f:listOfFluxBounds>
        <f:listOfObjectives f:activeObjective="o"><f:objective f:id="o" f:type="maximize"><f:listOfFluxObjectives>
        <f:fluxObjective f:reaction="r" f:coefficient="1"/></f:listOfFluxObjectives></f:objective></f:listOfObjectives>"#,
    );
    let (draft, _) = read(&text);
    let (again, _) = read(&sbml::write(&draft, Edition::Level3Version2).expect("it can be written"));
    let question = again.flux_balance.as_ref().expect("flux balance");
    let upper = question.bounds[0].upper.as_ref().and_then(|it| it.parameter()).expect("a parameter");
    let value = again.parameters.iter().find(|it| it.id == *upper).and_then(|it| it.value);
    assert_eq!((question.bounds[0].lower.is_none(), value), (true, Some(7.0)));
    again.check(UnitPolicy::Warn).expect("a sound model");
}
