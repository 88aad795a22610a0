//! Random runs of a compiled model: the chances of single molecules instead of the mean of many.

use crate::compiled::CompiledModel;
use crate::jumps::{Stop, sample_exactly, sample_piecewise};
use crate::options::{FailureKind, SolveFailure, SolveOptions};
use crate::solve::check_request;
use crate::trajectory::Trajectory;
use network::{Condition, SymbolIndex};

/// How jumps are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SampleMethod {
    /// Every single firing of every reaction, exactly (Gillespie 1977, doi:10.1021/j100540a008).
    #[default]
    Ssa,
    /// Many firings at once, as long as they hardly change how often reactions fire (Cao, Gillespie & Petzold 2006,
    /// doi:10.1063/1.2159468).
    TauLeap,
    /// Reactions that change abundant species only (a thousand molecules and more of each, until there are fewer than
    /// 800) as differential equations, the others as jumps, whose hazard is integrated with them. What is divided how
    /// is looked at after every jump and step.
    Hybrid,
}

/// How to draw a random run.
#[derive(Debug, Clone)]
pub struct SampleOptions {
    /// How jumps are drawn.
    pub method: SampleMethod,
    /// For [`SampleMethod::TauLeap`]: by how much of itself a propensity may be expected to change in one leap.
    pub leap_error: f64,
    /// Seed and run, tolerances of what changes continuously, and how to stop early. The number of jumps is not limited.
    pub solve: SolveOptions,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self { method: SampleMethod::Ssa, leap_error: 0.03, solve: SolveOptions::default() }
    }
}

/// One random run under a condition, from time 0; reports the requested symbols at `output_times`.
///
/// A kinetic law, as it is written, is the propensity of its reaction: its mean number of firings per time at the
/// present amounts, which are numbers of molecules. So the law of `2 P -> P2` is `k*P*(P - 1)/2` with a `k` per pair.
/// One firing changes each amount by its stoichiometry times its conversion factor; concentrations follow from amounts
/// and the present sizes of compartments. The law of a reversible reaction is taken apart where it is a difference whose
/// second part names a product and the first does not; the two ways are then drawn apart.
///
/// Where rates depend on time, or on what has a rate rule, their hazard is integrated up to the next jump: exact within
/// the tolerances.
///
/// Seed and run in `options.solve` choose the random numbers: the same two give the same run, on any machine and thread,
/// and every run of a seed has numbers of its own. Events and scheduled changes happen exactly at their times, and where
/// one falls on an output time, the value after it is reported.
///
/// # Errors
/// [`SolveFailure`] with its reason and the trajectory so far. [`FailureKind::NegativePropensity`] and
/// [`FailureKind::NotFinite`] name a reaction, [`FailureKind::NegativeAmount`] a species and the reaction that fired,
/// [`FailureKind::NotForJumps`] what the method cannot do.
pub fn sample(
    model: &CompiledModel,
    condition: &Condition,
    output_times: &[f64],
    outputs: &[SymbolIndex],
    options: &SampleOptions,
) -> Result<Trajectory, SolveFailure> {
    let fail = |(kind, symbol): Stop, time, trajectory| SolveFailure {
        kind,
        time,
        step: 0.0,
        order: 1,
        symbol,
        values: Vec::new(),
        partial: Box::new(trajectory),
    };
    let nothing = || Trajectory { outputs: outputs.to_vec(), ..Trajectory::default() };
    check_request(output_times, outputs, &options.solve)?;
    let symbol = (model.algebraic > 0).then(|| model.state_symbol(model.state_count() - model.algebraic));
    let kind = match model.beyond_rates() {
        Some("algebraic rules") => Some("keep up algebraic rules; solve the differential equations instead"),
        Some("fast reactions") => Some("keep fast reactions at rest; solve the differential equations instead"),
        Some(_) => Some("look back in time; solve the differential equations instead"),
        None => None,
    };
    if let Some(what) = kind {
        return Err(fail((FailureKind::NotForJumps(what), symbol), 0.0, nothing()));
    }
    if !(options.leap_error > 0.0 && options.leap_error < 1.0) {
        return Err(fail((FailureKind::InvalidTolerance, None), 0.0, nothing()));
    }
    let flows = model.jumps.prepared(model).continuous.is_some();
    let (trajectory, result) = match options.method {
        SampleMethod::Hybrid => sample_piecewise(model, condition, output_times, outputs, options),
        SampleMethod::Ssa if flows => sample_piecewise(model, condition, output_times, outputs, options),
        SampleMethod::Ssa | SampleMethod::TauLeap => sample_exactly(model, condition, output_times, outputs, options),
    };
    match result {
        Ok(()) => Ok(trajectory),
        Err((stop, time)) => Err(fail(stop, time, trajectory)),
    }
}
