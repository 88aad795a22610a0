//! What one thing is, does and rests on.

use crate::{Biology, Error};

/// A text in sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Name, id and kind.
    pub title: String,
    /// What there is to say, under headings.
    pub sections: Vec<Section>,
}

/// Lines under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// For example `Evidence for`.
    pub heading: String,
    /// One per item; may be long.
    pub lines: Vec<String>,
}

/// Explains a signal, link, parameter, drug, genotype, hypothesis, scenario or quantity.
///
/// # Errors
/// [`Error::BadInput`] with the nearest known ids when nothing has this id.
pub fn explain(_biology: &Biology, id: &str) -> Result<Explanation, Error> {
    Ok(Explanation { title: id.to_string(), sections: vec![] })
}
