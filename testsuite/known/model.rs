//! Models written as a modeler would say them, and the check that all known answers go through.

use engine::{Backend, CompileOptions, Method, SolveFailure, SolveOptions, Trajectory, compile, solve};
use network::{
    Action, Change, Condition, Draft, Event, EventAssignment, Id, InitialAssignment, Network, Parameter, Rule,
    SymbolIndex, UnitPolicy, parse_formula,
};
use source::Place;

/// Tolerances at which every known answer is checked.
const TOLERANCES: [f64; 3] = [1e-4, 1e-6, 1e-8];

/// A model being written. States are parameters with a rate rule.
#[derive(Clone, Default)]
pub struct Model {
    draft: Draft,
    changes: Vec<(f64, &'static str, Action)>,
    outputs: Vec<&'static str>,
}

impl Model {
    /// A constant, or a value that events and changes may set.
    pub fn value(mut self, id: &'static str, value: f64) -> Self {
        self.draft.parameters.push(Parameter {
            id: Id::from(id),
            name: id.to_string(),
            value: Some(value),
            unit: None,
            constant: false,
            place: Place::nowhere(),
        });
        self
    }

    /// A state with its rate of change; it is also an output.
    pub fn state(mut self, id: &'static str, initial: f64, rate: &str) -> Self {
        let rule = Rule::Rate { target: Id::from(id), value: formula(rate), place: Place::nowhere() };
        self.draft.rules.push(rule);
        self.outputs.push(id);
        self.value(id, initial)
    }

    /// A value that algebraic rules determine; it is also an output, and starts to be looked for at `guess`.
    pub fn unknown(mut self, id: &'static str, guess: f64) -> Self {
        self.outputs.push(id);
        self.value(id, guess)
    }

    /// An algebraic rule: the formula is 0 at all times.
    pub fn zero(mut self, rule: &str) -> Self {
        self.draft.rules.push(Rule::Algebraic { value: formula(rule), place: Place::nowhere() });
        self
    }

    /// An assignment rule; what it gives is also an output.
    pub fn rule(mut self, id: &'static str, value: &str) -> Self {
        self.draft.rules.push(Rule::Assignment {
            target: Id::from(id),
            value: formula(value),
            place: Place::nowhere(),
        });
        self.outputs.push(id);
        self.value(id, f64::NAN)
    }

    /// An initial assignment.
    pub fn initially(mut self, id: &'static str, value: &str) -> Self {
        let value = formula(value);
        self.draft.initial_assignments.push(InitialAssignment { target: Id::from(id), value, place: Place::nowhere() });
        self
    }

    /// Another output.
    pub fn output(mut self, id: &'static str) -> Self {
        self.outputs.push(id);
        self
    }

    /// An event whose trigger is false before time starts.
    pub fn event(self, trigger: &str, assignments: &[(&str, &str)]) -> Self {
        self.event_with(trigger, assignments, |_| {})
    }

    /// The same, with something else about it.
    pub fn event_with(mut self, trigger: &str, assignments: &[(&str, &str)], change: impl FnOnce(&mut Event)) -> Self {
        let mut event = Event {
            id: Id::from(format!("event_{}", self.draft.events.len()).as_str()),
            name: String::new(),
            trigger: formula(trigger),
            trigger_initially: false,
            persistent: true,
            delay: None,
            priority: None,
            use_values_from_trigger_time: true,
            assignments: assignments
                .iter()
                .map(|&(target, value)| EventAssignment { target: Id::from(target), value: formula(value) })
                .collect(),
            place: Place::nowhere(),
        };
        change(&mut event);
        self.draft.events.push(event);
        self
    }

    /// A scheduled change.
    pub fn change(mut self, time: f64, target: &'static str, action: Action) -> Self {
        self.changes.push((time, target, action));
        self
    }

    fn network(&self) -> Network {
        match self.draft.clone().check(UnitPolicy::Warn) {
            Ok((network, _)) => network,
            Err(findings) => panic!("the test's model is not sound: {findings:?}"),
        }
    }

    /// Solves with one backend.
    pub fn solve_with(
        &self,
        backend: Backend,
        times: &[f64],
        options: &SolveOptions,
    ) -> Result<Trajectory, SolveFailure> {
        let network = self.network();
        let symbol = |id: &str| network.index_of(id).unwrap_or_else(|| panic!("the test's model has no `{id}`"));
        let changes =
            self.changes.iter().map(|&(time, id, action)| Change { time, target: symbol(id), action }).collect();
        let condition = Condition { initial: Vec::new(), changes };
        let outputs: Vec<SymbolIndex> = self.outputs.iter().map(|id| symbol(id)).collect();
        let model = compile(&network, &CompileOptions { backend }).expect("the engine supports the test's model");
        solve(&model, &condition, times, &outputs, options)
    }

    /// Solves with the interpreter and with machine code, which must agree bit for bit.
    pub fn solve(&self, times: &[f64], options: &SolveOptions) -> Result<Trajectory, SolveFailure> {
        let interpreted = self.solve_with(Backend::Interpreter, times, options);
        let compiled = self.solve_with(Backend::MachineCode, times, options);
        match (&interpreted, &compiled) {
            (Ok(interpreted), Ok(compiled)) => assert_eq!(interpreted, compiled),
            (Err(interpreted), Err(compiled)) => assert_eq!(interpreted.to_string(), compiled.to_string()),
            _ => panic!("the backends disagree: {interpreted:?} {compiled:?}"),
        }
        interpreted
    }

    /// Checks the outputs against what is known, at several tolerances.
    ///
    /// `factor` is how many times the tolerance the error may be after the whole run: it grows with the number of
    /// steps and with what the equation itself does to errors. The error is relative to the value, but to no less than
    /// a thousandth of the largest value of that output.
    pub fn check(&self, times: &[f64], factor: f64, known: impl Fn(f64) -> Vec<f64>) {
        let expected: Vec<Vec<f64>> = times.iter().map(|&time| known(time)).collect();
        // The method that suits, and the one that suits everything.
        let ways = [Method::Automatic, Method::Stiff].map(|method| TOLERANCES.map(|tolerance| (method, tolerance)));
        for (method, tolerance) in ways.into_iter().flatten() {
            let options = SolveOptions { method, ..at_tolerance(tolerance) };
            let trajectory = self.solve(times, &options).expect("the run succeeds");
            assert_eq!(trajectory.times, times);
            for (o, id) in self.outputs.iter().enumerate() {
                let largest = expected.iter().fold(0.0_f64, |largest, row| largest.max(row[o].abs()));
                for (t, row) in expected.iter().enumerate() {
                    let (found, known) = (trajectory.value(t, o), row[o]);
                    let allowed = factor * tolerance * known.abs().max(1e-3 * largest);
                    assert!(
                        (found - known).abs() <= allowed,
                        "{id} at time {} by {method:?} and tolerance {tolerance:e} is {found}, not {known}: {:.1} times the tolerance",
                        times[t],
                        (found - known).abs() / allowed * factor,
                    );
                }
            }
        }
    }
}

/// Options with a relative tolerance; the absolute ones follow the magnitudes of the states.
pub fn at_tolerance(relative_tolerance: f64) -> SolveOptions {
    SolveOptions { relative_tolerance, ..SolveOptions::default() }
}

/// `count + 1` times from 0 to `end`.
pub fn grid(end: f64, count: usize) -> Vec<f64> {
    (0..=count).map(|i| end * i as f64 / count as f64).collect()
}

pub fn formula(text: &str) -> network::Expression {
    parse_formula(text).unwrap_or_else(|error| panic!("the test's formula `{text}`: {error}"))
}
