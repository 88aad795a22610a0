//! A number with its unit.

use crate::{Unit, UnitError};
use std::fmt;

/// A number with its unit, as a person writes it: `20 ug/kg`, `0.5 1/day`, `3`.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number in `unit`.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
}

impl Quantity {
    /// Reads a number followed by a unit; a number alone is dimensionless.
    ///
    /// # Errors
    /// [`UnitError`] when there is no finite number at the start or the rest is not a unit.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        crate::parse::parse_quantity(text)
    }

    /// The number in another unit; `None` when the units measure different things.
    pub fn value_in(&self, unit: &Unit) -> Option<f64> {
        self.unit.factor_to(unit).map(|factor| self.value * factor)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit.to_string().as_str() {
            "1" => write!(f, "{}", self.value),
            unit => write!(f, "{} {unit}", self.value),
        }
    }
}
