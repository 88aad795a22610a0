//! Files of a validation: a page, the rows and the scores as tables.

use super::{GroupScores, Validation};
use crate::{DISCLAIMER, File, page};
use serde::Serialize;
use std::fmt::Write;

const TEMPLATE: &str = include_str!("page.html");

#[derive(Serialize)]
struct View<'a> {
    disclaimer: &'static str,
    /// Names of the models, in the order of every table.
    models: Vec<&'a str>,
    validation: &'a Validation,
    refutations: Vec<(&'a super::RefutationResult, &'static str)>,
    /// Where the numbers come from, a sentence for each organism.
    numbers: Vec<String>,
}

impl Validation {
    /// `validation.html`, `validation.tsv` (rows) and `scores.tsv`.
    pub fn files(&self) -> Vec<File> {
        let file = |name: &str, text: String| File { name: name.to_string(), text };
        vec![
            file("validation.html", self.page()),
            file("validation.tsv", self.rows_tsv()),
            file("scores.tsv", scores_tsv(&self.scores)),
        ]
    }

    /// Names of the models, the reference first.
    pub fn models(&self) -> Vec<&str> {
        self.scores.first().map_or(Vec::new(), |it| it.models.iter().map(|model| model.model.as_str()).collect())
    }

    fn page(&self) -> String {
        let refutations = self.refutations.iter().map(|it| (it, it.verdict())).collect();
        let view = View {
            disclaimer: DISCLAIMER,
            models: self.models(),
            validation: self,
            refutations,
            numbers: self.numbers.iter().map(ToString::to_string).collect(),
        };
        page::rendered(TEMPLATE, &view)
    }

    /// Every row with its verdict; numbers are written in full.
    fn rows_tsv(&self) -> String {
        let mut text =
            "side\tgroup\tstudy\tid\tarm\tversus\treadout\tmeasured\tfrom\tday\tmeasure\tunit\tobserved\tlow\thigh\t\
                        reading\tpredicted\tpredicted_low\tpredicted_high\tverdict"
                .to_string();
        let models = self.models();
        for model in models.iter().skip(1) {
            let _ = write!(text, "\t{}", model.replace(' ', "_"));
        }
        text.push_str("\tnot_modeled\tnote\n");
        let number = |value: Option<f64>| value.map_or(String::new(), |it| it.to_string());
        for study in &self.studies {
            for row in &study.rows {
                let reading = if row.recalled { "recalled" } else { "read" };
                let (low, high) = (row.interval.map(|it| it.0), row.interval.map(|it| it.1));
                let mut cells = vec![
                    study.side.clone(),
                    study.group.clone(),
                    study.id.clone(),
                    row.id.clone(),
                    row.arm.clone(),
                    row.versus.clone(),
                    row.readout.clone(),
                    row.measured.clone(),
                    row.from.to_string(),
                    row.day.to_string(),
                    row.measure.clone(),
                    row.unit.clone(),
                    row.observed.to_string(),
                    number(low),
                    number(high),
                    reading.to_string(),
                    number(row.predicted),
                    number(row.predicted_interval.map(|it| it.0)),
                    number(row.predicted_interval.map(|it| it.1)),
                    row.verdict.clone(),
                ];
                cells.extend(row.rivals.iter().map(|it| number(*it)));
                cells.extend([row.not_modeled.clone(), row.note.clone()]);
                text.push_str(&cells.join("\t"));
                text.push('\n');
            }
        }
        text
    }
}

fn scores_tsv(scores: &[GroupScores]) -> String {
    let mut text =
        "side\tgroup\tmodel\tstudies\tstudies_in_all\trows\trows_in_all\tstudies_acceptable\trows_acceptable\t\
                    sign_right\tmedian_error\tslope\tcoverage\torder\n"
            .to_string();
    let number = |value: Option<f64>| value.map_or(String::new(), |it| it.to_string());
    for group in scores {
        for it in &group.models {
            let shares = [it.acceptable, it.rows_acceptable, it.sign, it.median_error, it.slope, it.coverage, it.order];
            let shares: Vec<String> = shares.into_iter().map(number).collect();
            let _ = writeln!(
                text,
                "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                group.side,
                group.group,
                it.model,
                it.studies,
                group.studies_in_all,
                it.rows,
                group.rows_in_all,
                shares.join("\t")
            );
        }
    }
    text
}
