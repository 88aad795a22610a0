//! The records of all modules, joined to one network in days.

use crate::{Biology, Drug, Formula, Link, LinkNumber, Module, Organism, PerOrganism, Value};
use network::{
    Compartment, Draft, Event, EventAssignment, Expression, Function, Id, InitialAssignment, InitialValue, ModelUnits,
    Network, Observable, Parameter, Reaction, Rule, Species, UnitPolicy,
};
use source::{Diagnostic, Diagnostics, Place};
use std::collections::BTreeSet;
use units::{BaseDimension, Unit};

/// Joins the modules of the reference model and checks the result, units included. What infuses drugs gets a rate.
pub(super) fn network(
    biology: &Biology,
    organism: Organism,
    infused: &[&Drug],
) -> Result<(Network, Diagnostics), Diagnostics> {
    let assigned_by_events = biology
        .reference_modules()
        .flat_map(|module| &module.events)
        .flat_map(|event| event.assign.iter().map(|(target, _)| target.value.as_str()))
        .collect();
    let mut builder = Builder {
        draft: Draft {
            id: biology.id.clone(),
            name: biology.name.clone(),
            units: ModelUnits { time: Some(Unit::day()), ..ModelUnits::default() },
            ..Draft::default()
        },
        organism,
        idle: false,
        infused,
        assigned_by_events,
        findings: Diagnostics::new(),
    };
    for module in biology.reference_modules() {
        let drug = biology.drugs.iter().find(|drug| drug.module == module.id);
        builder.idle = drug.is_some_and(|drug| !drug.organisms.contains(&organism));
        builder.module(module);
        if let Some(drug) = drug {
            builder.dose_factor(drug, biology);
        }
    }
    let mut findings = builder.findings;
    match builder.draft.check(UnitPolicy::Strict) {
        Ok((network, warnings)) => {
            findings.extend(warnings);
            findings.into_result(network)
        }
        Err(errors) => {
            findings.extend(errors);
            Err(findings)
        }
    }
}

struct Builder<'a> {
    draft: Draft,
    organism: Organism,
    /// True inside a drug that is not made for the organism. Its levels stay 0, so any organism's numbers will do.
    idle: bool,
    infused: &'a [&'a Drug],
    assigned_by_events: BTreeSet<&'a str>,
    findings: Diagnostics,
}

/// What a quantity starts with, in internal units.
enum Start {
    Number(f64),
    Computed,
}

impl<'a> Builder<'a> {
    fn module(&mut self, module: &'a Module) {
        module.compartments.iter().for_each(|it| self.compartment(it));
        module.parameters.iter().for_each(|it| self.parameter(it));
        module.states.iter().for_each(|it| self.state(it));
        module.species.iter().for_each(|it| self.species(it, module));
        module.reactions.iter().for_each(|it| self.reaction(it));
        module.variables.iter().for_each(|it| self.variable(it));
        module.links.iter().for_each(|it| self.link(it));
        module.events.iter().for_each(|it| self.event(it));
        module.readouts.iter().for_each(|it| self.readout(it));
    }

    /// What one organism's quantity starts with; a formula becomes an initial assignment.
    fn start(&mut self, id: &str, value: &PerOrganism<Value>, unit: &Unit, place: &Place) -> Start {
        let own =
            value.get(self.organism).or_else(|| if self.idle { value.iter().next().map(|(_, v)| v) } else { None });
        match own {
            None => {
                let message = format!("`{id}` has no value for the {}", self.organism);
                self.findings.push(
                    Diagnostic::error(place.clone(), message)
                        .hint(format!("add `{} = ...` to its values", self.organism)),
                );
                Start::Number(0.0)
            }
            Some(Value::Number(number)) => Start::Number(number * unit.factor_to(&unit.in_days()).unwrap_or(1.0)),
            Some(Value::Formula(formula)) => {
                let value = formula.expression.clone();
                let assignment = InitialAssignment { target: Id::from(id), value, place: formula.place.clone() };
                self.draft.initial_assignments.push(assignment);
                Start::Computed
            }
        }
    }

    fn compartment(&mut self, it: &crate::Compartment) {
        let start = self.start(&it.id, &it.size, &it.unit, &it.origin.place);
        self.draft.compartments.push(Compartment {
            id: Id::from(it.id.as_str()),
            name: it.name.clone(),
            size: start.number(),
            dimensions: it.unit.dimension().exponent(BaseDimension::Length),
            unit: Some(it.unit.in_days()),
            constant: !self.assigned_by_events.contains(it.id.as_str()),
            place: it.origin.place.clone(),
        });
    }

    fn add_parameter(&mut self, id: &str, name: &str, value: Option<f64>, unit: Unit, constant: bool, place: &Place) {
        let constant = constant && !self.assigned_by_events.contains(id);
        let (id, name, unit) = (Id::from(id), name.to_string(), Some(unit));
        self.draft.parameters.push(Parameter { id, name, value, unit, constant, place: place.clone() });
    }

    fn parameter(&mut self, it: &crate::Parameter) {
        let place = &it.origin.place;
        let start = self.start(&it.id, &it.value, &it.unit, place);
        self.add_parameter(&it.id, &it.name, start.number(), it.unit.in_days(), true, place);
    }

    fn state(&mut self, it: &crate::State) {
        let place = &it.origin.place;
        let start = self.start(&it.id, &it.initial, &it.unit, place);
        self.add_parameter(&it.id, &it.name, start.number(), it.unit.in_days(), false, place);
        let mut value = it.rate.expression.clone();
        for drug in self.infused.iter().filter(|drug| drug.dose_into.value == it.id) {
            let id = drug.infusion_id();
            let unit = it.unit.in_days().divide(&Unit::day());
            self.add_parameter(&id, &format!("{}: infusion", drug.name), Some(0.0), unit, true, place);
            value = Expression::Call(Function::Add, vec![value, Expression::name(&id)]);
        }
        let target = Id::from(it.id.as_str());
        self.draft.rules.push(Rule::Rate { target, value, place: it.rate.place.clone() });
    }

    fn species(&mut self, it: &crate::Species, module: &Module) {
        let start = self.start(&it.id, &it.initial, &it.unit, &it.origin.place);
        // A concentration is an amount per size of the compartment; an amount has no length in it.
        let concentration = it.unit.dimension().exponent(BaseDimension::Length) != 0.0;
        let size = module.compartments.iter().find(|compartment| compartment.id == it.compartment.value);
        let substance_unit = match (concentration, size) {
            (true, Some(compartment)) => it.unit.multiply(&compartment.unit).in_days(),
            _ => it.unit.in_days(),
        };
        self.draft.species.push(Species {
            id: Id::from(it.id.as_str()),
            name: it.name.clone(),
            compartment: Id::from(it.compartment.as_str()),
            initial: match start {
                Start::Computed => InitialValue::Unset,
                Start::Number(number) if concentration => InitialValue::Concentration(number),
                Start::Number(number) => InitialValue::Amount(number),
            },
            substance_unit: Some(substance_unit),
            only_substance: !concentration,
            boundary: false,
            constant: false,
            conversion_factor: None,
            place: it.origin.place.clone(),
        });
    }

    fn reaction(&mut self, it: &crate::Reaction) {
        self.draft.reactions.push(Reaction {
            id: Id::from(it.id.as_str()),
            name: it.name.clone(),
            reversible: it.reversible,
            fast: false,
            reactants: it.reactants.clone(),
            products: it.products.clone(),
            modifiers: Vec::new(),
            rate: Some(it.rate.expression.clone()),
            place: it.rate.place.clone(),
        });
    }

    fn assigned(&mut self, id: &str, name: &str, unit: Unit, value: Expression, place: &Place, rule_place: &Place) {
        self.add_parameter(id, name, None, unit, false, place);
        self.draft.rules.push(Rule::Assignment { target: Id::from(id), value, place: rule_place.clone() });
    }

    fn variable(&mut self, it: &crate::Variable) {
        let Formula { expression, place, .. } = &it.value;
        self.assigned(&it.id, &it.name, it.unit.in_days(), expression.clone(), &it.origin.place, place);
    }

    /// A link brings its four numbers and one assignment rule.
    fn link(&mut self, link: &Link) {
        let place = &link.origin.place;
        let one = Unit::dimensionless;
        for (id, what, number) in [
            (link.maximum_id(), "maximum", &link.maximum),
            (link.potency_id(), "potency", &link.potency),
            (link.steepness_id(), "steepness", &link.steepness),
        ] {
            let value = self.link_number(&id, number);
            self.add_parameter(&id, &format!("{}: {what}", link.name), value, one(), true, &number.place);
        }
        let on = link.default.get(self.organism).copied().unwrap_or(false);
        let switch = Some(if on { 1.0 } else { 0.0 });
        self.add_parameter(&link.switch_id(), &format!("{}: switch", link.name), switch, one(), true, place);
        self.assigned(&link.id, &link.name, one(), multiplier(link), place, &link.from.place);
    }

    fn link_number(&mut self, id: &str, number: &LinkNumber) -> Option<f64> {
        let value = number.value.get(self.organism).copied();
        if value.is_none() {
            let message = format!("`{id}` has no value for the {}", self.organism);
            self.findings.push(Diagnostic::error(number.place.clone(), message));
        }
        value
    }

    fn event(&mut self, it: &crate::Event) {
        let assignments = it.assign.iter().map(|(target, formula)| EventAssignment {
            target: Id::from(target.as_str()),
            value: formula.expression.clone(),
        });
        self.draft.events.push(Event {
            id: Id::from(it.id.as_str()),
            name: it.name.clone(),
            trigger: it.trigger.expression.clone(),
            trigger_initially: true,
            persistent: true,
            delay: None,
            priority: None,
            use_values_from_trigger_time: true,
            assignments: assignments.collect(),
            place: it.trigger.place.clone(),
        });
    }

    fn readout(&mut self, it: &crate::ReadoutRecord) {
        self.draft.observables.push(Observable {
            id: Id::from(it.id.as_str()),
            name: it.name.clone(),
            value: it.value.expression.clone(),
            unit: Some(it.unit.in_days()),
            place: it.value.place.clone(),
        });
    }

    /// What one unit of a dose adds to the drug's first state, as a parameter like any other: so its names and its unit
    /// are checked with everything else.
    fn dose_factor(&mut self, drug: &Drug, biology: &Biology) {
        let Some(into) = biology.entry(&drug.dose_into).and_then(|(_, entry)| entry.unit()) else { return };
        let unit = into.in_days().divide(&drug.dose_unit);
        let id = drug.dose_factor_id();
        let Formula { expression, place, .. } = &drug.dose_factor;
        self.add_parameter(&id, &format!("{}: amount per dose unit", drug.name), None, unit, true, place);
        let (target, value) = (Id::from(id.as_str()), expression.clone());
        self.draft.initial_assignments.push(InitialAssignment { target, value, place: place.clone() });
    }
}

impl Start {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Computed => None,
        }
    }
}

/// `maximum ^ (switch (r^n - 1) / (r^n + k^n))` with `r = max(from / reference, 0)`: a level that the solver lets slip
/// a hair below zero must not turn a fractional power into NaN.
fn multiplier(link: &Link) -> Expression {
    let call = Expression::Call;
    let ratio = call(Function::Divide, vec![Expression::name(&link.from), link.reference.expression.clone()]);
    let ratio = call(Function::Maximum, vec![ratio, Expression::number(0.0)]);
    let steepness = Expression::name(&link.steepness_id());
    let raised = call(Function::Power, vec![ratio, steepness.clone()]);
    let half = call(Function::Power, vec![Expression::name(&link.potency_id()), steepness]);
    let above = call(Function::Subtract, vec![raised.clone(), Expression::number(1.0)]);
    let exponent = call(Function::Divide, vec![above, call(Function::Add, vec![raised, half])]);
    let switched = call(Function::Multiply, vec![Expression::name(&link.switch_id()), exponent]);
    call(Function::Power, vec![Expression::name(&link.maximum_id()), switched])
}
