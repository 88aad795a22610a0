//! How a rest depends on parameters, sizes and initial values.
//!
//! Where `f(y, q) = 0` and the totals `W y` are those of the run, the derivatives of `y` follow from one linear equation
//! (implicit function theorem): `J dy = -F dq` for independent states, `W dy = d(W y)` for the others. Totals and
//! parameters depend on what was asked for through the start and, where events happen on the way, through those.

use crate::balance::Balance;
use crate::compiled::CompiledModel;
use crate::derivatives::{Derivatives, Of};
use crate::sensitivity::start_derivatives;
use crate::solve::Run;
use crate::steady_state::{
    RestMethod, SteadyState, SteadyStateFailure, SteadyStateFailureKind, SteadyStateOptions, steady_state,
};
use crate::tangent::Tangent;
use network::{Condition, SymbolIndex};

/// A rest with its derivatives.
#[derive(Debug, Clone, PartialEq)]
pub struct SteadyStateSensitivities {
    /// The rest.
    pub rest: SteadyState,
    /// The symbols asked for; any, also rates of reactions and observables.
    pub outputs: Vec<SymbolIndex>,
    /// What the derivatives are with respect to.
    pub with_respect_to: Vec<SymbolIndex>,
    /// Row-major: output x symbol; in units of output over symbol.
    pub values: Vec<f64>,
}

impl SteadyStateSensitivities {
    /// The derivative of an output with respect to a symbol, both by position.
    pub fn value(&self, output: usize, symbol: usize) -> f64 {
        self.values[output * self.with_respect_to.len() + symbol]
    }
}

/// The rest that [`steady_state()`] finds, and the derivatives of outputs there with respect to the initial values of
/// symbols: of parameters, compartments and species, in what their names mean.
///
/// # Errors
/// As [`steady_state()`]; and [`SteadyStateFailureKind::ManyRests`] when the rest depends on more than parameters and
/// totals: there the derivatives of a long run ([`crate::sensitivities()`]) are the answer.
pub fn steady_state_sensitivities(
    model: &CompiledModel,
    condition: &Condition,
    outputs: &[SymbolIndex],
    with_respect_to: &[SymbolIndex],
    options: &SteadyStateOptions,
) -> Result<SteadyStateSensitivities, SteadyStateFailure> {
    let rest = steady_state(model, condition, options)?;
    let refuse = |error| SteadyStateFailure::not_started(&error);
    let start = start_derivatives(model, condition, with_respect_to, &options.solve).map_err(refuse)?;
    let derivatives = Derivatives::new(model, start.active, outputs);
    let mut tangent = Tangent::new(derivatives, start.of_states, start.of_parameters, start.sizes, false);
    if rest.statistics.events > 0 || !condition.changes.is_empty() {
        let times = [rest.time];
        let mut run = Run::new(model, condition, &times, &[], &options.solve).map_err(refuse)?;
        run.carry(tangent);
        tangent =
            run.go_to_the_end_with_tangent().map_err(|stop| rest.failure(SteadyStateFailureKind::Run(stop.kind)))?;
    }

    let states = &rest.states;
    let mut bound = model.bind(rest.parameters.clone());
    tangent.set_parameters(&mut bound);
    let mut balance = Balance::new(model);
    balance.observe(states);
    let factors = balance.factors(&mut bound, rest.time, states, 0.0);
    let Some(factors) = factors.filter(|_| rest.method == RestMethod::Newton) else {
        return Err(rest.failure(SteadyStateFailureKind::ManyRests));
    };
    let columns = with_respect_to.len();
    let totals: Vec<Vec<f64>> =
        tangent.of_states.chunks(states.len().max(1)).map(|column| balance.conservation.totals(column)).collect();
    tangent.of_states.fill(0.0);
    let mut solutions = tangent.total(Of::Rates, rest.time, states);
    for (column, totals) in solutions.chunks_mut(states.len().max(1)).zip(&totals) {
        balance.put_totals(column, totals);
        factors.solve(column);
    }
    tangent.of_states = solutions;
    let found = tangent.total(Of::Outputs, rest.time, states);
    let values = (0..outputs.len()).flat_map(|output| (0..columns).map(move |column| (output, column)));
    let values = values.map(|(output, column)| found[column * outputs.len() + output]).collect();
    Ok(SteadyStateSensitivities { rest, outputs: outputs.to_vec(), with_respect_to: with_respect_to.to_vec(), values })
}

#[cfg(test)]
mod tests;
