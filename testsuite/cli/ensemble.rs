//! `enthesis simulate --ensemble`: a table of members, streamed to disk.

use super::session::{Answer, Session};
use super::simulate::DECAY;
use std::process::Stdio;

const TO_4: [&str; 9] = ["simulate", "model.xml", "--end", "4", "--steps", "2", "--quiet", "--ensemble", "members.csv"];

fn session(table: &str) -> Session {
    Session::new().with("model.xml", DECAY).with("members.csv", table)
}

fn with_output(more: &[&'static str]) -> Vec<&'static str> {
    [&TO_4[..], &["--output", "out.csv"], more].concat()
}

impl Session {
    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder().join(name)).expect("the file is there")
    }
}

/// Members with rates from 0.01 on.
fn many(count: usize) -> String {
    (1..=count).fold("k\n".to_string(), |text, i| text + &format!("{}\n", 0.01 * i as f64))
}

#[test]
fn every_row_of_the_table_is_a_member() {
    let session = session("k,s\n0.5,8\n0,3\n1e-3,4\n");
    session.check_data(&with_output(&[]), "");
    let text = session.read("out.csv");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[0], lines.len()), ("member,time,s", 1 + 3 * 3));
    assert_eq!((lines[1], lines[4], lines[5], lines[7]), ("1,0,8", "2,0,3", "2,2,3", "3,0,4"));
    assert_eq!(session.read("out.failures.csv"), "member,reason\n");
    assert_eq!(session.files(), ["members.csv", "model.xml", "out.csv", "out.failures.csv"]);
    session.check_data(&TO_4, &text);
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let session = session(&many(200));
    let with = |threads: &'static str| {
        session.check_data(&with_output(&["--threads", threads]), "");
        session.read("out.csv")
    };
    let one = with("1");
    assert_eq!(one.lines().count(), 1 + 200 * 3);
    assert_eq!(with("2"), one);
    assert_eq!(with("5"), one);
}

#[test]
fn a_member_that_fails_is_listed_with_its_reason_and_the_others_are_done() {
    // s' = k s^2 from 8 is infinite at 1 / (8 k).
    let blows_up = DECAY.replace("<ci>k</ci><ci>s</ci>", "<ci>k</ci><ci>s</ci><ci>s</ci><cn>-1</cn>");
    let session = Session::new().with("model.xml", &blows_up).with("members.csv", "k\n0.001\n0.5\n0.002\n");
    let arguments: Vec<&str> = with_output(&[]).into_iter().filter(|it| *it != "--quiet").collect();
    let answer = session.type_in(&arguments);
    answer
        .check(0, &["3 of 3 members in ", " members/s, the first after ", "1 members failed: see out.failures.csv\n"]);
    let failures = session.read("out.failures.csv");
    let expected = "member,reason\n2,\"the run failed at `s`: the step became too small at time 0.24";
    assert!(failures.starts_with(expected), "{failures}");
    assert_eq!(failures.lines().count(), 2);
    let text = session.read("out.csv");
    let members: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(members, ["1", "1", "1", "3", "3", "3"]);
}

#[test]
fn random_members_have_random_numbers_of_their_own() {
    let session = session("s\n1000\n1000\n");
    let text = session.type_in(&[&TO_4[..], &["--method", "ssa"]].concat()).stdout;
    let of = |member: &str| -> Vec<String> {
        text.lines().filter_map(|it| it.strip_prefix(member)).map(str::to_string).collect()
    };
    assert_eq!(of("1,").len(), 3);
    assert_ne!(of("1,"), of("2,"));
}

#[test]
fn a_table_from_a_spreadsheet_is_read() {
    let plain = session("k,s\n0.5,8\n").type_in(&TO_4).stdout;
    for table in ["\u{feff}k,s\r\n0.5,8\r\n", "\"k\",\"s\"\n\"0.5\", 8\n", "k, s\n\n0.5,8"] {
        assert_eq!(session(table).type_in(&TO_4).stdout, plain, "{table:?}");
    }
}

#[test]
fn what_is_wrong_with_a_table_is_said_with_line_and_column() {
    let check = |table: &str, expected: &[&str]| {
        let session = session(table);
        session.type_in(&with_output(&[])).check(2, expected);
        assert_eq!(session.files(), ["members.csv", "model.xml"], "nothing is begun");
    };
    check("k,kk\n1,2\n", &["error: the model has no variable `kk`\n  at members.csv:1:3\n  hint: "]);
    check("k,r\n1,2\n", &["error: `r` cannot be given a value: this reaction follows from others"]);
    check("k,k\n1,2\n", &["error: `k` has two columns\n  at members.csv:1:3"]);
    check(",k\n0,2\n", &["error: a column of the header has no name\n  at members.csv:1:1", "index=False"]);
    check("k;s\n1;2\n", &["error: the columns are separated by semicolons, not by commas\n  at members.csv:1:1"]);
    check("k\ts\n1\t2\n", &["separated by tabs", "hint: save the table as comma-separated values"]);
    check("k,s\n1,2\n3,x\n", &["error: not a number of `s`: `x`\n  at members.csv:3:3"]);
    check("k,s\n1,2\n3,\n", &["error: no value of `s`: ``\n  at members.csv:3:3\n  hint: give every member a value"]);
    check("k,s\nNA,2\n", &["error: no value of `k`: `NA`\n  at members.csv:2:1"]);
    check("k,s\n1,inf\n", &["error: not a finite value of `s`: `inf`\n  at members.csv:2:3"]);
    check("k,s\n1,2,3\n", &["error: the row has 3 values, the header 2\n  at members.csv:2:1"]);
    check("k,s\n\n1\n", &["error: the row has 1 value, the header 2\n  at members.csv:3:1"]);
    check("k,s\n\"0,5\",1\n", &["error: not a number of `k`: `0,5`", "hint: write decimal numbers with a point"]);
    check("k,s\n", &["error: the table has a header but no members\n  at members.csv\n"]);
    check("", &["members.csv", "hint: "]);
    // Every finding at once.
    check("k,s\nx,2\n1,y\n", &["`k`: `x`\n  at members.csv:2:1", "`s`: `y`\n  at members.csv:3:3"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on_where_it_stopped() {
    let session = session(&many(400));
    let arguments: Vec<&str> = with_output(&["--rtol", "1e-10", "--threads", "1"])
        .into_iter()
        .map(|it| if it == "2" { "2000" } else { it })
        .collect();
    session.check_data(&arguments, "");
    let complete = session.read("out.csv");
    std::fs::remove_file(session.folder().join("out.csv")).expect("it is there");

    let child = session.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("the program starts");
    let part = session.folder().join("out.csv.part");
    while std::fs::metadata(&part).map_or(0, |it| it.len()) < 1_000_000 {
        assert_eq!(child.try_wait().expect("it can be asked"), None, "the run was to take longer");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let stopped = Answer::of(child.wait_with_output().expect("it ends"));
    stopped.check(130, &["interrupted after ", " of 400 members: the same command goes on from there\n"]);
    assert!(!session.files().contains(&"out.csv".to_string()), "half a file must not look complete");

    // Another question does not overwrite what is there.
    let other = [&arguments[..], &["--set", "s=7"]].concat();
    session
        .type_in(&other)
        .check(2, &["error: an unfinished run is in the way: out.csv.resume", "hint: delete that file"]);

    let loud: Vec<&str> = arguments.iter().copied().filter(|it| *it != "--quiet").collect();
    session.type_in(&loud).check(0, &["going on after "]);
    assert!(session.read("out.csv") == complete, "the bytes are those of an uninterrupted run");
    assert_eq!(session.files(), ["members.csv", "model.xml", "out.csv", "out.failures.csv"]);
}
