//! One statement a row.

use super::Map;
use crate::csv::field;

const HEADER: &str = "statement,from,effect,to,sign,tier,contested,direction,leaves_by,organisms,papers_for,groups_for,\
                      papers_against,groups_against,papers,addresses,findings\n";

pub(super) fn table(map: &Map) -> String {
    let mut text = HEADER.to_string();
    for it in &map.edges {
        let sign = it.sign.map_or("", |sign| if sign { "+" } else { "-" });
        let (names, addresses): (Vec<&str>, Vec<&str>) =
            it.papers.iter().map(|(name, address)| (name.as_str(), address.as_str())).unzip();
        let cells = [
            it.id.clone(),
            it.from.clone(),
            it.effect.clone(),
            it.to.clone(),
            sign.to_string(),
            it.tier.clone(),
            it.contested.to_string(),
            it.direction.clone(),
            it.route.clone(),
            it.organisms.join("; "),
            it.supports.0.to_string(),
            it.supports.1.to_string(),
            it.against.0.to_string(),
            it.against.1.to_string(),
            names.join("; "),
            addresses.join(" "),
            it.findings.join(" | "),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| field(cell).to_string()).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}
