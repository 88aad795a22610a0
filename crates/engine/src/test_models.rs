//! Small models for tests, written as a modeler would say them.

use crate::{Backend, CompileError, CompileOptions, CompiledModel, SolveOptions, compile};
use network::{
    Action, Change, Compartment, Condition, Draft, Event, EventAssignment, Id, InitialAssignment, InitialValue,
    Network, Observable, Parameter, Reaction, Rule, Species, SymbolIndex, UnitPolicy, parse_equation, parse_formula,
};
use source::Place;

/// A model being written; compartment `cell` of size 1 is there from the start.
pub(crate) struct TestModel(pub(crate) Draft);

impl TestModel {
    pub(crate) fn new() -> Self {
        Self(Draft::default()).compartment("cell", 1.0)
    }

    pub(crate) fn compartment(mut self, id: &str, size: f64) -> Self {
        self.0.compartments.push(Compartment {
            id: Id::from(id),
            name: id.to_string(),
            size: Some(size),
            dimensions: 3.0,
            unit: None,
            constant: false,
            place: Place::nowhere(),
        });
        self
    }

    /// A species whose name means its concentration, in `cell`.
    pub(crate) fn species(self, id: &str, concentration: f64) -> Self {
        self.species_in("cell", id, InitialValue::Concentration(concentration), false)
    }

    /// A species whose name means its amount, in `cell`.
    pub(crate) fn amount(self, id: &str, amount: f64) -> Self {
        self.species_in("cell", id, InitialValue::Amount(amount), true)
    }

    pub(crate) fn species_in(
        mut self,
        compartment: &str,
        id: &str,
        initial: InitialValue,
        only_substance: bool,
    ) -> Self {
        self.0.species.push(Species {
            id: Id::from(id),
            name: id.to_string(),
            compartment: Id::from(compartment),
            initial,
            substance_unit: None,
            only_substance,
            boundary: false,
            constant: false,
            conversion_factor: None,
            place: Place::nowhere(),
        });
        self
    }

    pub(crate) fn parameter(mut self, id: &str, value: f64) -> Self {
        self.0.parameters.push(Parameter {
            id: Id::from(id),
            name: id.to_string(),
            value: Some(value),
            unit: None,
            constant: false,
            place: Place::nowhere(),
        });
        self
    }

    pub(crate) fn reaction(mut self, id: &str, equation: &str, rate: &str) -> Self {
        let (reactants, products, reversible) = parse_equation(equation).expect("a test's equation");
        self.0.reactions.push(Reaction {
            id: Id::from(id),
            name: id.to_string(),
            reversible,
            fast: false,
            reactants,
            products,
            modifiers: Vec::new(),
            rate: Some(parse_formula(rate).expect("a test's formula")),
            place: Place::nowhere(),
        });
        self
    }

    pub(crate) fn assignment(mut self, target: &str, value: &str) -> Self {
        let value = parse_formula(value).expect("a test's formula");
        self.0.rules.push(Rule::Assignment { target: Id::from(target), value, place: Place::nowhere() });
        self
    }

    pub(crate) fn rate(mut self, target: &str, value: &str) -> Self {
        let value = parse_formula(value).expect("a test's formula");
        self.0.rules.push(Rule::Rate { target: Id::from(target), value, place: Place::nowhere() });
        self
    }

    pub(crate) fn initially(mut self, target: &str, value: &str) -> Self {
        let value = parse_formula(value).expect("a test's formula");
        self.0.initial_assignments.push(InitialAssignment { target: Id::from(target), value, place: Place::nowhere() });
        self
    }

    pub(crate) fn observable(mut self, id: &str, value: &str) -> Self {
        self.0.observables.push(Observable {
            id: Id::from(id),
            name: id.to_string(),
            value: parse_formula(value).expect("a test's formula"),
            unit: None,
            place: Place::nowhere(),
        });
        self
    }

    pub(crate) fn event(mut self, id: &str, trigger: &str, assignments: &[(&str, &str)]) -> Self {
        let assignment = |&(target, value): &(&str, &str)| EventAssignment {
            target: Id::from(target),
            value: parse_formula(value).expect("a test's formula"),
        };
        self.0.events.push(Event {
            id: Id::from(id),
            name: id.to_string(),
            trigger: parse_formula(trigger).expect("a test's formula"),
            trigger_initially: true,
            persistent: true,
            delay: None,
            priority: None,
            use_values_from_trigger_time: true,
            assignments: assignments.iter().map(assignment).collect(),
            place: Place::nowhere(),
        });
        self
    }

    /// Any other change of the draft.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Draft)) -> Self {
        change(&mut self.0);
        self
    }

    pub(crate) fn check(self) -> Network {
        match self.0.check(UnitPolicy::Warn) {
            Ok((network, _)) => network,
            Err(findings) => panic!("a test's model is not sound: {findings:?}"),
        }
    }

    pub(crate) fn compile(self, backend: Backend) -> Result<(Network, CompiledModel), CompileError> {
        let network = self.check();
        let model = compile(&network, &CompileOptions { backend })?;
        Ok((network, model))
    }
}

/// The symbol of a name.
pub(crate) fn symbol(network: &Network, id: &str) -> SymbolIndex {
    network.index_of(id).unwrap_or_else(|| panic!("the test's model has no `{id}`"))
}

/// Tolerances at which derivatives are compared.
pub(crate) fn tight() -> SolveOptions {
    SolveOptions { relative_tolerance: 1e-10, absolute_tolerance: 1e-14, ..SolveOptions::default() }
}

/// What is asked of a test's model.
pub(crate) struct Asked {
    pub network: Network,
    pub model: CompiledModel,
    pub condition: Condition,
    /// What is looked at.
    pub outputs: Vec<SymbolIndex>,
    /// What derivatives are with respect to.
    pub symbols: Vec<SymbolIndex>,
}

pub(crate) fn ask(model: TestModel, outputs: &[&str], symbols: &[&str]) -> Asked {
    let (network, model) = model.compile(Backend::Interpreter).expect("compiles");
    let find = |ids: &[&str]| ids.iter().map(|id| symbol(&network, id)).collect();
    Asked { outputs: find(outputs), symbols: find(symbols), model, condition: Condition::default(), network }
}

impl Asked {
    /// With a change at a time.
    pub fn change(mut self, time: f64, id: &str, action: Action) -> Self {
        self.condition.changes.push(Change { time, target: symbol(&self.network, id), action });
        self
    }
}
