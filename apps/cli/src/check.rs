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
    let (errors, warnings) = checked.findings.counts();
    let counts = match (errors, warnings) {
        (0, 0) => "no findings".to_string(),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    };
    match errors {
        0 => {
            output::talk(arguments.quiet, &counts);
            Ok(())
        }
        _ if checked.unsupported => Err(Failure::Unsupported(format!("{}: {counts}", path.display()))),
        _ => Err(Failure::BadInput(format!("{}: {counts}", path.display()))),
    }
}

/// `1 error`, `3 warnings`.
fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
