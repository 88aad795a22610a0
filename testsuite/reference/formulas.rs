//! Formulas at random before the judge: every built-in function, at ordinary values and at those where mathematics has
//! its edges. The engine simplifies formulas and computes parts of them beforehand; neither may change what comes out.

use crate::arithmetic::call;
use crate::judge::{Judge, Moment};
use crate::recipe::{always, observable, parameter, rate};
use crate::trial::{Trial, close};
use network::{Condition, Draft, Expression, Function, Function::*, SymbolIndex, UnitPolicy};
use proptest::prelude::*;
use proptest::sample::select;

/// Parameters: a constant, two states and one that follows from a state.
const NAMES: [&str; 4] = ["constant", "state", "other", "follows"];

const NUMBERS: [f64; 10] = [0.0, 1.0, -1.0, 2.0, 0.5, 3.0, -0.25, 10.0, 4.0, -2.0];

/// Functions that jump are given only numbers that are exact, or a last bit would decide.
const JUMPY_OF_ONE: &[Function] = &[Floor, Ceiling, Factorial, Not];
const JUMPY_OF_TWO: &[Function] =
    &[Quotient, Remainder, Less, LessOrEqual, Greater, GreaterOrEqual, Equal, NotEqual, And, Or, ExclusiveOr, Implies];
const SMOOTH_OF_ONE: &[Function] = &[
    Subtract, Exp, Ln, Abs, Sin, Cos, Tan, Sec, Csc, Cot, Sinh, Cosh, Tanh, Sech, Csch, Coth, Arcsin, Arccos, Arctan,
    Arcsec, Arccsc, Arccot, Arcsinh, Arccosh, Arctanh, Arcsech, Arccsch, Arccoth,
];
const SMOOTH_OF_TWO: &[Function] = &[Add, Subtract, Multiply, Divide, Power, Root, Log, Minimum, Maximum];
const OF_MANY: &[Function] = &[Add, Multiply, Minimum, Maximum];

/// What two ways of computing a formula may differ by, relative to it or to 1.
const ROUNDING: f64 = 1e-9;

/// A formula with the values of the first three names.
pub fn formulas() -> impl Strategy<Value = (Expression, [f64; 3])> {
    (formula(), [select(&NUMBERS[..]), select(&NUMBERS[..]), select(&NUMBERS[..])])
}

fn formula() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        2 => select(&NAMES[..]).prop_map(Expression::name),
        1 => select(&NUMBERS[..]).prop_map(Expression::number),
    ]
    .boxed();
    let jumpy = prop_oneof![
        (select(JUMPY_OF_ONE), leaf.clone()).prop_map(|(f, x)| Expression::Call(f, vec![x])),
        (select(JUMPY_OF_TWO), leaf.clone(), leaf.clone()).prop_map(|(f, x, y)| Expression::Call(f, vec![x, y])),
    ]
    .boxed();
    let condition = jumpy.clone();
    prop_oneof![4 => leaf, 1 => jumpy].prop_recursive(4, 12, 3, move |inner| {
        prop_oneof![
            3 => (select(SMOOTH_OF_ONE), inner.clone()).prop_map(|(f, x)| Expression::Call(f, vec![x])),
            4 => (select(SMOOTH_OF_TWO), inner.clone(), inner.clone())
                .prop_map(|(f, x, y)| Expression::Call(f, vec![x, y])),
            1 => (select(OF_MANY), proptest::collection::vec(inner.clone(), 1..=3))
                .prop_map(|(f, arguments)| Expression::Call(f, arguments)),
            1 => (inner.clone(), condition.clone(), proptest::option::of(inner))
                .prop_map(|(x, condition, y)| Expression::Piecewise(vec![(x, condition)], y.map(Box::new))),
        ]
    })
}

/// Compares the value of a formula, read while time runs and before it starts; and, as a rate of change, the course that
/// interpreter and machine code take, with the derivatives that they have of it.
pub fn check(formula: &Expression, values: [f64; 3]) -> Result<(), String> {
    let mut draft = Draft { id: "formula".into(), ..Draft::default() };
    for (id, value) in NAMES.iter().zip(values) {
        parameter(&mut draft, id, Some(value));
    }
    parameter(&mut draft, "follows", None);
    always(&mut draft, "follows", "2 * state");
    rate(&mut draft, "state", "1");
    rate(&mut draft, "other", "-1");
    parameter(&mut draft, "driven", Some(1.0));
    rate(&mut draft, "driven", &format!("{formula} - driven"));
    observable(&mut draft, "result", &formula.to_string());
    parameter(&mut draft, "at_start", None);
    draft.initial_assignments.push(network::InitialAssignment {
        target: "at_start".into(),
        value: formula.clone(),
        place: source::Place::nowhere(),
    });
    let (network, _) = draft.check(UnitPolicy::Warn).map_err(|it| format!("the model is not sound:\n{it}"))?;
    let trial = Trial::new(&network)?;
    let find = |id: &str| network.index_of(id).map_or(usize::MAX, |SymbolIndex(i)| i as usize);
    let trajectory = trial.solve(&Condition::default(), &[0.0])?;
    let moment = trial.judge.start(&Condition::default());
    if turns_on_the_sign_of_a_zero(&trial.judge, &moment, formula) {
        return Ok(());
    }
    let names = NAMES.iter().zip(values).map(|(id, value)| format!("{id} = {value}")).collect::<Vec<_>>().join(", ");
    for id in ["result", "at_start"] {
        let (found, expected) = (trajectory.value(0, find(id)), trial.judge.value(&moment, id));
        if !close(found, expected, ROUNDING * expected.abs().max(1.0)) {
            return Err(format!("`{id}` is {found:?}, and the judge says {expected:?}: {formula}, {names}"));
        }
    }
    // At the edges of mathematics there is no solution; then both have to say the same about it.
    let outcome = trial.solve_in_both_ways(&Condition::default(), &[0.0, 0.1]);
    outcome.map(|_| ()).map_err(|message| format!("{message}: {formula}, {names}"))
}

/// `1 / (0 - x)` is plus or minus infinity where `x` is 0, depending on whether the difference is written `-x`. Nobody
/// asks for either.
fn turns_on_the_sign_of_a_zero(judge: &Judge<'_>, moment: &Moment, formula: &Expression) -> bool {
    let mut turns = false;
    formula.walk(&mut |part| {
        if let Expression::Call(function, arguments) = part {
            let values: Vec<f64> = arguments.iter().map(|argument| judge.evaluate(moment, argument)).collect();
            let flipped: Vec<f64> = values.iter().map(|&x| if x == 0.0 { -x } else { x }).collect();
            turns |= !close(call(*function, &flipped), call(*function, &values), 0.0);
        }
    });
    turns
}
