//! The question of flux balance names what there is, and its numbers make sense.

use super::UnitPolicy;
use super::names::{Names, with_article, word};
use super::roles::Definitions;
use crate::{Draft, FluxBalance, FluxTerm, Id, Quantity, SymbolKind};
use source::{Diagnostic, Diagnostics, Place, did_you_mean};
use std::collections::HashSet;

/// Looks at bounds, objectives and constraints, and notes the parameters they ask for.
pub(super) fn check(
    draft: &Draft,
    names: &Names,
    definitions: &Definitions,
    used: &mut [bool],
    policy: UnitPolicy,
    findings: &mut Diagnostics,
) {
    let Some(question) = &draft.flux_balance else { return };
    let mut checker = Checker { draft, question, names, definitions, used, policy, findings };
    checker.bounds();
    checker.objectives();
    checker.constraints();
}

struct Checker<'a> {
    draft: &'a Draft,
    question: &'a FluxBalance,
    names: &'a Names,
    definitions: &'a Definitions,
    used: &'a mut [bool],
    policy: UnitPolicy,
    findings: &'a mut Diagnostics,
}

impl Checker<'_> {
    fn bounds(&mut self) {
        let mut bounded = HashSet::new();
        for it in &self.question.bounds {
            self.reaction(&it.reaction, &it.place, "a flux bound");
            if !bounded.insert(&it.reaction) {
                let message = format!("reaction `{}` has two sets of flux bounds", it.reaction);
                self.error(&it.place, message, "keep one of them");
            }
            self.limits(&it.lower, &it.upper, &format!("reaction `{}`", it.reaction), &it.place);
            if self.question.strict && (it.lower.is_none() || it.upper.is_none()) {
                self.doubt(
                    &it.place,
                    format!("reaction `{}` lacks a flux bound, but the model is strict", it.reaction),
                );
            }
        }
        for it in &self.draft.reactions {
            if self.question.strict && !bounded.contains(&it.id) {
                self.doubt(&it.place, format!("reaction `{}` has no flux bounds, but the model is strict", it.id));
            }
        }
    }

    fn objectives(&mut self) {
        let mut known = HashSet::new();
        for it in &self.question.objectives {
            if !known.insert(&it.id) {
                self.error(&it.place, format!("there are two objectives `{}`", it.id), "give one of them another id");
            }
            if it.terms.is_empty() {
                self.doubt(&it.place, format!("objective `{}` is empty, so every steady state is as good", it.id));
            }
            for term in &it.terms {
                let what = format!("objective `{}`", it.id);
                self.reaction(&term.variable, &it.place, &what);
                self.coefficient(term, &it.place, &what);
            }
        }
        let Some(active) = self.question.active.as_ref().filter(|active| !known.contains(active)) else { return };
        let ids = self.question.objectives.iter().map(|it| &*it.id);
        let near = did_you_mean(active, ids).first().map(|near| format!("did you mean `{near}`?"));
        let place = self.question.objectives.first().map_or_else(Place::nowhere, |it| it.place.clone());
        let finding = Diagnostic::error(place, format!("the active objective `{active}` is not known"));
        self.findings.push(Diagnostic { hint: near, ..finding });
    }

    fn constraints(&mut self) {
        for it in &self.question.constraints {
            let what = it.id.as_ref().map_or("a constraint of rates".to_string(), |id| format!("constraint `{id}`"));
            self.limits(&it.lower, &it.upper, &what, &it.place);
            for term in &it.terms {
                match self.names.kind(&term.variable) {
                    Some(SymbolKind::Parameter(i)) if !self.draft.parameters[i].constant => {}
                    _ => self.reaction(&term.variable, &it.place, &what),
                }
                self.coefficient(term, &it.place, &what);
            }
        }
    }

    /// A strict model has numbers for limits, and they do not cross.
    fn limits(&mut self, lower: &Option<Quantity>, upper: &Option<Quantity>, what: &str, place: &Place) {
        let mut limit = |quantity: &Option<Quantity>, side: &str, forbidden: f64| {
            let value = self.number(quantity.as_ref()?, &format!("the {side} bound of {what}"), place)?;
            if value == forbidden {
                self.doubt(place, format!("the {side} bound of {what} is {value}, which nothing can meet"));
            }
            Some(value)
        };
        let lower = limit(lower, "lower", f64::INFINITY);
        let upper = limit(upper, "upper", f64::NEG_INFINITY);
        if let (Some(lower), Some(upper)) = (lower, upper)
            && lower > upper
        {
            self.doubt(place, format!("the bounds of {what} cross: {lower} > {upper}"));
        }
    }

    fn coefficient(&mut self, term: &FluxTerm, place: &Place, what: &str) {
        let value = self.number(&term.coefficient, &format!("the coefficient of `{}` in {what}", term.variable), place);
        if value.is_some_and(|value| !value.is_finite()) {
            let message = format!("the coefficient of `{}` in {what} is not a finite number", term.variable);
            self.error(place, message, "give it a number");
        }
    }

    /// The number, as far as it can be told without computing: `None` when something else gives the value.
    fn number(&mut self, quantity: &Quantity, what: &str, place: &Place) -> Option<f64> {
        let value = match quantity {
            Quantity::Number(value) => *value,
            Quantity::Parameter(id) => {
                let Some(symbol) = self.names.find(id) else {
                    let finding = Diagnostic::error(place.clone(), format!("`{id}`, {what}, is not known"));
                    let hint = self.names.suggest(id, |kind| matches!(kind, SymbolKind::Parameter(_)));
                    self.findings.push(Diagnostic { hint, ..finding });
                    return None;
                };
                self.used[symbol] = true;
                let SymbolKind::Parameter(i) = self.names.symbols[symbol].kind else {
                    let kind = with_article(word(self.names.symbols[symbol].kind));
                    self.error(place, format!("`{id}`, {what}, is {kind}"), "name a parameter");
                    return None;
                };
                let computed = self.definitions.initial[symbol].or(self.definitions.assignment[symbol]).is_some();
                if self.question.strict && (computed || !self.draft.parameters[i].constant) {
                    let message = format!("`{id}`, {what}, is not a constant number, but the model is strict");
                    self.doubt(place, message);
                }
                if computed {
                    return None;
                }
                self.draft.parameters[i].value?
            }
        };
        if value.is_nan() {
            self.error(place, format!("{what} is not a number"), "give it a number, INF or -INF");
            return None;
        }
        Some(value)
    }

    fn reaction(&mut self, id: &Id, place: &Place, what: &str) {
        match self.names.kind(id) {
            Some(SymbolKind::Reaction(_)) => {}
            Some(kind) => {
                let message = format!("`{id}` in {what} is {}, expected a reaction", with_article(word(kind)));
                self.findings.push(Diagnostic::error(place.clone(), message));
            }
            None => {
                let finding = Diagnostic::error(place.clone(), format!("the reaction `{id}` in {what} is not known"));
                let hint = self.names.suggest(id, |kind| matches!(kind, SymbolKind::Reaction(_)));
                self.findings.push(Diagnostic { hint, ..finding });
            }
        }
    }

    fn doubt(&mut self, place: &Place, message: String) {
        self.findings.push(self.policy.doubt(place, message));
    }

    fn error(&mut self, place: &Place, message: String, hint: &str) {
        self.findings.push(Diagnostic::error(place.clone(), message).hint(hint));
    }
}
