//! TOML as records whose every key and value knows its place.
//!
//! A reader asks a [`Record`] for the keys it understands; what nobody asked for is an unknown key, reported by
//! [`Record::finish`] with the closest of the keys that were asked for. So the code that reads a record is also the
//! only list of its keys.

use crate::{Diagnostic, Diagnostics, Place, SourceFile, Word, did_you_mean};
use std::ops::Deref;
use toml::de::{DeTable, DeValue};

/// A value and where it is written. Behaves like the value.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it is written; for a text, its first character inside the quotation marks.
    pub place: Place,
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl Placed<String> {
    /// The place of byte `offset` of the text. Off by a few characters in texts with escapes such as `\n`.
    pub fn place_at(&self, offset: usize) -> Place {
        let before: String = String::from_utf8_lossy(&self.value.as_bytes()[..offset.min(self.value.len())]).into();
        let lines = before.matches('\n').count();
        let last = before.rsplit('\n').next().unwrap_or("").chars().count();
        let column = if lines == 0 { self.place.column as usize + last } else { last + 1 };
        Place {
            path: self.place.path.clone(),
            line: self.place.line + u32::try_from(lines).unwrap_or(0),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// A TOML value.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A string.
    Text(Placed<String>),
    /// An integer or a finite or infinite number, or NaN.
    Number(Placed<f64>),
    /// `true` or `false`.
    Flag(Placed<bool>),
    /// An array.
    List(Placed<Vec<Node>>),
    /// A table.
    Table(Record),
    /// A date or time, which our files do not use.
    Date(Place),
}

impl Node {
    /// Where it is written.
    pub fn place(&self) -> &Place {
        match self {
            Self::Text(it) => &it.place,
            Self::Number(it) => &it.place,
            Self::Flag(it) => &it.place,
            Self::List(it) => &it.place,
            Self::Table(it) => &it.place,
            Self::Date(place) => place,
        }
    }

    /// What kind of value it is, for messages: `a text`, `a number`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Date(_) => "a date",
        }
    }
}

/// A TOML table, from which known keys are taken one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What the record is, for messages: ``[[parameter]] `sclerostin_half_life` ``.
    pub title: String,
    /// Where it starts.
    pub place: Place,
    entries: Vec<(Placed<String>, Node)>,
    asked: Vec<&'static str>,
}

impl Record {
    /// Reads a file; `None` after syntax errors, which are all reported.
    pub fn read(file: &SourceFile, findings: &mut Diagnostics) -> Option<Self> {
        let positions = Positions::new(file);
        let (table, errors) = DeTable::parse_recoverable(&file.text);
        for error in &errors {
            let place = error.span().map_or_else(|| Place::file(&file.path), |span| positions.place(span.start));
            findings.push(
                Diagnostic::error(place, format!("the file is not valid TOML: {}", error.message()))
                    .hint("compare with another file of the same kind; the rest of this file was not read"),
            );
        }
        if errors.is_empty() {
            Some(record(&positions, Place::file(&file.path), table.into_inner(), "the file"))
        } else {
            None
        }
    }

    /// Takes a key's value whatever its kind.
    pub fn take(&mut self, key: &'static str) -> Option<Node> {
        self.asked.push(key);
        let position = self.entries.iter().position(|(name, _)| name.value == key)?;
        Some(self.entries.remove(position).1)
    }

    /// Takes a text.
    pub fn text(&mut self, key: &'static str, findings: &mut Diagnostics) -> Option<Placed<String>> {
        match self.take(key)? {
            Node::Text(text) => Some(text),
            other => self.wrong_kind(key, "a text in quotation marks", &other, findings),
        }
    }

    /// Takes a text that must be there.
    pub fn required_text(&mut self, key: &'static str, findings: &mut Diagnostics) -> Option<Placed<String>> {
        let present = self.has(key);
        let text = self.text(key, findings);
        if !present {
            self.missing(key, findings);
        }
        text
    }

    /// Takes a word of a closed list.
    pub fn word<T: Word>(&mut self, key: &'static str, findings: &mut Diagnostics) -> Option<T> {
        let text = self.text(key, findings)?;
        self.known_word(key, &text, findings)
    }

    /// Takes a list of words of a closed list; empty when the key is absent.
    pub fn words<T: Word>(&mut self, key: &'static str, findings: &mut Diagnostics) -> Vec<T> {
        let texts = self.texts(key, findings);
        texts.iter().filter_map(|text| self.known_word(key, text, findings)).collect()
    }

    fn known_word<T: Word>(&self, key: &str, text: &Placed<String>, findings: &mut Diagnostics) -> Option<T> {
        let found = T::WORDS.iter().copied().find(|value| value.in_files() == text.value);
        if found.is_none() {
            let known: Vec<&str> = T::WORDS.iter().map(|value| value.in_files()).collect();
            let message = format!("`{key}` of {} is unknown: {}", self.title, text.value);
            let finding = Diagnostic::error(text.place.clone(), message);
            findings.push(match did_you_mean(text, known.iter().copied()).first() {
                Some(near) => finding.hint(format!("did you mean `{near}`?")),
                None => finding.hint(format!("write one of: {}", known.join(", "))),
            });
        }
        found
    }

    /// Takes a word of a closed list that must be there.
    pub fn required_word<T: Word>(&mut self, key: &'static str, findings: &mut Diagnostics) -> Option<T> {
        if !self.has(key) {
            self.missing(key, findings);
        }
        self.word(key, findings)
    }

    /// Takes a finite number.
    pub fn number(&mut self, key: &'static str, findings: &mut Diagnostics) -> Option<Placed<f64>> {
        match self.take(key)? {
            Node::Number(number) => self.finite(key, number, findings),
            other => self.wrong_kind(key, "a number", &other, findings),
        }
    }

    /// Takes `true` or `false`.
    pub fn flag(&mut self, key: &'static str, findings: &mut Diagnostics) -> Option<bool> {
        match self.take(key)? {
            Node::Flag(flag) => Some(flag.value),
            other => self.wrong_kind(key, "true or false", &other, findings),
        }
    }

    /// Takes a list of texts; empty when the key is absent.
    pub fn texts(&mut self, key: &'static str, findings: &mut Diagnostics) -> Vec<Placed<String>> {
        let items = match self.take(key) {
            None => return Vec::new(),
            Some(Node::List(list)) => list.value,
            Some(other) => {
                self.wrong_kind::<()>(key, "a list of texts", &other, findings);
                return Vec::new();
            }
        };
        let mut texts = Vec::new();
        for item in items {
            match item {
                Node::Text(text) => texts.push(text),
                other => {
                    self.wrong_kind::<()>(key, "a list of texts", &other, findings);
                }
            }
        }
        texts
    }

    /// Takes one text or a list of texts; empty when the key is absent.
    pub fn one_or_more_texts(&mut self, key: &'static str, findings: &mut Diagnostics) -> Vec<Placed<String>> {
        let is_text = self.entries.iter().any(|(name, node)| name.value == key && matches!(node, Node::Text(_)));
        if is_text { self.text(key, findings).into_iter().collect() } else { self.texts(key, findings) }
    }

    /// Takes a table; its title in messages is `title`.
    pub fn table(&mut self, key: &'static str, title: &str, findings: &mut Diagnostics) -> Option<Record> {
        match self.take(key)? {
            Node::Table(record) => Some(record.titled(title)),
            other => self.wrong_kind(key, "a table", &other, findings),
        }
    }

    /// Takes the tables of `[[key]]`, or the one table of `[key]`; their title in messages is `title`.
    pub fn tables(&mut self, key: &'static str, title: &str, findings: &mut Diagnostics) -> Vec<Record> {
        let items = match self.take(key) {
            None => return Vec::new(),
            Some(Node::Table(record)) => return vec![record.titled(title)],
            Some(Node::List(list)) => list.value,
            Some(other) => {
                self.wrong_kind::<()>(key, "tables", &other, findings);
                return Vec::new();
            }
        };
        let mut records = Vec::new();
        for item in items {
            match item {
                Node::Table(record) => records.push(record.titled(title)),
                other => {
                    self.wrong_kind::<()>(key, "tables", &other, findings);
                }
            }
        }
        records
    }

    /// True while `key` has not been taken and is there.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.value == key)
    }

    /// All keys and values that were not taken, in the order of the file: for tables whose keys are free.
    pub fn into_entries(self) -> Vec<(Placed<String>, Node)> {
        self.entries
    }

    /// Reports every key that nobody took.
    pub fn finish(self, findings: &mut Diagnostics) {
        for (key, _) in &self.entries {
            let finding =
                Diagnostic::error(key.place.clone(), format!("{} has an unknown key: `{}`", self.title, key.value));
            let near = did_you_mean(key, self.asked.iter().copied());
            findings.push(match near.first() {
                Some(near) => finding.hint(format!("did you mean `{near}`?")),
                None => finding.hint(format!("known keys here: {}", self.asked.join(", "))),
            });
        }
    }

    /// Reports that a key is not there.
    pub fn missing(&self, key: &str, findings: &mut Diagnostics) {
        findings.push(Diagnostic::error(self.place.clone(), format!("{} has no `{key}`", self.title)));
    }

    /// Reports a value of the wrong kind.
    pub fn wrong_kind<T>(&self, key: &str, wanted: &str, found: &Node, findings: &mut Diagnostics) -> Option<T> {
        let message = format!("`{key}` of {} is {}, but {wanted} is needed", self.title, found.kind());
        findings.push(Diagnostic::error(found.place().clone(), message));
        None
    }

    /// The number, unless it is infinite or NaN, which is reported.
    pub fn finite(&self, key: &str, number: Placed<f64>, findings: &mut Diagnostics) -> Option<Placed<f64>> {
        if number.value.is_finite() {
            return Some(number);
        }
        let message = format!("`{key}` of {} is not a finite number: {}", self.title, number.value);
        findings.push(Diagnostic::error(number.place, message).hint("write a number, or leave the key out"));
        None
    }

    fn titled(mut self, title: &str) -> Self {
        self.title = title.to_string();
        self
    }
}

/// Where lines start, so that a place costs a binary search and not a scan of the file.
struct Positions<'a> {
    file: &'a SourceFile,
    line_starts: Vec<usize>,
}

impl<'a> Positions<'a> {
    fn new(file: &'a SourceFile) -> Self {
        let newlines = file.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(i, _)| i + 1);
        Self { file, line_starts: std::iter::once(0).chain(newlines).collect() }
    }

    fn place(&self, offset: usize) -> Place {
        let text = &self.file.text;
        let offset = (0..=offset.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let column = text[self.line_starts[line - 1]..offset].chars().count() + 1;
        Place {
            path: self.file.path.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }

    /// The place of the first character inside the quotation marks of a string that starts at `offset`.
    fn inside_quotes(&self, offset: usize) -> Place {
        let rest = self.file.text.get(offset..).unwrap_or("");
        let skip = ["\"\"\"\r\n", "'''\r\n", "\"\"\"\n", "'''\n", "\"\"\"", "'''", "\"", "'"]
            .iter()
            .find(|quotes| rest.starts_with(**quotes))
            .map_or(0, |quotes| quotes.len());
        self.place(offset + skip)
    }
}

fn record(positions: &Positions, place: Place, table: DeTable, title: &str) -> Record {
    let mut entries: Vec<(usize, Placed<String>, Node)> = table
        .into_iter()
        .map(|(key, value)| {
            let start = key.span().start;
            let key = Placed { value: key.into_inner().into_owned(), place: positions.place(start) };
            let node = node(positions, value, &key);
            (start, key, node)
        })
        .collect();
    entries.sort_by_key(|(start, ..)| *start);
    let entries = entries.into_iter().map(|(_, key, node)| (key, node)).collect();
    Record { title: title.to_string(), place, entries, asked: Vec::new() }
}

fn node(positions: &Positions, value: toml::Spanned<DeValue>, key: &Placed<String>) -> Node {
    let start = value.span().start;
    let place = positions.place(start);
    match value.into_inner() {
        DeValue::String(text) => Node::Text(Placed { value: text.into_owned(), place: positions.inside_quotes(start) }),
        DeValue::Integer(number) => {
            let value = i64::from_str_radix(number.as_str(), number.radix()).map_or(f64::NAN, |value| value as f64);
            Node::Number(Placed { value, place })
        }
        DeValue::Float(number) => Node::Number(Placed { value: number.as_str().parse().unwrap_or(f64::NAN), place }),
        DeValue::Boolean(value) => Node::Flag(Placed { value, place }),
        DeValue::Datetime(_) => Node::Date(place),
        DeValue::Array(items) => {
            let items = items.into_iter().map(|item| node(positions, item, key)).collect();
            Node::List(Placed { value: items, place })
        }
        DeValue::Table(table) => Node::Table(record(positions, place, table, &format!("`{}`", key.value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile { path: "a.toml".into(), text: text.into() }
    }

    fn findings(text: &str, read: impl Fn(&mut Record, &mut Diagnostics)) -> String {
        let mut findings = Diagnostics::new();
        if let Some(mut record) = Record::read(&file(text), &mut findings) {
            read(&mut record, &mut findings);
            record.finish(&mut findings);
        }
        findings.to_string()
    }

    #[test]
    fn values_know_their_places() {
        let mut none = Diagnostics::new();
        let mut root = Record::read(&file("a = 1\n\n[[b]]\nid = \"x\"\nrate = '''\nk *\n  y'''\n"), &mut none).unwrap();
        let a = root.number("a", &mut none).unwrap();
        assert_eq!((a.value, a.place.to_string().as_str()), (1.0, "a.toml:1:5"));
        let mut b = root.tables("b", "[[b]]", &mut none);
        assert_eq!(b[0].place.to_string(), "a.toml:3:1");
        assert_eq!(b[0].text("id", &mut none).unwrap().place.to_string(), "a.toml:4:7");
        let rate = b[0].text("rate", &mut none).unwrap();
        assert_eq!(rate.place_at(0).to_string(), "a.toml:6:1");
        assert_eq!(rate.place_at(6).to_string(), "a.toml:7:3");
        assert!(none.is_empty());
    }

    #[test]
    fn an_unknown_key_is_compared_with_the_known_ones() {
        let text = findings("id = \"x\"\nuint = \"1/h\"\nqqq = 1\n", |record, findings| {
            record.text("id", findings);
            record.text("unit", findings);
        });
        assert_eq!(
            text,
            "error: the file has an unknown key: `uint`\n  at a.toml:2:1\n  hint: did you mean `unit`?\n\
             error: the file has an unknown key: `qqq`\n  at a.toml:3:1\n  hint: known keys here: id, unit"
        );
    }

    #[test]
    fn nan_is_legal_toml_and_never_a_value() {
        let text = findings("value = nan\n", |record, findings| {
            assert_eq!(record.number("value", findings), None);
        });
        assert!(text.starts_with("error: `value` of the file is not a finite number: NaN\n  at a.toml:1:9"), "{text}");
    }

    #[test]
    fn every_syntax_error_of_a_file_is_reported() {
        let text = findings("a = \nb = ]\n", |_, _| unreachable!());
        assert!(text.contains("a.toml:1:"), "{text}");
        assert!(text.contains("a.toml:2:"), "{text}");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_named() {
        let text = findings("unit = 3\n", |record, findings| {
            record.required_text("unit", findings);
        });
        assert_eq!(
            text,
            "error: `unit` of the file is a number, but a text in quotation marks is needed\n  at a.toml:1:8"
        );
    }
}
