//! What gives values: initial assignments, rules and events.

use crate::context::Context;
use crate::mathml::{self, Locals};
use crate::model::each;
use crate::xml::Node;
use network::{Constraint, Draft, Event, EventAssignment, Id, InitialAssignment, Rule, Thing};
use std::collections::BTreeSet;

/// The ids that something other than their own attribute gives a value.
#[derive(Debug, Default)]
pub(crate) struct Given {
    at_start: BTreeSet<Id>,
    ever: BTreeSet<Id>,
    /// An algebraic rule may give any value; which one is known only to the solver.
    algebraic: bool,
}

impl Given {
    /// What the assignments, rules and events of a draft give.
    pub(crate) fn by(draft: &Draft) -> Self {
        let mut given = Self::default();
        for assignment in &draft.initial_assignments {
            given.at_start.insert(assignment.target.clone());
        }
        for rule in &draft.rules {
            match rule {
                Rule::Assignment { target, .. } => given.at_start.insert(target.clone()),
                Rule::Rate { target, .. } => given.ever.insert(target.clone()),
                Rule::Algebraic { .. } => std::mem::replace(&mut given.algebraic, true),
            };
        }
        given.ever.extend(draft.events.iter().flat_map(|event| &event.assignments).map(|it| it.target.clone()));
        given.ever.extend(given.at_start.iter().cloned());
        given
    }

    /// True when the value at the start need not be written.
    pub(crate) fn at_start(&self, id: &str) -> bool {
        self.algebraic || self.at_start.contains(id)
    }

    /// True when an initial assignment, rule or event names the id.
    pub(crate) fn ever(&self, id: &str) -> bool {
        self.ever.contains(id)
    }
}

/// `initialAssignment`.
pub(crate) fn initial_assignment(context: &mut Context<'_>, node: Node) -> Option<InitialAssignment> {
    let target = context.identifier_in(node, "symbol")?;
    let value = mathml::expression_in(context, node, &Locals::new())?;
    context.remark(node, Thing::InitialAssignment(target.clone()), &["id", "name"]);
    Some(InitialAssignment { target, value, place: context.document.place(node) })
}

/// `listOfRules`.
pub(crate) fn rules(context: &mut Context<'_>, model: Node) -> Vec<Rule> {
    let items = context.items(model, "listOfRules", &["assignmentRule", "rateRule", "algebraicRule"]);
    let mut rules = Vec::new();
    for node in items {
        if let Some(rule) = rule(context, node) {
            context.remark(node, Thing::Rule(rules.len()), &["id", "name"]);
            rules.push(rule);
        }
    }
    rules
}

/// `listOfConstraints`; one without mathematics says nothing.
pub(crate) fn constraints(context: &mut Context<'_>, model: Node) -> Vec<Constraint> {
    let mut position = 0;
    each(context, model, ("listOfConstraints", "constraint"), |context, node| {
        let condition = mathml::expression_in(context, node, &Locals::new())?;
        context.remark(node, Thing::Constraint(position), &["id", "name"]);
        position += 1;
        let (message, place) = (context.document.message(node).cloned(), context.document.place(node));
        Some(Constraint { condition, message, place })
    })
}

fn rule(context: &mut Context<'_>, node: Node) -> Option<Rule> {
    let place = context.document.place(node);
    match context.document.name(node) {
        "assignmentRule" => {
            let target = context.identifier_in(node, "variable")?;
            let value = mathml::expression_in(context, node, &Locals::new())?;
            Some(Rule::Assignment { target, value, place })
        }
        "rateRule" => {
            let target = context.identifier_in(node, "variable")?;
            let value = mathml::expression_in(context, node, &Locals::new())?;
            Some(Rule::Rate { target, value, place })
        }
        _ => {
            let value = mathml::expression_in(context, node, &Locals::new())?;
            Some(Rule::Algebraic { value, place })
        }
    }
}

/// `listOfEvents`. Events without a name are called `event_1`, `event_2`, ... by their position.
pub(crate) fn events(context: &mut Context<'_>, model: Node) -> Vec<Event> {
    let mut position = 0;
    each(context, model, ("listOfEvents", "event"), |context, node| {
        position += 1;
        event(context, node, position)
    })
}

fn event(context: &mut Context<'_>, node: Node, position: usize) -> Option<Event> {
    let document = context.document;
    let id = match document.attribute(node, "id") {
        Some(_) => context.identifier(node)?,
        None => context.fresh_id(&format!("event_{position}")),
    };
    if document.attribute(node, "timeUnits").is_some() {
        context.warn(node, "`timeUnits` of an event is passed over: its delay is in the unit of time of the model");
    }
    let Some(trigger_element) = document.child(node, "trigger") else {
        if context.level.math_may_be_missing() {
            context.warn(node, format!("event `{id}` has no trigger, so it never happens"));
        } else {
            context.error(node, format!("event `{id}` has no trigger"));
        }
        return None;
    };
    let trigger = mathml::expression_in(context, trigger_element, &Locals::new())?;
    // Level 2 has neither attribute: a trigger that is true from the start does not fire, and nothing takes an event
    // back once it waits.
    let is_level_2 = context.level.has_defaults();
    let trigger_initially = is_level_2 || context.truth(trigger_element, "initialValue", true);
    let persistent = is_level_2 || context.truth(trigger_element, "persistent", true);
    context.remark(node, Thing::Event(id.clone()), &[]);
    for part in ["trigger", "priority", "delay", "listOfEventAssignments"] {
        if let Some(child) = document.child(node, part) {
            context.remark(child, Thing::Event(id.clone()).within(part, 0), &["id", "name"]);
        }
    }
    let mut position = 0;
    Some(Event {
        name: context.name(node, &id),
        trigger,
        trigger_initially,
        persistent,
        delay: optional(context, node, "delay"),
        priority: optional(context, node, "priority"),
        use_values_from_trigger_time: context.truth(node, "useValuesFromTriggerTime", true),
        assignments: each(context, node, ("listOfEventAssignments", "eventAssignment"), |context, node| {
            let read = event_assignment(context, node)?;
            context.remark(node, Thing::Event(id.clone()).within("eventAssignment", position), &["id", "name"]);
            position += 1;
            Some(read)
        }),
        place: document.place(node),
        id,
    })
}

fn optional(context: &mut Context<'_>, node: Node, child: &str) -> Option<network::Expression> {
    let child = context.document.child(node, child)?;
    mathml::expression_in(context, child, &Locals::new())
}

fn event_assignment(context: &mut Context<'_>, node: Node) -> Option<EventAssignment> {
    let target = context.identifier_in(node, "variable")?;
    let value = mathml::expression_in(context, node, &Locals::new())?;
    Some(EventAssignment { target, value })
}

#[cfg(test)]
mod tests;
