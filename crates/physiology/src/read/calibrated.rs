//! Which parameters are fitted to what studies measured: `measurements/calibration.toml`.

use crate::biology::Entry;
use crate::{Basis, Biology, Organism, Value};
use source::{Diagnostic, Diagnostics, Placed, Record, SourceFile, did_you_mean};

pub(super) const PATH: &str = "measurements/calibration.toml";

/// Reads a list of ids for each organism.
pub(super) fn read(file: &SourceFile, calibrated: &mut Vec<(Organism, Placed<String>)>, findings: &mut Diagnostics) {
    let Some(mut root) = Record::read(file, findings) else { return };
    for &organism in Organism::ALL {
        calibrated.extend(root.texts(organism.word(), findings).into_iter().map(|id| (organism, id)));
    }
    root.finish(findings);
}

/// Every id is a number that may be fitted: written as a number, with a range, and not as measured.
pub(super) fn check(biology: &Biology, findings: &mut Diagnostics) {
    for (position, (organism, id)) in biology.calibrated.iter().enumerate() {
        if biology.calibrated[..position].iter().any(|it| it.0 == *organism && it.1.value == id.value) {
            findings.push(Diagnostic::error(id.place.clone(), format!("`{id}` is listed twice", id = id.value)));
            continue;
        }
        let problem = match biology.entry(id) {
            Some((_, Entry::Parameter(it))) => {
                let number = matches!(it.value.get(*organism), Some(Value::Number(_)));
                match (number, it.range.get(*organism), it.basis) {
                    (false, ..) => Some("follows from others"),
                    (_, None, _) => Some("has no range"),
                    (.., Basis::Measured | Basis::Derived) => Some("is measured or derived"),
                    _ => None,
                }
            }
            Some(_) => Some("is no parameter"),
            None => {
                let finding = Diagnostic::error(id.place.clone(), format!("there is no parameter `{}`", id.value));
                findings.push(match did_you_mean(id, biology.entry_ids()).first() {
                    Some(near) => finding.hint(format!("did you mean `{near}`?")),
                    None => finding.hint("`enthesis list parameters` shows all"),
                });
                continue;
            }
        };
        if let Some(problem) = problem {
            let message = format!("`{}` cannot be fitted: it {problem}", id.value);
            findings.push(
                Diagnostic::error(id.place.clone(), message)
                    .hint("fit a parameter whose basis is `fitted` or `assumed`, with a range"),
            );
        }
    }
}
