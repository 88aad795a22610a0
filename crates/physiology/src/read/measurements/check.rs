//! What measurements name exists, and no paper stands on both sides.

use crate::biology::{defined_twice, unknown};
use crate::{Basis, Biology, Entry, Measurement, Side};
use source::{Diagnostic, Diagnostics, Place};
use std::collections::BTreeMap;

/// Checks all measurements against the rest of the biology and against each other.
pub(in crate::read) fn check(biology: &Biology, findings: &mut Diagnostics) {
    let mut ids: BTreeMap<&str, &Place> = BTreeMap::new();
    for row in &biology.measurements {
        match ids.get(row.id.as_str()) {
            Some(first) => findings.push(defined_twice("measurement", &row.id, row.place.clone(), first)),
            None => {
                ids.insert(&row.id, &row.place);
            }
        }
        check_row(row, biology, findings);
    }
    check_studies(biology, findings);
    check_precision(biology, findings);
    if biology.evidence.complete {
        check_papers(biology, findings);
    }
}

fn check_row(row: &Measurement, biology: &Biology, findings: &mut Diagnostics) {
    let Some(readout) = &row.readout else { return };
    match biology.entry(readout) {
        Some((_, Entry::Readout(record))) => {
            let unit = record.unit.in_days();
            if let Some(own) = row.unit.as_ref().filter(|own| own.value.factor_to(&unit).is_none()) {
                let message = format!("`{}` is measured in {}, not in {}", record.id, record.unit, own.value);
                findings.push(Diagnostic::error(own.place.clone(), message).hint("convert the value, or use a ratio"));
            }
        }
        _ => {
            let known = biology.reference_modules().flat_map(|module| &module.readouts).map(|it| it.id.as_str());
            findings.push(unknown("readout", readout, &readout.place, known));
        }
    }
    let Some(study) = biology.study(&row.study) else {
        let finding = unknown("study", &row.study, &row.study.place, biology.studies.iter().map(|it| it.id.as_str()));
        findings.push(finding.because("a row with a read-out needs a file in `studies`"));
        return;
    };
    for arm in row.arm.iter().chain(&row.versus) {
        if !study.arms.iter().any(|it| it.id == arm.value) {
            let what = format!("arm of `{}`", study.id);
            findings.push(unknown(&what, arm, &arm.place, study.arms.iter().map(|it| it.id.as_str())));
        }
    }
    if row.versus.as_ref().map(|it| &it.value) == row.arm.as_ref().map(|it| &it.value) {
        findings.push(Diagnostic::error(row.place.clone(), "an arm is compared with itself"));
    }
    if row.day > study.duration_days {
        let message = format!("day {} comes after the end of `{}` on day {}", row.day, study.id, study.duration_days);
        findings.push(Diagnostic::error(row.place.clone(), message).hint("make `duration` of the study longer"));
    }
}

/// What is measured can be judged, and what can be judged exists.
fn check_precision(biology: &Biology, findings: &mut Diagnostics) {
    let precision = &biology.precision;
    let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
    for readout in precision.classes.iter().flat_map(|class| &class.readouts) {
        if !matches!(biology.entry(readout), Some((_, Entry::Readout(_)))) {
            let known = biology.reference_modules().flat_map(|module| &module.readouts).map(|it| it.id.as_str());
            findings.push(unknown("readout", readout, &readout.place, known));
        }
        match first.get(readout.value.as_str()) {
            Some(there) => findings.push(defined_twice("class of", readout, readout.place.clone(), there)),
            None => {
                first.insert(readout, &readout.place);
            }
        }
    }
    for class in precision.spreads.iter().flat_map(|it| &it.classes) {
        if !precision.classes.iter().any(|it| it.id.value == class.value) {
            findings.push(unknown(
                "class",
                class,
                &class.place,
                precision.classes.iter().map(|it| it.id.value.as_str()),
            ));
        }
    }
    let mut told: BTreeMap<&str, ()> = BTreeMap::new();
    for row in &biology.measurements {
        let (Some(readout), Some(study)) = (&row.readout, biology.study(&row.study)) else { continue };
        if biology.entry(readout).is_none() {
            continue;
        }
        let hint = "add it to the class of read-outs that are measured as finely, in measurements/readouts.toml";
        match precision.class_of(readout) {
            None if told.insert(readout, ()).is_none() => findings.push(
                Diagnostic::error(
                    readout.place.clone(),
                    format!("nothing says how finely `{}` is measured", readout.value),
                )
                .hint(hint),
            ),
            Some(class) if precision.spread(&class.id, row.group, study.organism).is_none() => findings.push(
                Diagnostic::error(class.id.place.clone(), format!("no [[spread]] fits class `{}`", class.id.value))
                    .because(format!("`{}` of {} is measured at {}", readout.value, study.id, row.place)),
            ),
            _ => {}
        }
    }
}

/// A study is scored once, and every file of a study is used.
fn check_studies(biology: &Biology, findings: &mut Diagnostics) {
    let mut first: BTreeMap<&str, &Measurement> = BTreeMap::new();
    for row in &biology.measurements {
        let there = *first.entry(row.study.value.as_str()).or_insert(row);
        if (there.side, there.group) != (row.side, row.group) {
            let message = format!("the study `{}` stands in two tables", row.study.value);
            findings.push(
                Diagnostic::error(row.study.place.clone(), message)
                    .because(format!("it also stands at {}", there.place))
                    .hint("a study belongs to one group, and either to calibration or to validation"),
            );
        }
    }
    for study in &biology.studies {
        let refutes = biology.refutations.iter().any(|it| it.scenario.value == study.id);
        if !refutes && !first.contains_key(study.id.as_str()) {
            let finding = Diagnostic::warning(study.place.clone(), format!("nothing was measured in `{}`", study.id));
            findings.push(finding.hint("add its rows to a table in `measurements`, or move the file to `scenarios`"));
        }
    }
}

/// Papers exist and were not withdrawn; none is fitted to and judged by, none that sets a parameter judges.
fn check_papers(biology: &Biology, findings: &mut Diagnostics) {
    let mut sides: BTreeMap<String, &Measurement> = BTreeMap::new();
    let setters = setters(biology);
    for row in &biology.measurements {
        let key = &row.reference;
        let Some(reference) = biology.evidence.reference(key) else {
            let finding = biology.evidence.unknown_reference(key, &key.place, &format!("`{}`", row.id));
            findings.push(finding);
            continue;
        };
        let error = |message: String| Diagnostic::error(key.place.clone(), message);
        if reference.retracted {
            findings.push(error(format!("`{}` rests on a retracted paper: {}", row.id, key.value)));
        }
        // The same paper may stand in two files under two keys.
        let doi = reference.doi.as_ref().map(|it| it.to_lowercase());
        let paper = doi.or_else(|| reference.pmid.clone()).unwrap_or_else(|| key.value.clone());
        let first = *sides.entry(paper).or_insert(row);
        if first.side != row.side {
            findings.push(
                error(format!("the paper stands on both sides: {}", key.value))
                    .because(format!("it is also used at {}", first.place))
                    .hint("all rows of a paper are either for calibration or for validation"),
            );
        }
        let flagged = biology.overlaps.iter().any(|it| it.reference.value == key.value);
        if let (Side::Validation, Some(parameter), false) = (row.side, setters.get(key.value.as_str()), flagged) {
            findings.push(
                error(format!("the paper sets a parameter and may not judge the model: {}", key.value))
                    .because(format!("`{parameter}` rests on it"))
                    .hint("move its rows to calibration, or say in measurements/overlaps.toml why it still judges"),
            );
        }
    }
    for overlap in &biology.overlaps {
        let used = biology
            .measurements
            .iter()
            .any(|row| row.side == Side::Validation && row.reference.value == overlap.reference.value);
        if !used || !setters.contains_key(overlap.reference.value.as_str()) {
            let message = format!("there is no overlap to excuse: {}", overlap.reference.value);
            let finding = Diagnostic::error(overlap.reference.place.clone(), message);
            findings
                .push(finding.because("the paper sets no parameter, or has no row in validation").hint("remove it"));
        }
    }
}

/// Papers that set a measured or fitted parameter or link of the reference model, with the first one.
fn setters(biology: &Biology) -> BTreeMap<&str, &str> {
    let mut setters = BTreeMap::new();
    for module in biology.reference_modules() {
        let parameters = module.parameters.iter().map(|it| (it.basis, &it.id, &it.origin));
        let links = module.links.iter().map(|it| (it.basis, &it.id, &it.origin));
        for (basis, id, origin) in parameters.chain(links) {
            if matches!(basis, Basis::Measured | Basis::Fitted) {
                for key in &origin.sources {
                    setters.entry(key.value.as_str()).or_insert(id.as_str());
                }
            }
        }
    }
    setters
}
