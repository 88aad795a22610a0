//! Papers, from BibTeX.

use biblatex::{Bibliography, ChunksExt, Entry, RawBibliography};
use source::{Diagnostic, Diagnostics, Place, SourceFile};
use std::collections::BTreeMap;

/// A paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Citation key, `firstauthor_year[_suffix]`.
    pub key: String,
    /// Authors' names as `Family, Given`, in the paper's order.
    pub authors: Vec<String>,
    /// Title.
    pub title: String,
    /// Year it appeared.
    pub year: Option<i32>,
    /// Journal, or book or publisher where there is no journal.
    pub journal: String,
    /// Digital object identifier, without `https://doi.org/`.
    pub doi: Option<String>,
    /// PubMed's number.
    pub pmid: Option<String>,
    /// True when the paper was withdrawn.
    pub retracted: bool,
    /// Where it is written.
    pub place: Place,
}

impl Reference {
    /// A page on the paper: its DOI, else PubMed's.
    pub fn url(&self) -> Option<String> {
        let by_doi = self.doi.as_ref().map(|doi| format!("https://doi.org/{doi}"));
        by_doi.or_else(|| self.pmid.as_ref().map(|pmid| format!("https://pubmed.ncbi.nlm.nih.gov/{pmid}/")))
    }

    /// First author and year: `Li 2021`; with `(retracted)` when it is.
    pub fn short_citation(&self) -> String {
        let author = self.authors.first().map_or(&*self.key, |name| name.split(',').next().unwrap_or(name));
        let year = self.year.map_or(String::new(), |year| format!(" {year}"));
        let retracted = if self.retracted { " (retracted)" } else { "" };
        format!("{author}{year}{retracted}")
    }
}

/// Adds the papers of one `.bib` file; false when the file could not be read.
pub(crate) fn read_bib(
    file: &SourceFile,
    references: &mut BTreeMap<String, Reference>,
    findings: &mut Diagnostics,
) -> bool {
    let bibliography = RawBibliography::parse(&file.text).and_then(|raw| {
        // The parsed form forgets where keys are written.
        let places: BTreeMap<String, Place> = raw
            .entries
            .iter()
            .map(|entry| (entry.v.key.v.to_string(), Place::at_byte(file, entry.v.key.span.start)))
            .collect();
        Bibliography::from_raw(raw).map(|bibliography| (bibliography, places))
    });
    let (bibliography, places) = match bibliography {
        Ok(read) => read,
        Err(error) => {
            let place = Place::at_byte(file, error.span.start);
            findings.push(
                Diagnostic::error(place, format!("the file is not valid BibTeX: {}", error.kind))
                    .hint("every entry reads `@article{key, title = {...}, ...}`; no key may occur twice"),
            );
            return false;
        }
    };
    for entry in bibliography.iter() {
        let place = places.get(&entry.key).cloned().unwrap_or_else(|| Place::file(&file.path));
        let reference = reference(entry, place, findings);
        if let Some(first) = references.get(&reference.key) {
            findings.push(
                Diagnostic::error(reference.place, format!("reference `{}` is defined twice", reference.key))
                    .because(format!("it is also defined at {}", first.place))
                    .hint("keep one of the two entries"),
            );
        } else {
            references.insert(reference.key.clone(), reference);
        }
    }
    true
}

fn reference(entry: &Entry, place: Place, findings: &mut Diagnostics) -> Reference {
    let text = |field: &str| entry.get(field).map(|chunks| chunks.format_verbatim().trim().to_string());
    let authors = entry.author().unwrap_or_default().into_iter().map(|person| match person.given_name.as_str() {
        "" => person.name,
        given => format!("{}, {given}", person.name),
    });
    let date = text("date").or_else(|| text("year")).unwrap_or_default();
    let journal = ["journal", "journaltitle", "booktitle", "publisher", "howpublished"].into_iter().find_map(text);
    let pmid = text("pmid").or_else(|| pmid_in_note(&text("note").unwrap_or_default()));
    let reference = Reference {
        key: entry.key.clone(),
        authors: authors.collect(),
        title: text("title").unwrap_or_default(),
        year: date.get(..4).and_then(|year| year.parse().ok()),
        journal: journal.unwrap_or_default(),
        doi: text("doi").map(|doi| bare_doi(&doi).to_string()),
        pmid,
        retracted: text("keywords").is_some_and(|words| words.to_lowercase().contains("retracted")),
        place,
    };
    check(&reference, findings);
    reference
}

/// Can a reader find the paper?
fn check(reference: &Reference, findings: &mut Diagnostics) {
    let key = &reference.key;
    let mut report = |message: String, hint: &str| {
        findings.push(Diagnostic::error(reference.place.clone(), message).hint(hint));
    };
    if let Some(doi) = reference.doi.as_ref().filter(|doi| !is_doi(doi)) {
        report(format!("reference `{key}` has a malformed DOI: {doi}"), "a DOI reads `10.1234/name`");
    }
    if let Some(pmid) = reference.pmid.as_ref().filter(|pmid| !is_pmid(pmid)) {
        report(format!("reference `{key}` has a malformed PMID: {pmid}"), "a PMID is a number of at most eight digits");
    }
    let mut remark = |message: String, hint: &str| {
        findings.push(Diagnostic::warning(reference.place.clone(), message).hint(hint));
    };
    if reference.title.is_empty() {
        remark(format!("reference `{key}` has no title"), "add `title = {...}`");
    }
    if reference.year.is_none() {
        remark(format!("reference `{key}` has no year"), "add `year = {2024}`");
    }
}

fn bare_doi(doi: &str) -> &str {
    ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"]
        .iter()
        .find_map(|prefix| doi.strip_prefix(prefix))
        .unwrap_or(doi)
}

/// `10.`, a registrant of four or more digits, `/`, and something without spaces.
fn is_doi(doi: &str) -> bool {
    let Some((registrant, suffix)) = doi.strip_prefix("10.").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let digits = registrant.split('.').next().unwrap_or("");
    digits.len() >= 4
        && registrant.chars().all(|c| c.is_ascii_digit() || c == '.')
        && !suffix.is_empty()
        && !suffix.contains(char::is_whitespace)
}

fn is_pmid(pmid: &str) -> bool {
    (1..=8).contains(&pmid.len()) && pmid.chars().all(|c| c.is_ascii_digit())
}

/// `PMID 123` or `PMID: 123` in a note.
fn pmid_in_note(note: &str) -> Option<String> {
    let (_, rest) = note.split_once("PMID")?;
    let rest = rest.trim_start_matches([':', ' ', '~']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (BTreeMap<String, Reference>, String) {
        let mut references = BTreeMap::new();
        let mut findings = Diagnostics::new();
        let file = SourceFile { path: "references.bib".into(), text: text.into() };
        read_bib(&file, &mut references, &mut findings);
        (references, findings.to_string())
    }

    #[test]
    fn a_paper_with_a_doi() {
        let (references, findings) = read(
            "@article{li_2021,\n  author = {Li, Guobin and Zhang, Lan},\n  title = {Muscle and {Cx43}},\n  \
             journal = {eLife},\n  year = {2021},\n  doi = {https://doi.org/10.7554/eLife.64423},\n  note = {PMID 34779402}\n}\n",
        );
        assert_eq!(findings, "");
        let paper = &references["li_2021"];
        assert_eq!(paper.short_citation(), "Li 2021");
        assert_eq!(paper.title, "Muscle and Cx43");
        assert_eq!(paper.url().as_deref(), Some("https://doi.org/10.7554/eLife.64423"));
        assert_eq!(paper.pmid.as_deref(), Some("34779402"));
        assert_eq!(paper.authors, ["Li, Guobin", "Zhang, Lan"]);
        assert_eq!(paper.place.to_string(), "references.bib:1:10");
    }

    #[test]
    fn a_retracted_paper_says_so() {
        let (references, _) =
            read("@article{doe_1999, author={Doe, J}, title={T}, year=1999, pmid={123}, keywords={retracted}}");
        let paper = &references["doe_1999"];
        assert!(paper.retracted);
        assert_eq!(paper.short_citation(), "Doe 1999 (retracted)");
        assert_eq!(paper.url().as_deref(), Some("https://pubmed.ncbi.nlm.nih.gov/123/"));
    }

    #[test]
    fn malformed_identifiers_are_named() {
        let (_, findings) = read("@article{a_1, title={T}, year=1999, doi={11.1/x}, pmid={12a}}");
        assert_eq!(
            findings,
            "error: reference `a_1` has a malformed DOI: 11.1/x\n  at references.bib:1:10\n  \
             hint: a DOI reads `10.1234/name`\n\
             error: reference `a_1` has a malformed PMID: 12a\n  at references.bib:1:10\n  \
             hint: a PMID is a number of at most eight digits"
        );
    }

    #[test]
    fn a_broken_file_names_the_line() {
        let (_, findings) = read("@article{a_1, title={T},\n year=1999\n@article{b_2}");
        assert!(findings.starts_with("error: the file is not valid BibTeX: "), "{findings}");
        assert!(findings.contains("at references.bib:3:1"), "{findings}");
    }
}
