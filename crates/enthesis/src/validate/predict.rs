//! The numbers that the model gives where studies measured: all at once, as often as wanted.

use crate::Error;
use crate::run::{Varied, varied};
use crate::simulate::compile_error;
use engine::{CompileOptions, CompiledModel, SensitivityOptions, SolveOptions, Trajectory};
use network::{Condition, SymbolIndex};
use physiology::{Assembly, Biology, Measure, Measurement, Organism, Question, Refutation, Scenario};
use rayon::prelude::*;
use source::{Diagnostics, Place};
use study::{Slopes, Task, Uncertain};
use units::{Quantity, Unit};

/// Times at which recovery is looked at between its start and its end; its half lies on a line between two of them.
const RECOVERY_POINTS: u32 = 64;

const DAYS_IN_MONTH: f64 = 30.4375;
const DAYS_IN_YEAR: f64 = 365.25;

/// One number that is asked of the model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub scenario: &'a Scenario,
    pub arm: &'a str,
    pub versus: Option<&'a str>,
    /// Id of a read-out or another quantity.
    pub quantity: &'a str,
    pub from: f64,
    pub day: f64,
    pub measure: Measure,
    /// The unit of the number, when the measure has one.
    pub unit: Option<&'a Unit>,
}

/// What differs from the model as it stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub hypothesis: Option<String>,
    pub set: Vec<(String, Quantity)>,
}

/// A number of the model. What cannot be solved is not a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Prediction {
    /// In the words of the measure; for a sign, the change in percent.
    pub number: f64,
    /// The level that a change is a change of, in the unit asked for.
    pub level: f64,
    /// The level before anything was done, in the unit asked for.
    pub start: f64,
}

/// Every network compiled once, and what is to be read off its runs.
pub(crate) struct Predictor<'a> {
    biology: &'a Biology,
    models: Vec<Model>,
    /// Scenarios that are asked for, once each, with the position of their model.
    scenarios: Vec<(&'a Scenario, usize)>,
    runs: Vec<Run<'a>>,
    /// In the order of the questions; nothing where the model has no such quantity.
    asked: Vec<Option<Asked<'a>>>,
}

struct Model {
    assembly: Assembly,
    compiled: CompiledModel,
}

/// One arm, with everything that is asked of it.
struct Run<'a> {
    scenario: usize,
    arm: &'a str,
    times: Vec<f64>,
    outputs: Vec<SymbolIndex>,
}

struct Asked<'a> {
    ask: Ask<'a>,
    symbol: SymbolIndex,
    /// From the unit of the read-out to the one asked for.
    factor: f64,
    run: usize,
    versus: Option<usize>,
}

impl<'a> Ask<'a> {
    /// What a measurement asks for; `None` when it is not modeled.
    pub(crate) fn of(row: &'a Measurement, biology: &'a Biology) -> Option<Self> {
        Some(Self {
            scenario: biology.study(&row.study)?,
            arm: row.arm.as_ref()?,
            versus: row.versus.as_ref().map(|it| it.value.as_str()),
            quantity: row.readout.as_ref()?,
            from: row.from_day,
            day: row.day,
            measure: row.measure,
            unit: row.unit.as_ref().map(|it| &it.value),
        })
    }

    /// The change or difference in percent, or the level, that a refutation is about.
    pub(crate) fn of_refutation(it: &'a Refutation, biology: &'a Biology) -> Option<Self> {
        Some(Self {
            scenario: biology.scenario(&it.scenario, &Place::nowhere()).ok()?,
            arm: &it.arm,
            versus: it.versus.as_ref().map(|it| it.value.as_str()),
            quantity: &it.quantity,
            from: it.from_day,
            day: it.day,
            measure: match it {
                it if it.is_level => Measure::Level,
                it if it.versus.is_some() => Measure::PercentDifference,
                _ => Measure::PercentChange,
            },
            unit: None,
        })
    }

    /// The days whose values decide the number.
    fn days(&self) -> Vec<f64> {
        let mut days = vec![0.0, self.from, self.day];
        if self.measure == Measure::HalfTime {
            let step = (self.day - self.from) / f64::from(RECOVERY_POINTS);
            days.extend((1..RECOVERY_POINTS).map(|i| self.from + f64::from(i) * step));
        }
        days
    }

    /// The number, from the values of the arm and of the one it is compared with on these days.
    fn number(&self, v: &dyn Fn(f64) -> f64, w: Option<&dyn Fn(f64) -> f64>, factor: f64) -> Prediction {
        let (start, before, now) = (v(0.0), v(self.from), v(self.day));
        let other = w.map(|w| w(self.day));
        let base = other.unwrap_or(before);
        let change = 100.0 * (now / base - 1.0);
        let days = self.day - self.from;
        let number = match self.measure {
            Measure::PercentChange | Measure::PercentDifference | Measure::Sign => change,
            Measure::Fold => now / base,
            Measure::PercentPerMonth => change / days * DAYS_IN_MONTH,
            Measure::PercentPerYear => change / days * DAYS_IN_YEAR,
            Measure::Level => now * factor,
            Measure::Change | Measure::Difference => (now - base) * factor,
            Measure::ChangePerYear => (now - base) * factor / days * DAYS_IN_YEAR,
            Measure::Regained => {
                let lost = w.map_or(start, |w| w(self.from)) - before;
                let missing = other.unwrap_or(start) - now;
                100.0 * (1.0 - missing / lost)
            }
            Measure::ShareOfChange => 100.0 * (before - start) / (now - start),
            Measure::HalfTime => self.half_time(v),
            Measure::Other => f64::NAN,
        };
        Prediction { number, level: base * factor, start: start * factor }
    }

    /// Days until half of what was lost is regained.
    fn half_time(&self, v: &dyn Fn(f64) -> f64) -> f64 {
        let mut days = self.days();
        days.retain(|day| *day >= self.from);
        days.sort_by(f64::total_cmp);
        let (start, lowest) = (v(0.0), v(self.from));
        // 0 when recovery begins, 1 when all is regained, whatever the direction of the loss.
        let regained = |day: f64| (v(day) - lowest) / (start - lowest);
        for pair in days.windows(2) {
            let (a, b) = (regained(pair[0]), regained(pair[1]));
            if a < 0.5 && b >= 0.5 {
                return pair[0] + (pair[1] - pair[0]) * (0.5 - a) / (b - a) - self.from;
            }
        }
        f64::NAN
    }
}

/// A number as an effect in percent: what verdicts are made of. `level` is that of the prediction.
pub(crate) fn effect(row: &Measurement, number: f64, level: f64) -> f64 {
    let days = row.day - row.from_day;
    match row.measure {
        Measure::Fold => 100.0 * (number - 1.0),
        Measure::PercentPerMonth => number * days / DAYS_IN_MONTH,
        Measure::PercentPerYear => number * days / DAYS_IN_YEAR,
        Measure::Level => 100.0 * (number / row.value - 1.0),
        Measure::Change | Measure::Difference => 100.0 * number / level,
        Measure::ChangePerYear => 100.0 * number / level * days / DAYS_IN_YEAR,
        Measure::HalfTime => 100.0 * number / row.value,
        _ => number,
    }
}

impl<'a> Predictor<'a> {
    /// Compiles what the questions need.
    ///
    /// # Errors
    /// [`Error::BadInput`] when the biology does not assemble, [`Error::Failed`] when it does not compile.
    pub(crate) fn new(biology: &'a Biology, asks: &[Ask<'a>]) -> Result<Self, Error> {
        let mut models = Vec::new();
        let mut of_organism = Vec::new();
        for &organism in Organism::ALL {
            if asks.iter().any(|ask| ask.scenario.organism == organism) {
                of_organism.push((organism, models.len()));
                let question = Question::of(Scenario::rest(organism, 1.0));
                let (assembly, _) = physiology::assemble(biology, &question)?;
                let compiled = engine::compile(&assembly.network, &CompileOptions::default())
                    .map_err(|error| compile_error(&assembly.network, error))?;
                models.push(Model { assembly, compiled });
            }
        }
        let mut predictor = Self { biology, models, scenarios: Vec::new(), runs: Vec::new(), asked: Vec::new() };
        for ask in asks {
            let model = of_organism.iter().find(|(organism, _)| *organism == ask.scenario.organism);
            predictor.add(*ask, model.map_or(0, |(_, model)| *model));
        }
        for run in &mut predictor.runs {
            run.times.sort_by(f64::total_cmp);
            run.times.dedup();
        }
        Ok(predictor)
    }

    fn add(&mut self, ask: Ask<'a>, model: usize) {
        let known = self.scenarios.iter().position(|(scenario, _)| scenario.id == ask.scenario.id);
        let scenario = known.unwrap_or_else(|| {
            self.scenarios.push((ask.scenario, model));
            self.scenarios.len() - 1
        });
        let assembly = &self.models[model].assembly;
        // Quantities were checked when the biology was read.
        let Some(symbol) = assembly.network.index_of(ask.quantity) else { return self.asked.push(None) };
        let unit = assembly.readouts.iter().find(|it| it.id == ask.quantity).map(|it| &it.unit);
        let factor = ask.unit.zip(unit).and_then(|(asked, own)| own.factor_to(asked)).unwrap_or(1.0);
        let run = self.run(scenario, &ask, ask.arm, symbol);
        let versus = ask.versus.map(|arm| self.run(scenario, &ask, arm, symbol));
        self.asked.push(Some(Asked { ask, symbol, factor, run, versus }));
    }

    /// The run of an arm, which now also gives what is asked for.
    fn run(&mut self, scenario: usize, ask: &Ask, arm: &'a str, symbol: SymbolIndex) -> usize {
        let known = self.runs.iter().position(|run| run.scenario == scenario && run.arm == arm);
        let position = known.unwrap_or_else(|| {
            self.runs.push(Run { scenario, arm, times: Vec::new(), outputs: Vec::new() });
            self.runs.len() - 1
        });
        let run = &mut self.runs[position];
        run.times.extend(ask.days());
        if !run.outputs.contains(&symbol) {
            run.outputs.push(symbol);
        }
        position
    }

    /// The organisms whose models are asked.
    pub(crate) fn organisms(&self) -> impl Iterator<Item = Organism> {
        self.models.iter().map(|model| model.assembly.organism)
    }

    /// How many runs one prediction takes.
    pub(crate) fn run_count(&self) -> usize {
        self.runs.len()
    }

    /// The conditions of all runs, in their order.
    ///
    /// # Errors
    /// What the settings name is unknown or does not fit.
    pub(crate) fn conditions(&self, settings: &Settings) -> Result<Vec<Condition>, Diagnostics> {
        let mut runs_of = Vec::new();
        for (scenario, model) in &self.scenarios {
            let question = Question {
                hypotheses: settings.hypothesis.iter().cloned().collect(),
                set: settings.set.clone(),
                ..Question::of((*scenario).clone())
            };
            runs_of.push(physiology::runs_on(self.biology, &question, &self.models[*model].assembly.network)?.0);
        }
        let condition = |run: &Run| {
            let found =
                runs_of[run.scenario].iter().find(|it| it.arm == run.arm && it.hypothesis == settings.hypothesis);
            // Arms and hypotheses were checked.
            found.map_or_else(Condition::default, |it| it.condition.clone())
        };
        Ok(self.runs.iter().map(condition).collect())
    }

    /// The tasks that give the numbers under these conditions.
    pub(crate) fn tasks(&self, conditions: Vec<Condition>) -> Vec<Task<'_>> {
        self.runs
            .iter()
            .zip(conditions)
            .map(|(run, condition)| Task {
                model: &self.models[self.scenarios[run.scenario].1].compiled,
                condition,
                times: &run.times,
                outputs: &run.outputs,
            })
            .collect()
    }

    /// The numbers asked for, in the order of the questions, from what the tasks gave.
    pub(crate) fn numbers(&self, solved: &[Option<&Trajectory>]) -> Vec<Prediction> {
        let failed = Prediction { number: f64::NAN, level: f64::NAN, start: f64::NAN };
        let number = |asked: &Asked| {
            let value = |run: usize| {
                let trajectory = solved[run]?;
                let output = self.runs[run].outputs.iter().position(|it| *it == asked.symbol)?;
                let times = &self.runs[run].times;
                Some(move |day: f64| {
                    let time = times.partition_point(|it| *it < day);
                    trajectory.value(time, output)
                })
            };
            let v = value(asked.run)?;
            match asked.versus {
                None => Some(asked.ask.number(&v, None, asked.factor)),
                Some(versus) => {
                    let w = value(versus)?;
                    Some(asked.ask.number(&v, Some(&w), asked.factor))
                }
            }
        };
        self.asked.iter().map(|asked| asked.as_ref().and_then(number).unwrap_or(failed)).collect()
    }

    /// The numbers asked for under some settings, in the order of the questions. What cannot be solved is not a number.
    ///
    /// # Errors
    /// What the settings name is unknown or does not fit.
    pub(crate) fn predict(
        &self,
        settings: &Settings,
        options: &SolveOptions,
        finished: &(dyn Fn() + Sync),
    ) -> Result<Vec<Prediction>, Diagnostics> {
        let solved = study::solve_tasks(&self.tasks(self.conditions(settings)?), options, finished);
        let solved: Vec<Option<&Trajectory>> = solved.iter().map(|it| it.as_ref().ok()).collect();
        Ok(self.numbers(&solved))
    }

    /// The numbers asked for by each of many plausible sets of parameters.
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub(crate) fn ensemble(
        &self,
        members: usize,
        seed: u64,
        options: &SolveOptions,
        finished: &(dyn Fn() + Sync),
    ) -> Result<Vec<Vec<Prediction>>, Diagnostics> {
        let conditions = self.conditions(&Settings::default())?;
        let of_model = |model: &Model| varied(self.biology, &model.compiled, &model.assembly, options);
        let varied: Vec<Varied> = self.models.iter().map(of_model).collect();
        let mut predictions = Vec::new();
        for member in 0..members {
            let draws: Vec<Vec<f64>> =
                varied.iter().map(|it| study::draw(&it.uncertain, &it.joint, seed, member)).collect();
            let drawn = self.runs.iter().zip(&conditions).map(|(run, condition)| {
                let model = self.scenarios[run.scenario].1;
                study::drawn(condition, &varied[model].uncertain, &draws[model])
            });
            let solved = study::solve_tasks(&self.tasks(drawn.collect()), options, finished);
            let solved: Vec<Option<&Trajectory>> = solved.iter().map(|it| it.as_ref().ok()).collect();
            predictions.push(self.numbers(&solved));
        }
        Ok(predictions)
    }
}

/// A prediction with its derivatives with respect to parameters.
#[derive(Debug, Clone)]
pub(crate) struct Slope {
    pub prediction: Prediction,
    /// Of the number, one per parameter.
    pub derivatives: Vec<f64>,
}

impl Predictor<'_> {
    /// Parameters of an organism's model that may lie elsewhere, by id; `None` when no study of the organism is asked for.
    pub(crate) fn uncertain(&self, organism: Organism, id: &str) -> Option<Uncertain> {
        let model = self.models.iter().find(|model| model.assembly.organism == organism)?;
        crate::run::uncertain(&model.assembly).into_iter().find(|(it, _)| it == id).map(|(_, it)| it)
    }

    /// The numbers asked for at these values of parameters, each of the organism beside it, with derivatives. `None` when a
    /// run cannot be solved.
    pub(crate) fn slopes(
        &self,
        conditions: &[Condition],
        parameters: &[(Organism, Uncertain)],
        values: &[f64],
        options: &SensitivityOptions,
    ) -> Option<Vec<Slope>> {
        let solved: Option<Vec<Slopes>> = self
            .runs
            .par_iter()
            .zip(conditions)
            .map(|(run, condition)| {
                let organism = self.scenarios[run.scenario].0.organism;
                let own = parameters.iter().zip(values).filter(|((of, _), _)| *of == organism);
                let (own, own_values): (Vec<Uncertain>, Vec<f64>) = own.map(|((_, it), value)| (*it, *value)).unzip();
                let symbols: Vec<SymbolIndex> = own.iter().map(|it| it.symbol).collect();
                let task = Task {
                    model: &self.models[self.scenarios[run.scenario].1].compiled,
                    condition: study::drawn(condition, &own, &own_values),
                    times: &run.times,
                    outputs: &run.outputs,
                };
                study::slopes(&task, &symbols, options).ok()
            })
            .collect();
        let solved = solved?;
        let trajectories: Vec<Option<&Trajectory>> = solved.iter().map(|it| Some(&it.trajectory)).collect();
        let predictions = self.numbers(&trajectories);
        let slope = |(asked, prediction): (&Option<Asked>, Prediction)| {
            let derivatives = (0..parameters.len())
                .map(|parameter| asked.as_ref().map_or(0.0, |it| self.derivative(it, &solved, parameters, parameter)))
                .collect();
            Slope { prediction, derivatives }
        };
        Some(self.asked.iter().zip(predictions).map(slope).collect())
    }

    /// How a number changes with a parameter: along the derivatives of the values that it is made of.
    fn derivative(
        &self,
        asked: &Asked,
        solved: &[Slopes],
        parameters: &[(Organism, Uncertain)],
        parameter: usize,
    ) -> f64 {
        let (organism, it) = &parameters[parameter];
        if self.scenarios[self.runs[asked.run].scenario].0.organism != *organism {
            return 0.0;
        }
        // Of a few parts in a million of the range: a number is a smooth function of a handful of values.
        let step = 1e-6 * (it.upper - it.lower);
        let column = parameters[..parameter].iter().filter(|(of, _)| of == organism).count();
        let columns = parameters.iter().filter(|(of, _)| of == organism).count();
        let moved = |run: usize, by: f64| {
            move |day: f64| {
                let Run { times, outputs, .. } = &self.runs[run];
                let time = times.partition_point(|it| *it < day);
                let output = outputs.iter().position(|it| *it == asked.symbol).unwrap_or(0);
                let slope = solved[run].values[(time * outputs.len() + output) * columns + column];
                solved[run].trajectory.value(time, output) + by * slope
            }
        };
        let number = |by: f64| {
            let v = moved(asked.run, by);
            match asked.versus {
                None => asked.ask.number(&v, None, asked.factor).number,
                Some(versus) => asked.ask.number(&v, Some(&moved(versus, by)), asked.factor).number,
            }
        };
        (number(step) - number(-step)) / (2.0 * step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 until day 10, down to 80 on day 20, halfway back on day 30, all back on day 40.
    fn lost_and_regained(day: f64) -> f64 {
        match day {
            day if day <= 10.0 => 100.0,
            day if day <= 20.0 => 100.0 - 2.0 * (day - 10.0),
            day => (80.0 + (day - 20.0)).min(100.0),
        }
    }

    #[track_caller]
    fn check(measure: Measure, from: f64, day: f64, expected: f64) {
        let scenario = Scenario::rest(Organism::Human, 100.0);
        let ask = Ask { scenario: &scenario, arm: "rest", versus: None, quantity: "", from, day, measure, unit: None };
        let number = ask.number(&lost_and_regained, None, 0.001).number;
        assert!((number - expected).abs() < 1e-9, "{measure}: {number}, expected {expected}");
    }

    #[test]
    fn measures_of_one_arm() {
        check(Measure::PercentChange, 0.0, 20.0, -20.0);
        check(Measure::PercentChange, 20.0, 40.0, 25.0);
        check(Measure::Fold, 20.0, 40.0, 1.25);
        check(Measure::PercentPerMonth, 10.0, 20.0, -20.0 / 10.0 * 30.4375);
        check(Measure::PercentPerYear, 10.0, 20.0, -20.0 / 10.0 * 365.25);
        check(Measure::Level, 0.0, 20.0, 0.08);
        check(Measure::Change, 0.0, 20.0, -0.02);
        check(Measure::ChangePerYear, 10.0, 20.0, -0.02 / 10.0 * 365.25);
        check(Measure::Regained, 20.0, 25.0, 25.0);
        check(Measure::ShareOfChange, 15.0, 20.0, 50.0);
        check(Measure::HalfTime, 20.0, 40.0, 10.0);
    }

    #[test]
    fn what_never_comes_back_has_no_half_time() {
        let scenario = Scenario::rest(Organism::Human, 100.0);
        let ask = Ask {
            scenario: &scenario,
            arm: "rest",
            versus: None,
            quantity: "",
            from: 20.0,
            day: 29.0,
            measure: Measure::HalfTime,
            unit: None,
        };
        assert!(ask.number(&lost_and_regained, None, 1.0).number.is_nan());
    }

    #[test]
    fn measures_between_arms() {
        let scenario = Scenario::rest(Organism::Human, 100.0);
        let number = |measure, from, day| {
            let ask =
                Ask { scenario: &scenario, arm: "a", versus: Some("b"), quantity: "", from, day, measure, unit: None };
            let growing = |day: f64| 100.0 + day;
            ask.number(&lost_and_regained, Some(&growing), 1.0).number
        };
        let near = |number: f64, expected: f64| assert!((number - expected).abs() < 1e-9, "{number}, not {expected}");
        near(number(Measure::PercentDifference, 0.0, 20.0), 100.0 * (80.0 / 120.0 - 1.0));
        near(number(Measure::Fold, 0.0, 20.0), 80.0 / 120.0);
        near(number(Measure::Difference, 0.0, 20.0), -40.0);
        // 40 behind on day 20; on day 30, 90 beside 130, it still is.
        near(number(Measure::Regained, 20.0, 30.0), 0.0);
    }
}
