//! Values a person gives to parts of the model before time starts.

use super::columns::{kind_of, unknown};
use crate::Error;
use engine::CompiledModel;
use network::{Condition, Network, SymbolIndex};
use source::{Diagnostic, Diagnostics, Place};

/// The condition of settings such as `k=2`: values in the model's units; of a species, in what its name means.
///
/// # Errors
/// Every setting that cannot be carried out, with its reason.
pub(crate) fn condition(network: &Network, model: &CompiledModel, settings: &[String]) -> Result<Condition, Error> {
    let mut findings = Diagnostics::new();
    let mut initial = Vec::new();
    for setting in settings {
        match one(network, model, setting) {
            Ok(value) => initial.push(value),
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok(Condition { initial, changes: Vec::new() }) } else { Err(findings.into()) }
}

fn one(network: &Network, model: &CompiledModel, setting: &str) -> Result<(SymbolIndex, f64), Diagnostic> {
    let place = || Place::file("--set");
    let Some((id, value)) = setting.split_once('=') else {
        let message = format!("not a setting: `{setting}`");
        return Err(Diagnostic::error(place(), message).hint("write it as id=value, for example k1=0.5"));
    };
    let symbol = settable(network, model, place(), id.trim())?;
    let value = value.trim();
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((symbol, number)),
        _ => {
            let message = format!("the value of `{}` is not a number: `{value}`", id.trim());
            Err(Diagnostic::error(place(), message).hint("give a plain number, in the model's own unit"))
        }
    }
}

/// The symbol of an id to which a value may be given.
pub(crate) fn settable(
    network: &Network,
    model: &CompiledModel,
    place: Place,
    id: &str,
) -> Result<SymbolIndex, Diagnostic> {
    let hint = "`enthesis simulate` without --variables shows what changes; parameters stand in the file";
    let Some(symbol) = network.index_of(id) else { return Err(unknown(network.symbols(), place, id, hint)) };
    if model.is_settable(symbol) {
        return Ok(symbol);
    }
    let message =
        format!("`{id}` cannot be given a value: this {} follows from others", kind_of(network.symbol(symbol)));
    let hint = match network.dependencies(symbol).iter().find(|it| model.is_settable(**it)) {
        Some(other) => format!("set what it follows from, for example `{}`", network.symbol(*other).id),
        None => "set what it follows from".to_string(),
    };
    Err(Diagnostic::error(place, message).hint(hint))
}
