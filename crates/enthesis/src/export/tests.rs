use super::*;
use engine::{CompileOptions, SolveOptions, Trajectory};
use network::{Condition, Network, SymbolIndex, UnitPolicy};
use source::SourceFile;

/// Largest difference of two runs, relative to the larger of the two numbers. Both are solved a hundred times as exactly.
const AGREEMENT: f64 = 1e-6;

fn biology() -> Biology {
    Biology::embedded().expect("the biology inside the program is checked").0
}

fn request(scenario: &str, arm: &str) -> ExportRequest {
    let scenario = Some(ScenarioChoice::Named(scenario.to_string()));
    ExportRequest { scenario, arm: Some(arm.to_string()), ..ExportRequest::default() }
}

fn network_of(text: &str) -> Network {
    let file = SourceFile { path: "exported.xml".into(), text: text.into() };
    let (draft, findings) = sbml::read(&file).expect("it is SBML");
    assert!(findings.is_empty(), "{findings}");
    let (network, findings) = draft.check(UnitPolicy::Strict).expect("it is sound, units included");
    assert!(findings.is_empty(), "{findings}");
    network
}

/// Ten times after the start, and the start. Not at days on which something is given, where the order would matter.
fn solved(network: &Network, condition: &Condition, ids: &[String], days: f64) -> Trajectory {
    let model = engine::compile(network, &CompileOptions::default()).expect("it compiles");
    let outputs: Vec<SymbolIndex> = ids.iter().map(|id| network.index_of(id).expect("it is exported")).collect();
    let times: Vec<f64> = (0..=10).map(|i| if i == 0 { 0.0 } else { days * (f64::from(i) - 0.013) / 10.0 }).collect();
    let options = SolveOptions { relative_tolerance: 1e-9, ..SolveOptions::default() };
    engine::solve(&model, condition, &times, &outputs, &options).expect("it is solved")
}

/// What was exported runs as the arm of the scenario does.
#[track_caller]
fn check_runs_the_same(request: &ExportRequest) {
    let biology = biology();
    let scenario = asked(&biology, request, &mut Diagnostics::new()).expect("it is known");
    let arm = arm(&scenario, request).expect("it is known");
    let question = Question {
        hypotheses: request.hypothesis.iter().cloned().collect(),
        ..Question::of(Scenario { arms: vec![arm], ..scenario })
    };
    let (assembly, _) = physiology::assemble(&biology.content, &question).expect("it assembles");
    let ids: Vec<String> = assembly.readouts.iter().map(|it| it.id.clone()).collect();
    let expected = solved(&assembly.network, &run(&assembly, request).condition, &ids, assembly.duration_days);

    let exported = network_of(&export(&biology, request).expect("it is exported").text);
    let found = solved(&exported, &Condition::default(), &ids, assembly.duration_days);
    for (i, id) in ids.iter().enumerate() {
        for (time, (a, b)) in expected.column(i).iter().zip(found.column(i)).enumerate() {
            let difference = (a - b).abs() / a.abs().max(b.abs()).max(1e-12);
            assert!(difference < AGREEMENT, "{id} at time {time}: {a} and, exported, {b}");
        }
    }
}

#[test]
fn values_before_the_start_and_changes_come_along() {
    check_runs_the_same(&request("bed_rest", "bed_rest_with_exercise"));
    check_runs_the_same(&request("cx43_osteocyte_knockout", "mutant"));
}

#[test]
fn doses_come_along() {
    let version_1 = ExportRequest { version_1: true, ..request("romosozumab", "romosozumab") };
    check_runs_the_same(&version_1);
}

#[test]
fn a_hypothesis_comes_along() {
    let hypothesis = Some("no_crosstalk".to_string());
    check_runs_the_same(&ExportRequest { hypothesis, ..request("resistance_training", "training") });
}

#[test]
fn at_rest_nothing_happens_and_nothing_is_beyond_plain_readers() {
    for species in ["human", "mouse"] {
        let request = ExportRequest { species: Some(species.to_string()), ..ExportRequest::default() };
        let text = export(&biology(), &request).expect("it is exported").text;
        for element in
            ["listOfEvents", "functionDefinition", "algebraicRule", "csymbol/delay", "comp:", "<max/>", "<min/>"]
        {
            assert!(!text.contains(element), "{element} in the model of the {species}");
        }
        for rate in network_of(&text).rules().iter().filter(|rule| matches!(rule, network::Rule::Rate { .. })) {
            assert!(!rate.value().to_string().contains("piecewise"), "{}", rate.value());
        }
    }
}

#[test]
fn elements_say_what_they_rest_on() {
    let text = export(&biology(), &ExportRequest::default()).expect("it is exported").text;
    let element = |id: &str| {
        let from = text.split(&format!("<parameter id=\"{id}\"")).nth(1).expect("it is a parameter");
        from.split("</parameter>").next().expect("it ends").to_string()
    };
    let pge2 = element("pge2_in_bone");
    assert!(pge2.contains("sboTerm=\"SBO:0000196\" units=\"nmol_per_L\""), "{pge2}");
    let entry = "<bqbiol:isPropertyOf><rdf:Bag><rdf:li rdf:resource=\"https://identifiers.org/CHEBI:15551\"/>";
    assert!(pge2.contains(entry), "{pge2}");
    let half_life = element("sclerostin_half_life");
    assert!(half_life.contains("sboTerm=\"SBO:0000332\"") && half_life.contains("units=\"day\""), "{half_life}");
    let paper = "<bqbiol:isDescribedBy><rdf:Bag><rdf:li rdf:resource=\"https://identifiers.org/doi:10.";
    assert!(half_life.contains(paper) && half_life.contains("plausible from 20 to 90 min"), "{half_life}");
    assert!(text.contains("https://identifiers.org/taxonomy:9606"), "the organism is missing");
}

#[track_caller]
fn check_refused(request: &ExportRequest, expected: &str) {
    let error = export(&biology(), request).expect_err("it cannot be exported");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_cannot_be_exported_is_said_with_a_way_out() {
    check_refused(
        &ExportRequest { arm: None, ..request("bed_rest", "") },
        "error: `bed_rest` has 2 arms, and a file holds one\n  at --arm\n  hint: arms of `bed_rest`: bed_rest, \
         bed_rest_with_exercise",
    );
    check_refused(
        &request("bed_rest", "bed_rst"),
        "error: `bed_rest` has no arm `bed_rst`\n  at --arm\n  hint: did you mean `bed_rest`?",
    );
    check_refused(
        &ExportRequest { species: Some("mouse".to_string()), ..request("bed_rest", "bed_rest") },
        "error: `bed_rest` happens to a human, not to a mouse\n  at --species\n  hint: leave --species out",
    );
    check_refused(
        &ExportRequest { species: Some("rat".to_string()), ..ExportRequest::default() },
        "error: there is no model of the `rat`\n  at --species\n  hint: human or mouse",
    );
}
