//! The elements of a model, in the order that SBML wants.

use super::expressions::{expressions, names, names_in, participants};
use super::math::write_math;
use super::truth::Truth;
use super::units::Units;
use super::xml::{Xml, number};
use super::{Edition, is_extended, is_identifier};
use network::{
    Compartment, Draft, Event, Expression, FunctionDefinition, Id, InitialValue, Parameter, Participant, Reaction,
    Rule, Species, Stoichiometry,
};
use std::collections::{BTreeMap, BTreeSet};

const DISTRIBUTIONS: &str = "http://www.sbml.org/sbml/level3/version1/distrib/version1";
const EXTENDED_MATH: &str = "http://www.sbml.org/sbml/level3/version1/l3v2extendedmath/version1";

pub(super) struct Writer<'d> {
    draft: &'d Draft,
    edition: Edition,
    xml: Xml,
    units: Units,
    truth: Truth<'d>,
    species: BTreeSet<&'d Id>,
    /// Names of stoichiometries that are formulas, by reaction and participant.
    stoichiometries: BTreeMap<(usize, usize), Id>,
}

/// Attributes of an element: names and values, without those that are absent.
type Attributes<'a> = Vec<(&'a str, String)>;

impl<'d> Writer<'d> {
    pub(super) fn new(draft: &'d Draft, edition: Edition) -> Self {
        Self {
            draft,
            edition,
            xml: Xml::new(),
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
        if has_math(draft, |it| matches!(it, Expression::Draw(..))) {
            attributes.push(("xmlns:distrib", DISTRIBUTIONS.into()));
            attributes.push(("distrib:required", "true".into()));
        }
        attributes.extend([("level", "3".into()), ("version", version.to_string())]);
        self.xml.open("sbml", &attributes);
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
        self.xml.open("model", &attributes);
        self.list("listOfFunctionDefinitions", &draft.functions, Self::function);
        self.units.write(&mut self.xml);
        self.list("listOfCompartments", &draft.compartments, Self::compartment);
        self.list("listOfSpecies", &draft.species, Self::species);
        self.parameters();
        self.list("listOfInitialAssignments", &draft.initial_assignments, |writer, it| {
            writer.assigning("initialAssignment", "symbol", &it.target, &it.value);
        });
        self.rules();
        if draft.reactions.iter().any(|it| !self.is_only_a_rate(it)) {
            self.xml.open("listOfReactions", &[]);
            draft.reactions.iter().enumerate().for_each(|(r, it)| self.reaction(r, it));
            self.xml.close("listOfReactions");
        }
        self.list("listOfEvents", &draft.events, Self::event);
        self.xml.close("model");
    }

    /// A list, left out when it is empty.
    fn list<T>(&mut self, name: &str, items: &'d [T], mut write: impl FnMut(&mut Self, &'d T)) {
        if items.is_empty() {
            return;
        }
        self.xml.open(name, &[]);
        items.iter().for_each(|item| write(self, item));
        self.xml.close(name);
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

    fn function(&mut self, it: &FunctionDefinition) {
        self.xml.open("functionDefinition", &[("id", it.id.to_string())]);
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
        self.xml.empty("compartment", &attributes);
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
        self.xml.empty("species", &attributes);
    }

    /// Parameters; and what is a parameter to SBML: observables and, in Version 1, rates of reactions of nothing.
    fn parameters(&mut self) {
        let draft = self.draft;
        let rates: Vec<&Reaction> = draft.reactions.iter().filter(|it| self.is_only_a_rate(it)).collect();
        if draft.parameters.is_empty() && draft.observables.is_empty() && rates.is_empty() {
            return;
        }
        self.xml.open("listOfParameters", &[]);
        for Parameter { id, name, value, unit, constant, .. } in &draft.parameters {
            let mut attributes = self.named(id, name);
            attributes.extend(value.map(|value| ("value", number(value))));
            attributes.extend(self.unit("units", unit.as_ref()));
            attributes.push(("constant", constant.to_string()));
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
            self.xml.empty("parameter", &attributes);
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
        self.xml.open("listOfRules", &[]);
        for rule in &draft.rules {
            match rule {
                Rule::Assignment { target, value, .. } => self.assigning("assignmentRule", "variable", target, value),
                Rule::Rate { target, value, .. } => self.assigning("rateRule", "variable", target, value),
                Rule::Algebraic { value, .. } => self.around("algebraicRule", value),
            }
        }
        for it in &draft.observables {
            self.assigning("assignmentRule", "variable", &it.id, &it.value);
        }
        for (&(r, p), id) in &stoichiometries {
            let participant = participants(&draft.reactions[r]).nth(p);
            if let Some(Stoichiometry::Expression(value)) = participant.map(|it| &it.stoichiometry) {
                self.assigning("assignmentRule", "variable", id, value);
            }
        }
        for (id, rate) in rates {
            self.assigning("assignmentRule", "variable", id, rate);
        }
        self.xml.close("listOfRules");
        self.stoichiometries = stoichiometries;
    }

    /// An element that gives a value to what an attribute names.
    fn assigning(&mut self, element: &str, attribute: &str, target: &Id, value: &Expression) {
        self.xml.open(element, &[(attribute, target.to_string())]);
        self.math(value);
        self.xml.close(element);
    }

    /// An element with nothing but a formula in it.
    fn around(&mut self, element: &str, value: &Expression) {
        self.xml.open(element, &[]);
        self.math(value);
        self.xml.close(element);
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
        self.xml.open("reaction", &attributes);
        for (list, from, some) in
            [("listOfReactants", 0, &it.reactants), ("listOfProducts", it.reactants.len(), &it.products)]
        {
            if some.is_empty() {
                continue;
            }
            self.xml.open(list, &[]);
            some.iter().enumerate().for_each(|(p, participant)| self.participant((r, from + p), participant));
            self.xml.close(list);
        }
        let modifiers = self.modifiers(it);
        if !modifiers.is_empty() {
            self.xml.open("listOfModifiers", &[]);
            for species in modifiers {
                self.xml.empty("modifierSpeciesReference", &[("species", species.to_string())]);
            }
            self.xml.close("listOfModifiers");
        }
        if let Some(rate) = &it.rate {
            self.around("kineticLaw", rate);
        }
        self.xml.close("reaction");
    }

    fn participant(&mut self, position: (usize, usize), it: &Participant) {
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
        self.xml.empty("speciesReference", &attributes);
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
        self.xml.open("event", &attributes);
        let trigger = [("initialValue", it.trigger_initially.to_string()), ("persistent", it.persistent.to_string())];
        self.xml.open("trigger", &trigger);
        let condition = match self.edition {
            Edition::Level3Version1 => &self.truth.condition(&it.trigger),
            Edition::Level3Version2 => &it.trigger,
        };
        write_math(&mut self.xml, &self.units, self.edition, None, condition);
        self.xml.close("trigger");
        for (element, value) in [("priority", &it.priority), ("delay", &it.delay)] {
            value.iter().for_each(|value| self.around(element, value));
        }
        self.list("listOfEventAssignments", &it.assignments, |writer, it| {
            writer.assigning("eventAssignment", "variable", &it.target, &it.value);
        });
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
