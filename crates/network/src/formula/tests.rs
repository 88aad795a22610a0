use super::{parse_equation, parse_formula};
use crate::{Distribution, Expression, Function, Stoichiometry};
use proptest::prelude::*;

/// A formula as a tree of calls, or the error.
fn check(text: &str, expected: &str) {
    let found = match parse_formula(text) {
        Ok(expression) => tree(&expression),
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expected, "formula {text:?}");
}

/// A formula as it is printed.
fn check_printed(text: &str, expected: &str) {
    assert_eq!(parse_formula(text).unwrap().to_string(), expected);
}

fn check_equation(text: &str, expected: &str) {
    let found = match parse_equation(text) {
        Ok((reactants, products, reversible)) => {
            let side = |participants: &[crate::Participant]| {
                let words: Vec<String> = participants
                    .iter()
                    .map(|participant| match participant.stoichiometry {
                        Stoichiometry::Constant(count) => format!("{count} {}", participant.species),
                        _ => unreachable!("equations hold numbers only"),
                    })
                    .collect();
                format!("[{}]", words.join(", "))
            };
            format!("{} {} {}", side(&reactants), if reversible { "<->" } else { "->" }, side(&products))
        }
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expected, "equation {text:?}");
}

fn tree(expression: &Expression) -> String {
    let trees = |arguments: &[Expression]| arguments.iter().map(|a| format!(" {}", tree(a))).collect::<String>();
    match expression {
        Expression::Call(function, arguments) => format!("({}{})", function.word(), trees(arguments)),
        Expression::Defined(id, arguments) => format!("({id}?{})", trees(arguments)),
        Expression::Piecewise(pieces, otherwise) => {
            let pieces: String = pieces.iter().map(|(v, c)| format!(" [{} if {}]", tree(v), tree(c))).collect();
            let otherwise = otherwise.as_ref().map_or(String::new(), |o| format!(" {}", tree(o)));
            format!("(piecewise{pieces}{otherwise})")
        }
        leaf => leaf.to_string(),
    }
}

#[test]
fn precedence() {
    check("a + b * c", "(plus a (times b c))");
    check("a - b - c", "(minus (minus a b) c)");
    check("a / b * c", "(times (divide a b) c)");
    check("a + b + c - d + e", "(plus (minus (plus a b c) d) e)");
    check("-x^2", "(minus (power x 2))");
    check("-3^2", "(minus (power 3 2))");
    check("-3", "-3");
    check("-(3)", "(minus 3)");
    check("a^b^c", "(power a (power b c))");
    check("2^-x * y", "(times (power 2 (minus x)) y)");
    check("-a * b", "(times (minus a) b)");
    check("a < b and not c == d or e >= 1", "(or (and (lt a b) (not (eq c d))) (geq e 1))");
    check("!a && b || c", "(or (and (not a) b) c)");
    check("+x", "x");
}

#[test]
fn functions_and_constants() {
    check("vmax * x^2 / (k^2 + x^2)", "(divide (times vmax (power x 2)) (plus (power k 2) (power x 2)))");
    check("sqrt(x) + log10(x) + log(2, x) + ln(x)", "(plus (root 2 x) (log 10 x) (log 2 x) (ln x))");
    check("asin(x) + arcsin(x)", "(plus (arcsin x) (arcsin x))");
    check("min(a, b, c)", "(min a b c)");
    check("piecewise(1, x > 0, 2, x < 0, 3)", "(piecewise [1 if (gt x 0)] [2 if (lt x 0)] 3)");
    check("rateOf(x) * delay(y, 2) * time * avogadro", "(times rateOf(x) delay(y, 2) time avogadro)");
    check("hill(x, 2)", "(hill? x 2)");
    check("3 [nmol/L] * x", "(times 3 [nmol/L] x)");
    check("1e-3 + .5 + 2.", "(plus 0.001 0.5 2)");
}

#[test]
fn errors_say_where() {
    check("", "the formula is empty (at character 1)");
    check("a +", "the formula ends too early (at character 4)");
    check("a b", "an operator is missing before `b` (at character 3)");
    check("2 x", "an operator is missing before `x` (at character 3)");
    check("(a + b", "`(` is not closed (at character 1)");
    check("a)", "`)` closes nothing (at character 2)");
    check("a * * b", "a value is expected here, not `*` (at character 5)");
    check("a = b", "`=` is not an operator: write == to compare (at character 3)");
    check("a % b", "`%` is not an operator: write rem(a, b) for a remainder (at character 3)");
    check("a < b < c", "relations cannot be chained: write a < b and b < c (at character 7)");
    check("log(x)", "the base of log is not clear: write ln(x), log10(x) or log(base, x) (at character 1)");
    check("1 + sqrt(a, b)", "`sqrt` takes one argument (at character 5)");
    check("rateOf(2)", "rateOf takes one name (at character 1)");
    check("3 [nmoll]", "`nmoll` is not a known unit (at character 3)");
    check("µ + 1", "`µ` is not expected in a formula (at character 1)");
    check("1e999", "the number is too large (at character 1)");
    let deep = "the formula is nested more than 256 deep: give a part of it a name of its own (at character 257)";
    check(&"(".repeat(100_000), deep);
    check(&"-".repeat(100_000), deep);
    assert!(parse_formula(&"a - ".repeat(1000)).is_err());
    assert!(parse_formula(&format!("{}a", "a + ".repeat(100_000))).is_ok(), "long sums are flat");
}

#[test]
fn printed_with_no_more_parentheses_than_needed() {
    check_printed("((a))+(b*c)", "a + b * c");
    check_printed("(a+b)*c", "(a + b) * c");
    check_printed("(a+b)+c", "(a + b) + c");
    check_printed("a-(b-c)", "a - (b - c)");
    check_printed("(a-b)-c", "a - b - c");
    check_printed("a/(b*c)", "a / (b * c)");
    check_printed("(-x)^2 + (a^b)^c + a^b^c", "(-x)^2 + (a^b)^c + a^b^c");
    check_printed("a^-2 * 6e23", "a^-2 * 6e23");
    check_printed("not (a and b) or c<d", "not (a and b) or c < d");
    check_printed("root(2, x) * root(3, y)", "sqrt(x) * root(3, y)");
    check_printed("piecewise(x, x>0, 0)", "piecewise(x, x > 0, 0)");
}

#[test]
fn equations() {
    check_equation("2 a + b -> c", "[2 a, 1 b] <-> [1 c]");
    check_equation("a => ", "[1 a] -> []");
    check_equation("=> 0.5 a", "[] -> [0.5 a]");
    check_equation("->", "[] <-> []");
    check_equation("a + b", "an arrow is missing: write -> (reversible) or => (at character 6)");
    check_equation("a + -> b", "a species is expected here, not `->` (at character 5)");
    check_equation("0 a -> b", "a stoichiometry must be a positive number (at character 1)");
    check_equation("a -> b -> c", "`->` is not expected here (at character 8)");
    check_equation("2 -> b", "a species is expected here, not `->` (at character 3)");
}

fn expressions() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(Expression::number),
        (-100i32..100).prop_map(|n| Expression::number(f64::from(n))),
        "[a-d]_[a-z0-9]{0,3}".prop_map(|name| Expression::name(&name)),
        Just(Expression::Time),
        Just(Expression::Number(3.0, Some(units::Unit::parse("nmol/L").unwrap()))),
        "[a-d]_".prop_map(|name| Expression::RateOf(name.as_str().into())),
    ];
    leaf.prop_recursive(5, 60, 4, |inner| {
        prop_oneof![
            (function(), proptest::collection::vec(inner.clone(), 1..4)).prop_filter_map(
                "log of one argument and not of many cannot be written",
                |(function, arguments): (Function, Vec<Expression>)| {
                    let written = match function {
                        Function::Log => arguments.len() != 1,
                        Function::Not => arguments.len() == 1,
                        _ => true,
                    };
                    written.then_some(Expression::Call(function, arguments))
                }
            ),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|a| Expression::Defined("f_".into(), a)),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(value, condition, otherwise)| {
                Expression::Piecewise(vec![(value, condition)], Some(Box::new(otherwise)))
            }),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|a| Expression::Draw(Distribution::Normal, a, 0)),
            (inner.clone(), inner).prop_map(|(value, duration)| Expression::Delay(Box::new(value), Box::new(duration))),
        ]
    })
}

fn function() -> impl Strategy<Value = Function> {
    let functions: Vec<Function> = Function::words().filter_map(Function::from_word).collect();
    proptest::sample::select(functions)
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,80}") {
        let _ = parse_formula(&text);
        let _ = parse_equation(&text);
    }

    #[test]
    fn no_text_of_formula_characters_panics(text in "[a-c0-9 ()+*/^<>=!&|,.e\\[\\]-]{0,60}") {
        let _ = parse_formula(&text);
        let _ = parse_equation(&text);
    }

    #[test]
    fn what_is_printed_reads_the_same(expression in expressions()) {
        let text = expression.to_string();
        prop_assert_eq!(parse_formula(&text).unwrap(), expression, "{}", text);
    }
}
