//! Reading and writing files: the only place that touches a disk.

use crate::failure::Failure;
use crate::output;
use enthesis::{File, Model, SourceFile, SourceTree};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest text file that is read: far above any model, far below what would exhaust memory.
const LARGEST_TEXT: u64 = 256 << 20;

/// Reads a text file.
pub fn read(path: &Path) -> Result<SourceFile, Failure> {
    let size = std::fs::metadata(path).map_err(|error| Failure::cannot_read(path, &error))?;
    if size.is_dir() {
        return Err(Failure::cannot_read(path, &ErrorKind::IsADirectory.into()));
    }
    if size.len() > LARGEST_TEXT {
        return Err(Failure::BadInput(format!("{} is too large for a model: {} bytes", path.display(), size.len())));
    }
    let text = std::fs::read_to_string(path).map_err(|error| Failure::cannot_read(path, &error))?;
    Ok(SourceFile { path: Arc::from(shown(path)), text: Arc::from(text) })
}

/// Opens a file for reading from its beginning.
pub fn open(path: &Path) -> Result<std::fs::File, Failure> {
    let file = std::fs::File::open(path).map_err(|error| Failure::cannot_read(path, &error))?;
    match file.metadata() {
        Ok(it) if it.is_dir() => Err(Failure::cannot_read(path, &ErrorKind::IsADirectory.into())),
        _ => Ok(file),
    }
}

/// Reads an SBML model and the files it takes parts from.
///
/// Only ordinary files are followed: a model may name a pipe or a device, which would never end.
pub fn read_model(path: &Path) -> Result<Model, Failure> {
    Model::gather(read(path)?, |other| {
        let other = Path::new(other);
        if other.is_file() { read(other).map(Some) } else { Ok(None) }
    })
}

/// Reads every file of a biology folder that can belong to it, with paths relative to it.
pub fn read_biology(folder: &Path) -> Result<SourceTree, Failure> {
    let mut tree = SourceTree::new();
    read_folder(folder, "", &mut tree)?;
    if tree.is_empty() {
        return Err(Failure::BadInput(format!(
            "{} holds no biology\n  likely reason: no .toml file lies in it\n  hint: name the folder that holds \
             reference.model.toml",
            folder.display()
        )));
    }
    Ok(tree)
}

fn read_folder(folder: &Path, prefix: &str, tree: &mut SourceTree) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::cannot_read(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| Failure::cannot_read(folder, &error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name.starts_with('.') {
            continue;
        }
        let relative = format!("{prefix}{name}");
        if path.is_dir() {
            read_folder(&path, &format!("{relative}/"), tree)?;
        } else if enthesis::KINDS_OF_FILES.iter().any(|ending| name.ends_with(ending)) {
            tree.insert(&relative, &read(&path)?.text);
        }
    }
    Ok(())
}

/// A path as people write it, with `/` on every system.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Writes several files into a folder: all of them, or none.
///
/// Each is first written beside its place under a temporary name; only when all are complete do they take their names.
pub fn write_all(folder: &Path, files: &[File]) -> Result<(), Failure> {
    let is_new = !folder.exists();
    std::fs::create_dir_all(folder).map_err(|error| Failure::cannot_write(folder, &error))?;
    let mut drafts = Vec::new();
    let result = files.iter().try_for_each(|file| {
        let path = folder.join(&file.name);
        drafts.push(Draft::write(&path, &file.text)?);
        Ok(())
    });
    let result = result.and_then(|()| drafts.drain(..).try_for_each(Draft::take_place));
    if result.is_err() && is_new {
        drop(drafts);
        // Only an empty folder goes; anything else is not ours.
        let _ = std::fs::remove_dir(folder);
    }
    result
}

/// Writes one file: complete, or not at all. A device or pipe is written to directly.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    match std::fs::metadata(path) {
        Ok(it) if it.is_dir() => Err(Failure::cannot_write(path, &ErrorKind::IsADirectory.into())),
        Ok(it) if !it.is_file() => std::fs::write(path, text).map_err(|error| Failure::cannot_write(path, &error)),
        _ => Draft::write(path, text)?.take_place(),
    }
}

/// Writes one file, or to stdout when none is named.
pub fn write_or_show(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    path.map_or_else(|| output::data(text), |path| write(path, text))
}

/// The format that the ending of `--output` names; `what` is what is written.
pub fn format_of<Format>(
    path: &Path,
    what: &str,
    endings: &[&str],
    of_ending: impl Fn(&str) -> Option<Format>,
) -> Result<Format, Failure> {
    let ending = path.extension().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    of_ending(&ending).ok_or_else(|| {
        Failure::BadInput(format!(
            "no format of {what} has the ending of {}\n  at --output\n  hint: end it in one of: {}",
            path.display(),
            endings.join(", ")
        ))
    })
}

/// A complete file under a temporary name; it vanishes unless it takes its place.
struct Draft {
    draft: PathBuf,
    place: PathBuf,
}

impl Draft {
    fn write(place: &Path, text: &str) -> Result<Self, Failure> {
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let draft = place.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let failed = |error| Failure::cannot_write(place, &error);
        let mut file = std::fs::File::create(&draft).map_err(failed)?;
        let written = Self { draft, place: place.to_path_buf() };
        file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(failed)?;
        Ok(written)
    }

    fn take_place(self) -> Result<(), Failure> {
        std::fs::rename(&self.draft, &self.place).map_err(|error| Failure::cannot_write(&self.place, &error))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Already renamed when all went well.
        let _ = std::fs::remove_file(&self.draft);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File { name: name.into(), text: text.into() }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("the folder is there");
        let mut names: Vec<String> =
            entries.map(|it| it.expect("readable").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_take_their_names_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let results = folder.path().join("new/results");
        write_all(&results, &[file("a.csv", "1"), file("b.csv", "2")]).expect("it can be written");
        assert_eq!(names(&results), ["a.csv", "b.csv"]);
        assert_eq!(std::fs::read_to_string(results.join("b.csv")).expect("written"), "2");
    }

    #[test]
    fn when_one_file_cannot_be_written_none_is() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let results = folder.path().join("results");
        let result = write_all(&results, &[file("a.csv", "1"), file("no/such/folder.csv", "2")]);
        assert!(matches!(result, Err(Failure::Failed(_))), "{result:?}");
        assert!(!results.exists());
    }

    #[test]
    fn a_folder_without_biology_is_refused_with_a_hint() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let Err(Failure::BadInput(text)) = read_biology(folder.path()) else { panic!("it must fail") };
        assert!(text.contains("hint: name the folder that holds reference.model.toml"), "{text}");
    }
}
