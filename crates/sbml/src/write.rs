//! A network to SBML Level 3 Version 2 core.

mod math;
#[cfg(test)]
mod tests;
mod units;
mod xml;

use math::write_math;
use network::{
    Compartment, Event, Expression, Id, InitialValue, Network, Parameter, Participant, Reaction, Rule, Species,
    Stoichiometry, SymbolKind,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use units::Units;
use xml::{Xml, number};

const NAMESPACE: &str = "http://www.sbml.org/sbml/level3/version2/core";

/// Why a network cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// A name has a form that SBML does not allow.
    Identifier(String),
    /// Level 3 Version 2 has no fast reactions.
    FastReaction(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identifier(id) => {
                write!(f, "`{id}` cannot be an identifier of SBML\n  hint: use letters, digits and `_`")
            }
            Self::FastReaction(id) => {
                write!(f, "reaction `{id}` is fast, which SBML Level 3 Version 2 does not have\n  hint: ")?;
                write!(f, "state its equilibrium as an algebraic rule")
            }
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes a network as SBML Level 3 Version 2 core.
///
/// Reading the text gives the same model, but for what SBML says otherwise: observables become parameters with an
/// assignment rule, and so does a stoichiometry that is a formula. Functions were put in place when the network was
/// checked, so none are written. Numbers are the shortest that read back the same.
///
/// ```
/// use network::UnitPolicy;
/// use source::SourceFile;
/// let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"><model id="decay">
///   <listOfParameters><parameter id="x" value="0.1" constant="false"/></listOfParameters></model></sbml>"#;
/// let file = |text: &str| SourceFile { path: "decay.xml".into(), text: text.into() };
/// let (network, _) = sbml::read(&file(text)).unwrap().0.check(UnitPolicy::Warn).unwrap();
/// let written = sbml::write(&network).unwrap();
/// assert!(written.contains(r#"<parameter id="x" value="0.1" constant="false"/>"#));
/// assert_eq!(sbml::read(&file(&written)).unwrap().0.parameters[0].value, Some(0.1));
/// ```
///
/// # Errors
/// [`WriteError`] for names that SBML does not allow and for fast reactions.
pub fn write(network: &Network) -> Result<String, WriteError> {
    let mut names = network.symbols().iter().map(|symbol| &symbol.id).chain(network.events().iter().map(|it| &it.id));
    if let Some(id) = names.find(|id| !is_identifier(id)) {
        return Err(WriteError::Identifier(id.to_string()));
    }
    if let Some(reaction) = network.reactions().iter().find(|reaction| reaction.fast) {
        return Err(WriteError::FastReaction(reaction.id.to_string()));
    }
    let mut writer =
        Writer { network, xml: Xml::new(), units: Units::of(network), stoichiometries: name_stoichiometries(network) };
    writer.document();
    Ok(writer.xml.finish())
}

fn is_identifier(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Stoichiometries that are formulas need a name for their rule: one for each reaction and participant, by position.
fn name_stoichiometries(network: &Network) -> BTreeMap<(usize, usize), Id> {
    let mut taken: BTreeSet<Id> = network.symbols().iter().map(|symbol| symbol.id.clone()).collect();
    taken.extend(network.events().iter().map(|event| event.id.clone()));
    let mut named = BTreeMap::new();
    for (r, reaction) in network.reactions().iter().enumerate() {
        for (p, participant) in reaction.reactants.iter().chain(&reaction.products).enumerate() {
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

struct Writer<'a> {
    network: &'a Network,
    xml: Xml,
    units: Units,
    /// Names of stoichiometries that are formulas, by reaction and participant.
    stoichiometries: BTreeMap<(usize, usize), Id>,
}

/// Attributes of an element: names and values, without those that are absent.
type Attributes<'a> = Vec<(&'a str, String)>;

impl<'a> Writer<'a> {
    fn document(&mut self) {
        self.xml.open("sbml", &[("xmlns", NAMESPACE.into()), ("level", "3".into()), ("version", "2".into())]);
        let (network, units) = (self.network, self.network.units());
        let id = if is_identifier(network.id()) { network.id() } else { "model" };
        let mut attributes = self.named(id, network.name());
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
        self.units.write(&mut self.xml);
        self.list("listOfCompartments", network.compartments(), Self::compartment);
        self.list("listOfSpecies", network.species(), Self::species);
        self.parameters();
        self.list("listOfInitialAssignments", network.initial_assignments(), |writer, it| {
            writer.assigning("initialAssignment", "symbol", &it.target, &it.value);
        });
        self.rules();
        self.list("listOfReactions", network.reactions(), Self::reaction);
        self.list("listOfEvents", network.events(), Self::event);
        self.xml.close("model");
        self.xml.close("sbml");
    }

    /// A list, left out when it is empty.
    fn list<T>(&mut self, name: &str, items: &'a [T], mut write: impl FnMut(&mut Self, &'a T)) {
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

    /// Parameters, and observables as parameters.
    fn parameters(&mut self) {
        let network = self.network;
        if network.parameters().is_empty() && network.observables().is_empty() {
            return;
        }
        self.xml.open("listOfParameters", &[]);
        for Parameter { id, name, value, unit, constant, .. } in network.parameters() {
            let mut attributes = self.named(id, name);
            attributes.extend(value.map(|value| ("value", number(value))));
            attributes.extend(self.unit("units", unit.as_ref()));
            attributes.push(("constant", constant.to_string()));
            self.xml.empty("parameter", &attributes);
        }
        for it in network.observables() {
            let mut attributes = self.named(&it.id, &it.name);
            attributes.extend(self.unit("units", it.unit.as_ref()));
            attributes.push(("constant", "false".into()));
            self.xml.empty("parameter", &attributes);
        }
        self.xml.close("listOfParameters");
    }

    /// Rules, and what only the network says without one: observables and stoichiometries that are formulas.
    fn rules(&mut self) {
        let network = self.network;
        let stoichiometries = std::mem::take(&mut self.stoichiometries);
        if network.rules().is_empty() && network.observables().is_empty() && stoichiometries.is_empty() {
            return;
        }
        self.xml.open("listOfRules", &[]);
        for rule in network.rules() {
            match rule {
                Rule::Assignment { target, value, .. } => self.assigning("assignmentRule", "variable", target, value),
                Rule::Rate { target, value, .. } => self.assigning("rateRule", "variable", target, value),
                Rule::Algebraic { value, .. } => {
                    self.xml.open("algebraicRule", &[]);
                    self.math(value);
                    self.xml.close("algebraicRule");
                }
            }
        }
        for it in network.observables() {
            self.assigning("assignmentRule", "variable", &it.id, &it.value);
        }
        for (&(r, p), id) in &stoichiometries {
            let reaction = &network.reactions()[r];
            let participant = reaction.reactants.iter().chain(&reaction.products).nth(p);
            if let Some(Stoichiometry::Expression(value)) = participant.map(|it| &it.stoichiometry) {
                self.assigning("assignmentRule", "variable", id, value);
            }
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

    fn math(&mut self, expression: &Expression) {
        write_math(&mut self.xml, &self.units, expression);
    }

    fn reaction(&mut self, it: &'a Reaction) {
        let mut attributes = self.named(&it.id, &it.name);
        attributes.push(("reversible", it.reversible.to_string()));
        self.xml.open("reaction", &attributes);
        let r = match self.network.index_of(&it.id).map(|index| self.network.symbol(index).kind) {
            Some(SymbolKind::Reaction(r)) => r,
            _ => usize::MAX,
        };
        let reactants: Vec<_> = it.reactants.iter().enumerate().collect();
        let products: Vec<_> = it.products.iter().enumerate().map(|(p, it)| (reactants.len() + p, it)).collect();
        for (list, participants) in [("listOfReactants", &reactants), ("listOfProducts", &products)] {
            if participants.is_empty() {
                continue;
            }
            self.xml.open(list, &[]);
            participants.iter().for_each(|&(p, participant)| self.participant((r, p), participant));
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
            self.xml.open("kineticLaw", &[]);
            self.math(rate);
            self.xml.close("kineticLaw");
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
    fn modifiers(&self, it: &'a Reaction) -> Vec<&'a Id> {
        let mut modifiers: Vec<&Id> = it.modifiers.iter().collect();
        let mut known: BTreeSet<&Id> = it.reactants.iter().chain(&it.products).map(|it| &it.species).collect();
        known.extend(&modifiers);
        let mut names = Vec::new();
        if let Some(rate) = &it.rate {
            names_in(rate, &mut names);
        }
        for id in names {
            let kind = self.network.index_of(id).map(|index| self.network.symbol(index).kind);
            if matches!(kind, Some(SymbolKind::Species(_))) && known.insert(id) {
                modifiers.push(id);
            }
        }
        modifiers
    }

    fn event(&mut self, it: &'a Event) {
        let mut attributes = self.named(&it.id, &it.name);
        attributes.push(("useValuesFromTriggerTime", it.use_values_from_trigger_time.to_string()));
        self.xml.open("event", &attributes);
        let trigger = [("initialValue", it.trigger_initially.to_string()), ("persistent", it.persistent.to_string())];
        self.xml.open("trigger", &trigger);
        self.math(&it.trigger);
        self.xml.close("trigger");
        for (element, value) in [("priority", &it.priority), ("delay", &it.delay)] {
            let Some(value) = value else { continue };
            self.xml.open(element, &[]);
            self.math(value);
            self.xml.close(element);
        }
        self.list("listOfEventAssignments", &it.assignments, |writer, it| {
            writer.assigning("eventAssignment", "variable", &it.target, &it.value);
        });
        self.xml.close("event");
    }
}

fn names_in<'e>(expression: &'e Expression, names: &mut Vec<&'e Id>) {
    if let Expression::Name(id) | Expression::RateOf(id) = expression {
        names.push(id);
    }
    expression.parts(&mut |part| names_in(part, names));
}
