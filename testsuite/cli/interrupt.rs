//! Ctrl-C.

#![cfg(unix)]

use super::session::{Answer, Session};
use super::simulate::DECAY;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn ctrl_c_stops_a_long_run_with_130_and_leaves_nothing() {
    // An oscillator that would run for minutes.
    let oscillator = DECAY
        .replace("<apply><times/><ci>c</ci><ci>k</ci><ci>s</ci></apply>", "<cn>0</cn>")
        .replace("value=\"0.5\" constant=\"true\"", "value=\"0.5\" constant=\"false\"")
        .replace(
            "<listOfReactions>",
            r#"<listOfRules>
      <rateRule variable="k"><math xmlns="http://www.w3.org/1998/Math/MathML">
        <apply><cos/><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol></apply>
      </math></rateRule>
    </listOfRules>
    <listOfReactions>"#,
        );
    let session = Session::new().with("model.xml", &oscillator);
    let arguments =
        ["simulate", "model.xml", "--start", "0", "--end", "1e7", "--steps", "1000000", "--output", "out.csv"];
    let mut child =
        session.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(child.try_wait().expect("it can be asked"), None, "the run was to take long");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    assert!(sent.success());
    let began = Instant::now();
    let answer = Answer::of(child.wait_with_output().expect("it ends"));
    assert_eq!((answer.code, answer.stderr.as_str()), (130, "interrupted: nothing was written\n"));
    assert!(began.elapsed() < Duration::from_secs(5), "it took {:?} to stop", began.elapsed());
    assert_eq!(session.files(), ["model.xml"]);
}
