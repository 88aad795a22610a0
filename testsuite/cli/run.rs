//! `enthesis run`: questions, answers, and questions that cannot be answered.

use super::session::Session;

const NO_MEMBERS: [&str; 2] = ["--members", "0"];

fn bed_rest() -> super::session::Answer {
    Session::new().type_in(&["run", "bed_rest", "--members", "4"])
}

#[test]
fn the_answer_is_a_table_of_80_columns_with_intervals_and_rivals() {
    let answer = bed_rest();
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    for text in
        ["Bed rest, 60 days (human)", "BONE", "MUSCLE", "CIRCULATION", "90 % interval", "no_crosstalk", "load_only"]
    {
        assert!(answer.stdout.contains(text), "{text:?} is missing from:\n{}", answer.stdout);
    }
    assert!(answer.stdout.contains("Research use only. Not for decisions about patients."));
    assert!(answer.stdout.lines().all(|line| line.chars().count() <= 80), "{}", answer.stdout);
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let (first, second) = (Session::new(), Session::new());
    for (session, threads) in [(&first, "1"), (&second, "3")] {
        let arguments = ["run", "bed_rest", "--members", "6", "--output", "results"];
        let mut command = session.command(&arguments);
        let status = command.env("RAYON_NUM_THREADS", threads).output().expect("the program starts").status;
        assert!(status.success());
    }
    assert_eq!(first.files(), second.files());
    for name in first.files() {
        let read = |session: &Session| std::fs::read(session.folder().join(&name)).expect("it was written");
        assert!(read(&first) == read(&second), "{name} differs");
    }
}

#[test]
fn a_report_is_written_whole() {
    let session = Session::new();
    let answer = session.type_in(&["run", "bed_rest", "--members", "4", "--output", "results"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stderr.contains("Written: results/report.html"), "{}", answer.stderr);
    let files = session.files();
    for name in ["report.html", "bed_rest.csv", "bed_rest_bone.svg", "bed_rest_muscle.svg", "provenance.json"] {
        assert!(files.contains(&format!("results/{name}")), "{name} is missing from {files:?}");
    }
    assert!(files.iter().all(|name| !name.ends_with(".tmp")), "{files:?}");
    let csv = std::fs::read_to_string(session.folder().join("results/bed_rest.csv")).expect("it was written");
    assert!(csv.starts_with("time_day,arm,hypothesis,variable,value,lower,upper,unit\n0,bed_rest,reference,"));
}

#[test]
fn quiet_says_nothing_and_json_is_for_machines() {
    let answer = Session::new().type_in(&["run", "bed_rest", "--members", "0", "--json", "--quiet"]);
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
    assert!(answer.stdout.starts_with("{\n"), "{}", answer.stdout);
    assert!(answer.stdout.contains("\"hypothesis\": \"load_only\""));
}

#[test]
fn several_scenarios_and_hypotheses_are_compared() {
    let session = Session::new();
    let arguments = ["run", "bed_rest", "resistance_training", "--hypothesis", "osteocalcin_route", "--output", "both"];
    let answer = session.type_in(&[&arguments[..], &NO_MEMBERS].concat());
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains("Resistance training") && answer.stdout.contains("osteocalcin_route"));
    let page = std::fs::read_to_string(session.folder().join("both/report.html")).expect("it was written");
    assert!(page.contains("Scenarios side by side"));
}

#[test]
fn a_changed_half_life_changes_the_answer() {
    let question = ["run", "bed_rest", "--biology", "biology", "--members", "0", "--json"];
    let before = Session::with_biology().type_in(&question);
    let after = Session::with_biology()
        .edit(
            "biology/signals/sclerostin.model.toml",
            "value = { human = 39.92, mouse = 39.92 }",
            "value = { human = 80.0, mouse = 39.92 }",
        )
        .type_in(&question);
    assert_eq!((before.code, after.code), (0, 0), "{}{}", before.stderr, after.stderr);
    let level = |text: &str| {
        let object = text.split("\"variable\": \"serum_sclerostin\"").nth(1).expect("sclerostin is read out");
        let from = object.split("\"from\": ").nth(1).and_then(|rest| rest.split(',').next()).expect("a value");
        from.parse::<f64>().expect("a number")
    };
    let ratio = level(&after.stdout) / level(&before.stdout);
    assert!((ratio - 80.0 / 39.92).abs() < 1e-3, "a longer half-life means a higher level: {ratio}");
}

#[test]
fn a_setting_with_a_unit_is_converted() {
    let question = |value: &str| {
        let setting = format!("sclerostin_half_life={value}");
        Session::new().type_in(&["run", "bed_rest", "--members", "0", "--set", &setting])
    };
    let (in_minutes, in_hours) = (question("90 min"), question("1.5 h"));
    assert_eq!(in_minutes.code, 0, "{}", in_minutes.stderr);
    assert_eq!(in_minutes.stdout, in_hours.stdout);
}

#[test]
fn an_unknown_scenario_gets_a_suggestion() {
    Session::new().type_in(&["run", "bedrest"]).check(2, &["error: ", "`bedrest`", "hint: ", "bed_rest"]);
}

#[test]
fn unknown_hypotheses_links_and_parameters_are_named() {
    let session = Session::new();
    session.type_in(&["run", "bed_rest", "--hypothesis", "load_onyl"]).check(2, &["`load_onyl`", "load_only"]);
    session.type_in(&["run", "bed_rest", "--off", "il6_to_rank"]).check(2, &["`il6_to_rank`", "il6_to_rankl"]);
    session
        .type_in(&["run", "bed_rest", "--set", "sclerostin_half_lif=3 min"])
        .check(2, &["`sclerostin_half_lif`", "sclerostin_half_life"]);
}

#[test]
fn a_wrong_unit_in_a_setting_is_an_error() {
    let session = Session::new();
    session
        .type_in(&["run", "bed_rest", "--set", "sclerostin_half_life=3 nmol/L"])
        .check(2, &["error: ", "sclerostin_half_life", "nmol/L", "min"]);
    session.type_in(&["run", "bed_rest", "--set", "sclerostin_half_life=3 mni"]).check(2, &["error: ", "mni"]);
    session.type_in(&["run", "bed_rest", "--set", "sclerostin_half_life"]).check(2, &["not a setting", "hint: "]);
}

#[test]
fn a_drug_in_the_wrong_species_is_refused() {
    let scenario = r#"
[scenario]
id = "denosumab_in_mice"
name = "Denosumab in mice"
organism = "mouse"
about = "The antibody does not bind RANKL of mice."
duration = "30 day"
compare = "baseline"

[[arm]]
id = "denosumab"
name = "Denosumab"
[[arm.dose]]
drug = "denosumab"
amount = "60 mg"
at = "0 day"
"#;
    let session = Session::new().with("mice.toml", scenario);
    session.type_in(&["run", "mice.toml"]).check(2, &["error: ", "denosumab", "mouse", "mice.toml:"]);
}

#[test]
fn a_missing_scenario_file_is_named() {
    Session::new().check_error(
        &["run", "my_study.toml"],
        2,
        "error: cannot read my_study.toml\n  likely reason: there is no such file or folder\n  hint: check the spelling \
         and the folder you are in\n",
    );
}

#[test]
fn a_scenario_of_ones_own_is_run() {
    let own = r#"
[scenario]
id = "my_rest"
name = "Half a bed rest"
organism = "human"
about = "Three weeks at half the usual activity."
duration = "3 week"
compare = "baseline"

[[arm]]
id = "half"
name = "Half activity"
[[arm.change]]
from = "0 day"
set = { activity_level = "0.5" }
"#;
    let answer = Session::new().with("my_study.toml", own).type_in(&["run", "my_study.toml", "--members", "0"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains("Half a bed rest"), "{}", answer.stdout);
}

#[test]
fn a_file_in_the_way_of_the_folder_is_named_and_kept() {
    let session = Session::new().with("results", "mine");
    session
        .type_in(&["run", "bed_rest", "--members", "0", "--output", "results"])
        .check(1, &["error: cannot write results", "hint: choose another folder"]);
    assert_eq!(std::fs::read_to_string(session.folder().join("results")).expect("it is still there"), "mine");
}

#[test]
fn a_dosing_table_gives_the_arms() {
    let session = Session::new();
    let table = "ID,TIME,AMT,CMT,II,ADDL,WT\n1,0,60,denosumab,4368,1,60\n2,0,120,denosumab,.,.,80\n";
    std::fs::write(session.folder().join("doses.csv"), table).expect("a writable folder");
    let mut arguments = vec!["run", "denosumab", "--dosing", "doses.csv", "--time-unit", "h", "--output", "results"];
    arguments.extend(NO_MEMBERS);
    let answer = session.type_in(&arguments);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stderr.contains("the column `WT` is not read"), "{}", answer.stderr);
    let csv = std::fs::read_to_string(session.folder().join("results/denosumab.csv")).expect("it was written");
    assert!(csv.contains(",id_1,reference,") && csv.contains(",id_2,reference,"));
    assert!(!csv.contains(",denosumab,reference,"), "the scenario's own arm is there too");
}

#[test]
fn a_wrong_dosing_table_tells_line_and_column() {
    let session = Session::new();
    std::fs::write(session.folder().join("doses.csv"), "ID,TIME,AMT,CMT\n1,0,sixty,denosumab\n")
        .expect("a writable folder");
    let mut arguments = vec!["run", "denosumab", "--dosing", "doses.csv"];
    arguments.extend(NO_MEMBERS);
    let answer = session.type_in(&arguments);
    assert_ne!(answer.code, 0);
    assert!(answer.stderr.contains("AMT is not a number: sixty\n  at doses.csv:2:5"), "{}", answer.stderr);
}
