//! Published models before the judge: the equations that the engine has made of each file of the BioModels test data, at
//! a few points of its course.

use crate::data;
use crate::trial::Trial;
use network::{Condition, Expression, Network, Rule};

/// The judge is slow; larger models would add time and no construct.
const MOST_SYMBOLS: usize = 400;

/// In each model's own unit.
const TIMES: [f64; 3] = [0.0, 0.3, 2.0];

#[test]
fn published_models_agree_with_the_judge() {
    let Some(folder) = data::folder("biomodels") else { return };
    let (mut agree, mut large, mut refused) = (0, 0, 0);
    let mut surprises = Vec::new();
    for name in data::names(&folder) {
        // What cannot be read or compiled is the business of other tests.
        let Ok(network) = data::network(&folder.join(&name)) else {
            refused += 1;
            continue;
        };
        if network.symbols().len() > MOST_SYMBOLS {
            large += 1;
            continue;
        }
        if looks_back(&network) {
            // The judge keeps no history.
            refused += 1;
            continue;
        }
        let Ok(trial) = Trial::new(&network) else {
            refused += 1;
            continue;
        };
        let trajectory = trial.solve(&Condition::default(), &TIMES);
        match trajectory.and_then(|trajectory| trial.compare_points(&trajectory)) {
            Ok(()) => agree += 1,
            Err(message) => surprises.push(format!("{name}: {message}")),
        }
    }
    println!("{agree} models agree, {refused} are not for the engine, {large} are too large for the judge");
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
    assert!(agree > 0, "no model has been looked at");
}

fn looks_back(network: &Network) -> bool {
    let rates = network.reactions().iter().filter_map(|reaction| reaction.rate.as_ref());
    let mut found = false;
    for formula in network.rules().iter().map(Rule::value).chain(rates) {
        formula.walk(&mut |part| found |= matches!(part, Expression::Delay(..)));
    }
    found
}

/// Its kinases decay to nothing, and broken powers of them are not numbers below zero. With the long steps of a long run
/// an event falls between two of them, where interpolation undershoots.
#[test]
fn states_that_empty_do_not_end_a_long_run() {
    let Some(folder) = data::folder("biomodels") else { return };
    let network = data::network(&folder.join("BIOMD0000000659.xml")).expect("a model");
    let trial = Trial::new(&network).expect("a model for the engine");
    for end in [1000.0, 2000.0] {
        if let Err(message) = trial.solve(&Condition::default(), &[0.0, end]) {
            panic!("to {end}: {message}");
        }
    }
}
