//! Dimensions, units and quantities: parse, convert, compare.
//!
//! ```
//! use units::{Quantity, Unit};
//!
//! let half_life = Quantity::parse("40 min")?;
//! assert_eq!(half_life.value_in(&Unit::parse("h")?), Some(40.0 / 60.0));
//! assert_eq!(Unit::parse("nM")?, Unit::parse("nmol/L")?);
//! assert_eq!(Unit::parse("nM/h")?.in_days().to_string(), "nM/day");
//!
//! let error = Unit::parse("nmol/L/dya").unwrap_err();
//! assert_eq!(error.to_string(), "`dya` is not a known unit");
//! # Ok::<(), units::UnitError>(())
//! ```

mod dimension;
mod parse;
mod quantity;
mod symbols;
mod unit;

pub use dimension::{BaseDimension, Dimension};
pub use parse::UnitError;
pub use quantity::Quantity;
pub use unit::Unit;
