//! Tables of measurements: `measurements/<side>/<group>.tsv`.
//!
//! Tab-separated text has no quotes: a line is a row, a tab ends a cell.

mod check;
mod precision;

pub(super) use check::check;
pub(super) use precision::{READOUTS, precision};

use crate::{Group, Measure, Measurement, Overlap, Side};
use evidence::Reading;
use source::{Diagnostic, Diagnostics, Place, Placed, Record, SourceFile, SourceTree, Word, did_you_mean};
use units::Unit;

const COLUMNS: [&str; 18] = [
    "id",
    "study",
    "arm",
    "versus",
    "readout",
    "measured",
    "from",
    "day",
    "measure",
    "unit",
    "value",
    "low",
    "high",
    "n",
    "reading",
    "reference",
    "not_modeled",
    "note",
];

pub(super) const OVERLAPS: &str = "measurements/overlaps.toml";

/// Reads the excuses of papers that set a parameter and judge all the same.
pub(super) fn overlaps(file: &SourceFile, overlaps: &mut Vec<Overlap>, findings: &mut Diagnostics) {
    let Some(mut root) = Record::read(file, findings) else { return };
    for mut record in root.tables("overlap", "[[overlap]]", findings) {
        let reference = record.required_text("reference", findings);
        let reason = record.required_text("reason", findings);
        record.finish(findings);
        overlaps.extend(reference.zip(reason).map(|(reference, reason)| Overlap { reference, reason: reason.value }));
    }
    root.finish(findings);
}

/// Reads every table; false when a row could not be used.
pub(super) fn read(files: &SourceTree, rows: &mut Vec<Measurement>, findings: &mut Diagnostics) -> bool {
    let before = findings.counts().0;
    for file in files.ending_in(".tsv") {
        match side_and_group(file) {
            Ok((side, group)) => read_table(file, side, group, rows, findings),
            Err(finding) => findings.push(finding),
        }
    }
    findings.counts().0 == before
}

fn side_and_group(file: &SourceFile) -> Result<(Side, Group), Diagnostic> {
    let stem = file.path.strip_suffix(".tsv").unwrap_or(&file.path);
    let mut parts = stem.split('/');
    let side = parts.next().filter(|it| *it == "measurements").and(parts.next());
    let side = Side::ALL.iter().find(|it| side == Some(it.word()));
    let group = parts.next();
    let group = Group::ALL.iter().find(|it| group == Some(it.word()));
    match (side, group, parts.next()) {
        (Some(side), Some(group), None) => Ok((*side, *group)),
        _ => {
            let groups: Vec<&str> = Group::ALL.iter().map(|it| it.word()).collect();
            Err(Diagnostic::warning(Place::file(&file.path), "the table was not read: its path says no known kind").hint(
                format!("tables are measurements/calibration/GROUP.tsv or measurements/validation/GROUP.tsv; GROUP is one of {}", groups.join(", ")),
            ))
        }
    }
}

fn read_table(file: &SourceFile, side: Side, group: Group, rows: &mut Vec<Measurement>, findings: &mut Diagnostics) {
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((first, header)) = lines.next() else {
        findings.push(Diagnostic::error(Place::file(&file.path), "the table is empty").hint(first_line()));
        return;
    };
    let header = Line::new(file, first, header);
    let Some(columns) = columns(&header, findings) else { return };
    for (number, line) in lines {
        let line = Line::new(file, number, line);
        if line.cells.len() > columns.len() {
            let message = format!("the row has {} cells, the header {}", line.cells.len(), columns.len());
            let place = line.cells[columns.len()].place.clone();
            findings.push(Diagnostic::error(place, message).because("a tab stands inside a text"));
            continue;
        }
        rows.extend(Row { line: &line, columns: &columns, findings }.measurement(side, group));
    }
}

fn first_line() -> String {
    format!("the first line is, with tabs between: {}", COLUMNS.join(" "))
}

/// The names of the columns, which may stand in any order.
fn columns(header: &Line, findings: &mut Diagnostics) -> Option<Vec<&'static str>> {
    let mut columns = Vec::new();
    for cell in &header.cells {
        let known = COLUMNS.iter().find(|it| **it == cell.value);
        let wrong = match known {
            None => Some(format!("there is no column `{}`", cell.value)),
            Some(known) if columns.contains(known) => Some(format!("the column `{known}` stands there twice")),
            Some(known) => {
                columns.push(*known);
                None
            }
        };
        if let Some(message) = wrong {
            let finding = Diagnostic::error(cell.place.clone(), message);
            findings.push(match did_you_mean(&cell.value, COLUMNS).first() {
                Some(near) if known.is_none() => finding.hint(format!("did you mean `{near}`?")),
                _ => finding.hint(first_line()),
            });
            return None;
        }
    }
    let missing: Vec<&str> = COLUMNS.into_iter().filter(|it| !columns.contains(it)).collect();
    if missing.is_empty() {
        return Some(columns);
    }
    let message = format!("the table has no column `{}`", missing.join("`, `"));
    findings.push(Diagnostic::error(header.place.clone(), message).hint(first_line()));
    None
}

/// The cells of a line with their places.
struct Line {
    cells: Vec<Placed<String>>,
    place: Place,
}

impl Line {
    fn new(file: &SourceFile, number: usize, text: &str) -> Self {
        let line = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let mut column = 1;
        let cells = text.split('\t').map(|cell| {
            let place = Place::new(&file.path, line, column);
            column = column.saturating_add(u32::try_from(cell.chars().count() + 1).unwrap_or(u32::MAX));
            Placed { value: cell.trim().to_string(), place }
        });
        Self { cells: cells.collect(), place: Place::new(&file.path, line, 0) }
    }
}

struct Row<'a> {
    line: &'a Line,
    columns: &'a [&'static str],
    findings: &'a mut Diagnostics,
}

impl Row<'_> {
    fn measurement(mut self, side: Side, group: Group) -> Option<Measurement> {
        let before = self.findings.counts().0;
        let id = self.required("id");
        let study = self.required("study");
        let arm = self.cell("arm");
        let versus = self.cell("versus");
        let readout = self.cell("readout");
        let measured = self.text("measured");
        let from = self.number("from");
        let day = self.required_number("day");
        let measure: Option<Measure> = self.word("measure");
        let unit = self.cell("unit");
        let value = self.required_number("value");
        let (low, high) = (self.number("low"), self.number("high"));
        let n = self.count("n");
        let reading: Option<Reading> = self.word("reading");
        let reference = self.required("reference");
        let not_modeled = self.cell("not_modeled");
        let note = self.text("note");

        let interval = self.interval(value.as_ref(), low, high);
        self.modeled_or_reason(readout.as_ref(), arm.as_ref(), not_modeled.as_ref());
        let from_day = from.as_ref().map_or(0.0, |it| it.value);
        let mut parsed = None;
        if let (Some(measure), Some(day)) = (measure, &day) {
            self.fits(measure, versus.as_ref(), from.as_ref(), day, not_modeled.is_some());
            if let Some(value) = &value {
                self.value_fits(measure, value);
            }
            parsed = self.unit(measure, unit);
        }
        if self.findings.counts().0 > before {
            return None;
        }
        Some(Measurement {
            id: id?.value,
            side,
            group,
            study: study?,
            arm,
            versus,
            readout,
            measured,
            from_day,
            day: day?.value,
            measure: measure?,
            unit: parsed,
            value: value?.value,
            interval,
            n,
            reading: reading?,
            reference: reference?,
            not_modeled: not_modeled.map(|it| it.value),
            note,
            place: self.line.place.clone(),
        })
    }

    fn error(&mut self, place: &Place, message: String, hint: &str) {
        self.findings.push(Diagnostic::error(place.clone(), message).hint(hint));
    }

    /// A cell with something in it.
    fn cell(&self, column: &str) -> Option<Placed<String>> {
        let position = self.columns.iter().position(|it| *it == column)?;
        self.line.cells.get(position).filter(|cell| !cell.value.is_empty()).cloned()
    }

    fn text(&self, column: &str) -> String {
        self.cell(column).map_or(String::new(), |it| it.value)
    }

    fn required(&mut self, column: &str) -> Option<Placed<String>> {
        let cell = self.cell(column);
        if cell.is_none() {
            let place = self.line.place.clone();
            self.findings.push(Diagnostic::error(place, format!("the row has no `{column}`")));
        }
        cell
    }

    fn number(&mut self, column: &str) -> Option<Placed<f64>> {
        let cell = self.cell(column)?;
        match cell.value.parse::<f64>() {
            Ok(value) if value.is_finite() => Some(Placed { value, place: cell.place }),
            _ => {
                let message = format!("`{column}` is not a number: {}", cell.value);
                self.error(&cell.place, message, "write for example -3.9; units and words have columns of their own");
                None
            }
        }
    }

    fn required_number(&mut self, column: &str) -> Option<Placed<f64>> {
        self.required(column)?;
        self.number(column)
    }

    fn count(&mut self, column: &str) -> Option<u32> {
        let cell = self.cell(column)?;
        let count = cell.value.parse::<u32>().ok().filter(|it| *it > 0);
        if count.is_none() {
            self.error(
                &cell.place,
                format!("`{column}` is not a number of subjects: {}", cell.value),
                "leave it empty when it is not known",
            );
        }
        count
    }

    fn word<T: Word>(&mut self, column: &str) -> Option<T> {
        let cell = self.required(column)?;
        let found = T::WORDS.iter().copied().find(|it| it.in_files() == cell.value);
        if found.is_none() {
            let known: Vec<&str> = T::WORDS.iter().map(|it| it.in_files()).collect();
            let message = format!("`{column}` is unknown: {}", cell.value);
            self.error(&cell.place, message, &format!("write one of: {}", known.join(", ")));
        }
        found
    }

    fn interval(
        &mut self,
        value: Option<&Placed<f64>>,
        low: Option<Placed<f64>>,
        high: Option<Placed<f64>>,
    ) -> Option<(f64, f64)> {
        match (low, high) {
            (Some(low), Some(high)) => {
                if let Some(value) = value.filter(|it| !(low.value..=high.value).contains(&it.value)) {
                    let message =
                        format!("the interval {} to {} does not contain {}", low.value, high.value, value.value);
                    self.error(&low.place, message, "`low` and `high` are the 95 % interval of `value`");
                }
                Some((low.value, high.value))
            }
            (Some(one), None) | (None, Some(one)) => {
                let message = "the row has one end of an interval only".to_string();
                self.error(&one.place, message, "write both `low` and `high`, or neither");
                None
            }
            (None, None) => None,
        }
    }

    fn modeled_or_reason(
        &mut self,
        readout: Option<&Placed<String>>,
        arm: Option<&Placed<String>>,
        reason: Option<&Placed<String>>,
    ) {
        let place = self.line.place.clone();
        match (readout, reason) {
            (None, None) => self.error(
                &place,
                "the row has neither a read-out nor a reason".to_string(),
                "write in `not_modeled` why the model has nothing to compare it with",
            ),
            (Some(readout), Some(_)) => self.error(
                &readout.place,
                format!("the row has a reason not to be modeled, and a read-out: {}", readout.value),
                "leave one of `readout` and `not_modeled` empty",
            ),
            (Some(_), None) if arm.is_none() => {
                self.error(&place, "the row has no `arm`".to_string(), "write an arm of the study's file");
            }
            _ => {}
        }
    }

    /// Whether arms and days are those that the measure speaks of.
    fn fits(
        &mut self,
        measure: Measure,
        versus: Option<&Placed<String>>,
        from: Option<&Placed<f64>>,
        day: &Placed<f64>,
        not_modeled: bool,
    ) {
        if measure == Measure::Other && !not_modeled {
            let place = self.line.place.clone();
            self.error(
                &place,
                "`other` says nothing that the model could be compared with".to_string(),
                "use another measure, or say in `not_modeled` why not",
            );
        }
        if not_modeled {
            return;
        }
        match (measure.between_arms(), versus) {
            (Some(true), None) => {
                let place = self.line.place.clone();
                self.error(
                    &place,
                    format!("`{measure}` compares two arms, but `versus` is empty"),
                    "write the other arm in `versus`",
                );
            }
            (Some(false), Some(versus)) => self.error(
                &versus.place,
                format!("`{measure}` is within one arm, but `versus` names another: {}", versus.value),
                "leave `versus` empty, or use `% difference` or `difference`",
            ),
            _ => {}
        }
        if day.value < 0.0 {
            self.error(
                &day.place,
                format!("`day` comes before the run starts: {}", day.value),
                "days count from the start of the scenario",
            );
        }
        let starts = measure.needs_from()
            || (versus.is_none()
                && !matches!(measure, Measure::Level | Measure::PercentDifference | Measure::Difference));
        match from {
            Some(from) if !starts => self.error(
                &from.place,
                format!("`{measure}` between arms, or a level, does not start anywhere: from {}", from.value),
                "leave `from` empty",
            ),
            Some(from) if from.value < 0.0 => {
                self.error(
                    &from.place,
                    format!("`from` comes before the run starts: {}", from.value),
                    "days count from the start of the scenario",
                );
            }
            None if measure.needs_from() => {
                let place = self.line.place.clone();
                self.error(
                    &place,
                    format!("`{measure}` needs a day in `from`"),
                    "write the day on which recovery begins, or until which the share is meant",
                );
            }
            _ if starts && day.value <= from.map_or(0.0, |it| it.value) => self.error(
                &day.place,
                format!(
                    "`{measure}` does not run forward: from day {} to {}",
                    from.map_or(0.0, |it| it.value),
                    day.value
                ),
                "`day` is after `from`, which is 0 when empty",
            ),
            _ => {}
        }
    }

    fn value_fits(&mut self, measure: Measure, value: &Placed<f64>) {
        let (fits, hint) = match measure {
            Measure::Sign => ([-1.0, 0.0, 1.0].contains(&value.value), "a sign is -1, 0 or 1"),
            Measure::Fold => (value.value > 0.0, "a ratio is above 0; 1 is no change"),
            Measure::HalfTime => (value.value > 0.0, "a half-time is in days, above 0"),
            _ => (true, ""),
        };
        if !fits {
            self.error(&value.place, format!("`value` is no {measure}: {}", value.value), hint);
        }
    }

    fn unit(&mut self, measure: Measure, unit: Option<Placed<String>>) -> Option<Placed<Unit>> {
        match (unit, measure.has_unit()) {
            (None, true) => {
                let place = self.line.place.clone();
                self.error(
                    &place,
                    format!("`{measure}` has no `unit`"),
                    "write the unit of `value`, for example g/cm^2",
                );
                None
            }
            (Some(unit), true) => match Unit::parse(&unit) {
                Ok(value) => Some(Placed { value, place: unit.place }),
                Err(error) => {
                    let finding = Diagnostic::error(unit.place, error.message);
                    self.findings.push(Diagnostic { hint: error.hint, ..finding });
                    None
                }
            },
            (Some(unit), false) if measure != Measure::Other => {
                let message = format!("`{measure}` has no unit of its own, but `unit` says {}", unit.value);
                self.error(&unit.place, message, "leave `unit` empty");
                None
            }
            _ => None,
        }
    }
}
