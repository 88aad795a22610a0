//! A dosing table on a scenario of the program; what reads is assembled.
#![no_main]

use physiology::{Biology, Question};
use source::{SourceFile, SourceTree};
use std::sync::LazyLock;

static BIOLOGY: LazyLock<Biology> = LazyLock::new(|| {
    let mut tree = SourceTree::new();
    read_folder(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../biology"), "", &mut tree);
    match physiology::read(&tree) {
        Ok((biology, _)) => biology,
        Err(findings) => panic!("the biology of the program reads: {findings}"),
    }
});

fn read_folder(folder: &std::path::Path, prefix: &str, tree: &mut SourceTree) {
    for entry in std::fs::read_dir(folder).expect("the biology is there") {
        let path = entry.expect("an entry").path();
        let name = format!("{prefix}{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            read_folder(&path, &format!("{name}/"), tree);
        } else if name.ends_with(".toml") || name.ends_with(".bib") {
            tree.insert(&name, &std::fs::read_to_string(&path).expect("a text"));
        }
    }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let table = SourceFile { path: "doses.csv".into(), text: text.into() };
    let options = physiology::DosingOptions { time_unit: units::Unit::day(), run_in_days: 28.0 };
    let scenario = BIOLOGY.scenario("denosumab", &source::Place::nowhere()).expect("a scenario of the program");
    if let Ok((scenario, _)) = physiology::read_dosing(&table, &options, scenario, &BIOLOGY) {
        let _ = physiology::assemble(&BIOLOGY, &Question::of(scenario));
    }
});
