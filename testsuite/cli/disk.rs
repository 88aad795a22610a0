//! Disks that are full, folders that may not be written, readers that went away.

use super::session::{Answer, Session};
use super::simulate::DECAY;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

const SIMULATE: [&str; 8] = ["simulate", "model.xml", "--start", "0", "--end", "4", "--steps", "2000"];

#[test]
fn a_full_disk_is_said_to_be_full() {
    if !Path::new("/dev/full").exists() {
        println!("skipped: this system has no /dev/full");
        return;
    }
    let session = Session::new().with("model.xml", DECAY);
    session.check_error(
        &[&SIMULATE[..], &["--output", "/dev/full"]].concat(),
        1,
        "error: cannot write /dev/full\n  likely reason: the disk is full\n  hint: free some space or write to \
         another disk\n",
    );
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("it can be opened");
    let output = session.command(&SIMULATE).stdout(Stdio::from(full)).stderr(Stdio::piped()).output();
    Answer::of(output.expect("the program starts")).check(1, &["cannot write to stdout", "the disk is full"]);
}

/// A mounted file system of one page, unmounted at the end.
struct TinyDisk<'s>(&'s Path);

impl<'s> TinyDisk<'s> {
    fn mount(folder: &'s Path) -> Option<Self> {
        let mount = ["-t", "tmpfs", "-o", "size=4k", "enthesis-test"];
        let status = std::process::Command::new("mount").args(mount).arg(folder).stderr(Stdio::null()).status();
        status.is_ok_and(|it| it.success()).then_some(Self(folder))
    }
}

impl Drop for TinyDisk<'_> {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn on_a_disk_that_fills_up_nothing_half_written_is_left() {
    let session = Session::new().with("model.xml", DECAY).with("disk/.keep", "");
    let folder = session.folder().join("disk");
    let Some(disk) = TinyDisk::mount(&folder) else {
        println!("skipped: only an administrator may mount a small disk");
        return;
    };
    session
        .type_in(&[&SIMULATE[..], &["--output", "disk/out.csv"]].concat())
        .check(1, &["error: cannot write disk/out.csv", "likely reason: the disk is full", "hint: free some space"]);
    let left = std::fs::read_dir(&folder).expect("the disk is readable").count();
    drop(disk);
    assert_eq!(left, 0, "files are left on the disk");
}

#[test]
fn of_a_report_that_does_not_fit_no_file_is_left() {
    let session = Session::new().with("disk/.keep", "");
    let folder = session.folder().join("disk");
    let Some(disk) = TinyDisk::mount(&folder) else {
        println!("skipped: only an administrator may mount a small disk");
        return;
    };
    session
        .type_in(&["run", "bed_rest", "--members", "0", "--output", "disk/results"])
        .check(1, &["error: cannot write disk/results/", "likely reason: the disk is full"]);
    let left = std::fs::read_dir(&folder).expect("the disk is readable").count();
    drop(disk);
    assert_eq!(left, 0, "files are left on the disk");
}

#[test]
fn a_missing_folder_is_named() {
    let session = Session::new().with("model.xml", DECAY);
    session.check_error(
        &[&SIMULATE[..], &["--output", "no_folder/out.csv"]].concat(),
        1,
        "error: cannot write no_folder/out.csv\n  likely reason: the folder it should go into does not exist\n  \
         hint: make the folder first\n",
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let session = Session::new().with("model.xml", DECAY);
    let many = ["simulate", "model.xml", "--start", "0", "--end", "4", "--steps", "50000"];
    let mut child =
        session.command(&many).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut first = [0; 4];
    child.stdout.take().expect("stdout is a pipe").read_exact(&mut first).expect("data come");
    // The pipe is closed here, as `head` closes it.
    let answer = Answer::of(child.wait_with_output().expect("it ends"));
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
}
