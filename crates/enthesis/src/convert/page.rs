//! A page of lines: sections, equations with a unit, names for people.

use std::fmt::Write;

/// Formulas longer than this go on in the next line.
const WIDTH: usize = 100;
/// Equal signs of a section stand below each other unless a left side is longer.
const WIDEST_LEFT: usize = 28;

/// One equation, or another line of a section.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// What is defined: `d(x)/dt`, `k`.
    pub(super) left: String,
    /// Its value.
    pub(super) right: String,
    /// Unit of the value, where it is known.
    pub(super) unit: Option<String>,
    /// For people.
    pub(super) remark: String,
}

impl Line {
    pub(super) fn new(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self { left: left.into(), right: right.into(), ..Self::default() }
    }

    pub(super) fn unit(self, unit: Option<&units::Unit>) -> Self {
        Self { unit: unit.map(ToString::to_string), ..self }
    }

    /// A word more about the line; an empty one is left out.
    pub(super) fn remark(self, remark: impl Into<String>) -> Self {
        let remark = remark.into();
        let together = match (self.remark.is_empty(), remark.is_empty()) {
            (true, _) => remark,
            (false, true) => self.remark,
            (false, false) => format!("{}; {remark}", self.remark),
        };
        Self { remark: together, ..self }
    }
}

/// The text of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// A line of its own.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A section with its number of equations; left out when it has none.
    pub(super) fn section(&mut self, title: &str, about: &str, lines: &[Line]) {
        if lines.is_empty() {
            return;
        }
        let about = if about.is_empty() { String::new() } else { format!(": {about}") };
        let _ = write!(self.text, "\n## {title} ({}){about}\n", lines.len());
        let lefts = lines.iter().map(|line| line.left.chars().count()).filter(|&width| width <= WIDEST_LEFT);
        let widest = lefts.max().unwrap_or(0);
        for line in lines {
            let mut text = format!("{:widest$} = {}", line.left, line.right);
            if let Some(unit) = &line.unit {
                let _ = write!(text, "  [{unit}]");
            }
            self.wrapped(&text, 4);
            if !line.remark.is_empty() {
                self.remark(&line.remark);
            }
        }
    }

    /// Text that goes on, further in, in the next line where a line is full.
    pub(super) fn wrapped(&mut self, text: &str, indent: usize) {
        let mut line = String::new();
        let mut used = 0;
        // Blanks that align stay as they are: a piece is a word with the blanks before it.
        let mut rest = text;
        while !rest.is_empty() {
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            let word_end = rest[blanks..].find(' ').map_or(rest.len(), |end| blanks + end);
            let (piece, after) = rest.split_at(word_end);
            let width = piece.chars().count();
            // A unit stays with its number.
            if used > 0 && used + width > WIDTH && !piece.trim_start().starts_with('[') {
                self.line(&line);
                line = " ".repeat(indent);
                line.push_str(piece.trim_start_matches(' '));
            } else {
                line.push_str(piece);
            }
            used = line.chars().count();
            rest = after;
        }
        self.line(&line);
    }

    /// Appended to the line before it when there is room.
    fn remark(&mut self, remark: &str) {
        let last = self.text.trim_end_matches('\n').rsplit('\n').next().unwrap_or("");
        let last_width = last.chars().count();
        let remark = remark.split_whitespace().collect::<Vec<_>>().join(" ");
        if last_width + 4 + remark.chars().count() <= WIDTH + 20 {
            self.text.pop();
            let _ = writeln!(self.text, "  # {remark}");
        } else {
            let _ = writeln!(self.text, "    # {remark}");
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}
