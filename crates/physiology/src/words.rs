//! Words of closed lists: they read from and print as what is written in files.

use source::words;

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
    /// What the end of a run is compared with.
    Compare {
        /// Each arm with its own day 0.
        Baseline = "baseline",
        /// Later arms with the first.
        Arms = "arms",
    }
}
