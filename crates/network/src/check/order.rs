//! In which order values can be computed, and cycles that forbid any order.

use super::names::Names;
use super::roles::Definitions;
use super::sites::{Site, participant};
use crate::{Draft, Expression, InitialStep, InitialValue, Stoichiometry, SymbolKind};
use source::{Diagnostic, Diagnostics};

/// Orders of computation, for [`crate::Network`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    /// Positions of assignment rules.
    pub(crate) assignments: Vec<usize>,
    /// Positions of initial assignments.
    pub(crate) initial: Vec<usize>,
    /// Assignment rules and initial assignments together, at the start.
    pub(crate) start: Vec<InitialStep>,
}

impl Order {
    pub(super) fn of(draft: &Draft, names: &Names, definitions: &Definitions, findings: &mut Diagnostics) -> Self {
        let graph = Graph { draft, names, definitions };
        // Two nodes for each symbol: its value, and its rate of change.
        let count = 2 * names.symbols.len();
        let values = || (0..names.symbols.len()).map(value_node);
        let mut order = Self::default();

        let always = depth_first(count, values(), |node| graph.needs(node, false));
        for cycle in &always.cycles {
            graph.report(cycle, false, findings);
        }
        let rule_of = |node: usize| if is_rate(node) { None } else { definitions.assignment[symbol_of(node)] };
        order.assignments = always.order.iter().filter_map(|node| rule_of(*node)).collect();

        let at_start = depth_first(count, values(), |node| graph.needs(node, true));
        for cycle in &at_start.cycles {
            // A cycle without an initial assignment has been reported above.
            if cycle.iter().any(|node| !is_rate(*node) && definitions.initial[symbol_of(*node)].is_some()) {
                graph.report(cycle, true, findings);
            }
        }
        for symbol in at_start.order.into_iter().filter(|node| !is_rate(*node)).map(symbol_of) {
            if let Some(i) = definitions.initial[symbol] {
                order.initial.push(i);
                order.start.push(InitialStep::Initial(i));
            } else if let Some(i) = definitions.assignment[symbol] {
                order.start.push(InitialStep::Assignment(i));
            }
        }
        order
    }
}

const fn value_node(symbol: usize) -> usize {
    2 * symbol
}

const fn rate_node(symbol: usize) -> usize {
    2 * symbol + 1
}

const fn symbol_of(node: usize) -> usize {
    node / 2
}

const fn is_rate(node: usize) -> bool {
    node % 2 == 1
}

/// Which values are needed to compute which.
struct Graph<'a> {
    draft: &'a Draft,
    names: &'a Names,
    definitions: &'a Definitions,
}

impl Graph<'_> {
    /// What must be known before a node; `at_start`, before time starts, initial assignments take the place of states.
    fn needs(&self, node: usize, at_start: bool) -> Vec<usize> {
        let symbol = symbol_of(node);
        if is_rate(node) { self.needs_of_rate(symbol) } else { self.needs_of_value(symbol, at_start) }
    }

    fn needs_of_value(&self, symbol: usize, at_start: bool) -> Vec<usize> {
        if let (true, Some(i)) = (at_start, self.definitions.initial[symbol]) {
            return self.used_by(Site::Initial(i).expression(self.draft));
        }
        if let Some(i) = self.definitions.assignment[symbol] {
            return self.used_by(self.draft.rules[i].value());
        }
        match self.names.symbols[symbol].kind {
            SymbolKind::Reaction(i) => self.draft.reactions[i].rate.as_ref().map_or(Vec::new(), |it| self.used_by(it)),
            SymbolKind::Participant(r, p) => match &participant(&self.draft.reactions[r], p).stoichiometry {
                Stoichiometry::Expression(expression) => self.used_by(expression),
                _ => Vec::new(),
            },
            SymbolKind::Species(i) => {
                let species = &self.draft.species[i];
                let by_size = match (at_start, species.initial) {
                    (true, InitialValue::Concentration(_)) => species.only_substance,
                    (true, InitialValue::Unset) => false,
                    _ => !species.only_substance,
                };
                // What a rate rule or an algebraic rule gives is kept as its name means it.
                let ruled = self.definitions.rate[symbol].is_some() || self.definitions.algebraic[symbol].is_some();
                let state = !at_start && ruled;
                match self.names.find(&species.compartment) {
                    Some(compartment) if by_size && !state => vec![value_node(compartment)],
                    _ => Vec::new(),
                }
            }
            SymbolKind::Compartment(_) | SymbolKind::Parameter(_) | SymbolKind::Observable(_) => Vec::new(),
        }
    }

    fn needs_of_rate(&self, symbol: usize) -> Vec<usize> {
        if let Some(i) = self.definitions.rate[symbol] {
            return self.used_by(self.draft.rules[i].value());
        }
        if self.definitions.assignment[symbol].is_some() {
            return vec![value_node(symbol)];
        }
        let mut needs = Vec::new();
        let SymbolKind::Species(i) = self.names.symbols[symbol].kind else { return needs };
        let species = &self.draft.species[i];
        for r in &self.definitions.reactions[symbol] {
            let reaction = &self.draft.reactions[*r];
            needs.extend(self.names.find(&reaction.id).map(value_node));
            for taking_part in reaction.reactants.iter().chain(&reaction.products).filter(|p| p.species == species.id) {
                needs.extend(taking_part.id.as_ref().and_then(|id| self.names.find(id)).map(value_node));
                if let Stoichiometry::Expression(expression) = &taking_part.stoichiometry {
                    needs.extend(self.used_by(expression));
                }
            }
        }
        if !species.only_substance
            && let Some(compartment) = self.names.find(&species.compartment)
        {
            needs.extend([value_node(symbol), value_node(compartment), rate_node(compartment)]);
        }
        needs
    }

    fn used_by(&self, expression: &Expression) -> Vec<usize> {
        let mut needs = Vec::new();
        self.add_used(expression, &mut needs);
        needs
    }

    fn add_used(&self, expression: &Expression, needs: &mut Vec<usize>) {
        match expression {
            Expression::Name(id) => needs.extend(self.names.find(id).map(value_node)),
            Expression::RateOf(id) => needs.extend(self.names.find(id).map(rate_node)),
            // The past is known already.
            Expression::Delay(_, duration) => self.add_used(duration, needs),
            _ => expression.parts(&mut |part| self.add_used(part, needs)),
        }
    }

    fn report(&self, cycle: &[usize], at_start: bool, findings: &mut Diagnostics) {
        let name = |node: &usize| {
            let id = &self.names.symbols[symbol_of(*node)].id;
            if is_rate(*node) { format!("rateOf({id})") } else { id.to_string() }
        };
        let path: Vec<String> = cycle.iter().chain(&cycle[..1]).map(name).collect();
        let place = cycle.iter().find_map(|node| self.place(symbol_of(*node), at_start)).cloned();
        let start = if at_start { "at the start " } else { "" };
        let message = format!("{start}`{}` needs itself: {}", path[0], path.join(" -> "));
        let finding = Diagnostic::error(place.unwrap_or_else(source::Place::nowhere), message);
        findings.push(finding.hint("break the cycle, for example by making one of them a state with a rate rule"));
    }

    fn place(&self, symbol: usize, at_start: bool) -> Option<&source::Place> {
        if let (true, Some(i)) = (at_start, self.definitions.initial[symbol]) {
            return Some(&self.draft.initial_assignments[i].place);
        }
        if let Some(i) = self.definitions.assignment[symbol].or(self.definitions.rate[symbol]) {
            return Some(self.draft.rules[i].place());
        }
        match self.names.symbols[symbol].kind {
            SymbolKind::Reaction(i) => Some(&self.draft.reactions[i].place),
            _ => None,
        }
    }
}

pub(super) struct Sorted {
    /// Every node that was reached, each after those it needs (cycles apart).
    pub(super) order: Vec<usize>,
    /// Cycles that share no node; in each, a node needs the next.
    pub(super) cycles: Vec<Vec<usize>>,
}

/// Sorts nodes by need, depth first from the roots in their order, without recursion: chains may be long.
pub(super) fn depth_first(
    count: usize,
    roots: impl Iterator<Item = usize>,
    needs: impl Fn(usize) -> Vec<usize>,
) -> Sorted {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; count];
    let mut in_cycle = vec![false; count];
    let mut sorted = Sorted { order: Vec::new(), cycles: Vec::new() };
    for root in roots {
        if marks[root] != Mark::New {
            continue;
        }
        marks[root] = Mark::Open;
        let mut path = vec![(root, needs(root).into_iter())];
        while let Some((node, rest)) = path.last_mut() {
            let Some(next) = rest.next() else {
                marks[*node] = Mark::Done;
                sorted.order.push(*node);
                path.pop();
                continue;
            };
            match marks[next] {
                Mark::Done => {}
                Mark::New => {
                    marks[next] = Mark::Open;
                    path.push((next, needs(next).into_iter()));
                }
                Mark::Open => {
                    let cycle: Vec<usize> =
                        path.iter().map(|(node, _)| *node).skip_while(|node| *node != next).collect();
                    if !cycle.iter().any(|node| in_cycle[*node]) {
                        cycle.iter().for_each(|node| in_cycle[*node] = true);
                        sorted.cycles.push(cycle);
                    }
                }
            }
        }
    }
    sorted
}
