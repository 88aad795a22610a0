//! Words of a formula.

use super::FormulaError;
use std::fmt;

/// One word of a formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    Number(f64),
    Name(&'a str),
    Operator(&'static str),
    /// The text between square brackets.
    Unit(&'a str),
    End,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "the number {value}"),
            Self::Name(name) => write!(f, "`{name}`"),
            Self::Operator(operator) => write!(f, "`{operator}`"),
            Self::Unit(unit) => write!(f, "`[{unit}]`"),
            Self::End => write!(f, "the end"),
        }
    }
}

/// Longer operators first.
const OPERATORS: &[&str] =
    &["&&", "||", "==", "!=", "<=", ">=", "->", "=>", "+", "-", "*", "/", "^", "(", ")", ",", "<", ">", "!"];

/// Holds the word at the present place.
pub(super) struct Lexer<'a> {
    text: &'a str,
    next: usize,
    /// The present word.
    pub(super) token: Token<'a>,
    /// Byte at which it starts.
    pub(super) offset: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, FormulaError> {
        let mut lexer = Self { text, next: 0, token: Token::End, offset: 0 };
        lexer.advance()?;
        Ok(lexer)
    }

    /// An error at the present word.
    pub(super) fn error(&self, message: impl Into<String>) -> FormulaError {
        FormulaError { offset: self.offset, message: message.into() }
    }

    /// Takes the next word.
    pub(super) fn advance(&mut self) -> Result<(), FormulaError> {
        let rest = self.text[self.next..].trim_start();
        self.offset = self.text.len() - rest.len();
        let (token, length) = self.read(rest)?;
        self.token = token;
        self.next = self.offset + length;
        Ok(())
    }

    fn read(&self, rest: &'a str) -> Result<(Token<'a>, usize), FormulaError> {
        let Some(first) = rest.chars().next() else { return Ok((Token::End, 0)) };
        if first.is_ascii_digit() || first == '.' {
            let length = number_length(rest);
            let value = rest[..length].parse().map_err(|_| self.error(format!("`{first}` is not a number")))?;
            return Ok((Token::Number(value), length));
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            return Ok((Token::Name(&rest[..length]), length));
        }
        if first == '[' {
            let length = rest.find(']').ok_or_else(|| self.error("`[` is not closed"))?;
            return Ok((Token::Unit(rest[1..length].trim()), length + 1));
        }
        if let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            return Ok((Token::Operator(operator), operator.len()));
        }
        Err(self.error(match first {
            '%' => "`%` is not an operator: write rem(a, b) for a remainder".to_string(),
            '=' => "`=` is not an operator: write == to compare".to_string(),
            other => format!("`{other}` is not expected in a formula"),
        }))
    }
}

/// Length of the number a text starts with: `3`, `0.5`, `.5`, `2.`, `1e-3`.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits_from = |start: usize| bytes.iter().skip(start).take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits_from(0);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits_from(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits_from(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}
