//! `enthesis simulate`: a person's own SBML model to a table.

use crate::arguments::{Method, SimulateArguments};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Bar;
use crate::{ensemble, files, output, run};
use enthesis::SimulateRequest;

/// Simulates a model and writes the table.
pub fn simulate(arguments: &SimulateArguments) -> Result<(), Failure> {
    let interrupt = Interrupt::install();
    let method = method(arguments);
    let timeless = method == Method::Fba || arguments.steady_state;
    let request = SimulateRequest {
        start: arguments.start,
        end: time_argument("--end", arguments.end, timeless)?,
        steps: time_argument("--steps", arguments.steps, timeless)?,
        relative_tolerance: arguments.rtol,
        absolute_tolerance: arguments.atol,
        variables: arguments.variables.clone(),
        amounts: arguments.amounts.clone(),
        concentrations: arguments.concentrations.clone(),
        set: arguments.set.clone(),
        sensitivities: arguments.sensitivities.clone(),
        steady_state: arguments.steady_state,
        variability: variability(arguments, method)?,
        method: method.into(),
        runs: arguments.runs,
        seed: arguments.seed,
        threads: arguments.threads,
        interrupt: Some(interrupt.flag()),
    };
    if let Some(table) = &arguments.ensemble {
        return ensemble::ensemble(arguments, table, &request, &interrupt);
    }
    let file = files::read_model(&arguments.model)?;
    let bar = Bar::new(arguments.quiet);
    let simulation = enthesis::simulate(&file, &request, &|done, total| bar.show(done, total));
    bar.clear();
    let simulation = simulation?;
    interrupt.check()?;
    run::tell_warnings(&simulation.warnings, arguments.quiet);
    if let Some(note) = &simulation.note {
        output::talk(arguments.quiet, note);
    }
    let Some(failure) = simulation.failure else { return write(arguments, &simulation.table.csv()) };
    let rows = simulation.table.rows().count();
    if rows > 0 {
        write(arguments, &simulation.table.csv())?;
    }
    let kept = if rows > 0 { "the rows up to there were written" } else { "nothing was written" };
    Err(Failure::Failed(format!("{failure}\n  note: {kept}")))
}

/// Without times nothing but flux balance can be meant.
fn method(arguments: &SimulateArguments) -> Method {
    let without_times = !arguments.steady_state && arguments.end.is_none() && arguments.steps.is_none();
    arguments.method.unwrap_or(if without_times { Method::Fba } else { Method::Ode })
}

/// Ranges of rates are a matter of flux balance.
fn variability(arguments: &SimulateArguments, method: Method) -> Result<bool, Failure> {
    if arguments.variability && method != Method::Fba {
        return Err(Failure::BadInput("--variability is for flux balance: leave --end and --steps out".into()));
    }
    Ok(arguments.variability)
}

/// An argument that every course in time needs.
fn time_argument<T: Default>(name: &str, given: Option<T>, timeless: bool) -> Result<T, Failure> {
    match given {
        None if !timeless => Err(Failure::BadInput(format!("a course in time needs {name}"))),
        given => Ok(given.unwrap_or_default()),
    }
}

fn write(arguments: &SimulateArguments, csv: &str) -> Result<(), Failure> {
    match &arguments.output {
        Some(path) => files::write(path, csv),
        None => output::data(csv),
    }
}
