//! What each built-in function is, in numbers. Truth is 1, falsehood 0, and anything but 0 counts as true.

use network::Function::{self, *};

/// The value of a function; its number of arguments has been checked with the network.
pub fn call(function: Function, arguments: &[f64]) -> f64 {
    let one = || arguments[0];
    let two = || (arguments[0], arguments[1]);
    match function {
        Add => arguments.iter().sum(),
        Subtract if arguments.len() == 1 => -one(),
        Subtract => arguments[0] - arguments[1],
        Multiply => arguments.iter().product(),
        Divide => arguments[0] / arguments[1],
        Power => arguments[0].powf(arguments[1]),
        Root => {
            let (degree, x) = two();
            x.powf(1.0 / degree)
        }
        Exp => one().exp(),
        Ln => one().ln(),
        Log => {
            let (base, x) = two();
            x.ln() / base.ln()
        }
        Abs => one().abs(),
        Floor => one().floor(),
        Ceiling => one().ceil(),
        Factorial if one() < 0.0 || one().fract() != 0.0 => f64::NAN,
        Factorial => (1..=one() as u64).map(|n| n as f64).product(),
        Sin => one().sin(),
        Cos => one().cos(),
        Tan => one().tan(),
        Sec => 1.0 / one().cos(),
        Csc => 1.0 / one().sin(),
        Cot => 1.0 / one().tan(),
        Sinh => one().sinh(),
        Cosh => one().cosh(),
        Tanh => one().tanh(),
        Sech => 1.0 / one().cosh(),
        Csch => 1.0 / one().sinh(),
        Coth => 1.0 / one().tanh(),
        Arcsin => one().asin(),
        Arccos => one().acos(),
        Arctan => one().atan(),
        Arcsec => (1.0 / one()).acos(),
        Arccsc => (1.0 / one()).asin(),
        Arccot => (1.0 / one()).atan(),
        Arcsinh => one().asinh(),
        Arccosh => one().acosh(),
        Arctanh => one().atanh(),
        Arcsech => (1.0 / one()).acosh(),
        Arccsch => (1.0 / one()).asinh(),
        Arccoth => (1.0 / one()).atanh(),
        Minimum | Maximum if arguments.iter().any(|x| x.is_nan()) => f64::NAN,
        Minimum => arguments.iter().copied().fold(f64::INFINITY, f64::min),
        Maximum => arguments.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Quotient => (arguments[0] / arguments[1]).trunc(),
        Remainder => {
            let (a, b) = two();
            a - b * (a / b).trunc()
        }
        Less => chain(arguments, |a, b| a < b),
        LessOrEqual => chain(arguments, |a, b| a <= b),
        Greater => chain(arguments, |a, b| a > b),
        GreaterOrEqual => chain(arguments, |a, b| a >= b),
        Equal => chain(arguments, |a, b| a == b),
        NotEqual => chain(arguments, |a, b| a != b),
        And => truth(arguments.iter().all(|&x| holds(x))),
        Or => truth(arguments.iter().any(|&x| holds(x))),
        ExclusiveOr => truth(arguments.iter().filter(|&&x| holds(x)).count() % 2 == 1),
        Not => truth(!holds(one())),
        Implies => truth(!holds(arguments[0]) || holds(arguments[1])),
    }
}

/// `a < b < c` means `a < b` and `b < c`.
fn chain(arguments: &[f64], relation: impl Fn(f64, f64) -> bool) -> f64 {
    truth(arguments.windows(2).all(|pair| relation(pair[0], pair[1])))
}

fn holds(x: f64) -> bool {
    x != 0.0
}

fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}
