//! Functions defined in the model.

use super::{check, model, network};
use crate::{Expression, Rule, UnitPolicy};

#[test]
fn functions_are_put_in_place() {
    let network = network(
        "
        constant x = 1 1
        constant y = 1 1
        parameter z = ? 1
        function swap(x, y) = y - 2 * x
        function twice(a) = swap(a, swap(a, a))
        rule z = swap(y, x + 1) + twice(3)",
    );
    let Rule::Assignment { value, .. } = &network.rules()[0] else { panic!() };
    assert_eq!(value.to_string(), "x + 1 - 2 * y + (3 - 2 * 3 - 2 * 3)", "arguments are put in place at once");
}

#[test]
fn an_argument_is_drawn_once_and_a_function_each_time() {
    let network = network(
        "
        parameter x = ? 1
        parameter y = 0 1
        function twice(a) = a + a
        function noise(sd) = normal(0, sd)
        start x = twice(normal(0, 1)) + noise(1)
        event e: x > 0; y = noise(1) + noise(1)",
    );
    let numbers = |expression: &Expression| {
        let mut numbers = Vec::new();
        expression.walk(&mut |part| {
            if let Expression::Draw(_, _, number) = part {
                numbers.push(*number);
            }
        });
        numbers
    };
    let start = numbers(&network.initial_assignments()[0].value);
    assert!(start.len() == 3 && start[0] == start[1] && start[1] != start[2], "{start:?}");
    let event = numbers(&network.events()[0].assignments[0].value);
    assert!(event[0] != event[1] && !start.contains(&event[0]) && !start.contains(&event[1]), "{event:?}");
}

#[test]
fn draws_need_a_moment() {
    check(
        "
        constant x = 1 1
        parameter z = ? 1
        parameter y = 1 1
        rule z = x + uniform(0, 1)
        event e: x > 0; y = normal(0, 1, 2)",
        "
        error: assignment rule of `z` draws from a distribution (`uniform`)
          at model:4
          likely reason: it holds at all times, and a number that is drawn anew at every moment has no value that an equation could use; initial assignments and events draw at a moment
          hint: give a parameter the draw by an initial assignment or an event, and use the parameter
        error: `normal` takes 2 or 4 arguments, but has 3 in assignment to `y` in event `e`
          at model:5
        ",
    );
}

#[test]
fn functions_that_cannot_be_put_in_place() {
    check(
        "
        constant x = 1 1
        parameter z = ? 1
        function hill(a, k) = a / (a + k)
        function foreign(a) = a + x
        function loop(a) = pool(a)
        function pool(a) = loop(a)
        rule z = hil(x, 1) + hill(x)",
        "
        error: function `loop` calls itself: loop -> pool -> loop
          at model:5
        error: `x` is not an argument in function `foreign`
          at model:4
        error: `hil` is not a known function in assignment rule of `z`
          at model:7
          hint: did you mean `hill`?
        ",
    );
    check(
        "
        constant x = 1 1
        parameter y = ? 1
        parameter z = ? 1
        function hill(a, k) = a / (a + k)
        rule y = hill(x)
        rule z = exp(x, 1)",
        "
        error: `hill` takes 2 arguments, but has 1 in assignment rule of `y`
          at model:5
        error: `exp` takes 1 argument, but has 2 in assignment rule of `z`
          at model:6
        ",
    );
}

#[test]
fn functions_of_functions_are_bounded() {
    let mut text = String::from("\nconstant x = 1 1\nfunction f0(a) = a + a\n");
    for i in 1..40 {
        text += &format!("function f{i}(a) = f{0}(f{0}(a))\n", i - 1);
    }
    text += "parameter z = ? 1\nrule z = f39(x)";
    let findings = model(&text).check(UnitPolicy::Strict).unwrap_err().to_string();
    assert!(
        findings.starts_with("error: more than 500000 terms once functions are put in place in function"),
        "{findings}"
    );
}

#[test]
fn expressions_hold_no_calls_after_the_check() {
    let network = network(
        "
        constant x = 1 1
        parameter z = ? 1
        function f(a) = a + 1
        rule z = piecewise(f(x), f(x) > f(2), f(f(x)))",
    );
    network.rules()[0].value().walk(&mut |part| assert!(!matches!(part, Expression::Defined(..))));
}
