//! `enthesis run`: a question, answered in a table and, if asked, a report.

use crate::arguments::RunArguments;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Bar;
use crate::{files, output, table};
use enthesis::{Answer, AnswerRow, Biology, Diagnostics, Dosing, Report, Request, ScenarioChoice};
use std::path::Path;

/// At most this many hypotheses stand side by side in 80 columns.
const COLUMNS_OF_HYPOTHESES: usize = 4;

/// Runs the scenarios and shows the answer.
pub fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let interrupt = Interrupt::install();
    let quiet = arguments.talk.quiet;
    let biology = open(arguments.biology.biology.as_deref(), quiet)?;
    let request = Request {
        scenarios: arguments.scenarios.iter().map(|it| choice(it)).collect::<Result<_, _>>()?,
        dosing: dosing(arguments)?,
        hypotheses: arguments.hypothesis.clone(),
        set: arguments.set.clone(),
        off: arguments.off.clone(),
        members: arguments.members as usize,
        seed: arguments.seed,
        curves: arguments.output.is_some(),
        interrupt: Some(interrupt.flag()),
        created: None,
    };
    let bar = Bar::new(quiet);
    let report = enthesis::run(&biology, &request, &|done, total| bar.show(done as u64, total as u64))?;
    bar.clear();
    interrupt.check()?;

    if let Some(folder) = &arguments.output {
        files::write_all(folder, &report.files())?;
    }
    for warning in &report.findings.warnings {
        output::talk(quiet, &format!("warning: {warning}"));
    }
    output::data(&if arguments.talk.json { report.json() } else { answer_text(&report) })?;
    match &arguments.output {
        Some(folder) => output::talk(quiet, &format!("Written: {}", folder.join("report.html").display())),
        None => output::talk(quiet, "Add --output DIR for report.html, figures, tables and provenance"),
    }
    Ok(())
}

/// The dosing table, if one was given.
fn dosing(arguments: &RunArguments) -> Result<Option<Dosing>, Failure> {
    let Some(path) = &arguments.dosing else { return Ok(None) };
    let (time_unit, run_in) = (arguments.time_unit.clone(), arguments.run_in.clone());
    Ok(Some(Dosing { table: files::read(path)?, time_unit, run_in }))
}

/// The biology in a folder, or the one inside the program.
pub fn open(folder: Option<&Path>, quiet: bool) -> Result<Biology, Failure> {
    let opened = match folder {
        Some(folder) => Biology::read(&files::read_biology(folder)?, &folder.display().to_string()),
        None => Biology::embedded(),
    };
    let (biology, warnings) = opened.map_err(|it| Failure::from_diagnostics(&it))?;
    tell_warnings(&warnings, quiet);
    Ok(biology)
}

/// Writes warnings about a person's text to stderr.
pub fn tell_warnings(warnings: &Diagnostics, quiet: bool) {
    for warning in warnings.iter() {
        output::talk(quiet, &warning.to_string());
    }
}

/// A name is a scenario of the biology; what ends in `.toml` or has a folder in it is a file.
pub fn choice(text: &str) -> Result<ScenarioChoice, Failure> {
    if text.ends_with(".toml") || text.contains(['/', '\\']) {
        Ok(ScenarioChoice::File(files::read(Path::new(text))?))
    } else {
        Ok(ScenarioChoice::Named(text.to_string()))
    }
}

/// The answers as tables of 80 columns.
fn answer_text(report: &Report) -> String {
    let mut text = String::new();
    for answer in report.answers(true) {
        text.push_str(&table::wrapped(&answer.title, 0));
        text.push('\n');
        text.push_str(&end_points(&answer));
        text.push('\n');
        text.push_str(&rivals(&answer));
    }
    if text.contains('~') {
        text.push_str("~ not separable from the reference: the ensemble disagrees on the sign\n");
    }
    for it in &report.findings.organisms {
        text.push_str(&table::wrapped(&it.shares().to_string(), 0));
    }
    text.push_str(enthesis::DISCLAIMER);
    text.push('\n');
    text
}

fn name_with_unit(row: &AnswerRow) -> String {
    if row.unit.is_empty() { row.name.clone() } else { format!("{} ({})", row.name, row.unit) }
}

/// What each read-out came to in the model as it stands.
fn end_points(answer: &Answer) -> String {
    let mut rows = Vec::new();
    for row in &answer.rows {
        if row.opens_group {
            rows.push(vec![row.group.to_uppercase()]);
        }
        let first = &row.changes[0];
        rows.push(vec![
            name_with_unit(row),
            row.from.clone(),
            row.to.clone(),
            first.change.clone(),
            first.interval.clone(),
        ]);
    }
    let mut text = table::text(&["In the model", &answer.from, &answer.to, "change", "90 % interval"], &rows, 1);
    let larger = |row: &AnswerRow| Some(format!("{} {}", row.name, row.larger_before.as_ref()?));
    let before: Vec<String> = answer.rows.iter().filter_map(larger).collect();
    if !before.is_empty() {
        text.push('\n');
        text.push_str(&table::wrapped(&format!("Much larger on the way: {}", before.join("; ")), 0));
    }
    text
}

/// The changes under the rival hypotheses, beside those of the model as it stands.
fn rivals(answer: &Answer) -> String {
    let mut text = String::new();
    let positions: Vec<usize> = (1..answer.hypotheses.len()).collect();
    for shown in positions.chunks(COLUMNS_OF_HYPOTHESES - 1) {
        let columns: Vec<usize> = std::iter::once(0).chain(shown.iter().copied()).collect();
        let mut header = vec!["Change by hypothesis"];
        header.extend(columns.iter().map(|i| answer.hypotheses[*i].as_str()));
        let mut rows = Vec::new();
        for row in &answer.rows {
            if row.opens_group {
                rows.push(vec![row.group.to_uppercase()]);
            }
            let mut cells = vec![row.name.clone()];
            cells.extend(columns.iter().map(|i| {
                let it = &row.changes[*i];
                if it.not_separable { format!("~ {}", it.change) } else { it.change.clone() }
            }));
            rows.push(cells);
        }
        text.push_str(&table::text(&header, &rows, 1));
        text.push('\n');
    }
    text
}
