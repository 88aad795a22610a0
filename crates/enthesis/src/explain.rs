//! What one thing is, does and rests on.

mod equations;
mod things;

use crate::citations::sentence;
use crate::{Biology, Error};
use evidence::Stance;
use source::{Diagnostic, Place, Placed, did_you_mean};

/// A text in sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Name, id and kind.
    pub title: String,
    /// What there is to say, under headings.
    pub sections: Vec<Section>,
}

/// Lines under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// For example `Evidence for`.
    pub heading: String,
    /// One per item; may be long.
    pub lines: Vec<String>,
}

impl Explanation {
    pub(crate) fn new(name: &str, id: &str, kind: &str) -> Self {
        let title = if name == id { format!("{id}: {kind}") } else { format!("{name} ({id}): {kind}") };
        Self { title, sections: Vec::new() }
    }

    /// Adds a section, unless there is nothing to say.
    pub(crate) fn section(mut self, heading: &str, lines: Vec<String>) -> Self {
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            self.sections.push(Section { heading: heading.to_string(), lines });
        }
        self
    }
}

/// Explains a signal, link, parameter, quantity, drug, subject, genotype, hypothesis, scenario, statement or module.
///
/// # Errors
/// [`Error::BadInput`] with the nearest known ids when nothing has this id.
pub fn explain(biology: &Biology, id: &str) -> Result<Explanation, Error> {
    things::find(biology, id).ok_or_else(|| {
        let known = things::ids(biology);
        let near = did_you_mean(id, known);
        let hint = match near.as_slice() {
            [] => "enthesis list signals, links or parameters shows what there is".to_string(),
            near => format!("did you mean {}?", near.join(" or ")),
        };
        Error::BadInput(Diagnostic::error(Place::file("ID"), format!("nothing is called `{id}`")).hint(hint).into())
    })
}

/// What speaks for and against some statements.
fn both_sides(biology: &Biology, explanation: Explanation, statements: &[&evidence::Statement]) -> Explanation {
    let side = |supports: bool| {
        let mut lines = Vec::new();
        for statement in statements {
            for item in statement.evidence.iter().filter(|item| (item.stance == Stance::Supports) == supports) {
                let stance = if item.stance == Stance::NoEffect { ", no effect seen" } else { "" };
                let reading =
                    if item.reading == evidence::Reading::Recalled { ", recalled, not yet checked" } else { "" };
                lines.push(format!(
                    "[{}] {}: {} ({}{stance}; {}{reading})",
                    item.tier,
                    sentence(statement),
                    item.finding.trim(),
                    item.organism,
                    paper(biology, &item.reference),
                ));
            }
        }
        lines
    };
    let against = side(false);
    let explanation = explanation.section("Evidence for", side(true));
    if against.is_empty() && !statements.is_empty() {
        return explanation.section("Evidence against", vec!["none recorded".to_string()]);
    }
    explanation.section("Evidence against", against)
}

/// The statements with these ids.
fn statements<'b>(biology: &'b Biology, ids: &[Placed<String>]) -> Vec<&'b evidence::Statement> {
    ids.iter().filter_map(|id| biology.content.evidence.statement(&id.value)).collect()
}

/// `Author year, address`.
pub(crate) fn paper(biology: &Biology, key: &str) -> String {
    match biology.content.evidence.reference(key) {
        Some(reference) => match reference.url() {
            Some(url) => format!("{}, {url}", reference.short_citation()),
            None => reference.short_citation(),
        },
        None => key.to_string(),
    }
}

fn papers(biology: &Biology, keys: &[Placed<String>]) -> Vec<String> {
    keys.iter().map(|key| paper(biology, &key.value)).collect()
}

fn labeled(label: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{label}: {text}") }
}
