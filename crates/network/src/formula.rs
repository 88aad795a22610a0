//! Infix formulas and reaction equations as text. (In work.)

use crate::{Expression, Participant};
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
/// # Errors
/// The first place that cannot be read.
pub fn parse_formula(_text: &str) -> Result<Expression, FormulaError> {
    todo!("formulas are being written")
}

/// Reads a reaction equation with Antimony's arrows: `2 a + b -> c` (reversible) or `=>` (irreversible); either side
/// may be empty. Returns reactants, products and whether it is reversible.
///
/// # Errors
/// The first place that cannot be read.
pub fn parse_equation(_text: &str) -> Result<(Vec<Participant>, Vec<Participant>, bool), FormulaError> {
    todo!("equations are being written")
}
