//! Text that people edit: a tree of files, places in them, and diagnostics with hints.
//!
//! The crate never touches a disk. A face reads a folder (or takes the embedded copy) and hands it over as a
//! [`SourceTree`]; everything below works on text and reports [`Diagnostic`]s that name a place in it.

mod diagnostic;
mod record;
mod suggest;
mod tree;
mod word;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use record::{Node, Placed, Record};
pub use suggest::did_you_mean;
pub use tree::{Place, SourceFile, SourceTree};
pub use word::Word;
