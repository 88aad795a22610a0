//! What can be typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  enthesis run bed_rest                               60 days of bed rest: the answer as a table
  enthesis run bed_rest --output results              the same, with report.html, figures and tables
  enthesis run bed_rest denosumab --output results    two scenarios side by side
  enthesis validate                                   the model against what published studies measured
  enthesis explain sclerostin                         what it is, does, and rests on
  enthesis list links                                 every bone-muscle link and its evidence
  enthesis evidence pge2 --against                    what speaks against what is said of PGE2
  enthesis path cx43 muscle_force                     how one thing reaches another, by which papers
  enthesis map --output map.svg                       the map of signals, on one page
  enthesis export reference --output model.xml        the model as SBML, for any other simulator
  enthesis document parameters --output numbers.html  every number with its source and quality
  enthesis simulate model.xml --start 0 --end 100 --steps 200 --output model.csv
  enthesis convert model.xml --to equations           its equations as a page to read

Exit codes:
  0 done   1 failed   2 bad input   77 unsupported SBML construct   130 interrupted

Research use only. Not for decisions about patients.";

/// Molecular communication between bone and skeletal muscle: an executable model with its evidence.
#[derive(Debug, Parser)]
#[command(name = "enthesis", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Run(RunArguments),
    Validate(ValidateArguments),
    Calibrate(CalibrateArguments),
    List(ListArguments),
    Explain(ExplainArguments),
    Evidence(EvidenceArguments),
    Path(PathArguments),
    Map(MapArguments),
    Export(ExportArguments),
    Document(DocumentArguments),
    Simulate(SimulateArguments),
    Convert(ConvertArguments),
    Check(CheckArguments),
    /// Write a completion script for a shell to stdout
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

const RUN_EXAMPLES: &str = "\
Examples:
  enthesis run bed_rest --hypothesis pge2_route
  enthesis run bed_rest --set \"sclerostin_half_life=30 min\" --off irisin_to_sclerostin
  enthesis run my_study.toml --biology my_biology --output results
  enthesis run menopause --members 200 --seed 7 --json > menopause.json

The rivals no_crosstalk and load_only are always computed and shown beside the model.";

/// Ask what a scenario does to bone and muscle
#[derive(Debug, Args)]
#[command(after_help = RUN_EXAMPLES)]
pub struct RunArguments {
    /// Names from `enthesis list scenarios`, or files that describe a scenario; several are compared in one report
    #[arg(required = true, value_name = "SCENARIO|FILE.toml")]
    pub scenarios: Vec<String>,
    /// Doses from a table with the columns ID TIME AMT EVID CMT RATE II ADDL SS (or DRUG); each ID becomes an arm
    #[arg(long, value_name = "TABLE")]
    pub dosing: Option<PathBuf>,
    /// Unit of TIME and II in the dosing table
    #[arg(long, value_name = "UNIT", default_value = "day", requires = "dosing")]
    pub time_unit: String,
    /// How long a drug is given before a row of the dosing table that asks for steady state
    #[arg(long, value_name = "TIME", default_value = "90 day", requires = "dosing")]
    pub run_in: String,
    /// Also run under this hypothesis (repeatable; see `enthesis list hypotheses`)
    #[arg(long, value_name = "NAME")]
    pub hypothesis: Vec<String>,
    /// Give a parameter another value, with its unit (repeatable; see `enthesis list parameters`)
    #[arg(long, value_name = "PARAM=VALUE_WITH_UNIT")]
    pub set: Vec<String>,
    /// Switch a link off (repeatable; see `enthesis list links`)
    #[arg(long, value_name = "LINK")]
    pub off: Vec<String>,
    #[command(flatten)]
    pub biology: BiologyArguments,
    /// Ensemble members behind the 90 % intervals; 0 computes no intervals
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub members: u32,
    /// Seed of the ensemble: the same seed gives the same numbers
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Write report.html, figures, tidy tables and provenance.json into this folder
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub talk: TalkArguments,
}

const VALIDATE_EXAMPLES: &str = "\
Examples:
  enthesis validate --output results                  every study: a page, and tables with every rival
  enthesis validate --group drug --members 0
  enthesis validate --study leblanc_1990 --study mcclung_2014

Beside the model stand no_crosstalk, load_only, no change, and the mean effect of the other studies of a group.
A * marks numbers that were recalled, not read: they count half.";

/// Judge the model by what published studies measured
#[derive(Debug, Args)]
#[command(after_help = VALIDATE_EXAMPLES)]
pub struct ValidateArguments {
    /// Only this study (repeatable)
    #[arg(long, value_name = "STUDY")]
    pub study: Vec<String>,
    /// Only this group of interventions: disuse, exercise, aging, drug, genetic, in_vitro
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    /// Also judge this hypothesis (repeatable; see `enthesis list hypotheses`)
    #[arg(long, value_name = "NAME")]
    pub hypothesis: Vec<String>,
    #[command(flatten)]
    pub biology: BiologyArguments,
    /// Ensemble members behind the 90 % intervals; 0 computes no intervals
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub members: u32,
    /// Seed of the ensemble: the same seed gives the same numbers
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Write validation.html, validation.tsv and scores.tsv into this folder
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

const CALIBRATE_EXAMPLES: &str = "\
Examples:
  enthesis calibrate --biology biology                          # fit, show, change nothing
  enthesis calibrate --biology biology --profiles --write       # with intervals, and write values back
  enthesis calibrate --sets 100 --output fit                    # sets of values that fit equally well

Fits the parameters that biology/measurements/calibration.toml lists to the studies of biology/measurements/calibration.
What is written back is text: look at the difference before you keep it, then run `enthesis validate`.";

/// Fit parameters to what published studies measured
#[derive(Debug, Args)]
#[command(after_help = CALIBRATE_EXAMPLES)]
pub struct CalibrateArguments {
    #[command(flatten)]
    pub biology: BiologyArguments,
    /// From how many places the search begins; the first is the present values
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub starts: u32,
    /// Seed of the other places and of the sets: the same seed gives the same numbers
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Look for the 95 % interval of each parameter, by fitting all others again; takes minutes
    #[arg(long)]
    pub profiles: bool,
    /// Draw so many sets of parameters that fit as well as chance allows
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub sets: u32,
    /// Write the values into the files of the folder given by --biology
    #[arg(long, requires = "biology")]
    pub write: bool,
    /// Write calibration.json, sets.tsv and equally_good.toml into this folder
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// List what the biology holds
#[derive(Debug, Args)]
pub struct ListArguments {
    /// What to list
    #[arg(value_enum)]
    pub what: What,
    #[command(flatten)]
    pub biology: BiologyArguments,
    #[command(flatten)]
    pub talk: TalkArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    Scenarios,
    Studies,
    Signals,
    Links,
    Drugs,
    Subjects,
    Genotypes,
    Hypotheses,
    Parameters,
}

/// Explain a signal, link, parameter, drug, subject, genotype, hypothesis or scenario
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  enthesis explain sclerostin\n  enthesis explain sclerostin_half_life")]
pub struct ExplainArguments {
    /// Any id of `enthesis list`
    pub id: String,
    #[command(flatten)]
    pub biology: BiologyArguments,
}

const EVIDENCE_EXAMPLES: &str = "\
Examples:
  enthesis evidence pge2
  enthesis evidence pge2 --against --organism mouse
  enthesis evidence --contested                       every dispute, the most evenly divided first
  enthesis evidence --route hemichannel --tier T3
  enthesis evidence --text \"satellite EP4\" --json
  enthesis evidence --sample 10 --seed 4              ten statements drawn at random";

/// What papers say of a signal, cell, receptor or process: for and against, and how much it weighs
#[derive(Debug, Args)]
#[command(after_help = EVIDENCE_EXAMPLES)]
pub struct EvidenceArguments {
    /// Anything on the map, by id or another word for it; all of it when left out
    #[arg(value_name = "THING")]
    pub thing: Option<String>,
    /// Only what speaks against
    #[arg(long)]
    pub against: bool,
    /// Only statements with papers on both sides, the most evenly divided first
    #[arg(long)]
    pub contested: bool,
    /// Only with findings in this organism
    #[arg(long, value_name = "WORD")]
    pub organism: Option<String>,
    /// Only signals that this cell makes or receives
    #[arg(long, value_name = "CELL")]
    pub cell: Option<String>,
    /// Only signals that leave their cell so: hemichannel, vesicle, resorption, ...
    #[arg(long, value_name = "ROUTE")]
    pub route: Option<String>,
    /// Only what acts through this receptor or channel
    #[arg(long, value_name = "RECEPTOR")]
    pub receptor: Option<String>,
    /// Only what acts on this
    #[arg(long, value_name = "PROCESS")]
    pub process: Option<String>,
    /// Only statements with support of this tier or better: T1 (trial in people) to T5 (inferred)
    #[arg(long, value_name = "TIER")]
    pub tier: Option<String>,
    /// Only between these tissues: bone_to_muscle, muscle_to_bone, within_bone, within_muscle, whole_body
    #[arg(long, value_name = "DIRECTION")]
    pub direction: Option<String>,
    /// Only statements in which, or in whose findings and papers, all these words occur
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,
    /// Draw so many at random
    #[arg(long, value_name = "N")]
    pub sample: Option<usize>,
    /// Seed of the draw: the same seed draws the same statements
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub biology: BiologyArguments,
    #[command(flatten)]
    pub talk: TalkArguments,
}

/// How one thing reaches another: paths ranked by their weakest evidence
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  enthesis path cx43 muscle_force\n  enthesis path osteocalcin muscle_mass --steps 3 --json"
)]
pub struct PathArguments {
    /// Where it starts
    #[arg(value_name = "FROM")]
    pub from: String,
    /// Where it ends
    #[arg(value_name = "TO")]
    pub to: String,
    /// Most steps of a path
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub steps: usize,
    /// Most paths
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub most: usize,
    #[command(flatten)]
    pub biology: BiologyArguments,
    #[command(flatten)]
    pub talk: TalkArguments,
}

const MAP_EXAMPLES: &str = "\
Examples:
  enthesis map                                        how much there is, by tier, route and organism
  enthesis map --output map.svg                       a figure for one page of A4
  enthesis map --signal pge2 --signal ucocn --output two.graphml

The ending says the format: svg (figure), html (page with search), graphml (yEd, networkx), cx2 (Cytoscape), sif,
csv, sbgn (SBGN-ML), md (the counts).";

/// The map of signals between bone and muscle, with its evidence
#[derive(Debug, Args)]
#[command(after_help = MAP_EXAMPLES)]
pub struct MapArguments {
    /// Only statements about this signal (repeatable)
    #[arg(long, value_name = "SIGNAL")]
    pub signal: Vec<String>,
    /// Only statements with support of this tier or better
    #[arg(long, value_name = "TIER")]
    pub tier: Option<String>,
    /// Write the map into this file; without it the counts go to stdout
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub biology: BiologyArguments,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

const EXPORT_EXAMPLES: &str = "\
Examples:
  enthesis export reference --species mouse --output model.xml
  enthesis export bed_rest --arm bed_rest_with_exercise --output bed_rest.xml
  enthesis export romosozumab --hypothesis no_crosstalk --to l3v1

One flat model in days: no submodels, functions, delays or algebraic rules. What an arm does is in values at the start and in
events. Notes, SBO terms and links to databases and papers come along.";

/// Write the reference model as SBML, at rest or as an arm of a scenario
#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub struct ExportArguments {
    /// `reference` for the model at rest, a name from `enthesis list scenarios`, or a file that describes a scenario
    #[arg(value_name = "reference|SCENARIO|FILE.toml")]
    pub what: String,
    /// Whose body: human or mouse [default: human, or that of the scenario]
    #[arg(long, value_name = "SPECIES")]
    pub species: Option<String>,
    /// The arm of the scenario, when it has several
    #[arg(long, value_name = "ARM")]
    pub arm: Option<String>,
    /// Under this hypothesis (see `enthesis list hypotheses`)
    #[arg(long, value_name = "NAME")]
    pub hypothesis: Option<String>,
    /// Give a parameter another value, with its unit (repeatable)
    #[arg(long, value_name = "PARAM=VALUE_WITH_UNIT")]
    pub set: Vec<String>,
    /// Switch a link off (repeatable)
    #[arg(long, value_name = "LINK")]
    pub off: Vec<String>,
    /// The edition of SBML
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Edition::L3v2)]
    pub to: Edition,
    #[command(flatten)]
    pub biology: BiologyArguments,
    /// Write to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Edition {
    /// SBML Level 3 Version 2
    L3v2,
    /// SBML Level 3 Version 1, which more programs read
    L3v1,
}

const DOCUMENT_EXAMPLES: &str = "\
Examples:
  enthesis document parameters --species mouse --output parameters.tsv
  enthesis document equations --output equations.html
  enthesis document context-of-use --output use.md
  enthesis document ten-rules

The ending says the format: md (Markdown, also to stdout), html (a page), tsv (one table; not for context-of-use and
equations). All of it is made from the files of the biology; context-of-use runs every study, which takes a while.";

/// Write a text about the model: parameters, equations, what it may be used for, how far it is to be trusted
#[derive(Debug, Args)]
#[command(after_help = DOCUMENT_EXAMPLES)]
pub struct DocumentArguments {
    /// Which text
    #[arg(value_enum, value_name = "TEXT")]
    pub what: Text,
    /// Whose numbers, for parameters and equations: human or mouse
    #[arg(long, value_name = "SPECIES", default_value = "human")]
    pub species: String,
    #[command(flatten)]
    pub biology: BiologyArguments,
    /// Write to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Text {
    /// Every parameter with value, unit, organism, basis, range, quality and sources
    Parameters,
    /// All equations
    Equations,
    /// What the model may and may not be used for, with the scores of all studies
    ContextOfUse,
    /// How well the Ten Rules of credible practice are kept, with reasons
    TenRules,
}

const SIMULATE_EXAMPLES: &str = "\
Examples:
  enthesis simulate BIOMD0000000148.xml --start 0 --end 1000 --steps 100
  enthesis simulate model.xml --start 0 --end 10 --steps 50 --variables x,y --output model.csv
  enthesis simulate model.xml --steady-state --variables x,J1
  enthesis simulate model.xml --end 10 --steps 50 --variables x --sensitivities k1,k2
  enthesis simulate ecoli.xml --method fba --output rates.csv

Exit code 77 means that the model uses an unsupported SBML construct; the message names it.";

/// Simulate your own SBML model
#[derive(Debug, Args)]
#[command(after_help = SIMULATE_EXAMPLES)]
pub struct SimulateArguments {
    /// An SBML file, Level 2 or 3
    #[arg(value_name = "MODEL.xml")]
    pub model: PathBuf,
    /// First output time, in the model's unit; the run itself always begins at 0
    #[arg(long, value_name = "S", default_value_t = 0.0, allow_negative_numbers = true)]
    pub start: f64,
    /// Last output time
    #[arg(long, value_name = "E", allow_negative_numbers = true)]
    pub end: Option<f64>,
    /// Number of equal intervals between outputs
    #[arg(long, value_name = "N")]
    pub steps: Option<usize>,
    /// How the time course is made [default: ode, or fba without --end and --steps]
    #[arg(long, value_enum, value_name = "METHOD")]
    pub method: Option<Method>,
    /// One row: the state of rest that the run comes to, with its stability on stderr. Needs no --end (here the longest
    /// time that the run is carried on) and no --steps
    #[arg(long)]
    pub steady_state: bool,
    /// Add columns `dX/dp`: how each column X changes with the initial value of each of these parameters, compartments
    /// and species, in the model's units
    #[arg(long, value_name = "P,Q", value_delimiter = ',')]
    pub sensitivities: Vec<String>,
    /// Make N random runs and write the mean and the standard deviation of each column
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub runs: Option<u64>,
    /// Simulate each row of a table: its header has ids of parameters, species or compartments, its rows their values.
    /// An interrupted run with --output goes on when the same command is given again
    #[arg(long, value_name = "TABLE.csv", conflicts_with = "runs")]
    pub ensemble: Option<PathBuf>,
    /// Seed of all that is left to chance: the same seed gives the same numbers
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Threads for many runs or members; the result does not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = thread_count)]
    pub threads: Option<usize>,
    /// Relative tolerance of the solver [default: 1e-6]
    #[arg(long, value_name = "R")]
    pub rtol: Option<f64>,
    /// Absolute tolerance of the solver, the same for all states [default: scaled to each state]
    #[arg(long, value_name = "A")]
    pub atol: Option<f64>,
    /// Columns of the output, separated by commas, in what the ids mean in the model's formulas [default: all species
    /// and everything a rule or event changes]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub variables: Vec<String>,
    /// Species to read out as amounts, whatever their names mean in the model
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub amounts: Vec<String>,
    /// Species to read out as concentrations, whatever their names mean in the model
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub concentrations: Vec<String>,
    /// Give a parameter, species or compartment another value before time starts, in the model's unit (repeatable); with
    /// flux balance also R.lower_bound=VALUE and R.upper_bound=VALUE of a reaction R
    #[arg(long, value_name = "ID=VALUE")]
    pub set: Vec<String>,
    /// With flux balance: the smallest and largest rate of each reaction that leave the objective at its best
    #[arg(long)]
    pub variability: bool,
    /// Write the table to this file instead of stdout
    #[arg(long, value_name = "FILE.csv")]
    pub output: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Differential equations
    Ode,
    /// Every firing of every reaction at random, exactly (Gillespie)
    Ssa,
    /// Many random firings at once where they change little (tau-leaping)
    Tau,
    /// Differential equations among abundant species, random firings among others
    Hybrid,
    /// No course in time: the best steady rates within bounds (flux balance); needs no --end and no --steps
    Fba,
}

impl From<Method> for enthesis::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Ode => Self::Ode,
            Method::Ssa => Self::Ssa,
            Method::Tau => Self::Tau,
            Method::Hybrid => Self::Hybrid,
            Method::Fba => Self::Fba,
        }
    }
}

fn thread_count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=4096) => Ok(count),
        _ => Err("give a number from 1 to 4096".to_string()),
    }
}

const CONVERT_EXAMPLES: &str = "\
Examples:
  enthesis convert model.xml --to equations
  enthesis convert model.xml --to l3v1 --output model-l3v1.xml

Local parameters of kinetic laws become parameters of the model. A model made of submodels has no
form l3v2 or l3v1; --to flat writes the one model that they make.
Exit code 77 means that the model, or the form asked for, cannot say something; the message names it.";

/// Write your own SBML model in another form
#[derive(Debug, Args)]
#[command(after_help = CONVERT_EXAMPLES)]
pub struct ConvertArguments {
    /// An SBML file of any level
    #[arg(value_name = "MODEL.xml")]
    pub model: PathBuf,
    /// The form to write
    #[arg(long, value_enum, value_name = "FORM")]
    pub to: Form,
    /// Write to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// SBML Level 3 Version 2
    L3v2,
    /// SBML Level 3 Version 1, which has fast reactions
    L3v1,
    /// One SBML model: submodels merged, functions put in place
    Flat,
    /// A page of all equations to read
    Equations,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  enthesis check biology
  enthesis check model.xml

Findings go to stdout in the order of the text, the counts to stderr.
Exit code 0: no errors, though there may be warnings. 2: errors. 77: sound, but a construct is unsupported.";

/// Check your own biology folder or SBML model: every finding with its place
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct CheckArguments {
    /// A biology folder, or an SBML file
    #[arg(value_name = "DIR|MODEL.xml")]
    pub path: PathBuf,
    /// Say nothing but findings
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub struct BiologyArguments {
    /// Use the biology in this folder instead of the one inside the program
    #[arg(long, value_name = "DIR")]
    pub biology: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct TalkArguments {
    /// Write the result to stdout as JSON
    #[arg(long)]
    pub json: bool,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn several_scenarios_hypotheses_and_settings_are_read() {
        let line = "enthesis run bed_rest my.toml --hypothesis a --hypothesis b --set k=2 --off l --members 3";
        let arguments = Arguments::try_parse_from(line.split(' ')).expect("it is valid");
        let Command::Run(run) = arguments.command else { panic!("run was asked for") };
        assert_eq!(run.scenarios, ["bed_rest", "my.toml"]);
        assert_eq!((run.hypothesis.len(), run.set.len(), run.off.len(), run.members, run.seed), (2, 1, 1, 3, 1));
    }
}
