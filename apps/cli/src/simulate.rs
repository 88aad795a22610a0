//! `enthesis simulate`: a person's own SBML model to a table.

use crate::arguments::SimulateArguments;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Bar;
use crate::{ensemble, files, output, run};
use enthesis::SimulateRequest;

/// Simulates a model and writes the table.
pub fn simulate(arguments: &SimulateArguments) -> Result<(), Failure> {
    let interrupt = Interrupt::install();
    let request = SimulateRequest {
        start: arguments.start,
        end: arguments.end,
        steps: arguments.steps,
        relative_tolerance: arguments.rtol,
        absolute_tolerance: arguments.atol,
        variables: arguments.variables.clone(),
        amounts: arguments.amounts.clone(),
        concentrations: arguments.concentrations.clone(),
        set: arguments.set.clone(),
        method: arguments.method.into(),
        runs: arguments.runs,
        seed: arguments.seed,
        threads: arguments.threads,
        interrupt: Some(interrupt.flag()),
    };
    if let Some(table) = &arguments.ensemble {
        return ensemble::ensemble(arguments, table, &request, &interrupt);
    }
    let file = files::read(&arguments.model)?;
    let bar = Bar::new(arguments.quiet);
    let simulation = enthesis::simulate(&file, &request, &|done, total| bar.show(done, total));
    bar.clear();
    let simulation = simulation?;
    interrupt.check()?;
    run::tell_warnings(&simulation.warnings, arguments.quiet);
    let Some(failure) = simulation.failure else { return write(arguments, &simulation.table.csv()) };
    let rows = simulation.table.rows().count();
    if rows > 0 {
        write(arguments, &simulation.table.csv())?;
    }
    let kept = if rows > 0 { "the rows up to there were written" } else { "nothing was written" };
    Err(Failure::Failed(format!("{failure}\n  note: {kept}")))
}

fn write(arguments: &SimulateArguments, csv: &str) -> Result<(), Failure> {
    match &arguments.output {
        Some(path) => files::write(path, csv),
        None => output::data(csv),
    }
}
