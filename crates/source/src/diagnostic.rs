//! What is wrong, where, why, and what to do next.

use crate::Place;
use std::collections::HashSet;
use std::fmt;

/// An error stops the work; a warning comes back with the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The result is there, but something deserves a look.
    Warning,
    /// There is no result.
    Error,
}

/// One finding about a person's text.
///
/// Texts have no full stop after a single sentence; values come after a colon; the hint says what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What happened.
    pub message: String,
    /// The likely reason, if one is known.
    pub reason: Option<String>,
    /// What to do next, if anything can be said.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, place, message: message.into(), reason: None, hint: None }
    }

    /// A warning at a place.
    pub fn warning(place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(place, message) }
    }

    /// Adds the likely reason.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Adds what to do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{word}: {}\n  at {}", self.message, self.place)?;
        if let Some(reason) = &self.reason {
            write!(f, "\n  likely reason: {reason}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// All findings about a text, in the order they were made; many errors are reported at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// No findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Adds all findings of another list.
    pub fn extend(&mut self, other: Diagnostics) {
        self.items.extend(other.items);
    }

    /// True when at least one finding is an error.
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|item| item.severity == Severity::Error)
    }

    /// The findings in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.items.iter()
    }

    /// True when there are no findings.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Each finding once, where it was made first: a file or argument that is read several times says the same again.
    pub fn without_repeats(self) -> Self {
        let mut known = HashSet::new();
        let items = self.items.into_iter().filter(|item| known.insert(item.to_string())).collect();
        Self { items }
    }

    /// The findings in the order of files, lines and columns.
    pub fn in_order_of_places(mut self) -> Self {
        self.items.sort_by(|a, b| a.place.cmp(&b.place));
        self
    }

    /// How many errors and how many warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.items.iter().filter(|item| item.severity == Severity::Error).count();
        (errors, self.items.len() - errors)
    }

    /// `Ok((value, warnings))` without errors, otherwise every finding.
    pub fn into_result<T>(self, value: T) -> Result<(T, Diagnostics), Diagnostics> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { items: vec![diagnostic] }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, item) in self.items.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{item}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Diagnostics};
    use crate::Place;

    #[test]
    fn a_finding_says_where_why_and_what_next() {
        let place = Place::new("bone/osteocyte.model.toml", 41, 1);
        let finding = Diagnostic::error(place, "kinetic law of `x` has unit nmol/L, expected nmol/L/day")
            .because("is a rate constant missing?")
            .hint("multiply by it");
        assert_eq!(
            finding.to_string(),
            "error: kinetic law of `x` has unit nmol/L, expected nmol/L/day\n  at bone/osteocyte.model.toml:41:1\n  \
             likely reason: is a rate constant missing?\n  hint: multiply by it"
        );
    }

    #[test]
    fn warnings_come_back_with_the_result_and_errors_stop_it() {
        let mut findings = Diagnostics::from(Diagnostic::warning(Place::nowhere(), "odd"));
        let (value, warnings) = findings.clone().into_result(3).unwrap();
        assert_eq!((value, warnings.iter().count()), (3, 1));
        findings.push(Diagnostic::error(Place::nowhere(), "wrong"));
        assert_eq!(findings.into_result(3).unwrap_err().iter().count(), 2, "warnings are kept beside errors");
    }
}
