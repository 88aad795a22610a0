//! Parameters fitted to what studies measured, with what the measurements say about them and what they leave open.

#[cfg(test)]
mod tests;
mod write;

use crate::run::Counter;
use crate::validate::compare::{Row, comparison};
use crate::validate::predict::{Ask, Predictor, Settings, effect};
use crate::{Biology, Error};
use engine::{SensitivityOptions, SolveOptions};
use physiology::{Measurement, Organism, Side};
use report::{CalibratedParameter, Calibration};
use source::SourceFile;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use study::{Evaluation, FitOptions, Kind, Profile, Uncertain};

/// The range of a parameter counts as four standard deviations of what was thought of it before.
const DEVIATIONS_IN_RANGE: f64 = 4.0;

/// Relative tolerance of the runs: fits compare numbers that differ by more.
const TOLERANCE: f64 = 1e-5;

/// How to fit.
#[derive(Debug, Clone, Default)]
pub struct CalibrateRequest {
    /// From how many places the search begins.
    pub starts: usize,
    /// Seed of these places and of the sets that fit equally well.
    pub seed: u64,
    /// Whether each parameter's interval is looked for, by fitting all others again and again.
    pub profiles: bool,
    /// How many sets of parameters that fit equally well are wanted.
    pub sets: usize,
    /// Raised from elsewhere to stop the work.
    pub interrupt: Option<Arc<AtomicBool>>,
}

/// Fits the parameters that `measurements/calibration.toml` lists to the numbers of the calibration side.
///
/// A residual is the difference of effects in percent over what studies that did the same differ by and what can be told
/// between groups. Rows of a study share one vote, recalled ones have half of theirs; signs have none. That a parameter is
/// thought to lie near its value counts as one more measurement, with a quarter of its range as its deviation.
///
/// `progress` gets the number of finished searches and profiles and of all of them, from any thread.
///
/// # Errors
/// [`Error::BadInput`] when nothing is listed or measured, [`Error::Failed`] when the model cannot be solved.
pub fn calibrate(
    biology: &Biology,
    request: &CalibrateRequest,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Calibration, Error> {
    let content = &biology.content;
    let rows: Vec<&Measurement> =
        content.measurements.iter().filter(|row| row.side == Side::Calibration && row.measure.has_size()).collect();
    let modeled: Vec<(&Measurement, Ask)> =
        rows.iter().filter_map(|row| Some((*row, Ask::of(row, content)?))).collect();
    let asks: Vec<Ask> = modeled.iter().map(|(_, ask)| *ask).collect();
    let predictor = Predictor::new(content, &asks)?;
    let listed: Vec<(Organism, String, Uncertain)> = content
        .calibrated
        .iter()
        .filter_map(|(organism, id)| Some((*organism, id.value.clone(), predictor.uncertain(*organism, id)?)))
        .collect();
    if listed.is_empty() {
        return Err(Error::argument(
            "measurements/calibration.toml",
            "no parameter is listed whose organism has measurements".to_string(),
            "list parameters there, as `human = [\"muscle_protein_turnover\"]`".to_string(),
        ));
    }
    let solve =
        SolveOptions { relative_tolerance: TOLERANCE, interrupt: request.interrupt.clone(), ..SolveOptions::default() };
    let reference = predictor.predict(&Settings::default(), &solve, &|| {})?;
    let conditions = predictor.conditions(&Settings::default())?;
    let judged: Vec<Judged> = modeled
        .iter()
        .zip(reference)
        .filter_map(|((row, ask), it)| Judged::new(Row::new(content, row, ask.scenario, it, None)?, &modeled))
        .collect();
    if judged.len() != modeled.len() {
        return Err(Error::Failed("internal error, please report it: a read-out without a class".to_string()));
    }

    let parameters: Vec<(Organism, Uncertain)> = listed.iter().map(|(organism, _, it)| (*organism, *it)).collect();
    let only: Vec<Uncertain> = parameters.iter().map(|(_, it)| *it).collect();
    let options = SensitivityOptions { solve, error_control: false };
    let evaluate = |values: &[f64]| {
        let slopes = predictor.slopes(&conditions, &parameters, values, &options)?;
        let mut evaluation = Evaluation { residuals: Vec::new(), derivatives: Vec::new() };
        for (judged, slope) in judged.iter().zip(slopes) {
            let level = judged.row.level(&slope.prediction);
            let per_number = effect(judged.row.row, 1.0, level) - effect(judged.row.row, 0.0, level);
            let predicted = effect(judged.row.row, slope.prediction.number, level);
            evaluation.residuals.push((predicted - judged.observed) / judged.deviation);
            evaluation.derivatives.extend(slope.derivatives.iter().map(|it| it * per_number / judged.deviation));
        }
        for (i, it) in only.iter().enumerate() {
            let (residual, slope) = thought_before(it, values[i]);
            evaluation.residuals.push(residual);
            evaluation.derivatives.extend((0..only.len()).map(|k| if k == i { slope } else { 0.0 }));
        }
        evaluation.residuals.iter().all(|it| it.is_finite()).then_some(evaluation)
    };

    let fit_options = FitOptions { starts: request.starts.max(1), seed: request.seed, ..FitOptions::default() };
    let total = fit_options.starts + if request.profiles { only.len() } else { 0 };
    let counter = Counter::new(total, progress);
    let finished = || counter.finished();
    let before: Vec<f64> = only.iter().map(|it| it.value).collect();
    let at_values = evaluate(&before).ok_or_else(|| {
        if options.solve.interrupted() {
            Error::Interrupted
        } else {
            Error::Failed("a study cannot be solved at the present values".into())
        }
    })?;
    let fit = study::fit(&only, &evaluate, &fit_options, &finished);
    let fit =
        fit.ok_or_else(|| Error::Failed("no search found parameters with which all studies can be solved".into()))?;
    let information = study::information(&only, &fit);
    let few = FitOptions { evaluations: 12, ..fit_options };
    let profiles: Option<Vec<Profile>> =
        request.profiles.then(|| study::profiles(&only, &fit, &evaluate, &few, &finished));
    let sets = study::equally_good(&only, &fit, &evaluate, request.sets, request.seed);
    if options.solve.interrupted() {
        return Err(Error::Interrupted);
    }

    let measured = judged.len();
    let cost_of = |residuals: &[f64]| residuals[..measured].iter().map(|it| it * it).sum::<f64>();
    let mut calibration = Calibration {
        studies: judged
            .iter()
            .map(|it| it.row.row.study.value.as_str())
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        rows: measured,
        cost_before: cost_of(&at_values.residuals),
        cost_after: cost_of(&fit.evaluation.residuals),
        searches: fit.searches.iter().map(|it| (it.cost, it.evaluations)).collect(),
        seen: information.rank,
        unseen: information
            .unseen
            .iter()
            .map(|weights| {
                let strong = listed.iter().zip(weights).filter(|(_, weight)| weight.abs() > 0.1);
                strong.map(|((_, id, _), weight)| (id.clone(), *weight)).collect()
            })
            .collect(),
        biology: biology.origin.clone(),
        biology_sha256: biology.fingerprint(),
        seed: request.seed,
        ..Calibration::default()
    };
    for (i, (organism, id, it)) in listed.iter().enumerate() {
        let (unit, factor) = own_unit(content, id);
        let profile = profiles.as_ref().map(|profiles| profiles[i]);
        calibration.parameters.push(CalibratedParameter {
            id: id.clone(),
            organism: organism.word().to_string(),
            unit,
            before: it.value / factor,
            value: fit.values[i] / factor,
            range: (it.lower / factor, it.upper / factor),
            interval: profile.map(|profile| (profile.lower.value / factor, profile.upper.value / factor)),
            from_data: profile.map(|profile| (profile.lower.from_data, profile.upper.from_data)),
            sets: sets.iter().map(|set| set[i] / factor).collect(),
        });
    }
    Ok(calibration)
}

/// The files of a biology with the fitted values in them, where they differ, and with the sets that fit equally well, when any
/// were drawn. A parameter whose both ends the data give has its interval as its range from then on.
///
/// # Errors
/// [`Error::Failed`] when a record is not found where it was read.
pub fn calibrated_files(biology: &Biology, calibration: &Calibration) -> Result<Vec<SourceFile>, Error> {
    write::files(biology, calibration)
}

/// A row with its size and how far off it may be, in percent.
struct Judged<'a> {
    row: Row<'a>,
    observed: f64,
    deviation: f64,
}

impl<'a> Judged<'a> {
    fn new(row: Row<'a>, all: &[(&Measurement, Ask)]) -> Option<Self> {
        let it = comparison(&row, 0.0);
        let size = if it.kind == Kind::Level { 100.0 } else { it.observed.abs() };
        let own = it.interval.map_or(0.0, |(low, high)| (high - low).abs() / (2.0 * 1.96));
        let squares = (it.yardstick.spread * size).powi(2) + it.yardstick.group_detectable.powi(2) + own * own;
        let of_study = all.iter().filter(|(other, _)| other.study.value == row.row.study.value).count();
        // One vote for each study, half a vote for what is only recalled.
        let weight = it.weight / of_study as f64;
        let deviation = squares.sqrt() / weight.sqrt();
        (deviation > 0.0).then_some(Self { observed: it.observed, deviation, row })
    }
}

/// How far a value is from what was thought before, in deviations, and how that changes with it.
fn thought_before(parameter: &Uncertain, value: f64) -> (f64, f64) {
    let Uncertain { value: best, lower, upper, .. } = *parameter;
    if lower > 0.0 {
        let deviation = (upper / lower).ln() / DEVIATIONS_IN_RANGE;
        ((value / best).ln() / deviation, 1.0 / (value * deviation))
    } else {
        let deviation = (upper - lower) / DEVIATIONS_IN_RANGE;
        ((value - best) / deviation, 1.0 / deviation)
    }
}

/// The unit in which a parameter is written, and what turns a number in it into the model's.
pub(crate) fn own_unit(biology: &physiology::Biology, id: &str) -> (String, f64) {
    match biology.entry(id) {
        Some((_, physiology::Entry::Parameter(it))) => {
            (it.unit.to_string(), it.unit.factor_to(&it.unit.in_days()).unwrap_or(1.0))
        }
        _ => (String::new(), 1.0),
    }
}
