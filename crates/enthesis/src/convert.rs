//! A person's own SBML model in another form: newer SBML, one flat model, or its equations to read.

mod equations;
mod page;

use crate::{Error, Model, simulate};
use network::UnitPolicy;
use sbml::{Edition, WriteError};
use source::Diagnostics;

/// What a model is converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// SBML Level 3 Version 2, with the model's functions.
    Level3Version2,
    /// SBML Level 3 Version 1, with the model's functions. It alone has fast reactions.
    Level3Version1,
    /// One SBML model: submodels merged, functions put in place. Level 3 Version 2, or Version 1 when there are fast
    /// reactions.
    Flat,
    /// A page of all equations for a person to read.
    Equations,
}

/// A converted model.
#[derive(Debug, Clone)]
pub struct Converted {
    /// The whole text.
    pub text: String,
    /// What deserves a look in the model, or could not be kept.
    pub warnings: Diagnostics,
}

/// Converts an SBML model.
///
/// Local parameters of kinetic laws become parameters of the model. A model made of submodels is written flat or as
/// equations only.
///
/// # Errors
/// [`Error::BadInput`] says what is wrong with the file; [`Error::Unsupported`] what cannot be read, or cannot be said
/// in the form asked for.
pub fn convert(source: &Model, target: Target) -> Result<Converted, Error> {
    let (draft, mut warnings) = simulate::read_draft(source)?;
    let (network, more) = draft.clone().check(UnitPolicy::Warn)?;
    warnings.extend(more);
    let keeps_structure = matches!(target, Target::Level3Version1 | Target::Level3Version2);
    if keeps_structure && sbml::has_submodels(&source.file) {
        return Err(Error::Unsupported(format!(
            "the model is made of submodels, whose hierarchy is not written\n  at {}\n  hint: --to flat writes the one \
             model that they make",
            source.file.path
        )));
    }
    let (draft, edition) = match target {
        Target::Level3Version2 => (&draft, Edition::Level3Version2),
        Target::Level3Version1 => (&draft, Edition::Level3Version1),
        Target::Flat if network.reactions().iter().any(|it| it.fast) => (network.draft(), Edition::Level3Version1),
        Target::Flat => (network.draft(), Edition::Level3Version2),
        Target::Equations => return Ok(Converted { text: equations::page(&network), warnings }),
    };
    let text = written(sbml::write(draft, edition))?;
    warnings.extend(sbml::lost_in_writing(&source.file, draft, edition));
    Ok(Converted { text, warnings })
}

/// All equations of a network as a page to read.
pub(crate) fn equations(network: &network::Network) -> String {
    equations::page(network)
}

fn written(text: Result<String, WriteError>) -> Result<String, Error> {
    text.map_err(|error| Error::Unsupported(error.to_string()))
}

#[cfg(test)]
mod tests;
