//! The model against a few studies of the biology that travels with the program.

use super::*;
use crate::{Request, ScenarioChoice};

fn biology() -> Biology {
    Biology::embedded().expect("it reads").0
}

fn quietly(biology: &Biology, request: &ValidateRequest) -> Result<Validation, Error> {
    validate(biology, request, &|_, _| ())
}

fn of_study(id: &str) -> ValidateRequest {
    ValidateRequest { studies: vec![id.to_string()], seed: 1, ..ValidateRequest::default() }
}

#[test]
fn a_study_is_judged_row_by_row_and_what_is_not_modeled_is_counted() {
    let biology = biology();
    let validation = quietly(&biology, &of_study("leblanc_1990")).expect("it runs");
    let [study] = validation.studies.as_slice() else { panic!("{:?}", validation.studies) };
    assert_eq!((study.side.as_str(), study.group.as_str()), ("calibration", "disuse"));
    assert_eq!(study.rows.len(), 7);
    for row in &study.rows {
        assert_eq!(row.predicted.is_none(), row.verdict == "not modeled", "{row:?}");
        assert_eq!(row.predicted.is_none(), !row.not_modeled.is_empty(), "{row:?}");
    }
    assert_eq!(validation.models(), ["reference", "no_crosstalk", "load_only", "no change", "group mean"]);
    let [group, all] = validation.scores.as_slice() else { panic!("{:?}", validation.scores) };
    assert_eq!((group.group.as_str(), all.group.as_str()), ("disuse", "all"));
    assert_eq!((group.rows_in_all, group.models[0].rows), (7, study.modeled));
    assert_eq!(group.models[0].coverage, None, "no ensemble, no intervals");
}

/// The same run by two ways: what `validate` predicts at the end is what `run` prints.
#[test]
fn predictions_are_those_of_the_run() {
    let biology = biology();
    let validation = quietly(&biology, &of_study("greendale_2012")).expect("it runs");
    let row = validation.studies[0].rows.iter().find(|row| row.readout == "bmd_lumbar_spine" && row.from == 0.0);
    let predicted = row.and_then(|row| row.predicted).expect("a modeled row from the first day to the last");
    let request = Request { scenarios: vec![ScenarioChoice::Named("greendale_2012".into())], ..Request::default() };
    let report = crate::run(&biology, &request, &|_, _| ()).expect("it runs");
    let answers = report.answers(false);
    let row = answers[0].rows.iter().find(|row| row.id == "bmd_lumbar_spine").expect("the read-out is shown");
    assert_eq!(row.changes[0].change, format!("{} %", report::signed_number(predicted)));
}

#[test]
fn the_ensemble_gives_intervals_and_is_the_same_every_time() {
    let biology = biology();
    let request = ValidateRequest { members: 4, ..of_study("leblanc_1990") };
    let once = quietly(&biology, &request).expect("it runs");
    let again = quietly(&biology, &request).expect("it runs");
    assert_eq!(once.files(), again.files());
    let row = &once.studies[0].rows[0];
    let (low, high) = row.predicted_interval.expect("an interval");
    assert!(low < high, "{row:?}");
    assert!(once.scores[0].models[0].coverage.is_some());
    assert_eq!(once.scores[0].models[1].coverage, None, "rivals have no ensemble");
}

#[test]
fn what_is_asked_for_must_exist() {
    let biology = biology();
    let said = |request: ValidateRequest| match quietly(&biology, &request) {
        Err(Error::BadInput(findings)) => findings.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        said(of_study("leblanc_1991")),
        "error: nothing was measured in a study `leblanc_1991`\n  at --study\n  hint: did you mean `leblanc_1990`?"
    );
    assert_eq!(
        said(ValidateRequest { group: Some("ageing".into()), ..ValidateRequest::default() }),
        "error: there is no group `ageing`\n  at --group\n  hint: groups are: disuse, exercise, aging, drug, genetic, in_vitro"
    );
    let unknown = ValidateRequest { hypotheses: vec!["magic".into()], ..ValidateRequest::default() };
    assert!(
        said(unknown).starts_with("error: there is no hypothesis `magic`\n  at --hypothesis\n  hint: hypotheses are: ")
    );
}

/// The ledger says what is the case: an entry that fails without being listed, or holds and is listed as failing, is a
/// change of the model that somebody must look at.
#[test]
fn the_ledger_says_what_is_the_case() {
    let biology = biology();
    let all: Vec<&Refutation> = biology.content.refutations.iter().collect();
    let asked: Vec<Ask> = all.iter().filter_map(|it| Ask::of_refutation(it, &biology.content)).collect();
    assert_eq!(asked.len(), all.len());
    let predictor = Predictor::new(&biology.content, &asked).expect("it compiles");
    let numbers = predictor.predict(&Settings::default(), &SolveOptions::default(), &|| ()).expect("it runs");
    let results = all.iter().zip(&numbers).map(|(it, prediction)| refutation(&biology, it, prediction.number));
    let not_as_listed: Vec<String> = results
        .filter(|it| !it.as_listed())
        .map(|it| format!("{}: {} ({} %, expected {})", it.id, it.verdict(), it.predicted, it.expected))
        .collect();
    assert!(not_as_listed.is_empty(), "correct biology/refutations.toml or the model:\n{}", not_as_listed.join("\n"));
}
