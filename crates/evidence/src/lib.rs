//! Statements about signals, and the papers for and against them.
//!
//! A [`Statement`] is one sentence of biology ("ucOCN increases muscle mass") about two [`Thing`]s; its
//! [`EvidenceItem`]s are what single papers found about it, each with a [`Stance`] and a [`Tier`]. Contested statements
//! carry both sides in one place. A thing that passes from cell to cell is a signal and has a [`Card`]: who makes it,
//! how it leaves, how it travels, what it binds.
//!
//! [`read()`] takes every `*.evidence.toml`, every `*.bib` and `map/layout.toml` of a tree. What was read can be
//! searched ([`Evidence::search`]), weighed ([`Evidence::weigh`]) and followed from thing to thing
//! ([`Evidence::paths`]).

mod check;
mod identifier;
mod layout;
mod paths;
mod read;
mod reference;
mod search;
mod statement;
mod thing;
mod weight;

pub use identifier::Identifier;
pub use layout::{Layout, PAGE, PATH as LAYOUT_PATH, Panel, Spot};
pub use paths::{Path, PathLimits, Reason, Step};
pub use read::read;
pub use reference::{Checked, Group, GroupOrigin, Reference};
pub use search::Query;
pub use statement::{Direction, Effect, EvidenceItem, Reading, Size, Stance, Statement, Tier};
pub use thing::{Card, Route, Thing, ThingKind, Travel};
pub use weight::{Side, Weight};

use std::collections::BTreeMap;

/// All statements, the things they are about, and references of a biology.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// In the order of files and of writing.
    pub statements: Vec<Statement>,
    /// In the order of files and of writing.
    pub things: Vec<Thing>,
    /// By citation key.
    pub references: BTreeMap<String, Reference>,
    /// Where things stand on the map.
    pub layout: Layout,
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

    /// The thing with this id.
    pub fn thing(&self, id: &str) -> Option<&Thing> {
        self.things.iter().find(|thing| thing.id == id)
    }

    /// The thing a person means: by id, or by another word for it, in capitals or not.
    pub fn find_thing(&self, word: &str) -> Option<&Thing> {
        let same = |other: &str| other.eq_ignore_ascii_case(word);
        self.thing(word)
            .or_else(|| self.things.iter().find(|it| same(&it.id) || it.also.iter().any(|also| same(also))))
            .or_else(|| self.things.iter().find(|it| same(&it.name)))
    }

    /// The things that pass from cell to cell, with their cards.
    pub fn signals(&self) -> impl Iterator<Item = (&Thing, &Card)> {
        self.things.iter().filter_map(|thing| thing.card.as_ref().map(|card| (thing, card)))
    }

    /// Every statement whose subject, object or own id is `id`.
    pub fn about(&self, id: &str) -> Vec<&Statement> {
        self.statements
            .iter()
            .filter(|statement| statement.id == id || statement.subject.value == id || statement.object.value == id)
            .collect()
    }
}
