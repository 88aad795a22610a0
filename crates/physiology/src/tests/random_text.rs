//! Whatever a file holds, there is an answer or a finding, never a panic.

use super::{FILES, files, question};
use crate::{assemble, read};
use proptest::prelude::*;
use source::SourceTree;

/// Reads and, where that succeeds, assembles.
fn survives(tree: &SourceTree) {
    if let Ok((biology, _)) = read(tree)
        && biology.scenarios.iter().any(|scenario| scenario.id == "rest_in_bed")
    {
        let _ = assemble(&biology, &question(&biology));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC{0,200}", file in 0..FILES.len()) {
        let mut tree = files("", "", "");
        tree.insert(FILES[file].0, &text);
        survives(&tree);
    }

    /// Closer to what happens: a good file with a piece replaced by something else.
    #[test]
    fn a_damaged_file(
        file in 0..FILES.len(),
        from in 0.0..1.0_f64,
        length in 0..40_usize,
        text in "[a-z0-9_ =\"\\[\\]{}.*/()µ\n-]{0,12}",
    ) {
        let (path, whole) = FILES[file];
        let from = (from * whole.len() as f64) as usize;
        let damaged = format!("{}{text}{}", &whole[..from], &whole[(from + length).min(whole.len())..]);
        let mut tree = files("", "", "");
        tree.insert(path, &damaged);
        survives(&tree);
    }
}
