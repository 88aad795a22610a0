//! Why a question has no answer.

use source::{Diagnostic, Diagnostics, Place};
use std::fmt;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// What was asked, or what a file says, cannot be used; every finding at once.
    BadInput(Diagnostics),
    /// A model uses a construct that is not supported; the text names it.
    Unsupported(String),
    /// The numbers failed, or we did; the text says which.
    Failed(String),
    /// The interrupt flag was raised.
    Interrupted,
}

impl Error {
    /// One finding about an argument.
    pub(crate) fn argument(name: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::BadInput(Diagnostic::error(Place::file(name), message).hint(hint).into())
    }
}

impl From<Diagnostics> for Error {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::BadInput(diagnostics)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadInput(diagnostics) => write!(f, "{diagnostics}"),
            Self::Unsupported(text) | Self::Failed(text) => write!(f, "{text}"),
            Self::Interrupted => write!(f, "interrupted"),
        }
    }
}

impl std::error::Error for Error {}
