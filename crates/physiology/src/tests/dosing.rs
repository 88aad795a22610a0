//! Dosing tables: what becomes of a row, and every mistake with its place.

use super::{assembled, changes, question, small};
use crate::{Biology, DosingOptions, Question, Scenario, read_dosing};
use proptest::prelude::*;
use source::{Diagnostics, SourceFile};
use units::Unit;

fn dosed(
    biology: &Biology,
    table: &str,
    time_unit: &str,
    run_in_days: f64,
) -> Result<(Scenario, Diagnostics), Diagnostics> {
    let file = SourceFile { path: "doses.csv".into(), text: table.into() };
    let options = DosingOptions { time_unit: Unit::parse(time_unit).expect("a unit"), run_in_days };
    let mut scenario = question(biology).scenario;
    scenario.arms[0].changes.clear();
    read_dosing(&file, &options, &scenario, biology)
}

/// The changes of each arm under a table in hours.
fn arms(table: &str) -> Vec<(String, Vec<String>)> {
    let biology = small();
    let (scenario, _) = dosed(&biology, table, "h", 0.0).unwrap_or_else(|findings| panic!("{findings}"));
    let assembly = assembled(&biology, &Question::of(scenario));
    let runs = assembly.runs.iter().enumerate();
    runs.filter(|(_, run)| run.hypothesis.is_none()).map(|(i, run)| (run.arm.clone(), changes(&assembly, i))).collect()
}

/// 60 mg are 120 nmol in the depot: half is absorbed, 0.25 mg/nmol.
#[test]
fn each_individual_is_an_arm_whatever_separates_the_cells() {
    let comma = "ID,TIME,AMT,CMT\n1,0,60,blocker\n1,24,30,blocker\n2,12,60,blocker\n";
    let expected = vec![
        ("id_1".to_string(), vec!["0: blocker_depot + 120".to_string(), "1: blocker_depot + 60".to_string()]),
        ("id_2".to_string(), vec!["0.5: blocker_depot + 120".to_string()]),
    ];
    assert_eq!(arms(comma), expected);
    assert_eq!(arms(&comma.replace(',', "\t")), expected);
    assert_eq!(arms(&comma.replace(',', "  ")), expected);
    // A number means the one drug of the scenario, DRUG stands before CMT, order and case of columns do not matter.
    assert_eq!(arms("TIME,id,AMT,CMT\r\n0,1,60,1\r\n24,1,30,1\r\n12,2,60,1\r\n"), expected);
    assert_eq!(arms("DRUG TIME ID AMT CMT\nBlocker 0 1 60 2\nblocker 24 1 30 2\nblocker 12 2 60 2"), expected);
}

#[test]
fn additional_doses_observations_and_other_events() {
    let table = "ID,TIME,AMT,EVID,CMT,II,ADDL\n1,0,60,1,blocker,24,2\n1,30,.,0,.,.,.\n1,31,.,2,.,.,.\n";
    let doses = ["0: blocker_depot + 120", "1: blocker_depot + 120", "2: blocker_depot + 120"];
    assert_eq!(arms(table), [("id_1".to_string(), doses.map(str::to_string).to_vec())]);
}

/// 60 mg at 20 mg/h run for three hours.
#[test]
fn infusions_run_at_their_rate_and_add_up() {
    let table = "ID,TIME,AMT,RATE,CMT\n1,0,60,20,blocker\n1,1.5,60,20,blocker\n";
    let rates = [
        "0: blocker_infusion = 960",
        "0.0625: blocker_infusion = 1920",
        "0.125: blocker_infusion = 960",
        "0.1875: blocker_infusion = 0",
    ];
    assert_eq!(arms(table), [("id_1".to_string(), rates.map(str::to_string).to_vec())]);
}

#[test]
fn a_reset_empties_the_drug_and_stops_what_was_to_come() {
    let table =
        "ID,TIME,AMT,EVID,CMT,II,ADDL,RATE\n1,0,60,1,blocker,24,5,0\n1,36,.,3,.,.,.,.\n1,48,30,4,blocker,.,.,.\n";
    let expected = [
        "0: blocker_depot + 120",
        "1: blocker_depot + 120",
        "1.5: blocker_depot = 0",
        "2: blocker_depot = 0",
        "2: blocker_depot + 60",
    ];
    assert_eq!(arms(table), [("id_1".to_string(), expected.map(str::to_string).to_vec())]);
    let running = "ID,TIME,AMT,EVID,CMT,RATE\n1,0,60,1,blocker,20\n1,1.5,.,3,.,.\n";
    let expected = ["0: blocker_infusion = 960", "0.0625: blocker_depot = 0", "0.0625: blocker_infusion = 0"];
    assert_eq!(arms(running), [("id_1".to_string(), expected.map(str::to_string).to_vec())]);
}

#[test]
fn steady_state_is_a_run_in() {
    let biology = small();
    let table = "ID,TIME,AMT,CMT,II,SS,ADDL\n1,0,60,blocker,1,1,1\n";
    let (scenario, warnings) = dosed(&biology, table, "day", 3.0).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(
        warnings.to_string(),
        "warning: day 3 of the run is time 0 of the table\n  at doses.csv\n  \
         likely reason: SS asks for steady state, so its drug is given for that long before\n  \
         hint: `--run-in` says how long; a drug that stays in bone needs years"
    );
    assert_eq!(scenario.duration_days, 63.0);
    let dose = &scenario.arms[0].doses[0];
    assert_eq!((dose.at_day, dose.every_days, dose.times), (0.0, Some(1.0), 5));
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let table = "ID,TIME,AMT,EVID,CMT,II,ADDL,WT,ADL\n\
                 1,0,60,5,blocker,.,.,70,.\n\
                 1,x,60,1,blocker,.,.,70,.\n\
                 1,2,60,1,bloker,.,.,70,.\n\
                 1,3,.,1,blocker,.,.,70,.\n\
                 1,2,60,1,blocker,.,.,70,.\n\
                 1,4,60,1,blocker,.,3,70,.\n\
                 1,5,60,0,blocker,.,.,70,.\n\
                 1,6,60,1\n";
    let findings = dosed(&small(), table, "day", 0.0).expect_err("many mistakes").to_string();
    for expected in [
        "warning: the column `WT` is not read\n  at doses.csv:1:30",
        "warning: the column `ADL` is not read\n  at doses.csv:1:33\n  hint: did you mean ADDL?",
        "error: EVID is not 0, 1, 2, 3 or 4: 5\n  at doses.csv:2:8",
        "error: TIME is not a number: x\n  at doses.csv:3:3",
        "error: there is no drug `bloker`\n  at doses.csv:4:10\n  hint: did you mean `blocker`?",
        "error: a dose has no amount\n  at doses.csv:5",
        "error: TIME goes back in individual 1\n  at doses.csv:6:3\n  hint: sort the rows of each ID by TIME",
        "error: ADDL needs an interval\n  at doses.csv:7:20\n  hint: write it in II",
        "error: a row with EVID 0 has an amount\n  at doses.csv:8:5\n  hint: a dose has EVID 1, or 4 after a reset",
        "error: the row has 4 cells, the header 9\n  at doses.csv:9\n  hint: write `.` where nothing is to be said",
    ] {
        assert!(findings.contains(expected), "{expected}\nis missing from\n{findings}");
    }
}

#[test]
fn a_table_that_is_none() {
    let check = |table: &str, expected: &str| {
        assert_eq!(dosed(&small(), table, "day", 0.0).expect_err("no table").to_string(), expected);
    };
    check("", "error: the table is empty\n  at doses.csv\n  hint: start with a line of column names");
    check(
        "ID,DOSE\n1,2\n",
        "warning: the column `DOSE` is not read\n  at doses.csv:1:4\n\
         error: the table has no column TIME\n  at doses.csv:1\n\
         error: the table has no column AMT\n  at doses.csv:1",
    );
    check(
        "ID,TIME,AMT,CMT,II,ADDL\n1,0,1,blocker,1e-6,200000\n",
        "error: individual 1 gets more than 200000 doses\n  at doses.csv:2\n  hint: look at II, ADDL and SS",
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a table holds, there are doses or findings, never a panic.
    #[test]
    fn any_table(text in "(ID,TIME,AMT,CMT,II,ADDL,SS,EVID,RATE\n)?([0-9.,\t blockerE\"-]{0,40}\n){0,6}\\PC{0,30}") {
        let biology = small();
        if let Ok((scenario, _)) = dosed(&biology, &text, "h", 10.0) {
            let _ = crate::assemble(&biology, &Question::of(scenario));
        }
    }
}
