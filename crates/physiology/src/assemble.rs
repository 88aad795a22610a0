//! A question and a biology to one network and the conditions it is run under.

mod draft;
mod provenance;
mod runs;

pub use provenance::{Provenance, Uncertain};

use crate::{Biology, Direction, LinkKind, Organism, Scenario, Tissue, read, settings};
use evidence::Tier;
use network::{Condition, Network, SymbolIndex};
use source::{Diagnostics, SourceTree};
use units::{Quantity, Unit};

/// What a person asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Who, for how long, and what happens.
    pub scenario: Scenario,
    /// Ids of hypotheses to compute beside the model as it stands.
    pub hypotheses: Vec<String>,
    /// Parameters with other values, in any unit of their dimension.
    pub set: Vec<(String, Quantity)>,
    /// Links that are off in every run: ids, `direction:...`, `kind:...` or `all`.
    pub off: Vec<String>,
}

impl Question {
    /// A scenario as it stands.
    pub fn of(scenario: Scenario) -> Self {
        Self { scenario, hypotheses: Vec::new(), set: Vec::new(), off: Vec::new() }
    }
}

/// One network for all runs, and what names mean in it. Time is in days, units are those of the sources with their time
/// part in days.
#[derive(Debug, Clone)]
pub struct Assembly {
    /// The checked model.
    pub network: Network,
    /// Whose body it is.
    pub organism: Organism,
    /// What was asked.
    pub scenario: Scenario,
    /// Arms within hypotheses: first all arms of the model as it stands, then those of each hypothesis.
    pub runs: Vec<Run>,
    /// How long every run lasts.
    pub duration_days: f64,
    /// Every readout, in the order of tables.
    pub readouts: Vec<Readout>,
    /// Every link, in the order of the files.
    pub links: Vec<LinkState>,
    /// What each symbol of the network is and rests on, in the order of [`Network::symbols`].
    pub provenance: Vec<Provenance>,
    /// Parameters that may lie elsewhere in a range, in the order of the network.
    pub uncertain: Vec<Uncertain>,
}

impl Assembly {
    /// What a symbol is and rests on.
    pub fn provenance_of(&self, symbol: SymbolIndex) -> &Provenance {
        &self.provenance[symbol.0 as usize]
    }
}

/// One arm under one hypothesis.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Id of the arm.
    pub arm: String,
    /// Id of the hypothesis; `None` is the model as it stands.
    pub hypothesis: Option<String>,
    /// What is done to the network.
    pub condition: Condition,
}

/// Something a study would report, in the network.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Readout {
    pub id: String,
    pub name: String,
    pub tissue: Tissue,
    pub symbol: SymbolIndex,
    pub unit: Unit,
    /// Chosen by the scenario, or one of the main ones when the scenario chooses none.
    pub main: bool,
}

/// A link, in the network.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct LinkState {
    pub id: String,
    pub name: String,
    pub direction: Direction,
    pub kind: LinkKind,
    /// Id of the quantity that acts.
    pub from: String,
    /// A word for what it acts on.
    pub acts_on: String,
    pub tier: Tier,
    /// Citation keys.
    pub sources: Vec<String>,
    /// Ids of statements.
    pub evidence: Vec<String>,
    /// The multiplier.
    pub symbol: SymbolIndex,
    /// The parameter that is 1 while the link is on.
    pub switch: SymbolIndex,
    /// Whether it is on, for each of [`Assembly::runs`].
    pub on: Vec<bool>,
}

/// Joins the parts of the reference model for the scenario's organism, and makes one condition per arm and hypothesis.
///
/// All drugs are in the network; their levels stay 0 without doses. Returned with the assembly are warnings.
///
/// # Errors
/// All findings about the question, the joined formulas and their units, when at least one is an error.
pub fn assemble(biology: &Biology, question: &Question) -> Result<(Assembly, Diagnostics), Diagnostics> {
    let mut findings = Diagnostics::new();
    let scenario = &question.scenario;
    settings::check_scenario(scenario, biology, &mut findings);
    let requests = runs::Requests::new(biology, question, &mut findings);
    if findings.has_errors() {
        return Err(findings);
    }
    let (network, warnings) = draft::network(biology, scenario.organism, &infused(biology, scenario))?;
    findings.extend(warnings);
    let (runs, on) = runs::runs(biology, question, &requests, &network, &mut findings);
    let (provenance, uncertain) = provenance::provenance(biology, scenario.organism, &network);
    let assembly = Assembly {
        organism: scenario.organism,
        scenario: scenario.clone(),
        duration_days: scenario.duration_days,
        readouts: readouts(biology, scenario, &network),
        links: links(biology, &network, &on),
        runs,
        provenance,
        uncertain,
        network,
    };
    findings.into_result(assembly)
}

/// The runs of a question on a network that was assembled for the same organism: every scenario of an organism has the
/// same network, so that many studies need one. Returned with the runs are warnings.
///
/// # Errors
/// All findings about the question, when at least one is an error.
pub fn runs_on(
    biology: &Biology,
    question: &Question,
    network: &Network,
) -> Result<(Vec<Run>, Diagnostics), Diagnostics> {
    let mut findings = Diagnostics::new();
    settings::check_scenario(&question.scenario, biology, &mut findings);
    let requests = runs::Requests::new(biology, question, &mut findings);
    if findings.has_errors() {
        return Err(findings);
    }
    let (runs, _) = runs::runs(biology, question, &requests, network, &mut findings);
    findings.into_result(runs)
}

/// Reads one `<stem>.model.toml` by itself and joins it to a network: published models, apart from the reference model.
/// Papers are looked up in the `.bib` files of the same tree.
///
/// # Errors
/// All findings about the file, when at least one is an error.
pub fn single_module(
    files: &SourceTree,
    stem: &str,
    organism: Organism,
) -> Result<(Network, Diagnostics), Diagnostics> {
    let (biology, mut findings) = read::read_single(files, stem)?;
    let (network, warnings) = draft::network(&biology, organism, &[])?;
    findings.extend(warnings);
    Ok((network, findings))
}

/// The drugs that an arm receives as infusions, once each.
fn infused<'a>(biology: &'a Biology, scenario: &Scenario) -> Vec<&'a crate::Drug> {
    let doses = scenario.arms.iter().flat_map(|arm| &arm.doses).filter(|dose| dose.over_days > 0.0);
    let mut given: Vec<&str> = doses.map(|dose| dose.drug.value.as_str()).collect();
    given.sort_unstable();
    given.dedup();
    given.into_iter().filter_map(|id| biology.drug(id)).collect()
}

fn readouts(biology: &Biology, scenario: &Scenario, network: &Network) -> Vec<Readout> {
    let mut records: Vec<_> = biology.reference_modules().flat_map(|module| &module.readouts).collect();
    records.sort_by(|a, b| a.order.total_cmp(&b.order));
    let chosen = |id: &str| scenario.readouts.iter().any(|chosen| chosen.value == id);
    let readouts = records.into_iter().filter_map(|record| {
        Some(Readout {
            id: record.id.clone(),
            name: record.name.clone(),
            tissue: record.tissue,
            symbol: network.index_of(&record.id)?,
            unit: record.unit.in_days(),
            main: if scenario.readouts.is_empty() { record.main } else { chosen(&record.id) },
        })
    });
    readouts.collect()
}

/// `on` holds one list of switches per run, in the order of the links.
fn links(biology: &Biology, network: &Network, on: &[Vec<bool>]) -> Vec<LinkState> {
    let links = biology.links().enumerate().filter_map(|(i, link)| {
        Some(LinkState {
            id: link.id.clone(),
            name: link.name.clone(),
            direction: link.direction,
            kind: link.kind,
            from: link.from.value.clone(),
            acts_on: link.acts_on.clone(),
            tier: link.tier,
            sources: link.origin.sources.iter().map(|key| key.value.clone()).collect(),
            evidence: link.origin.evidence.iter().map(|key| key.value.clone()).collect(),
            symbol: network.index_of(&link.id)?,
            switch: network.index_of(&link.switch_id())?,
            on: on.iter().map(|run| run[i]).collect(),
        })
    });
    links.collect()
}
