//! Who defines and who may change what: the rules of SBML Level 3.

use super::names::{Names, with_article, word};
use super::sites::{participant, participants};
use crate::{Draft, Id, Rule, Stoichiometry, SymbolKind};
use source::{Diagnostic, Diagnostics, Place};
use std::collections::HashSet;

/// What defines each symbol, by its position.
#[derive(Debug, Clone)]
pub(crate) struct Definitions {
    /// Position of its assignment rule.
    pub(crate) assignment: Vec<Option<usize>>,
    /// Position of its rate rule.
    pub(crate) rate: Vec<Option<usize>>,
    /// Position of the algebraic rule that determines it.
    pub(crate) algebraic: Vec<Option<usize>>,
    /// Position of its initial assignment.
    pub(crate) initial: Vec<Option<usize>>,
    /// Reactions that change it, for species only.
    pub(crate) reactions: Vec<Vec<usize>>,
}

impl Definitions {
    pub(super) fn of(draft: &Draft, names: &Names, findings: &mut Diagnostics) -> Self {
        let count = names.symbols.len();
        let mut definitions = Self {
            assignment: vec![None; count],
            rate: vec![None; count],
            algebraic: vec![None; count],
            initial: vec![None; count],
            reactions: vec![Vec::new(); count],
        };
        definitions.rules(draft, names, findings);
        definitions.initial_assignments(draft, names, findings);
        definitions.reactions(draft, names, findings);
        definitions.events(draft, names, findings);
        definitions
    }

    fn rules(&mut self, draft: &Draft, names: &Names, findings: &mut Diagnostics) {
        for (i, rule) in draft.rules.iter().enumerate() {
            let (target, what) = match rule {
                Rule::Assignment { target, .. } => (target, "an assignment rule"),
                Rule::Rate { target, .. } => (target, "a rate rule"),
                Rule::Algebraic { .. } => continue,
            };
            let Some(symbol) = target_of(draft, names, target, what, rule.place(), true, findings) else { continue };
            if let Some(other) = self.assignment[symbol].or(self.rate[symbol]) {
                let message =
                    format!("`{target}` has two rules: this one and the one at {}", draft.rules[other].place());
                findings.push(Diagnostic::error(rule.place().clone(), message).hint("keep one of them"));
                continue;
            }
            match rule {
                Rule::Assignment { .. } => self.assignment[symbol] = Some(i),
                _ => self.rate[symbol] = Some(i),
            }
        }
    }

    fn initial_assignments(&mut self, draft: &Draft, names: &Names, findings: &mut Diagnostics) {
        for (i, it) in draft.initial_assignments.iter().enumerate() {
            let target = &it.target;
            let what = "an initial assignment";
            let Some(symbol) = target_of(draft, names, target, what, &it.place, false, findings) else { continue };
            if let Some(other) = self.initial[symbol] {
                let there = &draft.initial_assignments[other].place;
                let message = format!("`{target}` has two initial assignments: this one and the one at {there}");
                findings.push(Diagnostic::error(it.place.clone(), message).hint("keep one of them"));
                continue;
            }
            if let Some(rule) = self.assignment[symbol] {
                let there = draft.rules[rule].place();
                let message = format!("`{target}` has an initial assignment and an assignment rule at {there}");
                let finding = Diagnostic::error(it.place.clone(), message);
                findings.push(finding.because("the rule holds at the start, too").hint("keep one of them"));
                continue;
            }
            self.initial[symbol] = Some(i);
        }
    }

    fn reactions(&mut self, draft: &Draft, names: &Names, findings: &mut Diagnostics) {
        for (r, reaction) in draft.reactions.iter().enumerate() {
            for taking_part in participants(reaction) {
                let id = &taking_part.species;
                let Some(symbol) = names.find(id) else { continue };
                let SymbolKind::Species(i) = names.symbols[symbol].kind else { continue };
                let species = &draft.species[i];
                if species.boundary {
                    continue;
                }
                if species.constant {
                    let message = format!("reaction `{}` changes `{id}`, which is constant", reaction.id);
                    let finding = Diagnostic::error(reaction.place.clone(), message);
                    findings.push(finding.hint("make the species a boundary species, or not constant"));
                }
                if self.reactions[symbol].last() == Some(&r) {
                    continue;
                }
                self.reactions[symbol].push(r);
                if let Some(rule) = self.assignment[symbol].or(self.rate[symbol]) {
                    let there = draft.rules[rule].place();
                    let message = format!("reaction `{}` changes `{id}`, which has a rule at {there}", reaction.id);
                    let finding = Diagnostic::error(reaction.place.clone(), message);
                    findings.push(finding.hint("make the species a boundary species, or drop the rule"));
                }
            }
        }
    }

    fn events(&mut self, draft: &Draft, names: &Names, findings: &mut Diagnostics) {
        for event in &draft.events {
            let mut seen: HashSet<&Id> = HashSet::new();
            let what = format!("event `{}`", event.id);
            for assignment in &event.assignments {
                let target = &assignment.target;
                let Some(symbol) = target_of(draft, names, target, &what, &event.place, true, findings) else {
                    continue;
                };
                if !seen.insert(target) {
                    let message = format!("{what} assigns `{target}` twice");
                    findings.push(Diagnostic::error(event.place.clone(), message));
                }
                if let Some(rule) = self.assignment[symbol] {
                    let there = draft.rules[rule].place();
                    let message = format!("{what} changes `{target}`, which has an assignment rule at {there}");
                    findings.push(Diagnostic::error(event.place.clone(), message));
                }
            }
        }
    }
}

/// The symbol that `what` sets, if there is one that may be set.
fn target_of(
    draft: &Draft,
    names: &Names,
    target: &Id,
    what: &str,
    place: &Place,
    later: bool,
    findings: &mut Diagnostics,
) -> Option<usize> {
    let Some(symbol) = names.find(target) else {
        let finding = Diagnostic::error(place.clone(), format!("`{target}`, which {what} sets, is not known"));
        findings.push(Diagnostic { hint: names.suggest(target, |_| true), ..finding });
        return None;
    };
    let constant = match names.symbols[symbol].kind {
        SymbolKind::Compartment(i) => draft.compartments[i].constant,
        SymbolKind::Species(i) => draft.species[i].constant,
        SymbolKind::Parameter(i) => draft.parameters[i].constant,
        SymbolKind::Participant(r, p) => match participant(&draft.reactions[r], p).stoichiometry {
            Stoichiometry::Variable(_) => false,
            Stoichiometry::Constant(_) | Stoichiometry::Expression(_) => {
                let message = format!("{what} sets the stoichiometry `{target}`, which is fixed");
                findings.push(Diagnostic::error(place.clone(), message));
                return None;
            }
        },
        kind @ (SymbolKind::Reaction(_) | SymbolKind::Observable(_)) => {
            let kind = with_article(word(kind));
            let message = format!("{what} cannot set `{target}`, which is the name of {kind}");
            findings.push(Diagnostic::error(place.clone(), message));
            return None;
        }
    };
    if constant && later {
        let message = format!("{what} changes `{target}`, which is constant");
        findings.push(Diagnostic::error(place.clone(), message).hint("say that it is not constant"));
        return None;
    }
    Some(symbol)
}
