use super::*;
use crate::sensitivity::{SensitivityOptions, sensitivities};
use crate::solve;
use crate::test_models::{Asked, TestModel, ask, tight};
use network::Action;

impl Asked {
    fn gradient(&self, times: &[f64], term: Term) -> Result<Gradient, SolveFailure> {
        gradient(&self.model, &self.condition, times, &self.outputs, &self.symbols, term, &tight())
    }

    /// The gradients of a linear and of a quadratic sum agree with what the derivatives carried forwards say.
    fn agrees_with_forward(&self, times: &[f64], tolerance: f64) {
        let options = SensitivityOptions { solve: tight(), error_control: true };
        let forward = sensitivities(&self.model, &self.condition, times, &self.outputs, &self.symbols, &options)
            .unwrap_or_else(|failure| panic!("{failure}"));
        let sizes: Vec<f64> = (0..self.outputs.len())
            .map(|output| forward.trajectory.column(output).iter().fold(1e-9, |size: f64, it| size.max(it.abs())))
            .collect();
        let linear = |time: usize, values: &[f64], slopes: &mut [f64]| {
            for (output, slope) in slopes.iter_mut().enumerate() {
                *slope = (1.0 + time as f64) / ((1.0 + output as f64) * sizes[output]);
            }
            values.iter().zip(slopes).map(|(value, slope)| value * *slope).sum()
        };
        let data = LeastSquares {
            measured: forward.trajectory.values.iter().map(|value| 0.7 * value + 0.1).collect(),
            deviations: times.iter().flat_map(|_| sizes.iter().map(|size| 0.1 * size)).collect(),
        };
        let squares = |time: usize, values: &[f64], slopes: &mut [f64]| data.term(time, values, slopes);
        let terms: [Term; 2] = [&linear, &squares];
        for term in terms {
            let found = self.gradient(times, term).unwrap_or_else(|failure| panic!("{failure}"));
            for (column, found) in found.derivatives.iter().enumerate() {
                let (mut expected, mut size) = (0.0, 0.0_f64);
                for row in 0..times.len() {
                    let mut slopes = vec![0.0; self.outputs.len()];
                    term(row, forward.trajectory.row(row), &mut slopes);
                    for (output, slope) in slopes.iter().enumerate() {
                        let part = slope * forward.value(row, output, column);
                        expected += part;
                        size = size.max(part.abs());
                    }
                }
                let close = (found - expected).abs() <= tolerance * size;
                assert!(close, "symbol {column}: {found} backwards, {expected} forwards, largest part {size}");
            }
        }
    }

    /// The gradient of the sum of all values agrees with central differences of whole runs.
    fn agrees_with_differences(&self, times: &[f64], tolerance: f64) {
        let sum = |_: usize, values: &[f64], slopes: &mut [f64]| {
            slopes.fill(1.0);
            values.iter().sum()
        };
        let found = self.gradient(times, &sum).unwrap_or_else(|failure| panic!("{failure}"));
        let start = solve(&self.model, &Condition::default(), &[0.0], &self.symbols, &tight()).expect("solves").values;
        for (column, &symbol) in self.symbols.iter().enumerate() {
            let step = 1e-4 * start[column].abs().max(1e-3);
            let finest = SolveOptions { relative_tolerance: 1e-12, ..tight() };
            let run = |value: f64| -> f64 {
                let mut condition = self.condition.clone();
                condition.initial.push((symbol, value));
                let run = solve(&self.model, &condition, times, &self.outputs, &finest).expect("solves");
                run.values.iter().sum()
            };
            let expected = (run(start[column] + step) - run(start[column] - step)) / (2.0 * step);
            let value = found.derivatives[column];
            let close = (value - expected).abs() <= tolerance * (1e-2 + expected.abs());
            assert!(close, "symbol {column}: {value}, differences say {expected}");
        }
    }
}

#[test]
fn decay() {
    let model = TestModel::new().parameter("k", 0.5).species("x", 3.0).reaction("lose", "x =>", "cell * k * x");
    let asked = ask(model, &["x", "lose"], &["k", "x"]);
    // The last of the values alone: 3 exp(-k t).
    let last = |time: usize, values: &[f64], slopes: &mut [f64]| {
        slopes[0] = if time == 2 { 1.0 } else { 0.0 };
        values[0] * slopes[0]
    };
    let found = asked.gradient(&[0.0, 1.0, 4.0], &last).expect("a gradient");
    let decayed = (-2.0_f64).exp();
    for (found, expected) in found.derivatives.iter().zip([-12.0 * decayed, decayed]) {
        assert!((found / expected - 1.0).abs() < 1e-7, "{found} is not {expected}");
    }
    asked.agrees_with_forward(&[0.0, 0.5, 2.0, 6.0], 1e-6);
}

#[test]
fn initial_assignments_derived_parameters_and_sizes() {
    let model = TestModel::new().parameter("a", 2.0).parameter("b", 1.0).parameter("d", 0.0).parameter("rate", 0.0);
    let model = model.species("S", 4.0).species("T", 1.0).initially("b", "3 * a").initially("T", "a * cell");
    let model = model.assignment("d", "b * a").observable("sum", "S + 2 * T * d");
    let model = model.reaction("go", "S -> T", "d * S - b * T").assignment("rate", "go / cell");
    let asked = ask(model, &["S", "T", "sum", "go", "rate"], &["a", "b", "cell", "S", "T"]);
    asked.agrees_with_forward(&[0.0, 0.1, 0.3, 1.0], 1e-6);
    asked.agrees_with_differences(&[0.0, 0.1, 0.3, 1.0], 1e-5);
}

#[test]
fn a_bouncing_ball() {
    let model = TestModel::new().parameter("g", 10.0).parameter("e", 0.5).parameter("h", 0.0).parameter("v", 10.0);
    let model = model.rate("h", "v").rate("v", "-g").event("bounce", "h < 0 && v < 0", &[("h", "0"), ("v", "-e * v")]);
    let asked = ask(model, &["h", "v"], &["g", "e", "v"]);
    asked.agrees_with_forward(&[1.0, 2.5, 3.3, 3.7], 1e-6);
    asked.agrees_with_differences(&[1.0, 2.5, 3.3, 3.7], 1e-5);
}

#[test]
fn events_that_set_parameters_at_times_that_are_asked_for() {
    let model = TestModel::new().parameter("when", 2.0).parameter("dose", 3.0).parameter("k", 0.4).parameter("x", 1.0);
    let model =
        model.rate("x", "-k * x").event("give", "time >= when", &[("x", "x + dose"), ("k", "0.5 * k + 0.1 * x")]);
    let asked = ask(model, &["x", "k"], &["when", "dose", "k", "x"]);
    asked.agrees_with_forward(&[1.0, 3.0, 5.0], 1e-6);
    asked.agrees_with_differences(&[1.0, 3.0, 5.0], 1e-5);
}

#[test]
fn scheduled_changes_at_output_times() {
    let model = TestModel::new().parameter("k", 0.4).species("S", 1.0).species("T", 0.0);
    let model = model.reaction("go", "S => T", "cell * k * S");
    let asked = ask(model, &["S", "T"], &["k", "S", "cell"]);
    let asked = asked.change(1.0, "S", Action::Add(2.0)).change(2.0, "k", Action::Set(1.0));
    let asked = asked.change(3.0, "cell", Action::Add(0.5));
    asked.agrees_with_forward(&[0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0], 1e-6);
}

/// The rate changes at a level of the state, and at a time that is asked for; neither is an event.
#[test]
fn rates_that_jump() {
    let model =
        TestModel::new().parameter("x", 0.0).parameter("level", 1.0).parameter("slow", 0.2).parameter("off", 6.0);
    let model = model.rate("x", "piecewise(1, x < level, slow * x) * piecewise(1, time < off, -0.5)");
    let asked = ask(model, &["x"], &["level", "slow", "off", "x"]);
    asked.agrees_with_forward(&[0.5, 2.0, 5.0, 8.0], 1e-6);
    asked.agrees_with_differences(&[0.5, 2.0, 5.0, 8.0], 1e-5);
}

/// A stiff network: Robertson's.
#[test]
fn a_stiff_network() {
    let model = TestModel::new().parameter("a", 0.04).parameter("b", 1e4).parameter("c", 3e7);
    let model = model.parameter("x", 1.0).parameter("y", 0.0).parameter("z", 0.0);
    let model = model.rate("x", "b * y * z - a * x").rate("z", "c * y * y").rate("y", "a * x - b * y * z - c * y * y");
    ask(model, &["x", "y", "z"], &["a", "b", "c", "x", "z"]).agrees_with_forward(&[0.4, 4.0, 400.0, 4e4], 1e-5);
}

/// A transient at the start that a long step backwards would leap over: `z` gathers what `x` was.
#[test]
fn a_short_transient_far_back() {
    let model = TestModel::new().parameter("k", 1e4).parameter("x", 1.0).parameter("z", 0.0);
    let model = model.rate("x", "-k * x").rate("z", "k * k * x");
    let asked = ask(model, &["z"], &["k", "x", "z"]);
    // z = k x0 at the end.
    let found = asked.gradient(&[1e3], &|_, values, slopes| {
        slopes[0] = 1.0;
        values[0]
    });
    for (found, expected) in found.expect("a gradient").derivatives.iter().zip([1.0, 1e4, 1.0]) {
        assert!((found / expected - 1.0).abs() < 1e-6, "{found} is not {expected}");
    }
}

#[test]
fn delayed_events_are_refused_with_the_way_out() {
    let model = TestModel::new().parameter("x", 0.0).rate("x", "1").event("late", "x > 1", &[("x", "0")]);
    let model = model.with(|draft| draft.events[0].delay = network::parse_formula("0.5").ok());
    let failure = ask(model, &["x"], &["x"]).gradient(&[3.0], &|_, values, _| values[0]).expect_err("refused");
    assert_eq!(failure.kind, FailureKind::NoGradient("delayed events"));
    assert!(failure.to_string().contains("sensitivities"), "{failure}");
}
