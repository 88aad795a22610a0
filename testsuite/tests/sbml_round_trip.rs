//! Writing SBML: every model of the test data that reads is written, read again and solved; what comes out is the same
//! to the last bit. Written are both editions, each with the model's functions and with functions put in place.
//!
//! `SBML_KEEP=FOLDER` keeps what is written, for the validators of others; see `benches/peers/validity.py`.

#[path = "../sbml/data.rs"]
mod data;

use engine::{CompileOptions, SolveOptions, compile, solve};
use network::{Condition, Network, SymbolIndex, SymbolKind};
use sbml::Edition;
use source::SourceFile;
use std::collections::BTreeMap;
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

/// What is written: the folder it is kept in, the edition, and whether functions are put in place.
const WAYS: [(&str, Edition, bool); 4] = [
    ("l3v2", Edition::Level3Version2, false),
    ("l3v1", Edition::Level3Version1, false),
    ("l3v2-flat", Edition::Level3Version2, true),
    ("l3v1-flat", Edition::Level3Version1, true),
];

fn judge(paths: Vec<PathBuf>) {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut surprises = Vec::new();
    for path in &paths {
        let judged = std::panic::catch_unwind(|| round_trips(path)).unwrap_or_else(|_| {
            surprises.push(format!("{}: a panic", path.display()));
            Vec::new()
        });
        for (way, outcome) in judged {
            match outcome {
                Ok(outcome) => *counts.entry((way, outcome)).or_default() += 1,
                Err(message) => surprises.push(format!("{} as {way}: {message}", path.display())),
            }
        }
    }
    for ((way, outcome), count) in counts {
        println!("{way}: {count} of {} {outcome}", paths.len());
    }
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}

/// In each way: in a few words what came out, or what must not be.
fn round_trips(path: &Path) -> Vec<(&'static str, Result<&'static str, String>)> {
    let (Ok(draft), Ok(before)) = (data::draft(path), data::network(path)) else {
        return vec![("any", Ok("do not read"))];
    };
    let names: Vec<&str> = before.symbols().iter().map(|symbol| &*symbol.id).collect();
    let expected = values(&before, &names);
    let round_trip = |&(way, edition, in_place)| {
        let text = match sbml::write(if in_place { before.draft() } else { &draft }, edition) {
            Ok(text) => text,
            Err(sbml::WriteError::FastReaction { .. }) => return (way, Ok("have fast reactions, which it cannot say")),
            Err(error) => return (way, Err(error.to_string())),
        };
        if let Some(folder) = std::env::var_os("SBML_KEEP") {
            let folder = Path::new(&folder).join(way);
            std::fs::create_dir_all(&folder).expect("SBML_KEEP is a folder");
            std::fs::write(folder.join(path.file_name().unwrap_or_default()), &text).expect("SBML_KEEP is a folder");
        }
        (way, same(&before, &names, &expected, text))
    };
    WAYS.iter().map(round_trip).collect()
}

fn same(
    before: &Network,
    names: &[&str],
    expected: &Result<Vec<u64>, String>,
    text: String,
) -> Result<&'static str, String> {
    let file = SourceFile { path: Arc::from("written.xml"), text: Arc::from(text) };
    let (draft, _) = sbml::read(&file).map_err(|error| error.to_string())?;
    let after = data::check(draft)?;
    if let Some(name) = names.iter().find(|name| after.index_of(name).is_none()) {
        return Err(format!("`{name}` is lost"));
    }
    if let Some(symbol) = before.symbols().iter().find(|it| {
        let index = after.index_of(&it.id).expect("not lost");
        // A reaction of nothing comes back as a parameter.
        let is_rate = matches!(it.kind, SymbolKind::Reaction(_)) && after.symbol(index).unit.is_none();
        it.unit.is_some() && after.symbol(index).unit != it.unit && !is_rate
    }) {
        return Err(format!("the unit of `{}` is another", symbol.id));
    }
    match (expected, values(&after, names)) {
        (Ok(before), Ok(after)) if *before == after => Ok("come back and run the same"),
        (Ok(_), Ok(_)) => Err("the trajectory is another".into()),
        (Err(before), Err(after)) if *before == after => Ok("come back and do not run"),
        (Err(message), _) => Err(format!("before: {message}")),
        (_, Err(message)) => Err(format!("after: {message}")),
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
