//! `enthesis document`: a text about the model.

use crate::arguments::{DocumentArguments, Text};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::{files, output, run};
use enthesis::{DocumentFormat, DocumentKind};

/// Writes the text in the format that the file's ending names; without a file as Markdown to stdout.
pub fn document(arguments: &DocumentArguments) -> Result<(), Failure> {
    let format = match &arguments.output {
        None => DocumentFormat::Markdown,
        Some(path) => files::format_of(path, "a text", &DocumentFormat::ENDINGS, DocumentFormat::of_ending)?,
    };
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
    files::write_or_show(arguments.output.as_deref(), &text)?;
    if let Some(path) = &arguments.output {
        output::talk(arguments.quiet, &format!("wrote {}", path.display()));
    }
    Ok(())
}
