//! The biology of the program, for targets that read something beside it.

use physiology::Biology;
use source::SourceTree;
use std::path::Path;
use std::sync::LazyLock;

pub static BIOLOGY: LazyLock<Biology> = LazyLock::new(|| {
    let mut tree = SourceTree::new();
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../biology"), "", &mut tree);
    match physiology::read(&tree) {
        Ok((biology, _)) => biology,
        Err(findings) => panic!("the biology of the program reads: {findings}"),
    }
});

fn read_folder(folder: &Path, prefix: &str, tree: &mut SourceTree) {
    for entry in std::fs::read_dir(folder).expect("the biology is there") {
        let path = entry.expect("an entry").path();
        let name = format!("{prefix}{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            read_folder(&path, &format!("{name}/"), tree);
        } else if [".toml", ".bib", ".tsv"].iter().any(|ending| name.ends_with(ending)) {
            tree.insert(&name, &std::fs::read_to_string(&path).expect("a text"));
        }
    }
}
