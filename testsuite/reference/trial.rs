//! One model before the engine and the judge.

use crate::integrator;
use crate::judge::{Judge, Moment};
use crate::listing;
use engine::{Backend, CompileOptions, CompiledModel, SolveFailure, SolveOptions, Trajectory, compile, solve};
use network::{Condition, Network, SymbolIndex};

/// What the engine's and the judge's different order of adding and multiplying may make, relative to a value and to a
/// hundredth of the largest value of the model.
const ROUNDING: f64 = 1e-10;

/// Relative tolerance of the engine's run.
const ENGINE_TOLERANCE: f64 = 1e-8;

/// Between two outputs; a run that gets stuck fails soon.
const MOST_STEPS: usize = 20_000;

/// What the engine's run and the judge's may differ by, relative to the largest value of a state.
const AGREEMENT: f64 = 1e-5;

/// A model with all that judges it.
pub struct Trial<'n> {
    network: &'n Network,
    pub judge: Judge<'n>,
    interpreted: CompiledModel,
    compiled: CompiledModel,
    symbols: Vec<SymbolIndex>,
}

impl<'n> Trial<'n> {
    /// Compiles the model in both ways; an error tells why the engine refuses, and shows the model.
    pub fn new(network: &'n Network) -> Result<Self, String> {
        let compile = |backend| {
            compile(network, &CompileOptions { backend })
                .map_err(|error| format!("the engine refuses: {error}\n{}", listing::network(network)))
        };
        Ok(Self {
            network,
            judge: Judge { network },
            interpreted: compile(Backend::Interpreter)?,
            compiled: compile(Backend::MachineCode)?,
            symbols: network.symbols().iter().filter_map(|symbol| network.index_of(&symbol.id)).collect(),
        })
    }

    /// What a condition may set.
    pub fn settable(&self) -> impl Iterator<Item = SymbolIndex> {
        self.symbols.iter().copied().filter(|&symbol| self.interpreted.is_settable(symbol))
    }

    /// Number of the engine's states.
    pub fn state_count(&self) -> usize {
        self.interpreted.state_count()
    }

    /// Compares everything under a condition: the start, the equations at every output, and the course of the states.
    /// The error shows condition and model.
    pub fn check(&self, condition: &Condition, times: &[f64]) -> Result<Trajectory, String> {
        let check = || {
            let trajectory = self.solve(condition, times)?;
            self.compare_start(&trajectory, condition)?;
            self.compare_points(&trajectory)?;
            self.compare_course(&trajectory, condition)?;
            Ok(trajectory)
        };
        check().map_err(|message: String| {
            let condition = listing::condition(self.network, condition);
            format!("{message}\ngiven: {condition}\n{}", listing::network(self.network))
        })
    }

    /// Solves with the interpreter and with machine code; all symbols are outputs.
    pub fn solve(&self, condition: &Condition, times: &[f64]) -> Result<Trajectory, String> {
        self.solve_in_both_ways(condition, times)?.map_err(|failure| format!("the engine: {failure}"))
    }

    /// What both evaluators lead to, trajectory or failure; the outer error says where they do not agree bit for bit.
    pub fn solve_in_both_ways(
        &self,
        condition: &Condition,
        times: &[f64],
    ) -> Result<Result<Trajectory, SolveFailure>, String> {
        let options =
            SolveOptions { relative_tolerance: ENGINE_TOLERANCE, maximum_steps: MOST_STEPS, ..SolveOptions::default() };
        let solve = |model| solve(model, condition, times, &self.symbols, &options);
        let (interpreted, compiled) = (solve(&self.interpreted), solve(&self.compiled));
        let end = |outcome: &Result<Trajectory, SolveFailure>| match outcome {
            Ok(trajectory) => format!("the end, with {:?}", trajectory.statistics),
            Err(failure) => failure.to_string(),
        };
        if end(&interpreted) != end(&compiled) {
            let (a, b) = (end(&interpreted), end(&compiled));
            return Err(format!("the interpreter comes to {a}, and machine code to {b}"));
        }
        let (a, b) = (values(&interpreted), values(&compiled));
        match a.iter().zip(b).position(|(a, b)| a.to_bits() != b.to_bits()) {
            None => Ok(interpreted),
            Some(i) => {
                let (row, column) = (i / self.symbols.len(), i % self.symbols.len());
                let (id, time, a, b) = (&self.network.symbols()[column].id, times[row], a[i], b[i]);
                Err(format!("`{id}` at {time} is {a:?} by the interpreter and {b:?} by machine code"))
            }
        }
    }

    /// The values that the model starts with, and what the condition does at once.
    pub fn compare_start(&self, trajectory: &Trajectory, condition: &Condition) -> Result<(), String> {
        let mut start = self.judge.start(condition);
        for change in condition.changes.iter().filter(|change| change.time <= 0.0) {
            self.judge.apply(&mut start, change);
        }
        self.compare(trajectory, 0, &start).map_err(|it| format!("{it}, at the start"))
    }

    /// Rules, rates, observables and rates of change at every output, from the engine's own states there: no integrator
    /// has a part in this.
    pub fn compare_points(&self, trajectory: &Trajectory) -> Result<(), String> {
        for (row, &time) in trajectory.times.iter().enumerate() {
            let moment = self.judge.moment(time, |id| trajectory.value(row, self.column(id)));
            self.compare(trajectory, row, &moment).map_err(|it| format!("{it}, from the engine's states at {time}"))?;
        }
        Ok(())
    }

    /// All that the model has, to rounding.
    fn compare(&self, trajectory: &Trajectory, row: usize, moment: &Moment) -> Result<(), String> {
        let values: Vec<f64> =
            self.network.symbols().iter().map(|symbol| self.judge.value(moment, &symbol.id)).collect();
        let largest = values.iter().filter(|it| it.is_finite()).fold(0.0_f64, |largest, it| largest.max(it.abs()));
        for (column, &expected) in values.iter().enumerate() {
            let found = trajectory.value(row, column);
            if !close(found, expected, ROUNDING * (expected.abs() + 1e-2 * largest)) {
                let id = &self.network.symbols()[column].id;
                return Err(format!("`{id}` is {found:?}, and the judge says {expected:?}"));
            }
        }
        Ok(())
    }

    /// The states over time, as the judge's own integrator has them.
    fn compare_course(&self, trajectory: &Trajectory, condition: &Condition) -> Result<(), String> {
        let moments = integrator::run(&self.judge, condition, &trajectory.times);
        for id in self.judge.changing() {
            let expected: Vec<f64> = moments.iter().map(|moment| self.judge.value(moment, &id)).collect();
            let largest = expected.iter().fold(1e-3_f64, |largest, value| largest.max(value.abs()));
            for (row, (time, expected)) in trajectory.times.iter().zip(&expected).enumerate() {
                let found = trajectory.value(row, self.column(&id));
                if !close(found, *expected, AGREEMENT * largest) {
                    return Err(format!("`{id}` comes to {found:?} at {time}, and the judge's to {expected:?}"));
                }
            }
        }
        Ok(())
    }

    fn column(&self, id: &str) -> usize {
        self.network.index_of(id).expect("a name of the model").0 as usize
    }
}

/// The values up to the end or the failure.
fn values(outcome: &Result<Trajectory, SolveFailure>) -> &[f64] {
    match outcome {
        Ok(trajectory) => &trajectory.values,
        Err(failure) => &failure.partial.values,
    }
}

/// What is infinite or not a number must be the same.
pub fn close(found: f64, expected: f64, allowed: f64) -> bool {
    found == expected || (found.is_nan() && expected.is_nan()) || (found - expected).abs() <= allowed
}
