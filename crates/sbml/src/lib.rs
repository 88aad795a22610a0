//! SBML to a model and back: Levels 1, 2 and 3, core, `comp` and `fbc`; written is Level 3.
//!
//! [`read`] goes through the XML once into a light tree with places (`xml`), then through the tree once into a
//! [`Draft`]: units first, then compartments, species, parameters and functions, then what they are used by. What SBML
//! says about a default that depends on its level is kept in one place (`level`).
//!
//! Notes, annotations, terms and the like stand beside the model as text ([`network::Remarks`]) and are written back.
//!
//! Not read: other packages. One that a file calls `required` and uses changes what the model means, so it is
//! [`ReadError::Unsupported`]; others (`layout`, `render`, `groups`, ...) add to a model that is complete without them.

mod comp;
mod context;
mod fbc;
mod level;
mod level_1;
mod mathml;
mod model;
mod reactions;
mod rules;
#[cfg(test)]
mod testing;
mod unit_definitions;
mod write;
mod xml;

pub use write::{Edition, Qualifier, WriteError, annotation, notes, write};
pub use xml::plain_text;

use crate::context::Context;
use crate::level::Level;
use crate::xml::Document;
use network::Draft;
use source::{Diagnostic, Diagnostics, Place, SourceFile, SourceTree};
use std::fmt;

/// Why there is no draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The file is not SBML or breaks its rules; every finding is listed.
    Invalid(Diagnostics),
    /// The file is sound, but says something this reader does not support.
    Unsupported {
        /// What it is, for example ``the package `comp` ``.
        construct: String,
        /// Where it is written.
        place: Place,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(findings) => findings.fmt(f),
            Self::Unsupported { construct, place } => write!(f, "unsupported: {construct}\n  at {place}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a model from SBML.
///
/// Every part of the draft carries the line and column of its element. Local parameters of kinetic laws become
/// parameters of the model called `reaction_parameter`. With the draft come warnings; names and values are checked by
/// [`Draft::check`], best with [`network::UnitPolicy::Warn`].
///
/// ```
/// use source::SourceFile;
/// let file = |text: &str| SourceFile { path: "decay.xml".into(), text: text.into() };
/// let (draft, _) = sbml::read(&file(
///     r#"<sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"><model id="decay">
///          <listOfParameters><parameter id="x" value="1" constant="false"/></listOfParameters>
///          <listOfRules><rateRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML">
///            <apply><minus/><ci>x</ci></apply></math></rateRule></listOfRules>
///        </model></sbml>"#,
/// ))
/// .unwrap();
/// assert_eq!((&*draft.parameters[0].id, draft.parameters[0].value), ("x", Some(1.0)));
///
/// let error = sbml::read(&file("x' = -x")).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "error: the file holds no XML element\n  at decay.xml\n  hint: give an SBML file"
/// );
/// ```
///
/// # Errors
/// [`ReadError`]. Any text is safe to give: time and memory grow with its length, and nothing panics.
pub fn read(file: &SourceFile) -> Result<(Draft, Diagnostics), ReadError> {
    read_with(file, &SourceTree::new())
}

/// Reads a model whose submodels may stand in other files; see [`read`].
///
/// A file is named as its `source` says, seen from the folder of the file that names it: `parts/muscle.xml` in
/// `models/body.xml` is `models/parts/muscle.xml` of the tree. Elements of a submodel `a` are called `a__x` in the draft.
///
/// # Errors
/// [`ReadError`], as for [`read`].
pub fn read_with(file: &SourceFile, others: &SourceTree) -> Result<(Draft, Diagnostics), ReadError> {
    let document = Document::read(file).map_err(|finding| ReadError::Invalid(finding.into()))?;
    let level = level_of(&document)?;
    refuse_packages(&document)?;
    let (document, level) = match level.level {
        1 => (level_1::as_level_2(document).map_err(ReadError::Invalid)?, level_1::REWRITTEN),
        _ if document.uses("comp") => (comp::flatten(file, document, others)?, level),
        _ => (document, level),
    };
    let mut context = Context::new(&document, level);
    let draft = match document.child(document.root(), "model") {
        Some(model) => model::read(&mut context, model),
        None => {
            context.error(document.root(), "the file holds no model");
            Draft::default()
        }
    };
    context.finish(draft)
}

/// True when the model is made of submodels, which [`read`] makes one of; false for what is no XML.
pub fn has_submodels(file: &SourceFile) -> bool {
    Document::read(file).is_ok_and(|document| document.nodes().any(|node| document.name(node) == "submodel"))
}

/// What is lost when the model of a file is written: packages that are not read, and names that an edition has no place for.
///
/// ```
/// use sbml::Edition;
/// let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
///   xmlns:layout="http://www.sbml.org/sbml/level3/version1/layout/version1" layout:required="false"><model>
///   <layout:listOfLayouts/></model></sbml>"#;
/// let file = source::SourceFile { path: "model.xml".into(), text: text.into() };
/// let draft = sbml::read(&file).unwrap().0;
/// assert_eq!(
///     sbml::lost_in_writing(&file, &draft, Edition::Level3Version1).to_string(),
///     "warning: the package `layout` is not written\n  at model.xml:3:3"
/// );
/// ```
pub fn lost_in_writing(file: &SourceFile, draft: &Draft, edition: Edition) -> Diagnostics {
    let packages = Document::read(file).map(|document| document.packages).unwrap_or_default();
    let written = ["comp", "distrib", "fbc", "l3v2extendedmath"];
    let mut findings = Diagnostics::new();
    for package in packages.into_iter().filter(|it| !written.contains(&it.name.as_str())) {
        if let Some(place) = package.first_use {
            findings.push(Diagnostic::warning(place, format!("the package `{}` is not written", package.name)));
        }
    }
    let names = write::lost_names(draft, edition);
    if names > 0 {
        let message =
            format!("{names} ids or names are left out: Version 1 has none for rules, kinetic laws and the like");
        findings.push(Diagnostic::warning(Place::file(&file.path), message).hint("write Level 3 Version 2"));
    }
    findings
}

/// The paths of the files that a file takes models from (package `comp`), as [`read_with`] looks for them.
///
/// What a file says that cannot be read is left to [`read_with`], which says why.
///
/// ```
/// use source::SourceFile;
/// let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
///   xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true">
///   <comp:listOfExternalModelDefinitions>
///     <comp:externalModelDefinition comp:id="muscle" comp:source="parts/muscle.xml"/>
///   </comp:listOfExternalModelDefinitions></sbml>"#;
/// let body = SourceFile { path: "models/body.xml".into(), text: text.into() };
/// assert_eq!(sbml::external_files(&body), ["models/parts/muscle.xml"]);
/// ```
pub fn external_files(file: &SourceFile) -> Vec<String> {
    // Most models stand alone; they are not read a second time.
    if !file.text.contains("externalModelDefinition") {
        return Vec::new();
    }
    Document::read_part(file).map_or_else(|_| Vec::new(), |document| comp::external_paths(&file.path, &document))
}

fn level_of(document: &Document) -> Result<Level, ReadError> {
    let root = document.root();
    let invalid = |message: String, hint: &str| {
        ReadError::Invalid(Diagnostic::error(document.place(root), message).hint(hint).into())
    };
    if document.name(root) != "sbml" {
        let message = format!("the outermost element is `{}`, not `sbml`", document.name(root));
        return Err(invalid(message, "give an SBML file"));
    }
    let number = |attribute: &str| document.attribute(root, attribute).and_then(|text| text.trim().parse().ok());
    let (Some(level), Some(version)) = (number("level"), number("version")) else {
        return Err(invalid("`sbml` does not say its level and version".into(), "add `level=\"3\" version=\"2\"`"));
    };
    let level = Level { level, version };
    if !level.exists() {
        let message = format!("there is no SBML Level {} Version {}", level.level, level.version);
        return Err(invalid(message, "the newest is Level 3 Version 2"));
    }
    Ok(level)
}

/// Packages that matter and are not read are refused; those that only add to a model, or are declared and not used, are
/// passed over.
fn refuse_packages(document: &Document) -> Result<(), ReadError> {
    for package in &document.packages {
        let Some(place) = &package.first_use else { continue };
        // `l3v2extendedmath` is the mathematics of Level 3 Version 2, offered to Version 1; draws from
        // distributions are mathematics, uncertainties notes about values.
        let is_read = matches!(package.name.as_str(), "l3v2extendedmath" | "comp" | "fbc" | "distrib");
        if package.required && !is_read {
            let construct = format!("the package `{}`", package.name);
            return Err(ReadError::Unsupported { construct, place: place.clone() });
        }
    }
    Ok(())
}
