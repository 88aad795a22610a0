//! The reference model in `biology/`: it rests when nothing is done to it, its scenarios give what they gave when last
//! reviewed, and those results have the sign and size that the literature reports.

use engine::{CompileOptions, CompiledModel, SolveOptions, compile, solve};
use network::{Network, Rule, SymbolIndex};
use physiology::{Assembly, Biology, Organism, Question, Scenario};
use source::{Place, Placed, SourceTree};
use std::fmt::Write as _;
use std::path::Path;

#[path = "../reference/files.rs"]
mod files;

use files::biology_files;

const YEAR: f64 = 365.25;

/// Every state stays within 0.1 % over twenty years, with the links as they are by default and with all links on, and every
/// link is 1.
#[test]
fn the_reference_model_rests() {
    let biology = biology();
    for organism in [Organism::Human, Organism::Mouse] {
        let mut question = Question::of(Scenario::rest(organism, 20.0 * YEAR));
        question.hypotheses = vec!["all_links".to_string()];
        let asked = Asked::new(&biology, &question);
        let states = states(&asked.assembly.network);
        assert!(states.len() > 60, "only {} states", states.len());
        let times: Vec<f64> = (0..=80).map(|i| f64::from(i) * YEAR / 4.0).collect();
        let all_on = asked.assembly.runs.iter().position(|run| run.hypothesis.as_deref() == Some("all_links"));
        assert!(asked.assembly.links.iter().all(|link| link.on[all_on.expect("a run with all links")]));
        for (i, run) in asked.assembly.runs.iter().enumerate() {
            let rows = asked.run(i, &times, &states);
            for (column, state) in states.iter().enumerate() {
                for (row, time) in rows.iter().zip(&times) {
                    let (start, value) = (rows[0][column], row[column]);
                    // Levels of drugs start at 0 and keep the rounding of the solver, 1e-37 or so.
                    assert!(
                        (value - start).abs() <= 1e-3 * start.abs() + 1e-20,
                        "{organism:?}, {:?}: `{}` moves from {start} to {value} by day {time}",
                        run.hypothesis,
                        asked.assembly.network.symbol(*state).id
                    );
                }
            }
            let links: Vec<SymbolIndex> = asked.assembly.links.iter().map(|link| link.symbol).collect();
            for (link, value) in asked.assembly.links.iter().zip(&asked.run(i, &[0.0], &links)[0]) {
                assert!((value - 1.0).abs() < 1e-9, "{organism:?}: link `{}` is {value} at rest", link.id);
            }
        }
    }
}

/// The subjects that scenarios can name: each rests for five years at its fixed age, and starts at the levels it sets.
#[test]
fn the_subjects_rest_at_their_levels() {
    let biology = biology();
    assert!(biology.subjects.len() >= 5, "only {} subjects", biology.subjects.len());
    for subject in &biology.subjects {
        let mut scenario = Scenario::rest(subject.organism, 5.0 * YEAR);
        scenario.arms[0].subject = Some(Placed { value: subject.id.clone(), place: Place::nowhere() });
        let asked = Asked::new(&biology, &Question::of(scenario));
        let readouts: Vec<_> = asked.assembly.readouts.iter().collect();
        let symbols: Vec<SymbolIndex> = readouts.iter().map(|readout| readout.symbol).collect();
        let rows = asked.run(0, &[0.0, 5.0 * YEAR], &symbols);
        for (column, readout) in readouts.iter().enumerate() {
            let (start, end) = (rows[0][column], rows[1][column]);
            assert!(
                (end - start).abs() <= 1e-3 * start.abs() + 1e-20,
                "{}: {} goes from {start} to {end}",
                subject.id,
                readout.id
            );
        }
        let level = |id: &str| rows[0][readouts.iter().position(|it| it.id == id).expect("a read-out")];
        for (site, parameter) in [("bmd_lumbar_spine", "bmd_lumbar_spine_"), ("bmd_total_hip", "bmd_total_hip_")] {
            for setting in subject.set.iter().filter(|it| it.id.value.starts_with(parameter)) {
                let wanted = setting.quantity.value.value;
                assert!((level(site) - wanted).abs() < 1e-6 * wanted, "{}: {site} is {}", subject.id, level(site));
            }
        }
    }
}

/// What was eaten less what left with the urine is what the pools gained, to 1e-8 of what was eaten, for calcium and for
/// phosphate (which moves with calcium in bone), under drugs and in disuse as well as in mice.
///
/// Two states of a module that only this test adds sum up the fluxes, so that the solver itself carries the balance.
#[test]
fn calcium_and_phosphate_are_kept() {
    let fluxes = [
        ("calcium_in", "mmol", "calcium_eaten"),
        ("calcium_out", "mmol", "urinary_calcium"),
        ("phosphate_in", "mmol", "body_size_ratio * dietary_phosphate * phosphate_bioavailability"),
        ("phosphate_out", "mmol", "urinary_phosphate"),
    ];
    let mut ledger = "[module]\nid = \"ledger\"\nname = \"Ledger\"\nabout = \"Sums of fluxes.\"\n".to_string();
    for (id, unit, rate) in fluxes {
        write!(
            ledger,
            "[[state]]\nid = \"{id}\"\nname = \"{id}\"\nunit = \"{unit}\"\ninitial = 0.0\nrate = \"{rate}\"\n"
        )
        .expect("writing to a string");
    }
    let pools = [
        ("calcium", "gut_calcium + body_size_ratio * extracellular_volume * calcium_in_plasma + bone_calcium_kept"),
        (
            "phosphate",
            "gut_phosphate + intracellular_phosphate + body_size_ratio * extracellular_volume * phosphate_in_plasma \
             + phosphate_per_calcium * bone_calcium_kept",
        ),
        ("bone_calcium", "exchangeable_bone_calcium + stored_bone_calcium"),
    ];
    for (id, sum) in pools {
        write!(ledger, "[[variable]]\nid = \"{id}_kept\"\nname = \"{id}\"\nunit = \"mmol\"\nvalue = \"{sum}\"\n")
            .expect("writing to a string");
    }
    let biology = biology_with("bone/ledger.model.toml", &ledger);
    for scenario in ["denosumab", "bed_rest", "teriparatide", "burosumab", "cx43_delta130_136"] {
        let scenario = biology.scenarios.iter().find(|it| it.id == scenario).expect("a scenario of the biology");
        let asked = Asked::new(&biology, &Question::of(scenario.clone()));
        for (i, run) in asked.assembly.runs.iter().enumerate() {
            for mineral in ["calcium", "phosphate"] {
                let symbols = ["kept", "in", "out"].map(|it| {
                    asked.assembly.network.index_of(&format!("{mineral}_{it}")).expect("a quantity of the ledger")
                });
                let rows = asked.run(i, &[0.0, asked.assembly.duration_days], &symbols);
                let [gained, eaten, lost] = [0, 1, 2].map(|column| rows[1][column] - rows[0][column]);
                let missing = (gained - (eaten - lost)).abs() / eaten;
                assert!(
                    missing <= 1e-8,
                    "{}/{}: of {eaten} mmol {mineral} eaten, {missing:.1e} is missing (pools {gained}, urine {lost})",
                    scenario.id,
                    run.arm
                );
            }
        }
    }
}

/// Read-outs at the start and the end of every arm of every scenario, as reviewed in `golden/reference.tsv`.
///
/// After a deliberate change of the biology, `ENTHESIS_GOLDEN=update cargo test -p testsuite --test reference_model`
/// writes the file anew; the diff is what the change did.
#[test]
fn scenarios_give_what_they_gave() {
    let biology = biology();
    let mut text = "scenario\tarm\treadout\tunit\tday_0\tend\n".to_string();
    for scenario in &biology.scenarios {
        let asked = Asked::new(&biology, &Question::of(scenario.clone()));
        let readouts: Vec<_> = asked.assembly.readouts.iter().filter(|readout| readout.main).collect();
        let symbols: Vec<SymbolIndex> = readouts.iter().map(|readout| readout.symbol).collect();
        for (i, run) in asked.assembly.runs.iter().enumerate() {
            let rows = asked.run(i, &[0.0, asked.assembly.duration_days], &symbols);
            for (j, readout) in readouts.iter().enumerate() {
                // What is gone is gone: rounding leaves 1e-30 or so, of either sign.
                let (start, end) = (rows[0][j], if rows[1][j].abs() < 1e-12 { 0.0 } else { rows[1][j] });
                let (arm, unit) = (&run.arm, &readout.unit);
                writeln!(text, "{}\t{arm}\t{}\t{unit}\t{start:.6e}\t{end:.6e}", scenario.id, readout.id)
                    .expect("writing to a string");
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/reference.tsv");
    if std::env::var_os("ENTHESIS_GOLDEN").is_some_and(|word| word == "update") {
        std::fs::write(&path, &text).expect("a writable folder");
    }
    let reviewed = std::fs::read_to_string(&path).expect("golden/reference.tsv");
    let (ours, reviewed): (Vec<&str>, Vec<&str>) = (text.lines().collect(), reviewed.lines().collect());
    assert_eq!(ours.len(), reviewed.len(), "other scenarios, arms or read-outs than reviewed");
    let different: Vec<String> = ours
        .iter()
        .zip(&reviewed)
        .filter(|(a, b)| !same_row(a, b))
        .map(|(a, b)| format!("reviewed {b}\n     now {a}"))
        .collect();
    assert!(different.is_empty(), "{} read-outs changed:\n{}", different.len(), different.join("\n"));
}

/// What trials and experiments report, by sign and rough size: percent change from day 0.
///
/// The ranges are wide on purpose: they hold the model to the literature's picture, not to one study. Human disuse:
/// LeBlanc 1990 (doi:10.1002/jbmr.5650050807) and others of `biology/references`; denosumab: FREEDOM
/// (doi:10.1056/NEJMoa0809493); romosozumab: McClung 2014 (doi:10.1056/NEJMoa1305224); connexin 43 in mice: Shen 2015
/// (doi:10.1002/jbmr.2389), Li 2021.
#[test]
fn scenarios_have_the_sign_and_size_of_the_literature() {
    let expected: &[(&str, &str, f64, &str, f64, f64)] = &[
        ("bed_rest", "bed_rest", 60.0, "bmd_total_hip", -5.0, -1.5),
        ("bed_rest", "bed_rest", 60.0, "bmd_lumbar_spine", -3.0, -0.8),
        ("bed_rest", "bed_rest", 60.0, "muscle_mass", -16.0, -8.0),
        ("bed_rest", "bed_rest", 14.0, "muscle_strength", -20.0, -8.0),
        ("bed_rest", "bed_rest", 60.0, "muscle_strength", -30.0, -18.0),
        ("bed_rest", "bed_rest", 60.0, "serum_ctx", 25.0, 65.0),
        ("denosumab", "denosumab", 365.0, "bmd_lumbar_spine", 3.0, 7.0),
        ("denosumab", "denosumab", 365.0, "bmd_total_hip", 2.0, 5.0),
        ("denosumab", "denosumab", 90.0, "serum_ctx", -92.0, -60.0),
        ("denosumab", "denosumab", 365.0, "muscle_mass", -2.0, 4.0),
        ("romosozumab", "romosozumab", 365.0, "bmd_lumbar_spine", 9.0, 15.0),
        ("romosozumab", "romosozumab", 365.0, "bmd_total_hip", 3.0, 7.0),
        // Trials of postmenopausal women without age-related loss in the model: teriparatide (ACTIVE, EUROFORS, Neer 2001,
        // McClung 2005), zoledronate (Mori 2018, HORIZON), alendronate (DECIDE, Liberman 1995).
        ("teriparatide", "teriparatide", 548.0, "bmd_lumbar_spine", 8.0, 14.0),
        ("teriparatide", "teriparatide", 548.0, "bmd_total_hip", 2.0, 5.0),
        ("teriparatide", "teriparatide", 182.0, "serum_p1np", 100.0, 260.0),
        ("teriparatide", "teriparatide", 182.0, "serum_ctx", 30.0, 90.0),
        ("teriparatide", "teriparatide_denosumab", 1095.0, "bmd_lumbar_spine", 14.0, 30.0),
        ("zoledronate", "yearly", 14.0, "serum_ctx", -70.0, -40.0),
        ("zoledronate", "yearly", 365.0, "serum_ctx", -75.0, -40.0),
        ("zoledronate", "yearly", 365.0, "bmd_lumbar_spine", 3.5, 7.0),
        ("alendronate", "alendronate", 365.0, "serum_ctx", -85.0, -55.0),
        ("alendronate", "alendronate", 365.0, "bmd_lumbar_spine", 3.0, 6.5),
        ("alendronate", "alendronate", 365.0, "bmd_total_hip", 1.5, 4.0),
        ("estrogen_therapy", "estradiol", 182.0, "serum_ctx", -60.0, -20.0),
        ("testosterone", "testosterone", 70.0, "muscle_mass", 3.0, 7.0),
        ("burosumab", "burosumab_0_6", 10.0, "plasma_phosphate", 40.0, 80.0),
        // A blocking antibody takes mass as the mutant without hemichannels does; in the mutant, PGE2 gives part of it back.
        ("hemichannel_antibodies", "blocking", 56.0, "muscle_mass", -25.0, -5.0),
        ("hemichannel_antibodies", "activating", 56.0, "muscle_mass", 0.5, 10.0),
        ("tgf_beta_antibody", "tgf_beta_antibody", 42.0, "specific_force", 0.5, 15.0),
        ("tgf_beta_antibody", "tgf_beta_antibody", 42.0, "bmd_lumbar_spine", 0.5, 10.0),
        ("resistance_training", "training", 168.0, "muscle_strength", 15.0, 35.0),
        ("resistance_training", "training", 168.0, "muscle_mass", 4.0, 12.0),
        ("resistance_training", "training", 168.0, "bmd_total_hip", 0.0, 2.0),
        // Spine and hip lose one to two percent a year around menopause and turnover rises by half to two times; muscle
        // loses half to one percent of mass and more of strength a year after 60.
        ("menopause", "menopause", 4383.0, "bmd_lumbar_spine", -20.0, -8.0),
        ("menopause", "menopause", 4383.0, "serum_ctx", 40.0, 110.0),
        ("aging", "woman", 7305.0, "bmd_total_hip", -25.0, -5.0),
        ("aging", "woman", 7305.0, "muscle_mass", -25.0, -8.0),
        ("aging", "woman", 7305.0, "muscle_strength", -50.0, -20.0),
        ("cx43_osteocyte_knockout", "mutant", 120.0, "muscle_mass", -40.0, -15.0),
        ("cx43_osteocyte_knockout", "mutant", 120.0, "tetanic_force", -60.0, -35.0),
        ("cx43_osteocyte_knockout", "mutant", 120.0, "osteocalcin_total", -60.0, -25.0),
        ("cx43_delta130_136", "mutant", 120.0, "muscle_mass", -30.0, -8.0),
        ("cx43_delta130_136", "mutant", 120.0, "protein_synthesis", -30.0, -3.0),
        ("cx43_delta130_136", "mutant", 120.0, "protein_breakdown", 3.0, 30.0),
        ("cx43_r76w", "mutant", 120.0, "muscle_mass", -5.0, 5.0),
        ("cx43_r76w", "mutant", 120.0, "tetanic_force", -50.0, -15.0),
        ("cx43_r76w", "mutant", 120.0, "fast_fibers", -25.0, -3.0),
    ];
    let biology = biology();
    let mut misses = Vec::new();
    for &(scenario, arm, day, readout, least, most) in expected {
        let scenario = biology.scenarios.iter().find(|it| it.id == scenario).expect("a scenario of the biology");
        let asked = Asked::new(&biology, &Question::of(scenario.clone()));
        let run = asked.assembly.runs.iter().position(|run| run.arm == arm).unwrap_or_else(|| panic!("no arm `{arm}`"));
        let symbol = asked.assembly.readouts.iter().find(|it| it.id == readout).expect("a read-out").symbol;
        let rows = asked.run(run, &[0.0, day], &[symbol]);
        let change = 100.0 * (rows[1][0] / rows[0][0] - 1.0);
        if change < least || change > most {
            misses.push(format!(
                "{}/{arm}: {readout} changes by {change:.1} %, reported {least} to {most} %",
                scenario.id
            ));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

/// A question, assembled and compiled.
struct Asked {
    assembly: Assembly,
    model: CompiledModel,
}

impl Asked {
    fn new(biology: &Biology, question: &Question) -> Self {
        let (assembly, warnings) = physiology::assemble(biology, question)
            .unwrap_or_else(|findings| panic!("{}: {findings}", question.scenario.id));
        assert!(warnings.is_empty(), "{}: {warnings}", question.scenario.id);
        let model = compile(&assembly.network, &CompileOptions::default()).expect("a model without unsupported parts");
        Self { assembly, model }
    }

    /// Values of `outputs` at `times` in days, one row a time, in run `i` of the assembly.
    fn run(&self, i: usize, times: &[f64], outputs: &[SymbolIndex]) -> Vec<Vec<f64>> {
        let condition = &self.assembly.runs[i].condition;
        let trajectory = solve(&self.model, condition, times, outputs, &SolveOptions::default())
            .unwrap_or_else(|failure| panic!("{}: {failure}", self.assembly.scenario.id));
        (0..times.len()).map(|time| (0..outputs.len()).map(|output| trajectory.value(time, output)).collect()).collect()
    }
}

/// What has a rate of change: targets of rate rules, and species that reactions change.
fn states(network: &Network) -> Vec<SymbolIndex> {
    let by_rule = network.rules().iter().filter_map(|rule| match rule {
        Rule::Rate { target, .. } => Some(target),
        _ => None,
    });
    let by_reaction =
        network.species().iter().filter(|species| !species.boundary && !species.constant).map(|it| &it.id);
    by_rule.chain(by_reaction).filter_map(|id| network.index_of(id)).collect()
}

/// The same text but for numbers, which may differ by one in ten thousand.
fn same_row(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split('\t').collect(), b.split('\t').collect());
    a.len() == b.len()
        && a.iter().zip(&b).all(|(a, b)| match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => (a - b).abs() <= 1e-4 * a.abs().max(b.abs()),
            _ => a == b,
        })
}

/// The folder `biology/` of the repository, without findings.
fn biology() -> Biology {
    read_without_findings(&biology_files())
}

/// The same with one more module in the reference model.
fn biology_with(path: &str, module: &str) -> Biology {
    let mut files = biology_files();
    let model = files.get("reference.model.toml").expect("the reference model").text.clone();
    let name = path.strip_suffix(".model.toml").expect("a file of a module");
    files.insert("reference.model.toml", &model.replace("modules = [", &format!("modules = [\n  \"{name}\",")));
    files.insert(path, module);
    read_without_findings(&files)
}

fn read_without_findings(files: &SourceTree) -> Biology {
    let (biology, warnings) = physiology::read(files).unwrap_or_else(|findings| panic!("{findings}"));
    assert!(warnings.is_empty(), "{warnings}");
    biology
}
