//! Commands on a biology: lists, explanations, and what is said about mistakes in its files.

use super::session::Session;

/// Appends a record to the file on sclerostin and lists something, which reads and checks every file.
fn with_record(record: &str) -> super::session::Answer {
    let session = Session::with_biology();
    let path = "biology/signals/sclerostin.model.toml";
    let text = std::fs::read_to_string(session.folder().join(path)).expect("the file is there");
    session.with(path, &format!("{text}\n{record}")).type_in(&["run", "bed_rest", "--biology", "biology"])
}

#[test]
fn every_kind_can_be_listed_and_the_first_of_each_explained() {
    let session = Session::new();
    for what in ["scenarios", "signals", "links", "drugs", "subjects", "genotypes", "hypotheses", "parameters"] {
        let listed = session.type_in(&["list", what, "--quiet"]);
        assert_eq!((listed.code, listed.stderr.as_str()), (0, ""), "{what}");
        assert!(listed.stdout.lines().all(|line| line.chars().count() <= 80), "{}", listed.stdout);
        let id = listed.stdout.lines().nth(1).and_then(|line| line.split_whitespace().next()).expect("a first row");
        let explained = session.type_in(&["explain", id]);
        assert_eq!(explained.code, 0, "{}", explained.stderr);
        assert!(explained.stdout.contains("What it is"), "{}", explained.stdout);
    }
}

#[test]
fn lists_are_json_for_machines() {
    let answer = Session::new().type_in(&["list", "links", "--json"]);
    assert!(answer.stdout.trim_start().starts_with('['), "{}", answer.stdout);
    assert!(answer.stdout.contains("\"id\": \"rankl_to_protein_breakdown\""), "{}", answer.stdout);
}

#[test]
fn a_signal_is_explained_with_both_sides_and_the_file_to_change() {
    let answer = Session::new().type_in(&["explain", "sclerostin"]);
    for text in [
        "Sclerostin (sclerostin): signal",
        "Made by: osteocyte",
        "Leaves by: secretion",
        "sclerostin_half_life = ",
        "Evidence for",
        "Evidence against",
        "biology/signals/sclerostin.model.toml:",
    ] {
        assert!(answer.stdout.contains(text), "{text:?} is missing from:\n{}", answer.stdout);
    }
}

#[test]
fn the_half_life_of_sclerostin_is_found_from_the_command_line() {
    let answer = Session::new().type_in(&["explain", "sclerostin_half_life"]);
    for text in ["parameter", "min", "Used in", "Change it in\n  biology/signals/sclerostin.model.toml:"] {
        assert!(answer.stdout.contains(text), "{text:?} is missing from:\n{}", answer.stdout);
    }
}

#[test]
fn an_unknown_id_gets_a_suggestion() {
    Session::new().check_error(
        &["explain", "sclerostn"],
        2,
        "error: nothing is called `sclerostn`\n  at ID\n  hint: did you mean sclerostin or sclerostin_antibody or \
         sclerostin_half_life?\n",
    );
}

#[test]
fn a_missing_biology_folder_is_named() {
    Session::new().check_error(
        &["list", "links", "--biology", "no_biology"],
        2,
        "error: cannot read no_biology\n  likely reason: there is no such file or folder\n  hint: check the spelling \
         and the folder you are in\n",
    );
}

#[test]
fn a_wrong_unit_in_a_file_names_the_place_and_the_factor() {
    with_record(
        "[[variable]]\nid = \"wrong\"\nname = \"Wrong\"\nunit = \"nmol/L\"\nvalue = \"sclerostin_in_plasma * sclerostin_bound_loss_rate\"\n",
    )
    .check(2, &["error: ", "signals/sclerostin.model.toml:", "has unit nmol/L/day, expected nmol/L, a factor of day"]);
}

#[test]
fn a_negative_concentration_in_a_file_is_an_error() {
    with_record(
        "[[compartment]]\nid = \"box\"\nname = \"Box\"\nunit = \"L\"\nsize = 1.0\n\n[[species]]\nid = \"x_in_box\"\nname = \"X\"\n\
         compartment = \"box\"\nunit = \"nmol/L\"\ninitial = -1.0\n",
    )
    .check(2, &["error: ", "`x_in_box`", "negative", "signals/sclerostin.model.toml:"]);
}

#[test]
fn cyclic_rules_in_a_file_are_named() {
    with_record(
        "[[variable]]\nid = \"chicken\"\nname = \"Chicken\"\nunit = \"1\"\nvalue = \"egg\"\n\n[[variable]]\nid = \"egg\"\n\
         name = \"Egg\"\nunit = \"1\"\nvalue = \"chicken\"\n",
    )
    .check(2, &["error: ", "chicken -> egg -> chicken"]);
}

#[test]
fn nan_in_a_file_is_an_error_with_its_place() {
    let session = Session::with_biology().edit(
        "biology/signals/sclerostin.model.toml",
        "value = { human = 39.92, mouse = 39.92 }",
        "value = { human = nan, mouse = 39.92 }",
    );
    session
        .type_in(&["list", "signals", "--biology", "biology"])
        .check(2, &["error: ", "signals/sclerostin.model.toml:"]);
}

#[test]
fn two_definitions_of_one_id_name_both_places() {
    with_record(
        "[[parameter]]\nid = \"sclerostin_half_life\"\nname = \"Again\"\nunit = \"min\"\nvalue = 1.0\nrange = [0.5, 2.0]\n\
         basis = \"assumed\"\n",
    )
    .check(2, &["error: ", "`sclerostin_half_life`", "signals/sclerostin.model.toml:"]);
}

#[test]
fn several_mistakes_are_told_at_once() {
    let answer = with_record(
        "[[variable]]\nid = \"a_wrong\"\nname = \"A\"\nunit = \"1\"\nvalue = \"no_such_name\"\n\n[[variable]]\n\
         id = \"b_wrong\"\nname = \"B\"\nunit = \"1\"\nvalue = \"no_other_name\"\n",
    );
    answer.check(2, &["no_such_name", "no_other_name"]);
}

#[test]
fn a_biology_is_checked_as_a_whole() {
    let fine = Session::with_biology().type_in(&["check", "biology"]);
    assert_eq!((fine.code, fine.stdout.as_str()), (0, ""), "{}", fine.stderr);
    assert!(fine.stderr.ends_with("no findings\n"), "{}", fine.stderr);

    let session = Session::with_biology();
    let path = "biology/hypotheses/load_only.toml";
    let text = std::fs::read_to_string(session.folder().join(path)).expect("the file is there");
    let broken = session.with(path, &text.replace("muscle_force_to_bone", "muscle_force_to_bones"));
    let answer = broken.type_in(&["check", "biology"]);
    assert_eq!(answer.code, 2, "{}", answer.stderr);
    assert!(answer.stdout.contains("hypotheses/load_only.toml:6"), "{}", answer.stdout);
    assert!(answer.stdout.contains("did you mean `muscle_force_to_bone`?"), "{}", answer.stdout);
}
