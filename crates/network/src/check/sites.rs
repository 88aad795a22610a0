//! Where a model holds expressions.

use crate::{Draft, Expression, Participant, Reaction, Rule, Stoichiometry};
use source::{Diagnostic, Place};

/// The place of one expression in a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    Initial(usize),
    Rule(usize),
    KineticLaw(usize),
    /// Reaction, then position among reactants followed by products.
    Stoichiometry(usize, usize),
    Trigger(usize),
    Delay(usize),
    Priority(usize),
    /// Event, then position among its assignments.
    EventAssignment(usize, usize),
    Observable(usize),
    Constraint(usize),
}

/// All expressions of a model apart from the bodies of its functions, in the order of the source.
pub(super) fn sites(draft: &Draft) -> Vec<Site> {
    let mut sites = Vec::new();
    sites.extend((0..draft.initial_assignments.len()).map(Site::Initial));
    sites.extend((0..draft.rules.len()).map(Site::Rule));
    for (r, reaction) in draft.reactions.iter().enumerate() {
        if reaction.rate.is_some() {
            sites.push(Site::KineticLaw(r));
        }
        for (p, participant) in participants(reaction).enumerate() {
            if matches!(participant.stoichiometry, Stoichiometry::Expression(_)) {
                sites.push(Site::Stoichiometry(r, p));
            }
        }
    }
    for (e, event) in draft.events.iter().enumerate() {
        sites.push(Site::Trigger(e));
        sites.extend(event.delay.is_some().then_some(Site::Delay(e)));
        sites.extend(event.priority.is_some().then_some(Site::Priority(e)));
        sites.extend((0..event.assignments.len()).map(|a| Site::EventAssignment(e, a)));
    }
    sites.extend((0..draft.observables.len()).map(Site::Observable));
    sites.extend((0..draft.constraints.len()).map(Site::Constraint));
    sites
}

/// Reactants, then products.
pub(super) fn participants(reaction: &Reaction) -> impl Iterator<Item = &Participant> {
    reaction.reactants.iter().chain(&reaction.products)
}

pub(super) fn participant(reaction: &Reaction, position: usize) -> &Participant {
    match position.checked_sub(reaction.reactants.len()) {
        None => &reaction.reactants[position],
        Some(position) => &reaction.products[position],
    }
}

impl Site {
    pub(super) fn expression(self, draft: &Draft) -> &Expression {
        let present = "a site is made only where there is an expression";
        match self {
            Self::Initial(i) => &draft.initial_assignments[i].value,
            Self::Rule(i) => draft.rules[i].value(),
            Self::KineticLaw(i) => draft.reactions[i].rate.as_ref().expect(present),
            Self::Stoichiometry(r, p) => match &participant(&draft.reactions[r], p).stoichiometry {
                Stoichiometry::Expression(expression) => expression,
                _ => unreachable!("{present}"),
            },
            Self::Trigger(i) => &draft.events[i].trigger,
            Self::Delay(i) => draft.events[i].delay.as_ref().expect(present),
            Self::Priority(i) => draft.events[i].priority.as_ref().expect(present),
            Self::EventAssignment(e, a) => &draft.events[e].assignments[a].value,
            Self::Observable(i) => &draft.observables[i].value,
            Self::Constraint(i) => &draft.constraints[i].condition,
        }
    }

    pub(super) fn replace(self, draft: &mut Draft, new: Expression) {
        match self {
            Self::Initial(i) => draft.initial_assignments[i].value = new,
            Self::Rule(i) => match &mut draft.rules[i] {
                Rule::Assignment { value, .. } | Rule::Rate { value, .. } | Rule::Algebraic { value, .. } => {
                    *value = new
                }
            },
            Self::KineticLaw(i) => draft.reactions[i].rate = Some(new),
            Self::Stoichiometry(r, p) => {
                let reaction = &mut draft.reactions[r];
                let participant = match p.checked_sub(reaction.reactants.len()) {
                    None => &mut reaction.reactants[p],
                    Some(p) => &mut reaction.products[p],
                };
                participant.stoichiometry = Stoichiometry::Expression(new);
            }
            Self::Trigger(i) => draft.events[i].trigger = new,
            Self::Delay(i) => draft.events[i].delay = Some(new),
            Self::Priority(i) => draft.events[i].priority = Some(new),
            Self::EventAssignment(e, a) => draft.events[e].assignments[a].value = new,
            Self::Observable(i) => draft.observables[i].value = new,
            Self::Constraint(i) => draft.constraints[i].condition = new,
        }
    }

    /// For messages: kinetic law of `x`.
    pub(super) fn describe(self, draft: &Draft) -> String {
        let event = |i: usize| &draft.events[i].id;
        match self {
            Self::Initial(i) => format!("initial assignment of `{}`", draft.initial_assignments[i].target),
            Self::Rule(i) => match &draft.rules[i] {
                Rule::Assignment { target, .. } => format!("assignment rule of `{target}`"),
                Rule::Rate { target, .. } => format!("rate rule of `{target}`"),
                Rule::Algebraic { .. } => "algebraic rule".to_string(),
            },
            Self::KineticLaw(i) => format!("kinetic law of `{}`", draft.reactions[i].id),
            Self::Stoichiometry(r, p) => {
                let reaction = &draft.reactions[r];
                format!("stoichiometry of `{}` in `{}`", participant(reaction, p).species, reaction.id)
            }
            Self::Trigger(i) => format!("trigger of event `{}`", event(i)),
            Self::Delay(i) => format!("delay of event `{}`", event(i)),
            Self::Priority(i) => format!("priority of event `{}`", event(i)),
            Self::EventAssignment(e, a) => {
                format!("assignment to `{}` in event `{}`", draft.events[e].assignments[a].target, event(e))
            }
            Self::Observable(i) => format!("observable `{}`", draft.observables[i].id),
            Self::Constraint(i) => format!("constraint {}", i + 1),
        }
    }

    /// What to say about a draw from a distribution where there is no moment at which to draw.
    pub(super) fn cannot_draw(self, draft: &Draft) -> Option<Diagnostic> {
        if matches!(self, Self::Initial(_) | Self::Delay(_) | Self::Priority(_) | Self::EventAssignment(..)) {
            return None;
        }
        let mut drawn = None;
        self.expression(draft).walk(&mut |part| {
            if let Expression::Draw(distribution, ..) = part {
                drawn.get_or_insert(*distribution);
            }
        });
        let word = drawn?.word();
        let message = format!("{} draws from a distribution (`{word}`)", self.describe(draft));
        let finding = Diagnostic::error(self.place(draft).clone(), message);
        let reason = "it holds at all times, and a number that is drawn anew at every moment has no value that an \
                      equation could use; initial assignments and events draw at a moment";
        let hint = "give a parameter the draw by an initial assignment or an event, and use the parameter";
        Some(Diagnostic { reason: Some(reason.into()), ..finding.hint(hint) })
    }

    pub(super) fn place(self, draft: &Draft) -> &Place {
        match self {
            Self::Initial(i) => &draft.initial_assignments[i].place,
            Self::Rule(i) => draft.rules[i].place(),
            Self::KineticLaw(i) | Self::Stoichiometry(i, _) => &draft.reactions[i].place,
            Self::Trigger(i) | Self::Delay(i) | Self::Priority(i) | Self::EventAssignment(i, _) => {
                &draft.events[i].place
            }
            Self::Observable(i) => &draft.observables[i].place,
            Self::Constraint(i) => &draft.constraints[i].place,
        }
    }
}
