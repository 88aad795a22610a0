//! Statements and what papers say about them.
#![no_main]

use source::SourceTree;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut tree = SourceTree::new();
    tree.insert("bone/a.evidence.toml", text);
    let _ = evidence::read(&tree);
});
