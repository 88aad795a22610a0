//! The biology folder to [`Biology`].

mod calibrated;
mod citations;
mod credibility;
mod equally_good;
mod fields;
mod measurements;
pub(crate) mod module;
mod protocol;
mod refutations;

pub use equally_good::PATH as EQUALLY_GOOD_PATH;

use crate::biology::{defined_twice, unknown};
use crate::{Biology, Module, Scenario, settings};
use source::{Diagnostic, Diagnostics, Place, Placed, Record, SourceFile, SourceTree};
use std::collections::BTreeMap;

const REFERENCE_MODEL: &str = "reference.model.toml";

/// Reads a biology folder: modules, drugs, subjects, genotypes, hypotheses, scenarios, evidence, references.
///
/// Returned with the biology are warnings. Formulas are read, but whether their names are known and their units fit is
/// seen by [`crate::assemble()`], which joins the parts to one network.
///
/// # Errors
/// All findings about all files, when at least one is an error; a file that cannot be read does not hide the others.
pub fn read(files: &SourceTree) -> Result<(Biology, Diagnostics), Diagnostics> {
    let (evidence, mut findings) = evidence::read(files);
    let mut biology = Biology::with_evidence(evidence);
    let mut list = None;
    let mut whole = true;
    for file in files.iter().filter(|file| file.path.ends_with(".toml")) {
        let before = findings.iter().count();
        match kind_of(&file.path) {
            Kind::Evidence | Kind::Layout => continue,
            Kind::Precision => measurements::precision(file, &mut biology.precision, &mut findings),
            Kind::Refutations => refutations::read(file, &mut biology.refutations, &mut findings),
            Kind::Credibility => credibility::read(file, &mut biology.credibility, &mut findings),
            Kind::Calibrated => calibrated::read(file, &mut biology.calibrated, &mut findings),
            Kind::EquallyGood => equally_good::read(file, &mut biology.equally_good, &mut findings),
            Kind::Overlaps => measurements::overlaps(file, &mut biology.overlaps, &mut findings),
            Kind::ReferenceModel => list = read_list(file, &mut biology, &mut findings),
            Kind::Module => biology.modules.extend(read_module(file, &mut findings)),
            Kind::Drug => read_drug(file, &mut biology, &mut findings),
            Kind::Subject => biology.subjects.extend(protocol::subject(file, &mut findings)),
            Kind::Genotype => biology.genotypes.extend(protocol::genotype(file, &mut findings)),
            Kind::Hypothesis => biology.hypotheses.extend(protocol::hypothesis(file, &mut findings)),
            Kind::Scenario => biology.scenarios.extend(protocol::scenario(file, &mut findings)),
            Kind::Study => biology.studies.extend(protocol::scenario(file, &mut findings)),
            Kind::Unknown => findings.push(
                Diagnostic::warning(Place::file(&file.path), "the file was not read: its name says no known kind").hint(
                    "models are called `*.model.toml`, evidence `*.evidence.toml`; the rest lies in drugs, subjects, genotypes, \
                     hypotheses, scenarios, studies or measurements",
                ),
            ),
        }
        whole &= !findings.iter().skip(before).any(|finding| finding.severity == source::Severity::Error);
    }
    whole &= measurements::read(files, &mut biology.measurements, &mut findings);
    match list {
        Some(list) => apply_list(&mut biology, &list, whole, &mut findings),
        None if files.get(REFERENCE_MODEL).is_none() => findings.push(
            Diagnostic::error(Place::file(REFERENCE_MODEL), "the file is missing")
                .because("it says which parts make up the reference model")
                .hint("is this the folder that holds bone, muscle and signals?"),
        ),
        None => {}
    }
    biology.build_index(&mut findings);
    check_kinds(&biology, &mut findings);
    citations::check(&biology, &mut findings);
    // Names that a broken file would have defined are not unknown.
    if whole {
        citations::check_use_of_statements(&biology, &mut findings);
        settings::check_protocols(&biology, &mut findings);
        measurements::check(&biology, &mut findings);
        refutations::check(&biology, &mut findings);
        calibrated::check(&biology, &mut findings);
        equally_good::check(&biology, &mut findings);
    }
    findings.into_result(biology)
}

/// Reads a person's own scenario and checks it against a biology.
///
/// # Errors
/// All findings about the file, when at least one is an error.
pub fn read_scenario(file: &SourceFile, biology: &Biology) -> Result<(Scenario, Diagnostics), Diagnostics> {
    let mut findings = Diagnostics::new();
    let scenario = protocol::scenario(file, &mut findings);
    if let Some(scenario) = &scenario {
        settings::check_scenario(scenario, biology, &mut findings);
        citations::check_scenario(scenario, biology, &mut findings);
    }
    match scenario {
        Some(scenario) => findings.into_result(scenario),
        None => Err(findings),
    }
}

/// Reads one `<stem>.model.toml` as a biology of its own, with the references and evidence of the same files.
pub(crate) fn read_single(files: &SourceTree, stem: &str) -> Result<(Biology, Diagnostics), Diagnostics> {
    let path = format!("{stem}.model.toml");
    let Some(file) = files.get(&path) else {
        return Err(Diagnostic::error(Place::file(&path), "the file is missing").into());
    };
    let (evidence, mut findings) = evidence::read(files);
    let mut biology = Biology::with_evidence(evidence);
    if let Some(module) = read_module(file, &mut findings) {
        biology.id = module.id.clone();
        biology.name = module.name.clone();
        biology.modules.push(Module { in_reference_model: true, ..module });
    }
    biology.build_index(&mut findings);
    citations::check(&biology, &mut findings);
    findings.into_result(biology)
}

enum Kind {
    ReferenceModel,
    Module,
    Evidence,
    /// Where things stand on the map; read with the evidence.
    Layout,
    Calibrated,
    EquallyGood,
    Overlaps,
    Precision,
    Refutations,
    Credibility,
    Drug,
    Subject,
    Genotype,
    Hypothesis,
    Scenario,
    Study,
    Unknown,
}

/// What a file is, by its path.
fn kind_of(path: &str) -> Kind {
    let folder = path.split_once('/').map_or("", |(folder, _)| folder);
    match folder {
        _ if path == REFERENCE_MODEL => Kind::ReferenceModel,
        _ if path.ends_with(".evidence.toml") => Kind::Evidence,
        _ if path.ends_with(".model.toml") => Kind::Module,
        _ if path == evidence::LAYOUT_PATH => Kind::Layout,
        _ if path == measurements::READOUTS => Kind::Precision,
        _ if path == refutations::PATH => Kind::Refutations,
        _ if path == credibility::PATH => Kind::Credibility,
        _ if path == calibrated::PATH => Kind::Calibrated,
        _ if path == equally_good::PATH => Kind::EquallyGood,
        _ if path == measurements::OVERLAPS => Kind::Overlaps,
        "drugs" => Kind::Drug,
        "subjects" => Kind::Subject,
        "genotypes" => Kind::Genotype,
        "hypotheses" => Kind::Hypothesis,
        "scenarios" => Kind::Scenario,
        "studies" => Kind::Study,
        _ => Kind::Unknown,
    }
}

fn read_module(file: &SourceFile, findings: &mut Diagnostics) -> Option<Module> {
    let mut root = Record::read(file, findings)?;
    let stem = file.path.strip_suffix(".model.toml").unwrap_or(&file.path);
    let header = root.table("module", "[module]", findings);
    if header.is_none() {
        root.missing("[module]", findings);
    }
    let mut module = header.map_or_else(|| module::empty(stem), |header| module::read_header(header, stem, findings));
    module::read_parts(&mut root, &mut module, findings);
    root.finish(findings);
    Some(module)
}

fn read_drug(file: &SourceFile, biology: &mut Biology, findings: &mut Diagnostics) {
    let Some(mut root) = Record::read(file, findings) else { return };
    let stem = file.path.strip_suffix(".toml").unwrap_or(&file.path);
    let header = root.table("module", "[module]", findings);
    let mut module = header.map_or_else(|| module::empty(stem), |header| module::read_header(header, stem, findings));
    let Some(record) = root.table("drug", "[drug]", findings) else {
        root.missing("[drug]", findings);
        return;
    };
    let drug = protocol::drug(record, findings);
    module::read_parts(&mut root, &mut module, findings);
    root.finish(findings);
    if let Some(mut drug) = drug {
        if module.name.is_empty() {
            module.id.clone_from(&drug.id);
            module.name.clone_from(&drug.name);
        }
        if drug.about.is_empty() {
            drug.about.clone_from(&module.about);
        }
        if drug.sources.is_empty() {
            drug.sources.clone_from(&module.sources);
        }
        drug.module.clone_from(&module.id);
        biology.drugs.push(drug);
    }
    biology.modules.push(module);
}

fn read_list(file: &SourceFile, biology: &mut Biology, findings: &mut Diagnostics) -> Option<Vec<Placed<String>>> {
    let mut root = Record::read(file, findings)?;
    let model = root.table("model", "[model]", findings);
    if model.is_none() {
        root.missing("[model]", findings);
    }
    root.finish(findings);
    let mut model = model?;
    let id = fields::id(&mut model, "model", findings);
    biology.name = fields::name(&mut model, id.as_ref(), findings);
    biology.id = id.map_or_else(|| "reference".to_string(), |id| id.value);
    let list = model.texts("modules", findings);
    model.finish(findings);
    Some(list)
}

/// Marks and orders the modules that the list names; drug modules always belong to the model.
fn apply_list(biology: &mut Biology, list: &[Placed<String>], whole: bool, findings: &mut Diagnostics) {
    let mut rank: BTreeMap<String, usize> = BTreeMap::new();
    for (position, wanted) in list.iter().enumerate() {
        let matches = |stem: &str| match wanted.strip_suffix('*') {
            Some(prefix) => stem.starts_with(prefix),
            None => stem == wanted.value,
        };
        let found: Vec<&str> = biology.modules.iter().map(|it| it.stem.as_str()).filter(|stem| matches(stem)).collect();
        if found.is_empty() && whole && !wanted.value.ends_with('*') {
            let stems = biology.modules.iter().map(|module| module.stem.as_str());
            findings.push(unknown("model file", wanted, &wanted.place, stems));
        }
        for stem in found {
            rank.entry(stem.to_string()).or_insert(position);
        }
    }
    for module in &mut biology.modules {
        module.in_reference_model = rank.contains_key(&module.stem) || module.stem.starts_with("drugs/");
        if !module.in_reference_model {
            let path = format!("{}.model.toml", module.stem);
            findings.push(
                Diagnostic::warning(Place::file(&path), "the file is not part of the reference model")
                    .hint(format!("add \"{}\" to `modules` of {REFERENCE_MODEL}", module.stem)),
            );
        }
    }
    biology.modules.sort_by_key(|module| rank.get(&module.stem).copied().unwrap_or(usize::MAX));
}

/// No two things of one kind share an id.
fn check_kinds(biology: &Biology, findings: &mut Diagnostics) {
    unique("module", biology.modules.iter().map(|it| (&it.id, &it.place)), findings);
    unique("molecule", biology.molecules().map(|(_, it)| (&it.id, &it.place)), findings);
    unique("drug", biology.drugs.iter().map(|it| (&it.id, &it.place)), findings);
    unique("subject", biology.subjects.iter().map(|it| (&it.id, &it.place)), findings);
    unique("genotype", biology.genotypes.iter().map(|it| (&it.id, &it.place)), findings);
    unique("hypothesis", biology.hypotheses.iter().map(|it| (&it.id, &it.place)), findings);
    let scenarios = biology.scenarios.iter().chain(&biology.studies);
    unique("scenario or study", scenarios.map(|it| (&it.id, &it.place)), findings);
}

fn unique<'a>(what: &str, all: impl Iterator<Item = (&'a String, &'a Place)>, findings: &mut Diagnostics) {
    let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
    for (id, place) in all {
        match first.get(id.as_str()) {
            Some(there) => findings.push(defined_twice(what, id, place.clone(), there)),
            None => {
                first.insert(id, place);
            }
        }
    }
}
