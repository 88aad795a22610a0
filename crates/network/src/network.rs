//! The checked, immutable model.

use crate::check::{Definitions, Order};
use crate::{
    Compartment, Draft, Event, Expression, FluxBalance, Id, InitialAssignment, ModelUnits, Observable, Parameter,
    Reaction, Rule, Species, Stoichiometry,
};
use std::collections::HashMap;
use units::Unit;

/// The position of a symbol in [`Network::symbols`]; what engine and condition use instead of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolIndex(pub u32);

/// What a symbol is, with its position in the network's list of such things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SymbolKind {
    Compartment(usize),
    Species(usize),
    Parameter(usize),
    /// The value is the reaction's rate.
    Reaction(usize),
    /// A participant with an id: reaction, then position among reactants followed by products.
    Participant(usize, usize),
    Observable(usize),
}

/// Anything that has a value by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Symbol {
    /// Unique name.
    pub id: Id,
    /// For people.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// Unit of its value in expressions; `None` when unknown.
    pub unit: Option<Unit>,
}

/// A model in which every name is known, every value is given and every unit fits.
///
/// Functions defined in the model have been put in place: no expression holds [`crate::Expression::Defined`].
#[derive(Debug, Clone)]
pub struct Network {
    model: Draft,
    symbols: Vec<Symbol>,
    by_id: HashMap<Id, SymbolIndex>,
    definitions: Definitions,
    order: Order,
}

/// One step of computing the values before time starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InitialStep {
    /// An initial assignment, by its position in [`Network::initial_assignments`].
    Initial(usize),
    /// An assignment rule, by its position in [`Network::rules`].
    Assignment(usize),
}

impl Network {
    /// Only the check makes networks.
    pub(crate) fn new(model: Draft, symbols: Vec<Symbol>, definitions: Definitions, order: Order) -> Self {
        let by_id = symbols
            .iter()
            .enumerate()
            .map(|(i, symbol)| (symbol.id.clone(), SymbolIndex(u32::try_from(i).expect("fewer than 2^32 symbols"))))
            .collect();
        Self { model, symbols, by_id, definitions, order }
    }

    /// The model as a draft that may be edited again, with its functions put in place.
    pub fn draft(&self) -> &Draft {
        &self.model
    }

    /// Short name of the model.
    pub fn id(&self) -> &str {
        &self.model.id
    }

    /// For people.
    pub fn name(&self) -> &str {
        &self.model.name
    }

    /// Units that hold where a part states none.
    pub fn units(&self) -> &ModelUnits {
        &self.model.units
    }

    /// Everything that has a value by name: compartments, species, parameters, reactions, participants with an id and
    /// observables, in that order.
    pub fn symbols(&self) -> &[Symbol] {
        &self.symbols
    }

    /// The index of a name.
    pub fn index_of(&self, id: &str) -> Option<SymbolIndex> {
        self.by_id.get(id).copied()
    }

    /// The symbol at an index of this network.
    pub fn symbol(&self, index: SymbolIndex) -> &Symbol {
        &self.symbols[index.0 as usize]
    }

    /// Compartments, in the order of the source.
    pub fn compartments(&self) -> &[Compartment] {
        &self.model.compartments
    }

    /// Species, in the order of the source.
    pub fn species(&self) -> &[Species] {
        &self.model.species
    }

    /// Parameters, in the order of the source.
    pub fn parameters(&self) -> &[Parameter] {
        &self.model.parameters
    }

    /// Initial assignments, in the order of the source.
    pub fn initial_assignments(&self) -> &[InitialAssignment] {
        &self.model.initial_assignments
    }

    /// Rules, in the order of the source.
    pub fn rules(&self) -> &[Rule] {
        &self.model.rules
    }

    /// Reactions, in the order of the source.
    pub fn reactions(&self) -> &[Reaction] {
        &self.model.reactions
    }

    /// Events, in the order of the source.
    pub fn events(&self) -> &[Event] {
        &self.model.events
    }

    /// Observables, in the order of the source.
    pub fn observables(&self) -> &[Observable] {
        &self.model.observables
    }

    /// The question of flux balance that the model asks, if it asks one.
    pub fn flux_balance(&self) -> Option<&FluxBalance> {
        self.model.flux_balance.as_ref()
    }

    /// The assignment or rate rule of a symbol.
    pub fn rule_of(&self, index: SymbolIndex) -> Option<&Rule> {
        let i = index.0 as usize;
        self.definitions.assignment[i].or(self.definitions.rate[i]).map(|rule| &self.model.rules[rule])
    }

    /// The algebraic rule that determines a symbol, by its position in [`Network::rules`]. Each algebraic rule determines
    /// one symbol.
    pub fn algebraic_rule_of(&self, index: SymbolIndex) -> Option<usize> {
        self.definitions.algebraic[index.0 as usize]
    }

    /// The initial assignment of a symbol.
    pub fn initial_assignment_of(&self, index: SymbolIndex) -> Option<&InitialAssignment> {
        self.definitions.initial[index.0 as usize].map(|initial| &self.model.initial_assignments[initial])
    }

    /// Positions in [`Network::reactions`] of the reactions that change a species; none for boundary species and for
    /// what is not a species.
    pub fn reactions_changing(&self, index: SymbolIndex) -> &[usize] {
        &self.definitions.reactions[index.0 as usize]
    }

    /// The symbols that determine a symbol directly, in ascending order: what its rule, its kinetic law, its observable
    /// or its stoichiometry names, and the reactions that change it. What only its initial value needs is left out.
    pub fn dependencies(&self, index: SymbolIndex) -> Vec<SymbolIndex> {
        let mut found = Vec::new();
        let mut add_names = |expression: &Expression| {
            expression.walk(&mut |part| {
                if let Expression::Name(id) | Expression::RateOf(id) = part {
                    found.extend(self.index_of(id));
                }
            });
        };
        match self.symbol(index).kind {
            SymbolKind::Reaction(i) => self.model.reactions[i].rate.iter().for_each(&mut add_names),
            SymbolKind::Observable(i) => add_names(&self.model.observables[i].value),
            SymbolKind::Participant(r, p) => {
                let reaction = &self.model.reactions[r];
                let participant = reaction.reactants.iter().chain(&reaction.products).nth(p);
                if let Some(Stoichiometry::Expression(expression)) = participant.map(|it| &it.stoichiometry) {
                    add_names(expression);
                }
            }
            SymbolKind::Compartment(_) | SymbolKind::Species(_) | SymbolKind::Parameter(_) => {}
        }
        self.rule_of(index).into_iter().for_each(|rule| add_names(rule.value()));
        let algebraic = self.algebraic_rule_of(index).map(|rule| &self.model.rules[rule]);
        algebraic.into_iter().for_each(|rule| add_names(rule.value()));
        let reactions = self.reactions_changing(index).iter().map(|r| &self.model.reactions[*r].id);
        found.extend(reactions.filter_map(|id| self.index_of(id)));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Positions in [`Network::rules`] of the assignment rules, so that each comes after those it needs.
    pub fn assignment_order(&self) -> &[usize] {
        &self.order.assignments
    }

    /// Positions in [`Network::initial_assignments`], so that each comes after those it needs.
    pub fn initial_order(&self) -> &[usize] {
        &self.order.initial
    }

    /// Initial assignments and assignment rules together, so that each comes after those it needs before time starts.
    ///
    /// An assignment rule may need what an initial assignment sets and the other way round, so neither of the two orders
    /// alone is enough to find the values at the start.
    pub fn initial_steps(&self) -> &[InitialStep] {
        &self.order.start
    }
}
