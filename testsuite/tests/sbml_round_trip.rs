//! Writing SBML: every model of the test data that reads is written, read again and solved; what comes out is the same
//! to the last bit, and so is what the file says for people and databases: notes, annotations, terms, names. Written are
//! both editions, each with the model's functions and with functions put in place.
//!
//! `SBML_KEEP=FOLDER` keeps what is written, for the validators of others; see `benches/peers/validity.py`.

#[path = "../sbml/data.rs"]
mod data;

use engine::{CompileOptions, FluxOutcome, SolveOptions, compile, flux_balance, solve};
use network::{Condition, Draft, Network, Remark, Remarks, Subject, SymbolIndex, SymbolKind, Thing};
use sbml::Edition;
use source::SourceFile;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// In each model's own unit of time.
const END: f64 = 10.0;

#[test]
fn biomodels_come_back() {
    let Some(folder) = data::folder("biomodels") else { return };
    judge(data::names(&folder).into_iter().map(|name| folder.join(name)).collect());
}

#[test]
fn semantic_cases_come_back() {
    let Some(folder) = data::folder("sbml-test-suite/semantic") else { return };
    let newest = |id: &String| {
        let is_model = |name: &String| name.starts_with(&format!("{id}-sbml-")) && name.ends_with(".xml");
        data::names(&folder.join(id)).into_iter().rfind(is_model).map(|name| folder.join(id).join(name))
    };
    judge(data::names(&folder).iter().filter_map(newest).collect());
}

/// What is written: the folder it is kept in, the edition, and whether functions are put in place.
const WAYS: [(&str, Edition, bool); 4] = [
    ("l3v2", Edition::Level3Version2, false),
    ("l3v1", Edition::Level3Version1, false),
    ("l3v2-flat", Edition::Level3Version2, true),
    ("l3v1-flat", Edition::Level3Version1, true),
];

fn judge(paths: Vec<PathBuf>) {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut surprises = Vec::new();
    for path in &paths {
        let judged = std::panic::catch_unwind(|| round_trips(path)).unwrap_or_else(|_| {
            surprises.push(format!("{}: a panic", path.display()));
            Vec::new()
        });
        for (way, outcome) in judged {
            match outcome {
                Ok(outcome) => *counts.entry((way, outcome)).or_default() += 1,
                Err(message) => surprises.push(format!("{} as {way}: {message}", path.display())),
            }
        }
    }
    for ((way, outcome), count) in counts {
        println!("{way}: {count} of {} {outcome}", paths.len());
    }
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}

/// In each way: in a few words what came out, or what must not be.
fn round_trips(path: &Path) -> Vec<(&'static str, Result<&'static str, String>)> {
    let (Ok(draft), Ok(before)) = (data::draft(path), data::network(path)) else {
        return vec![("any", Ok("do not read"))];
    };
    let names: Vec<&str> = before.symbols().iter().map(|symbol| &*symbol.id).collect();
    let expected = values(&before, &names);
    let round_trip = |&(way, edition, in_place)| {
        let written = if in_place { before.draft() } else { &draft };
        let text = match sbml::write(written, edition) {
            Ok(text) => text,
            Err(sbml::WriteError::FastReaction { .. }) => return (way, Ok("have fast reactions, which it cannot say")),
            Err(error) => return (way, Err(error.to_string())),
        };
        if let Some(folder) = std::env::var_os("SBML_KEEP") {
            let folder = Path::new(&folder).join(way);
            std::fs::create_dir_all(&folder).expect("SBML_KEEP is a folder");
            std::fs::write(folder.join(path.file_name().unwrap_or_default()), &text).expect("SBML_KEEP is a folder");
        }
        let read = read_again(text);
        let said = read.as_ref().map_err(Clone::clone).and_then(|after| says_the_same(written, after, edition));
        (way, said.and_then(|()| same(&before, &names, &expected, read?)))
    };
    WAYS.iter().map(round_trip).collect()
}

fn read_again(text: String) -> Result<Draft, String> {
    let file = SourceFile { path: Arc::from("written.xml"), text: Arc::from(text) };
    Ok(sbml::read(&file).map_err(|error| error.to_string())?.0)
}

/// What is said for people and databases, what must hold, and what the packages add.
fn says_the_same(before: &Draft, after: &Draft, edition: Edition) -> Result<(), String> {
    let (expected, found) = (kept(before, edition), kept(after, edition));
    for (subject, remark) in &expected {
        match found.get(subject) {
            Some(same) if same == remark => {}
            other => return Err(format!("what is said about {subject:?}: {remark:?} became {other:?}")),
        }
    }
    if let Some(subject) = found.keys().find(|subject| !expected.contains_key(subject)) {
        return Err(format!("something new is said about {subject:?}"));
    }
    let constraints = |draft: &Draft| draft.constraints.iter().map(|it| it.message.clone()).collect::<Vec<_>>();
    if constraints(before) != constraints(after) {
        return Err("the constraints are others".into());
    }
    let units = |draft: &Draft| draft.unit_definitions.iter().map(|it| it.id.clone()).collect::<BTreeSet<_>>();
    if let Some(id) = units(before).difference(&units(after)).next() {
        return Err(format!("the unit `{id}` is lost"));
    }
    let packages = |draft: &Draft| {
        let it = draft.flux_balance.clone().unwrap_or_default();
        (it.strict, it.gene_products, it.gene_associations, it.chemistry, it.objectives.len(), it.constraints.len())
    };
    if packages(before) != packages(after) {
        return Err("what the package `fbc` says is another".into());
    }
    Ok(())
}

/// The remarks that a file of the edition can hold, without those about what the edition says otherwise.
fn kept(draft: &Draft, edition: Edition) -> Remarks {
    let is_version_1 = edition == Edition::Level3Version1;
    let only_a_rate: BTreeSet<&str> = draft
        .reactions
        .iter()
        .filter(|it| is_version_1 && it.reactants.is_empty() && it.products.is_empty())
        .map(|it| &*it.id)
        .collect();
    let is_written = |subject: &Subject| match (&subject.thing, subject.within) {
        // Functions put in place are gone; a list without anything in it is not written.
        (Thing::Function(id), _) => draft.functions.iter().any(|it| it.id == *id),
        (Thing::Model, Some((list, _))) => !is_empty(draft, list, only_a_rate.len()),
        (Thing::Reaction(id), _) => !only_a_rate.contains(&**id),
        (Thing::Parameter(id), _) => draft.parameters.iter().any(|it| it.id == *id),
        _ => true,
    };
    let named = |subject: &Subject| match (&subject.thing, subject.within) {
        (Thing::Function(_) | Thing::Unit(_), None) => true,
        (_, Some((word, _))) => word.ends_with("eciesReference"),
        _ => false,
    };
    let kept = draft.remarks.iter().filter(|(subject, _)| is_written(subject));
    let kept = kept.map(|(subject, remark)| {
        let mut remark = remark.clone();
        if is_version_1 && !named(subject) {
            (remark.id, remark.name) = (None, None);
        }
        (subject.clone(), remark)
    });
    kept.filter(|(_, remark)| *remark != Remark::default()).collect()
}

fn is_empty(draft: &Draft, list: &str, only_a_rate: usize) -> bool {
    match list {
        "listOfFunctionDefinitions" => draft.functions.is_empty(),
        "listOfParameters" => draft.parameters.is_empty(),
        "listOfCompartments" => draft.compartments.is_empty(),
        "listOfSpecies" => draft.species.is_empty(),
        "listOfReactions" => draft.reactions.len() == only_a_rate,
        "listOfRules" => draft.rules.is_empty(),
        "listOfInitialAssignments" => draft.initial_assignments.is_empty(),
        "listOfConstraints" => draft.constraints.is_empty(),
        "listOfEvents" => draft.events.is_empty(),
        _ => false,
    }
}

fn same(
    before: &Network,
    names: &[&str],
    expected: &Result<Vec<u64>, String>,
    draft: Draft,
) -> Result<&'static str, String> {
    let after = data::check(draft)?;
    if let Some(name) = names.iter().find(|name| after.index_of(name).is_none()) {
        return Err(format!("`{name}` is lost"));
    }
    if let Some(symbol) = before.symbols().iter().find(|it| {
        let index = after.index_of(&it.id).expect("not lost");
        // A reaction of nothing comes back as a parameter.
        let is_rate = matches!(it.kind, SymbolKind::Reaction(_)) && after.symbol(index).unit.is_none();
        it.unit.is_some() && after.symbol(index).unit != it.unit && !is_rate
    }) {
        return Err(format!("the unit of `{}` is another", symbol.id));
    }
    match (expected, values(&after, names)) {
        (Ok(before), Ok(after)) if *before == after => Ok("come back and run the same"),
        (Ok(_), Ok(_)) => Err("the trajectory is another".into()),
        (Err(before), Err(after)) if *before == after => Ok("come back and do not run"),
        (Err(message), _) => Err(format!("before: {message}")),
        (_, Err(message)) => Err(format!("after: {message}")),
    }
}

/// The bits of the best steady rates, of a model that asks for them.
fn best_rates(network: &Network) -> Result<Vec<u64>, String> {
    match flux_balance(network, &Condition::default()).map_err(|error| error.to_string())? {
        FluxOutcome::Optimal { objective, rates } => {
            Ok(rates.into_iter().chain([objective]).map(f64::to_bits).collect())
        }
        FluxOutcome::Infeasible(_) => Err("no steady state within bounds".into()),
        FluxOutcome::Unbounded { reactions } => Err(format!("no end to the objective: {reactions:?}")),
    }
}

/// The bits of every value over time; why not, without the indices, which writing may change.
fn values(network: &Network, names: &[&str]) -> Result<Vec<u64>, String> {
    if network.flux_balance().is_some_and(|it| it.objective().is_some()) {
        return best_rates(network);
    }
    let failed = |what: &str, message: String| format!("{what}: {}", message.lines().next().unwrap_or(""));
    let model = compile(network, &CompileOptions::default()).map_err(|error| failed("compile", error.to_string()))?;
    let outputs: Vec<SymbolIndex> = names.iter().filter_map(|name| network.index_of(name)).collect();
    let times: Vec<f64> = (0..=10).map(|i| END * f64::from(i) / 10.0).collect();
    let options = SolveOptions { maximum_steps: 100_000, ..SolveOptions::default() };
    let trajectory = solve(&model, &Condition::default(), &times, &outputs, &options)
        .map_err(|failure| failed("solve", failure.to_string()))?;
    Ok(trajectory.values.iter().map(|value| value.to_bits()).collect())
}
