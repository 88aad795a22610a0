//! Whose body the numbers belong to.

use source::words;

words! {
    /// An organism with its own values. Two organisms are one model: the equations are the same, a run never mixes them.
    Organism {
        Human = "human",
        Mouse = "mouse",
    }
}

/// Something that each organism may have its own of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct PerOrganism<T> {
    pub human: Option<T>,
    pub mouse: Option<T>,
}

impl<T> PerOrganism<T> {
    /// Nothing for any organism.
    pub const fn none() -> Self {
        Self { human: None, mouse: None }
    }

    /// What one organism has.
    pub fn get(&self, organism: Organism) -> Option<&T> {
        match organism {
            Organism::Human => self.human.as_ref(),
            Organism::Mouse => self.mouse.as_ref(),
        }
    }

    /// Gives one organism its own.
    pub fn set(&mut self, organism: Organism, value: T) {
        match organism {
            Organism::Human => self.human = Some(value),
            Organism::Mouse => self.mouse = Some(value),
        }
    }

    /// Organisms that have one, with it.
    pub fn iter(&self) -> impl Iterator<Item = (Organism, &T)> {
        Organism::ALL.iter().filter_map(|&organism| self.get(organism).map(|value| (organism, value)))
    }

    /// True when no organism has one.
    pub fn is_empty(&self) -> bool {
        self.human.is_none() && self.mouse.is_none()
    }
}

impl<T: Clone> PerOrganism<T> {
    /// The same for every organism.
    pub fn same(value: T) -> Self {
        Self { human: Some(value.clone()), mouse: Some(value) }
    }
}
