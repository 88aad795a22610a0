//! From a question to a report: assemble, compile, solve, report.

mod content;
mod measured;
mod solved;

pub(crate) use content::parameters;
pub(crate) use solved::{ENSEMBLE_TOLERANCE, Varied, uncertain, varied};

use crate::simulate::{compile_error, solve_failure};
use crate::{Biology, Error};
use engine::{CompileOptions, SolveOptions};
use physiology::{Assembly, Question, Scenario};
use report::{Findings, Provenance, Report, RequestRecord};
use source::{Diagnostic, Diagnostics, Place, SourceFile};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use units::{Quantity, Unit};

/// Hypotheses that every result is shown beside, if the biology has them.
pub(crate) const RIVALS: [&str; 2] = ["no_crosstalk", "load_only"];

/// Intervals between the times of a trajectory: enough for a smooth figure of a few doses.
const INTERVALS: usize = 120;

/// A question to the model.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What happens; several are compared in one report.
    pub scenarios: Vec<ScenarioChoice>,
    /// A dosing table that gives the arms in place of the scenarios' own.
    pub dosing: Option<Dosing>,
    /// Ids of hypotheses beside those that are always computed.
    pub hypotheses: Vec<String>,
    /// Parameters with other values, as `parameter=value unit`.
    pub set: Vec<String>,
    /// Ids of links that are switched off.
    pub off: Vec<String>,
    /// Size of the ensemble; 0 computes no intervals.
    pub members: usize,
    /// Seed of the ensemble.
    pub seed: u64,
    /// Whether intervals of curves over time are wanted, not only of end points. Files show them; a table does not.
    pub curves: bool,
    /// Raised from elsewhere to stop the work.
    pub interrupt: Option<Arc<AtomicBool>>,
    /// When, as text, if the record should say so.
    pub created: Option<String>,
}

/// A scenario by name or by file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScenarioChoice {
    /// One of the biology.
    Named(String),
    /// One of a person's own.
    File(SourceFile),
}

/// A dosing table: one row an event, one individual an arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dosing {
    /// The table.
    pub table: SourceFile,
    /// Unit of its times, for example `h`.
    pub time_unit: String,
    /// How long a drug is given before a row that asks for steady state, for example `90 day`.
    pub run_in: String,
}

/// Runs the scenarios under all hypotheses and reports.
///
/// `progress` gets the number of finished runs and of all runs, from any thread.
///
/// # Errors
/// [`Error::BadInput`] for what was asked or written, [`Error::Failed`] when the model cannot be solved at its own
/// values. Ensemble members that fail are recorded in the report.
pub fn run(biology: &Biology, request: &Request, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Report, Error> {
    let mut warnings = Diagnostics::new();
    let scenarios = scenarios(biology, request, &mut warnings)?;
    let assemblies = assemble(biology, request, &scenarios, &mut warnings)?;
    let runs: usize = assemblies.iter().map(|it| it.runs.len()).sum();
    let counter = Counter::new(runs * (1 + request.members), progress);
    let mut findings = Findings { provenance: provenance(biology, request, &scenarios), ..Findings::default() };
    for (scenario, assembly) in scenarios.iter().zip(&assemblies) {
        let solved = solve(&biology.content, assembly, request, &counter)?;
        content::add(&mut findings, biology, request, scenario, assembly, &solved);
    }
    findings.warnings.extend(warnings.iter().map(|it| it.to_string().trim_start_matches("warning: ").to_string()));
    Ok(Report::new(findings))
}

fn solve(
    biology: &physiology::Biology,
    assembly: &Assembly,
    request: &Request,
    counter: &Counter,
) -> Result<solved::Solved, Error> {
    let network = &assembly.network;
    let model = engine::compile(network, &CompileOptions::default()).map_err(|error| compile_error(network, error))?;
    solved::solve(biology, &model, assembly, request, counter)
        .map_err(|failure| solve_failure(network, &failure, " day"))
        .and_then(|solved| if solve_options(request).interrupted() { Err(Error::Interrupted) } else { Ok(solved) })
}

pub(crate) fn solve_options(request: &Request) -> SolveOptions {
    SolveOptions { interrupt: request.interrupt.clone(), ..SolveOptions::default() }
}

/// Counts what is finished for the progress.
pub(crate) struct Counter<'a> {
    done: AtomicUsize,
    total: usize,
    progress: &'a (dyn Fn(usize, usize) + Sync),
}

impl<'a> Counter<'a> {
    pub(crate) fn new(total: usize, progress: &'a (dyn Fn(usize, usize) + Sync)) -> Self {
        Self { done: AtomicUsize::new(0), total, progress }
    }

    pub(crate) fn finished(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.progress)(done, self.total);
    }
}

/// The scenarios asked for; every unknown name is reported.
fn scenarios(biology: &Biology, request: &Request, warnings: &mut Diagnostics) -> Result<Vec<Scenario>, Error> {
    let mut found = Vec::new();
    let mut errors = Diagnostics::new();
    for choice in &request.scenarios {
        match scenario(biology, choice, warnings) {
            Ok(scenario) => found.push(scenario),
            Err(more) => errors.extend(more),
        }
    }
    for (i, scenario) in found.iter().enumerate() {
        if found[..i].iter().any(|it| it.id == scenario.id) {
            let message = format!("the scenario `{}` is asked for twice", scenario.id);
            errors.push(Diagnostic::error(scenario.place.clone(), message).hint("give the files different ids"));
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    match &request.dosing {
        Some(dosing) => dosed(biology, dosing, &found, warnings),
        None => Ok(found),
    }
}

/// A scenario by name or from a file.
pub(crate) fn scenario(
    biology: &Biology,
    choice: &ScenarioChoice,
    warnings: &mut Diagnostics,
) -> Result<Scenario, Diagnostics> {
    match choice {
        ScenarioChoice::Named(id) => match biology.content.scenario(id, &Place::file("SCENARIO")) {
            Ok(scenario) => Ok(scenario.clone()),
            Err(error) => Err(error.into()),
        },
        ScenarioChoice::File(file) => {
            let (scenario, more) = physiology::read_scenario(file, &biology.content)?;
            warnings.extend(more);
            Ok(scenario)
        }
    }
}

/// The scenarios with the arms of a dosing table.
fn dosed(
    biology: &Biology,
    dosing: &Dosing,
    scenarios: &[Scenario],
    warnings: &mut Diagnostics,
) -> Result<Vec<Scenario>, Error> {
    let wrong = |argument: &str, text: &str, example: &str| {
        let message = format!("`{text}` is no {}", if argument == "--run-in" { "time" } else { "unit of time" });
        Diagnostic::error(Place::file(argument), message).hint(format!("write for example `{example}`"))
    };
    let time_unit = Unit::parse(&dosing.time_unit);
    let run_in_days = Quantity::parse(&dosing.run_in).ok().and_then(|it| it.value_in(&Unit::day()));
    let (Ok(time_unit), Some(run_in_days)) = (&time_unit, run_in_days.filter(|days| *days >= 0.0)) else {
        return Err(Diagnostics::from(match time_unit {
            Err(_) => wrong("--time-unit", &dosing.time_unit, "h"),
            Ok(_) => wrong("--run-in", &dosing.run_in, "90 day"),
        })
        .into());
    };
    let options = physiology::DosingOptions { time_unit: time_unit.clone(), run_in_days };
    let mut all = Vec::new();
    for scenario in scenarios {
        let (scenario, more) = physiology::read_dosing(&dosing.table, &options, scenario, &biology.content)?;
        warnings.extend(more);
        all.push(scenario);
    }
    Ok(all)
}

/// One assembly per scenario; the findings of all of them at once.
fn assemble(
    biology: &Biology,
    request: &Request,
    scenarios: &[Scenario],
    warnings: &mut Diagnostics,
) -> Result<Vec<Assembly>, Error> {
    let hypotheses = hypotheses(biology, request);
    let set = settings(&request.set)?;
    let mut assemblies = Vec::new();
    let mut errors = Diagnostics::new();
    for scenario in scenarios {
        let question = Question {
            scenario: scenario.clone(),
            hypotheses: hypotheses.clone(),
            set: set.clone(),
            off: request.off.clone(),
        };
        match physiology::assemble(&biology.content, &question) {
            Ok((assembly, more)) => {
                assemblies.push(assembly);
                warnings.extend(more);
            }
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() { Ok(assemblies) } else { Err(errors.without_repeats().into()) }
}

/// What was asked for first, then the rivals that are always shown.
fn hypotheses(biology: &Biology, request: &Request) -> Vec<String> {
    let known = |id: &str| biology.content.hypotheses.iter().any(|it| it.id == id);
    let mut hypotheses: Vec<String> = Vec::new();
    let rivals = RIVALS.iter().filter(|id| known(id)).map(|id| (*id).to_string());
    for id in request.hypotheses.iter().cloned().chain(rivals) {
        if !hypotheses.contains(&id) {
            hypotheses.push(id);
        }
    }
    hypotheses
}

/// `parameter=value unit`, read; every misfit is reported.
pub(crate) fn settings(texts: &[String]) -> Result<Vec<(String, Quantity)>, Error> {
    let mut settings = Vec::new();
    let mut errors = Diagnostics::new();
    let place = || Place::file("--set");
    for text in texts {
        let Some((id, value)) = text.split_once('=') else {
            let message = format!("not a setting: `{text}`");
            errors
                .push(Diagnostic::error(place(), message).hint("write PARAM=VALUE_WITH_UNIT, for example k=0.5 1/day"));
            continue;
        };
        match Quantity::parse(value.trim()) {
            Ok(quantity) => settings.push((id.trim().to_string(), quantity)),
            Err(error) => {
                let diagnostic = Diagnostic::error(place(), format!("{} in `{text}`", error.message));
                errors.push(match error.hint {
                    Some(hint) => diagnostic.hint(hint),
                    None => diagnostic,
                });
            }
        }
    }
    if errors.is_empty() { Ok(settings) } else { Err(errors.into()) }
}

fn provenance(biology: &Biology, request: &Request, scenarios: &[Scenario]) -> Provenance {
    let options = solve_options(request);
    Provenance {
        program: concat!("enthesis ", env!("CARGO_PKG_VERSION")).to_string(),
        created: request.created.clone(),
        biology: biology.origin.clone(),
        biology_sha256: biology.fingerprint(),
        request: RequestRecord {
            scenarios: scenarios.iter().map(|it| it.id.clone()).collect(),
            hypotheses: request.hypotheses.clone(),
            set: request.set.clone(),
            off: request.off.clone(),
            members: request.members,
            seed: request.seed,
        },
        relative_tolerance: options.relative_tolerance,
        absolute_tolerance: options.absolute_tolerance,
        ensemble_relative_tolerance: solved::ENSEMBLE_TOLERANCE,
        runs: Vec::new(),
        failed_members: Vec::new(),
    }
}
