//! Published models: every file of the BioModels test data is read, checked, compiled and solved.
//!
//! What comes out is judged by what must hold for any model: the run reaches the end, all values are finite, and
//! interpreter and machine code give the same bits.

#[path = "../sbml/data.rs"]
mod data;

use engine::{Backend, CompileError, CompileOptions, SolveOptions, Trajectory, compile, solve};
use network::{Condition, Network, SymbolIndex};
use std::path::Path;
use std::time::Instant;

/// Models that do not run, each with the reason and a part of what is said.
const NOT_RUN: &[(&str, &str)] = &[
    // `ACvri`, `ACper` and `ACpdp` have rate rules and no value to begin with.
    ("BIOMD0000000034", "a value is not a finite number at time 0"),
    // All of its 144 reactions, irreversible ones as well, are marked fast: taken at its word it has no course in time, only
    // an equilibrium in which they have run dry, and none is found.
    ("BIOMD0000000588", "no values were found for which the algebraic rules and fast equilibria hold"),
    // The web page that answered a download.
    ("BIOMD0000001027", "read: error: the file is a web page, not SBML"),
    // Constraint-based models: fluxes are found by optimization, there is nothing to integrate.
    ("BIOMD0000001064", "unsupported: reaction without a kinetic law"),
    ("BIOMD0000001098", "check: error: `LOWER_BOUND` is not a known function"),
];

/// In each model's own unit of time.
const END: f64 = 100.0;

#[test]
fn biomodels() {
    let Some(folder) = data::folder("biomodels") else { return };
    let names = data::names(&folder);
    let mut surprises = Vec::new();
    let mut slowest = (0.0_f64, String::new());
    for name in &names {
        let id = name.trim_end_matches(".xml").to_string();
        let path = folder.join(name);
        let start = Instant::now();
        let outcome = std::panic::catch_unwind(|| run(&path)).unwrap_or_else(|_| Err("internal: a panic".to_string()));
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        if milliseconds > slowest.0 {
            slowest = (milliseconds, id.clone());
        }
        let listed = NOT_RUN.iter().find(|(listed, _)| *listed == id);
        match (outcome, listed) {
            (Ok(()), None) => {}
            (Err(message), Some((_, part))) if message.contains(part) => {}
            (Ok(()), Some(_)) => surprises.push(format!("{id} runs, but is listed")),
            (Err(message), _) => surprises.push(format!("{id}: {message}")),
        }
    }
    println!("{} files, {} of them known not to run", names.len(), NOT_RUN.len());
    println!("slowest, with both ways of evaluating: {} in {:.0} ms", slowest.1, slowest.0);
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}

fn run(path: &Path) -> Result<(), String> {
    let network = data::network(path)?;
    let interpreted = solve_with(&network, Backend::Interpreter)?;
    let compiled = solve_with(&network, Backend::MachineCode)?;
    let bits = |trajectory: &Trajectory| trajectory.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    if bits(&interpreted) != bits(&compiled) {
        return Err("interpreter and machine code differ".to_string());
    }
    match interpreted.values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(position) => {
            let symbol = network.symbol(interpreted.outputs[position % interpreted.outputs.len()]);
            Err(format!("`{}` is {}", symbol.id, interpreted.values[position]))
        }
    }
}

fn solve_with(network: &Network, backend: Backend) -> Result<Trajectory, String> {
    let model = compile(network, &CompileOptions { backend }).map_err(|error| match error {
        CompileError::Unsupported { construct, .. } => format!("unsupported: {construct}"),
        error => format!("compile: {error}"),
    })?;
    let species: Vec<SymbolIndex> = network.species().iter().filter_map(|it| network.index_of(&it.id)).collect();
    let times: Vec<f64> = (0..=10).map(|i| END * f64::from(i) / 10.0).collect();
    let options = SolveOptions { maximum_steps: 100_000, ..SolveOptions::default() };
    solve(&model, &Condition::default(), &times, &species, &options).map_err(|failure| {
        let symbol = failure.symbol.map_or(String::new(), |symbol| format!(" at `{}`", network.symbol(symbol).id));
        format!("solve: {failure}{symbol}")
    })
}
