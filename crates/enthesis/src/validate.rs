//! The model against published studies: observed, predicted, verdicts, scores, and what it must not contradict.

pub(crate) mod compare;
pub(crate) mod predict;
#[cfg(test)]
mod tests;

use crate::run::{self, Counter, ENSEMBLE_TOLERANCE, RIVALS};
use crate::{Biology, Error};
use compare::{Row, comparison, group_means, orders};
use engine::SolveOptions;
use physiology::{Group, Measurement, Organism, Refutation, Side};
use predict::{Ask, Prediction, Predictor, Settings};
use report::{BasisShares, GroupScores, ModelScore, RefutationResult, ValidatedRow, ValidatedStudy, Validation};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use study::{Comparison, interval_90};

/// Rivals that are no model.
const NO_CHANGE: &str = "no change";
const GROUP_MEAN: &str = "group mean";

const RULES: [&str; 7] = [
    "Every number is compared as an effect in percent. A recalled number counts half.",
    "A published sign must be the same; a predicted effect below half of the least detectable change (below 5 % in animals) has none.",
    "A number with a 95 % interval: good inside it; acceptable inside it when it is widened on either side by the spread between studies.",
    "Other numbers: right sign and within twofold, or within the difference of group means that is too small to matter; good within the spread between studies.",
    "Levels: good within that difference, acceptable within the least detectable change.",
    "A study is acceptable when two thirds of its modeled rows are. Error: median distance in least detectable changes. Slope: observed on predicted, through the origin. Order: pairs of arms or times that the study told apart, in the same order.",
    "No change: the effect is 0, a level that of day 0. Group mean: the mean effect on read-outs of the same class in the other studies of the group.",
];

/// What is to be judged.
#[derive(Debug, Clone, Default)]
pub struct ValidateRequest {
    /// Ids of studies; empty means all.
    pub studies: Vec<String>,
    /// A group of interventions; absent means all.
    pub group: Option<String>,
    /// Hypotheses beside those that are always judged.
    pub hypotheses: Vec<String>,
    /// Size of the ensemble; 0 computes no intervals.
    pub members: usize,
    #[allow(missing_docs)]
    pub seed: u64,
    /// Raised from elsewhere to stop the work.
    pub interrupt: Option<Arc<AtomicBool>>,
}

/// Runs the measured studies and judges the model and its rivals by them.
///
/// `progress` gets the number of finished runs and of all runs, from any thread.
///
/// # Errors
/// [`Error::BadInput`] for what was asked, [`Error::Failed`] when the model does not compile. A run that cannot be solved
/// is a wrong prediction.
pub fn validate(
    biology: &Biology,
    request: &ValidateRequest,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Validation, Error> {
    let content = &biology.content;
    let measurements = chosen(content, request)?;
    let hypotheses = hypotheses(content, request)?;
    let modeled: Vec<(usize, Ask)> =
        measurements.iter().enumerate().filter_map(|(i, row)| Some((i, Ask::of(row, content)?))).collect();
    let asks: Vec<Ask> = modeled.iter().map(|(_, ask)| *ask).collect();
    let refutations = refutations_of(content, request);
    let asked: Vec<Ask> = refutations.iter().filter_map(|it| Ask::of_refutation(it, content)).collect();

    let judged = Predictor::new(content, &asks)?;
    let ledger = Predictor::new(content, &asked)?;
    let total = judged.run_count() * (1 + hypotheses.len() + request.members) + ledger.run_count();
    let counter = Counter::new(total, progress);
    let finished = || counter.finished();
    let options = SolveOptions { interrupt: request.interrupt.clone(), ..SolveOptions::default() };

    let reference = judged.predict(&Settings::default(), &options, &finished)?;
    let mut rivals = Vec::new();
    for hypothesis in &hypotheses {
        let settings = Settings { hypothesis: Some(hypothesis.clone()), ..Settings::default() };
        rivals.push(judged.predict(&settings, &options, &finished)?);
    }
    let for_ensemble = SolveOptions { relative_tolerance: ENSEMBLE_TOLERANCE, ..options.clone() };
    let members = judged.ensemble(request.members, request.seed, &for_ensemble, &finished)?;
    let of_ledger = ledger.predict(&Settings::default(), &options, &finished)?;
    if options.interrupted() {
        return Err(Error::Interrupted);
    }

    let rows: Vec<Row> = modeled
        .iter()
        .enumerate()
        .map(|(k, (i, ask))| {
            let interval = interval_90(members.iter().map(|member| member[k].number));
            Row::new(content, measurements[*i], ask.scenario, reference[k], interval)
        })
        .collect::<Option<_>>()
        .ok_or_else(|| Error::Failed("internal error, please report it: a read-out without a class".to_string()))?;
    let means = group_means(&rows, &everything(content, &rows));
    let models = models(&rows, &reference, &rivals, &hypotheses, means);
    Ok(Validation {
        studies: studies(biology, &measurements, &modeled, &rows, &models),
        scores: scores(&measurements, &rows, &models),
        refutations: refutations
            .iter()
            .zip(&of_ledger)
            .map(|(it, prediction)| refutation(biology, it, prediction.number))
            .collect(),
        numbers: judged.organisms().map(|organism| numbers(biology, organism)).collect(),
        rules: RULES.iter().map(|it| (*it).to_string()).collect(),
        program: concat!("enthesis ", env!("CARGO_PKG_VERSION")).to_string(),
        biology: biology.origin.clone(),
        biology_sha256: biology.fingerprint(),
        members: request.members,
        seed: request.seed,
    })
}

fn numbers(biology: &Biology, organism: Organism) -> BasisShares {
    BasisShares::of(organism.word(), &run::parameters(biology, &[], organism))
}

/// The rows that were run, and those that were not asked for: what they found is known all the same.
fn everything<'a>(content: &'a physiology::Biology, rows: &[Row<'a>]) -> Vec<Row<'a>> {
    let unknown = Prediction { number: f64::NAN, level: f64::NAN, start: f64::NAN };
    let row = |row: &'a Measurement| {
        let level = rows.iter().find(|it| it.row.id == row.id).map_or(unknown, |it| it.reference);
        Row::new(content, row, content.study(&row.study)?, level, None)
    };
    content.measurements.iter().filter_map(row).collect()
}

/// A model or rival, with its comparison for each modeled row.
struct Judged {
    name: String,
    numbers: Vec<f64>,
    comparisons: Vec<Comparison>,
}

fn models(
    rows: &[Row],
    reference: &[Prediction],
    rivals: &[Vec<Prediction>],
    hypotheses: &[String],
    group_means: Vec<f64>,
) -> Vec<Judged> {
    let judged = |name: &str, numbers: Vec<f64>, effects: Vec<f64>| Judged {
        name: name.to_string(),
        comparisons: rows.iter().zip(&effects).map(|(row, effect)| comparison(row, *effect)).collect(),
        numbers,
    };
    let by_model = |name: &str, predictions: &[Prediction]| {
        let numbers: Vec<f64> = predictions.iter().map(|it| it.number).collect();
        let effects =
            rows.iter().zip(predictions).map(|(row, it)| predict::effect(row.row, it.number, row.level(it))).collect();
        judged(name, numbers, effects)
    };
    let mut all = vec![by_model("reference", reference)];
    for comparison in &mut all[0].comparisons.iter_mut().zip(rows) {
        comparison.0.predicted_interval = comparison.1.predicted_interval;
    }
    all.extend(hypotheses.iter().zip(rivals).map(|(id, predictions)| by_model(id, predictions)));
    for (name, effects) in [(NO_CHANGE, rows.iter().map(Row::no_change).collect()), (GROUP_MEAN, group_means)] {
        let numbers = rows.iter().zip(&effects).map(|(row, effect)| row.number(*effect)).collect();
        all.push(judged(name, numbers, effects));
    }
    all
}

/// The rows asked for, in the order of the files.
fn chosen<'a>(content: &'a physiology::Biology, request: &ValidateRequest) -> Result<Vec<&'a Measurement>, Error> {
    let group = match &request.group {
        None => None,
        Some(word) => {
            let words: Vec<&str> = Group::ALL.iter().map(|it| it.word()).collect();
            let found = Group::ALL.iter().find(|it| it.word() == word);
            let error = || {
                let hint = format!("groups are: {}", words.join(", "));
                Error::argument("--group", format!("there is no group `{word}`"), hint)
            };
            Some(*found.ok_or_else(error)?)
        }
    };
    for id in &request.studies {
        if !content.measurements.iter().any(|row| row.study.value == *id) {
            let known = content.measurements.iter().map(|row| row.study.value.as_str());
            let hint = match source::did_you_mean(id, known).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`enthesis list studies` names them".to_string(),
            };
            return Err(Error::argument("--study", format!("nothing was measured in a study `{id}`"), hint));
        }
    }
    let wanted = |row: &&Measurement| {
        group.is_none_or(|group| row.group == group)
            && (request.studies.is_empty() || request.studies.contains(&row.study.value))
    };
    Ok(content.measurements.iter().filter(wanted).collect())
}

fn hypotheses(content: &physiology::Biology, request: &ValidateRequest) -> Result<Vec<String>, Error> {
    let mut all: Vec<String> =
        RIVALS.iter().filter(|id| content.hypothesis(id).is_some()).map(|it| (*it).into()).collect();
    for id in &request.hypotheses {
        if content.hypothesis(id).is_none() {
            let known: Vec<&str> = content.hypotheses.iter().map(|it| it.id.as_str()).collect();
            let hint = format!("hypotheses are: {}", known.join(", "));
            return Err(Error::argument("--hypothesis", format!("there is no hypothesis `{id}`"), hint));
        }
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    Ok(all)
}

/// The whole ledger, unless only some studies are asked for: then what is about them.
fn refutations_of<'a>(content: &'a physiology::Biology, request: &ValidateRequest) -> Vec<&'a Refutation> {
    let asked = |it: &&Refutation| {
        (request.studies.is_empty() && request.group.is_none()) || request.studies.contains(&it.scenario.value)
    };
    content.refutations.iter().filter(asked).collect()
}

fn studies(
    biology: &Biology,
    measurements: &[&Measurement],
    modeled: &[(usize, Ask)],
    rows: &[Row],
    models: &[Judged],
) -> Vec<ValidatedStudy> {
    let position: BTreeMap<usize, usize> = modeled.iter().enumerate().map(|(k, (i, _))| (*i, k)).collect();
    let mut studies: Vec<ValidatedStudy> = Vec::new();
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, row) in measurements.iter().enumerate() {
        let study = *place.entry(&row.study).or_insert_with(|| {
            studies.push(validated(biology, row));
            studies.len() - 1
        });
        let study = &mut studies[study];
        let k = position.get(&i).copied();
        let verdict = k.map(|k| models[0].comparisons[k].verdict());
        study.modeled += usize::from(k.is_some());
        study.acceptable += usize::from(verdict.is_some_and(study::Verdict::passes));
        study.rows.push(ValidatedRow {
            id: row.id.clone(),
            arm: row.arm.as_ref().map_or(String::new(), |it| it.value.clone()),
            versus: row.versus.as_ref().map_or(String::new(), |it| it.value.clone()),
            readout: row.readout.as_ref().map_or(String::new(), |it| it.value.clone()),
            measured: row.measured.clone(),
            from: row.from_day,
            day: row.day,
            measure: row.measure.word().to_string(),
            unit: row.unit.as_ref().map_or(String::new(), |it| it.value.to_string()),
            observed: row.value,
            interval: row.interval,
            predicted: k.map(|k| models[0].numbers[k]),
            predicted_interval: k.and_then(|k| rows[k].number_interval).map(|it| (it.lower, it.upper)),
            verdict: verdict.map_or("not modeled", word).to_string(),
            rivals: models[1..].iter().map(|it| k.map(|k| it.numbers[k]).filter(|it| !it.is_nan())).collect(),
            recalled: row.reading == evidence::Reading::Recalled,
            not_modeled: row.not_modeled.clone().unwrap_or_default(),
            note: row.note.clone(),
        });
    }
    studies
}

fn validated(biology: &Biology, row: &Measurement) -> ValidatedStudy {
    let file = biology.content.study(&row.study);
    let citation = crate::citations::citation(&biology.content.evidence, &row.reference);
    ValidatedStudy {
        id: row.study.value.clone(),
        name: file.map_or_else(|| crate::citations::spaced(&row.study), |it| it.name.clone()),
        side: row.side.word().to_string(),
        group: row.group.word().to_string(),
        subjects: file.map_or(String::new(), |it| it.subjects.clone()),
        citation: citation.text,
        url: citation.url,
        ..ValidatedStudy::default()
    }
}

fn word(verdict: study::Verdict) -> &'static str {
    match verdict {
        study::Verdict::Good => "good",
        study::Verdict::Acceptable => "acceptable",
        study::Verdict::Wrong => "wrong",
        study::Verdict::SignWrong => "sign wrong",
    }
}

/// Every group on every side, then all groups of a side.
fn scores(measurements: &[&Measurement], rows: &[Row], models: &[Judged]) -> Vec<GroupScores> {
    let mut scores = Vec::new();
    for &side in Side::ALL {
        let groups = Group::ALL.iter().map(|it| Some(*it)).chain([None]);
        for group in groups {
            let belongs = |row: &Measurement| row.side == side && group.is_none_or(|it| row.group == it);
            let in_all: Vec<&&Measurement> = measurements.iter().filter(|row| belongs(row)).collect();
            if in_all.is_empty() {
                continue;
            }
            let mut studies: Vec<&str> = in_all.iter().map(|row| row.study.value.as_str()).collect();
            studies.dedup();
            studies.sort_unstable();
            studies.dedup();
            scores.push(GroupScores {
                side: side.word().to_string(),
                group: group.map_or("all", Group::word).to_string(),
                studies_in_all: studies.len(),
                rows_in_all: in_all.len(),
                models: models.iter().map(|it| model_score(it, rows, &belongs)).collect(),
            });
        }
    }
    scores
}

fn model_score(model: &Judged, rows: &[Row], belongs: &dyn Fn(&Measurement) -> bool) -> ModelScore {
    let mut by_study: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (k, row) in rows.iter().enumerate().filter(|(_, row)| belongs(row.row)) {
        by_study.entry(&row.row.study).or_default().push(k);
    }
    let studies: Vec<Vec<Comparison>> =
        by_study.values().map(|positions| positions.iter().map(|k| model.comparisons[*k]).collect()).collect();
    let score = study::score(&studies);
    let pairs: Vec<(usize, usize)> = by_study.values().flat_map(|positions| orders(rows, positions)).collect();
    ModelScore {
        model: model.name.clone(),
        studies: score.studies,
        rows: score.rows,
        acceptable: score.acceptable,
        rows_acceptable: score.rows_acceptable,
        sign: score.sign,
        median_error: score.median_error,
        slope: score.slope,
        coverage: score.coverage,
        order: study::in_order(&model.comparisons, &pairs),
    }
}

fn refutation(biology: &Biology, it: &Refutation, predicted: f64) -> RefutationResult {
    let name = biology.content.entry(&it.quantity).map_or_else(
        || it.quantity.value.clone(),
        |(_, entry)| match entry {
            physiology::Entry::Readout(record) => record.name.clone(),
            _ => crate::citations::spaced(&it.quantity),
        },
    );
    let against = match &it.versus {
        Some(versus) => format!(" against {}", versus.value),
        None => String::new(),
    };
    let within = |bound: Option<f64>, holds: fn(&f64, &f64) -> bool| bound.is_none_or(|it| holds(&predicted, &it));
    let unit = match content_unit(biology, it) {
        Some(unit) if unit.is_empty() || unit == "1" => String::new(),
        Some(unit) => format!(" {unit}"),
        None => " %".to_string(),
    };
    let number = |it: f64| if unit == " %" { report::signed_number(it) } else { report::plain_number(it) };
    RefutationResult {
        id: it.id.value.clone(),
        finding: it.finding.clone(),
        about: format!("{name}, {}{against} in {}, day {}", it.arm.value, it.scenario.value, it.day),
        expected: match (it.at_least, it.at_most) {
            (Some(low), Some(high)) => format!("{} to {}{unit}", number(low), number(high)),
            (Some(low), None) => format!("at least {}{unit}", number(low)),
            (None, Some(high)) => format!("at most {}{unit}", number(high)),
            (None, None) => String::new(),
        },
        predicted,
        predicted_text: format!("{}{unit}", number(predicted)),
        holds: within(it.at_least, f64::ge) && within(it.at_most, f64::le),
        expected_failure: it.expected_failure.clone(),
        citations: sources(biology, it),
    }
}

/// The unit of a refutation's bounds; `None` for percent.
fn content_unit(biology: &Biology, it: &Refutation) -> Option<String> {
    let unit = biology.content.entry(&it.quantity).and_then(|(_, entry)| entry.unit());
    it.is_level.then(|| unit.map_or(String::new(), |unit| unit.in_days().to_string()))
}

/// Papers named by a refutation and those behind its statements, once each.
fn sources(biology: &Biology, it: &Refutation) -> Vec<String> {
    let evidence = &biology.content.evidence;
    let statements = it.evidence.iter().filter_map(|id| evidence.statement(id));
    let keys = statements.flat_map(|statement| statement.evidence.iter().map(|item| item.reference.clone()));
    let mut all: Vec<String> = Vec::new();
    for key in it.sources.iter().map(|key| key.value.clone()).chain(keys) {
        let text = crate::citations::citation(evidence, &key).text;
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}
