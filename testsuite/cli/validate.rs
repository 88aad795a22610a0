//! `enthesis validate`: the model against published studies.

use super::session::Session;

#[test]
fn one_study_in_a_terminal() {
    let answer = Session::new().type_in(&["validate", "--study", "leblanc_1990", "--members", "0", "--quiet"]);
    answer.check(0, &[]);
    let lines: Vec<&str> = answer.stdout.lines().collect();
    assert!(
        lines[0].starts_with("LeBlanc 1990: bed rest, 17 weeks (leblanc_1990, disuse, calibration): "),
        "{}",
        lines[0]
    );
    assert_eq!(lines[2], "  bed_rest");
    assert!(lines[4].starts_with("OC0001  bmd_lumbar_spine  119  -3.9 %"), "{}", lines[4]);
    assert!(answer.stdout.contains(" of 7 rows and 1 of 1 studies are modeled\n"), "{}", answer.stdout);
    assert!(answer.stdout.lines().all(|line| line.chars().count() <= 80), "{}", answer.stdout);
    assert_eq!(answer.stderr, "");
}

#[test]
fn files_are_written() {
    let session = Session::new();
    let arguments = ["validate", "--study", "leblanc_1990", "--members", "2", "--output", "results", "--quiet"];
    session.type_in(&arguments).check(0, &[]);
    let read = |name: &str| std::fs::read_to_string(session.folder().join("results").join(name)).expect("a file");
    let page = read("validation.html");
    assert!(
        page.contains("<h1>The model against published studies</h1>") && !page.contains("internal error"),
        "{page}"
    );
    let rows = read("validation.tsv");
    let columns = rows.lines().next().expect("a header").split('\t').count();
    assert_eq!(rows.lines().count(), 8, "a header and seven rows, modeled or not");
    assert!(rows.lines().all(|line| line.split('\t').count() == columns), "{rows}");
    let scores = read("scores.tsv");
    assert_eq!(scores.lines().count(), 11, "a header and five models for disuse and for all");
}

#[test]
fn a_wrong_row_is_told_with_its_place_and_nothing_runs() {
    let path = "biology/measurements/calibration/disuse.tsv";
    let session = Session::with_biology().edit(path, "bmd_lumbar_spine", "bmd_lumber_spine");
    let answer = session.type_in(&["validate", "--biology", "biology", "--members", "0"]);
    answer.check(
        2,
        &[
            "there is no readout `bmd_lumber_spine`",
            "measurements/calibration/disuse.tsv:2:",
            "did you mean `bmd_lumbar_spine`?",
        ],
    );
    assert_eq!(answer.stdout, "");
}

#[test]
fn an_unknown_study_is_bad_input() {
    let answer = Session::new().type_in(&["validate", "--study", "leblanc_1991"]);
    answer.check(2, &["nothing was measured in a study `leblanc_1991`", "did you mean `leblanc_1990`?"]);
}
