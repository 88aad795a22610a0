//! The open test data, and models from it; shared by the tests of SBML.

use network::{Draft, Network, UnitPolicy};
use source::{Severity, SourceFile, SourceTree};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder of the test data, or `None` with a word about it.
pub fn folder(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ENTHESIS_TESTDATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/testdata"), PathBuf::from);
    let folder = root.join(part);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no test data at {} (set ENTHESIS_TESTDATA)", folder.display());
    None
}

/// The names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The whole text of a file.
pub fn text(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The checked network of an SBML file, or what is said about it. Models that it takes parts of lie beside it.
pub fn network(path: &Path) -> Result<Network, String> {
    check(draft(path)?)
}

/// The draft of an SBML file, or what is said about it. Models that it takes parts of lie beside it.
pub fn draft(path: &Path) -> Result<Draft, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = SourceFile { path: Arc::from(name), text: Arc::from(text(path)) };
    let others = if file.text.contains("externalModelDefinition") { beside(path) } else { SourceTree::new() };
    Ok(sbml::read_with(&file, &others).map_err(|error| format!("read: {error}"))?.0)
}

/// The network of a draft, or what is said about it.
pub fn check(draft: Draft) -> Result<Network, String> {
    let (network, _) = draft.check(UnitPolicy::Warn).map_err(|findings| {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        format!("check: {}", errors.map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    Ok(network)
}

/// The SBML files in the folder of another.
fn beside(path: &Path) -> SourceTree {
    let folder = path.parent().unwrap_or(Path::new("."));
    let files = names(folder).into_iter().filter(|name| name.ends_with(".xml"));
    files.map(|name| (name.clone(), text(&folder.join(name)))).collect()
}
