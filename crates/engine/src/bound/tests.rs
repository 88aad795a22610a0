//! From a model as written to the numbers its equations give, computed by hand.

use super::*;
use crate::test_models::{TestModel, symbol};
use crate::{Backend, CompileError};
use network::{Change, Condition, Expression, InitialValue, Network, Participant, Stoichiometry};
use network::{Id, parse_formula};

const BACKENDS: [Backend; 2] = [Backend::Interpreter, Backend::MachineCode];

/// A model at its start under a condition.
struct Started<'m> {
    network: &'m Network,
    bound: BoundModel<'m>,
    t: f64,
    y: Vec<f64>,
}

impl Started<'_> {
    fn value(&mut self, id: &str) -> f64 {
        let outputs = self.bound.model.outputs(&[symbol(self.network, id)]);
        let mut value = [0.0];
        self.bound.evaluate(&outputs, self.t, &self.y, &mut value);
        value[0]
    }

    /// Rates of change of the states, by name.
    fn rates(&mut self) -> Vec<(String, f64)> {
        let mut rates = vec![0.0; self.y.len()];
        self.bound.rhs(self.t, &self.y, &mut rates);
        let name = |state: usize| self.network.symbol(self.bound.model.state_symbol(state)).id.to_string();
        rates.iter().enumerate().map(|(state, &rate)| (name(state), rate)).collect()
    }

    fn rate(&mut self, id: &str) -> f64 {
        let rates = self.rates();
        rates.iter().find(|(name, _)| name == id).unwrap_or_else(|| panic!("`{id}` is not a state")).1
    }

    fn roots(&mut self) -> Vec<f64> {
        let mut roots = vec![0.0; self.bound.root_count()];
        self.bound.roots(self.t, &self.y, &mut roots);
        roots
    }

    fn jacobian(&mut self) -> Vec<Vec<f64>> {
        let pattern = self.bound.model.pattern.clone();
        let mut values = vec![f64::NAN; pattern.nonzeros()];
        self.bound.jacobian(self.t, &self.y, &mut values);
        let n = self.y.len();
        let entry = |row, column| pattern.position(row, column).map_or(0.0, |position| values[position]);
        (0..n).map(|row| (0..n).map(|column| entry(row, column)).collect()).collect()
    }
}

/// Looks at a model at its start, with the interpreter and with machine code.
fn check(model: impl Fn() -> TestModel, look: impl Fn(&mut Started<'_>)) {
    check_under(model, &[], look);
}

fn check_under(model: impl Fn() -> TestModel, initial: &[(&str, f64)], look: impl Fn(&mut Started<'_>)) {
    for backend in BACKENDS {
        let (network, model) = model().compile(backend).expect("compiles");
        let initial = initial.iter().map(|&(id, value)| (symbol(&network, id), value)).collect();
        let start = model.start(&Condition { initial, changes: Vec::new() }).expect("starts");
        let bound = model.bind(start.parameters);
        look(&mut Started { network: &network, bound, t: start.time, y: start.states });
    }
}

fn michaelis_menten() -> TestModel {
    TestModel::new()
        .compartment("tissue", 2.0)
        .species_in("tissue", "substrate", InitialValue::Concentration(3.0), false)
        .species_in("tissue", "product", InitialValue::Amount(5.0), false)
        .parameter("vmax", 8.0)
        .parameter("km", 1.0)
        .reaction("conversion", "substrate => product", "tissue * vmax * substrate / (km + substrate)")
}

#[test]
fn mass_action() {
    check(
        || {
            TestModel::new().amount("a", 2.0).amount("b", 3.0).amount("c", 0.0).parameter("k", 0.5).reaction(
                "binding",
                "2 a + b => c",
                "k * a^2 * b",
            )
        },
        |model| {
            assert_eq!(model.value("binding"), 6.0);
            assert_eq!(model.rates(), [("a".into(), -12.0), ("b".into(), -6.0), ("c".into(), 6.0)]);
            // d rate/da = 2 k a b = 6, d rate/db = k a^2 = 2
            assert_eq!(model.jacobian(), [[-12.0, -4.0, 0.0], [-6.0, -2.0, 0.0], [6.0, 2.0, 0.0]]);
        },
    );
}

#[test]
fn michaelis_menten_between_concentrations_and_amounts() {
    check(michaelis_menten, |model| {
        // States are amounts: 3 per 2 is 6.
        assert_eq!(model.y, [6.0, 5.0]);
        assert_eq!(model.value("substrate"), 3.0);
        assert_eq!(model.value("product"), 2.5);
        assert_eq!(model.value("conversion"), 12.0);
        assert_eq!(model.rates(), [("substrate".into(), -12.0), ("product".into(), 12.0)]);
        // d rate / d concentration = size vmax km / (km + s)^2 = 1, and a concentration is an amount over 2.
        assert_eq!(model.jacobian(), [[-0.5, 0.0], [0.5, 0.0]]);
    });
}

#[test]
fn an_enzyme_that_a_reaction_gives_back_is_not_a_state() {
    let model = || {
        TestModel::new().species("s", 1.0).species("e", 0.25).species("p", 0.0).reaction("r", "s + e => e + p", "e * s")
    };
    check(model, |model| {
        assert_eq!(model.rates(), [("s".into(), -0.25), ("p".into(), 0.25)]);
        assert_eq!(model.value("e"), 0.25);
    });
}

#[test]
fn a_growing_compartment_dilutes() {
    let model = || {
        TestModel::new()
            .species("a", 6.0)
            .rate("cell", "0.5")
            .parameter("unused", 0.0)
            .reaction("decay", "a =>", "cell * a")
            .observable("speed", "rateOf(a)")
    };
    check(model, |model| {
        assert_eq!(model.rates(), [("cell".into(), 0.5), ("a".into(), -6.0)]);
        // d(amount/size)/dt = (-6 - 6 * 0.5) / 1
        assert_eq!(model.value("speed"), -9.0);
        model.y[0] = 2.0;
        assert_eq!(model.value("a"), 3.0);
        assert_eq!(model.rate("a"), -6.0);
    });
}

#[test]
fn a_rate_rule_changes_what_the_name_of_a_species_means() {
    let model = || {
        TestModel::new()
            .compartment("tissue", 4.0)
            .species_in("tissue", "a", InitialValue::Amount(8.0), false)
            .rate("a", "-a")
            .with(|draft| draft.species[0].boundary = true)
    };
    check(model, |model| {
        assert_eq!(model.y, [2.0]);
        assert_eq!(model.rate("a"), -2.0);
    });
}

#[test]
fn conversion_factors_and_variable_stoichiometry() {
    let model = || {
        TestModel::new()
            .amount("a", 1.0)
            .amount("b", 0.0)
            .parameter("per_extent", 10.0)
            .parameter("yield_per_a", 3.0)
            .reaction("r", "a => b", "2 * a")
            .assignment("b_made", "yield_per_a + 1")
            .with(|draft| {
                draft.parameters[0].constant = true;
                draft.species[1].conversion_factor = Some(Id::from("per_extent"));
                draft.reactions[0].products = vec![
                    Participant {
                        id: Some(Id::from("b_made")),
                        species: Id::from("b"),
                        stoichiometry: Stoichiometry::Variable(None),
                    },
                    Participant {
                        id: None,
                        species: Id::from("b"),
                        stoichiometry: Stoichiometry::Expression(parse_formula("a / 2").expect("a formula")),
                    },
                ];
            })
    };
    check(model, |model| {
        assert_eq!(model.value("b_made"), 4.0);
        // 10 * (4 + 1/2) * 2
        assert_eq!(model.rates(), [("a".into(), -2.0), ("b".into(), 90.0)]);
    });
}

#[test]
fn initial_assignments_follow_each_other_and_the_condition() {
    let model = || {
        TestModel::new()
            .species("a", 1.0)
            .parameter("k", 2.0)
            .parameter("total", 0.0)
            .parameter("ratio", 0.0)
            .initially("a", "ratio * 10")
            .initially("total", "k + 3")
            .assignment("ratio", "total / k")
            .reaction("decay", "a =>", "k * a")
    };
    check(model, |model| {
        assert_eq!(model.value("total"), 5.0);
        assert_eq!(model.value("ratio"), 2.5);
        assert_eq!(model.value("a"), 25.0);
    });
    check_under(model, &[("k", 1.0)], |model| assert_eq!(model.value("a"), 40.0));
    check_under(model, &[("total", 8.0)], |model| assert_eq!(model.value("a"), 40.0));
    check_under(model, &[("a", 7.0)], |model| assert_eq!((model.value("a"), model.value("total")), (7.0, 5.0)));
    check_under(model, &[("cell", 4.0)], |model| assert_eq!((model.value("a"), model.y[0]), (25.0, 100.0)));
}

#[test]
fn a_stated_amount_is_kept_to_the_last_bit() {
    let model = || {
        TestModel::new()
            .with(|draft| draft.compartments[0].size = Some(0.3))
            .species_in("cell", "a", InitialValue::Amount(0.1), false)
            .reaction("decay", "a =>", "a")
    };
    check(model, |model| assert_eq!(model.y, [0.1]));
}

#[test]
fn the_condition_gives_a_species_what_its_name_means() {
    check_under(michaelis_menten, &[("substrate", 1.0)], |model| {
        assert_eq!(model.y, [2.0, 5.0]);
        assert_eq!(model.value("conversion"), 8.0);
    });
}

#[test]
fn piecewise_rates_have_the_active_derivative_and_a_root() {
    let model = || {
        TestModel::new().amount("a", 2.0).parameter("threshold", 3.0).reaction(
            "r",
            "a =>",
            "piecewise(a^2, a < threshold, 10 * a)",
        )
    };
    check(model, |model| {
        assert_eq!((model.rate("a"), model.jacobian()), (-4.0, vec![vec![-4.0]]));
        let below = model.roots();
        model.y[0] = 5.0;
        assert_eq!((model.rate("a"), model.jacobian()), (-50.0, vec![vec![-10.0]]));
        let above = model.roots();
        assert_eq!(below.len(), 1);
        assert!(below[0] * above[0] < 0.0);
        model.y[0] = 3.0;
        assert_eq!(model.roots(), [0.0]);
    });
}

#[test]
fn a_derivative_that_does_not_compute_is_zero_but_a_rate_stays_broken() {
    let hill = || TestModel::new().amount("a", 0.0).parameter("n", 4.0).reaction("r", "=> a", "1 / (1 + (2 / a)^n)");
    check(hill, |model| assert_eq!((model.rate("a"), model.jacobian()), (0.0, vec![vec![0.0]])));
    let broken = || TestModel::new().amount("a", -1.0).parameter("k", 0.5).reaction("r", "=> a", "a^k");
    check(broken, |model| assert!(model.rate("a").is_nan()));
}

#[test]
fn floor_jumps_at_whole_numbers() {
    check(
        || TestModel::new().amount("a", 0.0).reaction("r", "=> a", "floor(time)"),
        |model| {
            model.t = 1.5;
            assert_eq!(model.rate("a"), 1.0);
            let before = model.roots()[0];
            model.t = 2.5;
            assert!(before * model.roots()[0] < 0.0);
        },
    );
}

#[test]
fn conditions_of_parameters_alone_need_no_roots() {
    let model = || {
        TestModel::new().amount("a", 1.0).parameter("on", 1.0).reaction("r", "a =>", "piecewise(a, on > 0.5, 0)").event(
            "dose",
            "(time >= 5) && (on > 0.5)",
            &[("a", "a + 1")],
        )
    };
    check(model, |model| assert_eq!(model.roots().len(), 1));
}

#[test]
fn events_set_values_in_what_the_names_mean() {
    let model = || {
        michaelis_menten()
            .event("dose", "substrate < 1", &[("substrate", "substrate + 4"), ("tissue", "8"), ("km", "km * 2")])
            .observable("half", "km / 2")
    };
    check(model, |model| {
        let mut holds = [true];
        model.bound.triggers(model.t, &model.y, &mut holds);
        assert_eq!(holds, [false]);
        let values = model.bound.event_values(0, model.t, &model.y);
        assert_eq!(values, [7.0, 8.0, 2.0]);
        let targets = model.bound.model.events()[0].targets.clone();
        model.bound.assign(model.t, &mut model.y, &targets, &values);
        // The product keeps its amount of 5; the substrate gets 7 times the old size of 2, divided by the new size.
        assert_eq!((model.value("substrate"), model.value("product")), (1.75, 0.625));
        assert_eq!((model.value("km"), model.value("half")), (2.0, 1.0));
        assert_eq!(model.rate("product"), 8.0 * 8.0 * 1.75 / 3.75);
    });
}

#[test]
fn delays_and_priorities_of_events() {
    let model = || {
        TestModel::new().amount("a", 2.0).reaction("r", "a =>", "a").event("e", "a < 1", &[("a", "3")]).with(|draft| {
            draft.events[0].delay = Some(parse_formula("a * 2").expect("a formula"));
            draft.events[0].priority = Some(Expression::number(7.0));
        })
    };
    check(model, |model| {
        assert_eq!(model.bound.event_delay(0, model.t, &model.y), 4.0);
        assert_eq!(model.bound.event_priority(0, model.t, &model.y), Some(7.0));
    });
}

#[test]
fn a_dose_adds_and_a_setting_sets() {
    check(michaelis_menten, |model| {
        let substrate = symbol(model.network, "substrate");
        model.bound.apply(model.t, &mut model.y, substrate, Action::Add(0.5));
        assert_eq!((model.value("substrate"), model.y[0]), (3.5, 7.0));
        model.bound.apply(model.t, &mut model.y, symbol(model.network, "vmax"), Action::Set(0.0));
        assert_eq!(model.rate("product"), 0.0);
    });
}

#[test]
fn a_dose_into_a_compartment_whose_size_follows_a_rule() {
    let model = || {
        TestModel::new()
            .parameter("mass", 10.0)
            .compartment("tissue", 0.0)
            .assignment("tissue", "mass / 5")
            .species_in("tissue", "a", InitialValue::Concentration(3.0), false)
            .reaction("decay", "a =>", "a")
    };
    check(model, |model| {
        assert_eq!(model.y, [6.0]);
        model.bound.apply(model.t, &mut model.y, symbol(model.network, "a"), Action::Set(4.0));
        assert_eq!(model.y, [8.0]);
        model.bound.apply(model.t, &mut model.y, symbol(model.network, "mass"), Action::Set(20.0));
        assert_eq!((model.y[0], model.value("a")), (8.0, 2.0));
    });
}

#[test]
fn a_change_of_size_keeps_the_amount_of_a_species_kept_as_a_concentration() {
    let model = || TestModel::new().species("a", 3.0).rate("a", "-a").with(|draft| draft.species[0].boundary = true);
    check(model, |model| {
        model.bound.apply(model.t, &mut model.y, symbol(model.network, "cell"), Action::Set(2.0));
        assert_eq!((model.value("a"), model.value("cell")), (1.5, 2.0));
    });
}

/// One of the threads makes machine code while the others go on interpreting.
#[test]
fn threads_share_a_compiled_model_and_get_the_same_bits() {
    let (_, model) = michaelis_menten().compile(Backend::Automatic).expect("compiles");
    let start = model.start(&Condition::default()).expect("starts");
    let run = || {
        let mut bound = model.bind(start.parameters.clone());
        let mut y = start.states.clone();
        let mut rates = [0.0; 2];
        for _ in 0..20_000 {
            bound.rhs(0.0, &y, &mut rates);
            y.iter_mut().zip(rates).for_each(|(y, rate)| *y += 1e-4 * rate);
        }
        y.iter().map(|y| y.to_bits()).collect::<Vec<_>>()
    };
    let ends: Vec<Vec<u64>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().expect("the thread ends")).collect()
    });
    assert!(model.tier.code().is_some());
    assert!(ends.iter().all(|end| end == &ends[0]), "{ends:?}");
}

#[test]
fn what_follows_from_others_cannot_be_set() {
    let network = TestModel::new().parameter("a", 1.0).parameter("b", 0.0).assignment("b", "a").check();
    let model = crate::compile(&network, &Default::default()).expect("compiles");
    let b = symbol(&network, "b");
    let initial = Condition { initial: vec![(b, 1.0)], changes: Vec::new() };
    assert_eq!(model.start(&initial).unwrap_err(), CompileError::NotSettable { symbol: b });
    let later =
        Condition { initial: Vec::new(), changes: vec![Change { time: 1.0, target: b, action: Action::Set(1.0) }] };
    assert_eq!(model.start(&later).unwrap_err(), CompileError::NotSettable { symbol: b });
}

#[test]
fn what_is_not_supported_is_named() {
    let check = |model: TestModel, expected: &str| {
        assert_eq!(model.compile(Backend::Interpreter).unwrap_err().to_string(), expected);
    };
    check(
        TestModel::new()
            .amount("a", 1.0)
            .reaction("r", "a =>", "a")
            .observable("speed", "rateOf(a)")
            .with(|draft| draft.reactions[0].fast = true),
        "unsupported: rateOf of something that fast reactions change (at symbol 1)",
    );
    check(
        TestModel::new().amount("a", 1.0).reaction("r", "a =>", "a").with(|draft| draft.reactions[0].rate = None),
        "unsupported: reaction without a kinetic law (at symbol 2)",
    );
}

#[test]
fn the_size_of_a_compiled_model() {
    let (_, model) = michaelis_menten().compile(Backend::Interpreter).expect("compiles");
    let expected = crate::ModelSize {
        states: 2,
        parameters: 4,
        derived_parameters: 3,
        rhs_operations: 5,
        jacobian_operations: 8,
        jacobian_nonzeros: 3,
        roots: 0,
        events: 0,
    };
    assert_eq!(model.size(), expected);
}

#[test]
fn machine_code_comes_when_it_pays_and_changes_nothing() {
    let (_, model) = michaelis_menten().compile(Backend::Automatic).expect("compiles");
    let start = model.start(&Condition::default()).expect("starts");
    let mut bound = model.bind(start.parameters);
    let mut first = [0.0; 2];
    bound.rhs(0.0, &start.states, &mut first);
    assert!(bound.code.is_none());
    let mut last = [0.0; 2];
    for _ in 0..20_000 {
        bound.rhs(0.0, &start.states, &mut last);
    }
    assert!(bound.code.is_some());
    assert_eq!(first.map(f64::to_bits), last.map(f64::to_bits));
}
