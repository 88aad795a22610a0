//! What a model holds all over: its names and its expressions.

use network::{Draft, Expression, Id, Participant, Reaction, Stoichiometry};
use source::Place;

/// Reactants, then products.
pub(super) fn participants(reaction: &Reaction) -> impl Iterator<Item = &Participant> {
    reaction.reactants.iter().chain(&reaction.products)
}

/// Every name that the model defines, with its place.
pub(super) fn names(draft: &Draft) -> Vec<(&Id, &Place)> {
    let mut names: Vec<(&Id, &Place)> = Vec::new();
    names.extend(draft.functions.iter().map(|it| (&it.id, &it.place)));
    names.extend(draft.functions.iter().flat_map(|it| it.arguments.iter().map(move |id| (id, &it.place))));
    names.extend(draft.compartments.iter().map(|it| (&it.id, &it.place)));
    names.extend(draft.species.iter().map(|it| (&it.id, &it.place)));
    names.extend(draft.parameters.iter().map(|it| (&it.id, &it.place)));
    for it in &draft.reactions {
        names.push((&it.id, &it.place));
        names.extend(participants(it).filter_map(|taking_part| taking_part.id.as_ref()).map(|id| (id, &it.place)));
    }
    names.extend(draft.events.iter().map(|it| (&it.id, &it.place)));
    names.extend(draft.observables.iter().map(|it| (&it.id, &it.place)));
    if let Some(question) = &draft.flux_balance {
        names.extend(question.objectives.iter().map(|it| (&it.id, &it.place)));
        names.extend(question.constraints.iter().filter_map(|it| Some((it.id.as_ref()?, &it.place))));
    }
    names
}

/// Every expression of the model.
pub(super) fn expressions(draft: &Draft) -> Vec<&Expression> {
    let mut all: Vec<&Expression> = Vec::new();
    all.extend(draft.functions.iter().map(|it| &it.body));
    all.extend(draft.initial_assignments.iter().map(|it| &it.value));
    all.extend(draft.rules.iter().map(|it| it.value()));
    all.extend(draft.observables.iter().map(|it| &it.value));
    for reaction in &draft.reactions {
        all.extend(&reaction.rate);
        for participant in participants(reaction) {
            if let Stoichiometry::Expression(value) = &participant.stoichiometry {
                all.push(value);
            }
        }
    }
    all.extend(draft.constraints.iter().map(|it| &it.condition));
    for event in &draft.events {
        all.push(&event.trigger);
        all.extend(event.delay.iter().chain(&event.priority));
        all.extend(event.assignments.iter().map(|it| &it.value));
    }
    all
}

/// The names an expression uses, in the order of writing, each as often as it stands there.
pub(super) fn names_in(expression: &Expression) -> Vec<&Id> {
    fn collect<'e>(expression: &'e Expression, names: &mut Vec<&'e Id>) {
        if let Expression::Name(id) | Expression::RateOf(id) = expression {
            names.push(id);
        }
        expression.parts(&mut |part| collect(part, names));
    }
    let mut names = Vec::new();
    collect(expression, &mut names);
    names
}
