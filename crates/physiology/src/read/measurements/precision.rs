//! How finely read-outs can be told: `measurements/readouts.toml`.

use crate::read::fields;
use crate::{Precision, ReadoutClass, Spread};
use source::{Diagnostic, Diagnostics, Record, SourceFile};

pub(in crate::read) const READOUTS: &str = "measurements/readouts.toml";

/// Reads classes of read-outs and the spread between studies.
pub(in crate::read) fn precision(file: &SourceFile, precision: &mut Precision, findings: &mut Diagnostics) {
    let Some(mut root) = Record::read(file, findings) else { return };
    for record in root.tables("class", "[[class]]", findings) {
        precision.classes.extend(class(record, findings));
    }
    for record in root.tables("spread", "[[spread]]", findings) {
        precision.spreads.extend(spread(record, findings));
    }
    root.finish(findings);
}

fn class(mut record: Record, findings: &mut Diagnostics) -> Option<ReadoutClass> {
    let id = fields::id(&mut record, "class", findings);
    let name = fields::name(&mut record, id.as_ref(), findings);
    let readouts = record.texts("readouts", findings);
    let detectable = positive(&mut record, "detectable", findings);
    let group_detectable = positive(&mut record, "group_detectable", findings);
    let sources = record.texts("sources", findings);
    let note = fields::plain(&mut record, "note", findings);
    record.finish(findings);
    Some(ReadoutClass {
        id: id?,
        name,
        readouts,
        detectable: detectable?,
        group_detectable: group_detectable?,
        sources,
        note,
    })
}

fn spread(mut record: Record, findings: &mut Diagnostics) -> Option<Spread> {
    let classes = record.texts("classes", findings);
    let groups = record.words("groups", findings);
    let organism = record.word("organism", findings);
    let share = positive(&mut record, "share", findings);
    record.finish(findings);
    Some(Spread { classes, groups, organism, share: share? })
}

/// A number above 0 that must be there.
fn positive(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Option<f64> {
    if !record.has(key) {
        record.missing(key, findings);
    }
    let number = record.number(key, findings)?;
    if number.value <= 0.0 {
        let message = format!("`{key}` of {} is not above 0: {}", record.title, number.value);
        findings.push(Diagnostic::error(number.place, message));
        return None;
    }
    Some(number.value)
}
