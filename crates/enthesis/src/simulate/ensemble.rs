//! Any number of members: the model under other values, one row of a table each.

use super::failure::failure_text;
use super::members::Members;
use super::table::{header_line, push_row};
use super::{Prepared, SimulateRequest, threads};
use crate::{Error, Model};
use engine::FailureKind;
use network::{Condition, SymbolIndex};
use sha2::{Digest, Sha256};
use source::Diagnostics;
use std::fmt::Write;
use std::io::Read;

/// A model with a table of members, checked and ready to be solved.
pub struct Ensemble {
    prepared: Prepared,
    table_name: String,
    targets: Vec<SymbolIndex>,
    members: u64,
    threads: usize,
    question: String,
}

/// What one member came to.
#[derive(Debug, Clone, PartialEq)]
pub struct SolvedMember {
    /// Its row in the table, from 1.
    pub number: u64,
    /// Its lines, `member,time,X,...`; empty when it failed.
    pub lines: String,
    /// Why it failed: one line of text.
    pub failure: Option<String>,
}

impl Ensemble {
    /// Reads the model and checks the whole table: a header of ids, then a row of numbers for each member, in the model's
    /// units; of a species, in what its name means. `table_name` is for messages.
    ///
    /// # Errors
    /// What is wrong with the model, the request or the table, each finding with its line.
    pub fn new(source: &Model, request: &SimulateRequest, table: impl Read, table_name: &str) -> Result<Self, Error> {
        if request.steady_state || !request.sensitivities.is_empty() {
            let message = "members of an ensemble are plain courses in time";
            let hint = "leave --steady-state and --sensitivities out, or give the values of one member with --set";
            return Err(Error::argument("--ensemble", message, hint));
        }
        let prepared = Prepared::new(source, request)?;
        let mut hash = Sha256::new();
        let settings = SimulateRequest { threads: None, interrupt: None, ..request.clone() };
        hash.update(format!("{} {settings:?}\n", env!("CARGO_PKG_VERSION")));
        let files = source.others.iter().map(|it| it.text.as_bytes());
        [source.file.text.as_bytes()].into_iter().chain(files).for_each(|text| hash.update(text));
        let members = Members::open(Hashed { table, hash: &mut hash }, table_name)?;
        let targets = members.targets(&prepared.network, &prepared.model)?;
        let count = members.check()?;
        let question = hash.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let table_name = table_name.to_string();
        Ok(Self { prepared, table_name, targets, members: count, threads: threads(request), question })
    }

    /// Number of members.
    pub fn members(&self) -> u64 {
        self.members
    }

    /// A hash of all that the results follow from: program version, model, table and request. With the same one,
    /// members that are done need not be done again.
    pub fn question(&self) -> &str {
        &self.question
    }

    /// What deserves a look in the model.
    pub fn warnings(&self) -> &Diagnostics {
        &self.prepared.warnings
    }

    /// The header of the lines: `member,time,X,...`.
    pub fn header(&self) -> String {
        let names = ["member", "time"].into_iter().chain(self.prepared.columns.ids());
        header_line(&names.map(str::to_string).collect::<Vec<_>>())
    }

    /// Solves the members of the table, read once more, after the first `done`; hands them to `sink` in their order.
    ///
    /// What `sink` gets does not depend on the number of threads, and memory not on the number of members. A member that
    /// fails is handed over with its reason.
    ///
    /// # Errors
    /// The first error of `sink`; [`Error::Interrupted`]; or what is wrong with a table that has changed.
    pub fn solve<E: From<Error> + Send>(
        &self,
        table: impl Read + Send,
        done: u64,
        mut sink: impl FnMut(SolvedMember) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let rows = Members::open(table, &self.table_name)?;
        let rows = (1..).zip(rows).skip(usize::try_from(done).unwrap_or(usize::MAX));
        study::stream(rows, self.threads, |(number, row)| self.member(number, &row?), |member| sink(member?))
    }

    fn member(&self, number: u64, row: &[f64]) -> Result<SolvedMember, Error> {
        let it = &self.prepared;
        let mut condition = Condition::clone(&it.condition);
        condition.initial.extend(self.targets.iter().copied().zip(row.iter().copied()));
        let failed = |text: String| Ok(SolvedMember { number, lines: String::new(), failure: Some(text) });
        let trajectory = match it.solve(&condition, number - 1) {
            Ok(trajectory) => trajectory,
            Err(failure) if failure.kind == FailureKind::Interrupted => return Err(Error::Interrupted),
            Err(failure) => return failed(failure_text(&it.network, &failure, &it.time_unit)),
        };
        if let Err(Error::BadInput(findings)) = it.columns.check_sizes(&it.network, &trajectory) {
            return failed(findings.iter().map(|it| it.message.clone()).collect::<Vec<_>>().join("; "));
        }
        let (mut lines, mut values) = (String::new(), Vec::new());
        for (i, time) in trajectory.times.iter().enumerate() {
            values.clear();
            values.push(*time);
            values.extend(it.columns.read(trajectory.row(i)));
            // Writing to a string cannot fail.
            let _ = write!(lines, "{number},");
            push_row(&mut lines, &values);
        }
        Ok(SolvedMember { number, lines, failure: None })
    }
}

/// Hashes what is read.
struct Hashed<'h, R> {
    table: R,
    hash: &'h mut Sha256,
}

impl<R: Read> Read for Hashed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.table.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}
