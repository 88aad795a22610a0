//! Which variable each algebraic rule determines.
//!
//! SBML (Level 3, "Overdetermined models") asks for a matching: every algebraic rule needs a variable of its own, one
//! that it names, that is not constant, and that no reaction and no other rule determines. We go one step further and
//! let a rule determine a variable that it reaches through assignment rules and rates, if it names none.
//!
//! Where several variables would do, the one that the model says least about is taken: first those without a value,
//! then those with a number, then those with an initial assignment; those that events set come last, because what an
//! event says must not be overwritten at once.

use super::UnitPolicy;
use super::names::Names;
use super::roles::Definitions;
use super::sites::participant;
use crate::{Draft, Expression, InitialValue, Rule, Stoichiometry, SymbolKind};
use source::{Diagnostic, Diagnostics, Place};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Finds for each algebraic rule its variable and writes it into [`Definitions::algebraic`].
pub(super) fn match_rules(
    draft: &Draft,
    names: &Names,
    definitions: &mut Definitions,
    policy: UnitPolicy,
    findings: &mut Diagnostics,
) {
    let rules: Vec<(usize, &Expression, &Place)> = draft
        .rules
        .iter()
        .enumerate()
        .filter_map(|(i, rule)| match rule {
            Rule::Algebraic { value, place } => Some((i, value, place)),
            _ => None,
        })
        .collect();
    if rules.is_empty() {
        return;
    }
    let reading = Reading { draft, names, definitions };
    let named: Vec<BTreeSet<usize>> = rules.iter().map(|(_, value, _)| reading.named(value)).collect();
    let rank = reading.ranks();
    let free = |symbols: &BTreeSet<usize>| -> Vec<usize> {
        symbols.iter().copied().filter(|&symbol| rank[symbol].is_some()).collect()
    };
    let direct: Vec<Vec<usize>> = named.iter().map(&free).collect();
    let mut matching = Matching::default();
    matching.extend(&direct, &rank);
    if matching.variable.len() < rules.len() {
        let reached: Vec<Vec<usize>> = named.iter().map(|named| free(&reading.reached(named))).collect();
        matching.extend(&reached, &rank);
    }

    for (position, (_, _, place)) in rules.iter().enumerate() {
        match matching.variable.get(&position) {
            None => findings.push(overdetermined(&reading, &named[position], &matching, place)),
            Some(&variable) => {
                let open = direct[position].iter().copied().filter(|&other| {
                    other != variable && rank[other] == rank[variable] && !matching.rule.contains_key(&other)
                });
                let others: Vec<String> = open.map(|other| reading.quoted(other)).collect();
                if !others.is_empty() {
                    let variable = reading.quoted(variable);
                    let message = format!(
                        "this algebraic rule may determine {variable} as well as {}; {variable} is taken",
                        others.join(", ")
                    );
                    let hint = "say that what the rule must not change is constant";
                    findings.push(policy.doubt(place, message).hint(hint));
                }
            }
        }
    }
    for (position, variable) in matching.variable {
        definitions.algebraic[variable] = Some(rules[position].0);
    }
}

fn overdetermined(reading: &Reading<'_>, named: &BTreeSet<usize>, matching: &Matching, place: &Place) -> Diagnostic {
    let taken = |symbol: usize| match matching.rule.contains_key(&symbol) {
        true => format!("{} is determined by another algebraic rule", reading.quoted(symbol)),
        false => reading.why_not_free(symbol),
    };
    let reasons: Vec<String> = named.iter().map(|&symbol| taken(symbol)).collect();
    let reason = if reasons.is_empty() { "it names no variable".to_string() } else { reasons.join("; ") };
    Diagnostic::error(place.clone(), "the model is overdetermined: no variable is left for this algebraic rule")
        .because(reason)
        .hint("drop the rule, or leave one of its variables without reactions, other rules and `constant`")
}

/// Pairs of rules and variables, each in at most one pair.
#[derive(Default)]
struct Matching {
    variable: BTreeMap<usize, usize>,
    rule: BTreeMap<usize, usize>,
}

impl Matching {
    /// Adds pairs until no more are possible. Variables are tried in the order of their rank, and once in a pair they
    /// stay in one, so no variable is taken where one of a lower rank would have done.
    fn extend(&mut self, candidates: &[Vec<usize>], rank: &[Option<u8>]) {
        let mut rules_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (rule, variables) in candidates.iter().enumerate() {
            variables.iter().for_each(|&variable| rules_of.entry(variable).or_default().push(rule));
        }
        let mut variables: Vec<usize> = rules_of.keys().copied().collect();
        variables.sort_by_key(|&variable| (rank[variable], variable));
        for variable in variables.into_iter().filter(|variable| !self.rule.contains_key(variable)).collect::<Vec<_>>() {
            if self.variable.len() == candidates.len() {
                return;
            }
            self.augment(variable, &rules_of);
        }
    }

    /// Finds a rule for a variable, moving others to other rules if need be: a shortest augmenting path.
    fn augment(&mut self, variable: usize, rules_of: &BTreeMap<usize, Vec<usize>>) {
        let mut reached_from: BTreeMap<usize, usize> = BTreeMap::new();
        let mut waiting = VecDeque::from([variable]);
        while let Some(next) = waiting.pop_front() {
            for &rule in rules_of.get(&next).into_iter().flatten() {
                if reached_from.contains_key(&rule) {
                    continue;
                }
                reached_from.insert(rule, next);
                match self.variable.get(&rule) {
                    Some(&holder) => waiting.push_back(holder),
                    None => return self.turn(rule, variable, &reached_from),
                }
            }
        }
    }

    fn turn(&mut self, free_rule: usize, first: usize, reached_from: &BTreeMap<usize, usize>) {
        let mut rule = free_rule;
        loop {
            let variable = reached_from[&rule];
            self.variable.insert(rule, variable);
            let before = self.rule.insert(variable, rule);
            match before {
                Some(before) if variable != first => rule = before,
                _ => return,
            }
        }
    }
}

/// What rules say about symbols.
struct Reading<'a> {
    draft: &'a Draft,
    names: &'a Names,
    definitions: &'a Definitions,
}

impl Reading<'_> {
    /// The symbols whose present values an expression names.
    fn named(&self, expression: &Expression) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        self.add_named(expression, &mut found);
        found
    }

    fn add_named(&self, expression: &Expression, found: &mut BTreeSet<usize>) {
        match expression {
            Expression::Name(id) => found.extend(self.names.find(id)),
            // The past is what it is.
            Expression::Delay(_, duration) => self.add_named(duration, found),
            _ => expression.parts(&mut |part| self.add_named(part, found)),
        }
    }

    /// The symbols that those named depend on through assignment rules, rates, stoichiometries and compartments.
    fn reached(&self, named: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut reached = named.clone();
        let mut waiting: Vec<usize> = named.iter().copied().collect();
        while let Some(symbol) = waiting.pop() {
            let below = match (self.definitions.assignment[symbol], self.names.symbols[symbol].kind) {
                (Some(rule), _) => self.named(self.draft.rules[rule].value()),
                (None, SymbolKind::Reaction(r)) => {
                    self.draft.reactions[r].rate.as_ref().map_or_else(BTreeSet::new, |rate| self.named(rate))
                }
                (None, SymbolKind::Participant(r, p)) => {
                    match &participant(&self.draft.reactions[r], p).stoichiometry {
                        Stoichiometry::Expression(expression) => self.named(expression),
                        _ => BTreeSet::new(),
                    }
                }
                (None, SymbolKind::Species(i)) if !self.draft.species[i].only_substance => {
                    self.names.find(&self.draft.species[i].compartment).into_iter().collect()
                }
                _ => BTreeSet::new(),
            };
            waiting.extend(below.iter().copied().filter(|&symbol| reached.insert(symbol)));
        }
        reached
    }

    /// How readily each symbol is taken as the variable of a rule; `None` for what is not free.
    fn ranks(&self) -> Vec<Option<u8>> {
        let targets: BTreeSet<usize> = self
            .draft
            .events
            .iter()
            .flat_map(|event| &event.assignments)
            .filter_map(|it| self.names.find(&it.target))
            .collect();
        (0..self.names.symbols.len())
            .map(|symbol| {
                let given = self.is_free(symbol)?;
                Some(match (targets.contains(&symbol), self.definitions.initial[symbol].is_some()) {
                    (true, _) => 3,
                    (false, true) => 2,
                    (false, false) => u8::from(given),
                })
            })
            .collect()
    }

    /// For a symbol that nothing else determines, whether it is given a number.
    fn is_free(&self, symbol: usize) -> Option<bool> {
        let determined = self.definitions.assignment[symbol].is_some()
            || self.definitions.rate[symbol].is_some()
            || !self.definitions.reactions[symbol].is_empty();
        let (constant, given) = match self.names.symbols[symbol].kind {
            SymbolKind::Compartment(i) => {
                (self.draft.compartments[i].constant, self.draft.compartments[i].size.is_some())
            }
            SymbolKind::Species(i) => {
                (self.draft.species[i].constant, self.draft.species[i].initial != InitialValue::Unset)
            }
            SymbolKind::Parameter(i) => (self.draft.parameters[i].constant, self.draft.parameters[i].value.is_some()),
            SymbolKind::Participant(r, p) => match participant(&self.draft.reactions[r], p).stoichiometry {
                Stoichiometry::Variable(value) => (false, value.is_some()),
                Stoichiometry::Constant(_) | Stoichiometry::Expression(_) => (true, true),
            },
            SymbolKind::Reaction(_) | SymbolKind::Observable(_) => return None,
        };
        (!determined && !constant).then_some(given)
    }

    fn why_not_free(&self, symbol: usize) -> String {
        let name = self.quoted(symbol);
        let definitions = self.definitions;
        match self.names.symbols[symbol].kind {
            SymbolKind::Reaction(_) => format!("{name} is the rate of a reaction"),
            SymbolKind::Observable(_) => format!("{name} is an observable"),
            _ if definitions.assignment[symbol].is_some() => format!("{name} has an assignment rule"),
            _ if definitions.rate[symbol].is_some() => format!("{name} has a rate rule"),
            _ if !definitions.reactions[symbol].is_empty() => format!("{name} is changed by reactions"),
            _ => format!("{name} is constant"),
        }
    }

    fn quoted(&self, symbol: usize) -> String {
        format!("`{}`", self.names.symbols[symbol].id)
    }
}
