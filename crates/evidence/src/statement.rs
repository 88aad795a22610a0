//! One sentence of biology and what papers found about it.

use crate::Route;
use source::{Place, Placed, words};
use units::Quantity;

/// One sentence of biology: subject, effect, object.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Unique name.
    pub id: String,
    /// The thing that acts.
    pub subject: Placed<String>,
    /// How.
    pub effect: Effect,
    /// The thing it acts on.
    pub object: Placed<String>,
    /// Between which tissues.
    pub direction: Direction,
    /// How the signal leaves its cell here, where the signal's card does not say it.
    pub route: Option<Route>,
    /// Receptors or channels that were shown to be needed.
    pub through: Vec<Placed<String>>,
    /// A remark, in our words.
    pub note: Option<String>,
    /// Why no record of the model rests on it; absent when one does.
    pub not_modeled: Option<String>,
    /// What single papers found.
    pub evidence: Vec<EvidenceItem>,
    /// Where it is written.
    pub place: Place,
}

impl Statement {
    /// The best tier among the papers that support the statement.
    pub fn tier(&self) -> Option<Tier> {
        self.evidence.iter().filter(|item| item.stance == Stance::Supports).map(|item| item.tier).min()
    }

    /// True when some papers support the statement and others contradict it or found no effect.
    pub fn is_contested(&self) -> bool {
        let supported = self.evidence.iter().any(|item| item.stance == Stance::Supports);
        supported && self.evidence.iter().any(|item| item.stance != Stance::Supports)
    }
}

/// What one paper found about a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceItem {
    /// Citation key of the paper.
    pub reference: String,
    /// Which side it is on.
    pub stance: Stance,
    /// How strong this kind of finding is.
    pub tier: Tier,
    /// The organism that was studied.
    pub organism: String,
    /// The experimental system, if it matters.
    pub system: Option<String>,
    /// What was found, in our words, with effect size, dose, time, n where known.
    pub finding: String,
    /// The sizes that were published.
    pub sizes: Vec<Size>,
    /// Whether the paper was read for this, or the finding is known from elsewhere.
    pub reading: Reading,
    /// Where it is written.
    pub place: Place,
}

/// The size of an effect as a paper gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    /// What changed, and against what.
    pub of: String,
    /// A change in percent, a ratio to the control when without unit, otherwise an amount.
    pub value: Quantity,
}

words! {
    /// What a subject does to an object.
    Effect {
        /// More of the subject, more of the object.
        Increases = "increases",
        /// More of the subject, less of the object.
        Decreases = "decreases",
        /// The subject leaves the object as it is.
        NoEffect = "no_effect",
        /// The subject lets the object out.
        Releases = "releases",
        /// The subject binds the object.
        Binds = "binds",
        /// The subject transports the object.
        Carries = "carries",
        /// The subject needs the object.
        Requires = "requires",
    }
}

words! {
    /// Between which tissues a statement or link runs.
    Direction {
        /// A signal of bone acts on muscle.
        BoneToMuscle = "bone_to_muscle",
        /// A signal of muscle acts on bone.
        MuscleToBone = "muscle_to_bone",
        /// Within bone, or from elsewhere to bone.
        WithinBone = "within_bone",
        /// Within muscle, or from elsewhere to muscle.
        WithinMuscle = "within_muscle",
        /// In the circulation, or in the whole body.
        WholeBody = "whole_body",
    }
}

words! {
    /// Which side a finding is on.
    Stance {
        /// For the statement.
        Supports = "supports",
        /// The opposite was found.
        Contradicts = "contradicts",
        /// Looked for and not found.
        NoEffect = "no_effect",
    }
}

words! {
    /// How strong a kind of finding is, the strongest first.
    Tier {
        /// A trial in people.
        T1 = "T1",
        /// Replicated in living animals.
        T2 = "T2",
        /// A single study in living animals.
        T3 = "T3",
        /// In vitro.
        T4 = "T4",
        /// Inferred.
        T5 = "T5",
    }
}

impl Tier {
    /// What the tier stands for.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::T1 => "trial in people",
            Self::T2 => "replicated in vivo",
            Self::T3 => "single study in vivo",
            Self::T4 => "in vitro",
            Self::T5 => "inferred",
        }
    }
}

words! {
    /// How a finding came into the file.
    Reading {
        /// The paper was read for it.
        Read = "read",
        /// Known from elsewhere; to be read.
        Recalled = "recalled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_tier_is_the_smallest() {
        assert!(Tier::T1 < Tier::T5);
        assert_eq!(Tier::T3.to_string(), "T3");
        assert_eq!(Tier::T4.meaning(), "in vitro");
    }
}
