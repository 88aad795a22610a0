//! `enthesis evidence` and `enthesis path`: what papers say, and how one thing reaches another.

use crate::arguments::{EvidenceArguments, PathArguments};
use crate::failure::Failure;
use crate::{explain, output, run};
use enthesis::EvidenceRequest;

/// Shows the statements that fit, with both sides.
pub fn evidence(arguments: &EvidenceArguments) -> Result<(), Failure> {
    let biology = run::open(arguments.biology.biology.as_deref(), true)?;
    let request = EvidenceRequest {
        thing: arguments.thing.clone(),
        cell: arguments.cell.clone(),
        route: arguments.route.clone(),
        receptor: arguments.receptor.clone(),
        process: arguments.process.clone(),
        organism: arguments.organism.clone(),
        tier: arguments.tier.clone(),
        direction: arguments.direction.clone(),
        against: arguments.against,
        contested: arguments.contested,
        text: arguments.text.clone(),
        sample: arguments.sample.map(|count| (count, arguments.seed)),
    };
    let answer = enthesis::evidence(&biology, &request)?;
    if arguments.talk.json {
        return output::data(&answer.json);
    }
    output::data(&answer.statements.iter().map(explain::text).collect::<Vec<_>>().join("\n"))?;
    output::talk(arguments.talk.quiet, &answer.summary);
    Ok(())
}

/// Shows how one thing reaches another, best supported first.
pub fn path(arguments: &PathArguments) -> Result<(), Failure> {
    let biology = run::open(arguments.biology.biology.as_deref(), true)?;
    let answer = enthesis::paths(&biology, &arguments.from, &arguments.to, arguments.steps, arguments.most)?;
    if arguments.talk.json {
        return output::data(&answer.json);
    }
    output::data(&answer.paths.iter().map(explain::text).collect::<Vec<_>>().join("\n"))
}
