//! What the model is for, and how well it keeps the rules of credible practice: `credibility.toml`.

use crate::credibility::{Conformance, Credibility, KeptRule, TEN_RULES};
use source::{Diagnostic, Diagnostics, Place, Placed, Record, SourceFile};

pub(super) const PATH: &str = "credibility.toml";

pub(super) fn read(file: &SourceFile, credibility: &mut Credibility, findings: &mut Diagnostics) {
    let Some(mut root) = Record::read(file, findings) else { return };
    match root.table("use", "[use]", findings) {
        Some(mut record) => {
            let question = record.required_text("question", findings);
            credibility.question = question.map(|it| it.value).unwrap_or_default();
            credibility.uses = values(record.texts("for", findings));
            credibility.misuses = values(record.texts("not_for", findings));
            record.finish(findings);
        }
        None => root.missing("[use]", findings),
    }
    for record in root.tables("rule", "[[rule]]", findings) {
        credibility.rules.extend(rule(record, findings));
    }
    root.finish(findings);
    check(&mut credibility.rules, &file.path, findings);
}

fn values(texts: Vec<Placed<String>>) -> Vec<String> {
    texts.into_iter().map(|it| it.value).collect()
}

fn rule(mut record: Record, findings: &mut Diagnostics) -> Option<KeptRule> {
    if !record.has("number") {
        record.missing("number", findings);
    }
    let number = record.number("number", findings);
    let conformance = record.required_word::<Conformance>("conformance", findings);
    let reason = record.required_text("reason", findings);
    let missing = record.required_text("missing", findings);
    let see = values(record.texts("see", findings));
    let place = record.place.clone();
    record.finish(findings);
    let number = number?;
    let Some(position) = (1..=TEN_RULES.len()).find(|it| *it as f64 == number.value) else {
        let message = format!("there is no rule {}", number.value);
        findings.push(Diagnostic::error(number.place, message).hint("rules have the numbers 1 to 10"));
        return None;
    };
    Some(KeptRule {
        number: position,
        conformance: conformance?,
        reason: reason?.value,
        missing: missing?.value,
        see,
        place,
    })
}

/// Every rule is judged once; they are put into their order.
fn check(rules: &mut [KeptRule], path: &str, findings: &mut Diagnostics) {
    rules.sort_by_key(|it| it.number);
    for pair in rules.windows(2).filter(|pair| pair[0].number == pair[1].number) {
        let message = format!("rule {} is judged twice", pair[1].number);
        findings.push(Diagnostic::error(pair[1].place.clone(), message).because(format!("first at {}", pair[0].place)));
    }
    for (number, name) in (1..).zip(TEN_RULES) {
        if rules.iter().all(|it| it.number != number) {
            let message = format!("rule {number} is not judged: {name}");
            let finding = Diagnostic::error(Place::file(path), message);
            findings.push(finding.hint("add a [[rule]] with number, conformance, reason and missing"));
        }
    }
}
