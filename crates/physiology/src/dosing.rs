//! Dosing tables as NONMEM and its kin read them: one row an event, one individual an arm.
//!
//! Columns ID, TIME, AMT, EVID, CMT, RATE, II, ADDL, SS and DRUG, in any order, between commas, tabs or blanks; `.` or
//! nothing is a missing cell. Every mistake of the table is reported with its line and column, all at once.

use crate::biology::unknown;
use crate::{Arm, ArmChange, Biology, Dose, Drug, Scenario, Setting, Value, settings};
use source::{Diagnostic, Diagnostics, Place, Placed, SourceFile, did_you_mean};
use std::collections::BTreeMap;
use units::{Quantity, Unit};

/// Doses of one table, all individuals together; more is taken for a slip of the keyboard.
const MOST_DOSES: u64 = 200_000;

/// How a table is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct DosingOptions {
    /// Unit of TIME, II and, below it, of RATE.
    pub time_unit: Unit,
    /// How long a drug is given before an SS row, in days.
    pub run_in_days: f64,
}

/// The scenario with one arm for each individual of a dosing table.
///
/// An arm is the scenario's first arm (subject, genotype, changes) with the doses of the table instead of its own. When a
/// row asks for steady state, everything moves later by the run-in, in which its drug is given at its interval: what is
/// steady then is what became so in that time. The run lasts until the last row, if that is later than the scenario's end.
///
/// # Errors
/// All findings about the table, when at least one is an error.
pub fn read_dosing(
    file: &SourceFile,
    options: &DosingOptions,
    scenario: &Scenario,
    biology: &Biology,
) -> Result<(Scenario, Diagnostics), Diagnostics> {
    let mut findings = Diagnostics::new();
    let rows = rows(file, &mut findings);
    let Some(days) = options.time_unit.factor_to(&Unit::day()) else {
        let message = format!("`{}` is not a unit of time", options.time_unit);
        findings.push(Diagnostic::error(Place::file("--time-unit"), message).hint("write for example `h` or `day`"));
        return Err(findings);
    };
    let only_drug = only_drug(scenario);
    let mut people: Vec<Person> = Vec::new();
    let steady = rows.iter().any(|row| row.number("SS").is_some_and(|ss| ss > 0.0));
    let shift = if steady { options.run_in_days } else { 0.0 };
    let reader = Reader { biology, days, shift, only_drug: only_drug.as_deref() };
    let mut last_day: f64 = 0.0;
    for row in &rows {
        let Some(id) = row.text("ID") else {
            findings.push(row.missing("ID"));
            continue;
        };
        let known = people.iter().position(|person| person.id == id.value);
        let person = known.unwrap_or_else(|| {
            people.push(Person::new(&id));
            people.len() - 1
        });
        if let Some(day) = reader.event(row, &mut people[person], &mut findings) {
            last_day = last_day.max(day);
        }
    }
    let doses: u64 = people.iter().flat_map(|person| &person.doses).map(|dose| u64::from(dose.times)).sum();
    if doses > MOST_DOSES {
        let message = format!("the table gives {doses} doses, more than {MOST_DOSES}");
        findings.push(Diagnostic::error(Place::file(&file.path), message).hint("look at ADDL and SS"));
    }
    let Some(like) = scenario.arms.first().filter(|_| !findings.has_errors()) else { return Err(findings) };
    let mut dosed = scenario.clone();
    dosed.arms = people.into_iter().map(|person| person.arm(like, shift, biology)).collect();
    dosed.duration_days = (scenario.duration_days + shift).max(last_day);
    for (i, arm) in dosed.arms.iter().enumerate() {
        if let Some(first) = dosed.arms[..i].iter().find(|first| first.id == arm.id) {
            let message = format!("two individuals become the same arm `{}`", arm.id);
            findings.push(Diagnostic::error(arm.place.clone(), message).because(format!("`{}` does too", first.name)));
        }
    }
    if steady {
        let message = format!("day {shift} of the run is time 0 of the table");
        let finding = Diagnostic::warning(Place::file(&file.path), message)
            .because("SS asks for steady state, so its drug is given for that long before");
        findings.push(finding.hint("`--run-in` says how long; a drug that stays in bone needs years"));
    }
    settings::check_scenario(&dosed, biology, &mut findings);
    findings.into_result(dosed)
}

/// The drug that a CMT with a number means: the one that the scenario gives, if it gives one.
fn only_drug(scenario: &Scenario) -> Option<String> {
    let mut drugs = scenario.arms.iter().flat_map(|arm| &arm.doses).map(|dose| dose.drug.value.as_str());
    let first = drugs.next()?;
    drugs.all(|drug| drug == first).then(|| first.to_string())
}

// ---- text to rows ---------------------------------------------------------------------------------------------------

const COLUMNS: [&str; 10] = ["ID", "TIME", "AMT", "EVID", "CMT", "RATE", "II", "ADDL", "SS", "DRUG"];

/// One line below the header: the cells of known columns that hold something.
struct Row {
    place: Place,
    cells: BTreeMap<&'static str, Placed<String>>,
}

impl Row {
    fn text(&self, column: &str) -> Option<Placed<String>> {
        self.cells.get(column).cloned()
    }

    /// Numbers were checked when the row was read.
    fn number(&self, column: &str) -> Option<f64> {
        self.cells.get(column)?.value.parse().ok()
    }

    fn place_of(&self, column: &str) -> Place {
        self.cells.get(column).map_or(&self.place, |cell| &cell.place).clone()
    }

    fn missing(&self, column: &str) -> Diagnostic {
        Diagnostic::error(self.place.clone(), format!("{column} is missing in this row"))
    }
}

fn rows(file: &SourceFile, findings: &mut Diagnostics) -> Vec<Row> {
    let text = file.text.trim_start_matches('\u{feff}');
    let mut lines = (1_u32..).zip(text.lines()).filter(|(_, line)| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    let Some((number, header)) = lines.next() else {
        findings.push(
            Diagnostic::error(Place::file(&file.path), "the table is empty").hint("start with a line of column names"),
        );
        return Vec::new();
    };
    let separator = [',', '\t'].into_iter().find(|it| header.contains(*it));
    let Some(columns) = columns(&file.path, number, header, separator, findings) else { return Vec::new() };
    let mut rows = Vec::new();
    for (number, line) in lines {
        let cells = split(line, separator);
        let place = Place::new(&file.path, number, 0);
        if cells.len() != columns.len() {
            let message = format!("the row has {} cells, the header {}", cells.len(), columns.len());
            findings.push(Diagnostic::error(place, message).hint("write `.` where nothing is to be said"));
            continue;
        }
        let mut row = Row { place, cells: BTreeMap::new() };
        for ((column, cell), text) in cells.into_iter().zip(&columns) {
            let (Some(name), false) = (*text, matches!(cell, "." | "" | "NA")) else { continue };
            let place = Place::new(&file.path, number, column);
            if let Some(wrong) = wrong_cell(name, cell) {
                findings.push(Diagnostic::error(place, wrong));
                continue;
            }
            row.cells.insert(name, Placed { value: cell.to_string(), place });
        }
        rows.push(row);
    }
    rows
}

/// The known name of each column, `None` for what is not read.
fn columns(
    path: &str,
    line: u32,
    header: &str,
    separator: Option<char>,
    findings: &mut Diagnostics,
) -> Option<Vec<Option<&'static str>>> {
    let mut columns: Vec<Option<&'static str>> = Vec::new();
    for (column, cell) in split(header, separator) {
        let name = cell.to_ascii_uppercase();
        let known = COLUMNS.into_iter().find(|known| *known == name);
        let place = Place::new(path, line, column);
        match known {
            Some(_) if columns.contains(&known) => {
                findings.push(Diagnostic::error(place, format!("the column {name} stands twice")));
            }
            Some(_) => {}
            None => {
                let finding = Diagnostic::warning(place, format!("the column `{cell}` is not read"));
                findings.push(match did_you_mean(&name, COLUMNS).first() {
                    Some(near) => finding.hint(format!("did you mean {near}?")),
                    None => finding,
                });
            }
        }
        columns.push(known);
    }
    let place = Place::new(path, line, 0);
    let mut complete = true;
    for needed in ["ID", "TIME", "AMT"] {
        if !columns.contains(&Some(needed)) {
            findings.push(Diagnostic::error(place.clone(), format!("the table has no column {needed}")));
            complete = false;
        }
    }
    complete.then_some(columns)
}

/// Cells with their columns in characters, from 1; blanks in a row are one separator when no other is used.
fn split(line: &str, separator: Option<char>) -> Vec<(u32, &str)> {
    let mut cells = Vec::new();
    let mut add = |from: usize, to: usize| {
        let cell = &line[from..to];
        let start = from + (cell.len() - cell.trim_start().len());
        let column = line[..start].chars().count() + 1;
        cells.push((u32::try_from(column).unwrap_or(u32::MAX), cell.trim().trim_matches('"').trim()));
    };
    match separator {
        Some(separator) => {
            let mut from = 0;
            for (at, found) in line.match_indices(separator) {
                add(from, at);
                from = at + found.len();
            }
            add(from, line.len());
        }
        None => {
            for cell in line.split_whitespace() {
                // The cell is part of the line, so its place is the distance of the two.
                let from = cell.as_ptr() as usize - line.as_ptr() as usize;
                add(from, from + cell.len());
            }
        }
    }
    cells
}

/// What is wrong with the text of a cell, by its column alone.
fn wrong_cell(column: &str, cell: &str) -> Option<String> {
    if matches!(column, "ID" | "CMT" | "DRUG") {
        return None;
    }
    let Some(number) = cell.parse::<f64>().ok().filter(|number| number.is_finite()) else {
        return Some(format!("{column} is not a number: {cell}"));
    };
    match column {
        "TIME" if number < 0.0 => Some(format!("TIME is before the start of the run: {cell}")),
        "AMT" if number < 0.0 => Some(format!("AMT is negative: {cell}")),
        "II" if number < 0.0 => Some(format!("II is negative: {cell}")),
        "RATE" if number < 0.0 => {
            Some(format!("RATE is negative: {cell}; rates or durations that a model estimates are not known here"))
        }
        "EVID" if ![0.0, 1.0, 2.0, 3.0, 4.0].contains(&number) => Some(format!("EVID is not 0, 1, 2, 3 or 4: {cell}")),
        "SS" if ![0.0, 1.0, 2.0].contains(&number) => Some(format!("SS is not 0, 1 or 2: {cell}")),
        "ADDL" if number < 0.0 || number.fract() != 0.0 || number > MOST_DOSES as f64 => {
            Some(format!("ADDL is not a number of doses: {cell}"))
        }
        _ => None,
    }
}

// ---- rows to doses --------------------------------------------------------------------------------------------------

/// One ID and what happens to it.
struct Person {
    id: String,
    place: Place,
    last_day: f64,
    doses: Vec<Dose>,
    /// Days on which the drugs are emptied.
    resets: Vec<(f64, Place)>,
}

struct Reader<'a> {
    biology: &'a Biology,
    /// Days in the table's unit of time.
    days: f64,
    shift: f64,
    only_drug: Option<&'a str>,
}

impl Reader<'_> {
    /// Takes one row in; returns its day.
    fn event(&self, row: &Row, person: &mut Person, findings: &mut Diagnostics) -> Option<f64> {
        let Some(time) = row.number("TIME") else {
            if !row.cells.contains_key("TIME") {
                findings.push(row.missing("TIME"));
            }
            return None;
        };
        let amount = row.number("AMT").unwrap_or(0.0);
        let event = row.number("EVID").unwrap_or(if amount > 0.0 { 1.0 } else { 0.0 });
        let (resets, doses) = (event >= 3.0, event == 1.0 || event == 4.0);
        let day = self.shift + time * self.days;
        if !day.is_finite() {
            findings.push(Diagnostic::error(row.place_of("TIME"), "TIME is beyond all days"));
            return None;
        }
        if day < person.last_day && !resets {
            let message = format!("TIME goes back in individual {}", person.id);
            findings.push(Diagnostic::error(row.place_of("TIME"), message).hint("sort the rows of each ID by TIME"));
            return None;
        }
        person.last_day = day;
        if resets {
            person.cut(day, None);
            person.resets.push((day, row.place.clone()));
        }
        if doses {
            self.dose(row, day, amount, person, findings);
        } else if amount > 0.0 {
            let message = format!("a row with EVID {event} has an amount");
            let finding = Diagnostic::error(row.place_of("AMT"), message);
            findings.push(finding.hint("a dose has EVID 1, or 4 after a reset"));
        }
        Some(day)
    }

    fn dose(&self, row: &Row, day: f64, amount: f64, person: &mut Person, findings: &mut Diagnostics) {
        if amount <= 0.0 {
            findings.push(Diagnostic::error(row.place_of("AMT"), "a dose has no amount"));
            return;
        }
        let Some(drug) = self.drug(row, findings) else { return };
        let interval = row.number("II").unwrap_or(0.0) * self.days;
        let more = row.number("ADDL").unwrap_or(0.0);
        let steady = row.number("SS").unwrap_or(0.0);
        if interval <= 0.0 && (more > 0.0 || steady > 0.0) {
            let column = if more > 0.0 { "ADDL" } else { "SS" };
            let finding = Diagnostic::error(row.place_of(column), format!("{column} needs an interval"));
            findings.push(finding.hint("write it in II"));
            return;
        }
        if interval > 0.0 && more == 0.0 && steady == 0.0 {
            let finding = Diagnostic::warning(row.place_of("II"), "II does nothing without ADDL or SS");
            findings.push(finding);
        }
        // Doses before an SS row, so many as fit into the run-in.
        let before = if steady > 0.0 { (self.shift / interval).floor().min(MOST_DOSES as f64) } else { 0.0 };
        let first = day - before * interval;
        if steady == 1.0 {
            person.cut(first, Some(&drug.value));
        }
        let times = before + more + 1.0;
        if person.doses.iter().map(|dose| f64::from(dose.times)).sum::<f64>() + times > MOST_DOSES as f64 {
            let message = format!("individual {} gets more than {MOST_DOSES} doses", person.id);
            findings.push(Diagnostic::error(row.place.clone(), message).hint("look at II, ADDL and SS"));
            return;
        }
        let unit = self.biology.drug(&drug).map_or_else(Unit::dimensionless, |drug| drug.dose_unit.clone());
        let quantity = Placed { value: Quantity { value: amount, unit }, place: row.place_of("AMT") };
        let rate = row.number("RATE").unwrap_or(0.0);
        let over_days = if rate > 0.0 { amount / rate * self.days } else { 0.0 };
        let one = Dose {
            drug,
            amount: quantity,
            at_day: first,
            over_days,
            every_days: (times > 1.0).then_some(interval),
            times: times as u32,
            place: row.place.clone(),
        };
        if over_days > 0.0 {
            // One by one, so that a reset can cut the one that is running.
            for number in 0..one.times {
                let at_day = first + f64::from(number) * interval;
                person.doses.push(Dose { at_day, every_days: None, times: 1, ..one.clone() });
            }
        } else {
            person.doses.push(one);
        }
    }

    /// DRUG names the drug, else CMT; a number there means the only drug of the scenario.
    fn drug(&self, row: &Row, findings: &mut Diagnostics) -> Option<Placed<String>> {
        let Some(named) = row.text("DRUG").or_else(|| row.text("CMT")) else {
            findings.push(row.missing("CMT or DRUG").hint("write the id of the drug; see `enthesis list drugs`"));
            return None;
        };
        if named.value.parse::<f64>().is_ok() {
            let Some(only) = self.only_drug else {
                let message = format!("compartment {} does not say which drug", named.value);
                let finding = Diagnostic::error(named.place, message)
                    .because("the scenario gives none, or several")
                    .hint("write the id of the drug in CMT, or add a column DRUG");
                findings.push(finding);
                return None;
            };
            return Some(Placed { value: only.to_string(), place: named.place });
        }
        let id = named.value.to_ascii_lowercase();
        if self.biology.drug(&id).is_none() {
            let known = self.biology.drugs.iter().map(|drug| drug.id.as_str());
            findings.push(unknown("drug", &named.value, &named.place, known));
            return None;
        }
        Some(Placed { value: id, place: named.place })
    }
}

impl Person {
    fn new(id: &Placed<String>) -> Self {
        Self { id: id.value.clone(), place: id.place.clone(), last_day: 0.0, doses: Vec::new(), resets: Vec::new() }
    }

    /// Takes back what is given from `day` on, of one drug or of all; an infusion that runs stops there.
    fn cut(&mut self, day: f64, drug: Option<&str>) {
        for dose in self.doses.iter_mut().filter(|dose| drug.is_none_or(|drug| dose.drug.value == drug)) {
            if dose.at_day >= day {
                dose.times = 0;
            } else if let Some(every) = dose.every_days {
                dose.times = dose.times.min(((day - dose.at_day) / every).ceil() as u32);
            } else if dose.at_day + dose.over_days > day {
                dose.amount.value.value *= (day - dose.at_day) / dose.over_days;
                dose.over_days = day - dose.at_day;
            }
        }
        self.doses.retain(|dose| dose.times > 0);
    }

    /// The arm, otherwise like `like`.
    fn arm(self, like: &Arm, shift: f64, biology: &Biology) -> Arm {
        let word: String =
            self.id.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '_' }).collect();
        let mut arm =
            Arm { id: format!("id_{word}"), name: format!("ID {}", self.id), place: self.place, ..like.clone() };
        for change in &mut arm.changes {
            change.from_day += shift;
            change.to_day = change.to_day.map(|day| day + shift);
        }
        let mut drugs: Vec<&Drug> = self.doses.iter().filter_map(|dose| biology.drug(&dose.drug)).collect();
        drugs.sort_by(|a, b| a.id.cmp(&b.id));
        drugs.dedup_by(|a, b| a.id == b.id);
        for (day, place) in self.resets {
            let set = drugs.iter().flat_map(|drug| emptied(drug, &place, biology)).collect();
            arm.changes.push(ArmChange { from_day: day, to_day: None, set, place });
        }
        arm.doses = self.doses;
        arm
    }
}

/// The levels of a drug, all at 0; what the body has by itself, such as testosterone, stays.
fn emptied(drug: &Drug, place: &Place, biology: &Biology) -> Vec<Setting> {
    let states = biology.module(&drug.module).map_or(&[][..], |module| &module.states);
    let levels =
        states.iter().filter(|state| state.initial.iter().all(|(_, value)| matches!(value, Value::Number(0.0))));
    let zero = |unit: &Unit| Placed { value: Quantity { value: 0.0, unit: unit.clone() }, place: place.clone() };
    levels
        .map(|state| Setting {
            id: Placed { value: state.id.clone(), place: place.clone() },
            quantity: zero(&state.unit),
        })
        .collect()
}
