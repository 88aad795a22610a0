//! What the levels and versions of SBML take for granted when a file is silent.

/// Level and version of SBML, as `level="2" version="4"` at the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) level: u32,
    pub(crate) version: u32,
}

impl Level {
    /// Level 2 has predefined units (`substance`, `volume`, ...) and default values; in Level 3 the file must say all of
    /// them.
    pub(crate) fn has_defaults(self) -> bool {
        self.level < 3
    }

    /// A species in a compartment without dimensions has no concentration, so its name means an amount. Level 3 dropped
    /// the rule: there a compartment of any dimensions may have a size.
    pub(crate) fn points_have_no_size(self) -> bool {
        self.level < 3
    }

    /// Level 3 Version 2 lets a rule, an assignment and so on be without its formula, and then without effect.
    pub(crate) fn math_may_be_missing(self) -> bool {
        self.level == 3 && self.version >= 2
    }

    /// True for the levels and versions that exist.
    pub(crate) fn exists(self) -> bool {
        matches!((self.level, self.version), (1, 1..=2) | (2, 1..=5) | (3, 1..=2))
    }
}
