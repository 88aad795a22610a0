use super::*;
use crate::Backend;
use crate::test_models::{TestModel, symbol};

fn check(model: TestModel, outputs: &[&str], symbols: &[&str]) {
    let (network, model) = model.compile(Backend::Interpreter).expect("compiles");
    let find = |ids: &[&str]| -> Vec<SymbolIndex> { ids.iter().map(|id| symbol(&network, id)).collect() };
    let (outputs, symbols) = (find(outputs), find(symbols));
    let mut options = SteadyStateOptions { tolerance: 1e-11, ..SteadyStateOptions::default() };
    options.solve.relative_tolerance = 1e-11;
    let found = steady_state_sensitivities(&model, &Condition::default(), &outputs, &symbols, &options);
    let found = found.unwrap_or_else(|failure| panic!("{failure}"));
    let start = crate::solve(&model, &Condition::default(), &[0.0], &symbols, &options.solve).expect("starts").values;
    for (column, &symbol) in symbols.iter().enumerate() {
        let step = 1e-4 * start[column].abs().max(1e-2);
        let rest = |value: f64| {
            let condition = Condition { initial: vec![(symbol, value)], ..Condition::default() };
            steady_state(&model, &condition, &options).expect("rests")
        };
        let (above, below) = (rest(start[column] + step), rest(start[column] - step));
        for (row, &output) in outputs.iter().enumerate() {
            let expected = (above.value(output) - below.value(output)) / (2.0 * step);
            let value = found.value(row, column);
            let close = (value - expected).abs() <= 1e-5 * (0.1 + expected.abs());
            assert!(close, "d output {row} / d symbol {column} is {value}, differences say {expected}");
        }
    }
}

#[test]
fn what_is_made_and_lost() {
    let model = TestModel::new().parameter("made", 3.0).parameter("lost", 0.5).species("S", 0.1);
    let model =
        model.reaction("make", "=> S", "made").reaction("lose", "S =>", "lost * S").observable("twice", "2 * S");
    let (network, model) = model.compile(Backend::Interpreter).expect("compiles");
    let find = |id| symbol(&network, id);
    let found = steady_state_sensitivities(
        &model,
        &Condition::default(),
        &[find("S"), find("lose"), find("twice")],
        &[find("made"), find("lost"), find("S")],
        &SteadyStateOptions::default(),
    );
    let found = found.expect("rests").values;
    for (found, expected) in found.iter().zip([2.0, -12.0, 0.0, 1.0, 0.0, 0.0, 4.0, -24.0, 0.0]) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }
}

#[test]
fn totals_sizes_and_initial_assignments() {
    let model = TestModel::new().parameter("on", 2.0).parameter("off", 0.3).parameter("all", 1.0);
    let model = model.species("L", 0.0).species("R", 0.6).species("C", 0.1).initially("L", "all^2");
    let model = model.reaction("bind", "L + R -> C", "cell * (on * L * R - off * C)").observable("sum", "L + 3 * C");
    check(model, &["L", "C", "sum", "bind"], &["on", "off", "all", "R", "C", "cell"]);
}

#[test]
fn events_on_the_way() {
    let model =
        TestModel::new().parameter("when", 1.5).parameter("inflow", 1.0).parameter("x", 0.0).parameter("y", 0.0);
    let model = model.rate("x", "inflow * (3 - x)").rate("y", "x - y + inflow * y / 10");
    check(model.event("turn", "x >= when", &[("inflow", "inflow * when")]), &["x", "y"], &["when", "inflow", "x"]);
}

#[test]
fn a_line_of_rests_is_refused() {
    let model = TestModel::new().species("A", 3.0).species("B", 0.0).species("C", 0.5);
    let model = model.reaction("to_b", "A => B", "2 * A").reaction("to_c", "A => C", "A");
    let (network, model) = model.compile(Backend::Interpreter).expect("compiles");
    let (b, a) = (symbol(&network, "B"), symbol(&network, "A"));
    let options = SteadyStateOptions::default();
    let failure = steady_state_sensitivities(&model, &Condition::default(), &[b], &[a], &options);
    let failure = failure.expect_err("depends on the way");
    assert_eq!(failure.kind, SteadyStateFailureKind::ManyRests);
    assert!(failure.to_string().starts_with("the rest depends on more than parameters and totals"), "{failure}");
}
