//! `report.html`: one file with everything in it, readable without a network.

use crate::{
    Answer, Basis, Citation, DISCLAIMER, EvidenceItem, Findings, Link, OrganismFindings, ScenarioFindings, Stance,
    answers, figures, number,
};
use minijinja::{Environment, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");

/// The page of a report. Every text is escaped by the template; only figures, which escape their own texts, go in raw.
pub(crate) fn page(findings: &Findings) -> String {
    rendered(TEMPLATE, &PageView::of(findings))
}

/// A page made from a template of ours and what it shows, in the style of all pages.
pub(crate) fn rendered(template: &str, view: &impl Serialize) -> String {
    let mut environment = Environment::new();
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.add_filter("number", |value: f64| number::plain(value));
    environment.add_filter("share", |value: Option<f64>| crate::validation_share(value));
    environment.add_filter("figure", |value: Option<f64>| crate::validation_figure(value));
    let rendered = environment
        .add_template("style.css", STYLE)
        .and_then(|()| environment.add_template("page.html", template))
        .and_then(|()| environment.get_template("page.html"))
        .and_then(|template| template.render(Serde(view)));
    // The template is ours and its context complete: a failure here is our mistake and must be seen, not hidden.
    rendered.unwrap_or_else(|error| format!("internal error, please report it: the page of the report: {error:#}\n"))
}

#[derive(Serialize)]
struct PageView<'a> {
    title: String,
    disclaimer: &'static str,
    scenarios: Vec<ScenarioView>,
    across: Option<AcrossView>,
    organisms: Vec<OrganismView>,
    warnings: &'a [String],
    provenance: &'a crate::Provenance,
    provenance_json: String,
}

impl<'a> PageView<'a> {
    fn of(findings: &'a Findings) -> Self {
        let names: Vec<&str> = findings.scenarios.iter().map(|it| it.named.name.as_str()).collect();
        Self {
            title: names.join(" and "),
            disclaimer: DISCLAIMER,
            scenarios: findings.scenarios.iter().map(|it| scenario(it, findings)).collect(),
            across: across(findings),
            organisms: findings.organisms.iter().map(organism).collect(),
            warnings: &findings.warnings,
            provenance: &findings.provenance,
            provenance_json: findings.provenance.json(),
        }
    }
}

#[derive(Serialize)]
struct ScenarioView {
    id: String,
    name: String,
    about: String,
    organism: String,
    duration: String,
    arms: Vec<NamedView>,
    hypotheses: Vec<NamedView>,
    sources: Vec<CitationView>,
    answers: Vec<Answer>,
    others: Vec<Answer>,
    figures: Vec<FigureView>,
    links: Vec<LinkView>,
    links_on: usize,
    tiers: String,
    varied: usize,
    joint: usize,
    held: Vec<String>,
}

#[derive(Serialize)]
struct NamedView {
    id: String,
    name: String,
    about: String,
}

#[derive(Serialize)]
struct FigureView {
    file: String,
    caption: String,
    svg: String,
}

#[derive(Serialize)]
struct CitationView {
    text: String,
    title: String,
    url: Option<String>,
    retracted: bool,
}

#[derive(Serialize)]
struct LinkView {
    id: String,
    name: String,
    note: String,
    direction: String,
    kind: String,
    acts_on: String,
    tier: String,
    on: bool,
    /// `arm: value` at the end, in the model as it stands.
    ends: Vec<String>,
    sources: Vec<CitationView>,
    supports: usize,
    against: usize,
    statements: Vec<StatementView>,
}

#[derive(Serialize)]
struct StatementView {
    sentence: String,
    note: String,
    supports: Vec<ItemView>,
    against: Vec<ItemView>,
}

#[derive(Serialize)]
struct ItemView {
    stance: &'static str,
    tier: String,
    organism: String,
    finding: String,
    citation: CitationView,
    read: bool,
}

#[derive(Serialize)]
struct OrganismView {
    organism: String,
    equations_file: String,
    shares: Vec<ShareView>,
    count: usize,
    parameters: Vec<ParameterView>,
}

#[derive(Serialize)]
struct ShareView {
    word: &'static str,
    count: usize,
    percent: String,
}

#[derive(Serialize)]
struct ParameterView {
    id: String,
    name: String,
    note: String,
    module: String,
    value: String,
    unit: String,
    range: String,
    basis: &'static str,
    sources: Vec<CitationView>,
    place: String,
}

/// Changes of read-outs that several scenarios share, side by side.
#[derive(Serialize)]
struct AcrossView {
    columns: Vec<String>,
    rows: Vec<AcrossRow>,
}

#[derive(Serialize)]
struct AcrossRow {
    group: &'static str,
    opens_group: bool,
    name: String,
    cells: Vec<Option<crate::AnswerChange>>,
}

fn scenario(it: &ScenarioFindings, findings: &Findings) -> ScenarioView {
    let named = |all: &[crate::Named]| {
        let view = |it: &crate::Named| NamedView { id: it.id.clone(), name: it.name.clone(), about: it.about.clone() };
        all.iter().map(view).collect()
    };
    let main = answers(it, true);
    let all = answers(it, false);
    let others = all
        .into_iter()
        .zip(&main)
        .map(|(mut all, main)| {
            all.rows.retain(|row| main.rows.iter().all(|shown| shown.id != row.id));
            mark_group_openings(&mut all);
            all
        })
        .filter(|answer| !answer.rows.is_empty())
        .collect();
    let file = |figure: &crate::Figure| format!("{}_{}.svg", it.named.id, figure.id);
    let links: Vec<LinkView> = it.links.iter().map(|each| link(each, it, findings)).collect();
    ScenarioView {
        id: it.named.id.clone(),
        name: it.named.name.clone(),
        about: it.about.clone(),
        organism: it.organism.clone(),
        duration: number::duration(it.duration_days),
        arms: named(&it.arms),
        hypotheses: named(&it.hypotheses),
        sources: it.sources.iter().map(citation).collect(),
        answers: main,
        others,
        figures: figures(it)
            .into_iter()
            .map(|figure| FigureView { file: file(&figure), caption: figure.caption, svg: figure.svg })
            .collect(),
        links_on: links.iter().filter(|it| it.on).count(),
        tiers: tiers(&links),
        links,
        varied: it.varied.len(),
        joint: it.joint.len(),
        held: it.held.clone(),
    }
}

fn mark_group_openings(answer: &mut Answer) {
    let mut before = "";
    for row in &mut answer.rows {
        row.opens_group = row.group != before;
        before = row.group;
    }
}

/// For example `T1 1, T3 4, T4 2`, over the links that are on.
fn tiers(links: &[LinkView]) -> String {
    let count = |tier: &str| links.iter().filter(|it| it.on && it.tier == tier).count();
    let words: Vec<String> = ["T1", "T2", "T3", "T4", "T5"]
        .into_iter()
        .filter(|tier| count(tier) > 0)
        .map(|tier| format!("{tier}: {}", count(tier)))
        .collect();
    words.join(", ")
}

fn link(it: &Link, scenario: &ScenarioFindings, findings: &Findings) -> LinkView {
    let statements: Vec<StatementView> =
        it.statements.iter().filter_map(|i| findings.statements.get(*i)).map(statement).collect();
    let variable = scenario.variables.iter().position(|variable| variable.id == it.named.id);
    let ends = (0..scenario.arms.len())
        .filter_map(|arm| {
            let last = *scenario.curve(variable?, arm, 0)?.values.last()?;
            let value = number::plain(last);
            Some(if scenario.arms.len() > 1 { format!("{}: {value}", scenario.arms[arm].name) } else { value })
        })
        .collect();
    LinkView {
        id: it.named.id.clone(),
        name: it.named.name.clone(),
        note: it.named.about.clone(),
        direction: it.direction.clone(),
        kind: it.kind.clone(),
        acts_on: it.acts_on.clone(),
        tier: it.tier.clone(),
        on: it.on.first().copied().unwrap_or(false),
        ends,
        sources: it.sources.iter().map(citation).collect(),
        supports: statements.iter().map(|it| it.supports.len()).sum(),
        against: statements.iter().map(|it| it.against.len()).sum(),
        statements,
    }
}

fn statement(it: &crate::Statement) -> StatementView {
    let of = |supports: bool| {
        it.items.iter().filter(|item| (item.stance == Stance::Supports) == supports).map(item).collect()
    };
    StatementView { sentence: it.sentence.clone(), note: it.note.clone(), supports: of(true), against: of(false) }
}

fn item(it: &EvidenceItem) -> ItemView {
    ItemView {
        stance: it.stance.word(),
        tier: it.tier.clone(),
        organism: it.organism.clone(),
        finding: it.finding.clone(),
        citation: citation(&it.citation),
        read: it.read,
    }
}

fn citation(it: &Citation) -> CitationView {
    CitationView { text: it.text.clone(), title: it.title.clone(), url: it.url.clone(), retracted: it.retracted }
}

fn organism(it: &OrganismFindings) -> OrganismView {
    let all = it.shares();
    let share = |&(basis, count): &(Basis, usize)| ShareView {
        word: basis.word(),
        count,
        percent: format!("{:.0}", all.percent(count)),
    };
    let shares = all.by_basis.iter().map(share).collect();
    let parameters = it
        .parameters
        .iter()
        .map(|parameter| ParameterView {
            id: parameter.named.id.clone(),
            name: parameter.named.name.clone(),
            note: parameter.named.about.clone(),
            module: parameter.module.clone(),
            value: parameter.value.clone(),
            unit: parameter.unit.clone(),
            range: parameter.range.clone(),
            basis: parameter.basis.word(),
            sources: parameter.sources.iter().map(citation).collect(),
            place: parameter.place.clone(),
        })
        .collect();
    let equations_file = crate::equations_file(&it.organism);
    OrganismView { organism: it.organism.clone(), equations_file, shares, count: all.parameters, parameters }
}

fn across(findings: &Findings) -> Option<AcrossView> {
    if findings.scenarios.len() < 2 {
        return None;
    }
    let mut columns = Vec::new();
    let mut answered = Vec::new();
    for scenario in &findings.scenarios {
        for (arm, answer) in scenario.answered_arms().zip(answers(scenario, true)) {
            let several = scenario.answered_arms().len() > 1;
            let name = &scenario.named.name;
            columns.push(if several { format!("{name}: {}", scenario.arms[arm].name) } else { name.clone() });
            answered.push(answer);
        }
    }
    let mut rows: Vec<AcrossRow> = Vec::new();
    for group in crate::Group::READOUTS {
        let mut seen: Vec<&str> = Vec::new();
        for row in answered.iter().flat_map(|answer| &answer.rows).filter(|row| row.group == group.word()) {
            if seen.contains(&row.id.as_str()) {
                continue;
            }
            let opens_group = seen.is_empty();
            seen.push(&row.id);
            let cells = answered
                .iter()
                .map(|answer| answer.rows.iter().find(|it| it.id == row.id).map(|it| it.changes[0].clone()))
                .collect();
            rows.push(AcrossRow { group: group.word(), opens_group, name: row.name.clone(), cells });
        }
    }
    Some(AcrossView { columns, rows })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        for text in expected {
            assert!(page.contains(text), "{text:?} is missing from the page");
        }
    }

    #[test]
    fn the_page_answers_with_interval_and_rivals() {
        let page = page(&examples::findings());
        check(&page, &["Bed rest, 60 days", "-3.1 %", "-3.9 to -2.2", "no_crosstalk", "load_only", "in the model"]);
        check(&page, &["Research use only. Not for decisions about patients."]);
        assert!(!page.contains("internal error"), "{page}");
        assert!(!page.to_lowercase().contains("proves"), "a model proves nothing");
    }

    #[test]
    fn both_sides_of_the_evidence_are_shown_and_retractions_marked() {
        let page = page(&examples::findings()).replace("&#x2f;", "/");
        check(&page, &["fusion index down by a third", "muscle mass unchanged", "no effect seen", "retracted"]);
        check(&page, &[r#"href="https://doi.org/10.1000/example""#]);
    }

    #[test]
    fn parameters_show_value_unit_basis_range_and_source() {
        let page = page(&examples::findings()).replace("&#x2f;", "/");
        check(
            &page,
            &["sclerostin_half_life", "20 to 90", "measured", "Eudy 2015", "signals/sclerostin.model.toml:12"],
        );
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let page = page(&examples::findings());
        for tag in ["<script", "<link", "src=", "@import", "url("] {
            assert!(!page.contains(tag), "{tag} in a page that must stand alone");
        }
    }

    #[test]
    fn texts_of_people_cannot_become_markup() {
        let page = page(&examples::findings());
        check(&page, &["A title with &lt;tags&gt; &amp; signs", "an example &lt;warning&gt;"]);
    }

    #[test]
    fn several_scenarios_are_compared_side_by_side() {
        let mut findings = examples::findings();
        findings.scenarios.push(examples::knockout());
        check(&page(&findings), &["Scenarios side by side", "Muscle mass", "Fiber area"]);
    }
}
