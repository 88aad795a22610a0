//! Results to tables, figures and a provenance record; puts names and units back.
//!
//! Plain [`Findings`] go in, named texts come out: [`Report::new`] makes every file at once and writes none. The crate
//! does not know how results were made. Words are chosen with care: a model shows what follows "in the model", it
//! never proves.

mod answer;
mod calibration;
mod change;
mod csv;
mod document;
#[cfg(test)]
mod examples;
mod figure;
mod findings;
pub mod map;
mod number;
mod page;
mod provenance;
mod summary;
mod validation;

pub use answer::{Answer, AnswerChange, AnswerRow, answers, shown_unit};
pub use calibration::{CalibratedParameter, Calibration};
pub use change::ChangeScale;
pub use csv::field as csv_field;
pub use document::{Cell, Document, DocumentSection};
pub use findings::{
    Band, Basis, BasisShares, Citation, Comparison, Curve, EndPoint, EvidenceItem, Findings, Group, Interval, Link,
    MeasuredPoint, Named, OrganismFindings, Parameter, ScenarioFindings, Stance, Statement, Variable,
};
pub use number::{duration, plain as plain_number, signed as signed_number};
pub use provenance::{Provenance, RequestRecord, RunRecord};
pub use validation::{
    GroupScores, ModelScore, RefutationResult, ValidatedRow, ValidatedStudy, Validation, figure as validation_figure,
    share as validation_share,
};

/// What every face shows beside results.
pub const DISCLAIMER: &str = "Research use only. Not for decisions about patients.";

/// A finished report: the findings and every file made from them.
#[derive(Debug, Clone)]
pub struct Report {
    /// What it was made from.
    pub findings: Findings,
}

/// A file of a report, not yet written anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Name without folder.
    pub name: String,
    /// Contents.
    pub text: String,
}

impl Report {
    /// A report of findings.
    pub fn new(findings: Findings) -> Self {
        Self { findings }
    }

    /// The answers of all scenarios, in the order asked.
    pub fn answers(&self, only_main: bool) -> Vec<Answer> {
        self.findings.scenarios.iter().flat_map(|it| answers(it, only_main)).collect()
    }

    /// `report.html`, one CSV and the figures of each scenario, the equations of each organism, `provenance.json`.
    pub fn files(&self) -> Vec<File> {
        let mut files = vec![File { name: "report.html".into(), text: page::page(&self.findings) }];
        for scenario in &self.findings.scenarios {
            let id = &scenario.named.id;
            files.push(File { name: format!("{id}.csv"), text: csv::tidy(scenario) });
            files.extend(
                figures(scenario).into_iter().map(|it| File { name: format!("{id}_{}.svg", it.id), text: it.svg }),
            );
        }
        for it in &self.findings.organisms {
            files.push(File { name: equations_file(&it.organism), text: it.equations.clone() });
        }
        files.push(File { name: "provenance.json".into(), text: self.findings.provenance.json() });
        files
    }

    /// The answer for machines: end points, links and warnings as JSON.
    pub fn json(&self) -> String {
        summary::json(&self.findings)
    }
}

/// Name of the file with the equations of an organism.
pub(crate) fn equations_file(organism: &str) -> String {
    format!("equations_{organism}.txt")
}

/// A figure with its caption.
pub(crate) struct Figure {
    pub id: String,
    pub caption: String,
    pub svg: String,
}

/// The figures of a scenario: end points first, then each group over time.
pub(crate) fn figures(scenario: &ScenarioFindings) -> Vec<Figure> {
    let mut figures = Vec::new();
    for arm in scenario.answered_arms() {
        if let Some(svg) = figure::end_points(scenario, arm) {
            let several = scenario.answered_arms().len() > 1;
            let name = &scenario.arms[arm].name;
            figures.push(Figure {
                id: if several { format!("end_points_{}", scenario.arms[arm].id) } else { "end_points".into() },
                caption: format!(
                    "{name}: change of each main read-out on the last day, with 90 % intervals across the ensemble"
                ),
                svg,
            });
        }
    }
    for group in [Group::Bone, Group::Muscle, Group::Circulation, Group::Link] {
        if let Some(svg) = figure::curves(scenario, group) {
            let what = match group {
                Group::Link => "Multipliers of the links that move; 1 is the reference state".to_string(),
                group => {
                    let measured = if scenario.measured.is_empty() {
                        ""
                    } else {
                        "; circles are what the study measured, with its 95 % interval: what it told against another arm or \
                         a later day is added to the model's curve there"
                    };
                    format!(
                        "{}: change from day 0; bands are 90 % intervals across the ensemble{measured}",
                        group.word()
                    )
                }
            };
            figures.push(Figure { id: group.word().to_lowercase(), caption: what, svg });
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_page_tables_figures_and_a_record() {
        let files = Report::new(examples::findings()).files();
        let names: Vec<&str> = files.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "report.html",
                "bed_rest.csv",
                "bed_rest_end_points.svg",
                "bed_rest_bone.svg",
                "bed_rest_muscle.svg",
                "bed_rest_circulation.svg",
                "bed_rest_links.svg",
                "equations_human.txt",
                "provenance.json"
            ]
        );
    }

    #[test]
    fn the_same_findings_give_the_same_bytes() {
        assert_eq!(Report::new(examples::findings()).files(), Report::new(examples::findings()).files());
    }
}
