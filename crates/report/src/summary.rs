//! The answer for machines.

use crate::{DISCLAIMER, Findings, ScenarioFindings};
use serde::Serialize;

#[derive(Serialize)]
struct Summary<'a> {
    note: &'static str,
    scenarios: Vec<ScenarioSummary<'a>>,
    numbers: Vec<crate::BasisShares>,
    warnings: &'a [String],
    provenance: &'a crate::Provenance,
}

#[derive(Serialize)]
struct ScenarioSummary<'a> {
    id: &'a str,
    name: &'a str,
    organism: &'a str,
    duration_days: f64,
    end_points: Vec<EndPointSummary<'a>>,
    links: Vec<LinkSummary<'a>>,
}

#[derive(Serialize)]
struct EndPointSummary<'a> {
    variable: &'a str,
    name: &'a str,
    tissue: String,
    arm: &'a str,
    hypothesis: &'a str,
    from: f64,
    to: f64,
    unit: &'a str,
    change: f64,
    change_unit: &'a str,
    lower: Option<f64>,
    upper: Option<f64>,
    separable_from_reference: Option<bool>,
}

#[derive(Serialize)]
struct LinkSummary<'a> {
    id: &'a str,
    tier: &'a str,
    on: bool,
}

/// End points, links and warnings as one JSON object. Numbers are in full, unlike in the tables.
pub(crate) fn json(findings: &Findings) -> String {
    let summary = Summary {
        note: DISCLAIMER,
        scenarios: findings.scenarios.iter().map(scenario).collect(),
        numbers: findings.organisms.iter().map(crate::OrganismFindings::shares).collect(),
        warnings: &findings.warnings,
        provenance: &findings.provenance,
    };
    let mut text = serde_json::to_string_pretty(&summary).unwrap_or_else(|_| "{}".into());
    text.push('\n');
    text
}

fn scenario(it: &ScenarioFindings) -> ScenarioSummary<'_> {
    let end_points = it
        .end_points
        .iter()
        .map(|point| {
            let variable = &it.variables[point.variable];
            EndPointSummary {
                variable: &variable.id,
                name: &variable.name,
                tissue: variable.group.word().to_lowercase(),
                arm: &it.arms[point.arm].id,
                hypothesis: &it.hypotheses[point.hypothesis].id,
                from: point.from,
                to: point.to,
                unit: &variable.unit,
                change: point.change,
                change_unit: point.scale.unit(&variable.unit),
                lower: point.interval.map(|it| it.lower),
                upper: point.interval.map(|it| it.upper),
                separable_from_reference: point.separable,
            }
        })
        .collect();
    let links = it
        .links
        .iter()
        .map(|link| LinkSummary { id: &link.named.id, tier: &link.tier, on: link.on.first().copied().unwrap_or(false) })
        .collect();
    ScenarioSummary {
        id: &it.named.id,
        name: &it.named.name,
        organism: &it.organism,
        duration_days: it.duration_days,
        end_points,
        links,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Report, examples};

    #[test]
    fn machines_get_names_numbers_and_units() {
        let json: serde_json::Value =
            serde_json::from_str(&Report::new(examples::findings()).json()).expect("it is JSON");
        let first = &json["scenarios"][0]["end_points"][0];
        assert_eq!(first["variable"], "bmd_total_hip");
        assert_eq!(first["change_unit"], "%");
        assert_eq!(first["lower"], -3.9);
        assert_eq!(json["scenarios"][0]["links"][0]["on"], true);
        assert_eq!(json["numbers"][0]["by_basis"][0], serde_json::json!(["measured", 1]));
    }
}
