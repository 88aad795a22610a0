//! A biology that was read and checked, with the fingerprint of its files.

use crate::Error;
use include_dir::{Dir, include_dir};
use physiology::Organism;
use sha2::{Digest, Sha256};
use source::{Diagnostics, Place, SourceTree};
use std::fmt::Write;

static EMBEDDED: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../biology");

/// What provenance calls the biology inside the program.
const EMBEDDED_NAME: &str = "embedded";

/// How the names of the files of a biology end.
pub const KINDS_OF_FILES: [&str; 3] = [".toml", ".bib", ".tsv"];

/// The organism that a person names with `--species`.
pub(crate) fn organism(species: &str) -> Result<Organism, Error> {
    let words: Vec<&str> = Organism::ALL.iter().map(|it| it.word()).collect();
    let found = Organism::ALL.iter().find(|it| it.word() == species).copied();
    found.ok_or_else(|| {
        Error::argument("--species", format!("there is no model of the `{species}`"), words.join(" or "))
    })
}

/// Everything a biologist edits, read and checked.
#[derive(Debug)]
pub struct Biology {
    pub(crate) content: physiology::Biology,
    pub(crate) files: SourceTree,
    pub(crate) origin: String,
}

impl Biology {
    /// The biology inside the program.
    ///
    /// # Errors
    /// Findings about its files; the program's own tests keep that from happening.
    pub fn embedded() -> Result<(Self, Diagnostics), Diagnostics> {
        let mut files = SourceTree::new();
        collect(&EMBEDDED, &mut files);
        Self::read(&files, EMBEDDED_NAME)
    }

    /// A biology from files; `origin` is what provenance calls it.
    ///
    /// # Errors
    /// All findings about the files when at least one is an error.
    pub fn read(files: &SourceTree, origin: &str) -> Result<(Self, Diagnostics), Diagnostics> {
        let (content, warnings) = physiology::read(files)?;
        Ok((Self { content, files: files.clone(), origin: origin.to_string() }, warnings))
    }

    /// The parts of the reference model, drugs included; published models that are kept as printed are not among them.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &physiology::Module> {
        self.content.reference_modules()
    }

    /// A place in a file of the biology, with the folder it lies in: what a person opens to change it.
    pub(crate) fn place(&self, place: &Place) -> String {
        let folder = if self.origin == EMBEDDED_NAME { "biology" } else { self.origin.trim_end_matches('/') };
        format!("{folder}/{place}")
    }

    /// SHA-256 over the paths and texts of all files, in the order of their paths, as hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.files)
    }
}

fn collect(folder: &Dir, files: &mut SourceTree) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if KINDS_OF_FILES.iter().any(|ending| path.ends_with(ending))
            && let Some(text) = file.contents_utf8()
        {
            files.insert(&path, text);
        }
    }
    for folder in folder.dirs() {
        collect(folder, files);
    }
}

fn fingerprint(files: &SourceTree) -> String {
    let mut hash = Sha256::new();
    for file in files.iter() {
        // Lengths keep a path from running into a text.
        for part in [&file.path, &file.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> SourceTree {
        files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect()
    }

    #[test]
    fn the_fingerprint_sees_every_letter_and_every_name() {
        let original = fingerprint(&tree(&[("a.toml", "x = 1"), ("b.toml", "")]));
        assert_eq!(original, fingerprint(&tree(&[("b.toml", ""), ("a.toml", "x = 1")])));
        assert_ne!(original, fingerprint(&tree(&[("a.toml", "x = 2"), ("b.toml", "")])));
        assert_ne!(original, fingerprint(&tree(&[("a.toml", "x = "), ("b.toml", "1")])));
        assert_eq!(original.len(), 64);
    }
}
