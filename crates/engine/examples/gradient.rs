//! What a gradient costs, backwards and forwards, by the number of parameters: a cascade in which each stage turns the next
//! one on, measured at its end.
//!
//!     cargo run --release -p engine --example gradient

use engine::{CompileOptions, LeastSquares, SensitivityOptions, SolveOptions, compile, gradient, sensitivities, solve};
use network::{Condition, Draft, Id, Parameter, Rule, UnitPolicy, parse_formula};
use source::Place;
use std::error::Error;
use std::time::Instant;

const TURNS: u32 = 3;

/// A cascade of so many stages: `stages` states, three parameters each.
fn cascade(stages: usize) -> Result<(Draft, Vec<String>), Box<dyn Error>> {
    let mut draft = Draft::default();
    let mut parameters = Vec::new();
    let constant = |id: &str, value: f64| Parameter {
        id: Id::from(id),
        name: id.to_string(),
        value: Some(value),
        unit: None,
        constant: false,
        place: Place::nowhere(),
    };
    for stage in 0..stages {
        let [on, off, half, state] = ["on", "off", "half", "x"].map(|name| format!("{name}{stage}"));
        let before = if stage == 0 { "exp(-0.1 * time)".to_string() } else { format!("x{}", stage - 1) };
        let rate = format!("{on} * {before} / ({half} + {before}) * (1 - {state}) - {off} * {state}");
        let value = parse_formula(&rate).map_err(|error| format!("{error:?}"))?;
        draft.parameters.push(constant(&on, 1.0 + 0.01 * stage as f64));
        draft.parameters.push(constant(&off, 0.3));
        draft.parameters.push(constant(&half, 0.4));
        draft.parameters.push(constant(&state, 0.0));
        draft.rules.push(Rule::Rate { target: Id::from(state.as_str()), value, place: Place::nowhere() });
        parameters.extend([on, off, half]);
    }
    Ok((draft, parameters))
}

fn milliseconds(mut work: impl FnMut()) -> f64 {
    work();
    let start = Instant::now();
    (0..TURNS).for_each(|_| work());
    start.elapsed().as_secs_f64() * 1e3 / f64::from(TURNS)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("| states | parameters | run, ms | backwards, ms | forwards, ms | forwards : backwards | difference |");
    println!("|---|---|---|---|---|---|---|");
    let times = [5.0, 10.0, 20.0, 40.0];
    let (run, condition) = (SolveOptions::default(), Condition::default());
    for stages in [5, 20, 60] {
        let (draft, names) = cascade(stages)?;
        let (network, _) = draft.check(UnitPolicy::Warn).map_err(|findings| format!("{findings:?}"))?;
        let model = compile(&network, &CompileOptions::default())?;
        let all: Vec<_> = names.iter().filter_map(|name| network.index_of(name)).collect();
        let output = [network.index_of(&format!("x{}", stages - 1)).ok_or("no last stage")?];
        let data = LeastSquares { measured: vec![0.5; times.len()], deviations: vec![0.1; times.len()] };
        let term = |time: usize, values: &[f64], slopes: &mut [f64]| data.term(time, values, slopes);
        for count in [3, all.len() / 3, all.len()] {
            let symbols = &all[..count];
            let options = SensitivityOptions { solve: run.clone(), error_control: true };
            let back = gradient(&model, &condition, &times, &output, symbols, &term, &run)?;
            let forth = sensitivities(&model, &condition, &times, &output, symbols, &options)?;
            let (mut difference, mut largest) = (0.0_f64, 0.0_f64);
            for (column, found) in back.derivatives.iter().enumerate() {
                let mut expected = 0.0;
                for row in 0..times.len() {
                    let mut slopes = [0.0];
                    term(row, forth.trajectory.row(row), &mut slopes);
                    expected += slopes[0] * forth.value(row, 0, column);
                }
                difference = difference.max((found - expected).abs());
                largest = largest.max(expected.abs());
            }
            let alone = milliseconds(|| drop(solve(&model, &condition, &times, &output, &run)));
            let backwards = milliseconds(|| drop(gradient(&model, &condition, &times, &output, symbols, &term, &run)));
            let forwards = milliseconds(|| drop(sensitivities(&model, &condition, &times, &output, symbols, &options)));
            let ratio = forwards / backwards;
            let difference = difference / largest;
            println!(
                "| {stages} | {count} | {alone:.2} | {backwards:.2} | {forwards:.2} | {ratio:.2} | {difference:.0e} |"
            );
        }
    }
    Ok(())
}
