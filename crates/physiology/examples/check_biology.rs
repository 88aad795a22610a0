//! Reads a biology folder and prints every finding and how much there is of everything.
//!
//! `cargo run -p physiology --example check_biology -- biology`

use physiology::{Organism, Question, Scenario, assemble};
use source::SourceTree;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "biology".to_string());
    let mut files = SourceTree::new();
    if let Err(error) = collect(Path::new(&folder), "", &mut files) {
        eprintln!("error: cannot read {folder}: {error}");
        return ExitCode::FAILURE;
    }
    let biology = match physiology::read(&files) {
        Ok((biology, warnings)) => {
            println!("{warnings}");
            biology
        }
        Err(findings) => {
            println!("{findings}");
            println!("\n{} findings in {folder}", findings.iter().count());
            return ExitCode::FAILURE;
        }
    };
    let modules = &biology.modules;
    println!(
        "{} modules, {} molecules, {} parameters, {} states, {} variables, {} links, {} readouts",
        modules.len(),
        biology.molecules().count(),
        modules.iter().map(|it| it.parameters.len()).sum::<usize>(),
        modules.iter().map(|it| it.states.len()).sum::<usize>(),
        modules.iter().map(|it| it.variables.len()).sum::<usize>(),
        biology.links().count(),
        modules.iter().map(|it| it.readouts.len()).sum::<usize>(),
    );
    println!(
        "{} drugs, {} genotypes, {} hypotheses, {} scenarios, {} statements, {} references",
        biology.drugs.len(),
        biology.genotypes.len(),
        biology.hypotheses.len(),
        biology.scenarios.len(),
        biology.evidence.statements.len(),
        biology.evidence.references.len(),
    );
    let mut fine = true;
    for &organism in Organism::ALL {
        match assemble(&biology, &Question::of(Scenario::rest(organism, 1.0))) {
            Ok((assembly, warnings)) => {
                let network = &assembly.network;
                println!("{organism}: {} symbols, {} rules", network.symbols().len(), network.rules().len());
                println!("{warnings}");
            }
            Err(findings) => {
                println!("{findings}\n\n{} findings for the {organism}", findings.iter().count());
                fine = false;
            }
        }
    }
    for scenario in &biology.scenarios {
        let hypotheses = biology.hypotheses.iter().map(|it| it.id.clone()).collect();
        match assemble(&biology, &Question { hypotheses, ..Question::of(scenario.clone()) }) {
            Ok((assembly, _)) => println!("{}: {} runs", scenario.id, assembly.runs.len()),
            Err(findings) => {
                println!("{findings}\n\n{} findings in scenario {}", findings.iter().count(), scenario.id);
                fine = false;
            }
        }
    }
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn collect(folder: &Path, prefix: &str, files: &mut SourceTree) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, files)?;
        } else if name.ends_with(".toml") || name.ends_with(".bib") {
            files.insert(&path, &std::fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}
