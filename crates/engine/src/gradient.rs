//! How one number that a run gives depends on many parameters: the gradient, by the adjoint of the run.

use crate::adjoint::{Stuck, follow_back};
use crate::compiled::CompiledModel;
use crate::derivatives::Derivatives;
use crate::options::{FailureKind, Method, SolveFailure, SolveOptions};
use crate::sensitivity::start_derivatives;
use crate::solve::{Run, check_request};
use crate::trajectory::{Statistics, Trajectory};
use network::{Condition, SymbolIndex};

/// A term of a sum over the output times: given the position of the time and the values of the outputs there, returns
/// the term and writes its derivative with respect to each value to the slice, which holds zeros.
pub type Term<'a> = &'a dyn Fn(usize, &[f64], &mut [f64]) -> f64;

/// Half the sum of squares of what predictions differ from measurements, in units of their uncertainties.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquares {
    /// Row-major: time x output, in the output's unit; NaN where nothing was measured.
    pub measured: Vec<f64>,
    /// The uncertainty of each, in the same unit, above 0.
    pub deviations: Vec<f64>,
}

impl LeastSquares {
    /// The part of the sum that belongs to an output time, for use as a [`Term`].
    ///
    /// # Panics
    /// When there are fewer measurements than values of outputs.
    pub fn term(&self, time: usize, values: &[f64], slopes: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        for (output, value) in values.iter().enumerate() {
            let place = time * values.len() + output;
            let (measured, deviation) = (self.measured[place], self.deviations[place]);
            if !measured.is_nan() {
                let residual = (value - measured) / deviation;
                sum += 0.5 * residual * residual;
                slopes[output] = residual / deviation;
            }
        }
        sum
    }
}

/// A number that a run gives, with its derivatives.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient {
    /// The run.
    pub trajectory: Trajectory,
    /// The sum of the terms.
    pub value: f64,
    /// What the derivatives are with respect to.
    pub with_respect_to: Vec<SymbolIndex>,
    /// The derivative of the sum with respect to each of them, in units of the sum over the symbol's.
    pub derivatives: Vec<f64>,
    /// The work of going backwards.
    pub backwards: Statistics,
}

/// Solves as [`crate::solve()`] does, and gives the derivatives of a sum over the output times with respect to the initial
/// values of symbols: of parameters, compartments and species, in what their names mean. They mean the same as those of
/// [`crate::sensitivities()`], also across events, scheduled changes and places where rates jump.
///
/// Where that carries a column along for each symbol, this follows the run back once for all of them: the work is that of
/// a few runs, however many symbols there are. Take this for one number and many symbols, as in a fit with many unknown
/// parameters; take [`crate::sensitivities()`] for many numbers and few symbols. Steps are those of the stiff integrator,
/// forwards and backwards, both to the relative tolerance of `options`. The whole run is held in memory: up to 48 bytes
/// for each state and step.
///
/// ```
/// # use network::{Condition, Draft, UnitPolicy, parse_formula};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use engine::{CompileOptions, LeastSquares, SolveOptions, compile, gradient};
/// # let constant = |id: &str, value| network::Parameter {
/// #     id: network::Id::from(id), name: id.into(), value: Some(value), unit: None, constant: false,
/// #     place: source::Place::nowhere(),
/// # };
/// # let mut draft = Draft::default();
/// # draft.parameters = vec![constant("k", 0.5), constant("x", 3.0)];
/// # let value = parse_formula("-k * x").map_err(|error| format!("{error:?}"))?;
/// # draft.rules.push(network::Rule::Rate { target: "x".into(), value, place: source::Place::nowhere() });
/// # let (network, _) = draft.check(UnitPolicy::Warn).map_err(|findings| format!("{findings:?}"))?;
/// // The network says dx/dt = -k x, from x = 3 with k = 0.5.
/// let model = compile(&network, &CompileOptions::default())?;
/// let symbols: Vec<_> = ["k", "x"].iter().filter_map(|id| network.index_of(id)).collect();
/// let data = LeastSquares { measured: vec![2.0, 1.0], deviations: vec![0.1, 0.1] };
/// let term = |time: usize, values: &[f64], slopes: &mut [f64]| data.term(time, values, slopes);
/// let options = SolveOptions::default();
/// let found = gradient(&model, &Condition::default(), &[1.0, 2.0], &symbols[1..], &symbols, &term, &options)?;
/// // d/dk of 50 ((3 exp(-k) - 2)^2 + (3 exp(-2 k) - 1)^2)
/// let (a, b) = (3.0 * (-0.5_f64).exp(), 3.0 * (-1.0_f64).exp());
/// let expected = 100.0 * (-(a - 2.0) * a - 2.0 * (b - 1.0) * b);
/// assert!((found.derivatives[0] / expected - 1.0).abs() < 1e-4);
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`SolveFailure`] with its reason. Models with delayed events, algebraic rules or fast reactions are refused with
/// [`FailureKind::NoGradient`] or, where there are no derivatives forwards either, [`FailureKind::NoDerivatives`].
pub fn gradient(
    model: &CompiledModel,
    condition: &Condition,
    output_times: &[f64],
    outputs: &[SymbolIndex],
    with_respect_to: &[SymbolIndex],
    term: Term,
    options: &SolveOptions,
) -> Result<Gradient, SolveFailure> {
    check_request(output_times, outputs, options)?;
    let delayed = model.events().iter().any(|event| event.has_delay).then_some("delayed events");
    let refusal = model.beyond_rates().or(model.draws()).map(FailureKind::NoDerivatives);
    if let Some(kind) = refusal.or(delayed.map(FailureKind::NoGradient)) {
        return Err(SolveFailure::before_start(kind, None, outputs));
    }
    let options = SolveOptions { method: Method::Stiff, ..options.clone() };
    let refuse = |error| SolveFailure::at_start(error, outputs);
    let start = start_derivatives(model, condition, with_respect_to, &options).map_err(refuse)?;
    let mut run = Run::new(model, condition, output_times, outputs, &options).map_err(refuse)?;
    run.keep_tape(Derivatives::new(model, start.active, outputs));
    let (trajectory, tape, mut derivatives) = run.finish_with_tape()?;

    let mut slopes = vec![0.0; trajectory.values.len()];
    let rows = slopes.chunks_mut(outputs.len().max(1)).enumerate();
    let value = rows.map(|(time, slopes)| term(time, trajectory.row(time), slopes)).sum();
    let adjoint = follow_back(&tape, &mut derivatives, &slopes, &options);
    let adjoint = adjoint.map_err(|stuck| stuck.failure(model, trajectory.clone()))?;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (states, active) = (adjoint.of_states.len(), adjoint.of_parameters.len());
    let derivative = |column: usize| {
        dot(&adjoint.of_states, &start.of_states[column * states..])
            + dot(&adjoint.of_parameters, &start.of_parameters[column * active..])
    };
    Ok(Gradient {
        value,
        with_respect_to: with_respect_to.to_vec(),
        derivatives: (0..with_respect_to.len()).map(derivative).collect(),
        backwards: adjoint.statistics,
        trajectory,
    })
}

impl Stuck {
    fn failure(self, model: &CompiledModel, trajectory: Trajectory) -> SolveFailure {
        SolveFailure {
            kind: self.stop.kind,
            time: self.time,
            step: 0.0,
            order: 1,
            symbol: self.stop.state.map(|state| model.state_symbol(state)),
            values: Vec::new(),
            partial: Box::new(trajectory),
        }
    }
}

#[cfg(test)]
mod tests;
