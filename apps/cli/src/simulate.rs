//! `enthesis simulate`: a person's own SBML model to a table.

use crate::arguments::SimulateArguments;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::{files, output, run};
use enthesis::SimulateRequest;

/// Simulates a model and writes the table.
pub fn simulate(arguments: &SimulateArguments) -> Result<(), Failure> {
    let interrupt = Interrupt::install();
    let file = files::read(&arguments.model)?;
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
        interrupt: Some(interrupt.flag()),
    };
    let simulation = enthesis::simulate(&file, &request)?;
    interrupt.check()?;
    run::tell_warnings(&simulation.warnings, arguments.quiet);
    match &arguments.output {
        Some(path) => files::write(path, &simulation.table.csv()),
        None => output::data(&simulation.table.csv()),
    }
}
