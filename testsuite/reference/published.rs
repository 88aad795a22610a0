//! Published models before the judge: the equations that the engine has made of each file of the BioModels test data, at
//! a few points of its course.

use crate::trial::Trial;
use network::{Condition, Network, UnitPolicy};
use source::SourceFile;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The judge is slow; larger models would add time and no construct.
const MOST_SYMBOLS: usize = 400;

/// In each model's own unit.
const TIMES: [f64; 3] = [0.0, 0.3, 2.0];

/// Models whose run fails, with the reason.
const FAIL: &[(&str, &str)] = &[];

#[test]
fn published_models_agree_with_the_judge() {
    let Some(folder) = test_data("biomodels") else { return };
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder of models").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let (mut agree, mut large, mut refused) = (0, 0, 0);
    let mut surprises = Vec::new();
    for path in &paths {
        let id = path.file_stem().expect("a name").to_string_lossy();
        let Some(network) = read(path) else {
            refused += 1;
            continue;
        };
        if network.symbols().len() > MOST_SYMBOLS {
            large += 1;
            continue;
        }
        // What the engine refuses and what stops a run are the business of other tests.
        let Ok(trial) = Trial::new(&network) else {
            refused += 1;
            continue;
        };
        let outcome = trial
            .solve(&Condition::default(), &TIMES)
            .and_then(|trajectory| trial.compare_points(&trajectory));
        match (outcome, FAIL.iter().find(|(listed, _)| *listed == id)) {
            (Ok(()), None) => agree += 1,
            (Ok(()), Some(_)) => surprises.push(format!("{id} agrees, but is listed")),
            (Err(message), Some((_, part))) if message.contains(part) => {}
            (Err(message), _) => surprises.push(format!("{id}: {message}")),
        }
    }
    println!("{agree} models agree, {refused} are not for the engine, {large} are too large for the judge");
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
    assert!(agree > 0, "no model has been looked at");
}

fn read(path: &Path) -> Option<Network> {
    let text = std::fs::read_to_string(path).ok()?;
    let name = path.file_name()?.to_string_lossy();
    let file = SourceFile { path: Arc::from(&*name), text: Arc::from(text) };
    let (draft, _) = sbml::read(&file).ok()?;
    draft.check(UnitPolicy::Warn).ok().map(|(network, _)| network)
}

/// A folder of the test data, or `None` with a word about it.
fn test_data(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ENTHESIS_TESTDATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/testdata"), PathBuf::from);
    let folder = root.join(part);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no test data at {} (set ENTHESIS_TESTDATA)", folder.display());
    None
}
