use crate::testing::expect;
use crate::{ReadError, read_with};
use network::{Draft, Rule};
use source::{Diagnostics, SourceFile, SourceTree};

const ROOT: &str = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"
 xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true">"#;

/// Reads `model.xml`: what is inside `model`, then what stands beside it; the snippets start on lines 3 and 4.
fn try_read(model: &str, definitions: &str, others: &[(&str, &str)]) -> Result<(Draft, Diagnostics), ReadError> {
    let text = format!("{ROOT}\n<model id=\"m\">{model}</model>\n{definitions}</sbml>");
    let file = SourceFile { path: "model.xml".into(), text: text.into() };
    let others = others.iter().map(|(path, text)| (path.to_string(), text.to_string()));
    read_with(&file, &others.collect::<SourceTree>())
}

fn read(model: &str, definitions: &str) -> Draft {
    expect(try_read(model, definitions, &[])).0
}

fn error(model: &str, definitions: &str) -> String {
    try_read(model, definitions, &[]).map_or_else(|error| error.to_string(), |_| "no error".to_string())
}

/// All parameters with their values, rules, events and reactions as text.
fn show(draft: &Draft) -> String {
    let mut lines = Vec::new();
    for it in &draft.compartments {
        lines.push(format!("compartment {}", it.id));
    }
    for it in &draft.species {
        let factor = it.conversion_factor.as_ref().map_or(String::new(), |factor| format!(" by {factor}"));
        lines.push(format!("{} in {}{factor}", it.id, it.compartment));
    }
    for it in &draft.parameters {
        lines.push(it.value.map_or(it.id.to_string(), |value| format!("{} = {value}", it.id)));
    }
    for it in &draft.initial_assignments {
        lines.push(format!("{}(0) = {}", it.target, it.value));
    }
    for rule in &draft.rules {
        lines.push(match rule {
            Rule::Assignment { target, value, .. } => format!("{target} = {value}"),
            Rule::Rate { target, value, .. } => format!("{target}' = {value}"),
            Rule::Algebraic { value, .. } => format!("0 = {value}"),
        });
    }
    for it in &draft.reactions {
        let species = |list: &[network::Participant]| {
            list.iter().map(|participant| participant.species.to_string()).collect::<Vec<_>>().join(" + ")
        };
        let rate = it.rate.as_ref().map_or(String::new(), ToString::to_string);
        lines.push(format!("{}: {} -> {} at {rate}", it.id, species(&it.reactants), species(&it.products)));
    }
    for it in &draft.events {
        let delay = it.delay.as_ref().map_or(String::new(), |delay| format!(" after {delay}"));
        let assigned = it.assignments.iter().map(|it| format!("{} = {}", it.target, it.value));
        lines.push(format!("{}: at {}{delay}: {}", it.id, it.trigger, assigned.collect::<Vec<_>>().join(", ")));
    }
    lines.join("\n")
}

fn check(model: &str, definitions: &str, expected: &str) {
    assert_eq!(show(&read(model, definitions)), expected);
}

/// A list of the package around its items, closed like it is opened.
fn list(name: &str, items: &str) -> String {
    format!("<comp:listOf{name}>{items}</comp:listOf{name}>")
}

fn definition(id: &str, body: &str) -> String {
    list("ModelDefinitions", &format!(r#"<comp:modelDefinition id="{id}">{body}</comp:modelDefinition>"#))
}

fn parameter(id: &str, inside: &str) -> String {
    format!(r#"<parameter id="{id}" metaid="meta_{id}" value="1" constant="false">{inside}</parameter>"#)
}

fn rule(kind: &str, variable: &str, math: &str) -> String {
    format!(r#"<{kind}Rule variable="{variable}" metaid="rule_{variable}"><math>{math}</math></{kind}Rule>"#)
}

/// Muscle mass that decays, by a kinetic law with a parameter of its own.
fn muscle() -> String {
    definition(
        "muscle",
        r#"<listOfCompartments><compartment id="fiber" size="1" constant="true"/></listOfCompartments>
           <listOfSpecies><species id="mass" compartment="fiber" initialAmount="2" hasOnlySubstanceUnits="true"
              boundaryCondition="false" constant="false"/></listOfSpecies>
           <listOfParameters><parameter id="k" value="0.1" constant="true"/></listOfParameters>
           <listOfReactions><reaction id="decay" reversible="false">
             <listOfReactants><speciesReference species="mass" stoichiometry="1" constant="true"/></listOfReactants>
             <kineticLaw><math><apply><times/><ci>k</ci><ci>n</ci><ci>mass</ci></apply></math>
               <listOfLocalParameters><localParameter id="n" value="3"/></listOfLocalParameters></kineticLaw>
           </reaction></listOfReactions>
           <comp:listOfPorts><comp:port comp:id="loss" comp:idRef="k"/></comp:listOfPorts>"#,
    )
}

const TWO_MUSCLES: &str = r#"<comp:submodel comp:id="arm" comp:modelRef="muscle"/>
    <comp:submodel comp:id="leg" comp:modelRef="muscle"/>"#;

#[test]
fn each_submodel_is_a_copy_with_names_of_its_own() {
    check(
        &list("Submodels", TWO_MUSCLES),
        &muscle(),
        "compartment arm__fiber
compartment leg__fiber
arm__mass in arm__fiber
leg__mass in leg__fiber
arm__k = 0.1
leg__k = 0.1
arm__decay_arm__n = 3
leg__decay_leg__n = 3
arm__decay: arm__mass ->  at arm__k * arm__decay_arm__n * arm__mass
leg__decay: leg__mass ->  at leg__k * leg__decay_leg__n * leg__mass",
    );
}

#[test]
fn one_element_replaces_several_through_ports_and_ids() {
    let replaced = list(
        "ReplacedElements",
        r#"<comp:replacedElement comp:submodelRef="arm" comp:portRef="loss"/>
           <comp:replacedElement comp:submodelRef="leg" comp:idRef="k" comp:conversionFactor="f"/>"#,
    );
    let model = format!(
        "<listOfParameters>{}{}</listOfParameters>{}",
        parameter("shared", &replaced),
        parameter("f", ""),
        list("Submodels", TWO_MUSCLES)
    );
    let text = show(&read(&model, &muscle()));
    assert!(text.contains("arm__decay: arm__mass ->  at shared * arm__decay_arm__n * arm__mass"), "{text}");
    assert!(text.contains("leg__decay: leg__mass ->  at shared / f * leg__decay_leg__n * leg__mass"), "{text}");
    assert!(!text.contains("arm__k = ") && !text.contains("leg__k = "), "{text}");
}

#[test]
fn an_element_of_a_submodel_can_replace_one_outside_and_takes_its_name() {
    let by = r#"<comp:replacedBy comp:submodelRef="arm" comp:idRef="k"/>"#;
    let model = format!(
        "<listOfParameters>{}{}</listOfParameters><listOfRules>{}</listOfRules>{}",
        parameter("loss_rate", by),
        parameter("twice", ""),
        rule("assignment", "twice", "<apply><times/><cn>2</cn><ci>loss_rate</ci></apply>"),
        list("Submodels", r#"<comp:submodel comp:id="arm" comp:modelRef="muscle"/>"#)
    );
    check(
        &model,
        &muscle(),
        "compartment arm__fiber
arm__mass in arm__fiber
twice = 1
loss_rate = 0.1
arm__decay_arm__n = 3
twice = 2 * loss_rate
arm__decay: arm__mass ->  at loss_rate * arm__decay_arm__n * arm__mass",
    );
}

#[test]
fn deletions_reach_into_submodels_of_submodels() {
    let inner = format!(
        "<listOfParameters>{}{}</listOfParameters><listOfRules>{}{}</listOfRules>",
        parameter("x", ""),
        parameter("y", ""),
        rule("rate", "x", "<cn>1</cn>"),
        rule("rate", "y", "<cn>2</cn>")
    );
    let outer = list("Submodels", r#"<comp:submodel comp:id="b" comp:modelRef="inner"/>"#);
    let definitions = list(
        "ModelDefinitions",
        &format!(
            r#"<comp:modelDefinition id="inner">{inner}</comp:modelDefinition>
               <comp:modelDefinition id="outer">{outer}</comp:modelDefinition>"#
        ),
    );
    let submodel = |deletion: &str| {
        list("Submodels", &format!(r#"<comp:submodel comp:id="a" comp:modelRef="outer">{deletion}</comp:submodel>"#))
    };
    let deletion =
        list("Deletions", r#"<comp:deletion comp:idRef="b"><comp:sBaseRef comp:metaIdRef="rule_x"/></comp:deletion>"#);
    check(&submodel(&deletion), &definitions, "a__b__x = 1\na__b__y = 1\na__b__y' = 2");
    check(&submodel(&list("Deletions", r#"<comp:deletion comp:idRef="b"/>"#)), &definitions, "");
}

#[test]
fn time_extent_and_their_rates_are_converted() {
    let time = r#"<csymbol definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol>"#;
    let body = format!(
        r#"<listOfParameters>{}{}{}</listOfParameters>
           <listOfRules>{}{}</listOfRules>
           <listOfReactions><reaction id="J"><kineticLaw><math><cn>5</cn></math></kineticLaw></reaction></listOfReactions>
           <listOfEvents><event id="e" useValuesFromTriggerTime="true">
             <trigger initialValue="true" persistent="true"><math><apply><gt/>{time}<cn>2</cn></apply></math></trigger>
             <delay><math><cn>3</cn></math></delay>
             <listOfEventAssignments><eventAssignment variable="x"><math><cn>4</cn></math></eventAssignment>
             </listOfEventAssignments></event></listOfEvents>"#,
        parameter("x", ""),
        parameter("y", ""),
        parameter("z", ""),
        rule("rate", "x", "<cn>1</cn>"),
        rule("assignment", "y", "<ci>J</ci>"),
    );
    let replaced = list(
        "ReplacedElements",
        r#"<comp:replacedElement comp:submodelRef="a" comp:idRef="x" comp:conversionFactor="f"/>"#,
    );
    let model = format!(
        "<listOfParameters>{}{}{}{}</listOfParameters>{}",
        parameter("X", &replaced),
        parameter("f", ""),
        parameter("s", ""),
        parameter("e", ""),
        list(
            "Submodels",
            r#"<comp:submodel comp:id="a" comp:modelRef="n" comp:timeConversionFactor="s"
                 comp:extentConversionFactor="e"/>"#
        )
    );
    let text = show(&read(&model, &definition("n", &body)));
    let expected = "X' = 1 * f / s
a__y = a__J * s / e
a__J:  ->  at 5 * e / s
a__e: at time / s > 2 after 3 * s: X = 4 * f";
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn what_a_submodel_takes_from_its_own_model_is_kept() {
    let definitions = list(
        "ModelDefinitions",
        r#"<comp:modelDefinition id="n" conversionFactor="c">
             <listOfCompartments><compartment id="v" size="1" constant="true"/></listOfCompartments>
             <listOfSpecies><species id="x" compartment="v" initialAmount="1" hasOnlySubstanceUnits="true"
                boundaryCondition="false" constant="false"/></listOfSpecies>
             <listOfParameters><parameter id="c" value="2" constant="true"/></listOfParameters>
           </comp:modelDefinition>"#,
    );
    check(
        &list("Submodels", r#"<comp:submodel comp:id="a" comp:modelRef="n"/>"#),
        &definitions,
        "compartment a__v\na__x in a__v by a__c\na__c = 2",
    );
}

#[test]
fn a_prefix_that_is_taken_grows() {
    let model = format!(
        "<listOfParameters>{}</listOfParameters>{}",
        parameter("a__x", ""),
        list("Submodels", r#"<comp:submodel comp:id="a" comp:modelRef="n"/>"#)
    );
    let body = format!("<listOfParameters>{}</listOfParameters>", parameter("x", ""));
    check(&model, &definition("n", &body), "a__x = 1\na___x = 1");
}

#[test]
fn models_come_from_other_files() {
    let other = format!(
        r#"{ROOT}<model id="main"><listOfParameters><parameter id="x" value="7" constant="true"/></listOfParameters>
           </model></sbml>"#
    );
    let external = list(
        "ExternalModelDefinitions",
        r#"<comp:externalModelDefinition comp:id="n" comp:source="parts/other.xml"/>"#,
    );
    let submodels = list("Submodels", r#"<comp:submodel comp:id="a" comp:modelRef="n"/>"#);
    let (draft, _) = expect(try_read(&submodels, &external, &[("parts/other.xml", &other)]));
    assert_eq!((&*draft.parameters[0].id, draft.parameters[0].value), ("a__x", Some(7.0)));
    assert_eq!(draft.parameters[0].place.to_string(), "parts/other.xml:2:126");
    assert_eq!(
        error(&submodels, &external),
        "error: the file with the external model is missing: parts/other.xml\n  at model.xml:4:38\n  \
         hint: put it where this file looks for it, or correct `source`"
    );
}

#[test]
fn a_model_that_contains_itself_is_an_error() {
    let itself = list("Submodels", r#"<comp:submodel comp:id="a" comp:modelRef="n"/>"#);
    assert_eq!(
        error(&itself, &definition("n", &itself)),
        "error: the model `n` contains itself\n  at model.xml:4:81\n  hint: remove one of the submodels on the way"
    );
}

#[test]
fn models_that_double_again_and_again_are_bounded() {
    let mut models = format!(
        r#"<comp:modelDefinition id="n0"><listOfParameters>{}</listOfParameters></comp:modelDefinition>"#,
        parameter("x", "")
    );
    for i in 1..60 {
        let inner = i - 1;
        let twice = format!(
            r#"<comp:submodel comp:id="a" comp:modelRef="n{inner}"/><comp:submodel comp:id="b" comp:modelRef="n{inner}"/>"#
        );
        models += &format!(r#"<comp:modelDefinition id="n{i}">{}</comp:modelDefinition>"#, list("Submodels", &twice));
    }
    let text = error(
        &list("Submodels", r#"<comp:submodel comp:id="a" comp:modelRef="n59"/>"#),
        &list("ModelDefinitions", &models),
    );
    assert!(text.starts_with("error: the submodels together have more than 1000000 elements\n"), "{text}");
}

#[test]
fn references_that_lead_nowhere_are_errors_with_the_nearest_name() {
    let submodel = |inside: &str| {
        list("Submodels", &format!(r#"<comp:submodel comp:id="arm" comp:modelRef="muscle">{inside}</comp:submodel>"#))
    };
    let deletion = |attributes: &str| submodel(&list("Deletions", &format!("<comp:deletion {attributes}/>")));
    assert_eq!(
        error(&deletion(r#"comp:portRef="los""#), &muscle()),
        "error: there is no port `los` in submodel `arm`\n  at model.xml:3:111\n  hint: did you mean `loss`?"
    );
    assert_eq!(
        error(&deletion(""), &muscle()),
        "error: `deletion` does not say which element it means\n  at model.xml:3:111\n  \
         hint: give it `idRef`, `portRef`, `metaIdRef` or `unitRef`"
    );
    assert_eq!(
        error(&list("Submodels", r#"<comp:submodel comp:id="arm" comp:modelRef="muscles"/>"#), &muscle()),
        "error: there is no model definition `muscles` in model.xml\n  at model.xml:3:37\n  hint: did you mean `muscle`?"
    );
}

/// A muscle that burns glucose as fast as it may, by the package `fbc`.
fn burning() -> String {
    definition(
        "muscle",
        r#"<listOfParameters><parameter id="most" value="5" constant="true"/></listOfParameters>
           <listOfReactions><reaction id="burning" reversible="false" fbc:upperFluxBound="most"/></listOfReactions>
           <fbc:listOfObjectives fbc:activeObjective="heat"><fbc:objective fbc:id="heat" fbc:type="maximize">
             <fbc:listOfFluxObjectives><fbc:fluxObjective fbc:reaction="burning" fbc:coefficient="0.5"/>
             </fbc:listOfFluxObjectives></fbc:objective></fbc:listOfObjectives>"#,
    )
}

fn read_fluxes(model: &str) -> Result<network::FluxBalance, ReadError> {
    let root = ROOT.replace(
        "comp:required",
        r#"xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2" fbc:required="false" comp:required"#,
    );
    let text = format!("{root}<model id=\"m\">{model}</model>{}</sbml>", burning());
    let file = SourceFile { path: "model.xml".into(), text: text.into() };
    read_with(&file, &SourceTree::new()).map(|(draft, _)| draft.flux_balance.expect("it asks for rates"))
}

#[test]
fn bounds_and_objectives_of_submodels_take_their_new_names() {
    let question = read_fluxes(&list("Submodels", TWO_MUSCLES)).expect("it is sound");
    let bounds: Vec<_> = question.bounds.iter().map(|it| (&*it.reaction, it.upper.clone())).collect();
    let most = |id: &str| Some(network::Quantity::Parameter(id.into()));
    assert_eq!(bounds, [("arm__burning", most("arm__most")), ("leg__burning", most("leg__most"))]);
    let objective = question.objective().expect("the first one is active");
    assert_eq!((&*objective.id, &*objective.terms[0].variable), ("arm__heat", "arm__burning"));
    assert_eq!(question.objectives.len(), 2);
}

#[test]
fn the_objective_of_the_outer_model_comes_first() {
    let outer = r#"<fbc:listOfObjectives fbc:activeObjective="all"><fbc:objective fbc:id="all" fbc:type="maximize"/>
      </fbc:listOfObjectives>"#;
    let question = read_fluxes(&format!("{}{outer}", list("Submodels", TWO_MUSCLES))).expect("it is sound");
    assert_eq!(question.active.as_deref(), Some("all"));
}

#[test]
fn bounds_of_a_submodel_in_other_units_are_unsupported() {
    let model = format!(
        "<listOfParameters>{}</listOfParameters>{}",
        parameter("f", ""),
        list("Submodels", r#"<comp:submodel comp:id="arm" comp:modelRef="muscle" comp:timeConversionFactor="f"/>"#)
    );
    let text = read_fluxes(&model).expect_err("units differ").to_string();
    assert!(
        text.starts_with("unsupported: bounds or objectives of rates in a submodel with conversion factors\n"),
        "{text}"
    );
}
