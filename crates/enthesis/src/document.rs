//! Texts about the model that are made from its files and its scores: parameters, equations, context of use, ten rules.

mod context;
mod parameters;
mod ten_rules;
#[cfg(test)]
mod tests;

use crate::biology::organism;
use crate::{Biology, Error};
use physiology::{Organism, Question, Scenario};
use report::{Document, DocumentSection};

/// Which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// Every parameter with value, unit, organism, basis, range, quality and sources.
    Parameters,
    /// All equations.
    Equations,
    /// What the model may and may not be used for; runs all studies.
    ContextOfUse,
    /// How well the Ten Rules of credible practice are kept.
    TenRules,
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DocumentFormat {
    Markdown,
    Html,
    /// One table of all rows.
    Tsv,
}

impl DocumentFormat {
    /// Endings of files.
    pub const ENDINGS: [&str; 3] = ["md", "html", "tsv"];

    /// The format of files with an ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        [Self::Markdown, Self::Html, Self::Tsv].into_iter().zip(Self::ENDINGS).find(|it| it.1 == ending).map(|it| it.0)
    }
}

/// Makes a document.
///
/// `species` is `human` or `mouse`, for parameters and equations. `progress` gets the number of finished runs and of all
/// runs; only the context of use has any.
///
/// # Errors
/// [`Error::BadInput`] when there is no such species, the format has no place for the document, or the biology says nothing
/// about it; [`Error::Failed`] when the studies cannot be run.
pub fn document(
    biology: &Biology,
    kind: DocumentKind,
    species: &str,
    format: DocumentFormat,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<String, Error> {
    let document = match kind {
        DocumentKind::Parameters => parameters::document(biology, organism(species)?)?,
        DocumentKind::Equations => equations(biology, organism(species)?)?,
        DocumentKind::ContextOfUse => context::document(biology, progress)?,
        DocumentKind::TenRules => ten_rules::document(biology)?,
    };
    match format {
        DocumentFormat::Markdown => Ok(document.markdown()),
        DocumentFormat::Html => Ok(document.html()),
        DocumentFormat::Tsv => document.tsv().ok_or_else(|| {
            Error::argument("--output", "this document is not one table", "end the name of the file in .md or .html")
        }),
    }
}

fn equations(biology: &Biology, organism: Organism) -> Result<Document, Error> {
    let (assembly, _) = physiology::assemble(&biology.content, &Question::of(Scenario::rest(organism, 1.0)))?;
    let section = DocumentSection {
        title: "Equations".to_string(),
        lines: crate::convert::equations(&assembly.network),
        ..DocumentSection::default()
    };
    Ok(Document {
        title: format!("{}: equations, {organism}", biology.content.name),
        about: vec![
            "Formulas are written as in the files of the biology: a name is the value of a thing at the moment, x ^ n a \
             power, piecewise(a, condition, b) is a where the condition holds and else b. The values at the start are \
             computed once."
                .to_string(),
        ],
        sections: vec![section],
        made_by: made_by(biology),
    })
}

fn made_by(biology: &Biology) -> String {
    format!(
        "Made by enthesis {} from the biology {} (SHA-256 {}).",
        env!("CARGO_PKG_VERSION"),
        biology.origin,
        biology.fingerprint()
    )
}

/// `12 (30 %)`.
fn counted(count: usize, of: usize) -> String {
    format!("{count} ({:.0} %)", 100.0 * count as f64 / of.max(1) as f64)
}
