//! How well the Ten Rules of credible practice are kept, by our own judgment.

use super::made_by;
use crate::{Biology, Error};
use physiology::{Conformance, TEN_RULES};
use report::{Cell, Document, DocumentSection};

const HEADER: [&str; 6] = ["Rule", "What it asks", "Score", "Why not less", "What is missing", "See"];

pub(super) fn document(biology: &Biology) -> Result<Document, Error> {
    let rules = &biology.content.credibility.rules;
    if rules.is_empty() {
        return Err(Error::argument(
            "--biology",
            "the biology does not say how it keeps the ten rules",
            "write credibility.toml; docs/biology-format.md says how",
        ));
    }
    let row = |it: &physiology::KeptRule| {
        vec![
            Cell::text(it.number.to_string()),
            Cell::text(TEN_RULES[it.number - 1]),
            Cell::text(format!("{} {}", it.conformance.score(), it.conformance)),
            Cell::text(&*it.reason),
            Cell::text(&*it.missing),
            Cell::text(it.see.join(", ")),
        ]
    };
    let sum: usize = rules.iter().map(|it| it.conformance.score()).sum();
    let scale = Conformance::ALL.iter().map(|it| format!("{} {it}", it.score())).collect::<Vec<_>>().join(", ");
    let section = DocumentSection {
        title: "Rules".to_string(),
        header: HEADER.map(str::to_string).to_vec(),
        rows: rules.iter().map(row).collect(),
        ..DocumentSection::default()
    };
    Ok(Document {
        title: format!("{}: the Ten Rules of credible practice", biology.content.name),
        about: vec![
            format!(
                "The rules are those of Erdemir 2020 (https://doi.org/10.1186/s12967-020-02540-4), the scale that of \
                 Manchel 2025 (https://doi.org/10.1371/journal.pone.0313711): {scale}."
            ),
            format!(
                "{sum} of {} points. The authors judge themselves: read the score as a list of what is missing.",
                4 * TEN_RULES.len()
            ),
        ],
        sections: vec![section],
        made_by: made_by(biology),
    })
}
