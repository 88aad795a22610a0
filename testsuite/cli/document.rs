//! `enthesis document`: texts about the model.

use super::session::Session;

#[test]
fn parameters_are_written_in_three_forms() {
    let session = Session::new();
    for ending in ["md", "html", "tsv"] {
        let name = format!("parameters.{ending}");
        session.check_data(&["document", "parameters", "--output", &name, "--quiet"], "");
        let text = std::fs::read_to_string(session.folder().join(&name)).expect("it was written");
        for part in ["sclerostin_half_life", "Eudy 2015", "fitted"] {
            assert!(text.contains(part), "{part} is missing from {name}");
        }
    }
}

#[test]
fn the_ten_rules_go_to_stdout() {
    let answer = Session::new().type_in(&["document", "ten-rules"]);
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
    assert!(answer.stdout.starts_with("# Bone and muscle, reference model: the Ten Rules of credible practice\n"));
    assert!(answer.stdout.contains("| 8 | Get independent reviews | 0 insufficient |"), "{}", answer.stdout);
}

#[test]
fn the_report_of_a_run_brings_its_equations() {
    let session = Session::new();
    session.type_in(&["run", "resistance_training", "--members", "0", "--output", "results", "--quiet"]);
    let read =
        |name: &str| std::fs::read_to_string(session.folder().join("results").join(name)).expect("it was written");
    assert!(read("equations_human.txt").contains("d(pge2_in_bone)/dt"));
    assert!(read("report.html").contains("href=\"equations_human.txt\""));
}

#[test]
fn a_form_that_a_text_does_not_have_is_said_with_the_others() {
    Session::new().check_error(
        &["document", "ten-rules", "--output", "rules.pdf"],
        2,
        "error: no format of a text has the ending of rules.pdf\n  at --output\n  hint: end it in one of: md, html, tsv\n",
    );
    Session::new().check_error(
        &["document", "equations", "--output", "equations.tsv", "--quiet"],
        2,
        "error: this document is not one table\n  at --output\n  hint: end the name of the file in .md or .html\n",
    );
    let session = Session::with_biology();
    std::fs::remove_file(session.folder().join("biology/credibility.toml")).expect("it is there");
    session.check_error(
        &["document", "ten-rules", "--biology", "biology"],
        2,
        "error: the biology does not say how it keeps the ten rules\n  at --biology\n  hint: write credibility.toml; \
         docs/biology-format.md says how\n",
    );
}
