//! The state of rest that a model comes to: one row of values.

use super::failure::rest_failure;
use super::{Method, Prepared, SimulateRequest, Simulation, Table, slopes};
use crate::Error;
use crate::numbers::short;
use engine::{
    FailureKind, Sensitivities, SolveOptions, Stability, SteadyState, SteadyStateFailureKind, SteadyStateOptions,
    Trajectory,
};
use source::{Diagnostic, Place};

const ARGUMENT: &str = "--steady-state";

/// A rest belongs to one run of differential equations.
///
/// # Errors
/// Random methods, several runs, and an end that is no length of time.
pub(super) fn check(request: &SimulateRequest) -> Result<(), Error> {
    if !(request.end >= 0.0 && request.end.is_finite()) {
        let message = format!("not a longest time for a run to come to rest: {}", request.end);
        return Err(Error::argument("--end", message, "give a time above 0, or leave it out"));
    }
    if request.method != Method::Ode {
        let message = "a steady state is one of differential equations: what is left to chance never rests";
        return Err(Error::argument(ARGUMENT, message, "use --method ode, or leave --steady-state out"));
    }
    if request.runs.is_some_and(|count| count > 1) {
        let message = "a steady state is that of one run, not of a mean of many";
        return Err(Error::argument(ARGUMENT, message, "leave --runs or --steady-state out"));
    }
    Ok(())
}

/// The columns at rest, and their derivatives with respect to what is asked for.
///
/// # Errors
/// Why there is no rest, and which species did not settle.
pub(super) fn steady_state(mut it: Prepared, request: &SimulateRequest) -> Result<Simulation, Error> {
    let symbols = slopes::with_respect_to(&it, &request.sensitivities)?;
    let mut options = SteadyStateOptions::default();
    options.tolerance = request.relative_tolerance.unwrap_or(options.tolerance);
    options.solve = SolveOptions {
        relative_tolerance: options.tolerance.min(options.solve.relative_tolerance),
        maximum_steps: options.solve.maximum_steps,
        ..it.options.clone()
    };
    if request.end > 0.0 {
        options.longest_time = request.end;
    }
    let (model, condition, outputs) = (&it.model, &it.condition, &it.columns.outputs);
    let found = if symbols.is_empty() {
        engine::steady_state(model, condition, &options).map(|rest| (rest, Vec::new()))
    } else {
        engine::steady_state_sensitivities(model, condition, outputs, &symbols, &options)
            .map(|found| (found.rest, found.values))
    };
    let (rest, slopes) = found.map_err(|failure| match failure.kind {
        SteadyStateFailureKind::Run(FailureKind::Interrupted) => Error::Interrupted,
        _ => Error::Failed(rest_failure(&it.network, &failure, &it.time_unit)),
    })?;
    let row = Trajectory {
        times: vec![rest.time],
        outputs: outputs.clone(),
        values: outputs.iter().map(|symbol| rest.value(*symbol)).collect(),
        statistics: rest.statistics,
    };
    it.columns.check_sizes(&it.network, &row)?;
    let header = slopes::header(&it, &symbols);
    let found = Sensitivities { trajectory: row, with_respect_to: symbols, values: slopes };
    let table = Table { header, values: slopes::values(&it.columns, &found, 0) };
    if let Some(doubt) = doubts(&rest) {
        it.warnings.push(doubt);
    }
    Ok(Simulation { table, warnings: it.warnings, note: Some(quality(&rest, &it.time_unit)), failure: None })
}

/// How good the rest is, and what small disturbances do.
fn quality(rest: &SteadyState, time_unit: &str) -> String {
    let stability = match rest.stability {
        Some(Stability::Stable) if rest.eigenvalues.is_empty() => "nothing in the model moves",
        Some(Stability::Stable) => "stable",
        Some(Stability::Unstable) => "unstable",
        Some(Stability::Marginal) => "marginal",
        None => "stability not known",
    };
    let leading = rest.eigenvalues.first().map_or_else(String::new, |&(real, imaginary)| {
        let imaginary = if imaginary == 0.0 { String::new() } else { format!(" +- {}i", short(imaginary.abs())) };
        let per = if time_unit.is_empty() { " per unit of time".to_string() } else { format!(" per{time_unit}") };
        format!("; leading eigenvalue {}{imaginary}{per}", short(real))
    });
    let (residual, time) = (short(rest.residual), short(rest.time));
    format!("steady state: {stability}{leading}; residual {residual}; the run was carried on to time {time}{time_unit}")
}

/// What a person should know about a rest that does not hold by itself.
fn doubts(rest: &SteadyState) -> Option<Diagnostic> {
    let warning = |message| Diagnostic::warning(Place::file(ARGUMENT), message);
    match rest.stability {
        Some(Stability::Stable) => None,
        Some(Stability::Unstable) => Some(
            warning("the steady state is unstable: some small disturbances of it grow")
                .hint("a run that begins a little beside it goes elsewhere"),
        ),
        Some(Stability::Marginal) => Some(
            warning("the steady state is marginal: some small disturbances of it neither grow nor die away")
                .hint("it may be one of many, chosen by the initial values"),
        ),
        None => Some(
            warning("whether the steady state is stable is not known: its eigenvalues could not be computed")
                .hint("begin a run a little beside it and see whether it comes back"),
        ),
    }
}
