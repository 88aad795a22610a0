//! `enthesis simulate` when the numbers fail: what is said, and what is kept.

use super::session::Session;
use super::simulate::DECAY;

const RATE: &str = "<apply><times/><ci>c</ci><ci>k</ci><ci>s</ci></apply>";

/// The decay with another rate.
fn with_rate(rate: &str) -> Session {
    assert!(DECAY.contains(RATE));
    Session::new().with("model.xml", &DECAY.replace(RATE, rate))
}

const SIMULATE: [&str; 6] = ["simulate", "model.xml", "--end", "4", "--steps", "40"];

#[test]
fn a_solution_that_goes_to_infinity_is_kept_up_to_there() {
    // s' = 0.5 s^2 from 8: 1 / (1/8 - t/2), infinite at 0.25.
    let session = with_rate("<apply><times/><cn>-0.5</cn><ci>s</ci><ci>s</ci></apply>");
    let answer = session.type_in(&[&SIMULATE[..], &["--output", "out.csv"]].concat());
    answer.check(
        1,
        &[
            "error: the run failed at `s`: the step became too small at time 0.2499",
            "steps so far\n  then `s` was ",
            "; reaction `r` changed it most, by ",
            "\n  `r` is -0.5 * s * s\n  with s = ",
            "\n  likely reason: the solution goes to infinity there",
            "\n  hint: look at `r`: a sign, a unit or a parameter may be wrong",
            "\n  note: the rows up to there were written\n",
        ],
    );
    let kept = std::fs::read_to_string(session.folder().join("out.csv")).expect("it was written");
    let times: Vec<&str> = kept.lines().filter_map(|line| line.split(',').next()).collect();
    assert_eq!(times, ["time", "0", "0.1", "0.2"]);
    assert_eq!(session.files(), ["model.xml", "out.csv"]);
}

#[test]
fn what_is_not_a_number_is_named_with_its_formula_and_values() {
    let session = with_rate("<apply><plus/><cn>2</cn><apply><root/><ci>s</ci></apply></apply>");
    let answer = session.type_in(&SIMULATE);
    answer.check(
        1,
        &[
            "error: the run failed at `s`: a value is not a finite number at time 2.13",
            "\n  `r` is 2 + sqrt(s)\n  with s = 0\n",
            "likely reason: a division by zero, or a root, logarithm or power of a negative number in `r`",
        ],
    );
    assert_eq!(answer.stdout.lines().count(), 1 + 22, "rows up to 2.1");
}

#[test]
fn the_first_formula_that_is_not_a_number_is_named() {
    let rule = r#"<listOfRules><assignmentRule variable="a"><math xmlns="http://www.w3.org/1998/Math/MathML">
        <apply><divide/><cn>1</cn><apply><minus/><ci>k</ci><cn>0.5</cn></apply></apply></math></assignmentRule></listOfRules>
      <listOfReactions>"#;
    let session = with_rate("<apply><times/><ci>a</ci><ci>s</ci></apply>")
        .edit("model.xml", "<listOfReactions>", rule)
        .edit("model.xml", "</listOfParameters>", "<parameter id=\"a\" constant=\"false\"/></listOfParameters>");
    session.type_in(&SIMULATE).check(
        1,
        &[
            "at time 0 ",
            "\n  then `s` was 8; the rate of reaction `r`, which changes it, is not a number",
            "\n  first to be not a number: `a`\n  `a` is 1 / (k - 0.5)\n  with k = 0.5\n",
            "hint: look at `a` and the values in it",
        ],
    );
}
