//! What each element of an exported model is and rests on: terms of the Systems Biology Ontology, notes for people, and
//! links to databases and papers.

use crate::numbers::short;
use crate::{Biology, DISCLAIMER};
use evidence::{Reference, Stance, Thing as MapThing};
use network::{Draft, Id, Remark, Subject, Thing};
use physiology::{Assembly, Organism, Provenance, Run};
use sbml::Qualifier;
use source::Place;
use std::collections::BTreeSet;
use units::{BaseDimension, Dimension, Unit};

/// Terms of the Systems Biology Ontology (doi:10.1038/msb.2011.77), by their numbers.
mod term {
    pub(super) const DETERMINISTIC_FRAMEWORK: u32 = 675;
    pub(super) const QUANTITATIVE_PARAMETER: u32 = 2;
    pub(super) const KINETIC_CONSTANT: u32 = 9;
    pub(super) const HILL_COEFFICIENT: u32 = 190;
    pub(super) const CONCENTRATION: u32 = 196;
    pub(super) const DISSOCIATION_CONSTANT: u32 = 282;
    pub(super) const HALF_LIFE: u32 = 332;
    pub(super) const AMOUNT: u32 = 361;
    pub(super) const MASS: u32 = 504;
    pub(super) const COMPARTMENT: u32 = 290;
    pub(super) const ENTITY: u32 = 236;
    pub(super) const PROCESS: u32 = 375;
    pub(super) const OCCURRING: u32 = 231;
}

/// Adds remarks about every element of the draft of one run.
pub(super) fn add(draft: &mut Draft, biology: &Biology, assembly: &Assembly, run: &Run) {
    let mut remarks = vec![(Subject::from(Thing::Model), of_model(biology, assembly, run))];
    let known = |id: &Id| assembly.network.index_of(id).map(|index| assembly.provenance_of(index));
    let described = |id: &Id, term: u32| match known(id) {
        Some(provenance) => described(biology, assembly.organism, id, provenance, term),
        None => Remark { sbo_term: Some(term), ..Remark::default() },
    };
    for it in &draft.parameters {
        let term = parameter_term(&it.id, it.constant, it.unit.as_ref());
        remarks.push((Thing::Parameter(it.id.clone()).into(), described(&it.id, term)));
    }
    for it in &draft.compartments {
        remarks.push((Thing::Compartment(it.id.clone()).into(), described(&it.id, term::COMPARTMENT)));
    }
    for it in &draft.species {
        remarks.push((Thing::Species(it.id.clone()).into(), described(&it.id, term::ENTITY)));
    }
    for it in &draft.reactions {
        remarks.push((Thing::Reaction(it.id.clone()).into(), described(&it.id, term::PROCESS)));
    }
    for it in &draft.events {
        let remark = Remark { sbo_term: Some(term::OCCURRING), ..Remark::default() };
        remarks.push((Thing::Event(it.id.clone()).into(), remark));
    }
    draft.remarks.extend(remarks);
}

fn of_model(biology: &Biology, assembly: &Assembly, run: &Run) -> Remark {
    let scenario = &assembly.scenario;
    let taxon = match assembly.organism {
        Organism::Human => 9606,
        Organism::Mouse => 10090,
    };
    let mut paragraphs = vec![format!("{}, {}.", biology.content.name, assembly.organism), DISCLAIMER.to_string()];
    if scenario.place == Place::nowhere() {
        paragraphs.push("At rest: nothing happens.".to_string());
    } else {
        let arm = scenario.arms.iter().find(|arm| arm.id == run.arm).map_or("", |arm| &arm.name);
        paragraphs.push(format!(
            "{}: {} Arm {}: {arm}. Lasts {} days.",
            scenario.name, scenario.about, run.arm, assembly.duration_days
        ));
    }
    if let Some(hypothesis) = run.hypothesis.as_deref().and_then(|id| biology.content.hypothesis(id)) {
        paragraphs.push(format!("Under the hypothesis {}: {} {}", hypothesis.id, hypothesis.name, hypothesis.about));
    }
    paragraphs.push(format!(
        "Made by enthesis {} from the biology with SHA-256 {}. Time in days. The biology is under CC-BY-4.0.",
        env!("CARGO_PKG_VERSION"),
        biology.fingerprint()
    ));
    let modules = biology.modules().flat_map(|module| &module.sources).map(|key| key.value.as_str());
    let protocol = scenario.sources.iter().map(|key| key.value.as_str());
    let links = [
        (Qualifier::HasTaxon, vec![format!("https://identifiers.org/taxonomy:{taxon}")]),
        (Qualifier::ModelIsDescribedBy, papers(biology, modules.chain(protocol))),
    ];
    remark("model", term::DETERMINISTIC_FRAMEWORK, &paragraphs, &links)
}

fn remark(id: &str, term: u32, paragraphs: &[String], links: &[(Qualifier, Vec<String>)]) -> Remark {
    let metaid = format!("meta_{id}");
    Remark {
        sbo_term: Some(term),
        notes: sbml::notes(paragraphs),
        annotation: sbml::annotation(&metaid, links),
        metaid: Some(metaid.into()),
        ..Remark::default()
    }
}

/// What a symbol of the biology is and rests on.
fn described(biology: &Biology, organism: Organism, id: &Id, it: &Provenance, term: u32) -> Remark {
    let evidence = &biology.content.evidence;
    let thing = biology.content.molecules().find(|(_, molecule)| molecule.main_quantity.value == **id);
    let thing = thing.and_then(|(_, molecule)| evidence.thing(&molecule.id));
    let supporting = it.evidence.iter().filter_map(|id| evidence.statement(id)).flat_map(|it| &it.evidence);
    let supporting = supporting.filter(|item| item.stance == Stance::Supports).map(|item| item.reference.as_str());
    let keys = it.sources.iter().map(String::as_str).chain(supporting);
    let links = [
        (Qualifier::IsPropertyOf, thing.map_or_else(Vec::new, |it| entries(it, organism))),
        (Qualifier::IsDescribedBy, papers(biology, keys)),
    ];
    remark(id, term, &sentences(it), &links)
}

/// `Part of bone, parameter, measured, 40 min (20 to 90). Tier T3.` and the remark of the file.
fn sentences(it: &Provenance) -> Vec<String> {
    let mut facts = vec![it.kind.to_string()];
    facts.extend(it.basis.map(|basis| basis.to_string()));
    let unit = if it.unit.to_string() == "1" { String::new() } else { format!(" {}", it.unit) };
    facts.extend(it.value.map(|value| format!("{}{unit} in the source", short(value))));
    facts.extend(it.range.map(|(low, high)| format!("plausible from {} to {}{unit}", short(low), short(high))));
    facts.extend(it.tier.map(|tier| format!("best evidence of tier {tier}")));
    let part = if it.module.is_empty() { String::new() } else { format!("Part {}: ", it.module) };
    let mut paragraphs = vec![format!("{part}{}.", facts.join(", "))];
    paragraphs.extend(it.note.clone());
    paragraphs
}

/// The database entries of a thing of the map in one organism.
fn entries(thing: &MapThing, organism: Organism) -> Vec<String> {
    let own = match organism {
        Organism::Human => &thing.human,
        Organism::Mouse => &thing.mouse,
    };
    thing.identifiers.iter().chain(own).map(evidence::Identifier::url).collect()
}

/// Addresses of papers, once each, by DOI or PubMed's number.
fn papers<'a>(biology: &Biology, keys: impl Iterator<Item = &'a str>) -> Vec<String> {
    let address = |it: &Reference| {
        let by_doi = it.doi.as_ref().map(|doi| format!("https://identifiers.org/doi:{doi}"));
        by_doi.or_else(|| it.pmid.as_ref().map(|pmid| format!("https://identifiers.org/pubmed:{pmid}")))
    };
    let mut seen = BTreeSet::new();
    let found = keys.filter_map(|key| biology.content.evidence.reference(key)).filter_map(address);
    found.filter(|it| seen.insert(it.clone())).collect()
}

/// The most exact term that unit and role allow.
fn parameter_term(id: &str, constant: bool, unit: Option<&Unit>) -> u32 {
    let Some(dimension) = unit.map(Unit::dimension) else { return term::QUANTITATIVE_PARAMETER };
    let is = |parts: &[(BaseDimension, f64)]| {
        let product = parts.iter().fold(Dimension::NONE, |product, &(base, exponent)| {
            product.multiply(&Dimension::base(base).power(exponent))
        });
        *dimension == product
    };
    use BaseDimension::{Amount, Length, Mass, Time};
    if constant && is(&[(Time, -1.0)]) {
        term::KINETIC_CONSTANT
    } else if constant && is(&[(Time, 1.0)]) && id.ends_with("half_life") {
        term::HALF_LIFE
    } else if constant && id.ends_with("_steepness") && dimension.is_none() {
        term::HILL_COEFFICIENT
    } else if is(&[(Amount, 1.0), (Length, -3.0)]) {
        if constant && id.ends_with("_kd") { term::DISSOCIATION_CONSTANT } else { term::CONCENTRATION }
    } else if is(&[(Amount, 1.0)]) {
        term::AMOUNT
    } else if is(&[(Mass, 1.0)]) {
        term::MASS
    } else {
        term::QUANTITATIVE_PARAMETER
    }
}
