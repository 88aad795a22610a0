//! What a person is told about a record that cannot be right.

use super::*;
use crate::{Query, Route, Tier};

const BIB: &str = "@article{mera_2016, author={Mera, P}, title={Osteocalcin}, year={2016}, doi={10.1016/j.x.1}}\n\
                   @article{fake_2001, author={Fake, A}, title={Fake}, year={2001}, keywords={retracted}}\n";

const TEXT: &str = r#"
[[signal]]
id = "ucocn"
name = "Undercarboxylated osteocalcin"
also = ["GluOC"]
human = ["hgnc:1043", "uniprot:P02818"]
direction = "bone_to_muscle"
made_by = ["osteoblast"]
leaves_by = ["resorption"]
travels_by = ["blood"]
receptors = ["gprc6a"]
acts_on = ["muscle_fiber"]

[[thing]]
id = "osteoblast"
name = "Osteoblast"
kind = "cell"

[[thing]]
id = "muscle_fiber"
name = "Muscle fiber"
kind = "cell"

[[thing]]
id = "gprc6a"
name = "GPRC6A"
kind = "receptor"

[[thing]]
id = "muscle_mass"
name = "Muscle mass"
kind = "process"

[[statement]]
id = "ucocn_raises_muscle_mass"
subject = "ucocn"
effect = "increases"
object = "muscle_mass"
direction = "bone_to_muscle"

[[statement.evidence]]
reference = "mera_2016"
stance = "supports"
tier = "T3"
organism = "mouse"
finding = "mass rose"
sizes = ["+12 %: mass of the soleus"]
reading = "read"
"#;

fn tree(text: &str) -> SourceTree {
    let mut tree = SourceTree::new();
    tree.insert("references.bib", BIB);
    tree.insert("signals/osteocalcin.evidence.toml", text);
    tree
}

/// The findings about the text after a replacement, as a person sees them.
#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    assert!(TEXT.contains(from), "{from:?}");
    assert_eq!(read(&tree(&TEXT.replacen(from, to, 1))).1.to_string(), expected);
}

#[test]
fn a_sound_file_has_no_findings_and_is_found_by_every_side() {
    let (evidence, findings) = read(&tree(TEXT));
    assert_eq!(findings.to_string(), "");
    let statement = &evidence.about("muscle_mass")[0];
    assert_eq!(statement.tier(), Some(Tier::T3));
    assert_eq!(statement.evidence[0].sizes[0].value.to_string(), "12 %");
    assert_eq!(evidence.find_thing("gluoc").map(|it| it.id.as_str()), Some("ucocn"));
    let found = |query: Query| evidence.search(&query).len();
    let text = |it: &str| Some(it.to_string());
    assert_eq!(found(Query { thing: text("ucocn"), ..Query::default() }), 1);
    assert_eq!(found(Query { cell: text("osteoblast"), ..Query::default() }), 1);
    assert_eq!(found(Query { route: Some(Route::Resorption), ..Query::default() }), 1);
    assert_eq!(found(Query { route: Some(Route::Secretion), ..Query::default() }), 0);
    assert_eq!(found(Query { receptor: text("gprc6a"), ..Query::default() }), 1);
    assert_eq!(found(Query { organism: text("Mouse"), tier: Some(Tier::T3), ..Query::default() }), 1);
    assert_eq!(found(Query { tier: Some(Tier::T2), ..Query::default() }), 0);
    assert_eq!(found(Query { against: true, ..Query::default() }), 0);
    assert_eq!(found(Query { text: text("rose mera GLUOC"), ..Query::default() }), 1);
}

#[test]
fn a_misspelled_stance_brings_the_right_one() {
    check(
        "\"supports\"",
        "\"suports\"",
        "error: `stance` of evidence of statement `ucocn_raises_muscle_mass` is unknown: suports\n  \
         at signals/osteocalcin.evidence.toml:43:11\n  hint: did you mean `supports`?",
    );
}

#[test]
fn an_unknown_tier_lists_the_tiers() {
    check(
        "\"T3\"",
        "\"good\"",
        "error: `tier` of evidence of statement `ucocn_raises_muscle_mass` is unknown: good\n  \
         at signals/osteocalcin.evidence.toml:44:9\n  hint: write one of: T1, T2, T3, T4, T5",
    );
}

#[test]
fn a_missing_reference_brings_the_closest() {
    check(
        "mera_2016",
        "mera_2106",
        "error: `ucocn_raises_muscle_mass` cites an unknown reference: `mera_2106`\n  \
         at signals/osteocalcin.evidence.toml:42:14\n  hint: did you mean `mera_2016`?",
    );
}

#[test]
fn a_retracted_paper_is_cited_only_with_a_flag() {
    check(
        "mera_2016",
        "fake_2001",
        "error: `ucocn_raises_muscle_mass` cites a retracted paper: fake_2001\n  \
         at signals/osteocalcin.evidence.toml:42:14\n  \
         hint: say in `finding` that it is retracted, or cite another paper",
    );
    let flagged = TEXT.replace("mera_2016", "fake_2001").replace("mass rose", "mass rose (retracted)");
    assert_eq!(read(&tree(&flagged)).1.to_string(), "");
}

#[test]
fn two_records_of_one_id_name_both_places() {
    let second = &TEXT[TEXT.find("[[statement]]").expect("there is one")..];
    assert_eq!(
        read(&tree(&format!("{TEXT}{second}"))).1.to_string(),
        "error: statement `ucocn_raises_muscle_mass` is defined twice\n  \
         at signals/osteocalcin.evidence.toml:50:7\n  \
         likely reason: it is also defined at signals/osteocalcin.evidence.toml:35:7\n  \
         hint: give one of the two another id, or move what it says to the other"
    );
    check(
        "id = \"gprc6a\"",
        "id = \"osteoblast\"",
        "error: thing `osteoblast` is defined twice\n  at signals/osteocalcin.evidence.toml:25:7\n  \
         likely reason: it is also defined at signals/osteocalcin.evidence.toml:15:7\n  \
         hint: give one of the two another id, or move what it says to the other\n\
         error: `receptors` of `ucocn` is not known: `gprc6a`\n  at signals/osteocalcin.evidence.toml:11:15\n  \
         hint: add a [[thing]] or [[signal]] with this id to the file",
    );
}

#[test]
fn one_sentence_in_two_statements_is_named() {
    let second = TEXT[TEXT.find("[[statement]]").expect("there is one")..].replace("ucocn_raises", "again_raises");
    assert_eq!(
        read(&tree(&format!("{TEXT}{second}"))).1.to_string(),
        "error: statement `again_raises_muscle_mass` says the same as `ucocn_raises_muscle_mass`\n  \
         at signals/osteocalcin.evidence.toml:50:7\n  \
         likely reason: both are: ucocn increases muscle_mass; the first is at signals/osteocalcin.evidence.toml:35:7\n  \
         hint: move the evidence into one of them"
    );
}

#[test]
fn one_paper_twice_for_the_same_is_named() {
    let second = &TEXT[TEXT.find("[[statement.evidence]]").expect("there is one")..];
    assert_eq!(
        read(&tree(&format!("{TEXT}{second}"))).1.to_string(),
        "error: statement `ucocn_raises_muscle_mass` cites mera_2016 twice for the same\n  \
         at signals/osteocalcin.evidence.toml:50:14\n  \
         likely reason: the first is at signals/osteocalcin.evidence.toml:42:14; organism and system are the same\n  \
         hint: join the two findings, or say in `system` how they differ"
    );
}

#[test]
fn an_unknown_unit_of_a_size_is_named() {
    check(
        "+12 %:",
        "+12 prozent:",
        "error: a size of evidence of statement `ucocn_raises_muscle_mass` cannot be read: +12 prozent: `prozent` is not \
         a known unit\n  at signals/osteocalcin.evidence.toml:47:11\n  hint: did you mean percent?",
    );
    check(
        "+12 %: mass of the soleus",
        "+12 %",
        "error: a size of evidence of statement `ucocn_raises_muscle_mass` does not say of what: +12 %\n  \
         at signals/osteocalcin.evidence.toml:47:11\n  hint: write the number, its unit, a colon and what was measured: \
         `+54 %: force of the EDL`",
    );
}

#[test]
fn a_wrong_identifier_brings_an_example() {
    check(
        "uniprot:P02818",
        "uniprot:02818",
        "error: signal `ucocn` has a malformed identifier: uniprot:02818\n  \
         at signals/osteocalcin.evidence.toml:6:24\n  hint: one of this database reads `uniprot:P17302`",
    );
}

#[test]
fn an_unknown_thing_brings_the_closest_and_says_how_to_add_it() {
    check(
        "object = \"muscle_mass\"",
        "object = \"muscle_mas\"",
        "error: the object of statement `ucocn_raises_muscle_mass` is not known: `muscle_mas`\n  \
         at signals/osteocalcin.evidence.toml:38:11\n  \
         hint: did you mean `muscle_mass`? If not, add a [[thing]] or [[signal]] with this id\n\
         warning: nothing is said about `muscle_mass`\n  at signals/osteocalcin.evidence.toml:30:7\n  \
         hint: add a [[statement]] with it as subject or object, or remove it",
    );
    // Another word for a thing finds it.
    check(
        "subject = \"ucocn\"",
        "subject = \"GluOC\"",
        "error: the subject of statement `ucocn_raises_muscle_mass` is not known: `GluOC`\n  \
         at signals/osteocalcin.evidence.toml:36:12\n  \
         hint: did you mean `ucocn`? If not, add a [[thing]] or [[signal]] with this id\n\
         warning: nothing is said about `ucocn`\n  at signals/osteocalcin.evidence.toml:3:7\n  \
         hint: add a [[statement]] with it as subject or object, or remove it",
    );
}

#[test]
fn a_thing_of_the_wrong_sort_is_named() {
    check(
        "made_by = [\"osteoblast\"]",
        "made_by = [\"osteoblast\", \"muscle_mass\"]",
        "error: `made_by` of `ucocn` is a process: `muscle_mass`\n  at signals/osteocalcin.evidence.toml:8:27\n  \
         likely reason: it is defined at signals/osteocalcin.evidence.toml:30:7\n  hint: name a cell or tissue",
    );
}

#[test]
fn a_signal_says_how_it_leaves() {
    check(
        "leaves_by = [\"resorption\"]",
        "leaves_by = []",
        "error: `leaves_by` of signal `ucocn` is empty\n  at signals/osteocalcin.evidence.toml:3:7\n  \
         hint: name at least one; where nobody knows, `unknown` is a route and a way to travel",
    );
    check(
        "leaves_by = [\"resorption\"]",
        "leaves_by = [\"secreted\"]",
        "error: `leaves_by` of signal `ucocn` is unknown: secreted\n  at signals/osteocalcin.evidence.toml:9:15\n  \
         hint: did you mean `secretion`?",
    );
    check(
        "leaves_by = [\"resorption\"]\n",
        "",
        "error: signal `ucocn` has no `leaves_by`\n  at signals/osteocalcin.evidence.toml:2:1",
    );
}

#[test]
fn an_id_is_written_in_small_letters() {
    check(
        "id = \"ucocn_raises_muscle_mass\"",
        "id = \"ucOCN_raises_muscle_mass\"",
        "error: the id of statement `ucOCN_raises_muscle_mass` is not lower snake case\n  \
         at signals/osteocalcin.evidence.toml:35:7\n  \
         hint: write small letters, digits and underscores, a letter first: `pge2`, `muscle_force`",
    );
}

#[test]
fn two_things_cannot_share_a_word() {
    check(
        "name = \"GPRC6A\"",
        "name = \"GPRC6A\"\nalso = [\"gluoc\"]",
        "error: `gluoc` also stands for `ucocn`\n  at signals/osteocalcin.evidence.toml:25:7\n  \
         likely reason: it is defined at signals/osteocalcin.evidence.toml:3:7\n  \
         hint: take the word out of `also` of one of the two",
    );
}

#[test]
fn what_stands_on_the_map_is_known_and_on_the_page() {
    let mut files = tree(TEXT);
    files.insert(
        "map/layout.toml",
        "[[panel]]\ntitle = \"Bone\"\narea = [0, 0, 90, 210]\n\n[spots]\nucocn = [40, 30]\nucocm = [40, 40]\n\
         muscle_mass = [400, 30]\ngprc6a = [1]\n",
    );
    let (evidence, findings) = read(&files);
    assert_eq!(evidence.layout.of("ucocn"), Some((40.0, 30.0)));
    assert_eq!(
        findings.to_string(),
        "error: `gprc6a` of the map's layout is not a list of 2 numbers\n  at map/layout.toml:9:10\n  \
         hint: write `[x, y]` in millimeters\n\
         error: `muscle_mass` is off the page\n  at map/layout.toml:8:1\n  \
         hint: x lies between 0 and 297, y between 0 and 210 mm\n\
         error: a spot of the map is not known: `ucocm`\n  at map/layout.toml:7:1\n  \
         hint: did you mean `ucocn`? If not, add a [[thing]] or [[signal]] with this id"
    );
}
