//! Infix formulas and reaction equations as text.
//!
//! Formulas follow the infix syntax of SBML Level 3 (Antimony's, too), from weakest to strongest:
//!
//! ```text
//! or ||     xor     and &&     not     == != < <= > >=     + -     * /     unary - !     ^
//! ```
//!
//! `^` groups to the right and binds stronger than the unary minus on its left: `-x^2` is `-(x^2)`. A number may carry a
//! unit in square brackets: `3 [nmol/L]`.

mod lexer;
mod parser;
mod print;
#[cfg(test)]
mod tests;

use crate::{Expression, Id, Participant, Stoichiometry};
use lexer::{Lexer, Token};
use std::fmt;

/// A formula or equation that cannot be read; `offset` counts bytes from the start of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormulaError {
    /// Where in the text.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.message, self.offset + 1)
    }
}

impl std::error::Error for FormulaError {}

/// Reads an infix formula such as `vmax * x^2 / (k^2 + x^2)`.
///
/// A call of a function that is not built in becomes [`Expression::Defined`]; whether there is such a function is for
/// the check to say.
///
/// # Errors
/// The first place that cannot be read.
pub fn parse_formula(text: &str) -> Result<Expression, FormulaError> {
    parser::parse(text)
}

/// Reads a reaction equation with Antimony's arrows: `2 a + b -> c` (reversible) or `=>` (irreversible); either side
/// may be empty. Returns reactants, products and whether it is reversible.
///
/// # Errors
/// The first place that cannot be read.
pub fn parse_equation(text: &str) -> Result<(Vec<Participant>, Vec<Participant>, bool), FormulaError> {
    let mut lexer = Lexer::new(text)?;
    let reactants = side(&mut lexer)?;
    let reversible = match lexer.token {
        Token::Operator("->") => true,
        Token::Operator("=>") => false,
        _ => return Err(lexer.error("an arrow is missing: write -> (reversible) or =>")),
    };
    lexer.advance()?;
    let products = side(&mut lexer)?;
    match lexer.token {
        Token::End => Ok((reactants, products, reversible)),
        _ => Err(lexer.error(format!("{} is not expected here", lexer.token))),
    }
}

/// `2 a + b`, or nothing.
fn side(lexer: &mut Lexer<'_>) -> Result<Vec<Participant>, FormulaError> {
    let mut participants = Vec::new();
    if matches!(lexer.token, Token::End | Token::Operator("->" | "=>")) {
        return Ok(participants);
    }
    loop {
        let mut count = 1.0;
        if let Token::Number(value) = lexer.token {
            if !value.is_finite() || value <= 0.0 {
                return Err(lexer.error("a stoichiometry must be a positive number"));
            }
            count = value;
            lexer.advance()?;
        }
        let Token::Name(species) = lexer.token else {
            return Err(lexer.error(format!("a species is expected here, not {}", lexer.token)));
        };
        let stoichiometry = Stoichiometry::Constant(count);
        participants.push(Participant { id: None, species: Id::from(species), stoichiometry });
        lexer.advance()?;
        if lexer.token != Token::Operator("+") {
            return Ok(participants);
        }
        lexer.advance()?;
    }
}
