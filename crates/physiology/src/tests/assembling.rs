//! Questions become networks and conditions.

use super::{assembled, changes, files, quantity, question, small};
use crate::{Basis, Organism, Question, Scenario, assemble, read, single_module};
use network::{Change, Network};

/// The value of a symbol before time starts, without a condition.
fn value(network: &Network, id: &str) -> f64 {
    let index = network.index_of(id).expect("in the network");
    crate::evaluate::Start::new(network, &std::collections::BTreeMap::new()).value(index)
}

/// Equal up to rounding.
#[track_caller]
fn close(value: f64, expected: f64) {
    assert!((value / expected - 1.0).abs() < 1e-9, "{value} instead of {expected}");
}

/// The findings about the one scenario after one change to the small biology.
#[track_caller]
fn check(path: &str, old: &str, new: &str, expected: &str) {
    let (biology, _) = read(&files(path, old, new)).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(assemble(&biology, &question(&biology)).expect_err("a finding").to_string(), expected);
}

/// The finding about a question's arguments.
#[track_caller]
fn check_arguments(change: impl Fn(&mut Question), expected: &str) {
    let biology = small();
    let mut question = question(&biology);
    change(&mut question);
    assert_eq!(assemble(&biology, &question).expect_err("a finding").to_string(), expected);
}

#[test]
fn time_is_in_days_and_derived_parameters_follow() {
    let biology = small();
    let network = assembled(&biology, &question(&biology)).network;
    close(value(&network, "signal_half_life"), 40.0 / 1440.0);
    close(value(&network, "signal_clearance_rate"), 2.0_f64.ln() * 1440.0 / 40.0);
    close(value(&network, "blocker_loss"), 12.0);
    assert_eq!(value(&network, "muscle_mass_percent"), 100.0);
}

#[test]
fn links_are_one_at_the_reference_and_bounded() {
    let biology = small();
    let network = assembled(&biology, &question(&biology)).network;
    assert_eq!(value(&network, "signal_to_muscle"), 1.0);
    let link_at = |level: f64| {
        let set = [(network.index_of("signal_in_plasma").expect("there"), level)].into_iter().collect();
        let link = network.index_of("signal_to_muscle").expect("there");
        crate::evaluate::Start::new(&network, &set).value(link)
    };
    close(link_at(1e12), 0.5);
    close(link_at(0.0), 2.0);
    close(link_at(-1e-15), 2.0);
}

#[test]
fn each_organism_has_its_own_numbers_and_drugs_stay_at_zero() {
    let biology = small();
    let (mouse, _) = assemble(&biology, &Question::of(Scenario::rest(Organism::Mouse, 10.0))).expect("assembles");
    close(value(&mouse.network, "signal_half_life"), 20.0 / 1440.0);
    assert_eq!(value(&mouse.network, "blocker_depot"), 0.0);
    assert_eq!(mouse.links[0].on, [false]);
}

#[test]
fn values_return_and_doses_are_given_in_the_unit_of_the_depot() {
    let biology = small();
    let assembly = assembled(&biology, &question(&biology));
    assert_eq!(
        changes(&assembly, 0),
        ["0: load = 0.2", "1: blocker_depot + 120", "8: blocker_depot + 120", "30: load = 1"]
    );
}

#[test]
fn a_dose_follows_the_parameters_of_the_run() {
    let biology = small();
    let mut question = question(&biology);
    question.set = vec![("blocker_bioavailability".into(), quantity("0.25"))];
    assert_eq!(changes(&assembled(&biology, &question), 0)[1], "1: blocker_depot + 60");
}

#[test]
fn values_of_a_subject_hold_from_before_and_those_of_the_arm_win() {
    for (own, expected) in [("", 0.5), ("set = { blocker_bioavailability = \"0.4\" }\n", 0.4)] {
        let arm = format!("id = \"bed\"\nsubject = \"old_woman\"\n{own}");
        let (biology, _) = read(&files("scenarios/rest_in_bed.toml", "id = \"bed\"\n", &arm)).expect("reads");
        let assembly = assembled(&biology, &question(&biology));
        let share = assembly.network.index_of("blocker_bioavailability").expect("a parameter");
        let initial = &assembly.runs[0].condition.initial;
        assert_eq!(initial.iter().find(|it| it.0 == share), Some(&(share, expected)));
    }
}

#[test]
fn overlapping_changes_let_the_last_written_win() {
    let second = "[[arm.change]]\nfrom = \"10 day\"\nto = \"20 day\"\nset = { load = \"1.5\" }\n[[arm.dose]]";
    let (biology, _) = read(&files("scenarios/rest_in_bed.toml", "[[arm.dose]]", second)).expect("reads");
    let assembly = assembled(&biology, &question(&biology));
    let load: Vec<String> = changes(&assembly, 0).into_iter().filter(|text| text.contains("load")).collect();
    assert_eq!(load, ["0: load = 0.2", "10: load = 1.5", "20: load = 0.2", "30: load = 1"]);
}

#[test]
fn hypotheses_switch_links() {
    let biology = small();
    let mut question = question(&biology);
    question.hypotheses = vec!["no_crosstalk".into()];
    let assembly = assembled(&biology, &question);
    assert_eq!(assembly.runs.len(), 2);
    assert_eq!(assembly.runs[1].hypothesis.as_deref(), Some("no_crosstalk"));
    let link = &assembly.links[0];
    assert_eq!(link.on, [true, false]);
    assert!(assembly.runs[0].condition.initial.contains(&(link.switch, 1.0)));
    assert!(assembly.runs[1].condition.initial.contains(&(link.switch, 0.0)));
}

#[test]
fn settings_are_converted_and_replace_derived_formulas() {
    let biology = small();
    let mut question = question(&biology);
    question.set =
        vec![("signal_half_life".into(), quantity("2 h")), ("signal_clearance_rate".into(), quantity("1 1/h"))];
    let assembly = assembled(&biology, &question);
    let initial = &assembly.runs[0].condition.initial;
    let index = |id: &str| assembly.network.index_of(id).expect("there");
    let set = |id: &str| initial.iter().find(|(at, _)| *at == index(id)).map_or(f64::NAN, |(_, value)| *value);
    close(set("signal_half_life"), 2.0 / 24.0);
    close(set("signal_clearance_rate"), 24.0);
}

#[test]
fn a_genotype_acts_from_day_0() {
    let mouse = "[scenario]\nid = \"rest_in_bed\"\norganism = \"mouse\"\nduration = \"9 day\"\n\
                 [[arm]]\nid = \"mutant\"\ngenotype = \"no_signal\"\n";
    let (biology, _) = read(&files("scenarios/rest_in_bed.toml", super::SCENARIO, mouse)).expect("reads");
    assert_eq!(changes(&assembled(&biology, &question(&biology)), 0), ["0: signal_production = 0"]);
}

#[test]
fn what_a_report_says_about_a_number() {
    let biology = small();
    let assembly = assembled(&biology, &question(&biology));
    let half_life = assembly.provenance_of(assembly.network.index_of("signal_half_life").expect("there"));
    assert_eq!((half_life.value, half_life.unit.to_string().as_str()), (Some(40.0), "min"));
    assert_eq!(half_life.range, Some((20.0, 90.0)));
    assert_eq!(half_life.basis, Some(Basis::Measured));
    assert_eq!(half_life.sources, ["doe_2020"]);
    assert_eq!(half_life.tier.map(|tier| tier.word()), Some("T3"));
    let uncertain: Vec<&str> = assembly.uncertain.iter().map(|it| &*assembly.network.symbol(it.symbol).id).collect();
    assert_eq!(
        uncertain,
        [
            "signal_half_life",
            "signal_reference",
            "signal_production",
            "signal_to_muscle_maximum",
            "signal_to_muscle_potency",
            "muscle_turnover",
            "load",
        ]
    );
    close(assembly.uncertain[0].low, 20.0 / 1440.0);
}

#[test]
fn readouts_come_in_the_order_of_tables() {
    let biology = small();
    let assembly = assembled(&biology, &question(&biology));
    let readouts: Vec<(&str, bool)> = assembly.readouts.iter().map(|it| (it.id.as_str(), it.main)).collect();
    assert_eq!(readouts, [("muscle_mass_percent", true), ("serum_signal", false)]);
}

#[test]
fn one_network_serves_all_runs_and_is_the_same_every_time() {
    let biology = small();
    let first = assembled(&biology, &question(&biology));
    let second = assembled(&biology, &question(&biology));
    assert_eq!(first.runs, second.runs);
    assert_eq!(first.network.symbols(), second.network.symbols());
    assert!(first.runs[0].condition.changes.is_sorted_by(|a: &Change, b: &Change| a.time <= b.time));
}

#[test]
fn an_unknown_name_in_a_formula() {
    check(
        "muscle/muscle.model.toml",
        "(load *",
        "(laod *",
        "error: `laod` in rate rule of `muscle_mass` is not known\n  at muscle/muscle.model.toml:23:9\n  \
         hint: did you mean `load`?",
    );
}

#[test]
fn a_unit_that_does_not_fit() {
    check(
        "muscle/muscle.model.toml",
        "unit = \"1/day\"",
        "unit = \"1\"",
        "error: rate rule of `muscle_mass` has unit 1, expected 1/day, a factor of 1/day\n  \
         at muscle/muscle.model.toml:23:9\n  likely reason: is a rate constant missing?",
    );
}

#[test]
fn rules_that_chase_each_other() {
    let cycle = "[[variable]]\nid = \"a\"\nunit = \"1\"\nvalue = \"b\"\n\
                 [[variable]]\nid = \"b\"\nunit = \"1\"\nvalue = \"a\"\n[[state]]";
    check(
        "muscle/muscle.model.toml",
        "[[state]]",
        cycle,
        "error: `a` needs itself: a -> b -> a\n  at muscle/muscle.model.toml:22:10\n  \
         hint: break the cycle, for example by making one of them a state with a rate rule",
    );
}

#[test]
fn an_organism_without_a_value() {
    check(
        "signals/signal.model.toml",
        "value = { human = 40.0, mouse = 20.0 }",
        "value = { mouse = 20.0 }",
        "error: `signal_half_life` has no value for the human\n  at signals/signal.model.toml:12:7\n  \
         hint: add `human = ...` to its values",
    );
}

#[test]
fn a_change_that_does_nothing() {
    check(
        "scenarios/rest_in_bed.toml",
        "load = \"0.2\"",
        "signal_half_life = \"10 min\"",
        "error: changing `signal_half_life` during a run does nothing\n  at scenarios/rest_in_bed.toml:12:9\n  \
         likely reason: only derived parameters or starting values use it, and they are computed before day 0\n  \
         hint: put it into `set` of the arm, or change what is derived from it",
    );
}

#[test]
fn a_dose_without_an_amount() {
    check_arguments(
        |question| {
            question.hypotheses = vec!["no_crosstalk".into()];
            question.set = vec![("blocker_molar_mass".into(), quantity("0 mg/nmol"))];
        },
        "error: a dose of `blocker` is not a finite amount of `blocker_depot`: inf\n  \
         at scenarios/rest_in_bed.toml:15:11\n  \
         likely reason: its `dose_factor` divides by zero or uses what has no value before day 0",
    );
}

#[test]
fn a_setting_in_another_dimension() {
    check_arguments(
        |question| question.set = vec![("signal_half_life".into(), quantity("5 nmol/L"))],
        "error: `signal_half_life` is measured in min, `5 nmol/L` has another dimension\n  at --set\n  \
         hint: write for example `5 min`",
    );
}

#[test]
fn a_negative_setting() {
    check_arguments(
        |question| question.set = vec![("signal_in_plasma".into(), quantity("-5 nmol/L"))],
        "error: `signal_in_plasma` cannot be a negative concentration: -5 nmol/L\n  at --set",
    );
}

#[test]
fn an_unknown_setting_hypothesis_and_link_are_all_reported() {
    check_arguments(
        |question| {
            question.set = vec![("signal_halflife".into(), quantity("5 min"))];
            question.hypotheses = vec!["no_crostalk".into()];
            question.off = vec!["signal_to_muscles".into()];
        },
        "error: there is no hypothesis `no_crostalk`\n  at --hypothesis\n  hint: did you mean `no_crosstalk`?\n\
         error: there is no parameter `signal_halflife`\n  at --set\n  hint: did you mean `signal_half_life`?\n\
         error: there is no link `signal_to_muscles`\n  at --off\n  hint: did you mean `signal_to_muscle`?",
    );
}

#[test]
fn a_setting_that_the_arm_overrules_is_told() {
    let biology = small();
    let mut question = question(&biology);
    question.set = vec![("load".into(), quantity("0.5"))];
    let (_, warnings) = assemble(&biology, &question).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(
        warnings.to_string(),
        "warning: `--set load` holds in arm `bed` only until day 0\n  at scenarios/rest_in_bed.toml:12:9\n  \
         likely reason: the arm sets the parameter itself\n  \
         hint: copy the scenario to a file of your own and change it there",
    );
}

#[test]
fn a_link_is_switched_and_not_set() {
    check_arguments(
        |question| question.set = vec![("signal_to_muscle".into(), quantity("1"))],
        "error: the link `signal_to_muscle` cannot be set: it is computed from others\n  at --set\n  \
         hint: switch it off, or set `signal_to_muscle_maximum` or `signal_to_muscle_potency`",
    );
}

#[test]
fn a_published_model_stands_alone() {
    let mut tree = files("", "", "");
    tree.insert(
        "decay.model.toml",
        "module = { id = \"decay\", sources = [\"doe_2020\"], replica = true }\n\
         parameter = [{ id = \"k\", unit = \"1/h\", value = 0.5 }]\n\
         state = [{ id = \"x\", unit = \"pmol/L\", initial = 2, rate = \"-k * x\" }]\n",
    );
    let (network, warnings) = single_module(&tree, "decay", Organism::Human).unwrap_or_else(|f| panic!("{f}"));
    assert!(warnings.is_empty());
    assert_eq!(value(&network, "k"), 12.0);
    assert_eq!(
        single_module(&tree, "dcay", Organism::Human).expect_err("missing").to_string(),
        "error: the file is missing\n  at dcay.model.toml"
    );
}
