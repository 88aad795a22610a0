//! Writing SBML: every model of the test data that reads is written, read again and solved; what comes out is the same
//! to the last bit.
//!
//! `SBML_KEEP=FOLDER` keeps what is written, for the validators of others.

#[path = "../sbml/data.rs"]
mod data;

use engine::{CompileOptions, SolveOptions, compile, solve};
use network::{Condition, Network, SymbolIndex};
use source::{SourceFile, SourceTree};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// In each model's own unit of time.
const END: f64 = 10.0;

#[test]
fn biomodels_come_back() {
    let Some(folder) = data::folder("biomodels") else { return };
    judge(data::names(&folder).into_iter().map(|name| folder.join(name)).collect());
}

#[test]
fn semantic_cases_come_back() {
    let Some(folder) = data::folder("sbml-test-suite/semantic") else { return };
    let newest = |id: &String| {
        let is_model = |name: &String| name.starts_with(&format!("{id}-sbml-")) && name.ends_with(".xml");
        data::names(&folder.join(id)).into_iter().rfind(is_model).map(|name| folder.join(id).join(name))
    };
    judge(data::names(&folder).iter().filter_map(newest).collect());
}

fn judge(paths: Vec<PathBuf>) {
    let (mut same, mut unread, mut unwritten, mut unsolved) = (0, 0, 0, 0);
    let mut surprises = Vec::new();
    for path in &paths {
        let outcome =
            std::panic::catch_unwind(|| round_trip(path)).unwrap_or_else(|_| Outcome::Differs("a panic".into()));
        match outcome {
            Outcome::Same => same += 1,
            Outcome::DoesNotRead => unread += 1,
            Outcome::HasNoWords => unwritten += 1,
            Outcome::DoesNotRun => unsolved += 1,
            Outcome::Differs(message) => surprises.push(format!("{}: {message}", path.display())),
        }
    }
    println!("{} files: {same} come back and run the same, {unsolved} come back and do not run,", paths.len());
    println!("{unwritten} have fast reactions, which Level 3 Version 2 cannot say, {unread} do not read");
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}

enum Outcome {
    Same,
    /// Nothing to write.
    DoesNotRead,
    /// Level 3 Version 2 cannot say it.
    HasNoWords,
    /// Neither before nor after.
    DoesNotRun,
    Differs(String),
}

fn round_trip(path: &Path) -> Outcome {
    let Ok(before) = data::network(path) else { return Outcome::DoesNotRead };
    let text = match sbml::write(&before) {
        Ok(text) => text,
        Err(sbml::WriteError::FastReaction(_)) => return Outcome::HasNoWords,
        Err(error) => return Outcome::Differs(error.to_string()),
    };
    if let Some(folder) = std::env::var_os("SBML_KEEP") {
        let name = path.file_name().unwrap_or_default();
        std::fs::write(Path::new(&folder).join(name), &text).expect("SBML_KEEP is a folder");
    }
    let file = SourceFile { path: Arc::from("written.xml"), text: Arc::from(text) };
    let after = match data::network_of(&file, &SourceTree::new()) {
        Ok(after) => after,
        Err(message) => return Outcome::Differs(message),
    };
    let names: Vec<&str> = before.symbols().iter().map(|symbol| &*symbol.id).collect();
    if let Some(name) = names.iter().find(|name| after.index_of(name).is_none()) {
        return Outcome::Differs(format!("`{name}` is lost"));
    }
    if let Some(symbol) = before.symbols().iter().find(|it| {
        let back = after.index_of(&it.id).and_then(|index| after.symbol(index).unit.clone());
        it.unit.is_some() && back != it.unit
    }) {
        return Outcome::Differs(format!("the unit of `{}` is another", symbol.id));
    }
    match (values(&before, &names), values(&after, &names)) {
        (Ok(before), Ok(after)) if before == after => Outcome::Same,
        (Ok(_), Ok(_)) => Outcome::Differs("the trajectory is another".into()),
        (Err(before), Err(after)) if before == after => Outcome::DoesNotRun,
        (Err(message), _) => Outcome::Differs(format!("before: {message}")),
        (_, Err(message)) => Outcome::Differs(format!("after: {message}")),
    }
}

/// The bits of every value over time; why not, without the indices, which writing may change.
fn values(network: &Network, names: &[&str]) -> Result<Vec<u64>, String> {
    let failed = |what: &str, message: String| format!("{what}: {}", message.lines().next().unwrap_or(""));
    let model = compile(network, &CompileOptions::default()).map_err(|error| failed("compile", error.to_string()))?;
    let outputs: Vec<SymbolIndex> = names.iter().filter_map(|name| network.index_of(name)).collect();
    let times: Vec<f64> = (0..=10).map(|i| END * f64::from(i) / 10.0).collect();
    let options = SolveOptions { maximum_steps: 100_000, ..SolveOptions::default() };
    let trajectory = solve(&model, &Condition::default(), &times, &outputs, &options)
        .map_err(|failure| failed("solve", failure.to_string()))?;
    Ok(trajectory.values.iter().map(|value| value.to_bits()).collect())
}
