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
    /// What the unit is a product of; kept so that products and quotients cancel for display: `L * nmol/L` is `nmol`.
    terms: Arc<[Term]>,
    text: Arc<str>,
}

/// One symbol of a unit with its exponent.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) symbol: Arc<str>,
    /// Of the symbol to the power one.
    pub(crate) factor: f64,
    /// Of the symbol to the power one.
    pub(crate) dimension: Dimension,
    pub(crate) exponent: f64,
}

impl Unit {
    /// The unit of a plain number.
    pub fn dimensionless() -> Self {
        Self::from_terms(Vec::new())
    }

    /// The day, base unit of time of the biology.
    pub fn day() -> Self {
        Self::from_terms(vec![Term::day(1.0)])
    }

    /// A unit from its factor to SI, its dimension and the text to show for it.
    pub fn new(factor: f64, dimension: Dimension, text: &str) -> Self {
        let opaque = Term { symbol: Arc::from(text), factor, dimension, exponent: 1.0 };
        let plain = dimension.is_none() && (factor - 1.0).abs() < 1e-12;
        let terms = if plain { Arc::from([]) } else { Arc::from([opaque]) };
        let unit = Self { factor, dimension, terms, text: Arc::from(text) };
        match parse::parse(text) {
            // Better terms, if the text means what it says.
            Ok(parsed) if parsed.same_as(&unit) => Self { terms: parsed.terms, ..unit },
            _ => unit,
        }
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
        Self::from_terms(self.terms.iter().chain(other.terms.iter()).cloned().collect())
    }

    /// The unit of a quotient.
    pub fn divide(&self, other: &Self) -> Self {
        let below = other.terms.iter().map(|term| term.power(-1.0));
        Self::from_terms(self.terms.iter().cloned().chain(below).collect())
    }

    /// The unit of a power.
    pub fn power(&self, exponent: f64) -> Self {
        Self::from_terms(self.terms.iter().map(|term| term.power(exponent)).collect())
    }

    /// The same unit with its time measured in days: `1/h` becomes `1/day`, `mmol` stays, and so do units that only
    /// contain a time, such as `W` and `Hz`.
    ///
    /// The biology's base unit of time is the day; parameters are written in the unit of their source and converted
    /// with [`Unit::factor_to`] when they are read.
    pub fn in_days(&self) -> Self {
        let day = Self::day();
        if !self.terms.iter().any(|term| term.is_time() && term.factor != day.factor) {
            return self.clone();
        }
        let in_days = |term: &Term| if term.is_time() { Term::day(term.exponent) } else { term.clone() };
        Self::from_terms(self.terms.iter().map(in_days).collect())
    }

    pub(crate) fn from_terms(terms: Vec<Term>) -> Self {
        let mut merged: Vec<Term> = Vec::with_capacity(terms.len());
        for term in terms {
            let same = |other: &&mut Term| {
                other.symbol == term.symbol && other.factor == term.factor && other.dimension == term.dimension
            };
            match merged.iter_mut().find(same) {
                Some(other) => other.exponent += term.exponent,
                None => merged.push(term),
            }
        }
        merged.retain(|term| term.exponent.abs() > 1e-9 || term.exponent.is_nan());
        let factor = merged.iter().map(|term| term.factor.powf(term.exponent)).product();
        let dimension =
            merged.iter().fold(Dimension::NONE, |product, term| product.multiply(&term.dimension.power(term.exponent)));
        let text = Arc::from(show(&merged));
        Self { factor, dimension, terms: Arc::from(merged), text }
    }

    pub(crate) fn with_text(self, text: &str) -> Self {
        Self { text: Arc::from(text), ..self }
    }
}

impl Term {
    fn day(exponent: f64) -> Self {
        let dimension = Dimension::base(BaseDimension::Time);
        Self { symbol: Arc::from("day"), factor: 86_400.0, dimension, exponent }
    }

    fn power(&self, exponent: f64) -> Self {
        Self { exponent: self.exponent * exponent, ..self.clone() }
    }

    fn is_time(&self) -> bool {
        self.dimension == Dimension::base(BaseDimension::Time)
    }
}

/// `nmol/L/day`, `1/day`, `mm^2`: what is above the line joined by `*`, then each divisor, times last.
fn show(terms: &[Term]) -> String {
    let mut above = String::new();
    let mut below = String::new();
    let (times, others): (Vec<&Term>, Vec<&Term>) = terms.iter().partition(|term| term.is_time());
    for term in others.into_iter().chain(times) {
        let symbol = match term.symbol.contains(['/', '*', ' ', '^']) {
            true => format!("({})", term.symbol),
            false => term.symbol.to_string(),
        };
        let exponent = term.exponent.abs();
        let power = if (exponent - 1.0).abs() < 1e-9 { symbol } else { format!("{symbol}^{exponent}") };
        if term.exponent < 0.0 {
            below.push('/');
            below.push_str(&power);
        } else {
            if !above.is_empty() {
                above.push('*');
            }
            above.push_str(&power);
        }
    }
    if above.is_empty() {
        above.push('1');
    }
    above + &below
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
