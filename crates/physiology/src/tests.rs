//! A small biology, and what people may get wrong in it.

mod assembling;
mod dosing;
mod measuring;
mod random_text;
mod reading;

use crate::{Assembly, Biology, Question, assemble, read};
use network::{Action, SymbolIndex};
use source::{Place, SourceTree};
use units::Quantity;

const SIGNAL: &str = r#"[module]
id = "signal"
name = "Signal"
about = "A hormone from bone."
sources = ["doe_2020"]

[molecule]
id = "signal"
main_quantity = "signal_in_plasma"

[[parameter]]
id = "signal_half_life"
name = "Half-life of the signal in plasma"
unit = "min"
value = { human = 40.0, mouse = 20.0 }
range = { human = [20.0, 90.0], mouse = [10.0, 40.0] }
basis = "measured"
sources = ["doe_2020"]
evidence = ["signal_lowers_muscle"]

[[parameter]]
id = "signal_reference"
unit = "nmol/L"
value = 0.1
range = [0.05, 0.2]
basis = "assumed"

[[parameter]]
id = "signal_production"
unit = "1"
value = 1.0
range = [0.5, 2.0]
basis = "assumed"

[[parameter]]
id = "signal_clearance_rate"
unit = "1/day"
value = "ln(2) / signal_half_life"
basis = "derived"

[[state]]
id = "signal_in_plasma"
name = "Signal in plasma"
unit = "nmol/L"
initial = "signal_reference"
rate = "signal_clearance_rate * (signal_production * signal_reference - signal_in_plasma)"

[[link]]
id = "signal_to_muscle"
name = "The signal restrains muscle"
direction = "bone_to_muscle"
kind = "endocrine"
from = "signal_in_plasma"
reference = "signal_reference"
acts_on = "muscle_mass"
maximum = { value = 0.5, range = [0.4, 1.0] }
potency = { value = 1.0, range = [0.5, 2.0] }
basis = "assumed"
tier = "T4"
default = { human = "on", mouse = "off" }
evidence = ["signal_lowers_muscle"]

[[readout]]
id = "serum_signal"
name = "Signal in serum"
tissue = "circulation"
value = "signal_in_plasma"
unit = "nmol/L"
order = 20
"#;

const MUSCLE: &str = r#"[module]
id = "muscle"
name = "Muscle"

[[parameter]]
id = "muscle_turnover"
unit = "1/day"
value = 0.01
range = [0.005, 0.02]
basis = "assumed"

[[parameter]]
id = "load"
unit = "1"
value = 1.0
range = [0.0, 2.0]
basis = "assumed"

[[state]]
id = "muscle_mass"
unit = "1"
initial = 1.0
rate = "muscle_turnover * (load * signal_to_muscle - muscle_mass)"

[[readout]]
id = "muscle_mass_percent"
tissue = "muscle"
value = "100 [%] * muscle_mass"
unit = "%"
order = 10
main = true
"#;

const DRUG: &str = r#"[drug]
id = "blocker"
name = "Blocker"
organisms = ["human"]
dose_into = "blocker_depot"
dose_unit = "mg"
dose_factor = "blocker_bioavailability / blocker_molar_mass"
sources = ["doe_2020"]

[[parameter]]
id = "blocker_bioavailability"
unit = "1"
value = { human = 0.5 }
basis = "measured"
sources = ["doe_2020"]

[[parameter]]
id = "blocker_molar_mass"
unit = "mg/nmol"
value = 0.25
basis = "measured"
sources = ["doe_2020"]

[[parameter]]
id = "blocker_loss"
unit = "1/h"
value = 0.5
basis = "measured"
sources = ["doe_2020"]

[[state]]
id = "blocker_depot"
unit = "nmol"
initial = 0.0
rate = "-blocker_loss * blocker_depot"
"#;

const SCENARIO: &str = r#"[scenario]
id = "rest_in_bed"
name = "Rest in bed"
organism = "human"
duration = "60 day"

[[arm]]
id = "bed"
[[arm.change]]
from = "0 day"
to = "30 day"
set = { load = "0.2" }
[[arm.dose]]
drug = "blocker"
amount = "60 mg"
at = "1 day"
every = "1 week"
times = 2
"#;

const EVIDENCE: &str = r#"[[signal]]
id = "signal"
name = "Signal"
identifiers = ["chebi:15551"]
direction = "bone_to_muscle"
made_by = ["osteocyte"]
leaves_by = ["secretion"]
travels_by = ["blood"]
acts_on = ["muscle_fiber"]

[[thing]]
id = "osteocyte"
name = "Osteocyte"
kind = "cell"

[[thing]]
id = "muscle_fiber"
name = "Muscle fiber"
kind = "cell"

[[thing]]
id = "muscle_mass"
name = "Muscle mass"
kind = "process"

[[statement]]
id = "signal_lowers_muscle"
subject = "signal"
effect = "decreases"
object = "muscle_mass"
direction = "bone_to_muscle"

[[statement.evidence]]
reference = "doe_2020"
stance = "supports"
tier = "T3"
organism = "mouse"
finding = "mass fell by a tenth"
reading = "read"
"#;

const FILES: [(&str, &str); 10] = [
    ("reference.model.toml", "[model]\nid = \"small\"\nmodules = [\"signals/signal\", \"muscle/muscle\"]\n"),
    ("references.bib", "@article{doe_2020, author={Doe, J}, title={Signal}, year={2020}, doi={10.1000/1}}\n"),
    ("signals/signal.model.toml", SIGNAL),
    ("signals/signal.evidence.toml", EVIDENCE),
    ("muscle/muscle.model.toml", MUSCLE),
    ("drugs/blocker.toml", DRUG),
    (
        "genotypes/no_signal.toml",
        "[genotype]\nid = \"no_signal\"\norganisms = [\"mouse\"]\nset = { signal_production = \"0\" }\n",
    ),
    ("hypotheses/no_crosstalk.toml", "[hypothesis]\nid = \"no_crosstalk\"\noff = [\"direction:bone_to_muscle\"]\n"),
    ("scenarios/rest_in_bed.toml", SCENARIO),
    (
        "subjects/old_woman.toml",
        "[subject]\nid = \"old_woman\"\norganism = \"human\"\nset = { blocker_bioavailability = \"0.5\" }\n",
    ),
];

/// The small biology, with `old` replaced by `new` in the file at `path`.
fn files(path: &str, old: &str, new: &str) -> SourceTree {
    let mut tree = SourceTree::new();
    for (name, text) in FILES {
        assert!(name != path || text.contains(old), "{path} does not contain {old}");
        tree.insert(name, &if name == path { text.replacen(old, new, 1) } else { text.to_string() });
    }
    tree
}

fn small() -> Biology {
    let (biology, warnings) = read(&files("", "", "")).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(warnings.to_string(), "");
    biology
}

/// The question of the one scenario.
fn question(biology: &Biology) -> Question {
    Question::of(biology.scenario("rest_in_bed", &Place::nowhere()).expect("in the files").clone())
}

fn assembled(biology: &Biology, question: &Question) -> Assembly {
    let (assembly, warnings) = assemble(biology, question).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(warnings.to_string(), "");
    assembly
}

fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).expect("a quantity")
}

/// The changes of a run as `day: symbol = value` or `day: symbol + value`.
fn changes(assembly: &Assembly, run: usize) -> Vec<String> {
    let name = |index: SymbolIndex| assembly.network.symbol(index).id.to_string();
    let changes = assembly.runs[run].condition.changes.iter();
    let text = changes.map(|change| match change.action {
        Action::Set(value) => format!("{}: {} = {value}", change.time, name(change.target)),
        Action::Add(value) => format!("{}: {} + {value}", change.time, name(change.target)),
    });
    text.collect()
}
