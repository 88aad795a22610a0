//! What can be typed, and what cannot.

use super::session::Session;

#[test]
fn help_shows_examples_and_exit_codes() {
    let answer = Session::new().type_in(&["--help"]);
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
    for text in ["enthesis run bed_rest --output results", "77 unsupported SBML construct", "Research use only."] {
        assert!(answer.stdout.contains(text), "{text:?} is missing from:\n{}", answer.stdout);
    }
}

#[test]
fn every_command_has_help() {
    for command in ["run", "list", "explain", "simulate", "completions"] {
        let answer = Session::new().type_in(&[command, "--help"]);
        assert_eq!(answer.code, 0);
        assert!(answer.stdout.contains("Usage: enthesis"), "{}", answer.stdout);
    }
}

#[test]
fn an_unknown_command_is_bad_input() {
    Session::new().type_in(&["runn", "bed_rest"]).check(2, &["unrecognized subcommand 'runn'", "'run'"]);
}

#[test]
fn a_run_needs_a_scenario() {
    Session::new().type_in(&["run"]).check(2, &["<SCENARIO|FILE.toml>"]);
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let answer = Session::new().type_in(&["completions", shell]);
        assert_eq!(answer.code, 0);
        assert!(answer.stdout.contains("enthesis"), "{shell}");
    }
}
