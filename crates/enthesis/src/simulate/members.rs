//! The table of an ensemble: one row a member, columns are parameters, species or compartments of the model.

use super::settings::settable;
use crate::Error;
use csv::{ByteRecord, Reader, ReaderBuilder};
use engine::CompiledModel;
use network::{Network, SymbolIndex};
use source::{Diagnostic, Diagnostics, Place};
use std::io::Read;
use std::sync::Arc;

/// After so many findings about a table the rest is left unread: one mistake often repeats in every row.
const MOST_FINDINGS: usize = 10;

/// A table being read, row by row.
pub(super) struct Members<R> {
    reader: Reader<R>,
    /// The file's name, for messages.
    name: Arc<str>,
    ids: Vec<String>,
    record: ByteRecord,
}

impl<R: Read> Members<R> {
    /// Reads the header.
    pub fn open(table: R, name: &str) -> Result<Self, Error> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(table);
        let name: Arc<str> = Arc::from(name);
        let header = reader.byte_headers().map_err(|error| broken(&name, &error))?;
        let ids: Vec<String> = header.iter().map(|it| String::from_utf8_lossy(it).trim().to_string()).collect();
        Ok(Self { reader, name, ids, record: ByteRecord::new() })
    }

    /// The symbols of the columns.
    pub fn targets(&self, network: &Network, model: &CompiledModel) -> Result<Vec<SymbolIndex>, Error> {
        if let [only] = self.ids.as_slice() {
            self.check_separator(only)?;
        }
        let (mut findings, mut targets) = (Diagnostics::new(), Vec::new());
        let mut column = 1;
        for id in &self.ids {
            let place = Place::new(&self.name, 1, column);
            column += width(id);
            if id.is_empty() {
                let finding = Diagnostic::error(place, "a column of the header has no name");
                findings.push(finding.because("an index column, or a comma at the end of the line").hint(
                    "leave the column out (in pandas: to_csv(..., index=False); in R: write.csv(..., row.names = FALSE))",
                ));
                continue;
            }
            match settable(network, model, place.clone(), id) {
                Ok(symbol) if targets.contains(&symbol) => {
                    findings.push(Diagnostic::error(place, format!("`{id}` has two columns")).hint("leave one out"));
                }
                Ok(symbol) => targets.push(symbol),
                Err(finding) => findings.push(finding),
            }
        }
        if findings.is_empty() { Ok(targets) } else { Err(findings.into()) }
    }

    /// A header of one name that is several: the separator is not a comma.
    fn check_separator(&self, header: &str) -> Result<(), Error> {
        let separators = [(';', "semicolons"), ('\t', "tabs"), (' ', "spaces"), ('|', "bars")];
        let Some((_, word)) = separators.iter().find(|(it, _)| header.contains(*it)) else { return Ok(()) };
        let message = format!("the columns are separated by {word}, not by commas");
        let hint = "save the table as comma-separated values, with points in decimal numbers";
        Err(Error::BadInput(Diagnostic::error(Place::new(&self.name, 1, 1), message).hint(hint).into()))
    }

    /// Reads all rows and returns their number; every finding at once, up to a limit.
    pub fn check(mut self) -> Result<u64, Error> {
        let (mut count, mut findings) = (0, Diagnostics::new());
        while findings.iter().count() < MOST_FINDINGS
            && let Some(row) = self.next()
        {
            count += 1;
            match row {
                Ok(_) => {}
                Err(Error::BadInput(found)) => findings.extend(found),
                Err(other) => return Err(other),
            }
        }
        if count == 0 {
            let finding = Diagnostic::error(Place::file(&self.name), "the table has a header but no members");
            findings.push(finding.hint("give one row of numbers for each member"));
        }
        if findings.is_empty() { Ok(count) } else { Err(findings.into()) }
    }

    /// The numbers of the present record.
    fn row(&self) -> Result<Vec<f64>, Error> {
        // A record begins before the blank lines that it follows; the line before the reader's is nearer then.
        let (begins, next) = (self.record.position().map_or(0, csv::Position::line), self.reader.position().line());
        let line = u32::try_from(begins.max(next - 1)).unwrap_or(u32::MAX);
        let place = |column: u32| Place::new(&self.name, line, column);
        let (found, expected) = (self.record.len(), self.ids.len());
        if found != expected {
            let message = format!("the row has {}, the header {expected}", values(found));
            let hint = if found > expected {
                "take out the value that is too many; decimal numbers have a point, not a comma"
            } else {
                "give every member a value in every column"
            };
            return Err(Error::BadInput(Diagnostic::error(place(1), message).hint(hint).into()));
        }
        let (mut findings, mut numbers) = (Diagnostics::new(), Vec::with_capacity(expected));
        let mut column = 1;
        for (id, field) in self.ids.iter().zip(&self.record) {
            let text = String::from_utf8_lossy(field);
            match number(&text) {
                Ok(number) => numbers.push(number),
                Err((message, hint)) => {
                    findings
                        .push(Diagnostic::error(place(column), format!("{message} of `{id}`: `{text}`")).hint(hint));
                }
            }
            column += width(&text);
        }
        if findings.is_empty() { Ok(numbers) } else { Err(findings.into()) }
    }
}

/// The rows, in order.
impl<R: Read> Iterator for Members<R> {
    type Item = Result<Vec<f64>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => Some(self.row()),
            Ok(false) => None,
            Err(error) => Some(Err(broken(&self.name, &error))),
        }
    }
}

/// The number in a field, or what is wrong with it and what to do.
fn number(text: &str) -> Result<f64, (&'static str, &'static str)> {
    let trimmed = text.trim();
    match trimmed.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ if trimmed.is_empty() => Err(("no value", "give every member a value in every column")),
        Ok(_) => Err(("not a finite value", "give a number, or leave the member out")),
        Err(_) if trimmed.replace(',', ".").parse::<f64>().is_ok() => {
            Err(("not a number", "write decimal numbers with a point"))
        }
        Err(_) if ["na", "n/a", "nan", "null", "none"].contains(&&*trimmed.to_lowercase()) => {
            Err(("no value", "give every member a value in every column"))
        }
        Err(_) => Err(("not a number", "give a plain number such as 0.5 or 2e-3, in the model's own unit")),
    }
}

/// Characters from the beginning of a field to that of the next.
fn width(field: &str) -> u32 {
    u32::try_from(field.chars().count() + 1).unwrap_or(u32::MAX / 2)
}

fn values(count: usize) -> String {
    if count == 1 { "1 value".to_string() } else { format!("{count} values") }
}

fn broken(name: &str, error: &csv::Error) -> Error {
    Error::Failed(format!("cannot read {name}\n  likely reason: {error}"))
}
