//! How much the map holds, and how far it was checked, in Markdown.

use crate::Biology;
use evidence::{Checked, GroupOrigin, Reading, Reference, Statement};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Counts of statements and papers; what was not looked up is named.
pub(super) fn markdown(biology: &Biology, statements: &[&Statement]) -> String {
    let evidence = &biology.content.evidence;
    let items = || statements.iter().flat_map(|it| &it.evidence);
    let papers: BTreeMap<&str, Option<&Reference>> =
        items().map(|it| (it.reference.as_str(), evidence.reference(&it.reference))).collect();
    let signals = evidence.signals().filter(|(signal, _)| {
        statements.iter().any(|it| it.subject.value == signal.id || it.object.value == signal.id)
    });
    let contested: Vec<&Statement> =
        evidence.contested().into_iter().filter(|it| statements.iter().any(|other| other.id == it.id)).collect();
    let modeled = statements.iter().filter(|it| it.not_modeled.is_none()).count();
    let mut text = String::from("# The map in numbers\n\n");
    let _ = writeln!(
        text,
        "Made by `enthesis map --output docs/map.md`.\n\n\
         {} statements about {} signals, {} findings from {} papers by {} groups. {} statements have papers on both \
         sides. {modeled} stand behind a record of the model; each of the other {} says why not.\n",
        statements.len(),
        signals.count(),
        items().count(),
        papers.len(),
        papers.values().flatten().map(|it| it.group().name).collect::<BTreeSet<_>>().len(),
        contested.len(),
        statements.len() - modeled,
    );
    table(
        &mut text,
        "Statements by best tier of support",
        statements.iter().map(|it| {
            evidence.weigh(it).supports.best.map_or("none".to_string(), |tier| format!("{tier} {}", tier.meaning()))
        }),
    );
    table(&mut text, "Statements by direction", statements.iter().map(|it| it.direction.word().replace('_', " ")));
    table(
        &mut text,
        "Statements by the main route of their signal",
        statements.iter().map(|it| {
            evidence.routes_of(it).first().map_or("not a signal".to_string(), |route| route.word().replace('_', " "))
        }),
    );
    table(&mut text, "Findings by organism", items().map(|it| it.organism.clone()));
    table(&mut text, "Findings by stance", items().map(|it| it.stance.word().replace('_', " ")));
    table(
        &mut text,
        "Papers by how their group is known",
        papers.values().flatten().map(|it| {
            match it.group().origin {
                GroupOrigin::Stated => "stated in the .bib file",
                GroupOrigin::LastAuthor => "last author",
                GroupOrigin::FirstAuthor => "first author, because the list is cut",
                GroupOrigin::PaperItself => "authors not seen, counted alone",
            }
            .to_string()
        }),
    );
    checked(&mut text, &papers, statements);
    text.push_str(
        "## Contested statements\n\nThe most evenly divided first; `enthesis evidence ID` shows both sides.\n\n",
    );
    let _ = writeln!(text, "| statement | papers for | groups for | papers against | groups against | balance |");
    let _ = writeln!(text, "|---|---|---|---|---|---|");
    for it in contested {
        let weight = evidence.weigh(it);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {:+.2} |",
            it.id,
            weight.supports.papers,
            weight.supports.groups.len(),
            weight.against.papers,
            weight.against.groups.len(),
            weight.balance()
        );
    }
    text
}

/// A table of how often each word occurs, in alphabetical order.
fn table(text: &mut String, title: &str, words: impl Iterator<Item = String>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    let _ = writeln!(text, "## {title}\n\n| | number |\n|---|---|");
    for (word, count) in counts {
        let _ = writeln!(text, "| {word} | {count} |");
    }
    text.push('\n');
}

/// How far the papers were looked up, and which were not.
fn checked(text: &mut String, papers: &BTreeMap<&str, Option<&Reference>>, statements: &[&Statement]) {
    let seen = |key: &str| {
        let checked = papers.get(key).copied().flatten().and_then(|it| it.checked);
        matches!(checked, Some(Checked::Abstract | Checked::FullText))
    };
    let read = |it: &evidence::EvidenceItem| it.reading == Reading::Read;
    let confirmed = statements
        .iter()
        .filter(|it| !it.evidence.is_empty() && it.evidence.iter().all(|item| seen(&item.reference) && read(item)));
    let partly = statements.iter().filter(|it| it.evidence.iter().any(|item| seen(&item.reference) && read(item)));
    let with_address = papers.values().flatten().filter(|it| it.doi.is_some() || it.pmid.is_some()).count();
    let count = |wanted: Option<Checked>| papers.values().flatten().filter(|it| it.checked == wanted).count();
    let percent = |n: usize, of: usize| format!("{n} of {of} ({:.0} %)", 100.0 * n as f64 / of.max(1) as f64);
    let _ = writeln!(text, "## Looked up\n");
    let _ = writeln!(
        text,
        "`checked` of a paper says what of it was compared with its findings for this map. Papers without it were read \
         when the evidence was collected, but nobody wrote down a second look.\n"
    );
    let _ = writeln!(
        text,
        "- statements of which every paper was looked up and says so: {}\n\
         - statements of which at least one paper was looked up and says so: {}\n\
         - papers by abstract or whole text: {}; by title only: {}; looked for and not found: {}; no second look: {}\n\
         - papers with a DOI or PMID: {}\n",
        percent(confirmed.count(), statements.len()),
        percent(partly.count(), statements.len()),
        count(Some(Checked::Abstract)) + count(Some(Checked::FullText)),
        count(Some(Checked::Title)),
        count(Some(Checked::NotFound)),
        count(None),
        percent(with_address, papers.len()),
    );
    let recalled: BTreeSet<&str> =
        statements.iter().flat_map(|it| &it.evidence).filter(|it| !read(it)).map(|it| it.reference.as_str()).collect();
    list(text, "Findings recalled and not yet read, by paper", recalled.into_iter());
    list(text, "Papers of the map without a second look", papers.keys().copied().filter(|key| !seen(key)));
}

fn list<'a>(text: &mut String, title: &str, keys: impl Iterator<Item = &'a str>) {
    let keys: Vec<&str> = keys.collect();
    let shown = if keys.is_empty() { "none".to_string() } else { keys.join(", ") };
    let _ = writeln!(text, "{title} ({}): {shown}.\n", keys.len());
}
