//! What statements are about: signals, cells, receptors, processes.

use crate::{Direction, Identifier};
use source::{Place, Placed, words};

/// Something a statement can be about: one word for it, wherever it is met.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    /// Unique name.
    pub id: String,
    /// For people.
    pub name: String,
    /// What sort of thing it is.
    pub kind: ThingKind,
    /// Other words that find it: gene symbols, abbreviations.
    pub also: Vec<String>,
    /// Names in databases that do not depend on the organism.
    pub identifiers: Vec<Identifier>,
    /// Names of the human gene and protein.
    pub human: Vec<Identifier>,
    /// Names of the mouse ortholog.
    pub mouse: Vec<Identifier>,
    /// Things whose rise is by definition a rise of this one: fiber area for muscle mass.
    pub rises_with: Vec<Placed<String>>,
    /// Things whose rise is by definition a fall of this one: protein breakdown for muscle mass.
    pub falls_with: Vec<Placed<String>>,
    /// How it passes from cell to cell; only signals have one.
    pub card: Option<Card>,
    /// A remark, in our words.
    pub note: Option<String>,
    /// Where it is written.
    pub place: Place,
}

impl Thing {
    /// Every identifier: general, human, mouse.
    pub fn all_identifiers(&self) -> impl Iterator<Item = &Identifier> {
        self.identifiers.iter().chain(&self.human).chain(&self.mouse)
    }
}

/// How a signal passes from cell to cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Between which tissues it is best known; its place on the map.
    pub direction: Direction,
    /// Cells that make it.
    pub made_by: Vec<Placed<String>>,
    /// How it leaves them, the main way first.
    pub leaves_by: Vec<Route>,
    /// How it gets to its receptor, the main way first.
    pub travels_by: Vec<Travel>,
    /// What it binds; empty when unknown.
    pub receptors: Vec<Placed<String>>,
    /// Cells it acts on.
    pub acts_on: Vec<Placed<String>>,
    /// What removes it.
    pub cleared_by: Option<String>,
}

words! {
    /// What sort of thing a statement is about.
    ThingKind {
        /// What one cell sends and another receives.
        Signal = "signal",
        /// A kind of cell, or a part of it.
        Cell = "cell",
        /// A tissue or organ.
        Tissue = "tissue",
        /// What a signal binds.
        Receptor = "receptor",
        /// A channel by which signals leave or pass.
        Channel = "channel",
        /// Something that happens or can be measured: a mass, a force, a differentiation.
        Process = "process",
        /// What happens to a whole body: age, exercise, disuse.
        Condition = "condition",
        /// What is given.
        Drug = "drug",
        /// A mutation.
        Genotype = "genotype",
        /// An enzyme or other protein that acts within cells.
        Protein = "protein",
    }
}

words! {
    /// How a signal leaves the cell that makes it.
    Route {
        /// By the secretory pathway.
        Secretion = "secretion",
        /// Through connexin or pannexin hemichannels.
        Hemichannel = "hemichannel",
        /// From cell to cell through gap junctions.
        GapJunction = "gap_junction",
        /// In extracellular vesicles.
        Vesicle = "vesicle",
        /// Out of bone matrix, when it is resorbed.
        Resorption = "resorption",
        /// Cut off the cell's surface.
        Shed = "shed",
        /// Through a transporter or by diffusion through the membrane.
        Transport = "transport",
        /// Out of torn cells.
        Leak = "leak",
        /// As force.
        Mechanical = "mechanical",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// How a signal gets from the cell that makes it to the one it acts on.
    Travel {
        /// In blood.
        Blood = "blood",
        /// Through the fluid between neighboring cells or tissues.
        Nearby = "nearby",
        /// From cell to cell by contact.
        Contact = "contact",
        /// Through tendon and bone, as force.
        Force = "force",
        /// Not known.
        Unknown = "unknown",
    }
}
