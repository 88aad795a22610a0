//! `enthesis export`: the reference model as SBML.

use crate::arguments::{Edition, ExportArguments};
use crate::failure::Failure;
use crate::{files, run};
use enthesis::ExportRequest;

/// The word for the model at rest.
const REFERENCE: &str = "reference";

/// Writes the model, at rest or as an arm of a scenario.
pub fn export(arguments: &ExportArguments) -> Result<(), Failure> {
    let biology = run::open(arguments.biology.biology.as_deref(), arguments.quiet)?;
    let request = ExportRequest {
        scenario: if arguments.what == REFERENCE { None } else { Some(run::choice(&arguments.what)?) },
        species: arguments.species.clone(),
        arm: arguments.arm.clone(),
        hypothesis: arguments.hypothesis.clone(),
        set: arguments.set.clone(),
        off: arguments.off.clone(),
        version_1: arguments.to == Edition::L3v1,
    };
    let exported = enthesis::export(&biology, &request)?;
    run::tell_warnings(&exported.warnings, arguments.quiet);
    files::write_or_show(arguments.output.as_deref(), &exported.text)
}
