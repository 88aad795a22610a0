//! The folder `biology/` of the repository.

use source::SourceTree;
use std::path::Path;

/// The text of every file of the biology, with its path from there.
pub fn biology_files() -> SourceTree {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../biology");
    let mut files = SourceTree::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if let (Ok(text), Ok(relative)) = (std::fs::read_to_string(&path), path.strip_prefix(&root)) {
                files.insert(&relative.to_string_lossy(), &text);
            }
        }
    }
    files
}
