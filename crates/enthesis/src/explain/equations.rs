//! Equations of modules as lines of text, and where a name is used.

use crate::Biology;
use physiology::{Entry, Module};

/// Every equation of a module, in the order state, reaction, variable, link, read-out.
pub(super) fn of_module(module: &Module) -> Vec<String> {
    let states = module.states.iter().map(Entry::State);
    let reactions = module.reactions.iter().map(Entry::Reaction);
    let variables = module.variables.iter().map(Entry::Variable);
    let links = module.links.iter().map(Entry::Link);
    let readouts = module.readouts.iter().map(Entry::Readout);
    let entries = states.chain(reactions).chain(variables).chain(links).chain(readouts);
    entries.flat_map(|entry| entry.equations()).collect()
}

/// The names of everything whose equation uses an id, with the formula.
pub(super) fn that_use(biology: &Biology, id: &str) -> Vec<String> {
    let line = |(user, formula): (&str, &str)| format!("{user}: {}", one_line(formula));
    biology.content.uses_of(id).into_iter().filter(|(user, _)| *user != id).map(line).collect()
}

/// A formula that was written over several lines.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
