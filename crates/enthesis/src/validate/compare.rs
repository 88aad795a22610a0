//! A measurement beside a prediction, as numbers that can be scored.

use super::predict::{Prediction, effect};
use physiology::{Biology, Group, Measure, Measurement, Organism, Scenario};
use std::collections::BTreeMap;
use study::{Comparison, Interval, Kind, Yardstick};

/// In animals a smaller effect than this has no sign, in percent.
const NO_EFFECT_IN_ANIMALS: f64 = 5.0;
/// The class of measures that are shares, whatever was read out.
const SHARE: &str = "share";
/// What a recalled number counts.
const RECALLED: f64 = 0.5;

/// A modeled measurement with what the reference model says of it.
pub(crate) struct Row<'a> {
    pub row: &'a Measurement,
    organism: Organism,
    /// Id of the class of its read-out.
    class: &'a str,
    yardstick: Yardstick,
    /// What the reference model says of it.
    pub reference: Prediction,
    /// 90 % of the ensemble, in the words of the measure.
    pub number_interval: Option<Interval>,
    /// The same as effects.
    pub predicted_interval: Option<Interval>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(
        biology: &'a Biology,
        row: &'a Measurement,
        scenario: &Scenario,
        reference: Prediction,
        number_interval: Option<Interval>,
    ) -> Option<Self> {
        let is_share = matches!(row.measure, Measure::Regained | Measure::ShareOfChange);
        let of_readout = biology.precision.class_of(row.readout.as_ref()?)?;
        let class = if is_share {
            biology.precision.classes.iter().find(|it| it.id.value == SHARE).unwrap_or(of_readout)
        } else {
            of_readout
        };
        let spread = biology.precision.spread(&class.id, row.group, scenario.organism)?;
        let mut yardstick = Yardstick {
            detectable: class.detectable,
            group_detectable: class.group_detectable,
            no_effect_below: match scenario.organism {
                Organism::Human => class.detectable / 2.0,
                Organism::Mouse => NO_EFFECT_IN_ANIMALS,
            },
            spread,
        };
        if row.measure == Measure::HalfTime {
            // A time is compared with itself: 100 % is the published one.
            yardstick = Yardstick { detectable: 100.0, group_detectable: 0.0, no_effect_below: 0.0, ..yardstick };
        }
        let as_effect = |it: Interval| {
            let of = |number| effect(row, number, reference.level);
            Interval { lower: of(it.lower), upper: of(it.upper) }
        };
        Some(Self {
            row,
            organism: scenario.organism,
            class: &class.id,
            yardstick,
            reference,
            number_interval,
            predicted_interval: number_interval.map(as_effect),
        })
    }

    /// The level that makes an effect of a number in units: always that of the reference model, so that rivals are
    /// measured alike; their own where the reference has none.
    pub(crate) fn level(&self, prediction: &Prediction) -> f64 {
        if self.reference.level.is_finite() { self.reference.level } else { prediction.level }
    }

    /// An effect in percent in the words of the measure; a sign keeps the percentage.
    pub(crate) fn number(&self, effect: f64) -> f64 {
        // Effects are straight lines over numbers.
        let at = |number: f64| super::predict::effect(self.row, number, self.reference.level);
        (effect - at(0.0)) / (at(1.0) - at(0.0))
    }

    /// What is predicted when nothing ever changes.
    pub(crate) fn no_change(&self) -> f64 {
        match self.row.measure {
            Measure::Level => effect(self.row, self.reference.start, self.reference.level),
            Measure::HalfTime => f64::NAN,
            _ => 0.0,
        }
    }

    fn kind(&self) -> Kind {
        match self.row.measure {
            Measure::Sign => Kind::Sign,
            Measure::Level => Kind::Level,
            _ => Kind::Effect,
        }
    }

    pub(crate) fn observed(&self) -> f64 {
        effect(self.row, self.row.value, self.reference.level)
    }
}

/// A row beside a predicted effect in percent.
pub(crate) fn comparison(row: &Row, predicted: f64) -> Comparison {
    let as_effect = |number: f64| effect(row.row, number, row.reference.level);
    Comparison {
        kind: row.kind(),
        observed: row.observed(),
        interval: row.row.interval.map(|(low, high)| (as_effect(low), as_effect(high))),
        predicted,
        predicted_interval: None,
        yardstick: row.yardstick,
        weight: if row.row.reading == evidence::Reading::Recalled { RECALLED } else { 1.0 },
    }
}

/// What one study found on one class of read-outs.
#[derive(Default)]
struct Found {
    /// Effects in percent.
    sizes: Vec<f64>,
    /// Signs, as detectable changes.
    signs: Vec<f64>,
}

/// For each row the mean effect that the other studies of its group found on read-outs of its class; `all` holds every
/// modeled row there is.
///
/// Studies count alike. Where no other study measured the class, nothing changes; where only signs were found, a sign
/// stands for one detectable change.
pub(crate) fn group_means(rows: &[Row], all: &[Row]) -> Vec<f64> {
    let mut by_study: BTreeMap<(Group, Organism, &str), BTreeMap<&str, Found>> = BTreeMap::new();
    for row in all {
        let key = (row.row.group, row.organism, row.class);
        let found = by_study.entry(key).or_default().entry(&row.row.study).or_default();
        match row.kind() {
            Kind::Effect if row.row.measure != Measure::HalfTime => found.sizes.push(row.observed()),
            Kind::Sign => found.signs.push(row.row.value * row.yardstick.detectable),
            _ => {}
        }
    }
    let predicted = |row: &Row| {
        if matches!(row.row.measure, Measure::Level | Measure::HalfTime) {
            return row.no_change();
        }
        let studies = by_study.get(&(row.row.group, row.organism, row.class));
        let others: Vec<&Found> = studies
            .iter()
            .flat_map(|studies| studies.iter())
            .filter(|(study, _)| **study != row.row.study.value)
            .map(|(_, found)| found)
            .collect();
        let of_studies =
            |which: &dyn Fn(&Found) -> &[f64]| mean(others.iter().filter_map(|it| mean(which(it).iter().copied())));
        of_studies(&|it| &it.sizes).or_else(|| of_studies(&|it| &it.signs)).unwrap_or(0.0)
    };
    rows.iter().map(predicted).collect()
}

/// The mean of what is a number; amounts of studies that were not run have no level and no effect.
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.filter(|it| it.is_finite()).fold((0.0, 0u32), |(sum, count), it| (sum + it, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

/// Pairs of a study's rows whose order means something: the same read-out measured alike, on one day in two arms or in one
/// arm on two days, or two read-outs of one class in one arm on one day.
pub(crate) fn orders(rows: &[Row], positions: &[usize]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (i, &a) in positions.iter().enumerate() {
        for &b in &positions[i + 1..] {
            let (x, y) = (&rows[a], &rows[b]);
            let (p, q) = (x.row, y.row);
            let same = |left: &Option<source::Placed<String>>, right: &Option<source::Placed<String>>| {
                left.as_ref().map(|it| &it.value) == right.as_ref().map(|it| &it.value)
            };
            let differ = [
                !same(&p.arm, &q.arm) || !same(&p.versus, &q.versus),
                p.day != q.day || p.from_day != q.from_day,
                !same(&p.readout, &q.readout),
            ];
            let one_thing_differs = differ.iter().filter(|it| **it).count() == 1;
            let sizes = x.kind() == Kind::Effect && y.kind() == Kind::Effect && p.measure == q.measure;
            if sizes && one_thing_differs && x.class == y.class && p.measure != Measure::HalfTime {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::{Place, Placed};

    fn placed(text: &str) -> Placed<String> {
        Placed { value: text.to_string(), place: Place::nowhere() }
    }

    fn measurement(study: &str, arm: &str, measure: Measure, value: f64) -> Measurement {
        Measurement {
            id: String::new(),
            side: physiology::Side::Validation,
            group: Group::Drug,
            study: placed(study),
            arm: Some(placed(arm)),
            versus: None,
            readout: Some(placed("bmd_lumbar_spine")),
            measured: String::new(),
            from_day: 0.0,
            day: 365.25,
            measure,
            unit: None,
            value,
            interval: None,
            n: None,
            reading: evidence::Reading::Read,
            reference: placed("doe_2020"),
            not_modeled: None,
            note: String::new(),
            place: Place::nowhere(),
        }
    }

    fn row(row: &Measurement) -> Row<'_> {
        Row {
            row,
            organism: Organism::Human,
            class: "areal_density",
            yardstick: Yardstick { detectable: 2.5, group_detectable: 1.0, no_effect_below: 1.25, spread: 0.2 },
            reference: Prediction { number: 0.0, level: 2.0, start: 1.9 },
            number_interval: None,
            predicted_interval: None,
        }
    }

    #[test]
    fn every_measure_becomes_an_effect_in_percent() {
        let check = |measure, value, expected: f64| {
            let measurement = measurement("a", "x", measure, value);
            let observed = row(&measurement).observed();
            assert!((observed - expected).abs() < 1e-9, "{measure}: {observed}, expected {expected}");
        };
        check(Measure::PercentDifference, -7.0, -7.0);
        check(Measure::Fold, 2.5, 150.0);
        check(Measure::PercentPerMonth, -1.0, -12.0);
        check(Measure::PercentPerYear, -1.0, -1.0);
        check(Measure::Change, 0.1, 5.0);
        check(Measure::ChangePerYear, 0.1, 5.0);
        check(Measure::Level, 3.3, 0.0);
        check(Measure::HalfTime, 200.0, 100.0);
    }

    #[test]
    fn an_effect_goes_back_into_the_words_of_the_measure() {
        for measure in
            [Measure::PercentChange, Measure::Fold, Measure::PercentPerMonth, Measure::ChangePerYear, Measure::Level]
        {
            let measurement = measurement("a", "x", measure, 1.7);
            let row = row(&measurement);
            assert!((row.number(row.observed()) - 1.7).abs() < 1e-9, "{measure}");
        }
    }

    #[test]
    fn a_group_mean_leaves_the_study_itself_out() {
        let change = |study, value| measurement(study, "x", Measure::PercentChange, value);
        let all = [
            change("a", 10.0),
            change("b", 2.0),
            change("b", 4.0),
            change("c", 9.0),
            measurement("c", "x", Measure::Sign, -1.0),
            measurement("c", "x", Measure::Level, 2.2),
        ];
        let rows: Vec<Row> = all.iter().map(row).collect();
        let means = group_means(&rows, &rows);
        assert_eq!(means[..5], [6.0, 9.5, 9.5, 6.5, 6.5]);
        assert!((means[5] - 100.0 * (1.9 / 2.2 - 1.0)).abs() < 1e-9, "a level stays that of day 0");
        assert_eq!(group_means(&rows[..1], &rows[..1]), [0.0], "no other study");
        let signs: Vec<Row> = [0, 4].iter().map(|i| row(&all[*i])).collect();
        assert_eq!(group_means(&signs, &signs)[0], -2.5, "a sign is one detectable change");
    }

    #[test]
    fn order_is_asked_where_one_thing_differs() {
        let later = Measurement { day: 730.0, ..measurement("a", "x", Measure::PercentChange, 3.0) };
        let all = [
            measurement("a", "x", Measure::PercentChange, 1.0),
            measurement("a", "y", Measure::PercentChange, 2.0),
            later,
            measurement("a", "x", Measure::Sign, 1.0),
        ];
        let rows: Vec<Row> = all.iter().map(row).collect();
        assert_eq!(orders(&rows, &[0, 1, 2, 3]), [(0, 1), (0, 2)]);
    }
}
