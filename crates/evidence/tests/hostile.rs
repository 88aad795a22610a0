//! Texts made to do harm: findings, never a crash.

use source::SourceTree;

fn said(path: &str, text: &str) -> String {
    let mut tree = SourceTree::new();
    tree.insert(path, text);
    evidence::read(&tree).1.to_string()
}

#[test]
fn deep_toml_is_an_error() {
    for open in ["[", "{a=", "[{a="] {
        let text = said("bone/a.evidence.toml", &format!("x = {}", open.repeat(50_000)));
        assert!(text.contains("error: "), "{open}: {text}");
    }
    let dotted = vec!["a"; 50_000].join(".");
    said("bone/a.evidence.toml", &format!("{dotted} = 1"));
    said("bone/a.evidence.toml", &format!("[{dotted}]"));
}

#[test]
fn deep_bibtex_is_an_error() {
    for close in [0, 50_000] {
        let text = format!("@article{{a, title = {}x{}}}", "{".repeat(50_000), "}".repeat(close));
        let text = said("references/a.bib", &text);
        assert!(text.contains("error: braces nest more than 50 deep\n  at references/a.bib:1:70\n"), "{text}");
    }
}

#[test]
fn abbreviations_that_name_themselves_are_an_error() {
    let text = said("references/a.bib", "@string{a = a}@article{b, title = a}");
    assert!(text.contains("error: abbreviations (`@string`) are not read\n  at references/a.bib:1:1\n"), "{text}");
}

#[test]
fn broken_bibtex_is_survived() {
    for text in [
        "@".repeat(2_000),
        "@article{a, author = {".to_string(),
        format!("@article{{a, author = {{{}}}}}", "x and ".repeat(2_000)),
        "\u{0}@article{\u{0}".to_string(),
    ] {
        let _ = said("references/a.bib", &text);
    }
}
