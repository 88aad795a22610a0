//! A person's own SBML model, solved to a table.

mod columns;
mod constraints;
mod ensemble;
mod failure;
mod members;
mod rest;
mod runs;
mod settings;
mod slopes;
mod table;

pub use ensemble::{Ensemble, SolvedMember};
pub(crate) use failure::{failure_text, solve_failure};
pub use table::Table;

use crate::flux_balance::{FluxAnswer, flux_balance, is_flux_balance_only};
use crate::{Error, Model};
use columns::Columns;
use constraints::Watched;
use engine::{
    CompileError, CompileOptions, CompiledModel, SampleMethod, SampleOptions, SolveFailure, SolveOptions, Trajectory,
};
use network::{Condition, Draft, Network, SymbolIndex, UnitPolicy};
use source::{Diagnostic, Diagnostics, Place};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How time courses are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Differential equations.
    #[default]
    Ode,
    /// Every firing of every reaction at random, exactly.
    Ssa,
    /// Many random firings at once, where they hardly change how often reactions fire.
    Tau,
    /// Differential equations among abundant species, random firings among others.
    Hybrid,
    /// No course in time: the best steady rates by flux balance. Times and runs have no meaning then, and `variables`
    /// are reactions and the objective.
    Fba,
}

/// What to solve, and how.
#[derive(Debug, Clone, Default)]
pub struct SimulateRequest {
    /// First output time, in the model's unit; the run itself always begins at 0.
    pub start: f64,
    /// Last output time.
    pub end: f64,
    /// Number of equal intervals between outputs; there is one row more.
    pub steps: usize,
    /// Relative tolerance; `None` is 1e-6.
    pub relative_tolerance: Option<f64>,
    /// Absolute tolerance, the same for all states; `None` scales it to each state.
    pub absolute_tolerance: Option<f64>,
    /// Ids of columns in what they mean in the model's formulas. When this and the two lists below are empty, all species
    /// and everything a rule or event changes.
    pub variables: Vec<String>,
    /// Species to be read out as amounts. One that stands in `variables` too keeps its place there.
    pub amounts: Vec<String>,
    /// Species to be read out as concentrations. One that stands in `variables` too keeps its place there.
    pub concentrations: Vec<String>,
    /// Values before time starts, as `id=value` in the model's units.
    pub set: Vec<String>,
    /// With [`Method::Fba`]: the smallest and largest rate of each reaction that leave the objective at its best.
    pub variability: bool,
    /// Ids of parameters, compartments and species: derivatives of all columns with respect to their initial values, in
    /// what their names mean, are wanted too. They need [`Method::Ode`] and a single run.
    pub sensitivities: Vec<String>,
    /// The state of rest that the run comes to, instead of a course in time. Then `start` and `steps` have no meaning, and
    /// an `end` above 0 is the longest time that the run is carried on. It needs [`Method::Ode`] and a single run.
    pub steady_state: bool,
    /// How time courses are made.
    pub method: Method,
    /// Number of random runs whose mean and spread are wanted; with none or one, the table is the run itself.
    pub runs: Option<u64>,
    /// Seed of all that is left to chance.
    pub seed: u64,
    /// Threads for many runs; `None` is one per core. No result depends on it.
    pub threads: Option<usize>,
    /// Raised from elsewhere to stop the run.
    pub interrupt: Option<Arc<AtomicBool>>,
}

/// A solved model.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// `time` and the columns asked for, one row per output time, in the model's units; of several runs `X-mean` and
    /// `X-sd`, the sample standard deviation, for each column `X`; with sensitivities `dX/dp` for each `X` and `p`, after
    /// all columns. A steady state is one row without `time`.
    pub table: Table,
    /// What deserves a look in the model.
    pub warnings: Diagnostics,
    /// Of a steady state: its stability, leading eigenvalue and residual.
    pub note: Option<String>,
    /// Why the run stopped before its end; the table has the rows up to there.
    pub failure: Option<String>,
}

/// Solves an SBML model. `progress` is told how many of how many runs are done, from any thread.
///
/// # Errors
/// [`Error::Unsupported`] names the construct that is missing here; [`Error::BadInput`] what is wrong with the file or
/// the request; [`Error::Failed`] which of several runs failed and why, or why there is no steady state. A single run that
/// fails on its way is no error: it comes back with [`Simulation::failure`] and what it has, unless sensitivities were
/// asked for.
pub fn simulate(
    source: &Model,
    request: &SimulateRequest,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Simulation, Error> {
    if request.steady_state {
        rest::check(request)?;
        return rest::steady_state(Prepared::new(source, request)?, request);
    }
    if !request.sensitivities.is_empty() {
        slopes::check(request)?;
        let prepared = Prepared::new(source, request)?;
        let symbols = slopes::with_respect_to(&prepared, &request.sensitivities)?;
        let table = slopes::course(&prepared, &symbols)?;
        return Ok(Simulation { table, warnings: prepared.warnings, note: None, failure: None });
    }
    if request.method == Method::Fba {
        let FluxAnswer { table, warnings } = flux_balance(source, request)?;
        return Ok(Simulation { table, warnings, note: None, failure: None });
    }
    let mut prepared = Prepared::new(source, request)?;
    if let Some(count) = request.runs.filter(|count| *count > 1) {
        let table = runs::runs(&mut prepared, request, count, progress)?;
        return Ok(Simulation { table, warnings: prepared.warnings, note: None, failure: None });
    }
    let it = &prepared;
    let (trajectory, failure) = match it.solve(&it.condition, 0) {
        Ok(trajectory) => (trajectory, None),
        Err(failure) => match solve_failure(&it.network, &failure, &it.time_unit) {
            Error::Failed(text) => (*failure.partial, Some(text)),
            other => return Err(other),
        },
    };
    it.columns.check_sizes(&it.network, &trajectory)?;
    let table = table_of(&it.columns, &trajectory);
    let violations = constraints::violations(&it.watched, &trajectory, &it.time_unit);
    prepared.warnings.extend(violations);
    Ok(Simulation { table, warnings: prepared.warnings, note: None, failure })
}

/// A model compiled for a request.
struct Prepared {
    network: Network,
    model: CompiledModel,
    columns: Columns,
    /// Constraints, whose read-outs are recorded after what the columns need.
    watched: Vec<Watched>,
    condition: Condition,
    times: Vec<f64>,
    method: Method,
    options: SolveOptions,
    /// For messages.
    time_unit: String,
    warnings: Diagnostics,
}

impl Prepared {
    fn new(source: &Model, request: &SimulateRequest) -> Result<Self, Error> {
        let times = if request.steady_state { Vec::new() } else { output_times(request)? };
        let options = solve_options(request)?;
        let (mut draft, mut warnings) = read_draft(source)?;
        let observed = constraints::observe(&mut draft);
        let (network, more) = draft.check(UnitPolicy::Warn)?;
        warnings.extend(more);
        if is_flux_balance_only(&network) {
            let message =
                "the model has an objective of flux balance and no kinetic laws, so there is no course in time";
            let finding = Diagnostic::error(Place::file(&source.file.path), message);
            return Err(Diagnostics::from(finding.hint("ask for its best steady rates with --method fba")).into());
        }
        let (columns, about_columns) = Columns::new(&network, request)?;
        warnings.extend(about_columns);
        let model = engine::compile(&network, &CompileOptions::default()).map_err(|it| compile_error(&network, it))?;
        let condition = settings::condition(&network, &model, &request.set)?;
        let time_unit = time_unit(&network);
        let watched = constraints::watched(&network, observed);
        Ok(Self {
            network,
            model,
            columns,
            watched,
            condition,
            times,
            method: request.method,
            options,
            time_unit,
            warnings,
        })
    }

    /// One run under a condition; `run` chooses its random numbers among those of the seed.
    fn solve(&self, condition: &Condition, run: u64) -> Result<Trajectory, SolveFailure> {
        let Self { model, times, .. } = self;
        let outputs: Vec<SymbolIndex> =
            self.columns.outputs.iter().copied().chain(self.watched.iter().map(Watched::symbol)).collect();
        let options = SolveOptions { run, ..self.options.clone() };
        let method = match self.method {
            // Flux balance has no course in time and does not come here.
            Method::Ode | Method::Fba => return engine::solve(model, condition, times, &outputs, &options),
            Method::Ssa => SampleMethod::Ssa,
            Method::Tau => SampleMethod::TauLeap,
            Method::Hybrid => SampleMethod::Hybrid,
        };
        engine::sample(
            model,
            condition,
            times,
            &outputs,
            &SampleOptions { method, solve: options, ..SampleOptions::default() },
        )
    }
}

fn threads(request: &SimulateRequest) -> usize {
    request.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

fn table_of(columns: &Columns, trajectory: &Trajectory) -> Table {
    let header = std::iter::once("time").chain(columns.ids()).map(str::to_string).collect();
    let mut values = Vec::new();
    for (i, time) in trajectory.times.iter().enumerate() {
        values.push(*time);
        values.extend(columns.read(trajectory.row(i)));
    }
    Table { header, values }
}

/// The model as it stands in the file.
pub(crate) fn read_draft(source: &Model) -> Result<(Draft, Diagnostics), Error> {
    sbml::read_with(&source.file, &source.others).map_err(|error| match error {
        sbml::ReadError::Invalid(diagnostics) => Error::BadInput(diagnostics),
        sbml::ReadError::Unsupported { construct, place } => {
            Error::Unsupported(format!("unsupported SBML construct: {construct}\n  at {place}"))
        }
    })
}

fn output_times(request: &SimulateRequest) -> Result<Vec<f64>, Error> {
    let SimulateRequest { start, end, steps, .. } = *request;
    if !(start >= 0.0 && start.is_finite()) {
        return Err(Error::argument("--start", format!("a run begins at 0: {start}"), "give a time of 0 or later"));
    }
    if !(end >= start && end.is_finite()) {
        let message = format!("the end lies before the start: {end} < {start}");
        return Err(Error::argument("--end", message, "give a time after --start"));
    }
    if steps == 0 || steps > 10_000_000 {
        let message = format!("not a useful number of steps: {steps}");
        return Err(Error::argument("--steps", message, "give a number from 1 to 10000000"));
    }
    // Each time from its own index: adding up steps would add up rounding errors. Multiplied before divided, so that whole
    // times stay whole.
    let at = |i: usize| if i == steps { end } else { start + (end - start) * i as f64 / steps as f64 };
    Ok((0..=steps).map(at).collect())
}

fn solve_options(request: &SimulateRequest) -> Result<SolveOptions, Error> {
    let mut options =
        SolveOptions { seed: request.seed, interrupt: request.interrupt.clone(), ..SolveOptions::default() };
    if let Some(relative) = request.relative_tolerance {
        if !(relative > 0.0 && relative < 1.0) {
            let message = format!("not a relative tolerance: {relative}");
            return Err(Error::argument("--rtol", message, "give a number between 0 and 1, for example 1e-8"));
        }
        options.relative_tolerance = relative;
    }
    if let Some(absolute) = request.absolute_tolerance {
        if !(absolute > 0.0 && absolute.is_finite()) {
            let message = format!("not an absolute tolerance: {absolute}");
            return Err(Error::argument("--atol", message, "give a number above 0, for example 1e-12"));
        }
        options.absolute_tolerance = absolute;
        options.scale_tolerance_by_magnitude = false;
    }
    Ok(options)
}

/// The word for the model's unit of time, for messages; empty for plain numbers.
pub(crate) fn time_unit(network: &Network) -> String {
    let unit = network.units().time.as_ref().map(ToString::to_string).filter(|unit| unit != "1");
    unit.map_or_else(String::new, |unit| format!(" {unit}"))
}

/// An engine error with names put back.
pub(crate) fn compile_error(network: &Network, error: CompileError) -> Error {
    let name = |symbol: SymbolIndex| network.symbol(symbol).id.clone();
    match error {
        CompileError::Unsupported { construct, symbol } => {
            let place = symbol.map_or_else(String::new, |it| format!(" (at `{}`)", name(it)));
            Error::Unsupported(format!("unsupported construct: {construct}{place}"))
        }
        CompileError::Cycle { symbol } => Error::Failed(format!("the value of `{}` depends on itself", name(symbol))),
        CompileError::NotSettable { symbol } => {
            Error::Failed(format!("`{}` cannot be set: its value follows from a rule or a rate", name(symbol)))
        }
        other => Error::Failed(other.to_string()),
    }
}
