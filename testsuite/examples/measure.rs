//! Times the engine for `benches/peers/speed.py`: reads a command a line, answers a line of `name value` pairs.
//!
//! ```text
//! load FILE                          reads, checks and compiles a model
//! solve END POINTS RTOL [VALUES]     one run on a loaded model; writes times × species as little-endian numbers
//! method automatic|stiff|nonstiff    for all runs from now on
//! members END POINTS RTOL TABLE      one run a row of a table whose columns are ids
//! ```
//! The clock runs only around the work itself: no reading of files, no writing, no starting of a process.

use engine::{CompileOptions, CompiledModel, Method, SolveOptions, compile, solve};
use network::{Condition, Draft, Network, SymbolIndex, SymbolKind, UnitPolicy};
use source::SourceFile;
use std::fmt::Write as _;
use std::io::{BufRead, Write as _};
use std::time::Instant;

struct Loaded {
    network: Network,
    model: CompiledModel,
    species: Vec<SymbolIndex>,
}

fn main() {
    let mut loaded = None;
    let mut method = Method::default();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a command can be read");
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = match (words.as_slice(), &loaded) {
            (["load", path], _) => {
                let text = std::fs::read_to_string(path).expect("the model can be read");
                load(&SourceFile { path: (*path).into(), text: text.into() }, &mut loaded)
            }
            (["method", name], _) => {
                method = match *name {
                    "stiff" => Method::Stiff,
                    "nonstiff" => Method::Nonstiff,
                    _ => Method::Automatic,
                };
                format!("method {method:?}")
            }
            (["solve", end, points, rtol, values @ ..], Some(it)) => {
                run(it, &times(end, points), &options(rtol, method), values.first())
            }
            (["members", end, points, rtol, table], Some(it)) => {
                let table = std::fs::read_to_string(table).expect("the table can be read");
                members(it, &times(end, points), &options(rtol, method), &table)
            }
            _ => "failed no_such_command_or_no_model".to_string(),
        };
        println!("{answer}");
        std::io::stdout().flush().expect("standard output is open");
    }
}

fn load(file: &SourceFile, loaded: &mut Option<Loaded>) -> String {
    *loaded = None;
    let begin = Instant::now();
    let Ok((draft, _)) = sbml::read(file) else { return "failed read".into() };
    let read = begin.elapsed().as_secs_f64();
    finish(draft, begin, read, loaded)
}

fn finish(draft: Draft, begin: Instant, read: f64, loaded: &mut Option<Loaded>) -> String {
    let Ok((network, _)) = draft.check(UnitPolicy::Warn) else { return "failed check".into() };
    let checked = begin.elapsed().as_secs_f64();
    let Ok(model) = compile(&network, &CompileOptions::default()) else { return "failed compile".into() };
    let compiled = begin.elapsed().as_secs_f64();
    let symbols = (0_u32..).zip(network.symbols());
    let species: Vec<SymbolIndex> = symbols
        .filter(|(_, symbol)| matches!(symbol.kind, SymbolKind::Species(_)))
        .map(|(index, _)| SymbolIndex(index))
        .collect();
    let mut answer = format!(
        "seconds {compiled} read {read} check {} compile {} states {} ids ",
        checked - read,
        compiled - checked,
        model.size().states
    );
    let ids: Vec<&str> = species.iter().map(|&index| &*network.symbol(index).id).collect();
    let _ = write!(answer, "{}", ids.join(","));
    *loaded = Some(Loaded { network, model, species });
    answer
}

fn run(loaded: &Loaded, times: &[f64], options: &SolveOptions, values: Option<&&str>) -> String {
    let begin = Instant::now();
    let solved = solve(&loaded.model, &Condition::default(), times, &loaded.species, options);
    let seconds = begin.elapsed().as_secs_f64();
    let trajectory = match solved {
        Ok(trajectory) => trajectory,
        Err(failure) => return format!("failed {}", failure.to_string().replace(' ', "_")),
    };
    if let Some(path) = values {
        let bytes: Vec<u8> = trajectory.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(path, bytes).expect("values can be written");
    }
    let work = trajectory.statistics;
    format!(
        "seconds {seconds} steps {} rhs {} jacobians {} factorizations {} starts {} events {}",
        work.steps, work.rhs_evaluations, work.jacobians, work.factorizations, work.starts, work.events
    )
}

fn members(loaded: &Loaded, times: &[f64], options: &SolveOptions, table: &str) -> String {
    let mut rows = table.lines();
    let header = rows.next().unwrap_or_default();
    let Some(symbols) = header.split(',').map(|id| loaded.network.index_of(id)).collect::<Option<Vec<_>>>() else {
        return "failed unknown_column".into();
    };
    let condition = |row: &str| Condition {
        initial: symbols.iter().copied().zip(row.split(',').map(|it| it.parse().expect("a number"))).collect(),
        changes: Vec::new(),
    };
    let conditions: Vec<Condition> = rows.map(condition).collect();
    let begin = Instant::now();
    let runs = conditions.iter().map(|condition| solve(&loaded.model, condition, times, &loaded.species, options));
    let failed = runs.filter(Result::is_err).count();
    format!("seconds {} members {} failures {failed}", begin.elapsed().as_secs_f64(), conditions.len())
}

fn times(end: &str, points: &str) -> Vec<f64> {
    let (end, points): (f64, u32) = (end.parse().expect("a time"), points.parse().expect("a count"));
    (0..=points).map(|i| end * f64::from(i) / f64::from(points)).collect()
}

fn options(relative_tolerance: &str, method: Method) -> SolveOptions {
    let relative_tolerance = relative_tolerance.parse().expect("a number");
    SolveOptions { relative_tolerance, method, ..SolveOptions::default() }
}
