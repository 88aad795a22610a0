//! Papers and evidence of a biology, in the words of a report.

use evidence::{Evidence, Reading};
use physiology::Biology;
use report::{Citation, EvidenceItem, Stance, Statement};
use source::Placed;

/// A paper by its key; a key without a reference is shown as it is.
pub(crate) fn citation(evidence: &Evidence, key: &str) -> Citation {
    let Some(reference) = evidence.reference(key) else {
        return Citation { text: key.to_string(), ..Citation::default() };
    };
    let short = reference.short_citation();
    Citation {
        // The report marks a retraction itself, more visibly.
        text: short.strip_suffix(" (retracted)").unwrap_or(&short).to_string(),
        title: reference.title.clone(),
        url: reference.url(),
        retracted: reference.retracted,
    }
}

/// Papers by their keys.
pub(crate) fn citations(evidence: &Evidence, keys: &[String]) -> Vec<Citation> {
    keys.iter().map(|key| citation(evidence, key)).collect()
}

/// Keys without their places.
pub(crate) fn keys(placed: &[Placed<String>]) -> Vec<String> {
    placed.iter().map(|key| key.value.clone()).collect()
}

/// A statement with what speaks for and against it.
pub(crate) fn statement(biology: &Biology, it: &evidence::Statement) -> Statement {
    let items = it
        .evidence
        .iter()
        .map(|item| EvidenceItem {
            stance: match item.stance {
                evidence::Stance::Supports => Stance::Supports,
                evidence::Stance::Contradicts => Stance::Contradicts,
                evidence::Stance::NoEffect => Stance::NoEffect,
            },
            tier: item.tier.to_string(),
            organism: match &item.system {
                Some(system) => format!("{}, {system}", item.organism),
                None => item.organism.clone(),
            },
            finding: item.finding.trim().to_string(),
            citation: citation(&biology.evidence, &item.reference),
            read: item.reading == Reading::Read,
        })
        .collect();
    Statement { id: it.id.clone(), sentence: sentence(it), note: it.note.clone().unwrap_or_default(), items }
}

/// The statement in words: `ucocn increases muscle mass`.
pub(crate) fn sentence(it: &evidence::Statement) -> String {
    let effect = match it.effect {
        evidence::Effect::NoEffect => "has no effect on".to_string(),
        effect => spaced(effect.word()),
    };
    format!("{} {effect} {}", spaced(&it.subject), spaced(&it.object))
}

/// An id as words.
pub(crate) fn spaced(id: &str) -> String {
    id.replace('_', " ")
}
