//! Names of things in public databases, as compact identifiers: `uniprot:P17302`.

use source::{Diagnostic, Diagnostics, Placed, did_you_mean};

/// A name in a public database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// Short name of the database, in lower case.
    pub prefix: String,
    /// Name within it.
    pub local: String,
}

impl Identifier {
    /// `prefix:local`, as written in files.
    pub fn curie(&self) -> String {
        format!("{}:{}", self.prefix, self.local)
    }

    /// A page on the thing, through identifiers.org.
    pub fn url(&self) -> String {
        let local = match database(&self.prefix) {
            // Databases whose own names repeat the prefix.
            Some(it) if it.repeats => format!("{}:{}", self.prefix.to_uppercase(), self.local),
            _ => self.curie(),
        };
        format!("https://identifiers.org/{local}")
    }
}

/// A database whose identifiers are understood.
struct Database {
    prefix: &'static str,
    /// What an identifier looks like, for messages.
    example: &'static str,
    repeats: bool,
    fits: fn(&str) -> bool,
}

/// The patterns are those of the Bioregistry (doi:10.1038/s41597-022-01807-3), read there once and written as code.
const DATABASES: &[Database] = &[
    Database { prefix: "ncbigene", example: "ncbigene:2697", repeats: false, fits: is_number },
    Database { prefix: "hgnc", example: "hgnc:4274", repeats: true, fits: is_number },
    Database { prefix: "mgi", example: "mgi:95713", repeats: true, fits: is_number },
    Database { prefix: "uniprot", example: "uniprot:P17302", repeats: false, fits: is_uniprot },
    Database { prefix: "ensembl", example: "ensembl:ENSMUSG00000050953", repeats: false, fits: is_ensembl },
    Database { prefix: "chebi", example: "chebi:15551", repeats: true, fits: is_number },
    Database { prefix: "mirbase", example: "mirbase:MI0000268", repeats: false, fits: |it| is_coded(it, "MI", 7) },
    Database {
        prefix: "mirbase.mature",
        example: "mirbase.mature:MIMAT0000255",
        repeats: false,
        fits: |it| is_coded(it, "MIMAT", 7),
    },
    Database { prefix: "cl", example: "cl:0000137", repeats: true, fits: |it| is_coded(it, "", 7) },
    Database { prefix: "uberon", example: "uberon:0002481", repeats: true, fits: |it| is_coded(it, "", 7) },
    Database { prefix: "go", example: "go:0001503", repeats: true, fits: |it| is_coded(it, "", 7) },
    Database { prefix: "mondo", example: "mondo:0005298", repeats: true, fits: |it| is_coded(it, "", 7) },
];

fn database(prefix: &str) -> Option<&'static Database> {
    DATABASES.iter().find(|it| it.prefix == prefix)
}

/// Reads identifiers; what does not fit its database is reported with an example that does.
pub(crate) fn read(texts: Vec<Placed<String>>, title: &str, findings: &mut Diagnostics) -> Vec<Identifier> {
    texts.iter().filter_map(|text| one(text, title).map_err(|finding| findings.push(finding)).ok()).collect()
}

fn one(text: &Placed<String>, title: &str) -> Result<Identifier, Diagnostic> {
    let wrong = |message: String| Diagnostic::error(text.place.clone(), message);
    let known = || DATABASES.iter().map(|it| it.prefix);
    let Some((prefix, local)) = text.value.split_once(':') else {
        return Err(wrong(format!("{title} has an identifier without a database: {}", text.value))
            .hint("write `database:name`, for example `uniprot:P17302`"));
    };
    let Some(database) = database(prefix) else {
        let finding = wrong(format!("{title} has an identifier of an unknown database: {}", text.value));
        return Err(match did_you_mean(&prefix.to_lowercase(), known()).first() {
            Some(near) => finding.hint(format!("did you mean `{near}:{local}`?")),
            None => finding.hint(format!("known databases: {}", known().collect::<Vec<_>>().join(", "))),
        });
    };
    if !(database.fits)(local) {
        return Err(wrong(format!("{title} has a malformed identifier: {}", text.value))
            .hint(format!("one of this database reads `{}`", database.example)));
    }
    Ok(Identifier { prefix: prefix.to_string(), local: local.to_string() })
}

fn is_number(text: &str) -> bool {
    (1..=10).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit()) && !text.starts_with('0')
}

/// A fixed beginning and `digits` digits.
fn is_coded(text: &str, beginning: &str, digits: usize) -> bool {
    text.strip_prefix(beginning).is_some_and(|it| it.len() == digits && it.bytes().all(|it| it.is_ascii_digit()))
}

/// `ENSG` or, for a mouse, `ENSMUSG`, and eleven digits.
fn is_ensembl(text: &str) -> bool {
    is_coded(text, "ENSG", 11) || is_coded(text, "ENSMUSG", 11)
}

/// `[OPQ][0-9][A-Z0-9]{3}[0-9]` or `[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2}`.
fn is_uniprot(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes[i].is_ascii_digit();
    let upper = |i: usize| bytes[i].is_ascii_uppercase();
    let either = |i: usize| digit(i) || upper(i);
    if !text.is_ascii() || !matches!(bytes.len(), 6 | 10) || !upper(0) || !digit(1) {
        return false;
    }
    if matches!(bytes[0], b'O' | b'P' | b'Q') {
        return bytes.len() == 6 && (2..5).all(either) && digit(5);
    }
    (2..bytes.len()).step_by(4).all(|i| upper(i) && either(i + 1) && either(i + 2) && digit(i + 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::Place;

    fn check(text: &str, expected: &str) {
        let placed = Placed { value: text.to_string(), place: Place::new("a.toml", 1, 1) };
        let answer = match one(&placed, "signal `x`") {
            Ok(it) => it.url(),
            Err(finding) => finding.to_string(),
        };
        assert_eq!(answer, expected);
    }

    #[test]
    fn known_databases_lead_to_a_page() {
        check("uniprot:P17302", "https://identifiers.org/uniprot:P17302");
        check("uniprot:A0A023GPI8", "https://identifiers.org/uniprot:A0A023GPI8");
        check("hgnc:4274", "https://identifiers.org/HGNC:4274");
        check("cl:0000137", "https://identifiers.org/CL:0000137");
        check("mirbase:MI0000268", "https://identifiers.org/mirbase:MI0000268");
        check("ensembl:ENSMUSG00000050953", "https://identifiers.org/ensembl:ENSMUSG00000050953");
    }

    #[test]
    fn what_does_not_fit_its_database_brings_an_example() {
        for (text, example) in [
            ("uniprot:17302", "uniprot:P17302"),
            ("uniprot:P1730", "uniprot:P17302"),
            ("ncbigene:GJA1", "ncbigene:2697"),
            ("go:1503", "go:0001503"),
            ("mirbase:MIMAT0000255", "mirbase:MI0000268"),
        ] {
            check(
                text,
                &format!(
                    "error: signal `x` has a malformed identifier: {text}\n  at a.toml:1:1\n  \
                     hint: one of this database reads `{example}`"
                ),
            );
        }
    }

    #[test]
    fn an_unknown_database_brings_the_closest() {
        check(
            "UniProt:P17302",
            "error: signal `x` has an identifier of an unknown database: UniProt:P17302\n  at a.toml:1:1\n  \
             hint: did you mean `uniprot:P17302`?",
        );
        check(
            "P17302",
            "error: signal `x` has an identifier without a database: P17302\n  at a.toml:1:1\n  \
             hint: write `database:name`, for example `uniprot:P17302`",
        );
    }
}
