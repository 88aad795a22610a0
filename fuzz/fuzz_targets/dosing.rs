//! A dosing table on a scenario of the program; what reads is assembled.
#![no_main]

mod biology;

use biology::BIOLOGY;
use physiology::Question;
use source::SourceFile;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let table = SourceFile { path: "doses.csv".into(), text: text.into() };
    let options = physiology::DosingOptions { time_unit: units::Unit::day(), run_in_days: 28.0 };
    let scenario = BIOLOGY.scenario("denosumab", &source::Place::nowhere()).expect("a scenario of the program");
    if let Ok((scenario, _)) = physiology::read_dosing(&table, &options, scenario, &BIOLOGY) {
        let _ = physiology::assemble(&BIOLOGY, &Question::of(scenario));
    }
});
