//! References in BibTeX, and the citation and address made of each.
#![no_main]

use source::SourceTree;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut tree = SourceTree::new();
    tree.insert("references/a.bib", text);
    let (evidence, _) = evidence::read(&tree);
    for reference in evidence.references.values() {
        let _ = (reference.url(), reference.short_citation());
    }
});
