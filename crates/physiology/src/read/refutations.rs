//! Findings that the model must not contradict: `refutations.toml`.

use super::fields;
use crate::biology::unknown;
use crate::{Biology, Measure, Refutation, Scenario};
use source::{Diagnostic, Diagnostics, Record, SourceFile};

pub(super) const PATH: &str = "refutations.toml";

pub(super) fn read(file: &SourceFile, refutations: &mut Vec<Refutation>, findings: &mut Diagnostics) {
    let Some(mut root) = Record::read(file, findings) else { return };
    for record in root.tables("refutation", "[[refutation]]", findings) {
        refutations.extend(refutation(record, findings));
    }
    root.finish(findings);
}

fn refutation(mut record: Record, findings: &mut Diagnostics) -> Option<Refutation> {
    let id = fields::id(&mut record, "refutation", findings);
    let finding = record.required_text("finding", findings);
    let scenario = record.required_text("scenario", findings);
    let arm = record.required_text("arm", findings);
    let versus = record.text("versus", findings);
    let quantity = record.required_text("quantity", findings);
    let from_day = fields::days(&mut record, "from", findings).unwrap_or(0.0);
    if !record.has("day") {
        record.missing("day", findings);
    }
    let day = fields::days(&mut record, "day", findings);
    let measure = record.word::<Measure>("measure", findings);
    let at_least = record.number("at_least", findings).map(|it| it.value);
    let at_most = record.number("at_most", findings).map(|it| it.value);
    let sources = record.texts("sources", findings);
    let evidence = record.texts("evidence", findings);
    let expected_failure = record.text("expected_failure", findings).map(|it| it.value);
    let (title, place) = (record.title.clone(), record.place.clone());
    record.finish(findings);
    let bounds_fit = match (at_least, at_most) {
        (None, None) => false,
        (Some(low), Some(high)) => low <= high,
        _ => true,
    };
    if measure.is_some_and(|it| it != Measure::Level) || (measure.is_some() && versus.is_some()) {
        findings.push(
            Diagnostic::error(place.clone(), format!("`measure` of {title} does not fit"))
                .hint("write \"absolute\" for bounds of the value itself, without `versus`; or leave it out"),
        );
        return None;
    }
    if !bounds_fit {
        findings.push(
            Diagnostic::error(place.clone(), format!("{title} allows everything or nothing"))
                .hint("give `at_least`, `at_most` or both, in percent: at_least = 5 is a rise, -5 to 5 is no change"),
        );
        return None;
    }
    Some(Refutation {
        id: id?,
        finding: finding?.value,
        scenario: scenario?,
        arm: arm?,
        versus,
        quantity: quantity?,
        from_day,
        day: day?,
        is_level: measure == Some(Measure::Level),
        at_least,
        at_most,
        sources,
        evidence,
        expected_failure,
        place,
    })
}

/// What refutations name exists.
pub(super) fn check(biology: &Biology, findings: &mut Diagnostics) {
    for (i, it) in biology.refutations.iter().enumerate() {
        if let Some(first) = biology.refutations[..i].iter().find(|first| first.id.value == it.id.value) {
            findings.push(crate::biology::defined_twice("refutation", &it.id, it.id.place.clone(), &first.id.place));
        }
        if biology.entry(&it.quantity).is_none() {
            findings.push(unknown("quantity", &it.quantity, &it.quantity.place, biology.entry_ids()));
        }
        match biology.scenario(&it.scenario, &it.scenario.place) {
            Ok(scenario) => check_arms(it, scenario, findings),
            Err(finding) => findings.push(finding),
        }
        if it.sources.is_empty() && it.evidence.is_empty() {
            let finding = Diagnostic::error(it.place.clone(), format!("refutation `{}` rests on nothing", it.id.value));
            findings.push(finding.hint("name papers in `sources` or statements in `evidence`"));
        }
    }
}

fn check_arms(it: &Refutation, scenario: &Scenario, findings: &mut Diagnostics) {
    for arm in std::iter::once(&it.arm).chain(&it.versus) {
        if !scenario.arms.iter().any(|known| known.id == arm.value) {
            let what = format!("arm of `{}`", scenario.id);
            findings.push(unknown(&what, arm, &arm.place, scenario.arms.iter().map(|it| it.id.as_str())));
        }
    }
    if !(0.0..=scenario.duration_days).contains(&it.day) || it.from_day > it.day {
        let message = format!("day {} to {} is not within `{}`", it.from_day, it.day, scenario.id);
        findings.push(
            Diagnostic::error(it.place.clone(), message).because(format!("it lasts {} days", scenario.duration_days)),
        );
    }
}
