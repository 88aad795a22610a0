//! From draft to network: every rule of the model is looked at once, here.

mod algebraic;
mod flux_balance;
mod functions;
mod names;
mod order;
mod roles;
mod sites;
#[cfg(test)]
pub(crate) mod tests;
mod units;
mod values;

use crate::{Draft, Network};
pub(crate) use order::Order;
pub(crate) use roles::Definitions;
use source::{Diagnostic, Diagnostics, Place, Severity};

/// What to do about units that do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitPolicy {
    /// A misfit or a missing unit is an error: our own files.
    Strict,
    /// A misfit is a warning, a missing unit is nothing: SBML, whose units may be left out.
    Warn,
}

impl UnitPolicy {
    /// What SBML allows but nobody means is an error in our own files and a warning elsewhere.
    fn doubt(self, place: &Place, message: impl Into<String>) -> Diagnostic {
        let severity = match self {
            Self::Strict => Severity::Error,
            Self::Warn => Severity::Warning,
        };
        Diagnostic { severity, ..Diagnostic::error(place.clone(), message) }
    }
}

/// See [`Draft::check`]. Later parts work on what earlier ones could make sense of, so that all findings come at once.
pub(crate) fn check(mut draft: Draft, policy: UnitPolicy) -> Result<(Network, Diagnostics), Diagnostics> {
    let mut findings = Diagnostics::new();
    let mut names = names::Names::of(&draft, &mut findings);
    functions::put_in_place(&mut draft, &mut findings);
    let sites = sites::sites(&draft);
    let mut used = names::check_names(&draft, &names, &sites, policy, &mut findings);
    let mut definitions = Definitions::of(&draft, &names, &mut findings);
    algebraic::match_rules(&draft, &names, &mut definitions, policy, &mut findings);
    flux_balance::check(&draft, &names, &definitions, &mut used, policy, &mut findings);
    values::check_numbers(&draft, policy, &mut findings);
    values::check_given(&draft, &names, &definitions, &used, policy, &mut findings);
    let order = Order::of(&draft, &names, &definitions, &mut findings);
    names.set_units(units::symbol_units(&draft, &names));
    units::check_units(&draft, &names, &sites, policy, &mut findings);
    let (draft, findings) = findings.into_result(draft)?;
    Ok((Network::new(draft, names.symbols, definitions, order), findings))
}
