//! One sentence of biology and what papers found about it.

use source::{Place, words};

/// One sentence of biology: subject, effect, object.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Unique name.
    pub id: String,
    /// What acts.
    pub subject: String,
    /// How.
    pub effect: Effect,
    /// On what.
    pub object: String,
    /// A remark, in our words.
    pub note: Option<String>,
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
    /// What was found, in our words, with effect size, dose, time and n where known.
    pub finding: String,
    /// Whether the paper was read for this, or the finding is known from elsewhere.
    pub reading: Reading,
    /// Where it is written.
    pub place: Place,
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
