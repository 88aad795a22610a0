//! Sets of fitted values with which studies agree equally well: `measurements/equally_good.toml`.

use crate::biology::Entry;
use crate::{Biology, EquallyGood, Organism};
use source::{Diagnostic, Diagnostics, Node, Placed, Record, SourceFile, did_you_mean};

/// Where they lie in a biology.
pub const PATH: &str = "measurements/equally_good.toml";

const DRAW_AGAIN: &str = "draw the sets again: `enthesis calibrate --biology DIR --sets 24 --write`";

/// Reads a table for each organism.
pub(super) fn read(file: &SourceFile, equally_good: &mut Vec<EquallyGood>, findings: &mut Diagnostics) {
    let Some(mut root) = Record::read(file, findings) else { return };
    for &organism in Organism::ALL {
        let title = format!("[{}]", organism.word());
        let Some(mut record) = root.table(organism.word(), &title, findings) else { continue };
        let parameters = record.texts("parameters", findings);
        let sets = rows(&mut record, findings);
        record.finish(findings);
        equally_good.push(EquallyGood { organism, parameters, sets });
    }
    root.finish(findings);
}

/// The rows of numbers; a row with anything else in it is reported and left out.
fn rows(record: &mut Record, findings: &mut Diagnostics) -> Vec<Vec<Placed<f64>>> {
    const WANTED: &str = "a list of lists of numbers";
    let rows = match record.take("sets") {
        None => return Vec::new(),
        Some(Node::List(list)) => list.value,
        Some(other) => {
            record.wrong_kind::<()>("sets", WANTED, &other, findings);
            return Vec::new();
        }
    };
    let mut sets = Vec::new();
    for row in rows {
        let Node::List(row) = row else {
            record.wrong_kind::<()>("sets", WANTED, &row, findings);
            continue;
        };
        let mut values = Vec::new();
        for value in row.value {
            match value {
                Node::Number(it) => values.extend(record.finite("sets", it, findings)),
                other => {
                    record.wrong_kind::<()>("sets", WANTED, &other, findings);
                }
            }
        }
        sets.push(values);
    }
    sets
}

/// Every column is a parameter that is fitted, every value lies in its range.
pub(super) fn check(biology: &Biology, findings: &mut Diagnostics) {
    for it in &biology.equally_good {
        let ranges: Vec<Option<(f64, f64)>> =
            it.parameters.iter().map(|id| range(biology, it.organism, id, findings)).collect();
        for (position, id) in it.parameters.iter().enumerate() {
            if it.parameters[..position].iter().any(|other| other.value == id.value) {
                findings.push(Diagnostic::error(id.place.clone(), format!("`{}` is listed twice", id.value)));
            }
        }
        for (number, row) in it.sets.iter().enumerate() {
            if row.len() != it.parameters.len() {
                let place = row.first().or_else(|| it.sets.iter().find_map(|row| row.first())).map(|it| &it.place);
                let Some(place) = place.or_else(|| it.parameters.first().map(|id| &id.place)) else { continue };
                let message =
                    format!("set {} has {} values for {} parameters", number + 1, row.len(), it.parameters.len());
                findings.push(
                    Diagnostic::error(place.clone(), message)
                        .because("a parameter joined or left the list, or a value was lost")
                        .hint(DRAW_AGAIN),
                );
                continue;
            }
            for ((value, id), range) in row.iter().zip(&it.parameters).zip(&ranges) {
                if let Some((low, high)) = *range
                    && !(low..=high).contains(&value.value)
                {
                    let message = format!("{} is outside the range of `{}`: {low} to {high}", value.value, id.value);
                    findings.push(
                        Diagnostic::error(value.place.clone(), message)
                            .because("the range was changed after the sets were drawn")
                            .hint(DRAW_AGAIN),
                    );
                }
            }
        }
    }
}

/// The range of a column, in the unit in which the parameter is written; `None` after a finding.
fn range(biology: &Biology, organism: Organism, id: &Placed<String>, findings: &mut Diagnostics) -> Option<(f64, f64)> {
    let fitted = || biology.calibrated.iter().filter(|it| it.0 == organism).map(|it| it.1.value.as_str());
    if !fitted().any(|it| it == id.value) {
        let message = format!("`{}` is not fitted", id.value);
        let finding = Diagnostic::error(id.place.clone(), message)
            .because(format!("it is not in the list of {} in measurements/calibration.toml", organism.word()));
        findings.push(match did_you_mean(id, fitted()).first() {
            Some(near) => finding.hint(format!("did you mean `{near}`?")),
            None => finding.hint(DRAW_AGAIN),
        });
        return None;
    }
    // An id of the list that is no parameter with a range was reported where it is listed.
    match biology.entry(id) {
        Some((_, Entry::Parameter(it))) => it.range.get(organism).copied(),
        _ => None,
    }
}
