//! Drugs, subjects, genotypes, hypotheses and scenarios.

use super::{fields, module};
use crate::biology::unknown;
use crate::{Arm, ArmChange, Compare, Dose, Drug, Genotype, Hypothesis, Scenario, Subject};
use source::{Diagnostic, Diagnostics, Placed, Record, SourceFile};

/// The `[drug]` table; the rest of the file is the drug's module.
pub(super) fn drug(mut record: Record, findings: &mut Diagnostics) -> Option<Drug> {
    let id = fields::id(&mut record, "drug", findings);
    let name = fields::name(&mut record, id.as_ref(), findings);
    let about = fields::plain(&mut record, "about", findings);
    let organisms = module::organisms(&mut record, findings);
    let dose_into = record.required_text("dose_into", findings);
    let dose_unit = fields::unit(&mut record, "dose_unit", findings);
    let dose_factor = fields::formula(&mut record, "dose_factor", findings);
    let sources = record.texts("sources", findings);
    record.finish(findings);
    let Placed { value: id, place } = id?;
    Some(Drug {
        module: id.clone(),
        id,
        name,
        about,
        organisms,
        dose_into: dose_into?,
        dose_unit: dose_unit?,
        dose_factor: dose_factor?,
        sources,
        place,
    })
}

pub(super) fn subject(file: &SourceFile, findings: &mut Diagnostics) -> Option<Subject> {
    let mut record = only_table(file, "subject", findings)?;
    let id = fields::id(&mut record, "subject", findings);
    let name = fields::name(&mut record, id.as_ref(), findings);
    let about = fields::plain(&mut record, "about", findings);
    let organism = record.required_word("organism", findings);
    let set = fields::settings(&mut record, findings);
    let sources = record.texts("sources", findings);
    record.finish(findings);
    let Placed { value: id, place } = id?;
    Some(Subject { id, name, about, organism: organism?, set, sources, place })
}

pub(super) fn genotype(file: &SourceFile, findings: &mut Diagnostics) -> Option<Genotype> {
    let mut record = only_table(file, "genotype", findings)?;
    let id = fields::id(&mut record, "genotype", findings);
    let name = fields::name(&mut record, id.as_ref(), findings);
    let about = fields::plain(&mut record, "about", findings);
    let organisms = module::organisms(&mut record, findings);
    let set = fields::settings(&mut record, findings);
    let sources = record.texts("sources", findings);
    let evidence = record.texts("evidence", findings);
    record.finish(findings);
    let Placed { value: id, place } = id?;
    Some(Genotype { id, name, about, organisms, set, sources, evidence, place })
}

pub(super) fn hypothesis(file: &SourceFile, findings: &mut Diagnostics) -> Option<Hypothesis> {
    let mut record = only_table(file, "hypothesis", findings)?;
    let id = fields::id(&mut record, "hypothesis", findings);
    let name = fields::name(&mut record, id.as_ref(), findings);
    let about = fields::plain(&mut record, "about", findings);
    let off = record.texts("off", findings);
    let on = record.texts("on", findings);
    let set = fields::settings(&mut record, findings);
    let sources = record.texts("sources", findings);
    let evidence = record.texts("evidence", findings);
    record.finish(findings);
    let Placed { value: id, place } = id?;
    Some(Hypothesis { id, name, about, off, on, set, sources, evidence, place })
}

/// The one table of a file that holds nothing else.
fn only_table(file: &SourceFile, key: &'static str, findings: &mut Diagnostics) -> Option<Record> {
    let mut root = Record::read(file, findings)?;
    let table = required_table(&mut root, key, findings);
    root.finish(findings);
    table
}

fn required_table(root: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Option<Record> {
    if !root.has(key) {
        root.missing(&format!("[{key}]"), findings);
    }
    root.table(key, &format!("[{key}]"), findings)
}

pub(super) fn scenario(file: &SourceFile, findings: &mut Diagnostics) -> Option<Scenario> {
    let mut root = Record::read(file, findings)?;
    let table = required_table(&mut root, "scenario", findings);
    let arm_records = root.tables("arm", "[[arm]]", findings);
    root.finish(findings);
    let mut record = table?;
    let id = fields::id(&mut record, "scenario", findings);
    let name = fields::name(&mut record, id.as_ref(), findings);
    let about = fields::plain(&mut record, "about", findings);
    let organism = record.required_word("organism", findings);
    let subjects = fields::plain(&mut record, "subjects", findings);
    if !record.has("duration") {
        record.missing("duration", findings);
    }
    let duration = fields::days(&mut record, "duration", findings);
    let compare = record.word("compare", findings);
    let readouts = record.texts("readouts", findings);
    let sources = record.texts("sources", findings);
    let title = record.title.clone();
    let place = id.as_ref().map_or(&record.place, |id| &id.place).clone();
    record.finish(findings);
    if let Some(days) = duration.filter(|days| *days <= 0.0) {
        let message = format!("`duration` of {title} is not positive: {days} day");
        findings.push(Diagnostic::error(place.clone(), message));
    }
    if arm_records.is_empty() {
        findings.push(
            Diagnostic::error(place.clone(), format!("{title} has no arm"))
                .hint("add [[arm]] with an id and what happens in it"),
        );
    }
    let mut arms: Vec<Arm> = Vec::new();
    for record in arm_records {
        arms.extend(arm(record, &arms, findings));
    }
    for (i, arm) in arms.iter().enumerate() {
        if let Some(first) = arms[..i].iter().find(|first| first.id == arm.id) {
            findings.push(
                Diagnostic::error(arm.place.clone(), format!("arm `{}` is defined twice", arm.id))
                    .because(format!("it is also defined at {}", first.place))
                    .hint("give one of them another id"),
            );
        }
    }
    Some(Scenario {
        id: id?.value,
        name,
        about,
        organism: organism?,
        subjects,
        duration_days: duration?,
        compare: compare.unwrap_or(Compare::Baseline),
        readouts,
        sources,
        arms,
        place,
    })
}

/// An arm; `like` takes over all of an earlier one, to which its own lines are added.
fn arm(mut record: Record, earlier: &[Arm], findings: &mut Diagnostics) -> Option<Arm> {
    let id = fields::id(&mut record, "arm", findings);
    let name = fields::name(&mut record, id.as_ref(), findings);
    let like = record.text("like", findings);
    let subject = record.text("subject", findings);
    let set = fields::settings(&mut record, findings);
    let genotypes = record.one_or_more_texts("genotype", findings);
    let title = record.title.clone();
    let changes = record.tables("change", &format!("change of {title}"), findings);
    let doses = record.tables("dose", &format!("dose of {title}"), findings);
    record.finish(findings);
    let changes: Vec<ArmChange> = changes.into_iter().filter_map(|record| change(record, findings)).collect();
    let doses: Vec<Dose> = doses.into_iter().filter_map(|record| dose(record, findings)).collect();
    let mut whole = match &like {
        None => None,
        Some(like) => {
            let found = earlier.iter().find(|arm| arm.id == like.value);
            if found.is_none() {
                let known = earlier.iter().map(|arm| arm.id.as_str());
                let finding = unknown("earlier arm", like, &like.place, known);
                findings.push(finding.because("`like` takes over an arm that stands above in the same file"));
            }
            found.cloned()
        }
    }
    .unwrap_or_else(|| Arm::without_anything(""));
    Placed { value: whole.id, place: whole.place } = id?;
    whole.name = name;
    whole.subject = subject.or(whole.subject);
    whole.set.extend(set);
    whole.genotypes.extend(genotypes);
    whole.changes.extend(changes);
    whole.doses.extend(doses);
    Some(whole)
}

fn change(mut record: Record, findings: &mut Diagnostics) -> Option<ArmChange> {
    let place = record.place.clone();
    let from = fields::days(&mut record, "from", findings);
    let to = fields::days(&mut record, "to", findings);
    let set = fields::settings(&mut record, findings);
    let title = record.title.clone();
    record.finish(findings);
    let from_day = from.unwrap_or(0.0);
    if from_day < 0.0 || to.is_some_and(|to| to <= from_day) {
        let to = to.map_or("the end".to_string(), |to| format!("day {to}"));
        let message = format!("{title} does not run forward: from day {from_day} to {to}");
        findings.push(Diagnostic::error(place, message).hint("`from` is 0 day or later, and `to` is after `from`"));
        return None;
    }
    Some(ArmChange { from_day, to_day: to, set, place })
}

fn dose(mut record: Record, findings: &mut Diagnostics) -> Option<Dose> {
    let place = record.place.clone();
    let drug = record.required_text("drug", findings);
    if !record.has("amount") {
        record.missing("amount", findings);
    }
    let amount = fields::quantity(&mut record, "amount", findings);
    let at_day = fields::days(&mut record, "at", findings).unwrap_or(0.0);
    let over_days = fields::days(&mut record, "over", findings).unwrap_or(0.0);
    let every_days = fields::days(&mut record, "every", findings);
    let times = record.number("times", findings);
    let title = record.title.clone();
    record.finish(findings);
    let mut wrong = |message: String| findings.push(Diagnostic::error(place.clone(), message));
    if let Some(amount) = amount.as_ref().filter(|amount| amount.value.value < 0.0) {
        wrong(format!("{title} is negative: {}", amount.value));
    }
    if at_day < 0.0 {
        wrong(format!("{title} comes before the run starts: day {at_day}"));
    }
    if over_days < 0.0 {
        wrong(format!("`over` of {title} is not a positive time"));
        return None;
    }
    if every_days.is_some_and(|every| every <= 0.0) {
        wrong(format!("`every` of {title} is not a positive time"));
        return None;
    }
    let times = match times {
        None => 1,
        Some(times) if times.value >= 1.0 && times.value.fract() == 0.0 && times.value <= 100_000.0 => {
            times.value as u32
        }
        Some(times) => {
            wrong(format!("`times` of {title} is not a number of doses: {}", times.value));
            return None;
        }
    };
    if times > 1 && every_days.is_none() {
        wrong(format!("{title} is given {times} times, but `every` does not say how often"));
        return None;
    }
    Some(Dose { drug: drug?, amount: amount?, at_day, over_days, every_days, times, place })
}
