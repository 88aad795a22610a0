//! Every model of the BioModels test data reads, or says why not.

use sbml::ReadError;
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

#[test]
fn every_model_reads_or_says_why_not() {
    let Some(folder) = test_data() else { return };
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let mut failures = Vec::new();
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
        match result {
            Ok((draft, _)) => assert!(!draft.species.is_empty() || !draft.parameters.is_empty(), "{name} is empty"),
            Err(error) => failures.push((name, error)),
        }
    }
    println!("{} models, {} not read; slowest: {} in {:.1} ms", paths.len(), failures.len(), slowest.1, slowest.0);
    for (name, error) in &failures {
        println!("{name}: {error}");
    }
    // One file of the data is the web page that answered a download.
    let unexpected: Vec<_> = failures
        .iter()
        .filter(|(name, error)| match error {
            ReadError::Unsupported { .. } => false,
            ReadError::Invalid(_) => name != "BIOMD0000001027.xml",
        })
        .collect();
    assert!(unexpected.is_empty(), "{} models are not read", unexpected.len());
}
