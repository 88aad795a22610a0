//! `enthesis convert`: a person's own SBML model in another form.

use crate::arguments::{ConvertArguments, Form};
use crate::failure::Failure;
use crate::{files, run};
use enthesis::Target;

/// Converts a model and writes it.
pub fn convert(arguments: &ConvertArguments) -> Result<(), Failure> {
    let file = files::read_model(&arguments.model)?;
    let target = match arguments.to {
        Form::L3v2 => Target::Level3Version2,
        Form::L3v1 => Target::Level3Version1,
        Form::Flat => Target::Flat,
        Form::Equations => Target::Equations,
    };
    let converted = enthesis::convert(&file, target)?;
    run::tell_warnings(&converted.warnings, arguments.quiet);
    files::write_or_show(arguments.output.as_deref(), &converted.text)
}
