//! Files of the biology: the text as a module, a drug, a genotype, a hypothesis and a scenario.
#![no_main]

use physiology::Organism;
use source::SourceTree;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut tree = SourceTree::new();
    tree.insert("reference.model.toml", "modules = [\"a\"]");
    tree.insert("bone/a.model.toml", text);
    for organism in Organism::ALL {
        let _ = physiology::single_module(&tree, "a", *organism);
    }
    for path in ["drugs/a.toml", "genotypes/a.toml", "hypotheses/a.toml", "scenarios/a.toml"] {
        let mut tree = SourceTree::new();
        tree.insert(path, text);
        let _ = physiology::read(&tree);
    }
});
