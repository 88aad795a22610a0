//! The command line of Enthesis: parses arguments, reads and writes files, shows results.
//!
//! Everything that knows bone, muscle or numbers is below the `enthesis` crate; everything that touches the file
//! system, the terminal, signals or the environment is here. Data go to stdout, talk goes to stderr.

mod arguments;
mod calibrate;
mod check;
mod convert;
mod document;
mod ensemble;
mod evidence;
mod explain;
mod export;
mod failure;
mod files;
mod interrupt;
mod list;
mod map;
mod output;
mod progress;
mod run;
mod simulate;
mod table;
mod unfinished;
mod validate;

use arguments::{Arguments, Command};
use clap::{CommandFactory, Parser};
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Bad arguments end here: clap writes help to stdout with code 0 and errors to stderr with code 2.
    let arguments = Arguments::parse();
    match dispatch(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Run(arguments) => run::run(arguments),
        Command::Validate(arguments) => validate::validate(arguments),
        Command::Calibrate(arguments) => calibrate::calibrate(arguments),
        Command::List(arguments) => list::list(arguments),
        Command::Explain(arguments) => explain::explain(arguments),
        Command::Evidence(arguments) => evidence::evidence(arguments),
        Command::Path(arguments) => evidence::path(arguments),
        Command::Map(arguments) => map::map(arguments),
        Command::Export(arguments) => export::export(arguments),
        Command::Document(arguments) => document::document(arguments),
        Command::Simulate(arguments) => simulate::simulate(arguments),
        Command::Convert(arguments) => convert::convert(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Completions { shell } => completions(*shell),
    }
}

fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "enthesis", &mut script);
    output::data(&String::from_utf8_lossy(&script))
}
