//! Every finding names its place and what to do next.

use super::{FILES, files, small};
use crate::{Entry, Organism, read, read_scenario};
use source::{Place, SourceFile};

const SIGNAL: &str = "signals/signal.model.toml";
const MUSCLE: &str = "muscle/muscle.model.toml";
const SCENARIO: &str = "scenarios/rest_in_bed.toml";

/// The findings after one change to the small biology.
#[track_caller]
fn check(path: &str, old: &str, new: &str, expected: &str) {
    let findings = match read(&files(path, old, new)) {
        Ok((_, warnings)) => warnings,
        Err(findings) => findings,
    };
    assert_eq!(findings.to_string(), expected);
}

#[test]
fn a_biology_is_read_as_written() {
    let biology = small();
    let Some((module, Entry::Parameter(half_life))) = biology.entry("signal_half_life") else { panic!() };
    assert_eq!(module.stem, "signals/signal");
    assert_eq!(half_life.name, "Half-life of the signal in plasma");
    assert_eq!(half_life.unit.to_string(), "min");
    assert_eq!(half_life.range.get(Organism::Mouse), Some(&(10.0, 40.0)));
    assert_eq!(half_life.origin.place.to_string(), "signals/signal.model.toml:12:7");
    assert_eq!(biology.molecule("signal").expect("there").1.main_quantity.value, "signal_in_plasma");
    assert_eq!(
        biology.uses_of("signal_in_plasma"),
        [
            ("signal_in_plasma", "signal_clearance_rate * (signal_production * signal_reference - signal_in_plasma)"),
            ("serum_signal", "signal_in_plasma"),
            ("signal_to_muscle", "signal_in_plasma"),
        ]
    );
}

#[test]
fn equations_read_as_equations() {
    let biology = small();
    let (_, entry) = biology.entry("signal_in_plasma").expect("there");
    assert_eq!(
        entry.equations(),
        [
            "d signal_in_plasma/dt = signal_clearance_rate * (signal_production * signal_reference - signal_in_plasma)",
            "signal_in_plasma at the start = signal_reference",
        ]
    );
}

#[test]
fn an_unknown_key() {
    check(
        SIGNAL,
        "basis = \"measured\"",
        "basis = \"measured\"\nsourcse = []",
        "error: parameter `signal_half_life` has an unknown key: `sourcse`\n  at signals/signal.model.toml:18:1\n  \
         hint: did you mean `sources`?",
    );
}

#[test]
fn an_unknown_word() {
    check(
        SIGNAL,
        "\"endocrine\"",
        "\"endocrin\"",
        "error: `kind` of link `signal_to_muscle` is unknown: endocrin\n  at signals/signal.model.toml:52:9\n  \
         hint: did you mean `endocrine`?",
    );
}

#[test]
fn a_broken_formula_names_the_character() {
    check(
        MUSCLE,
        "muscle_turnover * (load",
        "muscle_turnover * * (load",
        "error: `rate` of state `muscle_mass` is not a formula: a value is expected here, not `*`\n  \
         at muscle/muscle.model.toml:23:27",
    );
}

#[test]
fn a_unit_that_is_none() {
    check(
        SIGNAL,
        "unit = \"min\"",
        "unit = \"mim\"",
        "error: `unit` of parameter `signal_half_life`: `mim` is not a known unit\n  \
         at signals/signal.model.toml:14:9\n  hint: did you mean min?",
    );
}

#[test]
fn a_range_without_its_value() {
    check(
        SIGNAL,
        "human = 40.0",
        "human = 4.0",
        "error: the range of parameter `signal_half_life` does not contain its value for human: 4\n  \
         at signals/signal.model.toml:12:7\n  likely reason: the range is 20 to 90\n  \
         hint: correct the value or widen the range",
    );
}

#[test]
fn a_measured_number_owes_its_source() {
    check(
        "drugs/blocker.toml",
        "value = 0.5\nbasis = \"measured\"\nsources = [\"doe_2020\"]",
        "value = 0.5\nbasis = \"measured\"",
        "error: parameter `blocker_loss` is measured, but has no source\n  at drugs/blocker.toml:25:7\n  \
         hint: add `sources` or `evidence`, or call it assumed",
    );
}

#[test]
fn an_assumed_number_owes_its_range() {
    check(
        MUSCLE,
        "range = [0.005, 0.02]\n",
        "",
        "error: parameter `muscle_turnover` is assumed, but has no range\n  at muscle/muscle.model.toml:6:7\n  \
         hint: add `range = [low, high]`, the plausible interval",
    );
}

#[test]
fn nan_is_no_value() {
    check(
        MUSCLE,
        "initial = 1.0",
        "initial = nan",
        "error: `initial` of state `muscle_mass` is not a finite number: NaN\n  at muscle/muscle.model.toml:22:11\n  \
         hint: write a number, or leave the key out",
    );
}

#[test]
fn a_negative_concentration() {
    check(
        SIGNAL,
        "initial = \"signal_reference\"",
        "initial = -1.0",
        "error: state `signal_in_plasma` starts with a negative concentration for human: -1 nmol/L\n  \
         at signals/signal.model.toml:42:7\n  hint: amounts and concentrations are 0 or more",
    );
}

#[test]
fn two_definitions_of_one_id() {
    check(
        MUSCLE,
        "id = \"load\"",
        "id = \"signal_production\"",
        "error: id `signal_production` is defined twice\n  at muscle/muscle.model.toml:13:7\n  \
         likely reason: it is also defined at signals/signal.model.toml:29:7\n  \
         hint: give one of them another id, or remove one\n\
         error: there is no parameter `load`\n  at scenarios/rest_in_bed.toml:12:9\n  \
         hint: look it up in the list of every parameter, 19 in all",
    );
}

#[test]
fn a_missing_reference() {
    check(
        SIGNAL,
        "basis = \"measured\"\nsources = [\"doe_2020\"]",
        "basis = \"measured\"\nsources = [\"do_2020\"]",
        "error: `signal_half_life` cites an unknown reference: `do_2020`\n  at signals/signal.model.toml:18:13\n  \
         hint: did you mean `doe_2020`?",
    );
}

#[test]
fn a_missing_statement() {
    check(
        SIGNAL,
        "evidence = [\"signal_lowers_muscle\"]",
        "evidence = [\"signal_lowers_muscles\"]",
        "error: `signal_half_life` cites an unknown statement: `signal_lowers_muscles`\n  \
         at signals/signal.model.toml:19:14\n  hint: did you mean `signal_lowers_muscle`?",
    );
}

#[test]
fn a_link_is_never_zero() {
    check(
        SIGNAL,
        "maximum = { value = 0.5, range = [0.4, 1.0] }",
        "maximum = { value = 0.0, range = [0.0, 1.0] }",
        "error: `maximum` of link `signal_to_muscle` is not positive: 0\n  at signals/signal.model.toml:56:11\n  \
         likely reason: a link is a bounded multiplier\n  hint: write a number above 0; 1 has no effect",
    );
}

#[test]
fn one_broken_file_does_not_hide_the_others() {
    let mut tree = files(MUSCLE, "basis = \"assumed\"", "basis = \"gues\"");
    tree.insert(SIGNAL, "[module\n");
    let findings = read(&tree).expect_err("two broken files").to_string();
    assert!(findings.contains("at muscle/muscle.model.toml:10:10"), "{findings}");
    assert!(findings.contains("the file is not valid TOML"), "{findings}");
    assert!(findings.contains("at signals/signal.model.toml:1:8"), "{findings}");
}

#[test]
fn a_part_that_is_not_there() {
    check(
        "reference.model.toml",
        "muscle/muscle",
        "muscle/muscel",
        "error: there is no model file `muscle/muscel`\n  at reference.model.toml:3:31\n  \
         hint: did you mean `muscle/muscle`?\n\
         warning: the file is not part of the reference model\n  at muscle/muscle.model.toml\n  \
         hint: add \"muscle/muscle\" to `modules` of reference.model.toml",
    );
}

#[test]
fn a_formula_nested_without_end() {
    let deep = format!("{}load{}", "(".repeat(100_000), ")".repeat(100_000));
    let findings =
        read(&files(MUSCLE, "load * signal_to_muscle - muscle_mass", &deep)).expect_err("too deep").to_string();
    assert!(findings.contains("`rate` of state `muscle_mass` is not a formula"), "{findings}");
}

#[test]
fn a_folder_that_is_no_biology() {
    let mut tree = source::SourceTree::new();
    tree.insert("notes.toml", "a = 1\n");
    assert_eq!(
        read(&tree).expect_err("nothing there").to_string(),
        "warning: the file was not read: its name says no known kind\n  at notes.toml\n  \
         hint: models are called `*.model.toml`, evidence `*.evidence.toml`; the rest lies in drugs, subjects, genotypes, \
         hypotheses, scenarios, studies or measurements\n\
         error: the file is missing\n  at reference.model.toml\n  \
         likely reason: it says which parts make up the reference model\n  \
         hint: is this the folder that holds bone, muscle and signals?"
    );
}

#[test]
fn a_drug_in_the_wrong_species() {
    check(
        SCENARIO,
        "organism = \"human\"",
        "organism = \"mouse\"",
        "error: drug `blocker` is not made for the mouse\n  at scenarios/rest_in_bed.toml:14:9\n  \
         likely reason: its model holds for: human\n  \
         hint: there are no drugs for the mouse; change `organism` of the scenario",
    );
}

#[test]
fn a_genotype_in_the_wrong_species() {
    check(
        SCENARIO,
        "id = \"bed\"",
        "id = \"bed\"\ngenotype = \"no_signal\"",
        "error: genotype `no_signal` is not known in the human\n  at scenarios/rest_in_bed.toml:9:13\n  \
         likely reason: it was described in: mouse\n  \
         hint: there are no genotypes for the human; change `organism` of the scenario",
    );
}

#[test]
fn a_subject_that_is_not_known() {
    check(
        SCENARIO,
        "id = \"bed\"",
        "id = \"bed\"\nsubject = \"old_womn\"",
        "error: there is no subject `old_womn`\n  at scenarios/rest_in_bed.toml:9:12\n  hint: did you mean `old_woman`?",
    );
}

#[test]
fn a_subject_of_another_species() {
    let mut tree = files("subjects/old_woman.toml", "\"human\"", "\"mouse\"");
    tree.insert(
        "scenarios/rest_in_bed.toml",
        &FILES[8].1.replace("id = \"bed\"", "id = \"bed\"\nsubject = \"old_woman\""),
    );
    assert_eq!(
        read(&tree).expect_err("a mouse").to_string(),
        "error: subject `old_woman` is no human\n  at scenarios/rest_in_bed.toml:9:12\n  \
         likely reason: its values are those of a mouse\n  \
         hint: there are no subjects for the human; change `organism` of the scenario"
    );
}

#[test]
fn a_dose_in_another_dimension() {
    check(
        SCENARIO,
        "60 mg",
        "60 mL",
        "error: doses of `blocker` are measured in mg, `60 mL` has another dimension\n  \
         at scenarios/rest_in_bed.toml:15:11\n  hint: write for example \"60 mg\"",
    );
}

#[test]
fn a_change_that_runs_backward() {
    check(
        SCENARIO,
        "to = \"30 day\"",
        "to = \"-1 day\"",
        "error: change of arm `bed` does not run forward: from day 0 to day -1\n  at scenarios/rest_in_bed.toml:9:1\n  \
         hint: `from` is 0 day or later, and `to` is after `from`",
    );
}

#[test]
fn a_duration_that_is_no_time() {
    check(
        SCENARIO,
        "60 day",
        "60 kg",
        "error: `duration` of scenario `rest_in_bed` is not a time: 60 kg\n  at scenarios/rest_in_bed.toml:5:13\n  \
         hint: write for example \"60 day\"",
    );
}

#[test]
fn a_hypothesis_about_an_unknown_direction() {
    check(
        "hypotheses/no_crosstalk.toml",
        "direction:bone_to_muscle",
        "direction:bone_to_liver",
        "error: there is no direction `bone_to_liver`\n  at hypotheses/no_crosstalk.toml:3:9\n  \
         hint: directions are: bone_to_muscle, muscle_to_bone, within_bone, within_muscle",
    );
}

#[test]
fn a_persons_own_scenario() {
    let biology = small();
    let text = FILES[8].1.replace("load =", "lod =").replace("\"blocker\"", "\"bloker\"");
    let file = SourceFile { path: "mine.toml".into(), text: text.into() };
    assert_eq!(
        read_scenario(&file, &biology).expect_err("two misspelled ids").to_string(),
        "error: there is no parameter `lod`\n  at mine.toml:12:9\n  hint: did you mean `load`?\n\
         error: there is no drug `bloker`\n  at mine.toml:14:9\n  hint: did you mean `blocker`?"
    );
}

#[test]
fn an_unknown_scenario_lists_the_known() {
    let biology = small();
    let finding = biology.scenario("rest_in_bet", &Place::file("SCENARIO")).expect_err("misspelled");
    assert_eq!(
        finding.to_string(),
        "error: there is no scenario `rest_in_bet`\n  at SCENARIO\n  hint: did you mean `rest_in_bed`?"
    );
}

const CREDIBILITY: &str = "[use]\nquestion = \"What happens?\"\nfor = [\"teaching\"]\nnot_for = [\"decisions\"]\n";

/// The findings about ten judged rules after one change.
#[track_caller]
fn check_credibility(old: &str, new: &str, expected: &str) {
    let rules = (1..=10).map(|number| {
        format!("[[rule]]\nnumber = {number}\nconformance = \"partial\"\nreason = \"some\"\nmissing = \"more\"\n")
    });
    let text = CREDIBILITY.to_string() + &rules.collect::<String>();
    assert!(text.contains(old), "{old} is not in the text");
    let mut tree = files(SIGNAL, "", "");
    tree.insert("credibility.toml", &text.replacen(old, new, 1));
    let findings = read(&tree).err().unwrap_or_default();
    assert_eq!(findings.to_string(), expected);
}

#[test]
fn the_ten_rules_are_judged_once_each() {
    check_credibility("", "", "");
    check_credibility(
        "number = 3\n",
        "number = 11\n",
        "error: there is no rule 11\n  at credibility.toml:16:10\n  hint: rules have the numbers 1 to 10\nerror: rule 3 is \
         not judged: Evaluate within context\n  at credibility.toml\n  hint: add a [[rule]] with number, conformance, \
         reason and missing",
    );
    check_credibility(
        "number = 3\n",
        "number = 2\n",
        "error: rule 2 is judged twice\n  at credibility.toml:15:1\n  likely reason: first at credibility.toml:10:1\n\
         error: rule 3 is not judged: Evaluate within context\n  at credibility.toml\n  hint: add a [[rule]] with number, \
         conformance, reason and missing",
    );
}
