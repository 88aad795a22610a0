//! Model definitions, in the file itself and in others.

use super::MAXIMUM_CHAIN;
use crate::xml::{Document, Node};
use crate::{ReadError, level_of, refuse_packages};
use source::{Diagnostic, Place, SourceFile, SourceTree, did_you_mean};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A model: the file, and the element `model` or `modelDefinition` in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) file: usize,
    pub(super) model: Node,
}

/// The file that was given and those it refers to, read when they are needed.
pub(super) struct Library<'a> {
    others: &'a SourceTree,
    files: Vec<File>,
    /// Only looked up, never iterated.
    by_path: HashMap<Arc<str>, usize>,
}

struct File {
    path: Arc<str>,
    document: Document,
    /// Models and references to models of other files, by id.
    definitions: BTreeMap<String, Node>,
}

impl<'a> Library<'a> {
    /// A library of one file; the others are at hand.
    pub(super) fn new(file: &SourceFile, document: Document, others: &'a SourceTree) -> Self {
        let mut library = Self { others, files: Vec::new(), by_path: HashMap::new() };
        library.add(file.path.clone(), document);
        library
    }

    /// The text of a file.
    pub(super) fn document(&self, file: usize) -> &Document {
        &self.files[file].document
    }

    /// The model of that id, through references to other files.
    pub(super) fn find(&mut self, file: usize, id: &str, place: &Place) -> Result<Definition, ReadError> {
        let (mut file, mut id) = (file, id.to_string());
        for _ in 0..MAXIMUM_CHAIN {
            let here = &self.files[file];
            let Some(&node) = here.definitions.get(&id) else {
                let message = format!("there is no model definition `{id}` in {}", here.path);
                return Err(invalid(with_near(Diagnostic::error(place.clone(), message), &id, here)));
            };
            if here.document.name(node) != "externalModelDefinition" {
                return Ok(Definition { file, model: node });
            }
            let model = here.document.package_attribute(node, "modelRef").map(|id| id.trim().to_string());
            let other = self.open(file, node)?;
            match model {
                Some(model) => (file, id) = (other, model),
                None => {
                    let document = self.document(other);
                    let Some(model) = document.child(document.root(), "model") else {
                        let message = format!("{} holds no model of its own", self.files[other].path);
                        return Err(invalid(Diagnostic::error(place.clone(), message)));
                    };
                    return Ok(Definition { file: other, model });
                }
            }
        }
        let message = format!("more than {MAXIMUM_CHAIN} files refer to each other for one model");
        Err(invalid(Diagnostic::error(place.clone(), message).because("the references go round in a circle")))
    }

    /// The file that an `externalModelDefinition` names.
    fn open(&mut self, from: usize, element: Node) -> Result<usize, ReadError> {
        let here = &self.files[from];
        let place = here.document.place(element);
        let Some(source) = here.document.package_attribute(element, "source").map(str::trim) else {
            return Err(invalid(Diagnostic::error(place, "`externalModelDefinition` has no `source`")));
        };
        let Some(path) = beside(&here.path, source) else {
            let finding = Diagnostic::error(place, format!("the model is not in a file beside this one: {source}"));
            return Err(invalid(finding.hint("save it beside this file and write its file name")));
        };
        if let Some(&known) = self.by_path.get(path.as_str()) {
            return Ok(known);
        }
        let Some(file) = self.others.get(&path) else {
            let finding = Diagnostic::error(place, format!("the file with the external model is missing: {path}"));
            return Err(invalid(finding.hint("put it where this file looks for it, or correct `source`")));
        };
        let document = Document::read_part(file).map_err(invalid)?;
        let level = level_of(&document)?;
        if level.level != 3 {
            let place = document.place(document.root());
            let message = format!("an external model must be Level 3, not Level {}", level.level);
            return Err(invalid(Diagnostic::error(place, message).hint("convert the file to Level 3")));
        }
        refuse_packages(&document)?;
        Ok(self.add(file.path.clone(), document))
    }

    fn add(&mut self, path: Arc<str>, document: Document) -> usize {
        let root = document.root();
        let model = document.child(root, "model").and_then(|model| Some((model, document.attribute(model, "id")?)));
        let mut definitions: BTreeMap<String, Node> =
            model.into_iter().map(|(model, id)| (id.trim().to_string(), model)).collect();
        for list in ["listOfModelDefinitions", "listOfExternalModelDefinitions"] {
            for node in document.list(root, list) {
                if let Some(id) = document.package_attribute(node, "id") {
                    definitions.entry(id.trim().to_string()).or_insert(node);
                }
            }
        }
        self.by_path.insert(path.clone(), self.files.len());
        self.files.push(File { path, document, definitions });
        self.files.len() - 1
    }
}

/// The error of one finding.
pub(super) fn invalid(finding: Diagnostic) -> ReadError {
    ReadError::Invalid(finding.into())
}

fn with_near(finding: Diagnostic, id: &str, file: &File) -> Diagnostic {
    match did_you_mean(id, file.definitions.keys().map(String::as_str))[..] {
        [nearest, ..] => finding.hint(format!("did you mean `{nearest}`?")),
        [] => finding,
    }
}

/// The paths of the files whose models a document names, seen from its own; without those that are not files.
pub(crate) fn external_paths(path: &str, document: &Document) -> Vec<String> {
    let definitions = document.list(document.root(), "listOfExternalModelDefinitions");
    let sources = definitions.into_iter().filter_map(|node| document.package_attribute(node, "source"));
    sources.filter_map(|source| beside(path, source.trim())).collect()
}

/// The path of `source` as seen from the folder of another file; `None` when it is absolute or not a file.
fn beside(from: &str, source: &str) -> Option<String> {
    let source = source.strip_prefix("file:").unwrap_or(source);
    if source.contains(':') || source.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in source.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            // Above the root there is nothing.
            ("..", Some(&"")) => return None,
            ("..", Some(&last)) if last != ".." => {
                parts.pop();
            }
            (part, _) => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn sources_are_seen_from_the_file_that_names_them() {
        let check = |from, source, expected: Option<&str>| assert_eq!(beside(from, source).as_deref(), expected);
        check("a.xml", "b.xml", Some("b.xml"));
        check("models/a.xml", "./b.xml", Some("models/b.xml"));
        check("models/a.xml", "../parts/b.xml", Some("parts/b.xml"));
        check("a.xml", "../b.xml", Some("../b.xml"));
        check("../a.xml", "../b.xml", Some("../../b.xml"));
        check("/models/a.xml", "../b.xml", Some("/b.xml"));
        check("/models/a.xml", "../../b.xml", None);
        check("a.xml", "file:b.xml", Some("b.xml"));
        check("a.xml", "urn:miriam:biomodels.db:BIOMD0000000148", None);
        check("a.xml", "https://example.org/b.xml", None);
        check("a.xml", "/etc/passwd", None);
    }
}
