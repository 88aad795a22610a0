//! From `*.evidence.toml`, `*.bib` and `map/layout.toml` to [`Evidence`].

mod records;
#[cfg(test)]
mod tests;

use crate::reference::read_bib;
use crate::{Evidence, Statement, Thing, check, layout};
use records::Records;
use source::{Diagnostic, Diagnostics, Place, SourceTree, did_you_mean};
use std::collections::BTreeMap;

/// Reads every `*.evidence.toml`, every `*.bib` and the layout of the map, and checks them against each other.
///
/// Everything that could be read is returned, whatever the findings; a caller stops at
/// [`Diagnostics::has_errors`].
pub fn read(files: &SourceTree) -> (Evidence, Diagnostics) {
    let mut evidence = Evidence { complete: true, ..Evidence::default() };
    let mut findings = Diagnostics::new();
    for file in files.ending_in(".bib") {
        evidence.complete &= read_bib(file, &mut evidence.references, &mut findings);
    }
    let mut all = Records::default();
    for file in files.ending_in(".evidence.toml") {
        let errors_before = count_errors(&findings);
        if let Some(records) = records::read(file, &mut findings) {
            all.things.extend(records.things);
            all.statements.extend(records.statements);
        }
        evidence.complete &= count_errors(&findings) == errors_before;
    }
    evidence.things = once(all.things, "thing", |it: &Thing| (&it.id, &it.place), &mut findings);
    evidence.statements = once(all.statements, "statement", |it: &Statement| (&it.id, &it.place), &mut findings);
    if let Some(file) = files.get(layout::PATH) {
        evidence.layout = layout::read(file, &mut findings);
    }
    check::check(&evidence, &mut findings);
    (evidence, findings)
}

fn count_errors(findings: &Diagnostics) -> usize {
    findings.iter().filter(|it| it.severity == source::Severity::Error).count()
}

/// The first record of each id; a second is reported with the place of the first.
fn once<T>(records: Vec<T>, what: &str, key: impl Fn(&T) -> (&String, &Place), findings: &mut Diagnostics) -> Vec<T> {
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    let mut kept = Vec::new();
    for record in records {
        let (id, place) = key(&record);
        if let Some(first) = seen.get(id) {
            findings.push(
                Diagnostic::error(place.clone(), format!("{what} `{id}` is defined twice"))
                    .because(format!("it is also defined at {first}"))
                    .hint("give one of the two another id, or move what it says to the other"),
            );
            continue;
        }
        seen.insert(id.clone(), place.clone());
        kept.push(record);
    }
    kept
}

impl Evidence {
    /// The finding for a citation key that no `.bib` file defines.
    pub fn unknown_reference(&self, key: &str, place: &Place, citing: &str) -> Diagnostic {
        let finding = Diagnostic::error(place.clone(), format!("{citing} cites an unknown reference: `{key}`"));
        match did_you_mean(key, self.references.keys().map(String::as_str)).first() {
            Some(near) => finding.hint(format!("did you mean `{near}`?")),
            None => finding.hint("add it to a .bib file of the biology, with a DOI or PMID"),
        }
    }
}
