use crate::testing::{error_text, file, level_2, read_l2};
use proptest::prelude::*;

/// A text and what is said about it.
fn check(text: &str, expected: &str) {
    assert_eq!(error_text(&file(text)), expected);
}

#[test]
fn what_is_not_sbml() {
    check("", "error: the file holds no XML element\n  at model.xml\n  hint: give an SBML file");
    check("time,x\n0,1\n", "error: the file holds no XML element\n  at model.xml\n  hint: give an SBML file");
    check(
        "<html><body/></html>",
        "error: the file is a web page, not SBML\n  at model.xml\n  likely reason: the web site answered the download with a page\n  hint: download the model again",
    );
    check("<svg/>", "error: the outermost element is `svg`, not `sbml`\n  at model.xml:1:1\n  hint: give an SBML file");
    check(
        "<sbml/>",
        "error: `sbml` does not say its level and version\n  at model.xml:1:1\n  hint: add `level=\"3\" version=\"2\"`",
    );
    check(
        "<sbml level=\"4\" version=\"1\"/>",
        "error: there is no SBML Level 4 Version 1\n  at model.xml:1:1\n  hint: the newest is Level 3 Version 2",
    );
    check("<sbml level=\"3\" version=\"1\"/>", "error: the file holds no model\n  at model.xml:1:1");
}

#[test]
fn what_is_cut_off() {
    check(
        "<sbml level=\"3\" version=\"1\">\n  <model id=\"m\">\n    <listOfSpecies>",
        "error: `listOfSpecies` is opened here and never closed\n  at model.xml:3:5\n  \
         likely reason: the file is cut off\n  hint: download or save the file again",
    );
    let text = error_text(&file("<sbml level=\"3\" version=\"1\">\n<model id=\"m"));
    assert!(text.starts_with("error: this is not well-formed XML"), "{text}");
    assert!(text.contains("at model.xml:2:1"), "{text}");
}

#[test]
fn entities_are_not_expanded() {
    let bomb = r#"<!DOCTYPE sbml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<sbml level="3" version="1"><model id="m">&b;</model></sbml>"#;
    check(
        bomb,
        "error: the entity `&b;` is not known\n  at model.xml:2:43\n  likely reason: only the entities of XML itself \
         are read; those a file defines are not expanded\n  hint: write the character itself",
    );
    let draft = read_l2(r#"<listOfParameters><parameter id="p" name="a &lt; b &#946;" value="1"/></listOfParameters>"#);
    assert_eq!(draft.parameters[0].name, "a < b β");
}

#[test]
fn depth_and_attributes_are_bounded() {
    let text = error_text(&file(&format!("<sbml level=\"3\" version=\"1\">{}", "<model>".repeat(100_000))));
    assert!(text.starts_with("error: elements nest deeper than 256\n"), "{text}");
    let attributes: String = (0..100_000).map(|i| format!("a{i}=\"\" ")).collect();
    let text = error_text(&file(&format!("<sbml {attributes}/>")));
    assert!(text.starts_with("error: an element with more than 100 attributes\n"), "{text}");
}

#[test]
fn prefixes_follow_their_namespaces() {
    let text = r#"<?xml version="1.0"?>
<s:sbml xmlns:s="http://www.sbml.org/sbml/level2/version4" level="2" version="4">
  <s:model id="m"><s:listOfRules><s:algebraicRule>
    <x:math xmlns:x="http://www.w3.org/1998/Math/MathML"><x:ci>a</x:ci></x:math>
  </s:algebraicRule></s:listOfRules></s:model>
</s:sbml>"#;
    assert_eq!(error_text(&file(text)), "no error");
    check(
        &text.replace("x:ci", "y:ci"),
        "error: the prefix `y` is not declared\n  at model.xml:4:58\n  hint: add `xmlns:y=\"...\"` to the outermost element",
    );
}

#[test]
fn notes_annotations_and_packages_are_passed_over() {
    let draft = read_l2(
        r#"<notes><p xmlns="http://www.w3.org/1999/xhtml">Bone &nbsp; and <model>muscle</model></p></notes>
           <annotation><listOfSpecies><species/></listOfSpecies></annotation>
           <layout:listOfLayouts xmlns:layout="http://www.sbml.org/sbml/level3/version1/layout/version1"/>
           <listOfParameters><parameter id="p" value="1"><annotation/></parameter></listOfParameters>"#,
    );
    assert_eq!((draft.parameters.len(), draft.species.len()), (1, 0));
}

#[test]
fn places_count_characters_not_bytes() {
    let body = "<listOfParameters><!-- βββ --><parameter value=\"1\"/></listOfParameters>";
    assert_eq!(error_text(&level_2(body)), "error: `parameter` has no `id`\n  at model.xml:2:31");
}

#[test]
fn required_packages_are_unsupported_where_they_are_used() {
    let with = |package: &str, required: bool, element: &str| {
        file(&format!(
            r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
  xmlns:p="http://www.sbml.org/sbml/level3/version1/{package}/version1" p:required="{required}"><model>
    {element}
</model></sbml>"#
        ))
    };
    let submodels = "<p:listOfSubmodels/>";
    assert_eq!(error_text(&with("spatial", true, submodels)), "unsupported: the package `spatial`\n  at model.xml:3:5");
    let attribute = "<listOfReactions p:fast=\"true\"/>";
    assert_eq!(error_text(&with("spatial", true, attribute)), "unsupported: the package `spatial`\n  at model.xml:3:5");
    assert_eq!(error_text(&with("spatial", true, "")), "no error");
    assert_eq!(error_text(&with("layout", false, submodels)), "no error");
    assert_eq!(error_text(&with("l3v2extendedmath", true, submodels)), "no error");
}

/// A model with a bit of everything, for the mutations.
const EVERYTHING: &str = include_str!("everything.xml");

#[test]
fn the_model_with_everything_reads() {
    assert_eq!(error_text(&file(EVERYTHING)), "no error");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn mutated_models_never_panic(changes in prop::collection::vec((0..EVERYTHING.len(), any::<u8>()), 1..20)) {
        let mut bytes = EVERYTHING.as_bytes().to_vec();
        for (position, byte) in changes {
            bytes[position] = byte;
        }
        let _ = crate::read(&file(&String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn cut_models_are_errors(length in 0..EVERYTHING.trim_end().len()) {
        prop_assert!(crate::read(&file(&String::from_utf8_lossy(&EVERYTHING.as_bytes()[..length]))).is_err());
    }

    #[test]
    fn models_with_parts_repeated_or_removed_never_panic(
        from in 0..EVERYTHING.len(), length in 0..200_usize, times in 0..4_usize,
    ) {
        let to = (from + length).min(EVERYTHING.len());
        let bytes = EVERYTHING.as_bytes();
        let mutated = [&bytes[..from], &bytes[from..to].repeat(times), &bytes[to..]].concat();
        let _ = crate::read(&file(&String::from_utf8_lossy(&mutated)));
    }
}
