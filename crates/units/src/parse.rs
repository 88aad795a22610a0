//! The grammar of units and quantities.
//!
//! ```text
//! quantity = number [unit]
//! unit     = power { ("*" | "·" | space | "/") power }     read from left to right
//! power    = factor [ "^" exponent | digits directly behind a symbol | "⁻¹" ]
//! factor   = symbol | positive number | "(" unit ")"
//! ```

use crate::unit::Term;
use crate::{Dimension, Quantity, Unit, symbols};
use std::fmt;
use std::sync::Arc;

/// A text that is not a unit or a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitError {
    /// The text as given.
    pub text: String,
    /// What is wrong with it.
    pub message: String,
    /// What to write instead, if that can be guessed.
    pub hint: Option<String>,
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for UnitError {}

const LONGEST_TEXT: usize = 200;
const DEEPEST_NESTING: usize = 16;
const LARGEST_EXPONENT: f64 = 64.0;

pub(crate) fn parse(text: &str) -> Result<Unit, UnitError> {
    let shown = text.trim();
    let fail = |(message, hint)| UnitError { text: text.to_string(), message, hint };
    if shown.is_empty() {
        return Err(fail(problem("the unit is empty").hint("write 1 for a plain number")));
    }
    if shown.len() > LONGEST_TEXT {
        return Err(fail(problem(format!("a unit of more than {LONGEST_TEXT} characters"))));
    }
    let mut parser = Parser { rest: shown, depth: 0 };
    let terms = parser.product().map_err(fail)?;
    if !parser.rest.is_empty() {
        return Err(fail(problem(format!("`{}` is not expected here", first_character(parser.rest)))));
    }
    let unit = Unit::from_terms(terms);
    if !unit.factor().is_normal() {
        return Err(fail(problem(format!("`{shown}` is too large or too small for a unit"))));
    }
    Ok(unit.with_text(shown))
}

pub(crate) fn parse_quantity(text: &str) -> Result<Quantity, UnitError> {
    let fail = |(message, hint)| UnitError { text: text.to_string(), message, hint };
    let trimmed = text.trim();
    let (sign, unsigned) = match trimmed.strip_prefix(['-', '−']) {
        Some(unsigned) => (-1.0, unsigned),
        None => (1.0, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let length = number_length(unsigned);
    let value = unsigned[..length].parse::<f64>().map_err(|_| {
        fail(
            problem(format!("`{trimmed}` does not start with a number"))
                .hint("write a number and a unit, as in 40 min"),
        )
    })?;
    if !value.is_finite() {
        return Err(fail(problem(format!("the number in `{trimmed}` is too large"))));
    }
    let rest = unsigned[length..].trim();
    let unit = match rest.chars().next() {
        None => Unit::dimensionless(),
        Some('/') => parse(&format!("1{rest}"))?,
        Some(_) => parse(rest)?,
    };
    Ok(Quantity { value: sign * value, unit })
}

type Problem = (String, Option<String>);

fn problem(message: impl Into<String>) -> Problem {
    (message.into(), None)
}

trait WithHint {
    fn hint(self, hint: impl Into<String>) -> Problem;
}

impl WithHint for Problem {
    fn hint(self, hint: impl Into<String>) -> Problem {
        (self.0, Some(hint.into()))
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn product(&mut self) -> Result<Vec<Term>, Problem> {
        let mut terms = self.power(1.0)?;
        let mut divided = false;
        loop {
            let spaced = self.skip_spaces();
            let sign = match self.rest.chars().next() {
                Some('/') => -1.0,
                Some('*' | '·' | '⋅') => 1.0,
                None | Some(')') => return Ok(terms),
                // `mL/min kg` is read both ways in papers, so neither is guessed.
                Some(_) if spaced && divided => {
                    return Err(problem("a space after a division can be read in two ways")
                        .hint("write * or /, with parentheses if needed, as in mL/(min*kg)"));
                }
                Some(_) if spaced => {
                    terms.extend(self.power(1.0)?);
                    continue;
                }
                Some(other) => return Err(problem(format!("`{other}` is not expected here"))),
            };
            divided |= sign < 0.0;
            self.advance_one();
            terms.extend(self.power(sign)?);
        }
    }

    /// One factor with its exponent, times `sign`.
    fn power(&mut self, sign: f64) -> Result<Vec<Term>, Problem> {
        self.skip_spaces();
        let mut terms = self.factor()?;
        let exponent = sign * self.exponent()?;
        for term in &mut terms {
            term.exponent *= exponent;
            if term.exponent.abs() > LARGEST_EXPONENT {
                return Err(problem(format!("the exponent of `{}` is larger than {LARGEST_EXPONENT}", term.symbol)));
            }
        }
        Ok(terms)
    }

    fn factor(&mut self) -> Result<Vec<Term>, Problem> {
        match self.rest.chars().next() {
            None => Err(problem("the unit ends too early")),
            Some('(') => {
                self.depth += 1;
                if self.depth > DEEPEST_NESTING {
                    return Err(problem(format!("parentheses are nested more than {DEEPEST_NESTING} deep")));
                }
                self.advance_one();
                let terms = self.product()?;
                if !self.rest.starts_with(')') {
                    return Err(problem("a parenthesis is not closed"));
                }
                self.advance_one();
                self.depth -= 1;
                Ok(terms)
            }
            Some('0'..='9' | '.') => self.number(),
            Some(first) if is_symbol_character(first) => self.symbol(),
            Some(other) => Err(problem(format!("`{other}` is not expected here"))),
        }
    }

    fn number(&mut self) -> Result<Vec<Term>, Problem> {
        let word = self.take(number_length(self.rest));
        match word.parse::<f64>() {
            Ok(1.0) => Ok(Vec::new()),
            Ok(factor) if factor.is_normal() => {
                Ok(vec![Term { symbol: Arc::from(word), factor, dimension: Dimension::NONE, exponent: 1.0 }])
            }
            _ => Err(problem(format!("`{word}` cannot be part of a unit"))),
        }
    }

    fn symbol(&mut self) -> Result<Vec<Term>, Problem> {
        let length = self.rest.find(|c| !is_symbol_character(c)).unwrap_or(self.rest.len());
        let word = self.take(length);
        if let Some((factor, dimension)) = symbols::look_up(word) {
            let terms = vec![Term { symbol: Arc::from(word), factor, dimension, exponent: 1.0 }];
            return Ok(if word == "dimensionless" { Vec::new() } else { terms });
        }
        Err(unknown(word))
    }

    /// The exponent behind a factor, 1 if there is none: `^2`, `^-0.5`, `^(1/2)`, and `2` or `-1` directly behind.
    fn exponent(&mut self) -> Result<f64, Problem> {
        let before = self.rest;
        self.skip_spaces();
        if self.rest.starts_with('^') {
            self.advance_one();
            self.skip_spaces();
            let bracketed = self.rest.starts_with('(');
            if bracketed {
                self.advance_one();
            }
            let mut exponent = self.signed_number()?;
            if bracketed {
                self.skip_spaces();
                if self.rest.starts_with('/') {
                    self.advance_one();
                    exponent /= self.signed_number()?;
                }
                self.skip_spaces();
                if !self.rest.starts_with(')') {
                    return Err(problem("a parenthesis is not closed"));
                }
                self.advance_one();
            }
            return if exponent.is_finite() { Ok(exponent) } else { Err(problem("the exponent is not a number")) };
        }
        self.rest = before;
        let superscript = self.rest.find(|c| superscript_value(c).is_none()).unwrap_or(self.rest.len());
        let digits: String = self.take(superscript).chars().filter_map(superscript_value).collect();
        let directly = match self.rest.strip_prefix('-').unwrap_or(self.rest).starts_with(|c: char| c.is_ascii_digit())
        {
            true => self.signed_number()?,
            false => 1.0,
        };
        match digits.as_str() {
            "" => Ok(directly),
            digits => digits.parse().map_err(|_| problem(format!("`{digits}` is not an exponent"))),
        }
    }

    fn signed_number(&mut self) -> Result<f64, Problem> {
        self.skip_spaces();
        let sign = if self.rest.starts_with('-') { -1.0 } else { 1.0 };
        if self.rest.starts_with(['-', '+']) {
            self.advance_one();
        }
        let word = self.take(number_length(self.rest));
        word.parse::<f64>().map(|value| sign * value).map_err(|_| problem("the exponent is not a number"))
    }

    fn skip_spaces(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start();
        self.rest.len() < before
    }

    fn advance_one(&mut self) {
        let mut characters = self.rest.chars();
        characters.next();
        self.rest = characters.as_str();
    }
}

impl<'a> Parser<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }
}

fn unknown(word: &str) -> Problem {
    let lower = word.to_lowercase();
    if ["c", "degc", "°c", "celsius", "°f", "degf", "fahrenheit"].contains(&lower.as_str()) {
        return problem(format!("`{word}` has a zero point of its own and is not a unit of a model"))
            .hint("use K; 37 degrees Celsius is 310.15 K");
    }
    if lower == "iu" {
        return problem("`IU` is a different amount for every substance")
            .hint("convert to a mass or an amount with the standard of the substance");
    }
    let message = format!("`{word}` is not a known unit");
    match symbols::nearest(word).as_slice() {
        [] => problem(message),
        near => problem(message).hint(format!("did you mean {}?", near.join(" or "))),
    }
}

fn is_symbol_character(c: char) -> bool {
    (c.is_alphabetic() || matches!(c, '%' | '°' | '_')) && superscript_value(c).is_none()
}

fn superscript_value(c: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".chars().zip("0123456789-".chars()).find(|(raised, _)| *raised == c).map(|(_, plain)| plain)
}

fn first_character(text: &str) -> String {
    text.chars().take(1).collect()
}

/// Length in bytes of the unsigned number a text starts with: `3`, `0.5`, `.5`, `1e-3`; 0 if there is none.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    let mut any = end > 0;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        any |= fraction > 0;
        end += 1 + fraction;
    }
    if !any {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = if end + 1 + sign <= bytes.len() { digits(end + 1 + sign) } else { 0 };
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

#[cfg(test)]
mod tests;
