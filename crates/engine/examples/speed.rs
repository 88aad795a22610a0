//! How long a few known problems take: `cargo run --release -p engine --example speed`.
//!
//! One thread; each number is the best of many runs of the whole of `solve`, with 100 output times.

use engine::{Backend, CompileOptions, CompiledModel, SolveOptions, compile, solve};
use network::{Condition, Draft, Id, Parameter, Rule, SymbolIndex, UnitPolicy, parse_formula};
use source::Place;
use std::time::Instant;

/// States with their initial values and rates, and the end of the run.
struct Problem {
    name: &'static str,
    states: Vec<(String, f64, String)>,
    end: f64,
}

fn main() {
    println!("problem        rtol   backend      steps    rhs  rhs/step    lu  time, ms");
    for problem in problems() {
        for relative_tolerance in [1e-6, 1e-8] {
            for backend in [Backend::Interpreter, Backend::MachineCode] {
                report(&problem, relative_tolerance, backend);
            }
        }
    }
}

fn report(problem: &Problem, relative_tolerance: f64, backend: Backend) {
    let (model, outputs) = compiled(problem, backend);
    let times: Vec<f64> = (0..=100).map(|i| problem.end * f64::from(i) / 100.0).collect();
    let options = SolveOptions { relative_tolerance, ..SolveOptions::default() };
    let run = || solve(&model, &Condition::default(), &times, &outputs, &options).expect("the run succeeds");
    let work = run().statistics;
    let mut best = f64::INFINITY;
    let begin = Instant::now();
    while begin.elapsed().as_secs_f64() < 0.3 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!(
        "{:14} {:.0e}   {:11} {:6} {:6}      {:.2} {:5}  {:.4}",
        problem.name,
        relative_tolerance,
        format!("{backend:?}"),
        work.steps,
        work.rhs_evaluations,
        work.rhs_evaluations as f64 / work.steps as f64,
        work.factorizations,
        best * 1e3
    );
}

fn compiled(problem: &Problem, backend: Backend) -> (CompiledModel, Vec<SymbolIndex>) {
    let mut draft = Draft::default();
    for (id, initial, rate) in &problem.states {
        let id = Id::from(id.as_str());
        let value = parse_formula(rate).expect("a formula");
        draft.rules.push(Rule::Rate { target: id.clone(), value, place: Place::nowhere() });
        draft.parameters.push(Parameter {
            name: id.to_string(),
            id,
            value: Some(*initial),
            unit: None,
            constant: false,
            place: Place::nowhere(),
        });
    }
    let Ok((network, _)) = draft.check(UnitPolicy::Warn) else { panic!("{} is not sound", problem.name) };
    let outputs = problem.states.iter().filter_map(|(id, ..)| network.index_of(id)).collect();
    (compile(&network, &CompileOptions { backend }).expect("supported"), outputs)
}

fn problems() -> Vec<Problem> {
    let problem = |name, end, states: &[(&str, f64, &str)]| Problem {
        name,
        states: states.iter().map(|&(id, initial, rate)| (id.to_string(), initial, rate.to_string())).collect(),
        end,
    };
    vec![
        problem("decay", 10.0, &[("x", 1.0, "-x")]),
        problem("lotka_volterra", 50.0, &[("x", 2.0, "x - x * y"), ("y", 1.0, "x * y - y")]),
        problem(
            "robertson",
            1e5,
            &[
                ("a", 1.0, "-0.04 * a + 1e4 * b * c"),
                ("b", 0.0, "0.04 * a - 1e4 * b * c - 3e7 * b^2"),
                ("c", 0.0, "3e7 * b^2"),
            ],
        ),
        problem("van_der_pol", 2000.0, &[("x", 2.0, "v"), ("v", 0.0, "1000 * (1 - x^2) * v - x")]),
        problem(
            "oregonator",
            360.0,
            &[
                ("x", 1.0, "77.27 * (y + x * (1 - 8.375e-6 * x - y))"),
                ("y", 2.0, "(z - (1 + x) * y) / 77.27"),
                ("z", 3.0, "0.161 * (x - z)"),
            ],
        ),
        cascade(30),
        cascade(500),
    ]
}

/// A loop of `count` conversions whose last member inhibits the first.
fn cascade(count: usize) -> Problem {
    let rate = |i: usize| match i {
        0 => format!("1 / (1 + x{}^4) - 0.5 * x0", count - 1),
        _ => format!("0.5 * (x{} - x{i})", i - 1),
    };
    let name = if count < 100 { "cascade_30" } else { "cascade_500" };
    Problem { name, states: (0..count).map(|i| (format!("x{i}"), 0.0, rate(i))).collect(), end: 300.0 }
}
