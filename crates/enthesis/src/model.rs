//! A person's own SBML model: its file, and the files it takes parts from.

use source::{SourceFile, SourceTree};

/// The most files one model is read from; the largest published hierarchy has some dozens.
const MOST_FILES: usize = 1000;

/// An SBML file together with those it names (package `comp`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The model itself.
    pub file: SourceFile,
    /// Files that it and they take models from, by their paths as seen from where `file.path` is seen from.
    pub others: SourceTree,
}

impl Model {
    /// The model of a file with all files it needs. `read` gives the text at a path, or nothing when there is no such
    /// file; that is no error here, because the file may not be needed.
    ///
    /// # Errors
    /// What `read` says about a file that is there and cannot be read.
    pub fn gather<E>(file: SourceFile, mut read: impl FnMut(&str) -> Result<Option<SourceFile>, E>) -> Result<Self, E> {
        let mut others = SourceTree::new();
        let mut wanted = sbml::external_files(&file);
        let mut seen = 0;
        while let Some(path) = wanted.pop() {
            // Files may name each other in circles.
            if seen >= MOST_FILES || *path == *file.path || others.get(&path).is_some() {
                continue;
            }
            seen += 1;
            if let Some(other) = read(&path)? {
                wanted.extend(sbml::external_files(&SourceFile { path: path.as_str().into(), ..other.clone() }));
                others.insert(&path, &other.text);
            }
        }
        Ok(Self { file, others })
    }
}

impl From<SourceFile> for Model {
    fn from(file: SourceFile) -> Self {
        Self { file, others: SourceTree::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, sources: &[&str]) -> SourceFile {
        let definitions: String = sources
            .iter()
            .map(|it| format!(r#"<comp:externalModelDefinition comp:id="m" comp:source="{it}"/>"#))
            .collect();
        let text = format!(
            r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
 xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true">
 <comp:listOfExternalModelDefinitions>{definitions}</comp:listOfExternalModelDefinitions></sbml>"#
        );
        SourceFile { path: path.into(), text: text.into() }
    }

    #[test]
    fn files_are_followed_from_file_to_file_and_circles_end() {
        let there = [
            file("models/parts/muscle.xml", &["fiber.xml", "../body.xml", "gone.xml"]),
            file("models/parts/fiber.xml", &["muscle.xml", "https://example.org/web.xml"]),
        ];
        let mut asked = Vec::new();
        let body = file("models/body.xml", &["parts/muscle.xml"]);
        let model = Model::gather(body, |path| {
            asked.push(path.to_string());
            Ok::<_, ()>(there.iter().find(|it| &*it.path == path).cloned())
        });
        let paths: Vec<String> = model.expect("it is read").others.iter().map(|it| it.path.to_string()).collect();
        assert_eq!(paths, ["models/parts/fiber.xml", "models/parts/muscle.xml"]);
        asked.sort();
        assert_eq!(asked, ["models/parts/fiber.xml", "models/parts/gone.xml", "models/parts/muscle.xml"]);
    }
}
