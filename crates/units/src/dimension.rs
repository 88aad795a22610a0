//! What kind of quantity a unit measures.

use std::fmt;

/// The seven SI base quantities, and `Item` for things that are counted (cells, vesicles; SBML's `item`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum BaseDimension {
    Length,
    Mass,
    Time,
    Current,
    Temperature,
    Amount,
    Luminosity,
    Item,
}

impl BaseDimension {
    /// All base quantities, in the order of the exponents.
    pub const ALL: [Self; 8] = [
        Self::Length,
        Self::Mass,
        Self::Time,
        Self::Current,
        Self::Temperature,
        Self::Amount,
        Self::Luminosity,
        Self::Item,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Mass => "mass",
            Self::Time => "time",
            Self::Current => "current",
            Self::Temperature => "temperature",
            Self::Amount => "amount",
            Self::Luminosity => "luminosity",
            Self::Item => "item",
        }
    }
}

/// Exponents of the base quantities. Exponents are real numbers, because roots of quantities occur in rate laws.
#[derive(Debug, Clone, Copy)]
pub struct Dimension {
    exponents: [f64; 8],
}

impl Dimension {
    /// No dimension.
    pub const NONE: Self = Self { exponents: [0.0; 8] };

    /// One base quantity to the power one.
    pub fn base(base: BaseDimension) -> Self {
        let mut exponents = [0.0; 8];
        exponents[base as usize] = 1.0;
        Self { exponents }
    }

    /// The exponent of one base quantity.
    pub fn exponent(&self, base: BaseDimension) -> f64 {
        self.exponents[base as usize]
    }

    /// The dimension of a product.
    pub fn multiply(&self, other: &Self) -> Self {
        Self { exponents: std::array::from_fn(|i| self.exponents[i] + other.exponents[i]) }
    }

    /// The dimension of a power.
    pub fn power(&self, exponent: f64) -> Self {
        Self { exponents: self.exponents.map(|e| e * exponent) }
    }

    /// True when every exponent is zero.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }
}

/// Equal up to rounding of fractional exponents.
impl PartialEq for Dimension {
    fn eq(&self, other: &Self) -> bool {
        self.exponents.iter().zip(&other.exponents).all(|(a, b)| (a - b).abs() < 1e-9)
    }
}

/// For example `amount length^-3 time^-1`; `dimensionless` when there is none.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for base in BaseDimension::ALL {
            let exponent = self.exponent(base);
            if exponent.abs() < 1e-9 {
                continue;
            }
            if !first {
                write!(f, " ")?;
            }
            first = false;
            write!(f, "{}", base.word())?;
            if (exponent - 1.0).abs() > 1e-9 {
                write!(f, "^{exponent}")?;
            }
        }
        if first { write!(f, "dimensionless") } else { Ok(()) }
    }
}
