//! Every name is unique and known, and functions have the arguments they need.

use super::UnitPolicy;
use super::sites::{Site, participants};
use crate::{Draft, Expression, Function, Id, Symbol, SymbolKind};
use source::{Diagnostic, Diagnostics, Place, did_you_mean};
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use units::Unit;

/// Looking for near names costs a pass over all names, so a model with very many unknown ones gets only so many hints.
const MOST_HINTS: usize = 20;

/// What a name may stand for.
#[derive(Clone, Copy)]
enum Thing {
    Symbol(SymbolKind),
    /// A function or an event, with the word for it.
    WithoutValue(&'static str),
}

/// The symbols of a model by name.
pub(super) struct Names {
    pub(super) symbols: Vec<Symbol>,
    by_id: HashMap<Id, usize>,
    /// Names of what has no value: functions and events, with the word for them.
    without_value: HashMap<Id, &'static str>,
    hints: Cell<usize>,
}

impl Names {
    /// All symbols in the order that [`crate::Network::symbols`] promises; a name used twice is an error.
    pub(super) fn of(draft: &Draft, findings: &mut Diagnostics) -> Self {
        let mut names =
            Self { symbols: Vec::new(), by_id: HashMap::new(), without_value: HashMap::new(), hints: Cell::new(0) };
        let mut first: HashMap<Id, (&'static str, &Place)> = HashMap::new();
        let mut add = |names: &mut Self, id: &Id, name: &str, thing: Thing, place| {
            let word = match thing {
                Thing::Symbol(kind) => word(kind),
                Thing::WithoutValue(word) => word,
            };
            if let Some((other, there)) = first.get(id) {
                let message = format!("`{id}` is the name of two things: this {word} and the {other} at {there}");
                findings.push(Diagnostic::error(Place::clone(place), message).hint("give one of them another id"));
                return;
            }
            first.insert(id.clone(), (word, place));
            match thing {
                Thing::Symbol(kind) => {
                    names.by_id.insert(id.clone(), names.symbols.len());
                    names.symbols.push(Symbol { id: id.clone(), name: name.to_string(), kind, unit: None });
                }
                Thing::WithoutValue(word) => {
                    names.without_value.insert(id.clone(), word);
                }
            }
        };
        for (i, it) in draft.compartments.iter().enumerate() {
            add(&mut names, &it.id, &it.name, Thing::Symbol(SymbolKind::Compartment(i)), &it.place);
        }
        for (i, it) in draft.species.iter().enumerate() {
            add(&mut names, &it.id, &it.name, Thing::Symbol(SymbolKind::Species(i)), &it.place);
        }
        for (i, it) in draft.parameters.iter().enumerate() {
            add(&mut names, &it.id, &it.name, Thing::Symbol(SymbolKind::Parameter(i)), &it.place);
        }
        for (i, it) in draft.reactions.iter().enumerate() {
            add(&mut names, &it.id, &it.name, Thing::Symbol(SymbolKind::Reaction(i)), &it.place);
        }
        for (r, reaction) in draft.reactions.iter().enumerate() {
            for (p, participant) in participants(reaction).enumerate() {
                if let Some(id) = &participant.id {
                    let name = format!("Stoichiometry of {} in {}", participant.species, reaction.id);
                    add(&mut names, id, &name, Thing::Symbol(SymbolKind::Participant(r, p)), &reaction.place);
                }
            }
        }
        for (i, it) in draft.observables.iter().enumerate() {
            add(&mut names, &it.id, &it.name, Thing::Symbol(SymbolKind::Observable(i)), &it.place);
        }
        for it in &draft.functions {
            add(&mut names, &it.id, "", Thing::WithoutValue("function"), &it.place);
        }
        for it in &draft.events {
            add(&mut names, &it.id, &it.name, Thing::WithoutValue("event"), &it.place);
        }
        names
    }

    /// Position of a symbol.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(super) fn kind(&self, id: &str) -> Option<SymbolKind> {
        self.find(id).map(|symbol| self.symbols[symbol].kind)
    }

    /// The nearest names of a suitable kind, for a hint.
    pub(super) fn suggest(&self, id: &str, fits: impl Fn(SymbolKind) -> bool) -> Option<String> {
        self.hints.set(self.hints.get() + 1);
        if self.hints.get() > MOST_HINTS {
            return None;
        }
        suggestion(id, self.symbols.iter().filter(|symbol| fits(symbol.kind)).map(|symbol| &*symbol.id))
    }

    pub(super) fn set_units(&mut self, units: Vec<Option<Unit>>) {
        for (symbol, unit) in self.symbols.iter_mut().zip(units) {
            symbol.unit = unit;
        }
    }
}

/// The word for a kind of symbol in messages.
pub(super) fn word(kind: SymbolKind) -> &'static str {
    match kind {
        SymbolKind::Compartment(_) => "compartment",
        SymbolKind::Species(_) => "species",
        SymbolKind::Parameter(_) => "parameter",
        SymbolKind::Reaction(_) => "reaction",
        SymbolKind::Participant(..) => "participant of a reaction",
        SymbolKind::Observable(_) => "observable",
    }
}

/// `a species`, `an event`.
pub(super) fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// Looks at the names in all expressions and lists; tells for each symbol whether an expression uses it.
pub(super) fn check_names(
    draft: &Draft,
    names: &Names,
    sites: &[Site],
    policy: UnitPolicy,
    findings: &mut Diagnostics,
) -> Vec<bool> {
    let mut checker = Checker { names, policy, findings, used: vec![false; names.symbols.len()] };
    for site in sites {
        checker.expression(draft, *site);
    }
    checker.references(draft);
    checker.used
}

struct Checker<'a> {
    names: &'a Names,
    policy: UnitPolicy,
    findings: &'a mut Diagnostics,
    used: Vec<bool>,
}

impl Checker<'_> {
    fn expression(&mut self, draft: &Draft, site: Site) {
        let place = site.place(draft);
        let what = || site.describe(draft);
        let mut seen: HashSet<&Id> = HashSet::new();
        let mut not_finite = false;
        if let Some(finding) = site.cannot_draw(draft) {
            self.findings.push(finding);
        }
        let mut parts: Vec<&Expression> = Vec::new();
        collect(site.expression(draft), &mut parts);
        for part in parts {
            match part {
                Expression::Name(id) | Expression::RateOf(id) if seen.insert(id) => match self.names.find(id) {
                    Some(symbol) => {
                        self.used[symbol] = true;
                        if matches!(self.names.symbols[symbol].kind, SymbolKind::Observable(_)) {
                            let message = format!("{} uses the observable `{id}`", what());
                            let finding = Diagnostic::error(place.clone(), message);
                            self.findings.push(finding.hint("make it an assignment rule, which equations can use"));
                        }
                    }
                    None => self.unknown(id, place, &format!(" in {}", what()), |_| true),
                },
                Expression::Number(value, _) if !value.is_finite() => not_finite = true,
                Expression::Call(function, arguments) => {
                    self.arguments(place, function.word(), function.arity(), arguments.len(), what);
                }
                Expression::Draw(distribution, arguments, _) if distribution.arguments(arguments).is_none() => {
                    let (word, counts) = (distribution.word(), distribution.argument_counts());
                    let message =
                        format!("`{word}` takes {counts} arguments, but has {} in {}", arguments.len(), what());
                    self.findings.push(Diagnostic::error(place.clone(), message));
                }
                _ => {}
            }
        }
        if not_finite && self.policy == UnitPolicy::Strict {
            let message = format!("{} holds a number that is not finite", what());
            self.findings.push(Diagnostic::error(place.clone(), message));
        }
    }

    fn arguments(
        &mut self,
        place: &Place,
        word: &str,
        (least, most): (usize, usize),
        given: usize,
        what: impl Fn() -> String,
    ) {
        if let Some(message) = wrong_number(word, (least, most), given) {
            self.findings.push(Diagnostic::error(place.clone(), format!("{message} in {}", what())));
        }
    }

    /// Species of reactions, compartments of species, conversion factors.
    fn references(&mut self, draft: &Draft) {
        let species = |kind| matches!(kind, SymbolKind::Species(_));
        let compartment = |kind| matches!(kind, SymbolKind::Compartment(_));
        for it in &draft.species {
            let of = format!(" as the compartment of `{}`", it.id);
            self.reference(&it.compartment, &it.place, &of, "compartment", compartment);
            let Some(factor) = &it.conversion_factor else { continue };
            let of = format!(" as the conversion factor of `{}`", it.id);
            let parameter = |kind| matches!(kind, SymbolKind::Parameter(_));
            self.reference(factor, &it.place, &of, "parameter", parameter);
            if let Some(SymbolKind::Parameter(i)) = self.names.kind(factor)
                && !draft.parameters[i].constant
            {
                let message = format!("the conversion factor `{factor}` of `{}` is not constant", it.id);
                self.findings.push(Diagnostic::error(it.place.clone(), message));
            }
        }
        for it in &draft.reactions {
            let of = format!(" in reaction `{}`", it.id);
            for id in participants(it).map(|participant| &participant.species).chain(&it.modifiers) {
                self.reference(id, &it.place, &of, "species", species);
            }
        }
    }

    fn reference(&mut self, id: &Id, place: &Place, of: &str, wanted: &str, fits: impl Fn(SymbolKind) -> bool) {
        match self.names.kind(id) {
            Some(kind) if fits(kind) => {}
            Some(kind) => {
                let message = format!("`{id}`{of} is {}, expected {}", with_article(word(kind)), with_article(wanted));
                self.findings.push(Diagnostic::error(place.clone(), message));
            }
            None => self.unknown(id, place, of, fits),
        }
    }

    fn unknown(&mut self, id: &Id, place: &Place, of: &str, fits: impl Fn(SymbolKind) -> bool) {
        if let Some(word) = self.names.without_value.get(id) {
            let message = format!("`{id}`{of} is the name of {} and has no value", with_article(word));
            self.findings.push(Diagnostic::error(place.clone(), message));
            return;
        }
        let hint = self.names.suggest(id, fits);
        let finding = Diagnostic::error(place.clone(), format!("`{id}`{of} is not known"));
        self.findings.push(Diagnostic { hint, ..finding });
    }
}

/// `did you mean a or b?`
pub(super) fn suggestion<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near: Vec<String> = did_you_mean(name, known).into_iter().map(|near| format!("`{near}`")).collect();
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}

/// What to say about a wrong number of arguments.
pub(super) fn wrong_number(word: &str, (least, most): (usize, usize), given: usize) -> Option<String> {
    if (least..=most).contains(&given) {
        return None;
    }
    let plural = |count: usize| if count == 1 { "1 argument".to_string() } else { format!("{count} arguments") };
    let takes = match (least, most) {
        (least, Function::ANY_NUMBER) => format!("at least {}", plural(least)),
        (least, most) if least == most => plural(least),
        (least, most) => format!("{least} to {}", plural(most)),
    };
    Some(format!("`{word}` takes {takes}, but has {given}"))
}

fn collect<'a>(expression: &'a Expression, parts: &mut Vec<&'a Expression>) {
    parts.push(expression);
    expression.parts(&mut |part| collect(part, parts));
}
