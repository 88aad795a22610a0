//! Formulas to expressions, by precedence climbing.

use super::FormulaError;
use super::lexer::{Lexer, Token};
use crate::{Distribution, Expression, Function, Id};
use units::Unit;

/// Deepest tree a formula may make. Every later pass over expressions recurses, so this bounds their stack.
const DEEPEST: usize = 256;

/// How strongly operators bind; printing uses the same numbers.
pub(super) mod strength {
    pub const OR: u8 = 1;
    pub const XOR: u8 = 2;
    pub const AND: u8 = 3;
    pub const NOT: u8 = 4;
    pub const RELATION: u8 = 5;
    pub const SUM: u8 = 6;
    pub const PRODUCT: u8 = 7;
    pub const SIGN: u8 = 8;
    pub const POWER: u8 = 9;
    pub const ATOM: u8 = 10;
}

pub(super) fn parse(text: &str) -> Result<Expression, FormulaError> {
    let mut parser = Parser { lexer: Lexer::new(text)?, depth: 0 };
    if parser.lexer.token == Token::End {
        return Err(parser.lexer.error("the formula is empty"));
    }
    let (expression, _) = parser.expression(strength::OR)?;
    match parser.lexer.token {
        Token::End => Ok(expression),
        Token::Operator(")") => Err(parser.lexer.error("`)` closes nothing")),
        Token::Name(_) | Token::Number(_) => {
            Err(parser.lexer.error(format!("an operator is missing before {}", parser.lexer.token)))
        }
        token => Err(parser.lexer.error(format!("{token} is not expected here"))),
    }
}

/// The function, strength and grouping of a binary operator.
fn binary(token: Token<'_>) -> Option<(Function, u8)> {
    use strength::*;
    Some(match token {
        Token::Operator("||") | Token::Name("or") => (Function::Or, OR),
        Token::Name("xor") => (Function::ExclusiveOr, XOR),
        Token::Operator("&&") | Token::Name("and") => (Function::And, AND),
        Token::Operator("==") => (Function::Equal, RELATION),
        Token::Operator("!=") => (Function::NotEqual, RELATION),
        Token::Operator("<") => (Function::Less, RELATION),
        Token::Operator("<=") => (Function::LessOrEqual, RELATION),
        Token::Operator(">") => (Function::Greater, RELATION),
        Token::Operator(">=") => (Function::GreaterOrEqual, RELATION),
        Token::Operator("+") => (Function::Add, SUM),
        Token::Operator("-") => (Function::Subtract, SUM),
        Token::Operator("*") => (Function::Multiply, PRODUCT),
        Token::Operator("/") => (Function::Divide, PRODUCT),
        Token::Operator("^") => (Function::Power, POWER),
        _ => return None,
    })
}

/// An expression and the depth of its tree.
type Tree = (Expression, usize);

struct Parser<'a> {
    lexer: Lexer<'a>,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// Operators that bind at least as strongly as `weakest`.
    fn expression(&mut self, weakest: u8) -> Result<Tree, FormulaError> {
        self.depth += 1;
        self.bounded(self.depth)?;
        let (mut left, mut depth) = self.prefixed()?;
        // The function of `left` while it may still take arguments: a + b + c is one sum.
        let mut open: Option<Function> = None;
        let mut compared = false;
        while let Some((function, binds)) = binary(self.lexer.token).filter(|(_, binds)| *binds >= weakest) {
            if binds == strength::RELATION && compared {
                return Err(self.lexer.error("relations cannot be chained: write a < b and b < c"));
            }
            compared = binds == strength::RELATION;
            self.lexer.advance()?;
            let groups_right = function == Function::Power;
            let (right, right_depth) = self.expression(if groups_right { binds } else { binds + 1 })?;
            match &mut left {
                Expression::Call(_, arguments) if open == Some(function) => {
                    arguments.push(right);
                    depth = depth.max(right_depth + 1);
                }
                _ => {
                    left = Expression::Call(function, vec![left, right]);
                    depth = depth.max(right_depth) + 1;
                }
            }
            self.bounded(depth)?;
            let takes_more = matches!(
                function,
                Function::Add | Function::Multiply | Function::And | Function::Or | Function::ExclusiveOr
            );
            open = takes_more.then_some(function);
        }
        self.depth -= 1;
        Ok((left, depth))
    }

    fn prefixed(&mut self) -> Result<Tree, FormulaError> {
        let (function, operand) = match self.lexer.token {
            Token::Operator("-") => (Function::Subtract, strength::SIGN),
            Token::Operator("+") => {
                self.lexer.advance()?;
                return self.expression(strength::SIGN);
            }
            Token::Operator("!") => (Function::Not, strength::SIGN),
            Token::Name("not") => (Function::Not, strength::NOT),
            _ => return self.atom(),
        };
        self.lexer.advance()?;
        let literal = matches!(self.lexer.token, Token::Number(_));
        let (argument, depth) = self.expression(operand)?;
        match argument {
            // -3 is a number, but -3^2 and -(3) are not.
            Expression::Number(value, unit) if function == Function::Subtract && literal => {
                Ok((Expression::Number(-value, unit), depth))
            }
            argument => Ok((Expression::Call(function, vec![argument]), depth + 1)),
        }
    }

    fn atom(&mut self) -> Result<Tree, FormulaError> {
        match self.lexer.token {
            Token::Number(value) => {
                if !value.is_finite() {
                    return Err(self.lexer.error("the number is too large"));
                }
                self.lexer.advance()?;
                self.number(value)
            }
            Token::Operator("(") => {
                let open = self.lexer.offset;
                self.lexer.advance()?;
                let inner = self.expression(strength::OR)?;
                self.close(open)?;
                Ok(inner)
            }
            Token::Name(name) => {
                let offset = self.lexer.offset;
                self.lexer.advance()?;
                if self.lexer.token == Token::Operator("(") {
                    return self.call(name, offset);
                }
                match name {
                    "inf" | "INF" => self.number(f64::INFINITY),
                    "nan" | "NaN" => self.number(f64::NAN),
                    _ => Ok((named(name), 1)),
                }
            }
            Token::End => Err(self.lexer.error("the formula ends too early")),
            token => Err(self.lexer.error(format!("a value is expected here, not {token}"))),
        }
    }

    fn number(&mut self, value: f64) -> Result<Tree, FormulaError> {
        let Token::Unit(text) = self.lexer.token else { return Ok((Expression::Number(value, None), 1)) };
        let unit = Unit::parse(text).map_err(|error| self.lexer.error(error.message))?;
        self.lexer.advance()?;
        Ok((Expression::Number(value, Some(unit)), 1))
    }

    fn call(&mut self, name: &'a str, offset: usize) -> Result<Tree, FormulaError> {
        let open = self.lexer.offset;
        self.lexer.advance()?;
        let mut arguments = Vec::new();
        let mut depth = 0;
        if self.lexer.token != Token::Operator(")") {
            loop {
                let (argument, below) = self.expression(strength::OR)?;
                arguments.push(argument);
                depth = depth.max(below);
                if self.lexer.token != Token::Operator(",") {
                    break;
                }
                self.lexer.advance()?;
            }
        }
        self.close(open)?;
        self.bounded(depth + 1)?;
        let error = |message: &str| Err(FormulaError { offset, message: message.to_string() });
        let expression = match (name, arguments.len()) {
            ("log10", 1) => Expression::Call(Function::Log, insert_first(10.0, arguments)),
            ("sqrt", 1) => Expression::Call(Function::Root, insert_first(2.0, arguments)),
            ("log10" | "sqrt", _) => return error(&format!("`{name}` takes one argument")),
            ("log", 1) => return error("the base of log is not clear: write ln(x), log10(x) or log(base, x)"),
            ("piecewise", 0) => return error("write piecewise(value, condition, ..., otherwise)"),
            ("piecewise", _) => piecewise(arguments),
            ("delay", 2) => {
                let duration = arguments.pop().unwrap_or(Expression::Time);
                let value = arguments.pop().unwrap_or(Expression::Time);
                Expression::Delay(Box::new(value), Box::new(duration))
            }
            ("delay", _) => return error("write delay(value, duration)"),
            ("rateOf", _) => match arguments.as_slice() {
                [Expression::Name(id)] => Expression::RateOf(id.clone()),
                _ => return error("rateOf takes one name"),
            },
            _ => match (Function::from_word(name), Distribution::from_word(name)) {
                (Some(function), _) => Expression::Call(function, arguments),
                (None, Some(distribution)) => Expression::Draw(distribution, arguments, 0),
                (None, None) => Expression::Defined(Id::from(name), arguments),
            },
        };
        Ok((expression, depth + 1))
    }

    fn close(&mut self, open: usize) -> Result<(), FormulaError> {
        match self.lexer.token {
            Token::Operator(")") => self.lexer.advance(),
            Token::End => Err(FormulaError { offset: open, message: "`(` is not closed".to_string() }),
            Token::Name(_) | Token::Number(_) => {
                Err(self.lexer.error(format!("an operator is missing before {}", self.lexer.token)))
            }
            token => Err(self.lexer.error(format!("{token} is not expected here"))),
        }
    }

    fn bounded(&self, depth: usize) -> Result<(), FormulaError> {
        if depth > DEEPEST {
            return Err(self.lexer.error(format!(
                "the formula is nested more than {DEEPEST} deep: give a part of it a name of its own"
            )));
        }
        Ok(())
    }
}

fn named(name: &str) -> Expression {
    match name {
        "time" => Expression::Time,
        "avogadro" => Expression::Avogadro,
        "pi" => Expression::number(std::f64::consts::PI),
        "exponentiale" => Expression::number(std::f64::consts::E),
        "true" => Expression::number(1.0),
        "false" => Expression::number(0.0),
        name => Expression::name(name),
    }
}

fn insert_first(number: f64, mut arguments: Vec<Expression>) -> Vec<Expression> {
    arguments.insert(0, Expression::number(number));
    arguments
}

fn piecewise(arguments: Vec<Expression>) -> Expression {
    let mut pieces = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(value) = arguments.next() {
        match arguments.next() {
            Some(condition) => pieces.push((value, condition)),
            None => return Expression::Piecewise(pieces, Some(Box::new(value))),
        }
    }
    Expression::Piecewise(pieces, None)
}
