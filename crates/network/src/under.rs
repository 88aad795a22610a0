//! A condition written into the model itself, for formats that hold one model and nothing that is done to it.

use crate::{
    Action, Change, Condition, Draft, Event, EventAssignment, Expression, Function, Id, InitialValue, Network,
    Stoichiometry, SymbolIndex, SymbolKind,
};
use source::Place;

impl Network {
    /// The model under a condition: values in force before time starts become its own, changes become events.
    ///
    /// An event has the changes of one time. It goes off when time reaches that time, at time 0 too, after initial
    /// assignments are done, as [`Condition`] has it.
    pub fn draft_under(&self, condition: &Condition) -> Draft {
        let mut draft = self.draft().clone();
        for &(symbol, value) in &condition.initial {
            self.begin_with(&mut draft, symbol, value);
        }
        for change in &condition.changes {
            make_variable(&mut draft, self.symbol(change.target).kind);
        }
        for changes in condition.changes.chunk_by(|a, b| a.time == b.time) {
            let id = self.unused_id(draft.events.len());
            draft.events.push(self.event(id, changes));
        }
        draft
    }

    /// Replaces the value that a symbol begins with.
    fn begin_with(&self, draft: &mut Draft, symbol: SymbolIndex, value: f64) {
        let symbol = self.symbol(symbol);
        draft.initial_assignments.retain(|it| it.target != symbol.id);
        match symbol.kind {
            SymbolKind::Compartment(i) => draft.compartments[i].size = Some(value),
            SymbolKind::Parameter(i) => draft.parameters[i].value = Some(value),
            SymbolKind::Species(i) => {
                let species = &mut draft.species[i];
                species.initial = match species.only_substance {
                    true => InitialValue::Amount(value),
                    false => InitialValue::Concentration(value),
                };
            }
            SymbolKind::Participant(r, p) => {
                let reaction = &mut draft.reactions[r];
                let taking_part = reaction.reactants.iter_mut().chain(&mut reaction.products).nth(p);
                taking_part.into_iter().for_each(|it| it.stoichiometry = Stoichiometry::Variable(Some(value)));
            }
            // Computed at all times: no condition begins with a value of theirs.
            SymbolKind::Reaction(_) | SymbolKind::Observable(_) => {}
        }
    }

    /// All changes of one time, in one event.
    fn event(&self, id: Id, changes: &[Change]) -> Event {
        let mut assignments: Vec<EventAssignment> = Vec::new();
        for change in changes {
            let symbol = self.symbol(change.target);
            let earlier = assignments.iter().position(|it| it.target == symbol.id);
            let before = match earlier {
                Some(position) => assignments.remove(position).value,
                None => Expression::Name(symbol.id.clone()),
            };
            let value = match change.action {
                Action::Set(value) => Expression::Number(value, symbol.unit.clone()),
                Action::Add(value) => {
                    Expression::Call(Function::Add, vec![before, Expression::Number(value, symbol.unit.clone())])
                }
            };
            assignments.push(EventAssignment { target: symbol.id.clone(), value });
        }
        let time = Expression::Number(changes[0].time, self.units().time.clone());
        let unit = self.units().time.as_ref().map_or_else(String::new, |unit| format!("{unit} "));
        Event {
            id,
            name: format!("{unit}{}", changes[0].time),
            trigger: Expression::Call(Function::GreaterOrEqual, vec![Expression::Time, time]),
            // So that what changes at time 0 does change.
            trigger_initially: false,
            persistent: true,
            delay: None,
            priority: None,
            use_values_from_trigger_time: true,
            assignments,
            place: Place::nowhere(),
        }
    }

    fn unused_id(&self, count: usize) -> Id {
        let is_used =
            |id: &str| self.index_of(id).is_some() || self.draft().events.iter().any(|event| &*event.id == id);
        let mut id = format!("change_{}", count + 1);
        while is_used(&id) {
            id.push('_');
        }
        Id::from(id)
    }
}

/// What an event changes is not constant.
fn make_variable(draft: &mut Draft, kind: SymbolKind) {
    match kind {
        SymbolKind::Compartment(i) => draft.compartments[i].constant = false,
        SymbolKind::Parameter(i) => draft.parameters[i].constant = false,
        SymbolKind::Species(i) => draft.species[i].constant = false,
        SymbolKind::Participant(..) | SymbolKind::Reaction(_) | SymbolKind::Observable(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{InitialAssignment, Parameter, UnitPolicy, parse_formula};
    use units::Unit;

    fn network() -> Network {
        let parameter = |id: &str, value| Parameter {
            id: id.into(),
            name: String::new(),
            value,
            unit: Some(Unit::parse("mg").expect("a unit")),
            constant: true,
            place: Place::nowhere(),
        };
        let mut draft =
            Draft { parameters: vec![parameter("level", Some(1.0)), parameter("dose", None)], ..Draft::default() };
        draft.units.time = Some(Unit::day());
        draft.initial_assignments = vec![InitialAssignment {
            target: "dose".into(),
            value: parse_formula("2 * level").expect("a formula"),
            place: Place::nowhere(),
        }];
        draft.check(UnitPolicy::Strict).expect("it is sound").0
    }

    fn change(time: f64, target: SymbolIndex, action: Action) -> Change {
        Change { time, target, action }
    }

    #[test]
    fn a_value_before_the_start_takes_the_place_of_a_formula() {
        let network = network();
        let dose = network.index_of("dose").expect("it is there");
        let draft = network.draft_under(&Condition { initial: vec![(dose, 3.0)], changes: Vec::new() });
        assert_eq!((draft.parameters[1].value, draft.initial_assignments.len()), (Some(3.0), 0));
        assert!(draft.parameters[1].constant && draft.events.is_empty());
    }

    #[test]
    fn changes_of_one_time_are_one_event_in_their_order() {
        let network = network();
        let level = network.index_of("level").expect("it is there");
        let changes = vec![
            change(0.0, level, Action::Set(5.0)),
            change(0.0, level, Action::Add(2.0)),
            change(7.0, level, Action::Add(1.5)),
        ];
        let draft = network.draft_under(&Condition { initial: Vec::new(), changes });
        let told: Vec<String> =
            draft.events.iter().map(|it| format!("{}: {}: {}", it.name, it.trigger, it.assignments[0].value)).collect();
        assert_eq!(told, ["day 0: time >= 0 [day]: 5 [mg] + 2 [mg]", "day 7: time >= 7 [day]: level + 1.5 [mg]"]);
        assert!(!draft.parameters[0].constant && draft.parameters[1].constant);
        draft.check(UnitPolicy::Strict).expect("it is a model again");
    }
}
