//! Questions asked of a small biology whose answer is known: a muscle that shrinks to its load, and one link.

use enthesis::{Biology, Error, Kind, Request, ScenarioChoice, SourceTree, explain, list, run};

const MODEL: &str = r#"
[module]
id = "small"
name = "Small"
about = "A muscle that follows its load, and a bone that follows the muscle."

[[parameter]]
id = "load"
name = "Load"
unit = "1"
value = 1.0
basis = "assumed"
range = [0.5, 1.5]

[[parameter]]
id = "muscle_turnover"
name = "Turnover of muscle"
unit = "1/h"
value = 1.0
basis = "assumed"
range = [0.8, 1.25]

[[state]]
id = "muscle_ratio"
name = "Muscle relative to reference"
unit = "1"
initial = 1.0
rate = "muscle_turnover * (load - muscle_ratio)"

[[parameter]]
id = "one"
name = "Reference muscle"
unit = "1"
value = 1.0
basis = "assumed"
range = [1.0, 1.0]

[[variable]]
id = "bone_ratio"
name = "Bone relative to reference"
unit = "1"
value = "muscle_to_bone"

[[link]]
id = "muscle_to_bone"
name = "Muscle builds bone"
direction = "muscle_to_bone"
kind = "mechanical"
from = "muscle_ratio"
reference = "one"
acts_on = "bone"
maximum = { value = 4.0, range = [2.0, 8.0] }
potency = { value = 1.0 }
basis = "assumed"
tier = "T5"
default = { human = "on", mouse = "on" }

[[readout]]
id = "muscle"
name = "Muscle"
tissue = "muscle"
value = "muscle_ratio"
unit = "1"
order = 1
main = true

[[readout]]
id = "bone"
name = "Bone"
tissue = "bone"
value = "bone_ratio"
unit = "1"
order = 2
main = true
"#;

const SCENARIO: &str = r#"
[scenario]
id = "half_load"
name = "Half the load"
organism = "human"
about = "The load halves."
duration = "10 day"
compare = "baseline"

[[arm]]
id = "half"
name = "Half"
[[arm.change]]
from = "0 day"
set = { load = "0.5" }
"#;

const RIVAL: &str = r#"
[hypothesis]
id = "no_crosstalk"
name = "No crosstalk"
about = "The link is off."
off = ["all"]
"#;

fn biology() -> Biology {
    biology_with(&[])
}

fn biology_with(more: &[(&str, &str)]) -> Biology {
    let reference = "[model]\nid = \"reference\"\nname = \"Small\"\nmodules = [\"small\"]\n";
    let files = [
        ("reference.model.toml", reference),
        ("small.model.toml", MODEL),
        ("scenarios/half_load.toml", SCENARIO),
        ("hypotheses/no_crosstalk.toml", RIVAL),
    ];
    let files = files.iter().chain(more);
    let tree: SourceTree = files.map(|(path, text)| (path.to_string(), text.to_string())).collect();
    match Biology::read(&tree, "small") {
        Ok((biology, _)) => biology,
        Err(findings) => panic!("{findings}"),
    }
}

fn half_load(members: usize) -> Request {
    Request { scenarios: vec![ScenarioChoice::Named("half_load".into())], members, seed: 1, ..Request::default() }
}

#[test]
fn muscle_halves_and_bone_follows_through_the_link() {
    let report = run(&biology(), &half_load(0), &|_, _| ()).expect("it can be answered");
    let part = &report.findings.scenarios[0];
    let change = |id: &str, hypothesis: usize| {
        let variable = part.variables.iter().position(|it| it.id == id).expect("a read-out");
        part.end_point(variable, 0, hypothesis).expect("an end point").change
    };
    assert!((change("muscle", 0) + 50.0).abs() < 1e-3);
    // 4 ^ ((0.5 - 1) / (0.5 + 1)) is 0.63.
    assert!((change("bone", 0) - (100.0 * 4f64.powf(-1.0 / 3.0) - 100.0)).abs() < 1e-3);
    assert_eq!(change("bone", 1), 0.0, "without the link nothing reaches bone");
}

#[test]
fn rivals_are_computed_without_being_asked_for() {
    let report = run(&biology(), &half_load(0), &|_, _| ()).expect("it can be answered");
    let ids: Vec<&str> = report.findings.scenarios[0].hypotheses.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["reference", "no_crosstalk"], "load_only is not in this biology");
}

#[test]
fn what_moves_the_rest_is_held_and_the_subject_is_not_varied() {
    let report = run(&biology(), &half_load(20), &|_, _| ()).expect("it can be answered");
    let part = &report.findings.scenarios[0];
    assert_eq!(part.varied, ["muscle_turnover", "muscle_to_bone_maximum"]);
    assert_eq!(part.held, ["load"]);
    let bone = part.variables.iter().position(|it| it.id == "bone").expect("a read-out");
    let interval = part.end_point(bone, 0, 0).and_then(|it| it.interval).expect("there are members");
    // The maximum lies between 2 and 8: the change between 2^(-1/3) and 8^(-1/3).
    assert!(interval.lower > -50.0 && interval.upper < 100.0 * 2f64.powf(-1.0 / 3.0) - 100.0, "{interval:?}");
    assert!(interval.lower < interval.upper);
    assert_eq!(part.end_point(bone, 0, 1).and_then(|it| it.separable), Some(true));
}

/// The file that lists turnover as fitted, with one set of values in 1/h, hardly above zero.
const ONE_SET: [(&str, &str); 2] = [
    ("measurements/calibration.toml", "human = [\"muscle_turnover\"]\n"),
    ("measurements/equally_good.toml", "[human]\nparameters = [\"muscle_turnover\"]\nsets = [[0.001]]\n"),
];

#[test]
fn members_take_joint_sets_in_the_units_of_the_files_and_what_is_set_wins() {
    let slow = MODEL.replace("range = [0.8, 1.25]", "range = [0.0005, 1.25]");
    let biology = biology_with(&[("small.model.toml", &slow), ONE_SET[0], ONE_SET[1]]);
    let muscle = |request: &Request| {
        let report = run(&biology, request, &|_, _| ()).expect("it can be answered");
        let part = &report.findings.scenarios[0];
        assert_eq!(
            (part.joint.as_slice(), part.held.as_slice()),
            (&["muscle_turnover".to_string()][..], &["load".to_string()][..])
        );
        let muscle = part.variables.iter().position(|it| it.id == "muscle").expect("a read-out");
        part.end_point(muscle, 0, 0).and_then(|it| it.interval).expect("there are members")
    };
    // 0.001 per hour for 240 hours, in every member: 50 (exp(-0.24) - 1) percent.
    let jointly = muscle(&half_load(4));
    let expected = 50.0 * ((-0.24f64).exp() - 1.0);
    assert!(
        (jointly.lower - expected).abs() < 0.05 && (jointly.upper - expected).abs() < 0.05,
        "{jointly:?} {expected}"
    );
    let set = muscle(&Request { set: vec!["muscle_turnover=1 1/h".into()], ..half_load(4) });
    assert!((set.lower + 50.0).abs() < 0.05 && (set.upper + 50.0).abs() < 0.05, "{set:?}");
}

#[test]
fn progress_counts_every_run() {
    let last = std::sync::Mutex::new((0, 0));
    let told = |done: usize, total: usize| {
        let mut last = last.lock().expect("no other thread failed");
        *last = (last.0.max(done), total);
    };
    run(&biology(), &half_load(5), &told).expect("it can be answered");
    assert_eq!(*last.lock().expect("no other thread failed"), (12, 12), "two hypotheses, the model and five members");
}

#[test]
fn a_raised_flag_stops_the_work() {
    let flag = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let request = Request { interrupt: Some(flag), ..half_load(5) };
    assert_eq!(run(&biology(), &request, &|_, _| ()).map(|_| ()), Err(Error::Interrupted));
}

#[test]
fn mistakes_in_a_question_are_told_together() {
    let request = Request {
        scenarios: vec![ScenarioChoice::Named("a".into()), ScenarioChoice::Named("b".into())],
        ..Request::default()
    };
    let Err(Error::BadInput(findings)) = run(&biology(), &request, &|_, _| ()) else { panic!("it must fail") };
    assert_eq!(findings.iter().count(), 2, "{findings}");
}

#[test]
fn a_link_is_explained_with_its_formula() {
    let explanation = explain(&biology(), "muscle_to_bone").expect("it is known");
    assert_eq!(explanation.title, "Muscle builds bone (muscle_to_bone): link");
    let lines: Vec<&String> = explanation.sections.iter().flat_map(|section| &section.lines).collect();
    assert!(lines.iter().any(|line| line.contains("r = muscle_ratio / one")), "{lines:?}");
    assert!(lines.iter().any(|line| *line == "small/small.model.toml:45:7"), "{lines:?}");
}

#[test]
fn lists_begin_with_the_id() {
    let listing = list(&biology(), Kind::Links);
    assert_eq!(listing.rows[0][..4], ["muscle_to_bone", "muscle to bone", "T5", "all"]);
    assert!(listing.json().contains("\"id\": \"muscle_to_bone\""));
}
