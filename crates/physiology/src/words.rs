//! Words of closed lists: they read from and print as what is written in files.

use std::fmt;

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in files.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

words! {
    /// Where a number comes from.
    Basis {
        /// Read off an experiment.
        Measured = "measured",
        /// Computed from other numbers.
        Derived = "derived",
        /// Estimated by fitting a model to data.
        Fitted = "fitted",
        /// Chosen by us, with a plausible range.
        Assumed = "assumed",
        /// As printed in a published model that is kept as it is, apart from the reference model.
        Published = "published",
    }
}

words! {
    /// Between which tissues a link runs.
    Direction {
        BoneToMuscle = "bone_to_muscle",
        MuscleToBone = "muscle_to_bone",
        WithinBone = "within_bone",
        WithinMuscle = "within_muscle",
    }
}

words! {
    /// What carries a link.
    LinkKind {
        Endocrine = "endocrine",
        Paracrine = "paracrine",
        Mechanical = "mechanical",
        Vesicle = "vesicle",
    }
}

words! {
    /// Where a readout belongs.
    Tissue {
        Bone = "bone",
        Muscle = "muscle",
        Circulation = "circulation",
    }
}

words! {
    /// How a molecule leaves the cell that makes it.
    Release {
        Secretion = "secretion",
        Hemichannel = "hemichannel",
        GapJunction = "gap_junction",
        Vesicle = "vesicle",
        Resorption = "resorption",
        Shed = "shed",
        NotApplicable = "not_applicable",
    }
}

words! {
    /// What the end of a run is compared with.
    Compare {
        /// Each arm with its own day 0.
        Baseline = "baseline",
        /// Later arms with the first.
        Arms = "arms",
    }
}
