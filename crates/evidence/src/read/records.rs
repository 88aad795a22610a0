//! The records of one `*.evidence.toml`.

use crate::{Card, EvidenceItem, Identifier, Size, Statement, Thing, ThingKind, identifier};
use source::{Diagnostic, Diagnostics, Placed, Record, SourceFile, Word};
use units::Quantity;

/// What one file says.
#[derive(Default)]
pub(super) struct Records {
    pub things: Vec<Thing>,
    pub statements: Vec<Statement>,
}

/// Reads a file; `None` when it is not TOML.
pub(super) fn read(file: &SourceFile, findings: &mut Diagnostics) -> Option<Records> {
    let mut root = Record::read(file, findings)?;
    let signals = root.tables("signal", "[[signal]]", findings);
    let things = root.tables("thing", "[[thing]]", findings);
    let statements = root.tables("statement", "[[statement]]", findings);
    root.finish(findings);
    let signals = signals.into_iter().filter_map(|record| thing(record, true, findings)).collect::<Vec<_>>();
    let things = things.into_iter().filter_map(|record| thing(record, false, findings)).collect::<Vec<_>>();
    let statements = statements.into_iter().filter_map(|record| statement(record, findings)).collect();
    Some(Records { things: signals.into_iter().chain(things).collect(), statements })
}

/// The id that a record must have; from then on messages call the record by it.
fn id(record: &mut Record, what: &str, findings: &mut Diagnostics) -> Option<Placed<String>> {
    let id = record.required_text("id", findings)?;
    record.title = format!("{what} `{}`", id.value);
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(is_plain) {
        let message = format!("the id of {} is not lower snake case", record.title);
        findings.push(
            Diagnostic::error(id.place.clone(), message)
                .hint("write small letters, digits and underscores, a letter first: `pge2`, `muscle_force`"),
        );
    }
    Some(id)
}

fn thing(mut record: Record, is_signal: bool, findings: &mut Diagnostics) -> Option<Thing> {
    let id = id(&mut record, if is_signal { "signal" } else { "thing" }, findings);
    let name = record.required_text("name", findings);
    let kind = if is_signal { Some(ThingKind::Signal) } else { record.required_word("kind", findings) };
    if kind == Some(ThingKind::Signal) && !is_signal {
        findings.push(
            Diagnostic::error(record.place.clone(), format!("{} says that it is a signal", record.title))
                .hint("write [[signal]] instead of [[thing]], and say who makes it and how it leaves"),
        );
        return None;
    }
    let also = plain(&mut record, "also", findings);
    let identifiers = curies(&mut record, "identifiers", findings);
    let human = curies(&mut record, "human", findings);
    let mouse = curies(&mut record, "mouse", findings);
    let rises_with = record.texts("rises_with", findings);
    let falls_with = record.texts("falls_with", findings);
    let card = if is_signal { card(&mut record, findings) } else { None };
    let note = record.text("note", findings).map(|note| note.value);
    record.finish(findings);
    let Placed { value: id, place } = id?;
    if is_signal && card.is_none() {
        // What is missing was told.
        return None;
    }
    Some(Thing {
        id,
        name: name?.value,
        kind: kind?,
        also,
        identifiers,
        human,
        mouse,
        rises_with,
        falls_with,
        card,
        note,
        place,
    })
}

fn card(record: &mut Record, findings: &mut Diagnostics) -> Option<Card> {
    let direction = record.required_word("direction", findings);
    let made_by = required_texts(record, "made_by", findings);
    let leaves_by = required_words(record, "leaves_by", findings);
    let travels_by = required_words(record, "travels_by", findings);
    let receptors = record.texts("receptors", findings);
    let acts_on = required_texts(record, "acts_on", findings);
    let cleared_by = record.text("cleared_by", findings).map(|text| text.value);
    Some(Card { direction: direction?, made_by, leaves_by, travels_by, receptors, acts_on, cleared_by })
}

fn statement(mut record: Record, findings: &mut Diagnostics) -> Option<Statement> {
    let start = record.place.clone();
    let id = id(&mut record, "statement", findings);
    let subject = record.required_text("subject", findings);
    let effect = record.required_word("effect", findings);
    let object = record.required_text("object", findings);
    let direction = record.required_word("direction", findings);
    let route = record.word("route", findings);
    let through = record.texts("through", findings);
    let note = record.text("note", findings).map(|note| note.value);
    let not_modeled = record.text("not_modeled", findings).map(|reason| reason.value);
    let title = format!("evidence of {}", record.title);
    let items = record.tables("evidence", &title, findings);
    if items.is_empty() {
        findings.push(
            Diagnostic::warning(start, format!("{} has no evidence", record.title))
                .hint("add [[statement.evidence]] with a reference, a stance, a tier and the finding"),
        );
    }
    record.finish(findings);
    let evidence = items.into_iter().filter_map(|record| item(record, findings)).collect();
    let Placed { value: id, place } = id?;
    Some(Statement {
        id,
        subject: subject?,
        effect: effect?,
        object: object?,
        direction: direction?,
        route,
        through,
        note,
        not_modeled,
        evidence,
        place,
    })
}

fn item(mut record: Record, findings: &mut Diagnostics) -> Option<EvidenceItem> {
    let reference = record.required_text("reference", findings);
    let stance = record.required_word("stance", findings);
    let tier = record.required_word("tier", findings);
    let organism = record.required_text("organism", findings);
    let system = record.text("system", findings).map(|system| system.value);
    let finding = record.required_text("finding", findings);
    let sizes = record.texts("sizes", findings);
    let reading = record.required_word("reading", findings);
    let sizes = sizes.iter().filter_map(|text| size(text, &record.title, findings)).collect();
    record.finish(findings);
    let Placed { value: reference, place } = reference?;
    Some(EvidenceItem {
        reference,
        stance: stance?,
        tier: tier?,
        organism: organism?.value,
        system,
        finding: finding?.value,
        sizes,
        reading: reading?,
        place,
    })
}

/// `+54 %: force of the EDL`.
fn size(text: &Placed<String>, title: &str, findings: &mut Diagnostics) -> Option<Size> {
    let mut wrong = |message: String, hint: String| {
        findings.push(Diagnostic::error(text.place.clone(), message).hint(hint));
        None
    };
    let Some((quantity, of)) = text.value.split_once(": ") else {
        return wrong(
            format!("a size of {title} does not say of what: {}", text.value),
            "write the number, its unit, a colon and what was measured: `+54 %: force of the EDL`".to_string(),
        );
    };
    match Quantity::parse(quantity.trim_start_matches('+')) {
        Ok(value) => Some(Size { of: of.trim().to_string(), value }),
        Err(error) => wrong(
            format!("a size of {title} cannot be read: {quantity}: {}", error.message),
            error.hint.unwrap_or_else(|| "write a number and a unit, such as `-25 %`, `1.1 kg` or `3` fold".into()),
        ),
    }
}

fn plain(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Vec<String> {
    record.texts(key, findings).into_iter().map(|text| text.value).collect()
}

fn curies(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Vec<Identifier> {
    let texts = record.texts(key, findings);
    identifier::read(texts, &record.title, findings)
}

fn required_texts(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Vec<Placed<String>> {
    if !record.has(key) {
        record.missing(key, findings);
    }
    record.texts(key, findings)
}

/// A list of words of a closed list that must be there.
fn required_words<T: Word>(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Vec<T> {
    if !record.has(key) {
        record.missing(key, findings);
    }
    record.words(key, findings)
}
