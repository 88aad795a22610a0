//! What the model may and may not be used for: what the biology says, and what studies say.

use super::{counted, made_by};
use crate::citations::spaced;
use crate::{Biology, Error, ValidateRequest, validate};
use physiology::{Arm, Organism, Scenario};
use report::{Cell, Document, DocumentSection, GroupScores, Validation, validation_figure, validation_share};
use std::collections::BTreeSet;

/// Share of studies, or of signs, that must be met for a use.
const ENOUGH: f64 = 0.8;
/// Fewer studies than these tell nothing about a group.
const FEWEST_STUDIES: usize = 3;

const GROUP_HEADER: [&str; 8] =
    ["Interventions", "Studies", "Met by the model", "Met by the best rival", "Signs", "Error", "In 90 %", "Use"];

pub(super) fn document(biology: &Biology, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Document, Error> {
    let content = &biology.content;
    if content.credibility.question.is_empty() {
        return Err(Error::argument(
            "--biology",
            "the biology does not say what it is for",
            "write credibility.toml; docs/biology-format.md says how",
        ));
    }
    let request = ValidateRequest { members: 20, seed: 1, ..ValidateRequest::default() };
    let judged = validate(biology, &request, progress)?;
    let points = |title: &str, points: &[String]| DocumentSection {
        title: title.to_string(),
        points: points.to_vec(),
        ..DocumentSection::default()
    };
    let mut sections = vec![
        DocumentSection {
            title: "Question".to_string(),
            text: vec![content.credibility.question.clone(), parts(biology)],
            ..DocumentSection::default()
        },
        points("It may be used for", &content.credibility.uses),
        points("It must not be used for", &content.credibility.misuses),
        by_group(&judged),
        by_scenario(biology, &judged),
    ];
    sections.extend(Organism::ALL.iter().map(|organism| tiers(biology, *organism)));
    sections.push(ledger(&judged));
    sections.push(wrong_signs(&judged));
    Ok(Document {
        title: format!("{}: context of use", content.name),
        about: vec![format!(
            "Scores and lists are made by running all studies, with {} ensemble members behind the intervals and seed {}.",
            judged.members, judged.seed
        )],
        sections,
        made_by: made_by(biology),
    })
}

fn parts(biology: &Biology) -> String {
    let is_drug = |id: &str| biology.content.drugs.iter().any(|drug| drug.module == id);
    let names: Vec<&str> = biology.modules().filter(|it| !is_drug(&it.id)).map(|it| it.name.as_str()).collect();
    format!("Parts: {}. Drugs: {}.", names.join(", "), biology.content.drugs.len())
}

/// What each group of studies that did not calibrate the model says about its use.
fn by_group(judged: &Validation) -> DocumentSection {
    let rows = judged.scores.iter().filter(|it| it.side == "validation").map(group_row).collect();
    DocumentSection {
        title: "What studies say, by kind of intervention".to_string(),
        text: vec![
            "Studies that did not calibrate the model. A study is met when two thirds of its rows are good or acceptable; \
             the rules stand in docs/command-line.md. Error is the median distance in least detectable changes."
                .to_string(),
            format!(
                "Use: sizes when the model meets {0:.0} % of at least {FEWEST_STUDIES} studies; direction only when {0:.0} % of \
                 the signs are right; no otherwise.",
                100.0 * ENOUGH
            ),
        ],
        header: GROUP_HEADER.map(str::to_string).to_vec(),
        rows,
        ..DocumentSection::default()
    }
}

fn group_row(it: &GroupScores) -> Vec<Cell> {
    let Some((model, rivals)) = it.models.split_first() else { return Vec::new() };
    let best = rivals.iter().filter(|rival| rival.acceptable.is_some()).max_by(|a, b| {
        // The first of equals.
        a.acceptable.unwrap_or(0.0).total_cmp(&b.acceptable.unwrap_or(0.0)).then(std::cmp::Ordering::Greater)
    });
    let best = best.map_or("-".to_string(), |it| format!("{} ({})", validation_share(it.acceptable), it.model));
    vec![
        Cell::text(spaced(&it.group)),
        Cell::text(format!("{} of {}", model.studies, it.studies_in_all)),
        Cell::text(validation_share(model.acceptable)),
        Cell::text(best),
        Cell::text(validation_share(model.sign)),
        Cell::text(validation_figure(model.median_error)),
        Cell::text(validation_share(model.coverage)),
        Cell::text(use_of(model.studies, model.acceptable, model.sign)),
    ]
}

/// What the scores of a group allow.
fn use_of(studies: usize, met: Option<f64>, signs: Option<f64>) -> &'static str {
    let enough = |share: Option<f64>| share.is_some_and(|it| it >= ENOUGH);
    match studies {
        0 => "not judged",
        _ if studies < FEWEST_STUDIES => "no: too few studies",
        _ if enough(met) => "sizes",
        _ if enough(signs) => "direction only",
        _ => "no",
    }
}

/// For each scenario the studies in which the same was done.
fn by_scenario(biology: &Biology, judged: &Validation) -> DocumentSection {
    let row = |scenario: &Scenario| {
        let studies = biology.content.studies.iter().filter(|study| same_is_done(&biology.content, scenario, study));
        let told: Vec<String> = studies
            .filter_map(|study| judged.studies.iter().find(|it| it.id == study.id))
            .map(|it| format!("{} {} of {} ({})", it.id, it.acceptable, it.modeled, it.side))
            .collect();
        vec![
            Cell::text(&*scenario.id),
            Cell::text(&*scenario.name),
            Cell::text(scenario.organism.to_string()),
            Cell::text(if told.is_empty() { "none: an answer is a hypothesis".to_string() } else { told.join("; ") }),
        ]
    };
    DocumentSection {
        title: "Scenarios, and the studies that judge them".to_string(),
        text: vec![
            "A study judges a scenario when one of its arms receives the same drugs, has the same genotypes and changes the \
             same parameters. The numbers are rows that are good or acceptable, of those that are modeled."
                .to_string(),
        ],
        header: ["Scenario", "Name", "Organism", "Judged by"].map(str::to_string).to_vec(),
        rows: biology.content.scenarios.iter().map(row).collect(),
        ..DocumentSection::default()
    }
}

fn same_is_done(content: &physiology::Biology, scenario: &Scenario, study: &Scenario) -> bool {
    let (own, others) = (done_in(content, scenario), done_in(content, study));
    scenario.organism == study.organism && own.iter().any(|it| others.contains(it))
}

/// What is done in each arm in which anything is. Where nothing happens in any, the subjects themselves are what is
/// looked at: age, menopause.
fn done_in<'a>(content: &'a physiology::Biology, scenario: &'a Scenario) -> Vec<BTreeSet<&'a str>> {
    let arms: Vec<BTreeSet<&str>> = scenario.arms.iter().map(events_of).filter(|it| !it.is_empty()).collect();
    if !arms.is_empty() {
        return arms;
    }
    let before = |arm| content.settings_before(arm).map(|it| it.id.value.as_str()).collect();
    scenario.arms.iter().map(before).collect()
}

fn events_of(arm: &Arm) -> BTreeSet<&str> {
    let drugs = arm.doses.iter().map(|it| it.drug.value.as_str());
    let genotypes = arm.genotypes.iter().map(|it| it.value.as_str());
    let changes = arm.changes.iter().flat_map(|it| &it.set).map(|it| it.id.value.as_str());
    drugs.chain(genotypes).chain(changes).collect()
}

/// The links that are on by default, by the best tier of their evidence.
fn tiers(biology: &Biology, organism: Organism) -> DocumentSection {
    let on: Vec<_> = biology.content.links().filter(|it| it.default.get(organism).copied().unwrap_or(false)).collect();
    let rows = evidence::Tier::ALL.iter().map(|tier| {
        let of_tier: Vec<&str> = on.iter().filter(|it| it.tier == *tier).map(|it| it.name.as_str()).collect();
        vec![Cell::text(tier.to_string()), Cell::text(counted(of_tier.len(), on.len())), Cell::text(of_tier.join(", "))]
    });
    DocumentSection {
        title: format!("Links that are on in the {organism}, by best tier of evidence"),
        text: vec!["T1 human trial, T2 replicated in vivo, T3 single in vivo, T4 in vitro, T5 inferred.".to_string()],
        header: ["Tier", "Links", "Which"].map(str::to_string).to_vec(),
        rows: rows.collect(),
        ..DocumentSection::default()
    }
}

/// Findings of the ledger that the model contradicts.
fn ledger(judged: &Validation) -> DocumentSection {
    let fails: Vec<_> = judged.refutations.iter().filter(|it| !it.holds).collect();
    let row = |it: &&report::RefutationResult| {
        vec![
            Cell::text(&*it.finding),
            Cell::text(&*it.about),
            Cell::text(&*it.expected),
            Cell::text(&*it.predicted_text),
            Cell::text(it.expected_failure.as_deref().unwrap_or("not known")),
        ]
    };
    DocumentSection {
        title: "Findings that the model contradicts".to_string(),
        text: vec![format!("{} of {} findings of the ledger.", fails.len(), judged.refutations.len())],
        header: ["Finding", "Read-out", "Found", "In the model", "Why"].map(str::to_string).to_vec(),
        rows: fails.iter().map(row).collect(),
        ..DocumentSection::default()
    }
}

/// Published effects whose sign the model misses.
fn wrong_signs(judged: &Validation) -> DocumentSection {
    let mut rows = Vec::new();
    for study in &judged.studies {
        for it in study.rows.iter().filter(|it| it.verdict == "sign wrong") {
            rows.push(vec![
                Cell::text(&*study.id),
                Cell::text(&*study.side),
                Cell::text(&*it.arm),
                Cell::text(&*it.measured),
                Cell::text(format!("{}", it.day)),
                Cell::text(report::plain_number(it.observed)),
                Cell::text(it.predicted.map_or("-".to_string(), report::plain_number)),
            ]);
        }
    }
    DocumentSection {
        title: "Published effects whose sign the model misses".to_string(),
        header: ["Study", "Side", "Arm", "Measured", "Day", "Published", "In the model"].map(str::to_string).to_vec(),
        text: vec![format!("{} rows, calibration included.", rows.len())],
        rows,
        ..DocumentSection::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_studies_allow_nothing_and_signs_less_than_sizes() {
        assert_eq!(use_of(0, None, None), "not judged");
        assert_eq!(use_of(2, Some(1.0), Some(1.0)), "no: too few studies");
        assert_eq!(use_of(3, Some(0.8), Some(1.0)), "sizes");
        assert_eq!(use_of(9, Some(0.7), Some(0.9)), "direction only");
        assert_eq!(use_of(9, Some(0.7), Some(0.7)), "no");
        assert_eq!(use_of(9, Some(0.7), None), "no");
    }

    #[test]
    fn a_study_judges_a_scenario_when_the_same_is_done() {
        let (biology, _) = Biology::embedded().expect("the biology inside the program is checked");
        let judges = |study: &str, scenario: &str| {
            let study = biology.content.study(study).expect("it is there");
            let scenario = biology.content.scenarios.iter().find(|it| it.id == scenario).expect("it is there");
            same_is_done(&biology.content, scenario, study)
        };
        assert!(judges("leblanc_1990", "bed_rest"));
        assert!(!judges("leblanc_1990", "resistance_training"));
        assert!(judges("cohen_2020", "teriparatide"));
        assert!(judges("greendale_2012", "menopause"));
        assert!(!judges("greendale_2012", "romosozumab"));
    }
}
