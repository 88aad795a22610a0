use super::*;
use crate::options::FailureKind;
use crate::solve;
use crate::test_models::{self, Asked, TestModel, ask};
use proptest::prelude::*;

fn tight() -> SensitivityOptions {
    SensitivityOptions { solve: test_models::tight(), error_control: true }
}

impl Asked {
    fn found(&self, times: &[f64]) -> Sensitivities {
        sensitivities(&self.model, &self.condition, times, &self.outputs, &self.symbols, &tight())
            .unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// The known answer: derivatives by output and symbol.
    fn known(&self, times: &[f64], expected: impl Fn(f64) -> Vec<Vec<f64>>) {
        let found = self.found(times);
        for (row, &time) in times.iter().enumerate() {
            for (output, expected) in expected(time).iter().enumerate() {
                for (symbol, expected) in expected.iter().enumerate() {
                    let value = found.value(row, output, symbol);
                    let close = (value - expected).abs() < 1e-7 * (1.0 + expected.abs());
                    assert!(close, "at {time}: d output {output} / d {symbol} is {value}, not {expected}");
                }
            }
        }
    }

    /// Central differences of runs that start with other values.
    fn differences(&self, times: &[f64], tolerance: f64) {
        let found = self.found(times);
        let mut start = vec![0.0; self.symbols.len()];
        let at_start = solve(&self.model, &self.condition, &[0.0], &self.symbols, &tight().solve);
        if let Ok(at_start) = at_start {
            start = at_start.values;
        }
        for (column, &symbol) in self.symbols.iter().enumerate() {
            let step = 1e-4 * start[column].abs().max(1e-3);
            let finest = SolveOptions { relative_tolerance: 1e-12, ..tight().solve };
            let run = |value: f64| {
                let mut condition = self.condition.clone();
                condition.initial.push((symbol, value));
                solve(&self.model, &condition, times, &self.outputs, &finest).expect("solves").values
            };
            let (above, below) = (run(start[column] + step), run(start[column] - step));
            for (row, time) in times.iter().enumerate() {
                for output in 0..self.outputs.len() {
                    let place = row * self.outputs.len() + output;
                    let expected = (above[place] - below[place]) / (2.0 * step);
                    let value = found.value(row, output, column);
                    let scale = 1e-2 + found.trajectory.values[place].abs() / start[column].abs().max(1e-3);
                    assert!(
                        (value - expected).abs() <= tolerance * (expected.abs() + scale),
                        "at {time}: d output {output} / d symbol {column} is {value}, differences say {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn decay() {
    let model = TestModel::new().parameter("k", 0.5).species("x", 3.0).reaction("lose", "x =>", "cell * k * x");
    let asked = ask(model, &["x", "lose"], &["k", "x"]);
    asked.known(&[0.0, 0.5, 2.0, 6.0], |t| {
        let e = (-0.5 * t).exp();
        vec![vec![-3.0 * t * e, e], vec![3.0 * e - 1.5 * t * e, 0.5 * e]]
    });
}

#[test]
fn logistic_growth() {
    let model = TestModel::new().parameter("r", 0.8).parameter("c", 50.0).parameter("n", 0.1);
    let asked = ask(model.rate("n", "r * n * (1 - n / c)"), &["n"], &["r", "c", "n"]);
    // n = c / (1 + a), a = (c/n0 - 1) exp(-r t)
    asked.known(&[1.0, 5.0, 10.0, 30.0], |t| {
        let (c, n0, e) = (50.0, 0.1, (-0.8 * t).exp());
        let a = (c / n0 - 1.0) * e;
        let square = (1.0 + a) * (1.0 + a);
        vec![vec![c * t * a / square, 1.0 / (1.0 + a) - c * e / n0 / square, c * c * e / (n0 * n0) / square]]
    });
}

#[test]
fn initial_assignments_derived_parameters_and_sizes() {
    let model = TestModel::new().parameter("a", 2.0).parameter("b", 1.0).parameter("d", 0.0).parameter("rate", 0.0);
    let model = model.species("S", 4.0).species("T", 1.0).initially("b", "3 * a").initially("T", "a * cell");
    let model = model.assignment("d", "b * a").observable("sum", "S + 2 * T * d");
    let model = model.reaction("go", "S -> T", "d * S - b * T").assignment("rate", "go / cell");
    ask(model, &["S", "T", "sum", "go", "rate"], &["a", "b", "cell", "S", "T"])
        .differences(&[0.0, 0.1, 0.3, 1.0], 1e-5);
}

#[test]
fn a_compartment_that_changes() {
    let model = TestModel::new().parameter("k", 0.3).compartment("big", 2.0).parameter("growth", 0.1);
    let model = model.species_in("big", "S", network::InitialValue::Concentration(3.0), false);
    let model = model.rate("big", "growth * big").reaction("lose", "S =>", "big * k * S * S");
    ask(model, &["S", "big"], &["k", "growth", "big", "S"]).differences(&[0.5, 2.0, 5.0], 1e-5);
}

/// A ball thrown up by `v` comes down after `2 v / g`, and again after `2 e v / g`.
#[test]
fn a_bouncing_ball() {
    let model = TestModel::new().parameter("g", 10.0).parameter("e", 0.5).parameter("h", 0.0).parameter("v", 10.0);
    let model = model.rate("h", "v").rate("v", "-g").event("bounce", "h < 0 && v < 0", &[("h", "0"), ("v", "-e * v")]);
    let asked = ask(model, &["h", "v"], &["g", "e", "v"]);
    // Between the first and the second bounce, with s = t - 2 v / g: h = e v s - g s^2 / 2.
    asked.known(&[2.25, 2.9], |t| {
        let (g, e, v) = (10.0, 0.5, 10.0);
        let s = t - 2.0 * v / g;
        let (s_g, s_v) = (2.0 * v / (g * g), -2.0 / g);
        let h_s = e * v - g * s;
        vec![vec![h_s * s_g - s * s / 2.0, v * s, e * s + h_s * s_v], vec![-s - g * s_g, v, e - g * s_v]]
    });
    asked.differences(&[1.0, 2.5, 3.3, 3.7], 1e-5);
}

#[test]
fn an_event_at_a_time_that_is_asked_for() {
    let model = TestModel::new().parameter("when", 2.0).parameter("dose", 3.0).parameter("k", 0.4).parameter("x", 1.0);
    let model = model.rate("x", "-k * x").event("give", "time >= when", &[("x", "x + dose")]);
    let asked = ask(model, &["x"], &["when", "dose", "k", "x"]);
    asked.known(&[1.0, 3.0, 5.0], |t| {
        let (k, e): (f64, f64) = (0.4, (-0.4 * t).exp());
        let later = (-k * (t - 2.0)).exp();
        if t < 2.0 {
            vec![vec![0.0, 0.0, -t * e, e]]
        } else {
            vec![vec![3.0 * k * later, later, -t * e - 3.0 * (t - 2.0) * later, e]]
        }
    });
}

/// The delay and what is assigned depend on the state at the time of triggering.
#[test]
fn delayed_events() {
    for at_trigger in [true, false] {
        let model =
            TestModel::new().parameter("x", 0.0).parameter("y", 2.0).parameter("level", 1.5).parameter("wait", 0.7);
        let model = model.rate("x", "1 + 0.2 * x - 0.05 * y").rate("y", "-0.3 * y * x");
        let model = model.event("late", "x > level", &[("y", "y + x * level"), ("x", "0.1 * x")]);
        let model = model.with(|draft| {
            draft.events[0].delay = Some(network::parse_formula("wait * y").expect("a formula"));
            draft.events[0].use_values_from_trigger_time = at_trigger;
        });
        ask(model, &["x", "y"], &["level", "wait", "x", "y"]).differences(&[1.0, 2.0, 3.5, 5.0], 1e-5);
    }
}

#[test]
fn scheduled_changes() {
    let model = TestModel::new().parameter("k", 0.4).species("S", 1.0).species("T", 0.0);
    let model = model.reaction("go", "S => T", "cell * k * S");
    let asked = ask(model, &["S", "T"], &["k", "S", "cell"]);
    let asked = asked.change(1.0, "S", Action::Add(2.0)).change(2.0, "k", Action::Set(1.0));
    asked.change(3.0, "cell", Action::Add(0.5)).differences(&[0.5, 1.5, 2.5, 4.0], 1e-5);
}

/// The rate changes at a level of the state, and at a time that is asked for; neither is an event.
#[test]
fn rates_that_jump() {
    let model =
        TestModel::new().parameter("x", 0.0).parameter("level", 1.0).parameter("slow", 0.2).parameter("off", 6.0);
    let model = model.rate("x", "piecewise(1, x < level, slow * x) * piecewise(1, time < off, -0.5)");
    let asked = ask(model, &["x"], &["level", "slow", "off", "x"]);
    asked.differences(&[0.5, 2.0, 5.0, 8.0], 1e-5);
    // x = level exp(slow (t - level + x0)) from there on.
    asked.known(&[2.0], |t| {
        let grown = (0.2 * (t - 1.0_f64)).exp();
        vec![vec![grown - 0.2 * grown, (t - 1.0) * grown, 0.0, 0.2 * grown]]
    });
}

#[test]
fn floor_and_its_kin() {
    let model = TestModel::new().parameter("x", 0.3).parameter("a", 1.3);
    ask(model.rate("x", "0.5 + 0.25 * floor(a * x)"), &["x"], &["a", "x"]).differences(&[1.0, 3.0, 4.0], 1e-5);
}

/// A stiff network: Robertson's.
#[test]
fn a_stiff_network() {
    let model = TestModel::new().parameter("a", 0.04).parameter("b", 1e4).parameter("c", 3e7);
    let model = model.parameter("x", 1.0).parameter("y", 0.0).parameter("z", 0.0);
    let model = model.rate("x", "b * y * z - a * x").rate("z", "c * y * y").rate("y", "a * x - b * y * z - c * y * y");
    ask(model, &["x", "y", "z"], &["a", "b", "c"]).differences(&[0.4, 4.0, 400.0, 4e4], 1e-4);
}

#[test]
fn error_control_keeps_derivatives_accurate_at_loose_tolerance() {
    // The state itself is constant: without error control steps would be endless.
    let model = TestModel::new().parameter("k", 2.0).parameter("x", 1.0).parameter("y", 0.0);
    let model = model.rate("x", "k * (1 - x) * (1 + x * x)").rate("y", "x - 1 + sin(k - 2) * cos(3 * time)");
    let asked = ask(model, &["y"], &["k"]);
    let times = [1.0, 2.0, 3.0];
    let error = |error_control| {
        let options = SensitivityOptions { error_control, ..SensitivityOptions::default() };
        let found = sensitivities(&asked.model, &asked.condition, &times, &asked.outputs, &asked.symbols, &options);
        let found = found.expect("solves");
        let errors = times.iter().enumerate().map(|(row, t)| (found.value(row, 0, 0) - (3.0 * t).sin() / 3.0).abs());
        errors.fold(0.0, f64::max)
    };
    assert!(error(true) < 1e-4, "{}", error(true));
    assert!(error(false) > 1e-2, "{}", error(false));
}

#[test]
fn what_has_a_rule_is_refused() {
    let model = TestModel::new().parameter("x", 1.0).parameter("y", 1.0).assignment("y", "x");
    let asked = ask(model, &["x"], &["y"]);
    let found = sensitivities(&asked.model, &asked.condition, &[1.0], &asked.outputs, &asked.symbols, &tight());
    assert_eq!(found.expect_err("not settable").kind, FailureKind::NotSettable);
}

#[test]
fn the_trajectory_is_the_one_without_derivatives_when_they_do_not_choose_steps() {
    let model = TestModel::new().parameter("k", 0.5).species("x", 3.0).reaction("lose", "x =>", "cell * k * x");
    let asked = ask(model, &["x"], &["k", "x"]);
    let times = [1.0, 2.0];
    let options = SensitivityOptions { error_control: false, ..SensitivityOptions::default() };
    let found = sensitivities(&asked.model, &asked.condition, &times, &asked.outputs, &asked.symbols, &options);
    let plain = solve(&asked.model, &asked.condition, &times, &asked.outputs, &options.solve).expect("solves");
    assert_eq!(found.expect("solves").trajectory.values, plain.values);
}

proptest! {
    /// Generated networks of mass action and saturation.
    #[test]
    fn agree_with_central_differences(
        reactions in proptest::collection::vec((0..4_usize, 0..4_usize, 0..4_usize, 0.1..2.0_f64, any::<bool>()), 2..7),
        start in proptest::collection::vec(0.2..3.0_f64, 4),
    ) {
        let names = ["A", "B", "C", "D"];
        let mut model = TestModel::new();
        for (name, start) in names.iter().zip(&start) {
            model = model.species(name, *start);
        }
        for (i, (from, to, by, constant, saturates)) in reactions.iter().enumerate() {
            let (from, to, by) = (names[*from], names[*to], names[*by]);
            let constant_name = format!("k{i}");
            let rate = if *saturates {
                format!("cell * k{i} * {by} * {from} / (0.5 + {from})")
            } else {
                format!("cell * k{i} * {from} * {by}")
            };
            let equation = format!("{from} => {to}");
            model = model.parameter(&constant_name, *constant).reaction(&format!("r{i}"), &equation, &rate);
        }
        ask(model, &["A", "B", "r1"], &["k0", "k1", "A", "D", "cell"]).differences(&[0.5, 3.0], 1e-4);
    }
}
