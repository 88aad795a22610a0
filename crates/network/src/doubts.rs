//! What is sound, but hardly meant: things a specialist would ask the author about.
//!
//! Apart from the check, because a person who only wants to run a model need not hear it each time.

use crate::{Event, Expression, Function, Id, Network, Reaction, Rule, Stoichiometry, SymbolIndex, SymbolKind};
use source::{Diagnostic, Diagnostics, Place};
use std::collections::BTreeSet;

impl Network {
    /// Warnings about what is allowed and suspicious: things that nothing uses or changes, reactions that change
    /// nothing, events that cannot happen, negative delays, divisions by zero, species that a kinetic law uses and its
    /// reaction does not list.
    pub fn doubts(&self) -> Diagnostics {
        let mut doubts = Doubts { network: self, findings: Diagnostics::new() };
        doubts.unused();
        doubts.never_changed();
        self.reactions().iter().for_each(|it| doubts.reaction(it));
        let varying = varying(self);
        self.events().iter().for_each(|it| doubts.event(it, &varying));
        doubts.formulas();
        doubts.findings
    }
}

struct Doubts<'n> {
    network: &'n Network,
    findings: Diagnostics,
}

impl Doubts<'_> {
    fn warn(&mut self, place: &Place, message: String, hint: &str) {
        self.findings.push(Diagnostic::warning(place.clone(), message).hint(hint));
    }

    fn unused(&mut self) {
        let network = self.network;
        let used = used(network);
        let mut warn = |what: &str, id: &Id, place: &Place| {
            if !used.contains(id) {
                self.warn(place, format!("nothing uses the {what} `{id}`"), "remove it, or look for a misspelled name");
            }
        };
        network.compartments().iter().for_each(|it| warn("compartment", &it.id, &it.place));
        network.parameters().iter().for_each(|it| warn("parameter", &it.id, &it.place));
        for it in network.species() {
            let changes = network.index_of(&it.id).is_some_and(|s| !network.reactions_changing(s).is_empty());
            if !changes {
                warn("species", &it.id, &it.place);
            }
        }
    }

    /// Species that may change, of which nothing ever makes use.
    fn never_changed(&mut self) {
        let network = self.network;
        let assigned = event_targets(network);
        for it in network.species().iter().filter(|it| !it.constant && !it.boundary) {
            let Some(index) = network.index_of(&it.id) else { continue };
            let changes = !network.reactions_changing(index).is_empty()
                || network.rule_of(index).is_some()
                || assigned.contains(&it.id)
                || network.rules().iter().any(|rule| matches!(rule, Rule::Algebraic { .. }));
            if !changes {
                let message = format!("no reaction, rule or event changes the species `{}`", it.id);
                self.warn(&it.place, message, "say that it is constant, or look for a reaction that should name it");
            }
        }
    }

    fn reaction(&mut self, it: &Reaction) {
        let network = self.network;
        let species: BTreeSet<&Id> = it.reactants.iter().chain(&it.products).map(|it| &it.species).collect();
        let is_changed = |id: &Id| {
            let kind = network.index_of(id).map(|index| network.symbol(index).kind);
            matches!(kind, Some(SymbolKind::Species(i)) if !network.species()[i].boundary)
        };
        if !species.iter().any(|id| is_changed(id)) {
            let message = format!("reaction `{}` changes no species", it.id);
            let reason = "all its reactants and products are boundary species, or there are none";
            self.findings.push(Diagnostic::warning(it.place.clone(), message).because(reason));
        }
        let Some(rate) = &it.rate else { return };
        let mut in_law = BTreeSet::new();
        rate.walk(&mut |part| {
            if let Expression::Name(id) | Expression::RateOf(id) = part {
                in_law.insert(id.clone());
            }
        });
        let listed: BTreeSet<&Id> = species.iter().copied().chain(&it.modifiers).collect();
        for id in in_law.iter().filter(|id| !listed.contains(id)) {
            let kind = network.index_of(id).map(|index| network.symbol(index).kind);
            if matches!(kind, Some(SymbolKind::Species(_))) {
                let message =
                    format!("the kinetic law of `{}` uses the species `{id}`, which the reaction does not list", it.id);
                self.warn(&it.place, message, "list it as a modifier: SBML requires it");
            }
        }
        for id in it.modifiers.iter().filter(|id| !in_law.contains(*id)) {
            let message = format!("the kinetic law of `{}` does not use its modifier `{id}`", it.id);
            self.warn(&it.place, message, "is a term missing, or the modifier too many?");
        }
        if !it.reversible
            && it.reactants.iter().all(|taking_part| !in_law.contains(&taking_part.species))
            && !it.reactants.is_empty()
        {
            let message = format!("the rate of `{}` does not depend on what the reaction uses up", it.id);
            let finding = Diagnostic::warning(it.place.clone(), message);
            self.findings.push(finding.because("its reactants may then become negative").hint("is a factor missing?"));
        }
    }

    fn event(&mut self, it: &Event, varying: &[bool]) {
        if it.assignments.is_empty() {
            self.warn(&it.place, format!("event `{}` changes nothing", it.id), "give it an assignment, or remove it");
        }
        if !self.varies(&it.trigger, varying) {
            let message = format!("the condition of event `{}` never changes", it.id);
            let reason = "nothing that it names changes over time";
            let finding = Diagnostic::warning(it.place.clone(), message).because(reason);
            self.findings.push(finding.hint("such an event happens at the start or never"));
        }
        if let Some(Expression::Number(delay, _)) = &it.delay
            && *delay < 0.0
        {
            let message = format!("the delay of event `{}` is negative: {delay}", it.id);
            self.warn(&it.place, message, "an event cannot come before its cause: is the sign wrong?");
        }
    }

    fn varies(&self, expression: &Expression, varying: &[bool]) -> bool {
        let mut varies = false;
        expression.walk(&mut |part| {
            varies |= match part {
                Expression::Time | Expression::Delay(..) | Expression::RateOf(_) => true,
                Expression::Name(id) => self.network.index_of(id).is_some_and(|index| varying[index.0 as usize]),
                _ => false,
            };
        });
        varies
    }

    /// What stands in formulas and cannot be meant, whatever the values.
    fn formulas(&mut self) {
        let network = self.network;
        let mut look = |expression: &Expression, what: String, place: &Place| {
            let (mut by_zero, mut negative) = (false, None);
            expression.walk(&mut |part| match part {
                Expression::Call(Function::Divide, arguments) => {
                    by_zero |= matches!(arguments.get(1), Some(Expression::Number(0.0, _)));
                }
                Expression::Delay(_, duration) => {
                    if let Expression::Number(duration, _) = **duration
                        && duration < 0.0
                    {
                        negative = Some(duration);
                    }
                }
                _ => {}
            });
            if by_zero {
                self.warn(place, format!("{what} divides by zero"), "write what is meant by a piecewise expression");
            }
            if let Some(duration) = negative {
                let message = format!("{what} looks into the future, by a delay of {duration}");
                self.warn(place, message, "is the sign wrong?");
            }
        };
        for it in network.initial_assignments() {
            look(&it.value, format!("the initial assignment of `{}`", it.target), &it.place);
        }
        for it in network.rules() {
            let what = it.target().map_or_else(|| "an algebraic rule".to_string(), |id| format!("the rule of `{id}`"));
            look(it.value(), what, it.place());
        }
        for it in network.reactions() {
            it.rate.iter().for_each(|rate| look(rate, format!("the kinetic law of `{}`", it.id), &it.place));
        }
        for it in network.events() {
            let formulas = std::iter::once(&it.trigger).chain(&it.delay).chain(&it.priority);
            formulas.chain(it.assignments.iter().map(|it| &it.value)).for_each(|formula| {
                look(formula, format!("event `{}`", it.id), &it.place);
            });
        }
    }
}

/// The names that something refers to; what a rule or event gives a value counts as used, because it is a read-out.
fn used(network: &Network) -> BTreeSet<Id> {
    let mut used = BTreeSet::new();
    for it in network.draft().rules.iter() {
        used.extend(it.target().cloned());
    }
    used.extend(event_targets(network));
    for it in network.species() {
        used.insert(it.compartment.clone());
        used.extend(it.conversion_factor.clone());
    }
    let mut names = |expression: &Expression| {
        expression.walk(&mut |part| {
            if let Expression::Name(id) | Expression::RateOf(id) = part {
                used.insert(id.clone());
            }
        });
    };
    network.initial_assignments().iter().for_each(|it| names(&it.value));
    network.rules().iter().for_each(|it| names(it.value()));
    network.observables().iter().for_each(|it| names(&it.value));
    for it in network.reactions() {
        it.rate.iter().for_each(&mut names);
        for taking_part in it.reactants.iter().chain(&it.products) {
            if let Stoichiometry::Expression(value) = &taking_part.stoichiometry {
                names(value);
            }
        }
    }
    for it in network.events() {
        std::iter::once(&it.trigger).chain(&it.delay).chain(&it.priority).for_each(&mut names);
        it.assignments.iter().for_each(|it| names(&it.value));
    }
    for it in network.reactions() {
        used.extend(it.modifiers.iter().cloned());
        used.extend(it.reactants.iter().chain(&it.products).map(|it| it.species.clone()));
    }
    used
}

fn event_targets(network: &Network) -> BTreeSet<Id> {
    network.events().iter().flat_map(|it| &it.assignments).map(|it| it.target.clone()).collect()
}

/// For each symbol, whether its value may change after the start.
fn varying(network: &Network) -> Vec<bool> {
    let assigned = event_targets(network);
    let has_algebraic = network.rules().iter().any(|rule| matches!(rule, Rule::Algebraic { .. }));
    let itself = |(i, symbol): (usize, &crate::Symbol)| {
        let index = SymbolIndex(u32::try_from(i).unwrap_or(u32::MAX));
        let constant = match symbol.kind {
            SymbolKind::Compartment(i) => network.compartments()[i].constant,
            SymbolKind::Species(i) => network.species()[i].constant,
            SymbolKind::Parameter(i) => network.parameters()[i].constant,
            _ => false,
        };
        matches!(network.rule_of(index), Some(Rule::Rate { .. }))
            || !network.reactions_changing(index).is_empty()
            || assigned.contains(&symbol.id)
            || (has_algebraic && !constant)
    };
    let mut varying: Vec<bool> = network.symbols().iter().enumerate().map(itself).collect();
    // Everything computed from what varies varies too; users are looked up backwards, so each need is followed once.
    let count = varying.len();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); count];
    for i in 0..count {
        let index = SymbolIndex(u32::try_from(i).unwrap_or(u32::MAX));
        let size = match network.symbol(index).kind {
            SymbolKind::Species(s) => network.index_of(&network.species()[s].compartment),
            _ => None,
        };
        for need in network.dependencies(index).into_iter().chain(size) {
            users[need.0 as usize].push(i);
        }
    }
    for (i, symbol) in network.symbols().iter().enumerate() {
        varying[i] |= network.index_of(&symbol.id).is_some_and(|index| uses_time(network, index));
    }
    let mut open: Vec<usize> = (0..count).filter(|&i| varying[i]).collect();
    while let Some(i) = open.pop() {
        for &user in &users[i] {
            if !std::mem::replace(&mut varying[user], true) {
                open.push(user);
            }
        }
    }
    varying
}

fn uses_time(network: &Network, index: SymbolIndex) -> bool {
    let mut uses = false;
    let mut look = |expression: &Expression| {
        expression
            .walk(&mut |part| uses |= matches!(part, Expression::Time | Expression::Delay(..) | Expression::RateOf(_)));
    };
    network.rule_of(index).iter().for_each(|rule| look(rule.value()));
    if let SymbolKind::Reaction(r) = network.symbol(index).kind {
        network.reactions()[r].rate.iter().for_each(look);
    }
    uses
}

#[cfg(test)]
mod tests;
