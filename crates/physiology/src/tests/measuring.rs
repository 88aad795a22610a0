//! Studies and tables of measurements: what they say, and what people may get wrong in them.

use super::{assembled, changes, files};
use crate::{Biology, Group, Measure, Measurement, Organism, Question, Side, read};
use proptest::prelude::*;
use source::{Place, SourceTree};

const STUDY: &str = r#"[scenario]
id = "roe_2021"
organism = "human"
subjects = "Men, n = 9"
duration = "90 day"
sources = ["roe_2021"]

[[arm]]
id = "bed"
set = { signal_production = "0.9" }
[[arm.change]]
from = "0 day"
to = "30 day"
set = { load = "0.2" }

[[arm]]
id = "bed_and_blocker"
like = "bed"
set = { signal_production = "0.8" }
[[arm.dose]]
drug = "blocker"
amount = "60 mg"
"#;

const COLUMNS: &str = "id\tstudy\tarm\tversus\treadout\tmeasured\tfrom\tday\tmeasure\tunit\tvalue\tlow\thigh\tn\treading\treference\tnot_modeled\tnote\n";
const ROW: &str = "A1\troe_2021\tbed\t\tmuscle_mass_percent\tMass of the thigh\t\t30\t% change\t\t-9.5\t-12\t-7\t9\tread\troe_2021\t\tBy MRI.";
const PATH: &str = "measurements/validation/disuse.tsv";
const BIB: &str = "@article{roe_2021, author={Roe, R}, title={Rest}, year={2021}, doi={10.1000/2}}\n";

const READOUTS: &str = r#"[[class]]
id = "muscle_size"
readouts = ["muscle_mass_percent"]
detectable = 4.0
group_detectable = 2.0

[[spread]]
groups = ["drug"]
share = 0.2

[[spread]]
share = 0.4
"#;

/// The small biology with the study and a table of these rows.
fn tree(rows: &[&str]) -> SourceTree {
    let mut tree = files("", "", "");
    tree.insert("studies/roe_2021.toml", STUDY);
    tree.insert("references/more.bib", BIB);
    tree.insert("measurements/readouts.toml", READOUTS);
    tree.insert(PATH, &format!("{COLUMNS}{}\n", rows.join("\n")));
    tree
}

fn measured(rows: &[&str]) -> Biology {
    let (biology, warnings) = read(&tree(rows)).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(warnings.to_string(), "");
    biology
}

fn said(tree: &SourceTree) -> String {
    match read(tree) {
        Ok((_, warnings)) => warnings.to_string(),
        Err(findings) => findings.to_string(),
    }
}

/// The findings about the row with one text replaced.
#[track_caller]
fn check(old: &str, new: &str, expected: &str) {
    assert!(ROW.contains(old), "{old:?} is not in the row");
    assert_eq!(said(&tree(&[&ROW.replacen(old, new, 1)])), expected);
}

#[test]
fn a_row_is_read_as_written() {
    let biology = measured(&[ROW]);
    let [row] = biology.measurements.as_slice() else { panic!("{:?}", biology.measurements) };
    let Measurement { side, measure, from_day, day, value, interval, n, .. } = row;
    assert_eq!((*side, *measure), (Side::Validation, Measure::PercentChange));
    assert_eq!((*from_day, *day, *value, *interval, *n), (0.0, 30.0, -9.5, Some((-12.0, -7.0)), Some(9)));
    assert_eq!((row.measured.as_str(), row.note.as_str()), ("Mass of the thigh", "By MRI."));
    assert_eq!(row.place.to_string(), "measurements/validation/disuse.tsv:2");
}

#[test]
fn a_study_runs_like_a_scenario_and_an_arm_like_another_with_more() {
    let biology = measured(&[ROW]);
    let study = biology.scenario("roe_2021", &Place::nowhere()).expect("a study is found by its id");
    assert_eq!(study.subjects, "Men, n = 9");
    let assembly = assembled(&biology, &Question::of(study.clone()));
    let loads = ["0: load = 0.2", "30: load = 1"];
    assert_eq!(changes(&assembly, 0), loads);
    assert_eq!(changes(&assembly, 1), [loads[0], "0: blocker_depot + 120", loads[1]]);
    let production = assembly.network.index_of("signal_production").expect("a parameter");
    let of_subject = |run: usize| assembly.runs[run].condition.initial.iter().find(|it| it.0 == production);
    assert_eq!((of_subject(0), of_subject(1)), (Some(&(production, 0.9)), Some(&(production, 0.8))));
}

#[test]
fn genotypes_cross() {
    let mut tree = tree(&[ROW]);
    tree.insert(
        "genotypes/weak.toml",
        "[genotype]\nid = \"weak\"\norganisms = [\"mouse\"]\nset = { muscle_turnover = \"0.02 1/day\" }\n",
    );
    let study = STUDY.replace("human", "mouse").replace("set = { load", "# set = { load").replace("[[arm.dose]]", "");
    let study = study.replace("drug = \"blocker\"\namount = \"60 mg\"", "genotype = [\"no_signal\", \"weak\"]");
    tree.insert("studies/roe_2021.toml", &study);
    let (biology, _) = read(&tree).unwrap_or_else(|findings| panic!("{findings}"));
    let assembly = assembled(&biology, &Question::of(biology.study("roe_2021").expect("there").clone()));
    assert_eq!(changes(&assembly, 1), ["0: signal_production = 0", "0: muscle_turnover = 0.02"]);
}

#[test]
fn an_arm_like_none_above() {
    let mut tree = tree(&[ROW]);
    tree.insert("studies/roe_2021.toml", &STUDY.replace("like = \"bed\"", "like = \"bde\""));
    assert_eq!(
        said(&tree),
        "error: there is no earlier arm `bde`\n  at studies/roe_2021.toml:18:9\n  likely reason: `like` takes over an arm \
         that stands above in the same file\n  hint: known: bed"
    );
}

#[test]
fn what_a_row_says_must_fit_together() {
    check(
        "-9.5",
        "about -9.5",
        "error: `value` is not a number: about -9.5\n  at measurements/validation/disuse.tsv:2:70\n  hint: write for \
         example -3.9; units and words have columns of their own",
    );
    check(
        "-12\t",
        "-9\t",
        "error: the interval -9 to -7 does not contain -9.5\n  at measurements/validation/disuse.tsv:2:75\n  hint: `low` \
         and `high` are the 95 % interval of `value`",
    );
    check(
        "% change",
        "% difference",
        "error: `% difference` compares two arms, but `versus` is empty\n  at measurements/validation/disuse.tsv:2\n  \
         hint: write the other arm in `versus`",
    );
    check(
        "bed\t\t",
        "bed\tbed_and_blocker\t",
        "error: `% change` is within one arm, but `versus` names another: bed_and_blocker\n  at \
         measurements/validation/disuse.tsv:2:17\n  hint: leave `versus` empty, or use `% difference` or `difference`",
    );
    check(
        "% change\t\t-9.5\t-12\t-7",
        "sign\t\t-2\t\t",
        "error: `value` is no sign: -2\n  at measurements/validation/disuse.tsv:2:66\n  hint: a sign is -1, 0 or 1",
    );
    check(
        "\t30\t% change",
        "30\t30\t% change",
        "error: `% change` does not run forward: from day 30 to 30\n  at measurements/validation/disuse.tsv:2:59\n  \
         hint: `day` is after `from`, which is 0 when empty",
    );
    check(
        "muscle_mass_percent",
        "",
        "error: the row has neither a read-out nor a reason\n  at measurements/validation/disuse.tsv:2\n  hint: write in \
         `not_modeled` why the model has nothing to compare it with",
    );
    check(
        "% change\t",
        "change\t",
        "error: `change` has no `unit`\n  at measurements/validation/disuse.tsv:2\n  hint: write the unit of `value`, for \
         example g/cm^2",
    );
}

#[test]
fn what_a_row_names_must_exist() {
    check(
        "muscle_mass_percent",
        "muscle_mas_percent",
        "error: there is no readout `muscle_mas_percent`\n  at measurements/validation/disuse.tsv:2:18\n  hint: did you \
         mean `muscle_mass_percent`?",
    );
    check(
        "\tbed\t",
        "\tbet\t",
        "error: there is no arm of `roe_2021` `bet`\n  at measurements/validation/disuse.tsv:2:13\n  hint: known: bed, bed_and_blocker",
    );
    check(
        "\t30\t",
        "\t91\t",
        "error: day 91 comes after the end of `roe_2021` on day 90\n  at measurements/validation/disuse.tsv:2\n  hint: \
         make `duration` of the study longer",
    );
    check(
        "% change\t",
        "change\tkg",
        "error: `muscle_mass_percent` is measured in %, not in kg\n  at measurements/validation/disuse.tsv:2:67\n  hint: \
         convert the value, or use a ratio",
    );
    check(
        "read\troe_2021",
        "read\troe_2022",
        "error: `A1` cites an unknown reference: `roe_2022`\n  at measurements/validation/disuse.tsv:2:89\n  hint: did you \
         mean `roe_2021`?",
    );
}

#[test]
fn what_is_not_modeled_needs_no_study() {
    let row = "A2\tpoe_2022\t\t\t\tWords\t\t1\tother\tscore\t3\t\t\t\trecalled\troe_2021\tNo words in the model.\t";
    let biology = measured(&[ROW, row]);
    assert_eq!(biology.measurements[1].not_modeled.as_deref(), Some("No words in the model."));
}

#[test]
fn no_paper_is_fitted_and_judged_by() {
    let mut tree = tree(&[ROW]);
    let other = ROW.replace("A1\troe_2021", "A2\tpoe_2022").replace("read\troe_2021", "read\troe_again");
    let other = other.replace("muscle_mass_percent", "").replace("\t\tBy MRI.", "\tNo arm.\t");
    tree.insert("references/again.bib", &BIB.replace("roe_2021", "roe_again"));
    tree.insert("measurements/calibration/aging.tsv", &format!("{COLUMNS}{other}\n"));
    assert_eq!(
        said(&tree),
        "error: the paper stands on both sides: roe_2021\n  at measurements/validation/disuse.tsv:2:89\n  likely reason: it \
         is also used at measurements/calibration/aging.tsv:2\n  hint: all rows of a paper are either for calibration or \
         for validation"
    );
}

#[test]
fn no_paper_sets_a_parameter_and_judges_without_a_reason() {
    let row = ROW.replace("read\troe_2021", "read\tdoe_2020");
    let mut tree = tree(&[&row]);
    assert_eq!(
        said(&tree),
        "error: the paper sets a parameter and may not judge the model: doe_2020\n  at \
         measurements/validation/disuse.tsv:2:89\n  likely reason: `signal_half_life` rests on it\n  hint: move its rows \
         to calibration, or say in measurements/overlaps.toml why it still judges"
    );
    tree.insert(
        "measurements/overlaps.toml",
        "[[overlap]]\nreference = \"doe_2020\"\nreason = \"A half-life says nothing about mass.\"\n",
    );
    assert_eq!(said(&tree), "");
    tree.insert(PATH, &format!("{COLUMNS}{ROW}\n"));
    assert_eq!(
        said(&tree),
        "error: there is no overlap to excuse: doe_2020\n  at measurements/overlaps.toml:2:14\n  likely reason: the paper \
         sets no parameter, or has no row in validation\n  hint: remove it"
    );
}

#[test]
fn how_finely_things_are_measured_is_known() {
    let biology = measured(&[ROW]);
    let class = biology.precision.class_of("muscle_mass_percent").expect("it has a class");
    assert_eq!((class.id.value.as_str(), class.detectable, class.group_detectable), ("muscle_size", 4.0, 2.0));
    let spread = |group| biology.precision.spread("muscle_size", group, Organism::Human);
    assert_eq!((spread(Group::Drug), spread(Group::Aging)), (Some(0.2), Some(0.4)));
    let without = |old: &str, new: &str| {
        let mut tree = tree(&[ROW]);
        tree.insert("measurements/readouts.toml", &READOUTS.replace(old, new));
        said(&tree)
    };
    assert_eq!(
        without("\"muscle_mass_percent\"", ""),
        "error: nothing says how finely `muscle_mass_percent` is measured\n  at measurements/validation/disuse.tsv:2:18\n  \
         hint: add it to the class of read-outs that are measured as finely, in measurements/readouts.toml"
    );
    assert_eq!(
        without("[[spread]]\nshare = 0.4\n", ""),
        "error: no [[spread]] fits class `muscle_size`\n  at measurements/readouts.toml:2:7\n  likely reason: \
         `muscle_mass_percent` of roe_2021 is measured at measurements/validation/disuse.tsv:2"
    );
    assert_eq!(
        without("detectable = 4.0", "detectable = 0.0"),
        "error: `detectable` of class `muscle_size` is not above 0: 0\n  at measurements/readouts.toml:4:14"
    );
}

const REFUTATION: &str = r#"[[refutation]]
id = "rest_lowers_mass"
finding = "Rest in bed lowers mass."
scenario = "roe_2021"
arm = "bed_and_blocker"
versus = "bed"
quantity = "muscle_mass"
day = "30 day"
at_most = -1
sources = ["roe_2021"]
"#;

/// The findings about the refutation with one text replaced.
#[track_caller]
fn check_refutation(old: &str, new: &str, expected: &str) {
    assert!(REFUTATION.contains(old), "{old:?} is not in the refutation");
    let mut tree = tree(&[ROW]);
    tree.insert("refutations.toml", &REFUTATION.replacen(old, new, 1));
    assert_eq!(said(&tree), expected);
}

#[test]
fn refutations_are_about_what_exists() {
    check_refutation("", "", "");
    check_refutation(
        "\"muscle_mass\"",
        "\"muscle_mas\"",
        "error: there is no quantity `muscle_mas`\n  at refutations.toml:7:13\n  hint: did you mean `muscle_mass`?",
    );
    check_refutation(
        "= \"bed_and_blocker\"",
        "= \"bed_and_bloker\"",
        "error: there is no arm of `roe_2021` `bed_and_bloker`\n  at refutations.toml:5:8\n  hint: did you mean \
         `bed_and_blocker`?",
    );
    check_refutation(
        "30 day",
        "91 day",
        "error: day 0 to 91 is not within `roe_2021`\n  at refutations.toml:1:1\n  likely reason: it lasts 90 days",
    );
    check_refutation(
        "at_most = -1\n",
        "",
        "error: refutation `rest_lowers_mass` allows everything or nothing\n  at refutations.toml:1:1\n  hint: give \
         `at_least`, `at_most` or both, in percent: at_least = 5 is a rise, -5 to 5 is no change",
    );
    check_refutation(
        "sources = [\"roe_2021\"]\n",
        "",
        "error: refutation `rest_lowers_mass` rests on nothing\n  at refutations.toml:1:1\n  hint: name papers in \
         `sources` or statements in `evidence`",
    );
    check_refutation(
        "day = \"30 day\"",
        "day = \"30 day\"\nmeasure = \"absolute\"",
        "error: `measure` of refutation `rest_lowers_mass` does not fit\n  at refutations.toml:1:1\n  hint: write \
         \"absolute\" for bounds of the value itself, without `versus`; or leave it out",
    );
}

#[test]
fn a_table_must_say_what_its_columns_are() {
    let table = |text: &str| {
        let mut tree = tree(&[ROW]);
        tree.insert(PATH, text);
        said(&tree)
    };
    assert!(table("").starts_with("error: the table is empty\n  at measurements/validation/disuse.tsv\n  hint: "));
    assert!(table(&COLUMNS.replace("\tnote", "")).starts_with("error: the table has no column `note`\n"));
    let text = table(&COLUMNS.replace("reading", "redaing"));
    assert!(
        text.starts_with("error: there is no column `redaing`\n  at measurements/validation/disuse.tsv:1:"),
        "{text}"
    );
    assert!(text.ends_with("hint: did you mean `reading`?"), "{text}");
    assert!(table(&format!("{COLUMNS}{ROW}\tmore\n")).starts_with("error: the row has 19 cells, the header 18\n"));
    let mut tree = tree(&[ROW]);
    tree.insert("measurements/validation/ageing.tsv", COLUMNS);
    assert!(said(&tree).contains("the table was not read: its path says no known kind"));
}

/// The small biology with these columns and rows of values that fit equally well; `muscle_turnover` and `load` are fitted.
fn equally_good(columns: &str, sets: &str) -> SourceTree {
    let mut tree = tree(&[ROW]);
    tree.insert("measurements/calibration.toml", "human = [\"muscle_turnover\", \"load\"]\n");
    tree.insert("measurements/equally_good.toml", &format!("[human]\nparameters = {columns}\nsets = {sets}\n"));
    tree
}

#[test]
fn sets_of_fitted_values_are_read_as_written() {
    let tree = equally_good("[\"load\", \"muscle_turnover\"]", "[[0.5, 0.01], [2, 0.005]]");
    let (biology, _) = read(&tree).unwrap_or_else(|findings| panic!("{findings}"));
    let [it] = biology.equally_good.as_slice() else { panic!("{:?}", biology.equally_good) };
    assert_eq!(it.organism, Organism::Human);
    assert_eq!(it.parameters.iter().map(|id| id.value.as_str()).collect::<Vec<_>>(), ["load", "muscle_turnover"]);
    let values: Vec<Vec<f64>> = it.sets.iter().map(|row| row.iter().map(|it| it.value).collect()).collect();
    assert_eq!(values, [[0.5, 0.01], [2.0, 0.005]]);
}

#[test]
fn sets_of_fitted_values_must_fit_the_biology() {
    let again = "hint: draw the sets again: `enthesis calibrate --biology DIR --sets 24 --write`";
    let check = |columns: &str, sets: &str, expected: &str| {
        assert_eq!(said(&equally_good(columns, sets)), expected.replace("AGAIN", again));
    };
    let at = "measurements/equally_good.toml";
    check(
        "[\"lood\"]",
        "[[0.5]]",
        &format!(
            "error: `lood` is not fitted\n  at {at}:2:16\n  likely reason: it is not in the list of human in \
             measurements/calibration.toml\n  hint: did you mean `load`?"
        ),
    );
    check(
        "[\"signal_production\"]",
        "[[0.5]]",
        &format!(
            "error: `signal_production` is not fitted\n  at {at}:2:16\n  likely reason: it is not in the list of human in \
             measurements/calibration.toml\n  AGAIN"
        ),
    );
    check("[\"load\", \"load\"]", "[[0.5, 0.5]]", &format!("error: `load` is listed twice\n  at {at}:2:24"));
    check(
        "[\"load\"]",
        "[[0.5], [0.5, 0.01]]",
        &format!(
            "error: set 2 has 2 values for 1 parameters\n  at {at}:3:17\n  likely reason: a parameter joined or left the \
             list, or a value was lost\n  AGAIN"
        ),
    );
    check(
        "[\"load\"]",
        "[[0.5], [2.5]]",
        &format!(
            "error: 2.5 is outside the range of `load`: 0 to 2\n  at {at}:3:17\n  likely reason: the range was changed \
             after the sets were drawn\n  AGAIN"
        ),
    );
    check(
        "[\"load\"]",
        "[[nan]]",
        &format!(
            "error: `sets` of [human] is not a finite number: NaN\n  at {at}:3:10\n  hint: write a number, or leave the key out"
        ),
    );
    check(
        "[\"load\"]",
        "[0.5]",
        &format!("error: `sets` of [human] is a number, but a list of lists of numbers is needed\n  at {at}:3:9"),
    );
}

#[test]
fn windows_line_ends_and_byte_order_marks_change_nothing() {
    let mut tree = tree(&[ROW]);
    tree.insert(PATH, &format!("\u{feff}{COLUMNS}{ROW}\n").replace('\n', "\r\n"));
    assert_eq!(said(&tree), "");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table(text in "[\\PC\t\r\n]{0,300}", with_header in any::<bool>()) {
        let mut tree = tree(&[]);
        tree.insert(PATH, &if with_header { format!("{COLUMNS}{text}") } else { text });
        let _ = said(&tree);
    }

    #[test]
    fn a_damaged_row(from in 0.0..1.0_f64, length in 0..30_usize, text in "[a-z0-9_ %/.\t\n-]{0,12}") {
        let from = (from * ROW.len() as f64) as usize;
        let damaged = format!("{}{text}{}", &ROW[..from], &ROW[(from + length).min(ROW.len())..]);
        let _ = said(&tree(&[&damaged]));
    }
}
