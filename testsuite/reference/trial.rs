//! One model before the engine and the judge.

use crate::integrator;
use crate::judge::{Judge, Moment};
use crate::listing;
use engine::{Backend, CompileOptions, CompiledModel, SolveOptions, Trajectory, compile, solve};
use network::{Condition, Network, SymbolIndex};

/// What the engine's and the judge's different order of adding and multiplying may make, relative to a value and to a
/// hundredth of the largest value of the model.
const ROUNDING: f64 = 1e-10;

/// Relative tolerance of the engine's run.
const ENGINE_TOLERANCE: f64 = 1e-8;

/// What the engine's run and the judge's may differ by, relative to the largest value of a state.
const AGREEMENT: f64 = 1e-5;

/// A model with all that judges it.
pub struct Trial<'n> {
    network: &'n Network,
    judge: Judge<'n>,
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

    /// Solves with the interpreter and with machine code, which must agree bit for bit; all symbols are outputs.
    pub fn solve(&self, condition: &Condition, times: &[f64]) -> Result<Trajectory, String> {
        let options = SolveOptions { relative_tolerance: ENGINE_TOLERANCE, ..SolveOptions::default() };
        let solve = |model| {
            solve(model, condition, times, &self.symbols, &options).map_err(|failure| format!("the engine: {failure}"))
        };
        let (interpreted, compiled) = (solve(&self.interpreted)?, solve(&self.compiled)?);
        if interpreted.statistics != compiled.statistics {
            let (a, b) = (interpreted.statistics, compiled.statistics);
            return Err(format!("interpreter and machine code do different work: {a:?}, {b:?}"));
        }
        // Bits, not values: what is not a number must be so in both.
        let bits = |trajectory: &Trajectory| -> Vec<u64> { trajectory.values.iter().map(|it| it.to_bits()).collect() };
        match bits(&interpreted).iter().zip(bits(&compiled)).position(|(a, b)| *a != b) {
            None => Ok(interpreted),
            Some(i) => {
                let (row, column) = (i / self.symbols.len(), i % self.symbols.len());
                let (a, b) = (interpreted.values[i], compiled.values[i]);
                let (id, time) = (&self.network.symbols()[column].id, times[row]);
                Err(format!("`{id}` at {time} is {a:?} by the interpreter and {b:?} by machine code"))
            }
        }
    }

    /// The values that the model starts with.
    fn compare_start(&self, trajectory: &Trajectory, condition: &Condition) -> Result<(), String> {
        self.compare(trajectory, 0, &self.judge.start(condition)).map_err(|it| format!("{it}, at the start"))
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
            let same = found == expected || (found.is_nan() && expected.is_nan());
            if !same && !((found - expected).abs() <= ROUNDING * (expected.abs() + 1e-2 * largest)) {
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
                if !((found - expected).abs() <= AGREEMENT * largest) {
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
