//! What is done to a model, apart from the model itself: what Myokit calls a protocol, PEtab a condition.

use crate::SymbolIndex;

/// Values that differ from the model's own, and changes at given times.
///
/// One network serves every condition; none of this recompiles anything. Times are in the model's unit of time, values
/// in the unit of the symbol ([`crate::Symbol::unit`]; for a species, of its amount or concentration as its name means).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Condition {
    /// Values in force before time starts. They replace the symbol's value or its initial assignment, and initial
    /// assignments of other symbols see them.
    pub initial: Vec<(SymbolIndex, f64)>,
    /// Changes during the run, in order of time; those at one time are carried out in the order of the list.
    pub changes: Vec<Change>,
}

/// One change at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// When, in the model's unit of time.
    pub time: f64,
    /// A parameter, compartment or species that no assignment rule defines.
    pub target: SymbolIndex,
    /// What happens to it.
    pub action: Action,
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action {
    /// The symbol takes this value.
    Set(f64),
    /// The symbol grows by this value, as by a dose.
    Add(f64),
}
