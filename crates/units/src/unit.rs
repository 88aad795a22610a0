//! A unit: a dimension and the factor that takes it to SI, with the text a person wrote.

use crate::parse::{self, UnitError};
use crate::{BaseDimension, Dimension};
use std::fmt;
use std::sync::Arc;

/// A unit of measurement.
///
/// Two units are equal when they measure the same thing by the same factor, whatever their spelling: `mM` equals
/// `mmol/L`. Offsets (degrees Celsius) are not units of a model and are refused by the parser.
#[derive(Debug, Clone)]
pub struct Unit {
    factor: f64,
    dimension: Dimension,
    text: Arc<str>,
}

impl Unit {
    /// The unit of a plain number.
    pub fn dimensionless() -> Self {
        Self::new(1.0, Dimension::NONE, "1")
    }

    /// The day, base unit of time of the biology.
    pub fn day() -> Self {
        Self::new(86_400.0, Dimension::base(BaseDimension::Time), "day")
    }

    /// A unit from its factor to SI, its dimension and the text to show for it.
    pub fn new(factor: f64, dimension: Dimension, text: &str) -> Self {
        Self { factor, dimension, text: Arc::from(text) }
    }

    /// Reads `nmol/L/day`, `1/(pM*h)`, `g/cm^2`, `%`, `1`.
    ///
    /// # Errors
    /// [`UnitError`] names the part that is not a unit and the nearest known one.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        parse::parse(text)
    }

    /// What one of this unit is in SI base units.
    pub fn factor(&self) -> f64 {
        self.factor
    }

    /// What the unit measures.
    pub fn dimension(&self) -> &Dimension {
        &self.dimension
    }

    /// The factor that converts a number in this unit to a number in `other`; `None` when they measure different things.
    pub fn factor_to(&self, other: &Self) -> Option<f64> {
        (self.dimension == other.dimension).then(|| self.factor / other.factor)
    }

    /// True when numbers in the two units may be compared without conversion.
    pub fn same_as(&self, other: &Self) -> bool {
        self.factor_to(other).is_some_and(|factor| (factor - 1.0).abs() < 1e-9)
    }

    /// The unit of a product.
    pub fn multiply(&self, other: &Self) -> Self {
        let text = match (&*self.text, &*other.text) {
            ("1", text) | (text, "1") => text.to_string(),
            (a, b) => format!("{a}*{}", bracket(b)),
        };
        Self::new(self.factor * other.factor, self.dimension.multiply(&other.dimension), &text)
    }

    /// The unit of a quotient.
    pub fn divide(&self, other: &Self) -> Self {
        let text = match &*other.text {
            "1" => self.text.to_string(),
            b => format!("{}/{}", self.text, bracket(b)),
        };
        Self::new(self.factor / other.factor, self.dimension.multiply(&other.dimension.power(-1.0)), &text)
    }

    /// The unit of a power.
    pub fn power(&self, exponent: f64) -> Self {
        let text = match &*self.text {
            "1" => "1".to_string(),
            base => format!("{}^{exponent}", bracket(base)),
        };
        Self::new(self.factor.powf(exponent), self.dimension.power(exponent), &text)
    }

    /// The same unit with its time measured in days: `1/h` becomes `1/day`, `mmol` stays.
    ///
    /// The biology's base unit of time is the day; parameters are written in the unit of their source and converted
    /// with [`Unit::factor_to`] when they are read.
    pub fn in_days(&self) -> Self {
        parse::in_days(self)
    }
}

fn bracket(text: &str) -> String {
    if text.contains(['/', '*', ' ', '^']) { format!("({text})") } else { text.to_string() }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.same_as(other)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
