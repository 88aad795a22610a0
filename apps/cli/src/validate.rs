//! `enthesis validate`: the model against published studies.

use crate::arguments::ValidateArguments;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Bar;
use crate::{files, output, run, table};
use enthesis::{
    GroupScores, RefutationResult, ValidateRequest, ValidatedRow, ValidatedStudy, Validation, plain_number,
    validation_figure, validation_share,
};

/// Runs the measured studies and shows rows, scores and the ledger.
pub fn validate(arguments: &ValidateArguments) -> Result<(), Failure> {
    let interrupt = Interrupt::install();
    let biology = run::open(arguments.biology.biology.as_deref(), arguments.quiet)?;
    let request = ValidateRequest {
        studies: arguments.study.clone(),
        group: arguments.group.clone(),
        hypotheses: arguments.hypothesis.clone(),
        members: arguments.members as usize,
        seed: arguments.seed,
        interrupt: Some(interrupt.flag()),
    };
    let bar = Bar::new(arguments.quiet);
    let validation = enthesis::validate(&biology, &request, &|done, total| bar.show(done as u64, total as u64))?;
    bar.clear();
    interrupt.check()?;
    if let Some(folder) = &arguments.output {
        files::write_all(folder, &validation.files())?;
    }
    output::data(&text(&validation))?;
    match &arguments.output {
        Some(folder) => {
            output::talk(arguments.quiet, &format!("Written: {}", folder.join("validation.html").display()))
        }
        None => output::talk(arguments.quiet, "Add --output DIR for a page and tables with every rival"),
    }
    Ok(())
}

fn text(validation: &Validation) -> String {
    let mut text: String = validation.studies.iter().map(study).collect();
    for group in &validation.scores {
        text.push_str(&scores(group));
    }
    if !validation.refutations.is_empty() {
        text.push_str("Findings that the model must not contradict\n");
        validation.refutations.iter().for_each(|it| text.push_str(&refutation(it)));
        text.push('\n');
    }
    validation.numbers.iter().for_each(|it| text.push_str(&table::wrapped(&it.to_string(), 0)));
    text.push_str(enthesis::DISCLAIMER);
    text.push('\n');
    text
}

fn study(study: &ValidatedStudy) -> String {
    let unmodeled = study.rows.len() - study.modeled;
    let mut heading = format!(
        "{} ({}, {}, {}): {} of {} rows acceptable",
        study.name, study.id, study.group, study.side, study.acceptable, study.modeled
    );
    if unmodeled > 0 {
        heading.push_str(&format!(", {unmodeled} not modeled"));
    }
    let modeled: Vec<&ValidatedRow> = study.rows.iter().filter(|row| row.predicted.is_some()).collect();
    let mut text = table::wrapped(&heading, 0);
    // Ids are long: an arm is named once, above its rows.
    for rows in modeled.chunk_by(|a, b| (&a.arm, &a.versus) == (&b.arm, &b.versus)) {
        let against = if rows[0].versus.is_empty() { String::new() } else { format!(" against {}", rows[0].versus) };
        text.push_str(&format!("  {}{against}\n", rows[0].arm));
        let rows: Vec<Vec<String>> = rows.iter().map(|it| row(it)).collect();
        text.push_str(&table::text(&["Row", "Read-out", "Day", "Published", "Model", "Verdict"], &rows, 6));
    }
    text.push('\n');
    text
}

fn row(row: &ValidatedRow) -> Vec<String> {
    let range = |it: Option<(f64, f64)>| match it {
        Some((low, high)) => format!(" ({} to {})", plain_number(low), plain_number(high)),
        None => String::new(),
    };
    // A change or difference in percent is told by the arms above; other measures have a name.
    let unit = match (row.measure.as_str(), row.unit.as_str()) {
        ("% change" | "% difference", _) => " %".to_string(),
        ("absolute" | "change" | "difference", unit) => format!(" {unit}"),
        ("change/year", unit) => format!(" {unit}/year"),
        (measure, _) => format!(" {measure}"),
    };
    let day = if row.from > 0.0 { format!("{} to {}", row.from, row.day) } else { row.day.to_string() };
    vec![
        row.id.clone(),
        row.readout.clone(),
        day,
        format!("{}{unit}{}{}", row.observed, range(row.interval), if row.recalled { " *" } else { "" }),
        format!("{}{}", row.predicted.map_or("-".into(), plain_number), range(row.predicted_interval)),
        row.verdict.clone(),
    ]
}

fn scores(group: &GroupScores) -> String {
    let Some(reference) = group.models.first() else { return String::new() };
    let mut text = table::wrapped(
        &format!(
            "{}, {}: {} of {} rows and {} of {} studies are modeled",
            group.side, group.group, reference.rows, group.rows_in_all, reference.studies, group.studies_in_all
        ),
        0,
    );
    if reference.rows > 0 {
        let rows: Vec<Vec<String>> = group
            .models
            .iter()
            .map(|it| {
                vec![
                    it.model.clone(),
                    validation_share(it.acceptable),
                    validation_share(it.rows_acceptable),
                    validation_share(it.sign),
                    validation_figure(it.median_error),
                    validation_figure(it.slope),
                    validation_share(it.coverage),
                    validation_share(it.order),
                ]
            })
            .collect();
        let header = ["Model", "Studies ok", "Rows ok", "Sign", "Error", "Slope", "In 90 %", "Order"];
        text.push_str(&table::text(&header, &rows, 1));
    }
    text.push('\n');
    text
}

fn refutation(it: &RefutationResult) -> String {
    let mut text = table::hanging(&format!("{}: {}", it.verdict(), it.finding), 2);
    text.push_str(&table::wrapped(&format!("{}: {}, expected {}", it.about, it.predicted_text, it.expected), 6));
    if let Some(reason) = &it.expected_failure {
        text.push_str(&table::wrapped(reason, 6));
    }
    text
}
