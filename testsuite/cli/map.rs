//! The map of signals: evidence, paths and the forms the map is written in.

use super::session::Session;

#[test]
fn what_speaks_against_pge2_is_told_with_its_weight() {
    let answer = Session::new().type_in(&["evidence", "pge2", "--against", "--organism", "mouse"]);
    for text in [
        "pge2_leaves_by_hemichannel",
        "For: 2 papers by 2 independent groups, best T3 (single study in vivo)",
        "Balance ",
        "not of how large the",
        "P2X7",
    ] {
        assert!(answer.stdout.contains(text), "{text:?} is missing from:\n{}", answer.stdout);
    }
    assert!(!answer.stdout.contains("\nFor\n"), "only one side was asked for:\n{}", answer.stdout);
    assert!(answer.stdout.lines().all(|line| line.chars().count() <= 80), "{}", answer.stdout);
    assert!(answer.stderr.contains("statements from"), "{}", answer.stderr);
}

#[test]
fn statements_are_found_by_every_side_and_are_json_for_machines() {
    for (arguments, text) in [
        (vec!["--route", "hemichannel"], "\"pge2_leaves_by_hemichannel\""),
        (vec!["--cell", "osteocyte", "--tier", "T1"], "\"load_lowers_sclerostin\""),
        (vec!["--receptor", "EP4"], "\"pge2_expands_muscle_stem_cells\""),
        (vec!["--process", "muscle_mass"], "\"ucocn_raises_muscle_mass\""),
        (vec!["--direction", "bone-to-muscle"], "\"rankl_weakens_muscle\""),
        (vec!["--text", "Mera treadmill"], "\"ucocn_raises_exercise_capacity\""),
        (vec!["--contested"], "\"balance\""),
    ] {
        let answer = Session::new().type_in(&[vec!["evidence", "--json", "--quiet"], arguments].concat());
        assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
        assert!(answer.stdout.contains(text), "{text:?} is missing from:\n{}", answer.stdout);
    }
}

#[test]
fn the_same_seed_draws_the_same_statements() {
    let draw = |seed| Session::new().type_in(&["evidence", "--sample", "3", "--seed", seed, "--json"]).stdout;
    assert_eq!(draw("4"), draw("4"));
    assert_ne!(draw("4"), draw("5"));
    assert_eq!(draw("4").matches("\"subject\"").count(), 3);
}

#[test]
fn connexin_43_reaches_muscle_force_by_another_word() {
    let answer = Session::new().type_in(&["path", "cx43", "muscle_force"]);
    assert!(answer.stdout.starts_with("1. Connexin 43 raises Muscle force: weakest T3"), "{}", answer.stdout);
    assert!(answer.stdout.contains("cx43_deletion_lowers_force [T3], 2 papers"), "{}", answer.stdout);
    assert!(answer.stdout.contains("by definition"), "{}", answer.stdout);
}

#[test]
fn what_is_not_on_the_map_brings_the_closest() {
    Session::new().check_error(
        &["evidence", "osteocalcn"],
        2,
        "error: nothing on the map is called `osteocalcn`\n  at THING\n  hint: did you mean osteocalcin or osteoclast or osteoglycin?\n",
    );
    Session::new().check_error(
        &["path", "muscle_regeneration", "pge2"],
        2,
        "error: no supported path leads from `muscle_regeneration` to `pge2`\n  at TO\n  \
         hint: allow more than 5 steps with --steps, or see what is known: enthesis evidence muscle_regeneration\n",
    );
    Session::new().check_error(
        &["evidence", "--route", "secreted"],
        2,
        "error: unknown word: secreted\n  at --route\n  hint: write one of: secretion, hemichannel, gap_junction, vesicle, \
         resorption, shed, transport, leak, mechanical, unknown\n",
    );
    Session::new().check_error(
        &["map", "--output", "map.png"],
        2,
        "error: no format of the map has the ending of map.png\n  at --output\n  hint: end it in one of: svg, html, graphml, \
         cx2, sif, csv, sbgn, md\n",
    );
}

#[test]
fn the_map_is_written_in_every_form() {
    let session = Session::new();
    for (ending, beginning, inside) in [
        ("svg", "<svg xmlns=", "id=\"rankl_weakens_muscle\""),
        ("html", "<!DOCTYPE html>", "rankl_weakens_muscle"),
        (
            "graphml",
            "<?xml version=\"1.0\"",
            "<edge id=\"rankl_weakens_muscle\" source=\"rankl\" target=\"muscle_force\">",
        ),
        ("cx2", "[\n", "\"rankl_weakens_muscle\""),
        ("sif", "", "rankl\tdecreases\tmuscle_force\n"),
        ("csv", "statement,from,effect,to,", "\nrankl_weakens_muscle,rankl,decreases,muscle_force,-,T3,true,"),
        ("sbgn", "<?xml version=\"1.0\"", "class=\"negative influence\" source=\"rankl\" target=\"muscle_force\""),
        ("md", "# The map in numbers", "| rankl_weakens_muscle |"),
    ] {
        let name = format!("map.{ending}");
        let answer = session.type_in(&["map", "--signal", "rankl", "--output", &name]);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        let text = std::fs::read_to_string(session.folder().join(&name)).expect("it was written");
        assert!(text.starts_with(beginning) && text.contains(inside), "{ending}:\n{text}");
        assert!(!text.contains("sclerostin_lowers_bone_formation"), "{ending} was asked for RANKL only");
    }
}

#[test]
fn the_numbers_of_the_map_in_the_docs_are_those_of_the_biology() {
    let written = include_str!("../../docs/map.md");
    let made = Session::new().type_in(&["map"]).stdout;
    assert!(made == written, "docs/map.md is out of date: cargo run --release -- map --output docs/map.md");
}

#[test]
fn a_statement_tells_what_it_weighs_and_where_the_model_uses_it() {
    let answer = Session::new().type_in(&["explain", "rankl_weakens_muscle"]);
    for text in [
        "How well it is known",
        "Sizes that were published\n  54 %: force of the mdx EDL",
        "In the model\n  carries rankl_to_protein_breakdown",
    ] {
        assert!(answer.stdout.contains(text), "{text:?} is missing from:\n{}", answer.stdout);
    }
    let answer = Session::new().type_in(&["explain", "fgf9_blocks_myogenesis"]);
    assert!(answer.stdout.contains("no: FGF9 is not a state of the model"), "{}", answer.stdout);
}

#[test]
fn a_statement_that_no_record_uses_must_say_why() {
    let session = Session::with_biology().edit("biology/signals/fgf9.evidence.toml", "not_modeled = ", "note = ");
    let told = session.type_in(&["check", "biology"]).stdout;
    assert!(told.contains("warning: no record of the model rests on statement `fgf9_blocks_myogenesis`"), "{told}");
    assert!(told.contains("at signals/fgf9.evidence.toml:"), "{told}");
    assert!(told.contains("or say why not: `not_modeled = \"...\"`"), "{told}");
}
