//! From `*.evidence.toml` and `*.bib` to [`Evidence`].

use crate::reference::read_bib;
use crate::{Evidence, EvidenceItem, Statement};
use source::{Diagnostic, Diagnostics, Placed, Record, SourceFile, SourceTree, did_you_mean};
use std::collections::BTreeMap;

/// Reads every `*.evidence.toml` and every `*.bib` of a tree.
///
/// Everything that could be read is returned, whatever the findings; a caller stops at
/// [`Diagnostics::has_errors`].
pub fn read(files: &SourceTree) -> (Evidence, Diagnostics) {
    let mut evidence = Evidence { complete: true, ..Evidence::default() };
    let mut findings = Diagnostics::new();
    for file in files.ending_in(".bib") {
        evidence.complete &= read_bib(file, &mut evidence.references, &mut findings);
    }
    let mut items = Vec::new();
    for file in files.ending_in(".evidence.toml") {
        match read_file(file, &mut findings) {
            Some(statements) => items.extend(statements),
            None => evidence.complete = false,
        }
    }
    let mut seen: BTreeMap<String, source::Place> = BTreeMap::new();
    for statement in items {
        if let Some(first) = seen.get(&statement.id) {
            findings.push(
                Diagnostic::error(statement.place, format!("statement `{}` is defined twice", statement.id))
                    .because(format!("it is also defined at {first}"))
                    .hint("give one of the two another id, or move its evidence to the other"),
            );
            continue;
        }
        seen.insert(statement.id.clone(), statement.place.clone());
        if evidence.complete {
            statement.evidence.iter().for_each(|item| check_citation(item, &statement.id, &evidence, &mut findings));
        }
        evidence.statements.push(statement);
    }
    (evidence, findings)
}

fn read_file(file: &SourceFile, findings: &mut Diagnostics) -> Option<Vec<Statement>> {
    let mut root = Record::read(file, findings)?;
    let statements = root.tables("statement", "[[statement]]", findings);
    root.finish(findings);
    Some(statements.into_iter().filter_map(|record| read_statement(record, findings)).collect())
}

fn read_statement(mut record: Record, findings: &mut Diagnostics) -> Option<Statement> {
    let place = record.place.clone();
    let id = record.required_text("id", findings);
    if let Some(id) = &id {
        record.title = format!("statement `{}`", id.value);
    }
    let subject = record.required_text("subject", findings);
    let effect = record.required_word("effect", findings);
    let object = record.required_text("object", findings);
    let note = record.text("note", findings).map(|note| note.value);
    let title = format!("evidence of {}", record.title);
    let items = record.tables("evidence", &title, findings);
    if items.is_empty() {
        findings.push(
            Diagnostic::warning(place.clone(), format!("{} has no evidence", record.title))
                .hint("add [[statement.evidence]] with a reference, a stance, a tier and the finding"),
        );
    }
    record.finish(findings);
    let evidence = items.into_iter().filter_map(|item| read_item(item, findings)).collect();
    let place = id.as_ref().map_or(place, |id| id.place.clone());
    Some(Statement {
        id: id?.value,
        subject: subject?.value,
        effect: effect?,
        object: object?.value,
        note,
        evidence,
        place,
    })
}

fn read_item(mut record: Record, findings: &mut Diagnostics) -> Option<EvidenceItem> {
    let reference = record.required_text("reference", findings);
    let stance = record.required_word("stance", findings);
    let tier = record.required_word("tier", findings);
    let organism = record.required_text("organism", findings);
    let system = record.text("system", findings).map(|system| system.value);
    let finding = record.required_text("finding", findings);
    let reading = record.required_word("reading", findings);
    record.finish(findings);
    let Placed { value: reference, place } = reference?;
    Some(EvidenceItem {
        reference,
        stance: stance?,
        tier: tier?,
        organism: organism?.value,
        system,
        finding: finding?.value,
        reading: reading?,
        place,
    })
}

/// A paper must be known; a retracted one may be cited only where the reader is told.
fn check_citation(item: &EvidenceItem, statement: &str, evidence: &Evidence, findings: &mut Diagnostics) {
    match evidence.reference(&item.reference) {
        None => findings.push(evidence.unknown_reference(&item.reference, &item.place, &format!("`{statement}`"))),
        Some(reference) if reference.retracted && !item.finding.to_lowercase().contains("retracted") => findings.push(
            Diagnostic::error(item.place.clone(), format!("`{statement}` cites a retracted paper: {}", reference.key))
                .hint("say in `finding` that it is retracted, or cite another paper"),
        ),
        Some(_) => {}
    }
}

impl Evidence {
    /// The finding for a citation key that no `.bib` file defines.
    pub fn unknown_reference(&self, key: &str, place: &source::Place, citing: &str) -> Diagnostic {
        let finding = Diagnostic::error(place.clone(), format!("{citing} cites an unknown reference: `{key}`"));
        match did_you_mean(key, self.references.keys().map(String::as_str)).first() {
            Some(near) => finding.hint(format!("did you mean `{near}`?")),
            None => finding.hint("add it to a .bib file of the biology, with a DOI or PMID"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tier;

    const BIB: &str = "@article{mera_2016, author={Mera, P}, title={Osteocalcin}, year={2016}, doi={10.1016/j.x.1}}\n\
                       @article{fake_2001, author={Fake, A}, title={Fake}, year={2001}, keywords={retracted}}\n";

    const STATEMENT: &str = r#"
[[statement]]
id = "ucocn_raises_muscle_mass"
subject = "ucocn"
effect = "increases"
object = "muscle_mass"

[[statement.evidence]]
reference = "mera_2016"
stance = "supports"
tier = "T3"
organism = "mouse"
finding = "mass rose"
reading = "read"
"#;

    fn tree(statements: &str) -> SourceTree {
        let mut tree = SourceTree::new();
        tree.insert("references.bib", BIB);
        tree.insert("signals/osteocalcin.evidence.toml", statements);
        tree
    }

    /// The findings about a text, as a person sees them.
    fn check(statements: &str, expected: &str) {
        assert_eq!(read(&tree(statements)).1.to_string(), expected);
    }

    #[test]
    fn a_statement_is_found_by_what_it_is_about() {
        let (evidence, findings) = read(&tree(STATEMENT));
        assert_eq!(findings.to_string(), "");
        let about = evidence.about("muscle_mass");
        assert_eq!(about[0].id, "ucocn_raises_muscle_mass");
        assert_eq!(about[0].tier(), Some(Tier::T3));
        assert!(!about[0].is_contested());
        assert!(evidence.about("sclerostin").is_empty());
    }

    #[test]
    fn a_misspelled_stance_brings_the_right_one() {
        check(
            &STATEMENT.replace("\"supports\"", "\"suports\""),
            "error: `stance` of evidence of statement `ucocn_raises_muscle_mass` is unknown: suports\n  \
             at signals/osteocalcin.evidence.toml:10:11\n  hint: did you mean `supports`?",
        );
    }

    #[test]
    fn an_unknown_tier_lists_the_tiers() {
        check(
            &STATEMENT.replace("\"T3\"", "\"good\""),
            "error: `tier` of evidence of statement `ucocn_raises_muscle_mass` is unknown: good\n  \
             at signals/osteocalcin.evidence.toml:11:9\n  hint: write one of: T1, T2, T3, T4, T5",
        );
    }

    #[test]
    fn a_missing_reference_brings_the_closest() {
        check(
            &STATEMENT.replace("mera_2016", "mera_2106"),
            "error: `ucocn_raises_muscle_mass` cites an unknown reference: `mera_2106`\n  \
             at signals/osteocalcin.evidence.toml:9:14\n  hint: did you mean `mera_2016`?",
        );
    }

    #[test]
    fn a_retracted_paper_is_cited_only_with_a_flag() {
        check(
            &STATEMENT.replace("mera_2016", "fake_2001"),
            "error: `ucocn_raises_muscle_mass` cites a retracted paper: fake_2001\n  \
             at signals/osteocalcin.evidence.toml:9:14\n  \
             hint: say in `finding` that it is retracted, or cite another paper",
        );
        check(&STATEMENT.replace("mera_2016", "fake_2001").replace("mass rose", "mass rose (retracted)"), "");
    }

    #[test]
    fn two_statements_of_one_id_name_both_places() {
        check(
            &format!("{STATEMENT}{STATEMENT}"),
            "error: statement `ucocn_raises_muscle_mass` is defined twice\n  \
             at signals/osteocalcin.evidence.toml:17:7\n  \
             likely reason: it is also defined at signals/osteocalcin.evidence.toml:3:7\n  \
             hint: give one of the two another id, or move its evidence to the other",
        );
    }
}
