//! Dimensions, units and quantities: parse, convert, compare.

mod dimension;
mod parse;
mod quantity;
mod symbols;
mod unit;

pub use dimension::{BaseDimension, Dimension};
pub use parse::UnitError;
pub use quantity::Quantity;
pub use unit::Unit;
