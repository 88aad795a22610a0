//! The elements of a model, in the order that SBML wants.

use super::expressions::{expressions, names, names_in, participants};
use super::flux::Flux;
use super::math::write_math;
use super::truth::Truth;
use super::units::Units;
use super::xml::{Xml, number};
use super::{Edition, is_extended, is_identifier};
use network::{
    Compartment, Constraint, Draft, Event, EventAssignment, Expression, FunctionDefinition, Id, InitialAssignment,
    InitialValue, Parameter, Participant, Reaction, Rule, Species, Stoichiometry, Subject, Thing,
};
use std::collections::{BTreeMap, BTreeSet};

const DISTRIBUTIONS: &str = "http://www.sbml.org/sbml/level3/version1/distrib/version1";
const EXTENDED_MATH: &str = "http://www.sbml.org/sbml/level3/version1/l3v2extendedmath/version1";

pub(super) struct Writer<'d> {
    pub(super) draft: &'d Draft,
    pub(super) edition: Edition,
    pub(super) xml: Xml,
    pub(super) flux: Option<Flux<'d>>,
    /// Those written so far.
    pub(super) meta_ids: BTreeSet<String>,
    units: Units,
    truth: Truth<'d>,
    species: BTreeSet<&'d Id>,
    /// Names of stoichiometries that are formulas, by reaction and participant.
    stoichiometries: BTreeMap<(usize, usize), Id>,
}

/// Attributes of an element: names and values, without those that are absent.
pub(super) type Attributes<'a> = Vec<(&'a str, String)>;

impl<'d> Writer<'d> {
    pub(super) fn new(draft: &'d Draft, edition: Edition) -> Self {
        Self {
            draft,
            edition,
            xml: Xml::new(),
            flux: Flux::of(draft),
            meta_ids: BTreeSet::new(),
            units: Units::of(draft),
            truth: Truth::of(draft),
            species: draft.species.iter().map(|it| &it.id).collect(),
            stoichiometries: name_stoichiometries(draft),
        }
    }

    /// The whole text.
    pub(super) fn document(mut self) -> String {
        let (draft, version) = (self.draft, self.edition.version());
        let mut attributes = vec![("xmlns", self.edition.namespace().to_string())];
        if self.edition == Edition::Level3Version1 && has_math(draft, is_extended) {
            attributes.push(("xmlns:l3v2extendedmath", EXTENDED_MATH.into()));
            attributes.push(("l3v2extendedmath:required", "true".into()));
        }
        let is_uncertain = draft.remarks.values().any(|it| it.uncertainties.is_some());
        if is_uncertain || has_math(draft, |it| matches!(it, Expression::Draw(..))) {
            attributes.push(("xmlns:distrib", DISTRIBUTIONS.into()));
            attributes.push(("distrib:required", "true".into()));
        }
        if let Some(flux) = &self.flux {
            let version = flux.version();
            attributes.push(("xmlns:fbc", format!("http://www.sbml.org/sbml/level3/version1/fbc/version{version}")));
            attributes.push(("fbc:required", "false".into()));
        }
        attributes.extend([("level", "3".into()), ("version", version.to_string())]);
        self.start("sbml", attributes, Thing::File);
        self.model();
        self.xml.close("sbml");
        self.xml.finish()
    }

    fn model(&mut self) {
        let (draft, units) = (self.draft, &self.draft.units);
        let id = if is_identifier(&draft.id) { &draft.id } else { "model" };
        let mut attributes = self.named(id, &draft.name);
        for (key, unit) in [
            ("substanceUnits", &units.substance),
            ("timeUnits", &units.time),
            ("volumeUnits", &units.volume),
            ("areaUnits", &units.area),
            ("lengthUnits", &units.length),
            ("extentUnits", &units.extent),
        ] {
            attributes.extend(self.unit(key, unit.as_ref()));
        }
        attributes.extend(self.flux.as_ref().map(|flux| ("fbc:strict", flux.question.strict.to_string())));
        self.start("model", attributes, Thing::Model);
        self.list("listOfFunctionDefinitions", &draft.functions, Self::function);
        self.unit_definitions();
        self.list("listOfCompartments", &draft.compartments, Self::compartment);
        self.list("listOfSpecies", &draft.species, Self::species);
        self.parameters();
        self.list("listOfInitialAssignments", &draft.initial_assignments, |writer, it| {
            let InitialAssignment { target, value, .. } = it;
            writer.assigning(("initialAssignment", "symbol"), target, value, Thing::InitialAssignment(target.clone()));
        });
        self.rules();
        let mut position = 0;
        self.list("listOfConstraints", &draft.constraints, |writer, it| {
            writer.constraint(position, it);
            position += 1;
        });
        if draft.reactions.iter().any(|it| !self.is_only_a_rate(it)) {
            self.start_list("listOfReactions");
            draft.reactions.iter().enumerate().for_each(|(r, it)| self.reaction(r, it));
            self.xml.close("listOfReactions");
        }
        self.list("listOfEvents", &draft.events, Self::event);
        self.flux_balance();
        self.xml.close("model");
    }

    /// A list, left out when it is empty.
    fn list<T>(&mut self, name: &'static str, items: &'d [T], mut write: impl FnMut(&mut Self, &'d T)) {
        if items.is_empty() {
            return;
        }
        self.start_list(name);
        items.iter().for_each(|item| write(self, item));
        self.xml.close(name);
    }

    /// Starts a list of the model.
    fn start_list(&mut self, name: &'static str) {
        self.start(name, Vec::new(), Thing::Model.within(name, 0));
    }

    /// `id`, and `name` where it says more.
    fn named(&self, id: &str, name: &str) -> Attributes<'static> {
        let mut attributes = vec![("id", id.to_string())];
        if name != id && !name.trim().is_empty() {
            attributes.push(("name", name.to_string()));
        }
        attributes
    }

    fn unit(&self, key: &'static str, unit: Option<&::units::Unit>) -> Option<(&'static str, String)> {
        unit.map(|unit| (key, self.units.name(unit)))
    }

    fn unit_definitions(&mut self) {
        let definitions = self.units.definitions();
        if definitions.is_empty() {
            return;
        }
        self.start_list("listOfUnitDefinitions");
        for (id, parts) in definitions {
            self.start("unitDefinition", vec![("id", id.clone())], Thing::Unit(id.into()));
            self.xml.open("listOfUnits", &[]);
            parts.iter().for_each(|part| self.xml.empty("unit", &part.attributes()));
            self.xml.close("listOfUnits");
            self.xml.close("unitDefinition");
        }
        self.xml.close("listOfUnitDefinitions");
    }

    fn function(&mut self, it: &FunctionDefinition) {
        self.start("functionDefinition", vec![("id", it.id.to_string())], Thing::Function(it.id.clone()));
        let body = match self.edition {
            Edition::Level3Version1 => &self.truth.body(&it.body),
            Edition::Level3Version2 => &it.body,
        };
        write_math(&mut self.xml, &self.units, self.edition, Some(&it.arguments), body);
        self.xml.close("functionDefinition");
    }

    fn compartment(&mut self, it: &Compartment) {
        let mut attributes = self.named(&it.id, &it.name);
        attributes.push(("spatialDimensions", number(it.dimensions)));
        attributes.extend(it.size.map(|size| ("size", number(size))));
        attributes.extend(self.unit("units", it.unit.as_ref()));
        attributes.push(("constant", it.constant.to_string()));
        self.leaf("compartment", attributes, Thing::Compartment(it.id.clone()));
    }

    fn species(&mut self, it: &Species) {
        let mut attributes = self.named(&it.id, &it.name);
        attributes.push(("compartment", it.compartment.to_string()));
        match it.initial {
            InitialValue::Unset => {}
            InitialValue::Amount(value) => attributes.push(("initialAmount", number(value))),
            InitialValue::Concentration(value) => attributes.push(("initialConcentration", number(value))),
        }
        attributes.extend(self.unit("substanceUnits", it.substance_unit.as_ref()));
        attributes.push(("hasOnlySubstanceUnits", it.only_substance.to_string()));
        attributes.push(("boundaryCondition", it.boundary.to_string()));
        attributes.push(("constant", it.constant.to_string()));
        attributes.extend(it.conversion_factor.as_ref().map(|factor| ("conversionFactor", factor.to_string())));
        attributes.extend(self.flux.iter().flat_map(|flux| flux.chemistry(&it.id)));
        self.leaf("species", attributes, Thing::Species(it.id.clone()));
    }

    /// Parameters; and what is a parameter to SBML: observables, limits of rates that are plain numbers and, in Version 1,
    /// rates of reactions of nothing.
    fn parameters(&mut self) {
        let draft = self.draft;
        let rates: Vec<&Reaction> = draft.reactions.iter().filter(|it| self.is_only_a_rate(it)).collect();
        let limits = self.flux.as_ref().map(Flux::parameters).unwrap_or_default();
        if draft.parameters.is_empty() && draft.observables.is_empty() && rates.is_empty() && limits.is_empty() {
            return;
        }
        self.start_list("listOfParameters");
        for Parameter { id, name, value, unit, constant, .. } in &draft.parameters {
            let mut attributes = self.named(id, name);
            attributes.extend(value.map(|value| ("value", number(value))));
            attributes.extend(self.unit("units", unit.as_ref()));
            attributes.push(("constant", constant.to_string()));
            self.leaf("parameter", attributes, Thing::Parameter(id.clone()));
        }
        for (id, value) in limits {
            let attributes = [("id", id.to_string()), ("value", number(value)), ("constant", "true".into())];
            self.xml.empty("parameter", &attributes);
        }
        for it in &draft.observables {
            let mut attributes = self.named(&it.id, &it.name);
            attributes.extend(self.unit("units", it.unit.as_ref()));
            attributes.push(("constant", "false".into()));
            self.xml.empty("parameter", &attributes);
        }
        for it in rates {
            let mut attributes = self.named(&it.id, &it.name);
            attributes.push(("constant", "false".into()));
            self.leaf("parameter", attributes, Thing::Reaction(it.id.clone()));
        }
        self.xml.close("listOfParameters");
    }

    /// Rules, and what only a draft says without one: observables, stoichiometries that are formulas, rates of reactions
    /// of nothing.
    fn rules(&mut self) {
        let draft = self.draft;
        let stoichiometries = std::mem::take(&mut self.stoichiometries);
        let rates: Vec<(&Id, &Expression)> = draft
            .reactions
            .iter()
            .filter(|it| self.is_only_a_rate(it))
            .filter_map(|it| Some((&it.id, it.rate.as_ref()?)))
            .collect();
        if draft.rules.is_empty() && draft.observables.is_empty() && stoichiometries.is_empty() && rates.is_empty() {
            self.stoichiometries = stoichiometries;
            return;
        }
        self.start_list("listOfRules");
        for (i, rule) in draft.rules.iter().enumerate() {
            match rule {
                Rule::Assignment { target, value, .. } => {
                    self.assigning(("assignmentRule", "variable"), target, value, Thing::Rule(i));
                }
                Rule::Rate { target, value, .. } => {
                    self.assigning(("rateRule", "variable"), target, value, Thing::Rule(i));
                }
                Rule::Algebraic { value, .. } => self.around("algebraicRule", value, Thing::Rule(i)),
            }
        }
        // These have nothing said about them: they are no rules in the draft.
        let rule_of = |writer: &mut Self, id: &Id, value: &Expression| {
            writer.xml.open("assignmentRule", &[("variable", id.to_string())]);
            writer.math(value);
            writer.xml.close("assignmentRule");
        };
        for it in &draft.observables {
            rule_of(self, &it.id, &it.value);
        }
        for (&(r, p), id) in &stoichiometries {
            let participant = participants(&draft.reactions[r]).nth(p);
            if let Some(Stoichiometry::Expression(value)) = participant.map(|it| &it.stoichiometry) {
                rule_of(self, id, value);
            }
        }
        for (id, rate) in rates {
            rule_of(self, id, rate);
        }
        self.xml.close("listOfRules");
        self.stoichiometries = stoichiometries;
    }

    /// An element that gives a value to what an attribute names.
    fn assigning(
        &mut self,
        (element, attribute): (&str, &str),
        target: &Id,
        value: &Expression,
        about: impl Into<Subject>,
    ) {
        self.start(element, vec![(attribute, target.to_string())], about);
        self.math(value);
        self.xml.close(element);
    }

    /// An element with nothing but a formula in it.
    fn around(&mut self, element: &str, value: &Expression, about: impl Into<Subject>) {
        self.start(element, Vec::new(), about);
        self.math(value);
        self.xml.close(element);
    }

    fn constraint(&mut self, position: usize, it: &Constraint) {
        self.start("constraint", Vec::new(), Thing::Constraint(position));
        self.condition(&it.condition);
        it.message.iter().for_each(|message| self.xml.around("message", &[], message));
        self.xml.close("constraint");
    }

    /// A formula whose value is a truth value.
    fn condition(&mut self, expression: &Expression) {
        let expression = match self.edition {
            Edition::Level3Version1 => &self.truth.condition(expression),
            Edition::Level3Version2 => expression,
        };
        write_math(&mut self.xml, &self.units, self.edition, None, expression);
    }

    /// A formula whose value is a number.
    fn math(&mut self, expression: &Expression) {
        let expression = match self.edition {
            Edition::Level3Version1 => &self.truth.number(expression),
            Edition::Level3Version2 => expression,
        };
        write_math(&mut self.xml, &self.units, self.edition, None, expression);
    }

    /// True where a reaction without participants must be written as a parameter.
    fn is_only_a_rate(&self, it: &Reaction) -> bool {
        self.edition == Edition::Level3Version1 && it.reactants.is_empty() && it.products.is_empty()
    }

    fn reaction(&mut self, r: usize, it: &'d Reaction) {
        if self.is_only_a_rate(it) {
            return;
        }
        let mut attributes = self.named(&it.id, &it.name);
        attributes.push(("reversible", it.reversible.to_string()));
        if self.edition == Edition::Level3Version1 {
            attributes.push(("fast", it.fast.to_string()));
        }
        attributes.extend(self.flux.iter().flat_map(|flux| flux.bounds(&it.id)));
        self.start("reaction", attributes, Thing::Reaction(it.id.clone()));
        let within = |word, position| Thing::Reaction(it.id.clone()).within(word, position);
        for (list, from, some) in
            [("listOfReactants", 0, &it.reactants), ("listOfProducts", it.reactants.len(), &it.products)]
        {
            if some.is_empty() {
                continue;
            }
            self.start(list, Vec::new(), within(list, 0));
            some.iter().enumerate().for_each(|(p, participant)| {
                self.participant((r, from + p), participant, within("speciesReference", from + p));
            });
            self.xml.close(list);
        }
        let modifiers = self.modifiers(it);
        if !modifiers.is_empty() {
            self.start("listOfModifiers", Vec::new(), within("listOfModifiers", 0));
            for (i, species) in modifiers.into_iter().enumerate() {
                let about = within("modifierSpeciesReference", i);
                self.leaf("modifierSpeciesReference", vec![("species", species.to_string())], about);
            }
            self.xml.close("listOfModifiers");
        }
        if let Some(rate) = &it.rate {
            self.around("kineticLaw", rate, within("kineticLaw", 0));
        }
        self.genes(&it.id);
        self.xml.close("reaction");
    }

    fn participant(&mut self, position: (usize, usize), it: &Participant, about: Subject) {
        let id = it.id.as_ref().or_else(|| self.stoichiometries.get(&position));
        let mut attributes: Attributes<'_> = id.map(|id| ("id", id.to_string())).into_iter().collect();
        attributes.push(("species", it.species.to_string()));
        let (value, constant) = match it.stoichiometry {
            Stoichiometry::Constant(value) => (Some(value), true),
            Stoichiometry::Variable(value) => (value, false),
            Stoichiometry::Expression(_) => (None, false),
        };
        attributes.extend(value.map(|value| ("stoichiometry", number(value))));
        attributes.push(("constant", constant.to_string()));
        self.leaf("speciesReference", attributes, about);
    }

    /// Its modifiers and, because SBML wants every species of a kinetic law listed, those that only the law names.
    fn modifiers(&self, it: &'d Reaction) -> Vec<&'d Id> {
        let mut modifiers: Vec<&Id> = it.modifiers.iter().collect();
        let mut known: BTreeSet<&Id> = participants(it).map(|it| &it.species).collect();
        known.extend(&modifiers);
        let in_law = it.rate.iter().flat_map(names_in);
        modifiers.extend(in_law.filter(|id| self.species.contains(id) && known.insert(id)));
        modifiers
    }

    fn event(&mut self, it: &'d Event) {
        let mut attributes = self.named(&it.id, &it.name);
        attributes.push(("useValuesFromTriggerTime", it.use_values_from_trigger_time.to_string()));
        self.start("event", attributes, Thing::Event(it.id.clone()));
        let within = |word, position| Thing::Event(it.id.clone()).within(word, position);
        let trigger =
            vec![("initialValue", it.trigger_initially.to_string()), ("persistent", it.persistent.to_string())];
        self.start("trigger", trigger, within("trigger", 0));
        self.condition(&it.trigger);
        self.xml.close("trigger");
        for (element, value) in [("priority", &it.priority), ("delay", &it.delay)] {
            value.iter().for_each(|value| self.around(element, value, within(element, 0)));
        }
        if !it.assignments.is_empty() {
            self.start("listOfEventAssignments", Vec::new(), within("listOfEventAssignments", 0));
            for (i, EventAssignment { target, value }) in it.assignments.iter().enumerate() {
                self.assigning(("eventAssignment", "variable"), target, value, within("eventAssignment", i));
            }
            self.xml.close("listOfEventAssignments");
        }
        self.xml.close("event");
    }
}

fn has_math(draft: &Draft, of_that_kind: impl Fn(&Expression) -> bool) -> bool {
    let mut found = false;
    expressions(draft).into_iter().for_each(|it| it.walk(&mut |part| found |= of_that_kind(part)));
    found
}

/// Stoichiometries that are formulas need a name for their rule: one for each reaction and participant, by position.
fn name_stoichiometries(draft: &Draft) -> BTreeMap<(usize, usize), Id> {
    let mut taken: BTreeSet<Id> = names(draft).into_iter().map(|(id, _)| id.clone()).collect();
    let mut named = BTreeMap::new();
    for (r, reaction) in draft.reactions.iter().enumerate() {
        for (p, participant) in participants(reaction).enumerate() {
            if !matches!(participant.stoichiometry, Stoichiometry::Expression(_)) {
                continue;
            }
            let mut id = participant.id.clone().unwrap_or_else(|| Id::from(format!("{}_{}", reaction.id, p + 1)));
            while participant.id.is_none() && taken.contains(&id) {
                id = Id::from(format!("{id}_"));
            }
            taken.insert(id.clone());
            named.insert((r, p), id);
        }
    }
    named
}
