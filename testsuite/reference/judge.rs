//! The judge: what a checked network means, said as plainly as possible.
//!
//! Names are looked up in ordered maps, formulas are walked as trees, and nothing is shared with the engine. It is slow
//! on purpose: every rule of the model stands here once, where it can be read.

use crate::arithmetic;
use network::{
    Action, Change, Condition, Expression, Id, InitialStep, InitialValue, Network, Participant, Rule, Species,
    Stoichiometry, SymbolKind,
};
use std::collections::BTreeMap;

/// Avogadro's number, as SBML Level 3 Version 2 has it.
const AVOGADRO: f64 = 6.022_140_76e23;

/// Values by name.
type Values = BTreeMap<Id, f64>;

/// A model at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// In the model's unit.
    pub time: f64,
    /// What has a value of its own, that is, everything but rates, observables and the targets of assignment rules: the
    /// size of a compartment, the value of a parameter or stoichiometry, and of a species its **amount**. Only a species
    /// with a rate rule is kept as what its name means, because that is what its rule speaks of.
    pub own: Values,
}

/// Answers any question about a network.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'n> {
    pub network: &'n Network,
}

/// Where a formula finds what it names.
struct Names<'a> {
    time: f64,
    value: &'a dyn Fn(&str) -> f64,
    rate: &'a dyn Fn(&str) -> f64,
}

impl<'n> Judge<'n> {
    // ---- before time starts ----

    /// The model at time 0. What the condition puts in force replaces numbers and initial assignments, and other initial
    /// assignments see it.
    pub fn start(&self, condition: &Condition) -> Moment {
        let given = condition.initial.iter().map(|&(symbol, value)| (self.network.symbol(symbol).id.clone(), value));
        let mut known: Values = given.collect();
        for &step in self.network.initial_steps() {
            let (target, formula) = match step {
                InitialStep::Initial(i) => {
                    let assignment = &self.network.initial_assignments()[i];
                    (&assignment.target, &assignment.value)
                }
                InitialStep::Assignment(i) => {
                    let rule = &self.network.rules()[i];
                    (rule.target().expect("an assignment rule has a target"), rule.value())
                }
            };
            if !known.contains_key(target) {
                let value = self.evaluate_at_start(formula, &known);
                known.insert(target.clone(), value);
            }
        }
        self.moment(0.0, |id| self.value_at_start(id, &known))
    }

    fn evaluate_at_start(&self, formula: &Expression, known: &Values) -> f64 {
        evaluate(
            formula,
            &Names {
                time: 0.0,
                value: &|id| self.value_at_start(id, known),
                rate: &|id| panic!("the judge does not know the rate of `{id}` before time starts"),
            },
        )
    }

    /// What a name means before time starts. Initial assignments and assignment rules are known by now, or the order of
    /// [`Network::initial_steps`] is wrong.
    fn value_at_start(&self, id: &str, known: &Values) -> f64 {
        if let Some(&value) = known.get(id) {
            return value;
        }
        let has_initial_assignment = self.network.initial_assignments().iter().any(|it| &*it.target == id);
        assert!(
            !has_initial_assignment && !self.has_assignment_rule(id),
            "`{id}` is needed before Network::initial_steps gives it"
        );
        match self.kind(id) {
            SymbolKind::Compartment(i) => self.network.compartments()[i].size.unwrap_or(f64::NAN),
            SymbolKind::Parameter(i) => self.network.parameters()[i].value.unwrap_or(f64::NAN),
            SymbolKind::Species(i) => {
                let species = &self.network.species()[i];
                let size = || self.value_at_start(&species.compartment, known);
                match (species.initial, species.only_substance) {
                    (InitialValue::Unset, _) => f64::NAN,
                    (InitialValue::Amount(amount), true) => amount,
                    (InitialValue::Amount(amount), false) => amount / size(),
                    (InitialValue::Concentration(concentration), true) => concentration * size(),
                    (InitialValue::Concentration(concentration), false) => concentration,
                }
            }
            SymbolKind::Participant(r, p) => match &self.participant(r, p).stoichiometry {
                Stoichiometry::Constant(number) => *number,
                Stoichiometry::Variable(number) => number.unwrap_or(f64::NAN),
                Stoichiometry::Expression(formula) => self.evaluate_at_start(formula, known),
            },
            SymbolKind::Reaction(i) => match &self.network.reactions()[i].rate {
                Some(formula) => self.evaluate_at_start(formula, known),
                None => f64::NAN,
            },
            SymbolKind::Observable(i) => self.evaluate_at_start(&self.network.observables()[i].value, known),
        }
    }

    // ---- while time runs ----

    /// The moment at which names have these values.
    pub fn moment(&self, time: f64, value: impl Fn(&str) -> f64) -> Moment {
        let mut own = Values::new();
        for symbol in self.network.symbols() {
            let id = &symbol.id;
            if self.has_assignment_rule(id) {
                continue;
            }
            let kept = match symbol.kind {
                SymbolKind::Reaction(_) | SymbolKind::Observable(_) => continue,
                SymbolKind::Participant(r, p) => match self.participant(r, p).stoichiometry {
                    Stoichiometry::Expression(_) => continue,
                    Stoichiometry::Constant(_) | Stoichiometry::Variable(_) => value(id),
                },
                SymbolKind::Compartment(_) | SymbolKind::Parameter(_) => value(id),
                SymbolKind::Species(i) => match &self.network.species()[i] {
                    species if species.only_substance || self.has_rate_rule(id) => value(id),
                    species => value(id) * value(&species.compartment),
                },
            };
            own.insert(id.clone(), kept);
        }
        Moment { time, own }
    }

    /// What a name means.
    pub fn value(&self, moment: &Moment, id: &str) -> f64 {
        if let Some(Rule::Assignment { value, .. }) = self.rule(id) {
            return self.evaluate(moment, value);
        }
        match self.kind(id) {
            SymbolKind::Reaction(i) => match &self.network.reactions()[i].rate {
                Some(formula) => self.evaluate(moment, formula),
                None => f64::NAN,
            },
            SymbolKind::Observable(i) => self.evaluate(moment, &self.network.observables()[i].value),
            SymbolKind::Participant(r, p) => self.stoichiometry(moment, self.participant(r, p)),
            SymbolKind::Compartment(_) | SymbolKind::Parameter(_) => moment.own[id],
            SymbolKind::Species(i) => match &self.network.species()[i] {
                species if species.only_substance || self.has_rate_rule(id) => moment.own[id],
                species => moment.own[id] / self.value(moment, &species.compartment),
            },
        }
    }

    /// The rate of change of what a name means.
    pub fn rate(&self, moment: &Moment, id: &str) -> f64 {
        assert!(!self.has_assignment_rule(id), "the judge does not differentiate the assignment rule of `{id}`");
        let own_rate = self.own_rate(moment, id);
        match self.kind(id) {
            SymbolKind::Species(i) => match &self.network.species()[i] {
                species if species.only_substance || self.has_rate_rule(id) => own_rate,
                species => {
                    // c = n / V, so dc/dt = (dn/dt - c dV/dt) / V: a compartment that grows dilutes what is in it.
                    let size = self.value(moment, &species.compartment);
                    let size_rate = self.rate(moment, &species.compartment);
                    (own_rate - self.value(moment, id) * size_rate) / size
                }
            },
            _ => own_rate,
        }
    }

    /// The rate of change of what is kept of something in [`Moment::own`].
    pub fn own_rate(&self, moment: &Moment, id: &str) -> f64 {
        if let Some(Rule::Rate { value, .. }) = self.rule(id) {
            return self.evaluate(moment, value);
        }
        match self.kind(id) {
            SymbolKind::Species(i) => self.rate_by_reactions(moment, &self.network.species()[i]),
            _ => 0.0,
        }
    }

    /// What reactions do to the amount of a species: the sum of stoichiometry times rate, for products minus for
    /// reactants, converted from extent to the species' own unit of amount.
    fn rate_by_reactions(&self, moment: &Moment, species: &Species) -> f64 {
        if species.boundary || species.constant {
            return 0.0;
        }
        let mut sum = 0.0;
        for reaction in self.network.reactions() {
            for product in reaction.products.iter().filter(|product| product.species == species.id) {
                sum += self.stoichiometry(moment, product) * self.value(moment, &reaction.id);
            }
            for reactant in reaction.reactants.iter().filter(|reactant| reactant.species == species.id) {
                sum -= self.stoichiometry(moment, reactant) * self.value(moment, &reaction.id);
            }
        }
        match &species.conversion_factor {
            Some(factor) => sum * self.value(moment, factor),
            None => sum,
        }
    }

    /// A participant that has a name and is not fixed is worth the value of its name.
    fn stoichiometry(&self, moment: &Moment, participant: &Participant) -> f64 {
        if let Some(id) = &participant.id {
            if let Some(Rule::Assignment { value, .. }) = self.rule(id) {
                return self.evaluate(moment, value);
            }
            if let Some(&number) = moment.own.get(id) {
                return number;
            }
        }
        match &participant.stoichiometry {
            Stoichiometry::Constant(number) => *number,
            Stoichiometry::Variable(number) => number.unwrap_or(f64::NAN),
            Stoichiometry::Expression(formula) => self.evaluate(moment, formula),
        }
    }

    /// Carries out a change that a condition has scheduled.
    pub fn apply(&self, moment: &mut Moment, change: &Change) {
        let id = &self.network.symbol(change.target).id;
        let before = self.value(moment, id);
        let after = match change.action {
            Action::Set(value) => value,
            Action::Add(dose) => before + dose,
        };
        let kept = match self.kind(id) {
            SymbolKind::Species(i) => match &self.network.species()[i] {
                species if species.only_substance || self.has_rate_rule(id) => after,
                species => after * self.value(moment, &species.compartment),
            },
            _ => after,
        };
        moment.own.insert(id.clone(), kept);
        // When a compartment is given another size, the molecules in it stay. Amounts are kept as amounts anyway.
        for species in self.network.species() {
            if species.compartment == *id && !species.only_substance && self.has_rate_rule(&species.id) {
                let concentration = moment.own[&species.id];
                moment.own.insert(species.id.clone(), concentration * before / after);
            }
        }
    }

    /// The value of a formula.
    pub fn evaluate(&self, moment: &Moment, formula: &Expression) -> f64 {
        let names = Names { time: moment.time, value: &|id| self.value(moment, id), rate: &|id| self.rate(moment, id) };
        evaluate(formula, &names)
    }

    // ---- what the network says ----

    /// What changes by itself while time runs: targets of rate rules, and species that reactions may change.
    pub fn changing(&self) -> Vec<Id> {
        let changes = |id: &str| match self.kind(id) {
            _ if self.has_assignment_rule(id) => false,
            _ if self.has_rate_rule(id) => true,
            SymbolKind::Species(i) => {
                let species = &self.network.species()[i];
                let takes_part = self.network.reactions().iter().any(|reaction| {
                    reaction.reactants.iter().chain(&reaction.products).any(|it| it.species == species.id)
                });
                takes_part && !species.boundary && !species.constant
            }
            _ => false,
        };
        self.network.symbols().iter().map(|symbol| symbol.id.clone()).filter(|id| changes(id)).collect()
    }

    fn kind(&self, id: &str) -> SymbolKind {
        self.network.symbol(self.network.index_of(id).expect("a name of the model")).kind
    }

    fn rule(&self, id: &str) -> Option<&'n Rule> {
        self.network.rule_of(self.network.index_of(id).expect("a name of the model"))
    }

    fn has_assignment_rule(&self, id: &str) -> bool {
        matches!(self.rule(id), Some(Rule::Assignment { .. }))
    }

    fn has_rate_rule(&self, id: &str) -> bool {
        matches!(self.rule(id), Some(Rule::Rate { .. }))
    }

    /// Participants are counted over reactants, then products.
    fn participant(&self, reaction: usize, position: usize) -> &'n Participant {
        let reaction = &self.network.reactions()[reaction];
        reaction.reactants.iter().chain(&reaction.products).nth(position).expect("a participant of the reaction")
    }
}

fn evaluate(formula: &Expression, names: &Names<'_>) -> f64 {
    match formula {
        Expression::Number(number, _) => *number,
        Expression::Name(id) => (names.value)(id),
        Expression::Time => names.time,
        Expression::Avogadro => AVOGADRO,
        Expression::RateOf(id) => (names.rate)(id),
        Expression::Call(function, arguments) => {
            let arguments: Vec<f64> = arguments.iter().map(|argument| evaluate(argument, names)).collect();
            arithmetic::call(*function, &arguments)
        }
        Expression::Piecewise(pieces, otherwise) => {
            for (value, condition) in pieces {
                if evaluate(condition, names) != 0.0 {
                    return evaluate(value, names);
                }
            }
            otherwise.as_ref().map_or(f64::NAN, |otherwise| evaluate(otherwise, names))
        }
        Expression::Delay(..) => panic!("the judge keeps no history"),
        Expression::Draw(..) => panic!("the judge leaves nothing to chance"),
        Expression::Defined(id, _) => panic!("the check left a call of the function `{id}`"),
    }
}
