//! Files in memory, and places in them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One text file: its path relative to the root of the tree, with `/` between parts, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to the root, for example `bone/osteocyte.model.toml`.
    pub path: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

/// A set of text files, in the order of their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTree {
    files: BTreeMap<Arc<str>, SourceFile>,
}

impl SourceTree {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces the one at the same path.
    pub fn insert(&mut self, path: &str, text: &str) {
        let path: Arc<str> = Arc::from(path);
        let file = SourceFile { path: path.clone(), text: Arc::from(text) };
        self.files.insert(path, file);
    }

    /// The file at `path`, if there is one.
    pub fn get(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(path)
    }

    /// All files, ordered by path.
    pub fn iter(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.values()
    }

    /// The files whose path ends in `suffix`, ordered by path.
    pub fn ending_in<'a>(&'a self, suffix: &'a str) -> impl Iterator<Item = &'a SourceFile> {
        self.iter().filter(move |file| file.path.ends_with(suffix))
    }

    /// True when the tree holds no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl FromIterator<(String, String)> for SourceTree {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        let mut tree = Self::new();
        for (path, text) in pairs {
            tree.insert(&path, &text);
        }
        tree
    }
}

/// A place in a file: path, line and column, both counted from 1.
///
/// A model that was not read from a file (built in a test, say) uses [`Place::nowhere`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Path of the file, or a word for what is not a file, for example `--set`.
    pub path: Arc<str>,
    /// Line, from 1; 0 when the place is the file as a whole.
    pub line: u32,
    /// Column in characters, from 1; 0 when the place is a whole line.
    pub column: u32,
}

impl Place {
    /// A line and column of a file.
    pub fn new(path: &str, line: u32, column: u32) -> Self {
        Self { path: Arc::from(path), line, column }
    }

    /// A file as a whole, or an argument such as `--set`.
    pub fn file(path: &str) -> Self {
        Self::new(path, 0, 0)
    }

    /// For models that were built by a program.
    pub fn nowhere() -> Self {
        Self::file("")
    }

    /// The place of byte `offset` of a file's text.
    pub fn at_byte(file: &SourceFile, offset: usize) -> Self {
        let mut offset = offset.min(file.text.len());
        while !file.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &file.text[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Self {
            path: file.path.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// `path:line:column`, leaving out what is not known.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.path.is_empty(), self.line, self.column) {
            (true, _, _) => write!(f, "(model built by a program)"),
            (_, 0, _) => write!(f, "{}", self.path),
            (_, line, 0) => write!(f, "{}:{line}", self.path),
            (_, line, column) => write!(f, "{}:{line}:{column}", self.path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, SourceTree};

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let mut tree = SourceTree::new();
        tree.insert("bone/a.model.toml", "id = \"µ\"\nx = 1\n");
        let file = tree.get("bone/a.model.toml").unwrap();
        let check = |offset, expected: &str| assert_eq!(Place::at_byte(file, offset).to_string(), expected);
        check(0, "bone/a.model.toml:1:1");
        check(6, "bone/a.model.toml:1:7");
        check(7, "bone/a.model.toml:1:7");
        check(8, "bone/a.model.toml:1:8");
        check(10, "bone/a.model.toml:2:1");
        check(1000, "bone/a.model.toml:3:1");
    }

    #[test]
    fn places_leave_out_what_is_not_known() {
        assert_eq!(Place::new("a.toml", 3, 0).to_string(), "a.toml:3");
        assert_eq!(Place::file("--set").to_string(), "--set");
        assert_eq!(Place::nowhere().to_string(), "(model built by a program)");
    }

    #[test]
    fn files_come_in_the_order_of_their_paths() {
        let pairs = ["muscle/b.toml", "bone/a.toml", "bone/a.bib"].map(|path| (path.to_string(), String::new()));
        let tree = SourceTree::from_iter(pairs);
        let paths: Vec<&str> = tree.ending_in(".toml").map(|file| &*file.path).collect();
        assert_eq!(paths, ["bone/a.toml", "muscle/b.toml"]);
    }
}
