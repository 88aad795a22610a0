//! How much the columns depend on values that a person may set.

use super::columns::Columns;
use super::failure::solve_failure;
use super::settings::settable;
use super::{Method, Prepared, SimulateRequest, Table};
use crate::Error;
use engine::{Sensitivities, SensitivityOptions};
use network::SymbolIndex;
use source::{Diagnostics, Place};

/// The ids of `--sensitivities`.
///
/// # Errors
/// Every id that the model does not have or whose value follows from others.
pub(super) fn with_respect_to(it: &Prepared, ids: &[String]) -> Result<Vec<SymbolIndex>, Error> {
    let mut findings = Diagnostics::new();
    let mut symbols = Vec::new();
    for id in ids.iter().map(|id| id.trim()).filter(|id| !id.is_empty()) {
        match settable(&it.network, &it.model, Place::file("--sensitivities"), id) {
            Ok(symbol) => symbols.push(symbol),
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok(symbols) } else { Err(findings.into()) }
}

/// Chance has no derivative.
///
/// # Errors
/// Random methods and several runs.
pub(super) fn check(request: &SimulateRequest) -> Result<(), Error> {
    if request.method != Method::Ode {
        let message = "derivatives are those of differential equations";
        return Err(Error::argument("--sensitivities", message, "use --method ode, or leave --sensitivities out"));
    }
    if request.runs.is_some_and(|count| count > 1) {
        let message = "derivatives are those of one run, not of a mean of many";
        return Err(Error::argument("--sensitivities", message, "leave --runs or --sensitivities out"));
    }
    Ok(())
}

/// A course in time: `time,X,...,dX/dp,...`.
///
/// # Errors
/// Also a run that fails on its way: its derivatives are lost with it.
pub(super) fn course(it: &Prepared, symbols: &[SymbolIndex]) -> Result<Table, Error> {
    let options = SensitivityOptions { solve: it.options.clone(), ..SensitivityOptions::default() };
    let found = engine::sensitivities(&it.model, &it.condition, &it.times, &it.columns.outputs, symbols, &options);
    let found = found.map_err(|failure| match solve_failure(&it.network, &failure, &it.time_unit) {
        Error::Failed(text) => Error::Failed(format!("{text}\n  note: nothing was written")),
        other => other,
    })?;
    it.columns.check_sizes(&it.network, &found.trajectory)?;
    let mut table = Table { header: vec!["time".to_string()], values: Vec::new() };
    table.header.extend(header(it, symbols));
    for (row, time) in found.trajectory.times.iter().enumerate() {
        table.values.push(*time);
        table.values.extend(values(&it.columns, &found, row));
    }
    Ok(table)
}

/// The columns, then the derivatives of the first one, of the second one, and so on.
pub(super) fn header(it: &Prepared, symbols: &[SymbolIndex]) -> Vec<String> {
    let slope = |id: &str, symbol: &SymbolIndex| format!("d{id}/d{}", it.network.symbol(*symbol).id);
    let slopes = it.columns.ids().flat_map(|id| symbols.iter().map(move |symbol| slope(id, symbol)));
    it.columns.ids().map(str::to_string).chain(slopes).collect()
}

/// The values under [`header`], at a time by its position.
pub(super) fn values(columns: &Columns, found: &Sensitivities, time: usize) -> Vec<f64> {
    let outputs = found.trajectory.row(time);
    let symbols = found.with_respect_to.len();
    let mut values: Vec<f64> = columns.read(outputs).collect();
    let width = values.len();
    values.resize(width * (1 + symbols), 0.0);
    for symbol in 0..symbols {
        let slopes: Vec<f64> = (0..outputs.len()).map(|output| found.value(time, output, symbol)).collect();
        for (column, slope) in columns.slopes(outputs, &slopes).enumerate() {
            values[width + column * symbols + symbol] = slope;
        }
    }
    values
}
