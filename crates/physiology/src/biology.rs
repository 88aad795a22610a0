//! Everything the biology folder says, with an index of its names.

use crate::{
    Arm, Compartment, Credibility, Drug, EquallyGood, Genotype, Hypothesis, Link, Measurement, Module, Molecule,
    Organism, Overlap, Parameter, Precision, Reaction, ReadoutRecord, Refutation, Scenario, Setting, Species, State,
    Subject, Variable,
};
use evidence::Evidence;
use source::{Diagnostic, Diagnostics, Place, Placed, did_you_mean};
use std::collections::BTreeMap;
use units::Unit;

/// Everything the biology folder says; read by [`crate::read()`].
#[derive(Debug, Clone, Default)]
pub struct Biology {
    /// Id of the reference model.
    pub id: String,
    /// Name of the reference model.
    pub name: String,
    /// In the order of `reference.model.toml`, others after them by path.
    pub modules: Vec<Module>,
    /// By path of their files, like everything below.
    pub drugs: Vec<Drug>,
    #[allow(missing_docs)]
    pub subjects: Vec<Subject>,
    #[allow(missing_docs)]
    pub genotypes: Vec<Genotype>,
    #[allow(missing_docs)]
    pub hypotheses: Vec<Hypothesis>,
    #[allow(missing_docs)]
    pub scenarios: Vec<Scenario>,
    /// Published studies, written like scenarios.
    pub studies: Vec<Scenario>,
    /// What was measured in them, by file and line; the files of `calibration` come first.
    pub measurements: Vec<Measurement>,
    /// Papers that set a parameter and judge all the same, with the reason.
    pub overlaps: Vec<Overlap>,
    /// How finely read-outs can be told.
    pub precision: Precision,
    /// Ids of the parameters that are fitted to the calibration side, with the organism whose values they are.
    pub calibrated: Vec<(Organism, Placed<String>)>,
    /// Values of fitted parameters with which the calibration side fits equally well, at most once per organism.
    pub equally_good: Vec<EquallyGood>,
    /// Findings that the model must not contradict.
    pub refutations: Vec<Refutation>,
    /// What the model is for, and how well it keeps the rules of credible practice.
    pub credibility: Credibility,
    /// Statements and papers.
    pub evidence: Evidence,
    index: BTreeMap<String, (usize, Slot)>,
}

/// Something with a value by name, as the files say it.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub enum Entry<'a> {
    Compartment(&'a Compartment),
    Parameter(&'a Parameter),
    State(&'a State),
    Species(&'a Species),
    Reaction(&'a Reaction),
    Variable(&'a Variable),
    Link(&'a Link),
    /// A number that a link brings with it.
    LinkNumber(&'a Link, LinkPart),
    Readout(&'a ReadoutRecord),
    /// What one unit of a dose adds to the drug's first state.
    DoseFactor(&'a Drug),
}

/// The numbers a link brings with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LinkPart {
    Maximum,
    Potency,
    Steepness,
    Switch,
}

/// Where a named thing stands in its module.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Compartment(usize),
    Parameter(usize),
    State(usize),
    Species(usize),
    Reaction(usize),
    Variable(usize),
    Link(usize),
    LinkNumber(usize, LinkPart),
    Readout(usize),
    /// Position in the list of drugs.
    DoseFactor(usize),
}

impl Biology {
    /// Nothing but evidence.
    pub(crate) fn with_evidence(evidence: Evidence) -> Self {
        Self { evidence, ..Self::default() }
    }

    /// The thing with a value by this name, and the module it belongs to.
    pub fn entry(&self, id: &str) -> Option<(&Module, Entry<'_>)> {
        let (module, slot) = *self.index.get(id)?;
        let module = &self.modules[module];
        let entry = match slot {
            Slot::Compartment(i) => Entry::Compartment(&module.compartments[i]),
            Slot::Parameter(i) => Entry::Parameter(&module.parameters[i]),
            Slot::State(i) => Entry::State(&module.states[i]),
            Slot::Species(i) => Entry::Species(&module.species[i]),
            Slot::Reaction(i) => Entry::Reaction(&module.reactions[i]),
            Slot::Variable(i) => Entry::Variable(&module.variables[i]),
            Slot::Link(i) => Entry::Link(&module.links[i]),
            Slot::LinkNumber(i, part) => Entry::LinkNumber(&module.links[i], part),
            Slot::Readout(i) => Entry::Readout(&module.readouts[i]),
            Slot::DoseFactor(i) => Entry::DoseFactor(&self.drugs[i]),
        };
        Some((module, entry))
    }

    /// The names of everything with a value, in alphabetical order.
    pub fn entry_ids(&self) -> impl Iterator<Item = &str> {
        self.index.keys().map(String::as_str)
    }

    /// The molecule with this id, and its module.
    pub fn molecule(&self, id: &str) -> Option<(&Module, &Molecule)> {
        self.molecules().find(|(_, molecule)| molecule.id == id)
    }

    /// Every molecule, and its module.
    pub fn molecules(&self) -> impl Iterator<Item = (&Module, &Molecule)> {
        self.modules.iter().flat_map(|module| module.molecules.iter().map(move |molecule| (module, molecule)))
    }

    /// Every link of the reference model.
    pub fn links(&self) -> impl Iterator<Item = &Link> {
        self.reference_modules().flat_map(|module| &module.links)
    }

    /// The modules of the reference model.
    pub fn reference_modules(&self) -> impl Iterator<Item = &Module> {
        self.modules.iter().filter(|module| module.in_reference_model)
    }

    /// The module with this id.
    pub fn module(&self, id: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.id == id)
    }

    /// The drug with this id.
    pub fn drug(&self, id: &str) -> Option<&Drug> {
        self.drugs.iter().find(|drug| drug.id == id)
    }

    /// The subject with this id.
    pub fn subject(&self, id: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.id == id)
    }

    /// What holds in an arm before day 0: the values of its subject, then its own, which win.
    pub fn settings_before<'a>(&'a self, arm: &'a Arm) -> impl Iterator<Item = &'a Setting> {
        let subject = arm.subject.as_ref().and_then(|id| self.subject(id));
        subject.into_iter().flat_map(|subject| &subject.set).chain(&arm.set)
    }

    /// The genotype with this id.
    pub fn genotype(&self, id: &str) -> Option<&Genotype> {
        self.genotypes.iter().find(|genotype| genotype.id == id)
    }

    /// The hypothesis with this id.
    pub fn hypothesis(&self, id: &str) -> Option<&Hypothesis> {
        self.hypotheses.iter().find(|hypothesis| hypothesis.id == id)
    }

    /// The study with this id.
    pub fn study(&self, id: &str) -> Option<&Scenario> {
        self.studies.iter().find(|study| study.id == id)
    }

    /// The scenario or study with this id.
    ///
    /// # Errors
    /// The finding that there is none, with the closest or all ids; its place is `place`, for example `SCENARIO`.
    pub fn scenario(&self, id: &str, place: &Place) -> Result<&Scenario, Diagnostic> {
        let found = self.scenarios.iter().find(|scenario| scenario.id == id).or_else(|| self.study(id));
        found.ok_or_else(|| {
            let scenarios: Vec<&str> = self.scenarios.iter().map(|it| it.id.as_str()).collect();
            let studies = self.studies.iter().map(|it| it.id.as_str());
            let all: Vec<&str> = scenarios.iter().copied().chain(studies).collect();
            // A hundred studies are no answer to a name that resembles none of them.
            let known = if source::did_you_mean(id, all.iter().copied()).is_empty() { scenarios } else { all };
            unknown("scenario", id, place, known.into_iter())
        })
    }

    /// Ids of the equations whose formulas name `id`, with the formula as written, in the order of the files.
    pub fn uses_of(&self, id: &str) -> Vec<(&str, &str)> {
        let names = |formula: &crate::Formula| {
            let mut found = false;
            formula
                .expression
                .walk(&mut |part| found |= matches!(part, network::Expression::Name(name) if &**name == id));
            found
        };
        let mut uses = Vec::new();
        for module in self.reference_modules() {
            for it in &module.parameters {
                for (_, value) in it.value.iter() {
                    if let crate::Value::Formula(formula) = value
                        && names(formula)
                        && uses.last().is_none_or(|(last, _)| *last != it.id)
                    {
                        uses.push((it.id.as_str(), formula.text.as_str()));
                    }
                }
            }
            let states = module.states.iter().map(|it| (&it.id, &it.rate));
            let reactions = module.reactions.iter().map(|it| (&it.id, &it.rate));
            let variables = module.variables.iter().map(|it| (&it.id, &it.value));
            let readouts = module.readouts.iter().map(|it| (&it.id, &it.value));
            for (user, formula) in states.chain(reactions).chain(variables).chain(readouts) {
                if names(formula) {
                    uses.push((user, &formula.text));
                }
            }
            for link in &module.links {
                if link.from.value == id || names(&link.reference) {
                    uses.push((&link.id, &link.from.value));
                }
            }
        }
        uses
    }

    /// Ids of the records that rest on a statement: records of modules, genotypes and hypotheses, in the order of the
    /// files.
    pub fn users_of_statement(&self, statement: &str) -> Vec<&str> {
        let mut users = Vec::new();
        let mut add = |id, evidence: &[Placed<String>]| {
            if evidence.iter().any(|it| it.value == statement) {
                users.push(id);
            }
        };
        for module in &self.modules {
            module.origins().for_each(|(id, origin)| add(id, &origin.evidence));
        }
        self.genotypes.iter().for_each(|it| add(it.id.as_str(), &it.evidence));
        self.hypotheses.iter().for_each(|it| add(it.id.as_str(), &it.evidence));
        users
    }

    /// Fills the index, and reports ids that two things share.
    pub(crate) fn build_index(&mut self, findings: &mut Diagnostics) {
        let mut names: Vec<(String, Place, (usize, Slot))> = Vec::new();
        for (m, module) in self.modules.iter().enumerate() {
            let mut add = |id: &str, place: &Place, slot| names.push((id.to_string(), place.clone(), (m, slot)));
            module
                .compartments
                .iter()
                .enumerate()
                .for_each(|(i, it)| add(&it.id, &it.origin.place, Slot::Compartment(i)));
            module.parameters.iter().enumerate().for_each(|(i, it)| add(&it.id, &it.origin.place, Slot::Parameter(i)));
            module.states.iter().enumerate().for_each(|(i, it)| add(&it.id, &it.origin.place, Slot::State(i)));
            module.species.iter().enumerate().for_each(|(i, it)| add(&it.id, &it.origin.place, Slot::Species(i)));
            module.reactions.iter().enumerate().for_each(|(i, it)| add(&it.id, &it.origin.place, Slot::Reaction(i)));
            module.variables.iter().enumerate().for_each(|(i, it)| add(&it.id, &it.origin.place, Slot::Variable(i)));
            module.readouts.iter().enumerate().for_each(|(i, it)| add(&it.id, &it.origin.place, Slot::Readout(i)));
            for (i, link) in module.links.iter().enumerate() {
                let place = &link.origin.place;
                add(&link.id, place, Slot::Link(i));
                add(&link.maximum_id(), place, Slot::LinkNumber(i, LinkPart::Maximum));
                add(&link.potency_id(), place, Slot::LinkNumber(i, LinkPart::Potency));
                add(&link.steepness_id(), place, Slot::LinkNumber(i, LinkPart::Steepness));
                add(&link.switch_id(), place, Slot::LinkNumber(i, LinkPart::Switch));
            }
        }
        for (i, drug) in self.drugs.iter().enumerate() {
            if let Some(module) = self.modules.iter().position(|module| module.id == drug.module) {
                names.push((drug.dose_factor_id(), drug.place.clone(), (module, Slot::DoseFactor(i))));
            }
        }
        let mut first: BTreeMap<String, Place> = BTreeMap::new();
        for (id, place, slot) in names {
            if let Some(there) = first.get(&id) {
                findings.push(defined_twice("id", &id, place, there));
            } else {
                first.insert(id.clone(), place);
                self.index.insert(id, slot);
            }
        }
    }
}

impl Entry<'_> {
    /// The unit of its source; a link and its numbers have none.
    pub fn unit(&self) -> Option<Unit> {
        match self {
            Self::Compartment(it) => Some(it.unit.clone()),
            Self::Parameter(it) => Some(it.unit.clone()),
            Self::State(it) => Some(it.unit.clone()),
            Self::Species(it) => Some(it.unit.clone()),
            Self::Variable(it) => Some(it.unit.clone()),
            Self::Readout(it) => Some(it.unit.clone()),
            Self::Link(_) | Self::LinkNumber(..) => Some(Unit::dimensionless()),
            Self::Reaction(_) | Self::DoseFactor(_) => None,
        }
    }

    /// What it is, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Compartment(_) => "compartment",
            Self::Parameter(_) | Self::LinkNumber(..) | Self::DoseFactor(_) => "parameter",
            Self::State(_) => "state",
            Self::Species(_) => "species",
            Self::Reaction(_) => "reaction",
            Self::Variable(_) => "variable",
            Self::Link(_) => "link",
            Self::Readout(_) => "readout",
        }
    }

    /// What defines it, as equations for people: `d x/dt = ...`, `x = ...`.
    pub fn equations(&self) -> Vec<String> {
        match self {
            Self::State(it) => {
                let mut lines = vec![format!("d {}/dt = {}", it.id, one_line(&it.rate.text))];
                lines.extend(values(&format!("{} at the start", it.id), &it.initial));
                lines
            }
            Self::Species(it) => values(&format!("{} at the start", it.id), &it.initial),
            Self::Variable(it) => vec![format!("{} = {}", it.id, one_line(&it.value.text))],
            Self::Readout(it) => vec![format!("{} = {}", it.id, one_line(&it.value.text))],
            Self::Reaction(it) => {
                vec![format!("{}: {}", it.id, it.equation), format!("rate = {}", one_line(&it.rate.text))]
            }
            Self::Parameter(it) => values(&it.id, &it.value),
            Self::Compartment(it) => values(&it.id, &it.size),
            Self::Link(it) => vec![
                format!("r = {} / {}", it.from.value, one_line(&it.reference.text)),
                format!("{} = maximum ^ (switch * (r^steepness - 1) / (r^steepness + potency^steepness))", it.id),
            ],
            Self::LinkNumber(..) => Vec::new(),
            Self::DoseFactor(it) => vec![format!("{} = {}", it.dose_factor_id(), one_line(&it.dose_factor.text))],
        }
    }
}

fn values(what: &str, values: &crate::PerOrganism<crate::Value>) -> Vec<String> {
    let text = |value: &crate::Value| match value {
        crate::Value::Number(number) => number.to_string(),
        crate::Value::Formula(formula) => one_line(&formula.text),
    };
    match (&values.human, &values.mouse) {
        (Some(human), Some(mouse)) if text(human) == text(mouse) => vec![format!("{what} = {}", text(human))],
        _ => values.iter().map(|(organism, value)| format!("{what} = {} ({organism})", text(value))).collect(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The finding that nothing of a kind has this id.
pub(crate) fn unknown<'a>(what: &str, id: &str, place: &Place, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let finding = Diagnostic::error(place.clone(), format!("there is no {what} `{id}`"));
    let known: Vec<&str> = known.collect();
    match (did_you_mean(id, known.iter().copied()).first(), known.len()) {
        (Some(near), _) => finding.hint(format!("did you mean `{near}`?")),
        (None, 1..=15) => finding.hint(format!("known: {}", known.join(", "))),
        // A long list helps nobody.
        (None, count) => finding.hint(format!("look it up in the list of every {what}, {count} in all")),
    }
}

/// The finding that an id was taken.
pub(crate) fn defined_twice(what: &str, id: &str, place: Place, first: &Place) -> Diagnostic {
    Diagnostic::error(place, format!("{what} `{id}` is defined twice"))
        .because(format!("it is also defined at {first}"))
        .hint("give one of them another id, or remove one")
}

/// Words for several organisms: `human and mouse`.
pub(crate) fn organisms(list: &[Organism]) -> String {
    list.iter().map(|organism| organism.word()).collect::<Vec<_>>().join(" and ")
}
