//! What papers say, for and against, as answers to questions.

use crate::citations::{sentence, spaced};
use crate::explain::{Explanation, paper};
use crate::list::listed;
use crate::{Biology, Error};
use evidence::{Direction, PathLimits, Query, Reason, Route, Side, Stance, Statement, Step, Tier, Weight};
use serde_json::{Value, json};
use source::{Diagnostic, Place, did_you_mean};

/// Which statements are asked for, in a person's words.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs)]
pub struct EvidenceRequest {
    /// Anything statements can be about, by id or another word for it.
    pub thing: Option<String>,
    pub cell: Option<String>,
    pub route: Option<String>,
    pub receptor: Option<String>,
    pub process: Option<String>,
    pub organism: Option<String>,
    pub tier: Option<String>,
    pub direction: Option<String>,
    /// Only statements with findings against them.
    pub against: bool,
    /// Only statements with papers on both sides, the most evenly divided first.
    pub contested: bool,
    pub text: Option<String>,
    /// So many of what was found, drawn at random with this seed.
    pub sample: Option<(usize, u64)>,
}

/// Statements with both sides and what they weigh.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceAnswer {
    /// One explanation per statement.
    pub statements: Vec<Explanation>,
    /// The same for machines.
    pub json: String,
    /// How many there are, for and against, in a line.
    pub summary: String,
}

/// Statements that fit a request.
///
/// # Errors
/// [`Error::BadInput`] when a word of the request is not known, with the closest that are.
pub fn evidence(biology: &Biology, request: &EvidenceRequest) -> Result<EvidenceAnswer, Error> {
    let content = &biology.content.evidence;
    let found = content.search(&query(biology, request)?);
    let chosen: Vec<&Statement> = if request.contested {
        content.contested().into_iter().filter(|it| found.iter().any(|other| other.id == it.id)).collect()
    } else {
        found
    };
    let chosen = match request.sample {
        Some((count, seed)) => sample(chosen, count, seed),
        None => chosen,
    };
    let contested = content.contested().into_iter().filter(|it| chosen.iter().any(|other| other.id == it.id)).count();
    let papers: std::collections::BTreeSet<&str> =
        chosen.iter().flat_map(|it| &it.evidence).map(|item| item.reference.as_str()).collect();
    Ok(EvidenceAnswer {
        summary: format!("{} statements from {} papers; {contested} contested", chosen.len(), papers.len()),
        json: as_json(biology, &chosen),
        statements: chosen.into_iter().map(|it| card(biology, it, request.against)).collect(),
    })
}

/// `count` of the statements in the order of a seeded shuffle: the same seed draws the same ones.
fn sample(statements: Vec<&Statement>, count: usize, seed: u64) -> Vec<&Statement> {
    let mut drawn: Vec<(f64, &Statement)> =
        statements.into_iter().enumerate().map(|(i, it)| (study::uniform(seed, i as u64, 0), it)).collect();
    drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
    drawn.into_iter().take(count).map(|(_, it)| it).collect()
}

fn query(biology: &Biology, request: &EvidenceRequest) -> Result<Query, Error> {
    let thing =
        |place: &str, word: &Option<String>| word.as_deref().map(|word| thing_id(biology, place, word)).transpose();
    Ok(Query {
        thing: thing("THING", &request.thing)?,
        cell: thing("--cell", &request.cell)?,
        receptor: thing("--receptor", &request.receptor)?,
        process: thing("--process", &request.process)?,
        route: word("--route", request.route.as_deref(), Route::ALL)?,
        tier: word("--tier", request.tier.as_deref(), Tier::ALL)?,
        direction: word("--direction", request.direction.as_deref(), Direction::ALL)?,
        organism: request.organism.clone(),
        against: request.against,
        text: request.text.clone(),
    })
}

/// The id of what a person calls a thing.
pub(crate) fn thing_id(biology: &Biology, place: &str, word: &str) -> Result<String, Error> {
    let evidence = &biology.content.evidence;
    if let Some(thing) = evidence.find_thing(word) {
        return Ok(thing.id.clone());
    }
    let known = evidence.things.iter().flat_map(|it| it.also.iter().chain([&it.id])).map(String::as_str);
    let hint = match did_you_mean(word, known).as_slice() {
        [] => "enthesis list signals shows the signals; enthesis evidence --text WORD searches everything".to_string(),
        near => format!("did you mean {}?", near.join(" or ")),
    };
    let finding = Diagnostic::error(Place::file(place), format!("nothing on the map is called `{word}`"));
    Err(Error::BadInput(finding.hint(hint).into()))
}

/// A word of a closed list, in capitals or not, with `-` or spaces for `_`.
pub(crate) fn word<T: source::Word>(place: &str, text: Option<&str>, all: &[T]) -> Result<Option<T>, Error> {
    let Some(text) = text else { return Ok(None) };
    let plain = text.to_lowercase().replace(['-', ' '], "_");
    match all.iter().find(|it| it.in_files().to_lowercase() == plain) {
        Some(found) => Ok(Some(*found)),
        None => {
            let words: Vec<&str> = all.iter().map(|it| it.in_files()).collect();
            Err(Error::argument(place, format!("unknown word: {text}"), format!("write one of: {}", words.join(", "))))
        }
    }
}

fn card(biology: &Biology, it: &Statement, only_against: bool) -> Explanation {
    let evidence = &biology.content.evidence;
    let routes = listed(evidence.routes_of(it).into_iter().map(|it| it.word()));
    let receptors = listed(evidence.receptors_of(it).into_iter());
    let mut facts = vec![spaced(it.direction.word())];
    facts.extend((!routes.is_empty()).then(|| format!("leaves by {routes}")));
    facts.extend((!receptors.is_empty()).then(|| format!("through {receptors}")));
    let mut lines = vec![facts.join("; ")];
    lines.extend(it.note.clone());
    lines.extend(weight_lines(&evidence.weigh(it)));
    lines.push(match &it.not_modeled {
        Some(reason) => format!("Not in the model: {reason}"),
        None => format!("In the model: {}", biology.content.users_of_statement(&it.id).join(", ")),
    });
    let explanation = Explanation::new(&sentence(it), &it.id, "statement").section("What is known", lines);
    let explanation = if only_against {
        explanation
    } else {
        explanation.section("For", items(biology, it, |stance| stance == Stance::Supports))
    };
    explanation.section("Against", items(biology, it, |stance| stance != Stance::Supports))
}

fn items(biology: &Biology, it: &Statement, wanted: impl Fn(Stance) -> bool) -> Vec<String> {
    let line = |item: &evidence::EvidenceItem| {
        let stance = if item.stance == Stance::NoEffect { "no effect seen: " } else { "" };
        let system = item.system.as_ref().map_or(String::new(), |system| format!(", {system}"));
        let unread = if item.reading == evidence::Reading::Recalled { "; recalled, not yet checked" } else { "" };
        format!(
            "[{}] {stance}{} ({}{system}; {}{unread})",
            item.tier,
            item.finding.trim(),
            item.organism,
            paper(biology, &item.reference)
        )
    };
    it.evidence.iter().filter(|item| wanted(item.stance)).map(line).collect()
}

/// What a statement weighs, with the parts of its balance.
pub(crate) fn weight_lines(weight: &Weight) -> Vec<String> {
    let side = |name: &str, side: &Side| {
        let best = side.best.map_or(String::new(), |tier| format!(", best {tier} ({})", tier.meaning()));
        format!(
            "{name}: {} by {}{best}; {} read",
            count(side.papers, "paper"),
            count(side.groups.len(), "independent group"),
            side.read
        )
    };
    let (supports, against) = (weight.supports.points(), weight.against.points());
    let mut lines = vec![
        side("For", &weight.supports),
        side("Against", &weight.against),
        format!(
            "Balance {:+.2} = ({supports} - {against}) / ({supports} + {against} + 3), each group counted once by its \
             best tier (T1 5 ... T5 1); a measure of what is known, not of how large the effect is",
            weight.balance()
        ),
    ];
    if weight.groups_guessed > 0 {
        let papers = count(weight.groups_guessed, "paper");
        lines.push(format!("The group of {papers} is a guess: the list of authors is cut or was not seen"));
    }
    if weight.retracted > 0 {
        lines.push(format!("{} withdrawn and not counted", count(weight.retracted, "paper")));
    }
    lines
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn as_json(biology: &Biology, statements: &[&Statement]) -> String {
    let evidence = &biology.content.evidence;
    let item = |it: &evidence::EvidenceItem| {
        let paper = evidence.reference(&it.reference);
        json!({
            "reference": it.reference,
            "doi": paper.and_then(|it| it.doi.clone()),
            "pmid": paper.and_then(|it| it.pmid.clone()),
            "group": paper.map(|it| it.group().name),
            "retracted": paper.is_some_and(|it| it.retracted),
            "stance": it.stance.word(),
            "tier": it.tier.word(),
            "organism": it.organism,
            "system": it.system,
            "finding": it.finding,
            "sizes": it.sizes.iter().map(|size| json!({
                "value": size.value.value,
                "unit": size.value.unit.to_string(),
                "of": size.of,
            })).collect::<Vec<Value>>(),
            "read": it.reading == evidence::Reading::Read,
        })
    };
    let side = |side: &Side| {
        json!({
            "papers": side.papers,
            "groups": side.groups.iter().map(|(name, tier)| json!({ "name": name, "best_tier": tier.word() })).collect::<Vec<Value>>(),
            "points": side.points(),
        })
    };
    let statement = |it: &&Statement| {
        let weight = evidence.weigh(it);
        json!({
            "id": it.id,
            "subject": it.subject.value,
            "effect": it.effect.word(),
            "object": it.object.value,
            "direction": it.direction.word(),
            "leaves_by": evidence.routes_of(it).iter().map(|it| it.word()).collect::<Vec<_>>(),
            "through": evidence.receptors_of(it),
            "tier": it.tier().map(|it| it.word()),
            "contested": it.is_contested(),
            "for": side(&weight.supports),
            "against": side(&weight.against),
            "balance": weight.balance(),
            "model_records": biology.content.users_of_statement(&it.id),
            "not_modeled": it.not_modeled,
            "note": it.note,
            "evidence": it.evidence.iter().map(item).collect::<Vec<Value>>(),
        })
    };
    let all: Vec<Value> = statements.iter().map(statement).collect();
    serde_json::to_string_pretty(&all).unwrap_or_else(|_| "[]".into()) + "\n"
}

/// Paths from one thing to another, best first.
#[derive(Debug, Clone, PartialEq)]
pub struct PathsAnswer {
    /// One explanation per path.
    pub paths: Vec<Explanation>,
    /// The same for machines.
    pub json: String,
}

/// How one thing reaches another, ranked by the weakest tier, then the length, then the independent groups behind the
/// thinnest step.
///
/// # Errors
/// [`Error::BadInput`] when one of the two is not on the map, or no path of so many steps joins them.
pub fn paths(biology: &Biology, from: &str, to: &str, steps: usize, most: usize) -> Result<PathsAnswer, Error> {
    let evidence = &biology.content.evidence;
    let (from, to) = (thing_id(biology, "FROM", from)?, thing_id(biology, "TO", to)?);
    if from == to {
        return Err(Error::argument("TO", format!("`{to}` is where the path starts"), "name another thing"));
    }
    let paths = evidence.paths(&from, &to, PathLimits { steps, paths: most });
    if paths.is_empty() {
        let back = evidence.paths(&to, &from, PathLimits { steps, paths: 1 });
        let hint = if back.is_empty() {
            format!("allow more than {steps} steps with --steps, or see what is known: enthesis evidence {from}")
        } else {
            format!("there is a path the other way: enthesis path {to} {from}")
        };
        return Err(Error::argument("TO", format!("no supported path leads from `{from}` to `{to}`"), hint));
    }
    let name = |id: &str| evidence.thing(id).map_or(id.to_string(), |it| it.name.clone());
    let explanation = |(i, path): (usize, &evidence::Path)| {
        let weakest = path.weakest.map_or("by definition".to_string(), |it| format!("weakest {it} ({})", it.meaning()));
        let title = format!(
            "{}. {} {} {}: {weakest}, {}, {} behind the thinnest step",
            i + 1,
            name(&from),
            match path.sign {
                Some(true) => "raises",
                Some(false) => "lowers",
                None => "changes",
            },
            name(&to),
            count(path.steps.len(), "step"),
            count(path.groups, "independent group"),
        );
        let lines = path.steps.iter().flat_map(|step| step_lines(biology, step, &name)).collect();
        Explanation { title, sections: Vec::new() }.section("Steps", lines)
    };
    let as_json = |path: &evidence::Path| {
        json!({
            "weakest_tier": path.weakest.map(|it| it.word()),
            "groups_behind_thinnest_step": path.groups,
            "sign": path.sign.map(|sign| if sign { "+" } else { "-" }),
            "steps": path.steps.iter().map(|step| json!({
                "from": step.from,
                "to": step.to,
                "tier": step.tier().map(|it| it.word()),
                "sign": step.sign.map(|sign| if sign { "+" } else { "-" }),
                "statements": match &step.reason {
                    Reason::Definition => Vec::new(),
                    Reason::Statements(all) => all.iter().map(|it| it.id.clone()).collect(),
                },
            })).collect::<Vec<Value>>(),
        })
    };
    let all: Vec<Value> = paths.iter().map(as_json).collect();
    Ok(PathsAnswer {
        paths: paths.iter().enumerate().map(explanation).collect(),
        json: serde_json::to_string_pretty(&all).unwrap_or_else(|_| "[]".into()) + "\n",
    })
}

fn step_lines(biology: &Biology, step: &Step, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let sign = match step.sign {
        Some(true) => "+",
        Some(false) => "-",
        None => "?",
    };
    match &step.reason {
        Reason::Definition => vec![format!("{} ({sign}) {}: by definition", name(step.from), name(step.to))],
        Reason::Statements(statements) => statements
            .iter()
            .map(|it| {
                let weight = biology.content.evidence.weigh(it);
                let against = match weight.against.papers {
                    0 => String::new(),
                    papers => format!(", CONTESTED: {} against", count(papers, "paper")),
                };
                format!(
                    "{} ({sign}) {}: {} [{}], {} by {}{against}",
                    name(step.from),
                    name(step.to),
                    it.id,
                    it.tier().map_or("-", |tier| tier.word()),
                    count(weight.supports.papers, "paper"),
                    count(weight.supports.groups.len(), "group"),
                )
            })
            .collect(),
    }
}
