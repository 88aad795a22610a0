//! How one thing reaches another, statement by statement.

use crate::{Effect, Evidence, Statement, Tier};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathLimits {
    /// Most steps of a path.
    pub steps: usize,
    /// Most paths, the best of them.
    pub paths: usize,
}

/// A chain of steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Path<'a> {
    /// In order; what one step ends with the next begins with.
    pub steps: Vec<Step<'a>>,
    /// The weakest tier among the steps that rest on evidence; `None` when all follow by definition.
    pub weakest: Option<Tier>,
    /// The smallest number of independent groups behind a step that rests on evidence.
    pub groups: usize,
    /// More of the first makes more of the last (`true`) or less (`false`); `None` when a step leaves it open.
    pub sign: Option<bool>,
}

/// From one thing to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<'a> {
    /// Id of the thing it starts from.
    pub from: &'a str,
    /// Id of the thing it ends with.
    pub to: &'a str,
    /// Why the second follows the first.
    pub reason: Reason<'a>,
    /// More makes more (`true`) or less (`false`); `None` when not known, or when statements disagree.
    pub sign: Option<bool>,
}

/// Why one thing follows another.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason<'a> {
    /// It does so by definition: fiber area and muscle mass.
    Definition,
    /// Statements say so, each with support; the best supported first.
    Statements(Vec<&'a Statement>),
}

impl Step<'_> {
    /// The best tier behind it; `None` for a definition.
    pub fn tier(&self) -> Option<Tier> {
        match &self.reason {
            Reason::Definition => None,
            Reason::Statements(statements) => statements.iter().filter_map(|it| it.tier()).min(),
        }
    }
}

impl Evidence {
    /// The paths from one thing to another that no path repeats a thing on, best first: by their weakest tier, then
    /// the fewer steps, then the more independent groups behind the thinnest step, then by name.
    ///
    /// Only statements with support carry a step; `requires` is followed from what is required. A statement that is
    /// contested carries a step all the same: the caller shows it.
    pub fn paths(&self, from: &str, to: &str, limits: PathLimits) -> Vec<Path<'_>> {
        let steps = self.steps();
        let Some(start) = steps.keys().find(|id| **id == from) else { return Vec::new() };
        let near = distances_to(to, &steps);
        let mut found = Vec::new();
        let mut trail =
            Trail { evidence: self, steps: &steps, near: &near, to, limits, visited: BTreeSet::from([*start]) };
        trail.follow(start, &mut Vec::new(), &mut found);
        found.sort_by_cached_key(|path| {
            let names: Vec<&str> = path.steps.iter().map(|step| step.to).collect();
            (path.weakest, path.steps.len(), Reverse(path.groups), names)
        });
        found.truncate(limits.paths);
        found
    }

    /// Every step that can be taken, by where it starts, then by where it ends.
    fn steps(&self) -> BTreeMap<&str, Vec<Step<'_>>> {
        let mut said: BTreeMap<(&str, &str), Vec<&Statement>> = BTreeMap::new();
        for it in self.statements.iter().filter(|it| self.weigh(it).supports.papers > 0) {
            let (subject, object) = (it.subject.as_str(), it.object.as_str());
            let ends = match it.effect {
                Effect::NoEffect => continue,
                Effect::Requires => (object, subject),
                _ => (subject, object),
            };
            if ends.0 != ends.1 {
                said.entry(ends).or_default().push(it);
            }
        }
        let mut steps: BTreeMap<&str, Vec<Step>> = BTreeMap::new();
        for ((from, to), mut statements) in said {
            statements.sort_by(|a, b| self.weigh(b).balance().total_cmp(&self.weigh(a).balance()));
            let sign = one_sign(statements.iter().map(|it| sign(it.effect)));
            steps.entry(from).or_default().push(Step { from, to, reason: Reason::Statements(statements), sign });
        }
        for thing in &self.things {
            for (others, sign) in [(&thing.rises_with, true), (&thing.falls_with, false)] {
                for other in others {
                    let step = Step { from: other, to: &thing.id, reason: Reason::Definition, sign: Some(sign) };
                    steps.entry(other).or_default().push(step);
                }
            }
        }
        steps
    }

    fn path<'a>(&self, steps: &[Step<'a>]) -> Path<'a> {
        let groups = |step: &Step| match &step.reason {
            Reason::Definition => None,
            Reason::Statements(statements) => {
                let names: BTreeSet<String> = statements
                    .iter()
                    .flat_map(|it| self.weigh(it).supports.groups.into_iter().map(|(name, _)| name))
                    .collect();
                Some(names.len())
            }
        };
        Path {
            steps: steps.to_vec(),
            weakest: steps.iter().filter_map(Step::tier).max(),
            groups: steps.iter().filter_map(groups).min().unwrap_or(0),
            sign: steps.iter().try_fold(true, |product, step| step.sign.map(|sign| product == sign)),
        }
    }
}

/// A walk that visits nothing twice.
struct Trail<'e, 's> {
    evidence: &'e Evidence,
    steps: &'s BTreeMap<&'e str, Vec<Step<'e>>>,
    near: &'s BTreeMap<&'e str, usize>,
    to: &'s str,
    limits: PathLimits,
    visited: BTreeSet<&'e str>,
}

/// Far more than anybody reads; keeps a dense map from running away.
const MOST_WALKS: usize = 50_000;

impl<'e> Trail<'e, '_> {
    fn follow(&mut self, at: &'e str, walked: &mut Vec<Step<'e>>, found: &mut Vec<Path<'e>>) {
        let Some(steps) = self.steps.get(at) else { return };
        for step in steps {
            let reaches = self.near.get(step.to).is_some_and(|left| walked.len() + 1 + left <= self.limits.steps);
            if !reaches || found.len() >= MOST_WALKS || !self.visited.insert(step.to) {
                continue;
            }
            walked.push(step.clone());
            if step.to == self.to {
                found.push(self.evidence.path(walked));
            } else {
                self.follow(step.to, walked, found);
            }
            walked.pop();
            self.visited.remove(step.to);
        }
    }
}

/// The fewest steps from each thing to `to`, so that no walk is begun that cannot arrive.
fn distances_to<'e>(to: &str, steps: &BTreeMap<&'e str, Vec<Step<'e>>>) -> BTreeMap<&'e str, usize> {
    let all = || steps.values().flatten();
    let mut near: BTreeMap<&str, usize> = all().filter(|step| step.to == to).map(|step| (step.to, 0)).collect();
    for left in 0..steps.len() {
        let reached: Vec<&str> = all().filter(|step| near.get(step.to) == Some(&left)).map(|step| step.from).collect();
        if reached.is_empty() {
            break;
        }
        for from in reached {
            near.entry(from).or_insert(left + 1);
        }
    }
    near
}

/// The sign of an effect: `true` for more makes more.
fn sign(effect: Effect) -> Option<bool> {
    match effect {
        Effect::Increases | Effect::Releases | Effect::Requires | Effect::Carries => Some(true),
        Effect::Decreases => Some(false),
        Effect::NoEffect | Effect::Binds => None,
    }
}

fn one_sign(signs: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let signs: BTreeSet<Option<bool>> = signs.collect();
    if signs.len() == 1 { signs.into_iter().next().flatten() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::SourceTree;

    const BIB: &str = "@article{one_2001, author={One, A}, title={T}, year=2001}\n\
                       @article{two_2002, author={Two, B}, title={T}, year=2002}\n";

    fn statement(subject: &str, effect: &str, object: &str, items: &[(&str, &str)]) -> String {
        let mut text = format!(
            "[[statement]]\nid = \"{subject}_{effect}_{object}\"\nsubject = \"{subject}\"\neffect = \"{effect}\"\n\
             object = \"{object}\"\ndirection = \"bone_to_muscle\"\n"
        );
        for (reference, tier) in items {
            text += &format!(
                "[[statement.evidence]]\nreference = \"{reference}\"\nstance = \"supports\"\ntier = \"{tier}\"\n\
                 organism = \"mouse\"\nfinding = \"so\"\nreading = \"read\"\n"
            );
        }
        text
    }

    /// `channel` reaches `mass` in three ways.
    fn evidence() -> Evidence {
        let mut text: String = ["channel", "lipid", "hormone"]
            .map(|id| format!("[[thing]]\nid = \"{id}\"\nname = \"{id}\"\nkind = \"process\"\n\n"))
            .concat();
        text += "[[thing]]\nid = \"mass\"\nname = \"mass\"\nkind = \"process\"\nfalls_with = [\"breakdown\"]\n\n\
                 [[thing]]\nid = \"breakdown\"\nname = \"breakdown\"\nkind = \"process\"\n\n";
        text += &statement("channel", "releases", "lipid", &[("one_2001", "T3")]);
        text += &statement("lipid", "increases", "mass", &[("one_2001", "T4")]);
        text += &statement("channel", "increases", "hormone", &[("one_2001", "T3"), ("two_2002", "T3")]);
        text += &statement("hormone", "decreases", "breakdown", &[("one_2001", "T3"), ("two_2002", "T4")]);
        text += &statement("mass", "requires", "hormone", &[("one_2001", "T3")]);
        text += &statement("lipid", "no_effect", "breakdown", &[("one_2001", "T1")]);
        let mut tree = SourceTree::new();
        tree.insert("a.bib", BIB);
        tree.insert("a.evidence.toml", &text);
        let (evidence, findings) = crate::read(&tree);
        assert_eq!(findings.to_string(), "");
        evidence
    }

    fn shown(from: &str, to: &str, steps: usize) -> Vec<String> {
        let evidence = evidence();
        let paths = evidence.paths(from, to, PathLimits { steps, paths: 9 });
        let text = |path: &Path| {
            let names: Vec<&str> = path.steps.iter().map(|step| step.to).collect();
            let weakest = path.weakest.map_or("-".to_string(), |tier| tier.to_string());
            format!("{} {weakest} {} {:?}", names.join(" "), path.groups, path.sign)
        };
        paths.iter().map(text).collect()
    }

    #[test]
    fn the_weakest_tier_ranks_before_the_length() {
        assert_eq!(
            shown("channel", "mass", 6),
            [
                // What requires something is reached from it; two steps of T3.
                "hormone mass T3 1 Some(true)",
                // Less breakdown is more mass; three steps, the thinnest with two groups.
                "hormone breakdown mass T3 2 Some(true)",
                "lipid mass T4 1 Some(true)",
            ]
        );
    }

    #[test]
    fn a_limit_of_steps_and_what_cannot_be_reached() {
        assert_eq!(shown("channel", "mass", 2).len(), 2);
        assert!(shown("mass", "channel", 6).is_empty());
        assert!(shown("nothing", "mass", 6).is_empty());
        // No effect is no way.
        assert!(shown("lipid", "breakdown", 6).is_empty());
    }

    #[test]
    fn a_definition_has_no_tier() {
        assert_eq!(shown("breakdown", "mass", 1), ["mass - 0 Some(false)"]);
    }
}
