//! The package `comp`: a model made of submodels, flattened to one model.
//!
//! Follows the flattening procedure of the specification of `comp` Version 1 (section 3.9, doi:10.2390/biecoll-jib-2015-268):
//! every submodel becomes a copy of its model definition ([`hierarchy`]), deletions and replacements strike elements out
//! of the copies and say what stands in their place, and what is left is put together under new names ([`merge`]):
//! element `x` of submodel `a` is called `a__x`. Model definitions may stand in other files ([`library`]).
//!
//! The result is a document without submodels, so the reader of the core never meets one. Every element keeps the place
//! it was written at.

pub(crate) use library::external_paths;

mod hierarchy;
mod library;
mod merge;
#[cfg(test)]
mod tests;

use crate::ReadError;
use crate::xml::Document;
use hierarchy::Hierarchy;
use library::Library;
use source::{SourceFile, SourceTree};

/// The most elements that the copies of all submodels may have together; a few nested definitions could otherwise grow
/// like powers of their number. The largest published models have some hundred thousand.
const MAXIMUM_ELEMENTS: usize = 1_000_000;
/// The deepest nesting of submodels, and the longest chain of files, references or replacements.
const MAXIMUM_CHAIN: usize = 100;

/// The flat model of a document that uses `comp`.
pub(crate) fn flatten(file: &SourceFile, document: Document, others: &SourceTree) -> Result<Document, ReadError> {
    let Some(model) = document.child(document.root(), "model") else { return Ok(document) };
    let (packages, left_out) = (document.packages.clone(), document.left_out.clone());
    let mut library = Library::new(file, document, others);
    let hierarchy = Hierarchy::of(&mut library, model)?;
    let mut flat = merge::merge(&hierarchy, &library)?;
    flat.packages = packages;
    flat.left_out.extend(left_out);
    Ok(flat)
}
