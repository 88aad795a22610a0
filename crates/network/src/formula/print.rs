//! Expressions to formulas.

use super::parser::strength::{AND, ATOM, NOT, OR, POWER, PRODUCT, RELATION, SIGN, SUM, XOR};
use crate::{Expression, Function};
use std::fmt::{self, Formatter};

/// The formula of an expression, with no more parentheses than it needs; reading it gives the expression back.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value, unit) => {
                number(f, *value)?;
                unit.as_ref().map_or(Ok(()), |unit| write!(f, " [{unit}]"))
            }
            Self::Name(id) => write!(f, "{id}"),
            Self::Time => write!(f, "time"),
            Self::Avogadro => write!(f, "avogadro"),
            Self::Call(function, arguments) => call(f, *function, arguments),
            Self::Defined(id, arguments) => list(f, id, arguments.iter()),
            Self::Piecewise(pieces, otherwise) => {
                let pieces = pieces.iter().flat_map(|(value, condition)| [value, condition]);
                list(f, "piecewise", pieces.chain(otherwise.as_deref()))
            }
            Self::Delay(value, duration) => write!(f, "delay({value}, {duration})"),
            Self::Draw(distribution, arguments, _) => list(f, distribution.word(), arguments.iter()),
            Self::RateOf(id) => write!(f, "rateOf({id})"),
        }
    }
}

fn number(f: &mut Formatter<'_>, value: f64) -> fmt::Result {
    let size = value.abs();
    if value.is_nan() {
        write!(f, "nan")
    } else if value.is_finite() && size != 0.0 && !(1e-4..1e15).contains(&size) {
        write!(f, "{value:e}")
    } else {
        write!(f, "{value}")
    }
}

fn call(f: &mut Formatter<'_>, function: Function, arguments: &[Expression]) -> fmt::Result {
    let (sign, strength) = match (function, arguments) {
        (Function::Root, [Expression::Number(2.0, None), x]) => return write!(f, "sqrt({x})"),
        (Function::Log, [Expression::Number(10.0, None), x]) => return write!(f, "log10({x})"),
        (Function::Log, [x]) => return write!(f, "log({x})"),
        (Function::Subtract, [number @ Expression::Number(..)]) => return write!(f, "-({number})"),
        (Function::Subtract, [x]) => {
            write!(f, "-")?;
            return bracketed(f, x, SIGN);
        }
        (Function::Not, [x]) => {
            write!(f, "not ")?;
            return bracketed(f, x, NOT);
        }
        (Function::Power, [base, exponent]) => {
            bracketed(f, base, ATOM)?;
            write!(f, "^")?;
            return bracketed(f, exponent, SIGN);
        }
        _ => match infix(function, arguments.len()) {
            Some(infix) => infix,
            None => return list(f, function.word(), arguments.iter()),
        },
    };
    for (i, argument) in arguments.iter().enumerate() {
        if i == 0 {
            // a - b + c needs no parentheses, but (a + b) + c is a sum of two.
            let same = matches!(argument, Expression::Call(first, arguments)
                if *first == function && takes_more(function) && arguments.len() > 1);
            let weakest = if same || strength == RELATION { strength + 1 } else { strength };
            bracketed(f, argument, weakest)?;
        } else {
            write!(f, "{sign}")?;
            bracketed(f, argument, strength + 1)?;
        }
    }
    Ok(())
}

fn takes_more(function: Function) -> bool {
    !matches!(function, Function::Subtract | Function::Divide)
}

/// Text and strength of a function that is written between its arguments.
fn infix(function: Function, arguments: usize) -> Option<(&'static str, u8)> {
    let any_number =
        matches!(function, Function::Add | Function::Multiply | Function::And | Function::Or | Function::ExclusiveOr);
    if arguments != 2 && !(any_number && arguments > 2) {
        return None;
    }
    Some(match function {
        Function::Or => (" or ", OR),
        Function::ExclusiveOr => (" xor ", XOR),
        Function::And => (" and ", AND),
        Function::Equal => (" == ", RELATION),
        Function::NotEqual => (" != ", RELATION),
        Function::Less => (" < ", RELATION),
        Function::LessOrEqual => (" <= ", RELATION),
        Function::Greater => (" > ", RELATION),
        Function::GreaterOrEqual => (" >= ", RELATION),
        Function::Add => (" + ", SUM),
        Function::Subtract => (" - ", SUM),
        Function::Multiply => (" * ", PRODUCT),
        Function::Divide => (" / ", PRODUCT),
        _ => return None,
    })
}

/// How strongly the outermost operator of the printed expression binds.
fn strength(expression: &Expression) -> u8 {
    match expression {
        Expression::Number(value, _) if value.is_sign_negative() => SIGN,
        Expression::Call(Function::Subtract, arguments) if arguments.len() == 1 => SIGN,
        Expression::Call(Function::Not, arguments) if arguments.len() == 1 => NOT,
        Expression::Call(Function::Power, arguments) if arguments.len() == 2 => POWER,
        Expression::Call(function, arguments) => infix(*function, arguments.len()).map_or(ATOM, |(_, binds)| binds),
        _ => ATOM,
    }
}

fn bracketed(f: &mut Formatter<'_>, expression: &Expression, weakest: u8) -> fmt::Result {
    if strength(expression) < weakest { write!(f, "({expression})") } else { write!(f, "{expression}") }
}

fn list<'a>(f: &mut Formatter<'_>, word: &str, arguments: impl Iterator<Item = &'a Expression>) -> fmt::Result {
    write!(f, "{word}(")?;
    for (i, argument) in arguments.enumerate() {
        let comma = if i > 0 { ", " } else { "" };
        write!(f, "{comma}{argument}")?;
    }
    write!(f, ")")
}
