//! What single records cannot know: that every word they use exists, means the right sort of thing, and is used.

use crate::{Evidence, EvidenceItem, Stance, Thing, ThingKind};
use source::{Diagnostic, Diagnostics, Placed, did_you_mean};
use std::collections::{BTreeMap, BTreeSet};

/// Checks all records against each other. Where a file could not be read a missing name proves nothing, so only what
/// is there is compared.
pub(crate) fn check(evidence: &Evidence, findings: &mut Diagnostics) {
    check_other_words(evidence, findings);
    if !evidence.complete {
        return;
    }
    for thing in &evidence.things {
        check_thing(evidence, thing, findings);
    }
    for statement in &evidence.statements {
        let citing = format!("statement `{}`", statement.id);
        for (role, thing) in [("subject", &statement.subject), ("object", &statement.object)] {
            expect(evidence, thing, &format!("the {role} of {citing}"), &[], findings);
        }
        for thing in &statement.through {
            expect(evidence, thing, &format!("`through` of {citing}"), BINDING, findings);
        }
        statement.evidence.iter().for_each(|item| check_citation(item, &statement.id, evidence, findings));
    }
    check_sentences(evidence, findings);
    check_use(evidence, findings);
    check_layout(evidence, findings);
}

const CELLS: &[ThingKind] = &[ThingKind::Cell, ThingKind::Tissue];
const BINDING: &[ThingKind] = &[ThingKind::Receptor, ThingKind::Channel];

fn check_thing(evidence: &Evidence, thing: &Thing, findings: &mut Diagnostics) {
    let title = format!("`{}`", thing.id);
    for (key, others) in [("rises_with", &thing.rises_with), ("falls_with", &thing.falls_with)] {
        others.iter().for_each(|it| expect(evidence, it, &format!("`{key}` of {title}"), &[], findings));
    }
    let Some(card) = &thing.card else { return };
    for (key, others, kinds) in
        [("made_by", &card.made_by, CELLS), ("acts_on", &card.acts_on, CELLS), ("receptors", &card.receptors, BINDING)]
    {
        others.iter().for_each(|it| expect(evidence, it, &format!("`{key}` of {title}"), kinds, findings));
    }
    for (key, is_empty) in [
        ("made_by", card.made_by.is_empty()),
        ("leaves_by", card.leaves_by.is_empty()),
        ("travels_by", card.travels_by.is_empty()),
        ("acts_on", card.acts_on.is_empty()),
    ] {
        if is_empty {
            findings.push(
                Diagnostic::error(thing.place.clone(), format!("`{key}` of signal {title} is empty"))
                    .hint("name at least one; where nobody knows, `unknown` is a route and a way to travel"),
            );
        }
    }
}

/// The thing must be there and, when `kinds` are given, be of one of them.
fn expect(evidence: &Evidence, it: &Placed<String>, role: &str, kinds: &[ThingKind], findings: &mut Diagnostics) {
    let Some(thing) = evidence.thing(it) else {
        let finding = Diagnostic::error(it.place.clone(), format!("{role} is not known: `{}`", it.value));
        let by_other_word = evidence.find_thing(it).map(|thing| thing.id.as_str());
        let near = by_other_word
            .or_else(|| did_you_mean(it, evidence.things.iter().map(|it| it.id.as_str())).first().copied());
        findings.push(match near {
            Some(near) => {
                finding.hint(format!("did you mean `{near}`? If not, add a [[thing]] or [[signal]] with this id"))
            }
            None => finding.hint("add a [[thing]] or [[signal]] with this id to the file"),
        });
        return;
    };
    if !kinds.is_empty() && !kinds.contains(&thing.kind) {
        let wanted: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        findings.push(
            Diagnostic::error(it.place.clone(), format!("{role} is a {}: `{}`", thing.kind, it.value))
                .because(format!("it is defined at {}", thing.place))
                .hint(format!("name a {}", wanted.join(" or "))),
        );
    }
}

/// Another word must lead to one thing only.
fn check_other_words(evidence: &Evidence, findings: &mut Diagnostics) {
    let mut owners: BTreeMap<String, &Thing> =
        evidence.things.iter().map(|thing| (thing.id.to_lowercase(), thing)).collect();
    for thing in &evidence.things {
        for word in &thing.also {
            match owners.insert(word.to_lowercase(), thing) {
                Some(other) if other.id != thing.id => findings.push(
                    Diagnostic::error(thing.place.clone(), format!("`{word}` also stands for `{}`", other.id))
                        .because(format!("it is defined at {}", other.place))
                        .hint("take the word out of `also` of one of the two"),
                ),
                _ => {}
            }
        }
    }
}

/// A paper must be known; a retracted one may stand there only where the reader is told and nothing rests on it.
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

/// One sentence stands in one record, so that both sides are seen together; one paper speaks once on each side.
fn check_sentences(evidence: &Evidence, findings: &mut Diagnostics) {
    let mut sentences = BTreeMap::new();
    for statement in &evidence.statements {
        let sentence = (&statement.subject.value, statement.effect, &statement.object.value);
        if let Some(first) = sentences.insert(sentence, statement) {
            findings.push(
                Diagnostic::error(
                    statement.place.clone(),
                    format!("statement `{}` says the same as `{}`", statement.id, first.id),
                )
                .because(format!(
                    "both are: {} {} {}; the first is at {}",
                    sentence.0, sentence.1, sentence.2, first.place
                ))
                .hint("move the evidence into one of them"),
            );
        }
        let mut items: BTreeMap<(&str, Stance, &str, Option<&str>), &EvidenceItem> = BTreeMap::new();
        for item in &statement.evidence {
            let said = (item.reference.as_str(), item.stance, item.organism.as_str(), item.system.as_deref());
            if let Some(first) = items.insert(said, item) {
                findings.push(
                    Diagnostic::error(
                        item.place.clone(),
                        format!("statement `{}` cites {} twice for the same", statement.id, item.reference),
                    )
                    .because(format!("the first is at {}; organism and system are the same", first.place))
                    .hint("join the two findings, or say in `system` how they differ"),
                );
            }
        }
    }
}

/// Every thing is met in a statement, or on the way to one.
fn check_use(evidence: &Evidence, findings: &mut Diagnostics) {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for statement in &evidence.statements {
        used.extend([statement.subject.as_str(), statement.object.as_str()]);
        used.extend(statement.through.iter().map(|it| it.as_str()));
    }
    for thing in &evidence.things {
        used.extend(thing.rises_with.iter().chain(&thing.falls_with).map(|it| it.as_str()));
        if !(thing.rises_with.is_empty() && thing.falls_with.is_empty()) {
            used.insert(&thing.id);
        }
        if let Some(card) = &thing.card {
            used.extend(card.made_by.iter().chain(&card.acts_on).chain(&card.receptors).map(|it| it.as_str()));
        }
    }
    for thing in evidence.things.iter().filter(|thing| !used.contains(thing.id.as_str())) {
        findings.push(
            Diagnostic::warning(thing.place.clone(), format!("nothing is said about `{}`", thing.id))
                .hint("add a [[statement]] with it as subject or object, or remove it"),
        );
    }
}

/// What stands on the map must be there.
fn check_layout(evidence: &Evidence, findings: &mut Diagnostics) {
    for spot in &evidence.layout.spots {
        expect(evidence, &spot.thing, "a spot of the map", &[], findings);
    }
}
