//! A network and a condition as text, for the message of a test that fails.

use network::{Action, Condition, InitialValue, Network, Participant, Rule, Species, Stoichiometry, SymbolKind};
use std::fmt::Write;

/// Every part of the model, one a line.
pub fn network(network: &Network) -> String {
    let mut text = String::new();
    for symbol in network.symbols() {
        let line = match symbol.kind {
            SymbolKind::Compartment(i) => {
                format!("compartment {} = {}", symbol.id, number(network.compartments()[i].size))
            }
            SymbolKind::Species(i) => species(&network.species()[i]),
            SymbolKind::Parameter(i) => format!("parameter {} = {}", symbol.id, number(network.parameters()[i].value)),
            SymbolKind::Reaction(i) => {
                let reaction = &network.reactions()[i];
                let (reactants, products) = (side(&reaction.reactants), side(&reaction.products));
                let rate = reaction.rate.as_ref().map_or("?".to_string(), ToString::to_string);
                format!("reaction {}: {reactants} -> {products}; {rate}", reaction.id)
            }
            SymbolKind::Observable(i) => format!("observable {} = {}", symbol.id, network.observables()[i].value),
            SymbolKind::Participant(..) => continue,
        };
        let _ = writeln!(text, "  {line}");
    }
    for assignment in network.initial_assignments() {
        let _ = writeln!(text, "  initially {} = {}", assignment.target, assignment.value);
    }
    for rule in network.rules() {
        let _ = match rule {
            Rule::Assignment { target, value, .. } => writeln!(text, "  always {target} = {value}"),
            Rule::Rate { target, value, .. } => writeln!(text, "  d {target} / dt = {value}"),
            Rule::Algebraic { value, .. } => writeln!(text, "  0 = {value}"),
        };
    }
    text
}

/// What is given at the start and changed later.
pub fn condition(network: &Network, condition: &Condition) -> String {
    let mut parts: Vec<String> =
        condition.initial.iter().map(|(symbol, value)| format!("{} = {value}", network.symbol(*symbol).id)).collect();
    for change in &condition.changes {
        let id = &network.symbol(change.target).id;
        parts.push(match change.action {
            Action::Set(value) => format!("{id} = {value} at {}", change.time),
            Action::Add(dose) => format!("{id} + {dose} at {}", change.time),
        });
    }
    if parts.is_empty() { "nothing".to_string() } else { parts.join(", ") }
}

fn species(species: &Species) -> String {
    let initial = match species.initial {
        InitialValue::Unset => "unset".to_string(),
        InitialValue::Amount(amount) => format!("amount {amount}"),
        InitialValue::Concentration(concentration) => format!("concentration {concentration}"),
    };
    let mut text = format!("species {} in {}, {initial}", species.id, species.compartment);
    for (holds, word) in [(species.only_substance, "means its amount"), (species.boundary, "boundary")] {
        if holds {
            let _ = write!(text, ", {word}");
        }
    }
    if let Some(factor) = &species.conversion_factor {
        let _ = write!(text, ", conversion factor {factor}");
    }
    text
}

fn side(participants: &[Participant]) -> String {
    let one = |participant: &Participant| {
        let count = match &participant.stoichiometry {
            Stoichiometry::Constant(number) => number.to_string(),
            Stoichiometry::Variable(start) => format!("[from {}]", number(*start)),
            Stoichiometry::Expression(formula) => format!("[{formula}]"),
        };
        let name = participant.id.as_ref().map_or(String::new(), |id| format!("{id}: "));
        format!("{name}{count} {}", participant.species)
    };
    participants.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn number(value: Option<f64>) -> String {
    value.map_or("unset".to_string(), |value| value.to_string())
}
