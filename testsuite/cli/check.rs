//! `enthesis check`: everything that deserves a look in an SBML model, with its place.

use super::session::Session;
use super::simulate::DECAY;

fn check(model: &str) -> super::session::Answer {
    Session::new().with("model.xml", model).type_in(&["check", "model.xml"])
}

const COUNTS: &str = "1 compartments, 1 species, 1 parameters, 1 reactions, 0 rules, 0 events\n";

#[test]
fn a_sound_model_has_no_findings() {
    let answer = check(DECAY);
    assert_eq!((answer.code, answer.stdout.as_str()), (0, ""));
    assert_eq!(answer.stderr, format!("{COUNTS}no findings\n"));
}

#[test]
fn warnings_have_a_place_a_reason_and_a_next_step() {
    let answer = check(
        &DECAY.replace("<ci>s</ci>", "").replace(" constant=\"true\"/></listOfReactants>", "/></listOfReactants>"),
    );
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert_eq!(
        answer.stdout,
        "warning: the rate of `r` does not depend on what the reaction uses up\n  at model.xml:11:7\n  likely reason: its \
         reactants may then become negative\n  hint: is a factor missing?\nwarning: `speciesReference` has no `constant`, \
         taken as: true\n  at model.xml:12:26\n  hint: Level 3 wants it written\n"
    );
    assert_eq!(answer.stderr, format!("{COUNTS}0 errors, 2 warnings\n"));
}

#[test]
fn errors_are_counted_and_end_with_code_2() {
    let answer = check(&DECAY.replace("<ci>k</ci>", "<ci>kk</ci>"));
    answer.check(2, &["error: model.xml: 1 error, 0 warnings"]);
    assert_eq!(
        answer.stdout,
        "error: `kk` in kinetic law of `r` is not known\n  at model.xml:11:7\n  hint: did you mean `k`?\n"
    );
}

#[test]
fn what_is_unsupported_ends_with_code_77_and_its_place() {
    let package = r#"<sbml xmlns:new="http://www.sbml.org/sbml/level3/version1/new/version1" new:required="true" "#;
    let model = DECAY.replace("<sbml ", package).replace("<model id", "<model new:x=\"1\" id");
    let answer = check(&model);
    answer.check(77, &["error: model.xml: 1 error, 0 warnings"]);
    assert!(
        answer.stdout.starts_with("error: unsupported SBML construct: the package `new`\n  at model.xml:3:3\n"),
        "{}",
        answer.stdout
    );
}
