//! Every model of the BioModels test data reads and passes the check, or says why not.

use network::UnitPolicy;
use source::SourceFile;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// The test data, or `None` with a word about it.
fn test_data() -> Option<PathBuf> {
    let root = std::env::var_os("ENTHESIS_TESTDATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata"), PathBuf::from);
    let folder = root.join("biomodels");
    if !folder.is_dir() {
        eprintln!("skipped: no test data at {} (set ENTHESIS_TESTDATA)", folder.display());
        return None;
    }
    Some(folder)
}

/// Files of the data that are not models to simulate, with a part of what is said about them.
const NOT_MODELS: &[(&str, &str)] = &[
    ("BIOMD0000001027.xml", "error: the file is a web page, not SBML"),
    // Flux bounds written as calls of functions that do not exist, as constraint-based models once were.
    ("BIOMD0000001098.xml", "error: `LOWER_BOUND` is not a known function in kinetic law of `R_CH3ACH`"),
];

#[test]
fn every_model_reads_and_passes_the_check() {
    let Some(folder) = test_data() else { return };
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let mut refused = Vec::new();
    let mut slowest = (0.0_f64, String::new());
    for path in &paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("text");
        let file = SourceFile { path: Arc::from(name.as_str()), text: Arc::from(text) };
        let start = Instant::now();
        let result = sbml::read(&file);
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        if milliseconds > slowest.0 {
            slowest = (milliseconds, name.clone());
        }
        let checked = result
            .map_err(|error| error.to_string())
            .and_then(|(draft, _)| draft.check(UnitPolicy::Warn).map_err(|findings| findings.to_string()));
        if let Err(message) = checked {
            refused.push((name, message));
        }
    }
    println!("{} files, {} refused; slowest: {} in {:.1} ms", paths.len(), refused.len(), slowest.1, slowest.0);
    assert_eq!(refused.len(), NOT_MODELS.len(), "{refused:#?}");
    for ((name, message), (expected_name, expected_part)) in refused.iter().zip(NOT_MODELS) {
        assert_eq!(name, expected_name);
        assert!(message.contains(expected_part), "{name}: {message}");
    }
}
