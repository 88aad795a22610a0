//! What can go wrong between a checked network and a compiled model.

use network::SymbolIndex;
use std::fmt;

/// Why a network could not be compiled, or a condition not be applied.
#[derive(Debug, Clone, PartialEq)]
pub enum CompileError {
    /// The network uses something the engine cannot do yet.
    Unsupported {
        /// What it is, in the words of the field: `algebraic rule`.
        construct: String,
        /// The symbol it was met at, if there is one.
        symbol: Option<SymbolIndex>,
    },
    /// The value of a symbol needs itself.
    Cycle {
        /// A symbol on the circle.
        symbol: SymbolIndex,
    },
    /// A change, an event or an initial value aims at a symbol whose value follows from a rule or a rate.
    NotSettable {
        /// The symbol.
        symbol: SymbolIndex,
    },
    /// A broken promise of ours; please report it.
    Internal(String),
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported { construct, symbol: None } => write!(f, "unsupported: {construct}"),
            Self::Unsupported { construct, symbol: Some(symbol) } => {
                write!(f, "unsupported: {construct} (at symbol {})", symbol.0)
            }
            Self::Cycle { symbol } => write!(f, "the value of symbol {} depends on itself", symbol.0),
            Self::NotSettable { symbol } => {
                write!(f, "symbol {} cannot be set: its value follows from a rule or a rate", symbol.0)
            }
            Self::Internal(message) => write!(f, "internal error, please report it: {message}"),
        }
    }
}

impl std::error::Error for CompileError {}
