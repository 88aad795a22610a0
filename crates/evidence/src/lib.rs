//! Statements about signals, and the papers for and against them.
//!
//! A [`Statement`] is one sentence of biology ("ucOCN increases muscle mass"); its [`EvidenceItem`]s are what single
//! papers found about it, each with a [`Stance`] and a [`Tier`]. Contested statements carry both sides in one place.
//! [`read()`] takes every `*.evidence.toml` and every `*.bib` of a tree.

mod read;
mod reference;
mod statement;

pub use read::read;
pub use reference::Reference;
pub use statement::{Effect, EvidenceItem, Reading, Stance, Statement, Tier};

use std::collections::BTreeMap;

/// All statements and references of a biology.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// In the order of files and of writing.
    pub statements: Vec<Statement>,
    /// By citation key.
    pub references: BTreeMap<String, Reference>,
    /// False when a file of references or statements could not be read, so that a missing name proves nothing.
    pub complete: bool,
}

impl Evidence {
    /// The statement with this id.
    pub fn statement(&self, id: &str) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.id == id)
    }

    /// The reference with this citation key.
    pub fn reference(&self, key: &str) -> Option<&Reference> {
        self.references.get(key)
    }

    /// Every statement whose subject, object or own id is `id`.
    pub fn about(&self, id: &str) -> Vec<&Statement> {
        self.statements
            .iter()
            .filter(|statement| statement.id == id || statement.subject == id || statement.object == id)
            .collect()
    }
}
