//! Reads a biology folder and prints every finding and how much there is of everything.
//!
//! `cargo run -p physiology --example check_biology -- biology`

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
    ExitCode::SUCCESS
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
