//! Do scenarios, subjects, genotypes, hypotheses and arguments ask for things that exist and fit?

use crate::biology::{organisms, unknown};
use crate::read::module::never_negative;
use crate::{Arm, Biology, Dose, Drug, Entry, Genotype, Hypothesis, LinkPart, Organism, Scenario, Setting};
use source::{Diagnostic, Diagnostics, Place, Placed};
use units::{Quantity, Unit};

/// Checks what the biology's own genotypes, hypotheses, scenarios, drugs and molecules name.
pub(crate) fn check_protocols(biology: &Biology, findings: &mut Diagnostics) {
    for (_, molecule) in biology.molecules() {
        let main = &molecule.main_quantity;
        if biology.entry(main).is_none() {
            findings.push(unknown("quantity", main, &main.place, biology.entry_ids()));
        }
    }
    for drug in &biology.drugs {
        let into = &drug.dose_into;
        if !matches!(biology.entry(into), Some((_, Entry::State(_) | Entry::Species(_)))) {
            findings.push(unknown("state", into, &into.place, biology.entry_ids()));
        }
    }
    for subject in &biology.subjects {
        check_settings(&subject.set, biology, findings);
    }
    for genotype in &biology.genotypes {
        check_settings(&genotype.set, biology, findings);
    }
    for hypothesis in &biology.hypotheses {
        check_hypothesis(hypothesis, biology, findings);
    }
    for scenario in biology.scenarios.iter().chain(&biology.studies) {
        check_scenario(scenario, biology, findings);
    }
}

fn check_hypothesis(hypothesis: &Hypothesis, biology: &Biology, findings: &mut Diagnostics) {
    check_settings(&hypothesis.set, biology, findings);
    for selector in hypothesis.off.iter().chain(&hypothesis.on) {
        if let Err(finding) = selected_links(selector, &selector.place, biology) {
            findings.push(finding);
        }
    }
}

/// Checks everything a scenario names against the biology and its organism.
pub(crate) fn check_scenario(scenario: &Scenario, biology: &Biology, findings: &mut Diagnostics) {
    for id in &scenario.readouts {
        if !matches!(biology.entry(id), Some((_, Entry::Readout(_)))) {
            let known = biology.reference_modules().flat_map(|module| &module.readouts).map(|it| it.id.as_str());
            findings.push(unknown("readout", id, &id.place, known));
        }
    }
    for arm in &scenario.arms {
        check_settings(&arm.set, biology, findings);
        for change in &arm.changes {
            check_settings(&change.set, biology, findings);
        }
        check_asked_for(arm, scenario.organism, biology, findings);
    }
}

/// Subject, drugs and genotypes exist and are of or made for the organism.
fn check_asked_for(arm: &Arm, organism: Organism, biology: &Biology, findings: &mut Diagnostics) {
    if let Some(id) = &arm.subject {
        match biology.subject(id) {
            None => {
                let known = biology.subjects.iter().map(|it| it.id.as_str());
                findings.push(unknown("subject", id, &id.place, known));
            }
            Some(subject) if subject.organism != organism => {
                let others = biology.subjects.iter().filter(|it| it.organism == organism).map(|it| it.id.as_str());
                findings.push(
                    Diagnostic::error(id.place.clone(), format!("subject `{}` is no {organism}", subject.id))
                        .because(format!("its values are those of a {}", subject.organism))
                        .hint(available("subjects", organism, others)),
                );
            }
            Some(_) => {}
        }
    }
    for id in &arm.genotypes {
        match biology.genotype(id) {
            None => {
                let known = biology.genotypes.iter().map(|it| it.id.as_str());
                findings.push(unknown("genotype", id, &id.place, known));
            }
            Some(genotype) if !genotype.organisms.contains(&organism) => {
                findings.push(genotype_in_other_organism(genotype, organism, &id.place, biology));
            }
            Some(_) => {}
        }
    }
    for dose in &arm.doses {
        match biology.drug(&dose.drug) {
            None => {
                let known = biology.drugs.iter().map(|it| it.id.as_str());
                findings.push(unknown("drug", &dose.drug, &dose.drug.place, known));
            }
            Some(drug) if !drug.organisms.contains(&organism) => {
                findings.push(drug_in_other_organism(drug, organism, &dose.drug.place, biology));
            }
            Some(drug) => check_dose_unit(dose, drug, findings),
        }
    }
}

fn drug_in_other_organism(drug: &Drug, organism: Organism, place: &Place, biology: &Biology) -> Diagnostic {
    let others = biology.drugs.iter().filter(|it| it.organisms.contains(&organism)).map(|it| it.id.as_str());
    Diagnostic::error(place.clone(), format!("drug `{}` is not made for the {organism}", drug.id))
        .because(format!("its model holds for: {}", organisms(&drug.organisms)))
        .hint(available("drugs", organism, others))
}

fn genotype_in_other_organism(genotype: &Genotype, organism: Organism, place: &Place, biology: &Biology) -> Diagnostic {
    let others = biology.genotypes.iter().filter(|it| it.organisms.contains(&organism)).map(|it| it.id.as_str());
    Diagnostic::error(place.clone(), format!("genotype `{}` is not known in the {organism}", genotype.id))
        .because(format!("it was described in: {}", organisms(&genotype.organisms)))
        .hint(available("genotypes", organism, others))
}

fn available<'a>(what: &str, organism: Organism, ids: impl Iterator<Item = &'a str>) -> String {
    match ids.collect::<Vec<_>>().as_slice() {
        [] => format!("there are no {what} for the {organism}; change `organism` of the scenario"),
        ids => format!("{what} for the {organism}: {}", ids.join(", ")),
    }
}

fn check_dose_unit(dose: &Dose, drug: &Drug, findings: &mut Diagnostics) {
    if dose.amount.value_in(&drug.dose_unit).is_none() {
        findings.push(
            Diagnostic::error(
                dose.amount.place.clone(),
                format!(
                    "doses of `{}` are measured in {}, `{}` has another dimension",
                    drug.id, drug.dose_unit, dose.amount.value
                ),
            )
            .hint(format!("write for example \"60 {}\"", drug.dose_unit)),
        );
    }
}

fn check_settings(settings: &[Setting], biology: &Biology, findings: &mut Diagnostics) {
    for setting in settings {
        if let Err(finding) = internal_value(biology, &setting.id, &setting.quantity) {
            findings.push(finding);
        }
    }
}

/// The value a setting gives, in the unit the network uses.
///
/// # Errors
/// The thing is unknown, is computed and not set, has another dimension, or would be negative where it cannot be.
pub(crate) fn internal_value(
    biology: &Biology,
    id: &Placed<String>,
    quantity: &Placed<Quantity>,
) -> Result<f64, Diagnostic> {
    let Some((_, entry)) = biology.entry(id) else {
        return Err(unknown("parameter", id, &id.place, biology.entry_ids()));
    };
    let error = |message: String| Diagnostic::error(id.place.clone(), message);
    let unit = match entry {
        Entry::Variable(_) | Entry::Readout(_) | Entry::Reaction(_) => {
            let message = format!("the {} `{}` cannot be set: it is computed from others", entry.kind(), id.value);
            return Err(error(message).hint(format!("set what it is computed from: {}", entry.equations().join("; "))));
        }
        Entry::Link(link) => {
            let message = format!("the link `{}` cannot be set: it is computed from others", id.value);
            let hint = format!("switch it off, or set `{}` or `{}`", link.maximum_id(), link.potency_id());
            return Err(error(message).hint(hint));
        }
        Entry::LinkNumber(_, LinkPart::Switch) => {
            return Err(error(format!("`{}` cannot be set", id.value)).hint("links are switched by `on` and `off`"));
        }
        Entry::DoseFactor(_) => return Err(error(format!("`{}` cannot be set", id.value))),
        _ => entry.unit().unwrap_or_else(Unit::dimensionless),
    };
    let Some(value) = quantity.value_in(&unit.in_days()) else {
        let wanted =
            if unit.dimension().is_none() { "is a plain number".to_string() } else { format!("is measured in {unit}") };
        let message = format!("`{}` {wanted}, `{}` has another dimension", id.value, quantity.value);
        let finding = Diagnostic::error(quantity.place.clone(), message);
        let example = Quantity { value: quantity.value.value, unit };
        return Err(finding.hint(format!("write for example `{example}`")));
    };
    let substance = matches!(entry, Entry::State(_) | Entry::Species(_)).then(|| never_negative(&unit)).flatten();
    let must_be_positive = matches!(entry, Entry::LinkNumber(..) | Entry::Compartment(_));
    if let (Some(what), true) = (substance, value < 0.0) {
        return Err(error(format!("`{}` cannot be a negative {what}: {}", id.value, quantity.value)));
    }
    if must_be_positive && value <= 0.0 {
        return Err(error(format!("`{}` must be above 0: {}", id.value, quantity.value)));
    }
    Ok(value)
}

/// The links that a selector means: an id, `direction:...`, `kind:...` or `all`; as positions in [`Biology::links`].
pub(crate) fn selected_links(selector: &str, place: &Place, biology: &Biology) -> Result<Vec<usize>, Diagnostic> {
    let links: Vec<_> = biology.links().collect();
    let chosen = |test: &dyn Fn(&crate::Link) -> bool| (0..links.len()).filter(|&i| test(links[i])).collect();
    let group = |what: &str, word: &str, words: Vec<&'static str>| {
        Diagnostic::error(place.clone(), format!("there is no {what} `{word}`"))
            .hint(format!("{what}s are: {}", words.join(", ")))
    };
    if selector == "all" {
        return Ok(chosen(&|_| true));
    }
    if let Some(word) = selector.strip_prefix("direction:") {
        let found = crate::Direction::ALL.iter().find(|direction| direction.word() == word);
        let words = crate::Direction::ALL.iter().map(|it| it.word()).collect();
        return found
            .map(|found| chosen(&|link| link.direction == *found))
            .ok_or_else(|| group("direction", word, words));
    }
    if let Some(word) = selector.strip_prefix("kind:") {
        let found = crate::LinkKind::ALL.iter().find(|kind| kind.word() == word);
        let words = crate::LinkKind::ALL.iter().map(|it| it.word()).collect();
        return found.map(|found| chosen(&|link| link.kind == *found)).ok_or_else(|| group("kind", word, words));
    }
    match links.iter().position(|link| link.id == selector) {
        Some(position) => Ok(vec![position]),
        None => Err(unknown("link", selector, place, links.iter().map(|link| link.id.as_str()))),
    }
}
