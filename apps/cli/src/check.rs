//! `enthesis check`: what deserves a look in a biology folder or an SBML model.

use crate::arguments::CheckArguments;
use crate::failure::Failure;
use crate::{files, output};

/// Checks a folder as a biology, a file as a model; every finding goes to stdout with its place.
pub fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let path = &arguments.path;
    let checked = if path.is_dir() {
        enthesis::check_biology(&files::read_biology(path)?)
    } else {
        enthesis::check_model(&files::read_model(path)?)
    };
    let mut text = String::new();
    for finding in checked.findings.iter() {
        text.push_str(&format!("{finding}\n"));
    }
    output::data(&text)?;
    for line in &checked.summary {
        output::talk(arguments.quiet, line);
    }
    let count = checked.findings.iter().count();
    if checked.findings.has_errors() {
        return Err(Failure::BadInput(format!("{} has errors: {count} findings", path.display())));
    }
    output::talk(arguments.quiet, &if count == 0 { "no findings".to_string() } else { format!("{count} findings") });
    Ok(())
}
