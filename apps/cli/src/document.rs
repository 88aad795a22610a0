//! `enthesis document`: a text about the model.

use crate::arguments::{DocumentArguments, Text};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::{files, output, run};
use enthesis::{DocumentFormat, DocumentKind};

/// Writes the text in the format that the file's ending names; without a file as Markdown to stdout.
pub fn document(arguments: &DocumentArguments) -> Result<(), Failure> {
    let format = format(arguments)?;
    let biology = run::open(arguments.biology.biology.as_deref(), arguments.quiet)?;
    let kind = match arguments.what {
        Text::Parameters => DocumentKind::Parameters,
        Text::Equations => DocumentKind::Equations,
        Text::ContextOfUse => DocumentKind::ContextOfUse,
        Text::TenRules => DocumentKind::TenRules,
    };
    let bar = Bar::new(arguments.quiet);
    let show = |done, total| bar.show(done as u64, total as u64);
    let text = enthesis::document(&biology, kind, &arguments.species, format, &show)?;
    bar.clear();
    match &arguments.output {
        Some(path) => {
            files::write(path, &text)?;
            output::talk(arguments.quiet, &format!("wrote {}", path.display()));
            Ok(())
        }
        None => output::data(&text),
    }
}

fn format(arguments: &DocumentArguments) -> Result<DocumentFormat, Failure> {
    let Some(path) = &arguments.output else { return Ok(DocumentFormat::Markdown) };
    let ending = path.extension().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    DocumentFormat::of_ending(&ending).ok_or_else(|| {
        Failure::BadInput(format!(
            "no format of a text has the ending of {}\n  at --output\n  hint: end it in one of: {}",
            path.display(),
            DocumentFormat::ENDINGS.join(", ")
        ))
    })
}
