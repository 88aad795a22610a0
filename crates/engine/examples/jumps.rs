//! How many jumps a second exact stochastic simulation makes:
//! `cargo run --release -p engine --example jumps [NETWORK [RUNS]]`.
//!
//! One thread; the best of 5 (or RUNS) runs of the whole of `sample`, with 100 output times. The networks are those of
//! `benches/peers/stochastic.py`, which times other programs on them.

use engine::{CompileOptions, CompiledModel, SampleMethod, SampleOptions, SolveOptions, compile, sample};
use network::{
    Compartment, Condition, Draft, Id, InitialValue, Reaction, Species, SymbolIndex, UnitPolicy, parse_equation,
    parse_formula,
};
use source::Place;
use std::time::Instant;

/// Species with their amounts, reactions with their propensities, and the end of the run.
struct Problem {
    name: &'static str,
    species: Vec<(String, f64)>,
    reactions: Vec<(String, String)>,
    end: f64,
}

fn main() {
    let wanted = std::env::args().nth(1);
    let runs = std::env::args().nth(2).map_or(5, |runs| runs.parse().expect("a number of runs"));
    println!("problem        reactions       jumps   seconds   million jumps per second");
    for problem in [birth_and_death(), vilar(), ring()] {
        if wanted.as_ref().is_none_or(|name| name == problem.name) {
            report(&problem, runs);
        }
    }
}

fn report(problem: &Problem, runs: u64) {
    let (model, outputs) = compiled(problem);
    let times: Vec<f64> = (0..=100).map(|i| problem.end * f64::from(i) / 100.0).collect();
    let run = |run| {
        let solve = SolveOptions { run, ..SolveOptions::default() };
        let options = SampleOptions { method: SampleMethod::Ssa, solve, ..SampleOptions::default() };
        sample(&model, &Condition::default(), &times, &outputs, &options).expect("the run succeeds").statistics.steps
    };
    let mut best: (f64, usize, f64) = (0.0, 0, 0.0);
    for member in 0..runs {
        let begin = Instant::now();
        let jumps = run(member);
        let seconds = begin.elapsed().as_secs_f64();
        let rate = jumps as f64 / seconds * 1e-6;
        if rate > best.0 {
            best = (rate, jumps, seconds);
        }
    }
    println!("{:14} {:9} {:11} {:9.3}   {:.1}", problem.name, problem.reactions.len(), best.1, best.2, best.0);
}

fn birth_and_death() -> Problem {
    Problem {
        name: "birth-death",
        species: vec![("X".into(), 1000.0)],
        reactions: vec![("=> X".into(), "1000".into()), ("X =>".into(), "X".into())],
        end: 5000.0,
    }
}

/// The circadian oscillator of Vilar, Kueh, Barkai & Leibler 2002 (doi:10.1073/pnas.092133899).
fn vilar() -> Problem {
    let species = ["DA", "DR", "DAx", "DRx", "MA", "MR", "A", "R", "C"];
    let reactions = [
        ("DA + A => DAx", "1 * DA * A"),
        ("DAx => DA + A", "50 * DAx"),
        ("DR + A => DRx", "1 * DR * A"),
        ("DRx => DR + A", "100 * DRx"),
        ("DA => DA + MA", "50 * DA"),
        ("DAx => DAx + MA", "500 * DAx"),
        ("DR => DR + MR", "0.01 * DR"),
        ("DRx => DRx + MR", "50 * DRx"),
        ("MA =>", "10 * MA"),
        ("MR =>", "0.5 * MR"),
        ("MA => MA + A", "50 * MA"),
        ("MR => MR + R", "5 * MR"),
        ("A + R => C", "2 * A * R"),
        ("C => R", "1 * C"),
        ("A =>", "1 * A"),
        ("R =>", "0.2 * R"),
    ];
    Problem {
        name: "Vilar",
        species: species
            .iter()
            .map(|id| ((*id).to_string(), if matches!(*id, "DA" | "DR") { 1.0 } else { 0.0 }))
            .collect(),
        reactions: reactions.iter().map(|&(equation, rate)| (equation.into(), rate.into())).collect(),
        end: 1000.0,
    }
}

/// A hundred places in a ring; molecules hop to either neighbor.
fn ring() -> Problem {
    let place = |i: usize| format!("X{}", i % 100);
    let hop = |from: usize, to: usize| (format!("{} => {}", place(from), place(to)), place(from));
    Problem {
        name: "ring",
        species: (0..100).map(|i| (place(i), 100.0)).collect(),
        reactions: (0..100).flat_map(|i| [hop(i, i + 1), hop(i, i + 99)]).collect(),
        end: 300.0,
    }
}

fn compiled(problem: &Problem) -> (CompiledModel, Vec<SymbolIndex>) {
    let place = Place::nowhere;
    let mut draft = Draft::default();
    draft.compartments.push(Compartment {
        id: Id::from("cell"),
        name: String::new(),
        size: Some(1.0),
        dimensions: 3.0,
        unit: None,
        constant: true,
        place: place(),
    });
    for (id, amount) in &problem.species {
        draft.species.push(Species {
            id: Id::from(id.as_str()),
            name: String::new(),
            compartment: Id::from("cell"),
            initial: InitialValue::Amount(*amount),
            substance_unit: None,
            only_substance: true,
            boundary: false,
            constant: false,
            conversion_factor: None,
            place: place(),
        });
    }
    for (i, (equation, rate)) in problem.reactions.iter().enumerate() {
        let (reactants, products, reversible) = parse_equation(equation).expect("an equation");
        draft.reactions.push(Reaction {
            id: Id::from(format!("reaction_{i}")),
            name: String::new(),
            reversible,
            fast: false,
            reactants,
            products,
            modifiers: Vec::new(),
            rate: Some(parse_formula(rate).expect("a formula")),
            place: place(),
        });
    }
    let (network, _) = draft.check(UnitPolicy::Warn).expect("the model is sound");
    let model = compile(&network, &CompileOptions::default()).expect("the model compiles");
    let outputs = problem.species.iter().filter_map(|(id, _)| network.index_of(id)).collect();
    (model, outputs)
}
