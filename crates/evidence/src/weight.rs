//! How much speaks for and against a statement, counted by paper and by independent group.

use crate::{Evidence, GroupOrigin, Reading, Reference, Stance, Statement, Tier};
use std::collections::{BTreeMap, BTreeSet};

/// What speaks for and against a statement. A measure of what is known, never the size of an effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Findings for it.
    pub supports: Side,
    /// Findings of the opposite, and of no effect.
    pub against: Side,
    /// Papers left out because they were withdrawn.
    pub retracted: usize,
    /// Papers of which no author is known, or whose list of authors is cut, so that their group is a guess.
    pub groups_guessed: usize,
}

/// One side of a statement.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Side {
    /// Different papers.
    pub papers: usize,
    /// Different groups, each with its strongest tier, in the order of their names.
    pub groups: Vec<(String, Tier)>,
    /// The strongest tier.
    pub best: Option<Tier>,
    /// Papers read for the finding, among `papers`.
    pub read: usize,
}

/// A single group in living animals: so much is needed before a one-sided balance comes near 1.
const DOUBT: f64 = 3.0;

/// What one group adds, by its strongest tier: 5 for a trial in people down to 1 for an inference.
fn points(tier: Tier) -> f64 {
    match tier {
        Tier::T1 => 5.0,
        Tier::T2 => 4.0,
        Tier::T3 => 3.0,
        Tier::T4 => 2.0,
        Tier::T5 => 1.0,
    }
}

impl Side {
    /// The sum of what its groups add.
    pub fn points(&self) -> f64 {
        // An empty sum of floats is -0, which nobody wants to read.
        self.groups.iter().map(|(_, tier)| points(*tier)).fold(0.0, |sum, it| sum + it)
    }
}

impl Weight {
    /// `(for - against) / (for + against + 3)` in points: between -1 and 1, 0 when both sides weigh the same.
    pub fn balance(&self) -> f64 {
        let (supports, against) = (self.supports.points(), self.against.points());
        (supports - against) / (supports + against + DOUBT)
    }
}

impl Evidence {
    /// Weighs a statement: several sentences of a paper count once on a side, and so do several papers of a group.
    /// Withdrawn papers do not count.
    pub fn weigh(&self, statement: &Statement) -> Weight {
        let mut weight =
            Weight { supports: Side::default(), against: Side::default(), retracted: 0, groups_guessed: 0 };
        let (mut retracted, mut guessed) = (BTreeSet::new(), BTreeSet::new());
        for supports in [true, false] {
            let mut papers: BTreeMap<&str, bool> = BTreeMap::new();
            let mut groups: BTreeMap<String, Tier> = BTreeMap::new();
            for item in statement.evidence.iter().filter(|it| (it.stance == Stance::Supports) == supports) {
                let reference = self.reference(&item.reference);
                if reference.is_some_and(|it| it.retracted) {
                    retracted.insert(&item.reference);
                    continue;
                }
                let group = reference.map(Reference::group);
                if group.as_ref().is_none_or(|it| !matches!(it.origin, GroupOrigin::Stated | GroupOrigin::LastAuthor)) {
                    guessed.insert(&item.reference);
                }
                *papers.entry(&item.reference).or_default() |= item.reading == Reading::Read;
                let group = group.map_or_else(|| item.reference.clone(), |it| it.name);
                let best = groups.entry(group).or_insert(item.tier);
                *best = (*best).min(item.tier);
            }
            let side = Side {
                papers: papers.len(),
                best: groups.values().min().copied(),
                groups: groups.into_iter().collect(),
                read: papers.values().filter(|read| **read).count(),
            };
            if supports {
                weight.supports = side;
            } else {
                weight.against = side;
            }
        }
        (weight.retracted, weight.groups_guessed) = (retracted.len(), guessed.len());
        weight
    }

    /// The statements that have papers on both sides, the most evenly divided first; withdrawn papers do not count.
    pub fn contested(&self) -> Vec<&Statement> {
        let is_divided = |weight: &Weight| weight.supports.papers > 0 && weight.against.papers > 0;
        let mut divided: Vec<(f64, &Statement)> = self
            .statements
            .iter()
            .map(|statement| (self.weigh(statement), statement))
            .filter(|(weight, _)| is_divided(weight))
            .map(|(weight, statement)| (weight.balance().abs(), statement))
            .collect();
        divided.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        divided.into_iter().map(|(_, statement)| statement).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::read;
    use source::SourceTree;

    const BIB: &str = "\
        @article{li_2021, author={Li, G and Xu, Huiyun}, title={A}, year=2021}\n\
        @article{li_2022, author={Li, G and Xu, Huiyun}, title={B}, year=2022}\n\
        @article{cut_2005, author={Cherian, P and others}, title={C}, year=2005}\n\
        @article{bad_2001, author={Bad, A}, title={D}, year=2001, keywords={retracted}}\n";

    fn item(reference: &str, stance: &str, tier: &str, system: &str) -> String {
        format!(
            "[[statement.evidence]]\nreference = \"{reference}\"\nstance = \"{stance}\"\ntier = \"{tier}\"\n\
             organism = \"mouse\"\nsystem = \"{system}\"\nfinding = \"retracted or not\"\nreading = \"read\"\n"
        )
    }

    fn weigh(items: &[String]) -> crate::Weight {
        let mut tree = SourceTree::new();
        tree.insert("a.bib", BIB);
        tree.insert(
            "a.evidence.toml",
            &format!(
                "[[thing]]\nid = \"a\"\nname = \"A\"\nkind = \"process\"\n\n[[statement]]\nid = \"s\"\nsubject = \"a\"\n\
                 effect = \"increases\"\nobject = \"a\"\ndirection = \"within_bone\"\n{}",
                items.concat()
            ),
        );
        let (evidence, findings) = read(&tree);
        assert!(!findings.has_errors(), "{findings}");
        evidence.weigh(&evidence.statements[0])
    }

    #[test]
    fn two_sentences_of_a_paper_and_two_papers_of_a_group_count_once() {
        let weight = weigh(&[
            item("li_2021", "supports", "T4", "cells"),
            item("li_2021", "supports", "T3", "mice"),
            item("li_2022", "supports", "T3", "mice"),
            item("cut_2005", "no_effect", "T4", "cells"),
        ]);
        assert_eq!((weight.supports.papers, weight.supports.groups.len()), (2, 1));
        assert_eq!((weight.against.papers, weight.against.groups.len(), weight.groups_guessed), (1, 1, 1));
        // 3 points for, 2 against: (3 - 2) / (3 + 2 + 3).
        assert_eq!(weight.balance(), 0.125);
    }

    #[test]
    fn withdrawn_work_has_no_weight() {
        let weight =
            weigh(&[item("bad_2001", "supports", "T1", "people"), item("li_2021", "contradicts", "T3", "mice")]);
        assert_eq!((weight.supports.papers, weight.against.papers, weight.retracted), (0, 1, 1));
        assert_eq!(weight.balance(), -0.5);
    }
}
