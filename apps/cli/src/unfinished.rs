//! Results that grow on disk under temporary names, and a record of how far they are, so that a later run goes on.
//!
//! Beside `out.csv` lie, until all is done: `out.csv.part` with the lines, `out.failures.csv.part` with the failures, and
//! `out.csv.resume`, which says for which question, after how many members and at which lengths the two were complete.

use crate::failure::Failure;
use crate::files;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often the record is brought up to date.
const BETWEEN_RECORDS: Duration = Duration::from_secs(1);

/// The header of the list of failures.
const FAILURES_HEADER: &str = "member,reason\n";

/// Two files being written.
pub struct Unfinished {
    place: PathBuf,
    failures_place: PathBuf,
    record_place: PathBuf,
    lines: Part,
    failures: Part,
    question: String,
    done: u64,
    recorded: Instant,
}

impl Unfinished {
    /// Opens what an earlier run for the same question left, or begins anew; says how many members are done.
    pub fn open(place: &Path, question: &str, header: &str) -> Result<(Self, u64), Failure> {
        if place.is_dir() {
            return Err(Failure::cannot_write(place, &std::io::ErrorKind::IsADirectory.into()));
        }
        let failures_place = place.with_extension("failures.csv");
        let record_place = with_ending(place, ".resume");
        let record = match std::fs::read_to_string(&record_place) {
            Ok(text) => Some(Record::read(&text, question, &record_place)?),
            Err(_) => None,
        };
        let (lines_place, failures_draft) = (with_ending(place, ".part"), with_ending(&failures_place, ".part"));
        let record =
            record.filter(|it| Part::holds(&lines_place, it.lines) && Part::holds(&failures_draft, it.failures));
        let begin = record.unwrap_or(Record { done: 0, lines: 0, failures: 0 });
        let mut unfinished = Self {
            lines: Part::open(lines_place, begin.lines)?,
            failures: Part::open(failures_draft, begin.failures)?,
            place: place.to_path_buf(),
            failures_place,
            record_place,
            question: question.to_string(),
            done: begin.done,
            recorded: Instant::now(),
        };
        if begin.lines == 0 {
            unfinished.lines.write(header)?;
            unfinished.failures.write(FAILURES_HEADER)?;
        }
        unfinished.keep()?;
        Ok((unfinished, begin.done))
    }

    /// Adds a member.
    pub fn add(&mut self, lines: &str, number: u64, failure: Option<&str>) -> Result<(), Failure> {
        self.lines.write(lines)?;
        if let Some(reason) = failure {
            self.failures.write(&format!("{number},\"{}\"\n", reason.replace('"', "\"\"")))?;
        }
        self.done = number;
        if self.recorded.elapsed() > BETWEEN_RECORDS {
            self.keep()?;
            self.recorded = Instant::now();
        }
        Ok(())
    }

    /// Writes down how far it is.
    pub fn keep(&mut self) -> Result<(), Failure> {
        self.lines.flush()?;
        self.failures.flush()?;
        let Self { question, done, lines, failures, .. } = self;
        let record = format!("{question} {done} {} {}\n", lines.length, failures.length);
        files::write(&self.record_place, &record)
    }

    /// What to tell a person after an interruption.
    pub fn how_to_go_on(&self, members: u64) -> String {
        format!("interrupted after {} of {members} members: the same command goes on from there", self.done)
    }

    /// Gives the files their names; returns the one with the failures.
    pub fn finish(mut self) -> Result<PathBuf, Failure> {
        self.lines.flush()?;
        self.failures.flush()?;
        self.failures.take_place(&self.failures_place)?;
        self.lines.take_place(&self.place)?;
        // The record is of no use without the parts, and harmless.
        let _ = std::fs::remove_file(&self.record_place);
        Ok(self.failures_place)
    }
}

/// How far an earlier run came.
struct Record {
    done: u64,
    lines: u64,
    failures: u64,
}

impl Record {
    fn read(text: &str, question: &str, path: &Path) -> Result<Self, Failure> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let in_the_way = || {
            Failure::BadInput(format!(
                "an unfinished run is in the way: {}\n  likely reason: the model, the table or an option has changed \
                 since it was interrupted\n  hint: delete that file to begin anew, or choose another --output",
                path.display()
            ))
        };
        let [of, done, lines, failures] = words.as_slice() else { return Err(in_the_way()) };
        match (*of == question, done.parse(), lines.parse(), failures.parse()) {
            (true, Ok(done), Ok(lines), Ok(failures)) => Ok(Self { done, lines, failures }),
            _ => Err(in_the_way()),
        }
    }
}

/// A file that grows under a temporary name.
struct Part {
    path: PathBuf,
    file: BufWriter<File>,
    length: u64,
}

impl Part {
    /// True when the file has at least this length, so that it can be cut to it.
    fn holds(path: &Path, length: u64) -> bool {
        std::fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() >= length)
    }

    /// Opens the file and keeps its first `length` bytes.
    fn open(path: PathBuf, length: u64) -> Result<Self, Failure> {
        let open = || {
            let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(&path)?;
            file.set_len(length)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        let file = open().map_err(|error| Failure::cannot_write(&path, &error))?;
        Ok(Self { file: BufWriter::with_capacity(1 << 16, file), path, length })
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.length += text.len() as u64;
        self.file.write_all(text.as_bytes()).map_err(|error| Failure::cannot_write(&self.path, &error))
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.file.flush().map_err(|error| Failure::cannot_write(&self.path, &error))
    }

    fn take_place(&self, place: &Path) -> Result<(), Failure> {
        std::fs::rename(&self.path, place).map_err(|error| Failure::cannot_write(place, &error))
    }
}

/// A path with something added to its name.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(ending);
    path.with_file_name(name)
}
