//! A model to SBML Level 3.

mod annotation;
mod elements;
mod expressions;
mod flux;
mod math;
mod remarks;
#[cfg(test)]
mod tests;
mod truth;
mod units;
mod xml;

pub use annotation::{Qualifier, annotation, notes};
use elements::Writer;
use network::{Draft, Expression, Function};
pub(crate) use remarks::lost_names;
use source::Place;
use std::fmt;

/// The editions of SBML that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// The one that most programs read. Its mathematics lacks `min`, `max`, `rem`, `quotient`, `implies` and `rateOf`;
    /// a model that has them says so with the package `l3v2extendedmath`.
    Level3Version1,
    /// The newest. It has no fast reactions.
    Level3Version2,
}

impl Edition {
    /// The version within Level 3.
    pub fn version(self) -> u32 {
        match self {
            Self::Level3Version1 => 1,
            Self::Level3Version2 => 2,
        }
    }

    fn namespace(self) -> &'static str {
        match self {
            Self::Level3Version1 => "http://www.sbml.org/sbml/level3/version1/core",
            Self::Level3Version2 => "http://www.sbml.org/sbml/level3/version2/core",
        }
    }
}

/// Why a model cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// A name has a form that SBML does not allow.
    Identifier {
        /// The name.
        id: String,
        /// Where it was written.
        place: Place,
    },
    /// In Level 3 Version 1 a reaction has participants, and this one, which flux balance is about, has none.
    NoParticipants {
        /// The reaction.
        id: String,
        /// Where it was written.
        place: Place,
    },
    /// Level 3 Version 2 has no fast reactions.
    FastReaction {
        /// The reaction.
        id: String,
        /// Where it was written.
        place: Place,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identifier { id, place } => {
                write!(f, "`{id}` cannot be an identifier of SBML\n  at {place}\n  hint: use letters, digits and `_`")
            }
            Self::NoParticipants { id, place } => {
                write!(
                    f,
                    "reaction `{id}` has no participants, which SBML Level 3 Version 1 does not have, and the flux "
                )?;
                write!(f, "balance is about it\n  at {place}\n  hint: write Level 3 Version 2")
            }
            Self::FastReaction { id, place } => {
                write!(
                    f,
                    "reaction `{id}` is fast, which SBML Level 3 Version 2 does not have\n  at {place}\n  hint: "
                )?;
                write!(f, "write Level 3 Version 1, or state the equilibrium as an algebraic rule")
            }
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes a model as SBML Level 3, with the packages `fbc` and `distrib` where it needs them.
///
/// Reading the text gives the same model, but for what SBML says otherwise: observables become parameters with an
/// assignment rule, and so does a stoichiometry that is a formula. In Version 1 a reaction must have a participant; one
/// without is only a name for its rate, and becomes a parameter, too. Numbers are the shortest that read back the same.
///
/// The functions of a draft are written and called; [`network::Network::draft`] gives the model with functions put in
/// place. Whether a draft is sound is for its check to say, not for this.
///
/// ```
/// use sbml::Edition;
/// use source::SourceFile;
/// let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"><model id="decay">
///   <listOfParameters><parameter id="x" value="0.1" constant="false"/></listOfParameters></model></sbml>"#;
/// let file = |text: &str| SourceFile { path: "decay.xml".into(), text: text.into() };
/// let draft = sbml::read(&file(text)).unwrap().0;
/// let written = sbml::write(&draft, Edition::Level3Version1).unwrap();
/// assert!(written.contains(r#"<parameter id="x" value="0.1" constant="false"/>"#));
/// assert_eq!(sbml::read(&file(&written)).unwrap().0.parameters[0].value, Some(0.1));
/// ```
///
/// # Errors
/// [`WriteError`] for names that SBML does not allow, and for fast reactions in Version 2.
pub fn write(draft: &Draft, edition: Edition) -> Result<String, WriteError> {
    if let Some((id, place)) = expressions::names(draft).into_iter().find(|(id, _)| !is_identifier(id)) {
        return Err(WriteError::Identifier { id: id.to_string(), place: place.clone() });
    }
    if edition == Edition::Level3Version2
        && let Some(reaction) = draft.reactions.iter().find(|reaction| reaction.fast)
    {
        return Err(WriteError::FastReaction { id: reaction.id.to_string(), place: reaction.place.clone() });
    }
    if edition == Edition::Level3Version1
        && let Some(question) = &draft.flux_balance
        && let Some(reaction) = draft
            .reactions
            .iter()
            .find(|it| it.reactants.is_empty() && it.products.is_empty() && flux::reactions(question).contains(&it.id))
    {
        return Err(WriteError::NoParticipants { id: reaction.id.to_string(), place: reaction.place.clone() });
    }
    Ok(Writer::new(draft, edition).document())
}

fn is_identifier(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Mathematics that came with Level 3 Version 2.
fn is_extended(expression: &Expression) -> bool {
    use Function::{Implies, Maximum, Minimum, Quotient, Remainder};
    matches!(
        expression,
        Expression::RateOf(_) | Expression::Call(Maximum | Minimum | Quotient | Remainder | Implies, _)
    )
}
