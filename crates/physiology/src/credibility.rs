//! What the model is for, and how well it keeps the rules of credible practice: `credibility.toml`.

use source::{Place, words};

/// The Ten Rules of credible practice (doi:10.1186/s12967-020-02540-4), by their number less one.
pub const TEN_RULES: [&str; 10] = [
    "Define context clearly",
    "Use contextually appropriate data",
    "Evaluate within context",
    "List limitations explicitly",
    "Use version control",
    "Document appropriately",
    "Disseminate broadly",
    "Get independent reviews",
    "Test competing implementations",
    "Conform to standards",
];

words! {
    /// How well a rule is kept, on the scale of the rubric (doi:10.1371/journal.pone.0313711), from 0 to 4.
    Conformance {
        Insufficient = "insufficient",
        Partial = "partial",
        Adequate = "adequate",
        Extensive = "extensive",
        Comprehensive = "comprehensive",
    }
}

impl Conformance {
    /// 0 to 4.
    pub fn score(self) -> usize {
        Self::ALL.iter().position(|it| *it == self).unwrap_or(0)
    }
}

/// What `credibility.toml` says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Credibility {
    /// What the model is asked.
    pub question: String,
    /// What answers may be used for.
    pub uses: Vec<String>,
    /// What they must not be used for.
    pub misuses: Vec<String>,
    /// One for each of the [`TEN_RULES`], in their order.
    pub rules: Vec<KeptRule>,
}

/// How well one of the ten rules is kept, by our own judgment.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptRule {
    /// 1 to 10.
    pub number: usize,
    #[allow(missing_docs)]
    pub conformance: Conformance,
    /// Why not less.
    pub reason: String,
    /// What is missing; why not more.
    pub missing: String,
    /// Where to look: commands and files.
    pub see: Vec<String>,
    /// Where it is written.
    pub place: Place,
}
