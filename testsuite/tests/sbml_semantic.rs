//! The semantic cases of the SBML Test Suite: every one that the test data holds is read, checked, compiled, solved and
//! compared with the published result.
//!
//! The suite's rule: |ours - expected| <= absolute + relative * |expected|, at every time and for every variable.
//! Cases that are known not to pass stand in `sbml/skipped.toml`, by construct and with a reason; each must fail, and
//! fail in the way the list says. `SBML_CASE=00001,00002` runs these cases alone.

#[path = "../sbml/data.rs"]
mod data;

use engine::{CompileOptions, FluxOutcome, SolveOptions, compile, flux_balance, solve};
use network::{Condition, Network, SymbolIndex, SymbolKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

const SKIPPED: &str = include_str!("../sbml/skipped.toml");

/// Much finer than the suite asks, so that what fails is not the solver's accuracy.
const RELATIVE_TOLERANCE: f64 = 1e-9;
const ABSOLUTE_TOLERANCE: f64 = 1e-16;
/// Far more than any case needs between two outputs; a case that gets stuck fails soon.
const MAXIMUM_STEPS: usize = 100_000;

#[test]
fn semantic_cases() {
    let Some(folder) = data::folder("sbml-test-suite/semantic") else { return };
    let skipped = Skipped::read(SKIPPED);
    let mut ids = data::names(&folder);
    let only = std::env::var("SBML_CASE").ok();
    ids.retain(|id| only.as_ref().is_none_or(|only| only.split(',').any(|one| one == id)));

    let cases = on_all_cores(&ids, |id| Case::run(&folder, id));
    let mut surprises = Vec::new();
    for case in &cases {
        match (&case.outcome, skipped.entry(&case.id)) {
            (Ok(()), None) => {}
            (Ok(()), Some(entry)) => {
                surprises.push(format!("{} passes, but is listed as skipped: {}", case.id, entry.construct));
            }
            (Err(message), None) => surprises.push(format!("{} fails: {message}", case.id)),
            (Err(message), Some(entry)) if message.contains(&entry.fails_with) => {}
            (Err(message), Some(entry)) => {
                surprises.push(format!("{} fails, but not with `{}`: {message}", case.id, entry.fails_with));
            }
        }
    }
    print_counts(&cases);
    if only.is_none() {
        for id in skipped.ids().filter(|id| !ids.contains(id)) {
            println!("note: the skipped case {id} is not in the test data");
        }
    }
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}

/// The list of cases that do not pass.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Skipped {
    skipped: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// What the model uses that we do not have.
    construct: String,
    /// Why not.
    #[allow(dead_code, reason = "for the reader of the file; required all the same")]
    reason: String,
    /// A part of the message that every case fails with.
    fails_with: String,
    cases: Vec<String>,
}

impl Skipped {
    fn read(text: &str) -> Self {
        let skipped: Self = toml::from_str(text).expect("skipped.toml is well-formed");
        let mut seen = BTreeSet::new();
        for id in skipped.ids() {
            assert!(seen.insert(id), "{id} is listed twice in skipped.toml");
        }
        skipped
    }

    fn entry(&self, id: &str) -> Option<&Entry> {
        self.skipped.iter().find(|entry| entry.cases.iter().any(|case| case == id))
    }

    fn ids(&self) -> impl Iterator<Item = &String> {
        self.skipped.iter().flat_map(|entry| &entry.cases)
    }
}

/// One case with what came out of it.
struct Case {
    id: String,
    tags: Vec<String>,
    outcome: Result<(), String>,
}

impl Case {
    fn run(folder: &Path, id: &str) -> Self {
        let folder = folder.join(id);
        let header = data::text(&folder.join(format!("{id}-model.m")));
        let tags = ["componentTags:", "testTags:", "packagesPresent:"]
            .iter()
            .filter_map(|key| header.lines().find_map(|line| line.trim().strip_prefix(key)))
            .flat_map(|list| list.split(','))
            .map(|tag| tag.trim().to_string())
            .filter(|tag| !tag.is_empty())
            .collect();
        // A panic is a failure of the case, not of the run.
        let outcome = std::panic::catch_unwind(|| judge(&folder, id))
            .unwrap_or_else(|_| Err("internal: a panic, see above".to_string()));
        Self { id: id.to_string(), tags, outcome }
    }
}

fn judge(folder: &Path, id: &str) -> Result<(), String> {
    let settings = Settings::read(&data::text(&folder.join(format!("{id}-settings.txt"))))?;
    let network = network_of(folder, id)?;
    if settings.times.is_empty() {
        return judge_flux_balance(folder, id, &network, &settings);
    }
    let outputs = settings.outputs(&network)?;
    let model = compile(&network, &CompileOptions::default()).map_err(|error| format!("compile: {error}"))?;
    let options = SolveOptions {
        relative_tolerance: RELATIVE_TOLERANCE,
        absolute_tolerance: ABSOLUTE_TOLERANCE,
        maximum_steps: MAXIMUM_STEPS,
        ..SolveOptions::default()
    };
    let symbols: Vec<SymbolIndex> = outputs.iter().flat_map(|output| [output.symbol, output.size]).collect();
    let trajectory = solve(&model, &Condition::default(), &settings.times, &symbols, &options)
        .map_err(|failure| format!("solve: {failure}"))?;
    let expected = Table::read(&data::text(&folder.join(format!("{id}-results.csv"))));
    for (o, output) in outputs.iter().enumerate() {
        let column = expected.column(&output.name)?;
        for (t, &time) in settings.times.iter().enumerate() {
            let size = trajectory.value(t, 2 * o + 1);
            let ours = match output.scale {
                Scale::AsIs => trajectory.value(t, 2 * o),
                Scale::TimesSize => trajectory.value(t, 2 * o) * size,
                Scale::PerSize => trajectory.value(t, 2 * o) / size,
            };
            settings.compare(&output.name, &format!(" at time {time}"), ours, expected.rows[t][column])?;
        }
    }
    Ok(())
}

/// Cases without a time course ask for the best steady state: a row of rates and the objective, NaN when there is none.
fn judge_flux_balance(folder: &Path, id: &str, network: &Network, settings: &Settings) -> Result<(), String> {
    let outcome = flux_balance(network, &Condition::default()).map_err(|error| format!("flux balance: {error}"))?;
    let expected = Table::read(&data::text(&folder.join(format!("{id}-results.csv"))));
    for name in &settings.variables {
        let ours = match (&outcome, network.index_of(name).map(|symbol| network.symbol(symbol).kind)) {
            (FluxOutcome::Optimal { rates, .. }, Some(SymbolKind::Reaction(reaction))) => rates[reaction],
            (FluxOutcome::Optimal { objective, .. }, None) => *objective,
            (FluxOutcome::Optimal { .. }, Some(_)) => return Err(format!("settings: `{name}` is not a reaction")),
            _ => f64::NAN,
        };
        let column = expected.header.iter().position(|cell| cell == name).ok_or("results: a column is missing")?;
        settings.compare(name, "", ours, expected.rows[0][column])?;
    }
    Ok(())
}

/// The model in the newest level and version that the folder has.
fn network_of(folder: &Path, id: &str) -> Result<Network, String> {
    let is_model = |name: &String| name.starts_with(&format!("{id}-sbml-")) && name.ends_with(".xml");
    let name = data::names(folder).into_iter().rfind(is_model).ok_or("no model")?;
    data::network(&folder.join(name))
}

/// What to compare: `NNNNN-settings.txt`.
struct Settings {
    /// Empty when the case asks for no time course.
    times: Vec<f64>,
    variables: Vec<String>,
    amount: Vec<String>,
    concentration: Vec<String>,
    absolute: f64,
    relative: f64,
}

/// A variable of the settings, with what turns the model's value into the one asked for.
struct Output {
    name: String,
    symbol: SymbolIndex,
    /// For a species its compartment, for others themselves.
    size: SymbolIndex,
    scale: Scale,
}

enum Scale {
    AsIs,
    TimesSize,
    PerSize,
}

impl Settings {
    fn read(text: &str) -> Result<Self, String> {
        let value = |key: &str| {
            text.lines().filter_map(|line| line.split_once(':')).find(|(k, _)| k.trim() == key).map_or("", |(_, v)| v)
        };
        let list = |key: &str| -> Vec<String> {
            value(key).split(',').map(|name| name.trim().to_string()).filter(|name| !name.is_empty()).collect()
        };
        let number = |key: &str| -> Result<f64, String> {
            value(key).trim().parse().map_err(|_| format!("settings: `{key}` is not a number"))
        };
        let times = if value("start").trim().is_empty() {
            Vec::new()
        } else {
            let (start, duration, steps) = (number("start")?, number("duration")?, number("steps")?);
            (0..=steps as usize).map(|i| start + duration * i as f64 / steps).collect()
        };
        Ok(Self {
            times,
            variables: list("variables"),
            amount: list("amount"),
            concentration: list("concentration"),
            absolute: number("absolute")?,
            relative: number("relative")?,
        })
    }

    /// The suite's rule.
    fn compare(&self, name: &str, when: &str, ours: f64, theirs: f64) -> Result<(), String> {
        let same = ours == theirs || (ours.is_nan() && theirs.is_nan());
        if same || (ours - theirs).abs() <= self.absolute + self.relative * theirs.abs() {
            return Ok(());
        }
        Err(format!("result: {name}{when} is {ours}, expected {theirs}"))
    }

    fn outputs(&self, network: &Network) -> Result<Vec<Output>, String> {
        self.variables
            .iter()
            .map(|name| {
                let symbol = network.index_of(name).ok_or_else(|| format!("settings: no `{name}` in the model"))?;
                let mut output = Output { name: name.clone(), symbol, size: symbol, scale: Scale::AsIs };
                if let SymbolKind::Species(i) = network.symbol(symbol).kind {
                    let species = &network.species()[i];
                    output.size = network.index_of(&species.compartment).ok_or("a species without a compartment")?;
                    output.scale = match species.only_substance {
                        false if self.amount.contains(name) => Scale::TimesSize,
                        true if self.concentration.contains(name) => Scale::PerSize,
                        _ => Scale::AsIs,
                    };
                }
                Ok(output)
            })
            .collect()
    }
}

/// The published results: a header and rows of numbers.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<f64>>,
}

impl Table {
    fn read(text: &str) -> Self {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let cells = |line: &str| -> Vec<String> {
            line.split(',').map(|cell| cell.trim().trim_matches('"').to_string()).collect()
        };
        let header = cells(lines.next().unwrap_or(""));
        let rows = lines
            .map(|line| cells(line).iter().map(|cell| cell.parse().expect("a number in the results")).collect())
            .collect();
        Self { header, rows }
    }

    fn column(&self, name: &str) -> Result<usize, String> {
        // The first column is time, whatever its name: a variable may be called `time` too.
        let position = self.header.iter().skip(1).position(|cell| cell == name);
        position.map(|position| position + 1).ok_or_else(|| format!("results: no column `{name}`"))
    }
}

/// Results in the order of the inputs, computed by as many threads as there are cores.
fn on_all_cores<T: Sync, R: Send>(inputs: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let worker = || {
            let mut done = Vec::new();
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some(input) = inputs.get(i) else { return done };
                done.push((i, work(input)));
            }
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("a worker")).collect()
    });
    results.sort_by_key(|(i, _)| *i);
    results.into_iter().map(|(_, result)| result).collect()
}

fn print_counts(cases: &[Case]) {
    let mut by_tag: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for case in cases {
        for tag in &case.tags {
            let (passed, all) = by_tag.entry(tag).or_default();
            *passed += usize::from(case.outcome.is_ok());
            *all += 1;
        }
    }
    for (tag, (passed, all)) in by_tag {
        println!("{passed:5} of {all:4}  {tag}");
    }
    let passed = cases.iter().filter(|case| case.outcome.is_ok()).count();
    println!("{passed:5} of {:4}  all semantic cases", cases.len());
}
