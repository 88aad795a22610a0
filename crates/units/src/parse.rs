//! The grammar of units. (In work.)

use crate::{Quantity, Unit};
use std::fmt;

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

pub(crate) fn parse(_text: &str) -> Result<Unit, UnitError> {
    todo!("units are being written")
}

pub(crate) fn parse_quantity(_text: &str) -> Result<Quantity, UnitError> {
    todo!("units are being written")
}

pub(crate) fn in_days(_unit: &Unit) -> Unit {
    todo!("units are being written")
}
