//! `enthesis simulate --method ssa`: random runs, and their mean and spread.

use super::session::Session;
use super::simulate::{DECAY, columns};

const TO_4: [&str; 7] = ["simulate", "model.xml", "--end", "4", "--steps", "4", "--method"];

fn session() -> Session {
    Session::new().with("model.xml", DECAY)
}

fn table(arguments: &[&str]) -> String {
    let answer = session().type_in(&[&TO_4[..], arguments].concat());
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
    answer.stdout
}

#[test]
fn one_random_run_is_a_trajectory_of_whole_molecules() {
    let text = table(&["ssa", "--seed", "3"]);
    assert_eq!(text.lines().next(), Some("time,s"));
    let rows = columns(&text);
    assert_eq!(rows[0], [0.0, 8.0]);
    assert!(rows.windows(2).all(|pair| pair[1][1] <= pair[0][1] && pair[1][1].fract() == 0.0), "{rows:?}");
    assert_eq!(table(&["ssa", "--seed", "3", "--runs", "1"]), text, "the same seed gives the same run");
    let others: Vec<String> = ["4", "5", "6"].map(|seed| table(&["ssa", "--seed", seed])).to_vec();
    assert!(others.iter().any(|other| *other != text), "other seeds give other runs");
}

#[test]
fn many_random_runs_give_the_mean_and_spread_of_the_theory() {
    let text = table(&["ssa", "--runs", "4000", "--threads", "2"]);
    assert_eq!(text.lines().next(), Some("time,s-mean,s-sd"));
    // Each of 8 molecules is still there with chance p, by itself: a binomial distribution.
    for row in columns(&text).iter().skip(1) {
        let p = (-0.5 * row[0]).exp();
        let (mean, sd) = (8.0 * p, (8.0 * p * (1.0 - p)).sqrt());
        // Five standard errors of the mean; for the spread 10 %.
        assert!((row[1] - mean).abs() < 5.0 * sd / 4000f64.sqrt(), "at {}: mean {} is not {mean}", row[0], row[1]);
        assert!((row[2] / sd - 1.0).abs() < 0.1, "at {}: sd {} is not {sd}", row[0], row[2]);
    }
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let with = |threads: &str| table(&["ssa", "--runs", "300", "--seed", "9", "--threads", threads]);
    let one = with("1");
    assert_eq!(with("2"), one);
    assert_eq!(with("7"), one);
}

#[test]
fn runs_without_chance_are_told_to_be_the_same() {
    let answer = session().type_in(&[&TO_4[..], &["ode", "--runs", "3"]].concat());
    assert_eq!(answer.code, 0);
    assert_eq!(
        answer.stderr,
        "warning: all 3 runs are the same: nothing is left to chance\n  at --runs\n  hint: --method ssa draws every \
         reaction of every molecule\n"
    );
    assert!(columns(&answer.stdout).iter().all(|row| row[2] == 0.0));
}

#[test]
fn a_rate_that_is_no_chance_is_named() {
    let rate = "<apply><times/><ci>c</ci><ci>k</ci><ci>s</ci></apply>";
    let negative = format!("<apply><minus/>{rate}<cn>6</cn></apply>");
    let session = Session::new().with("model.xml", &DECAY.replace(rate, &negative));
    let arguments = [&TO_4[..], &["ssa", "--output", "out.csv"]].concat();
    session.type_in(&[&arguments[..], &["--runs", "10"]].concat()).check(
        1,
        &["error: run 1 of 10: the run failed at `r`: the rate of a reaction is negative", "hint: ", "--method ode"],
    );
    assert_eq!(session.files(), ["model.xml"]);
}

#[test]
fn methods_and_counts_are_checked() {
    session().type_in(&[&TO_4[..], &["gillespie"]].concat()).check(2, &["gillespie", "ode", "ssa", "tau", "hybrid"]);
    session().type_in(&[&TO_4[..], &["ssa", "--runs", "0"]].concat()).check(2, &["--runs"]);
    session().type_in(&[&TO_4[..], &["ssa", "--threads", "0"]].concat()).check(2, &["give a number from 1 to 4096"]);
}
