//! `enthesis list`: what the biology holds.

use crate::arguments::{ListArguments, What};
use crate::failure::Failure;
use crate::{output, run, table};
use enthesis::Kind;

/// Lists one kind of things.
pub fn list(arguments: &ListArguments) -> Result<(), Failure> {
    let biology = run::open(arguments.biology.biology.as_deref(), arguments.talk.quiet)?;
    let listing = enthesis::list(&biology, kind(arguments.what));
    if arguments.talk.json {
        return output::data(&listing.json());
    }
    let header = &listing.header[..listing.shown];
    let rows: Vec<Vec<String>> = listing.rows.iter().map(|row| row[..listing.shown].to_vec()).collect();
    output::data(&table::text(header, &rows, header.len()))?;
    output::talk(arguments.talk.quiet, &format!("{} in all; enthesis explain ID tells more", listing.rows.len()));
    Ok(())
}

fn kind(what: What) -> Kind {
    match what {
        What::Scenarios => Kind::Scenarios,
        What::Studies => Kind::Studies,
        What::Signals => Kind::Signals,
        What::Links => Kind::Links,
        What::Drugs => Kind::Drugs,
        What::Subjects => Kind::Subjects,
        What::Genotypes => Kind::Genotypes,
        What::Hypotheses => Kind::Hypotheses,
        What::Parameters => Kind::Parameters,
    }
}
