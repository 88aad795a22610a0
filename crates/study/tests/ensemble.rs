//! Ensembles of a model whose answer is known: `x` relaxes to `level * drive` at rate `speed`, from rest at `level`.

use engine::{CompileOptions, CompiledModel, SolveOptions, compile};
use network::{
    Action, Change, Condition, Draft, Expression, Function, InitialAssignment, Network, Parameter, Rule, SymbolIndex,
    UnitPolicy,
};
use source::Place;
use study::{EnsembleOptions, JointSets, Uncertain, ensemble, interval_90, response, rest};

fn relaxation() -> Network {
    let parameter = |id: &str, value, constant| Parameter {
        id: id.into(),
        name: id.into(),
        value,
        unit: None,
        constant,
        place: Place::nowhere(),
    };
    let name = Expression::name;
    let call = |function, arguments| Expression::Call(function, arguments);
    let target = call(Function::Multiply, vec![name("level"), name("drive")]);
    let distance = call(Function::Subtract, vec![target, name("x")]);
    let draft = Draft {
        id: "relaxation".into(),
        parameters: vec![
            parameter("speed", Some(1.0), true),
            parameter("level", Some(2.0), true),
            parameter("drive", Some(1.0), true),
            parameter("x", None, false),
        ],
        initial_assignments: vec![InitialAssignment {
            target: "x".into(),
            value: name("level"),
            place: Place::nowhere(),
        }],
        rules: vec![Rule::Rate {
            target: "x".into(),
            value: call(Function::Multiply, vec![name("speed"), distance]),
            place: Place::nowhere(),
        }],
        ..Default::default()
    };
    draft.check(UnitPolicy::Warn).expect("the model is sound").0
}

struct Example {
    network: Network,
    model: CompiledModel,
}

impl Example {
    fn new() -> Self {
        let network = relaxation();
        let model = compile(&network, &CompileOptions::default()).expect("it compiles");
        Self { network, model }
    }

    fn symbol(&self, id: &str) -> SymbolIndex {
        self.network.index_of(id).expect("a name of the model")
    }

    fn uncertain(&self, id: &str, stream: u64, lower: f64, upper: f64) -> Uncertain {
        Uncertain { symbol: self.symbol(id), stream, value: 0.5 * (lower + upper), lower, upper }
    }

    /// The drive doubles from the start on.
    fn driven(&self) -> Condition {
        Condition { initial: vec![(self.symbol("drive"), 2.0)], changes: Vec::new() }
    }

    fn ensemble(&self, uncertain: &[Uncertain], members: usize) -> study::Ensemble {
        let options = EnsembleOptions { members, seed: 1, joint: JointSets::default(), solve: SolveOptions::default() };
        let conditions = [Condition::default(), self.driven()];
        ensemble(&self.model, &conditions, uncertain, &[0.0, 1.0], &[self.symbol("x")], &options, &|| ())
    }
}

#[test]
fn each_member_follows_its_own_parameters() {
    let example = Example::new();
    let ensemble = example.ensemble(&[example.uncertain("speed", 3, 0.1, 10.0)], 20);
    for member in &ensemble.members {
        let speed = member.draws[0];
        assert!((0.1..=10.0).contains(&speed));
        let run = member.runs[1].as_ref().expect("it can be solved");
        let exact = 4.0 - 2.0 * (-speed).exp();
        assert!((run.value(1, 0) - exact).abs() < 1e-4, "speed {speed}: {} is not {exact}", run.value(1, 0));
    }
    let spread = interval_90(ensemble.complete().iter().map(|runs| runs[1].value(1, 0) - runs[0].value(1, 0)))
        .expect("20 members");
    assert!(spread.lower > 0.1 && spread.upper < 2.0 && spread.lower < spread.upper, "{spread:?}");
}

#[test]
fn half_of_the_members_lie_on_either_side_of_the_value_and_few_near_the_ends() {
    let symbol = Example::new().symbol("speed");
    let factor = Uncertain { symbol, stream: 1, value: 2.0, lower: 1.0, upper: 32.0 };
    let close =
        |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-12, "{found} is not {expected}");
    close(factor.at(0.0), 1.0);
    close(factor.at(0.5), 2.0);
    close(factor.at(1.0), 32.0);
    // An eighth of the members lies beyond half of the way from the value to an end, on the logarithmic scale.
    close(factor.at(0.125), 2.0_f64.sqrt());
    close(factor.at(0.875), 8.0);
    // A range that touches zero has no logarithm.
    let share = Uncertain { symbol, stream: 1, value: 0.2, lower: 0.0, upper: 1.0 };
    close(share.at(0.125), 0.1);
    close(share.at(0.875), 0.6);
    // A value at an end of its range is what half of the members have.
    let one_sided = Uncertain { symbol, stream: 1, value: 1.0, lower: 1.0, upper: 2.0 };
    close(one_sided.at(0.3), 1.0);
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let example = Example::new();
    let uncertain = [example.uncertain("speed", 3, 0.1, 10.0), example.uncertain("level", 4, -1.0, 5.0)];
    let with_threads = |count: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().expect("a pool");
        let ensemble = pool.install(|| example.ensemble(&uncertain, 16));
        ensemble.complete().iter().map(|runs| runs[1].value(1, 0).to_bits()).collect::<Vec<u64>>()
    };
    assert_eq!(with_threads(1), with_threads(4));
}

#[test]
fn the_first_row_is_the_model_before_anything_was_done() {
    let example = Example::new();
    let drive = example.symbol("drive");
    let change = Change { time: 0.0, target: drive, action: Action::Set(2.0) };
    let condition = Condition { initial: Vec::new(), changes: vec![change] };
    let run = response(&example.model, &condition, &[0.0, 1.0], &[drive], &SolveOptions::default());
    assert_eq!(run.expect("it can be solved").values, [1.0, 2.0]);
}

#[test]
fn what_a_condition_sets_is_not_uncertain() {
    let example = Example::new();
    let ensemble = example.ensemble(&[example.uncertain("drive", 3, 5.0, 6.0)], 4);
    let exact = 4.0 - 2.0 * (-1.0f64).exp();
    assert!(ensemble.complete().iter().all(|runs| (runs[1].value(1, 0) - exact).abs() < 1e-4));
}

#[test]
fn a_parameter_keeps_its_draws_when_others_join() {
    let example = Example::new();
    let speed = example.uncertain("speed", 3, 0.1, 10.0);
    let alone = example.ensemble(&[speed], 5);
    let joined = example.ensemble(&[example.uncertain("level", 4, 1.0, 5.0), speed], 5);
    for (alone, joined) in alone.members.iter().zip(&joined.members) {
        assert_eq!(alone.draws[0], joined.draws[1]);
    }
}

#[test]
fn a_failed_member_is_recorded_and_left_out() {
    let example = Example::new();
    // Relaxation with a strongly negative speed runs away to infinity.
    let ensemble = example.ensemble(&[example.uncertain("speed", 3, -3000.0, 1.0)], 8);
    let failed = ensemble.failures().count();
    assert!(failed > 0 && ensemble.members.len() == 8);
    assert!(ensemble.failures().all(|(_, run, _)| run == 1), "the undriven model rests at any speed");
    assert_eq!(ensemble.complete().len(), 8 - failed);
}

#[test]
fn a_parameter_that_moves_the_undisturbed_model_is_found() {
    let example = Example::new();
    let uncertain = [
        example.uncertain("speed", 1, 0.5, 2.0),
        example.uncertain("drive", 2, 0.9, 1.1),
        example.uncertain("level", 3, 1.0, 3.0),
    ];
    let keeps = rest::keeps_rest(&example.model, &uncertain, &SolveOptions::default());
    assert_eq!(keeps, [true, false, true], "speed and level keep the rest, drive does not");
}
