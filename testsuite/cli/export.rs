//! `enthesis export`: the reference model as SBML.

use super::session::Session;

#[test]
fn an_arm_of_a_scenario_runs_from_its_file_as_it_does_by_itself() {
    let session = Session::new();
    session.check_data(&["export", "resistance_training", "--output", "training.xml"], "");
    let answer = session.type_in(&["check", "training.xml"]);
    assert!(answer.code == 0 && answer.stderr.contains("0 errors"), "{}{}", answer.stdout, answer.stderr);
    let simulate =
        ["simulate", "training.xml", "--end", "168", "--steps", "1", "--variables", "muscle_mass", "--quiet"];
    let simulated = last_number(&session.type_in(&simulate).stdout);
    session.type_in(&["run", "resistance_training", "--members", "0", "--output", "results", "--quiet"]);
    let table =
        std::fs::read_to_string(session.folder().join("results/resistance_training.csv")).expect("it is written");
    let row = table.lines().find(|line| line.starts_with("168,training,reference,muscle_mass,")).expect("the last day");
    let run: f64 = row.split(',').nth(4).and_then(|cell| cell.parse().ok()).expect("a number");
    assert!((simulated / run - 1.0).abs() < 1e-4, "{simulated} by the file, {run} by the scenario");
}

fn last_number(table: &str) -> f64 {
    table.trim_end().rsplit([',', '\n']).next().and_then(|cell| cell.parse().ok()).expect("a number")
}

#[test]
fn the_model_at_rest_goes_to_stdout_in_either_edition() {
    let export =
        |form: &str| Session::new().type_in(&["export", "reference", "--species", "mouse", "--to", form]).stdout;
    assert!(
        export("l3v2").contains("level=\"3\" version=\"2\"") && export("l3v1").contains("level=\"3\" version=\"1\"")
    );
}

#[test]
fn an_arm_must_be_chosen_and_known() {
    Session::new().check_error(
        &["export", "bed_rest"],
        2,
        "error: `bed_rest` has 2 arms, and a file holds one\n  at --arm\n  hint: arms of `bed_rest`: bed_rest, \
         bed_rest_with_exercise\n",
    );
    Session::new().check_error(
        &["export", "bed_rst"],
        2,
        "error: there is no scenario `bed_rst`\n  at SCENARIO\n  hint: did you mean `bed_rest`?\n",
    );
}
