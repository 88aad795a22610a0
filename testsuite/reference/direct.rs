//! Jumps before the judge: the direct method as the textbook has it (Gillespie 1977, doi:10.1021/j100540a008), on the
//! judge's own formulas, against the engine's runs of generated networks. The two must agree in distribution.

use crate::judge::{Judge, Moment};
use crate::listing;
use engine::{CompileOptions, SampleMethod, SampleOptions, SolveOptions, compile, sample};
use network::{
    Compartment, Condition, Draft, Id, InitialValue, Network, Participant, Reaction, Species, Stoichiometry,
    SymbolIndex, UnitPolicy, parse_formula,
};
use proptest::collection::vec;
use proptest::prelude::*;
use source::Place;

const TIMES: [f64; 2] = [0.3, 2.0];

/// Runs of each.
const RUNS: u64 = 300;

/// Two samples of one distribution are farther apart than so many times `sqrt(2 / RUNS)` in one of 200 000 cases
/// (Kolmogorov and Smirnov; whole numbers make it rarer still).
const FARTHEST: f64 = 2.5;

/// Species with amounts, one means a concentration and one is a boundary; reactions by what they use and make.
#[derive(Debug, Clone)]
pub struct Jumping {
    amounts: Vec<u8>,
    reactions: Vec<(Vec<usize>, Vec<usize>, f64)>,
}

pub fn networks() -> impl Strategy<Value = Jumping> {
    let side = || vec(0..4_usize, 0..3);
    (vec(0..40_u8, 4), vec((side(), side(), 0.2..2.0), 1..6))
        .prop_map(|(amounts, reactions)| Jumping { amounts, reactions })
}

impl Jumping {
    /// Mass action with as many partners as are left; rates are damped so that nothing explodes.
    fn draft(&self) -> Draft {
        let (place, name) = (Place::nowhere, String::new);
        let id = |species: usize| Id::from(format!("s{species}"));
        let mut draft = Draft::default();
        draft.compartments.push(Compartment {
            id: "cell".into(),
            name: name(),
            size: Some(2.0),
            dimensions: 3.0,
            unit: None,
            constant: true,
            place: place(),
        });
        for (species, amount) in self.amounts.iter().enumerate() {
            draft.species.push(Species {
                id: id(species),
                name: name(),
                compartment: "cell".into(),
                initial: InitialValue::Amount(f64::from(*amount)),
                substance_unit: None,
                only_substance: species != 1,
                boundary: species == 3,
                constant: false,
                conversion_factor: None,
                place: place(),
            });
        }
        for (position, (used, made, k)) in self.reactions.iter().enumerate() {
            let mut rate = format!("{k}");
            for (nth, species) in used.iter().enumerate() {
                let before = used[..nth].iter().filter(|it| *it == species).count();
                let amount = if *species == 1 { "s1 * cell".to_string() } else { format!("s{species}") };
                rate = format!("{rate} * ({amount} - {before})");
            }
            if !used.is_empty() {
                rate = format!("{rate} / (10 + s0 + s2)");
            }
            let side = |side: &[usize]| {
                let participant = |&species: &usize| Participant {
                    id: None,
                    species: id(species),
                    stoichiometry: Stoichiometry::Constant(1.0),
                };
                side.iter().map(participant).collect()
            };
            draft.reactions.push(Reaction {
                id: Id::from(format!("r{position}")),
                name: name(),
                reversible: false,
                fast: false,
                reactants: side(used),
                products: side(made),
                modifiers: Vec::new(),
                rate: Some(parse_formula(&rate).expect("a formula")),
                place: place(),
            });
        }
        draft
    }
}

/// Compares the distribution of every species at every time.
pub fn check(jumping: &Jumping) -> Result<(), String> {
    let (network, _) =
        jumping.draft().check(UnitPolicy::Warn).map_err(|it| format!("the model is not sound:\n{it}"))?;
    let model = compile(&network, &CompileOptions::default()).map_err(|it| format!("the engine refuses: {it}"))?;
    let outputs: Vec<SymbolIndex> = network.species().iter().filter_map(|it| network.index_of(&it.id)).collect();
    let judge = Judge { network: &network };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut chance = Chance(0x1234_5678_9abc_def1);
    for run in 0..RUNS {
        let solve = SolveOptions { run, ..SolveOptions::default() };
        let options = SampleOptions { method: SampleMethod::Ssa, solve, ..SampleOptions::default() };
        let trajectory = sample(&model, &Condition::default(), &TIMES, &outputs, &options)
            .map_err(|failure| format!("the engine: {failure}\n{}", listing::network(&network)))?;
        ours.push(trajectory.values);
        theirs.push(plain_run(&judge, &mut chance));
    }
    for position in 0..ours[0].len() {
        let column = |runs: &[Vec<f64>]| {
            let mut column: Vec<f64> = runs.iter().map(|run| run[position]).collect();
            column.sort_by(f64::total_cmp);
            column
        };
        let distance = distance(&column(&ours), &column(&theirs));
        if distance > FARTHEST * (2.0 / RUNS as f64).sqrt() {
            let (time, species) = (TIMES[position / outputs.len()], position % outputs.len());
            let message = format!("s{species} at {time} is distributed otherwise, by {distance}");
            return Err(format!("{message}\n{}", listing::network(&network)));
        }
    }
    Ok(())
}

/// One run by the direct method; the values of all species at all times.
fn plain_run(judge: &Judge<'_>, chance: &mut Chance) -> Vec<f64> {
    let network = judge.network;
    let mut moment = judge.start(&Condition::default());
    let mut values = Vec::new();
    let record = |moment: &Moment, values: &mut Vec<f64>| {
        values.extend(network.species().iter().map(|species| judge.value(moment, &species.id)));
    };
    for time in TIMES {
        loop {
            let propensities: Vec<f64> =
                network.reactions().iter().map(|reaction| judge.value(&moment, &reaction.id)).collect();
            let total: f64 = propensities.iter().sum();
            let waiting = if total > 0.0 { -chance.uniform().ln() / total } else { f64::INFINITY };
            if moment.time + waiting > time {
                // Waiting has no memory: at the next output it begins anew.
                moment.time = time;
                break;
            }
            moment.time += waiting;
            let mut rest = chance.uniform() * total;
            let mut fired = 0;
            while fired + 1 < propensities.len() && rest >= propensities[fired] {
                rest -= propensities[fired];
                fired += 1;
            }
            fire(network, fired, &mut moment);
        }
        record(&moment, &mut values);
    }
    values
}

fn fire(network: &Network, reaction: usize, moment: &mut Moment) {
    let reaction = &network.reactions()[reaction];
    let sides = [(&reaction.reactants, -1.0), (&reaction.products, 1.0)];
    for (participant, sign) in sides.into_iter().flat_map(|(side, sign)| side.iter().map(move |it| (it, sign))) {
        let species = network.species().iter().find(|it| it.id == participant.species).expect("a known species");
        if let (false, Stoichiometry::Constant(number)) = (species.boundary, &participant.stoichiometry) {
            *moment.own.get_mut(&species.id).expect("an amount") += sign * number;
        }
    }
}

/// The largest distance between two empirical distribution functions; both samples are sorted.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let below = |sample: &[f64], x: f64| sample.partition_point(|it| *it <= x) as f64 / sample.len() as f64;
    a.iter().chain(b).map(|&x| (below(a, x) - below(b, x)).abs()).fold(0.0, f64::max)
}

/// Random numbers of the judge's own (xorshift64*, Marsaglia 2003, doi:10.18637/jss.v008.i14).
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11;
        (bits as f64 + 0.5) / (1u64 << 53) as f64
    }
}
