//! Papers, from BibTeX.

use biblatex::{Bibliography, ChunksExt, Entry, RawBibliography};
use source::{Diagnostic, Diagnostics, Place, SourceFile, did_you_mean, words};
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
    /// What of the paper was looked up when its findings were checked; absent when nobody wrote it down.
    pub checked: Option<Checked>,
    /// The laboratories behind the paper, when somebody wrote them down; see [`Reference::group`].
    pub stated_group: Option<String>,
    /// Where it is written.
    pub place: Place,
}

words! {
    /// What of a paper was looked up when its findings were checked.
    Checked {
        /// The whole text.
        FullText = "full_text",
        /// The abstract, and it says what the statement says.
        Abstract = "abstract",
        /// Title and authors only.
        Title = "title",
        /// Looked for and not found.
        NotFound = "not_found",
    }
}

/// Whose work a paper is, so that two papers of one laboratory count once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// For people: `Brotto M`.
    pub name: String,
    /// How it is known.
    pub origin: GroupOrigin,
}

words! {
    /// How the group of a paper is known.
    GroupOrigin {
        /// Written down in the `.bib` file: laboratories that publish together.
        Stated = "stated",
        /// The last author leads the laboratory.
        LastAuthor = "last author",
        /// The list of authors is cut short, so the first stands for it.
        FirstAuthor = "first author, list cut",
        /// No author is known: the paper stands for itself.
        PaperItself = "authors not seen",
    }
}

impl Reference {
    /// Whose work the paper is: `group` of its entry, else its last author, else, when the list of authors ends in
    /// `and others`, its first.
    pub fn group(&self) -> Group {
        if let Some(name) = &self.stated_group {
            return Group { name: name.clone(), origin: GroupOrigin::Stated };
        }
        let is_cut = self.authors.last().is_some_and(|last| last == "others");
        let (author, origin) = match (self.authors.first(), self.authors.last()) {
            (Some(first), _) if is_cut => (first, GroupOrigin::FirstAuthor),
            (_, Some(last)) => (last, GroupOrigin::LastAuthor),
            _ => return Group { name: self.key.clone(), origin: GroupOrigin::PaperItself },
        };
        if author == "Authors not seen" {
            return Group { name: self.key.clone(), origin: GroupOrigin::PaperItself };
        }
        let (family, given) = author.split_once(", ").unwrap_or((author, ""));
        let initial: String = given.chars().take(1).collect();
        Group { name: format!("{family} {initial}").trim_end().to_string(), origin }
    }

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

/// No field of a reference nests more than a few; the parser recurses into each.
const DEEPEST_BRACES: usize = 50;

/// Where braces nest too deeply.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut escaped) = (0_usize, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' if depth == DEEPEST_BRACES => return Some(offset),
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Adds the papers of one `.bib` file; false when the file could not be read.
pub(crate) fn read_bib(
    file: &SourceFile,
    references: &mut BTreeMap<String, Reference>,
    findings: &mut Diagnostics,
) -> bool {
    if let Some(offset) = too_deep(&file.text) {
        let place = Place::at_byte(file, offset);
        let message = format!("braces nest more than {DEEPEST_BRACES} deep");
        findings.push(Diagnostic::error(place, message).because("a closing brace is missing before").hint("close it"));
        return false;
    }
    // The parser follows abbreviations without end when they name each other.
    if let Some(offset) = file.text.to_ascii_lowercase().find("@string") {
        let finding = Diagnostic::error(Place::at_byte(file, offset), "abbreviations (`@string`) are not read");
        findings.push(finding.hint("write the text out where it is used"));
        return false;
    }
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
        checked: text("checked").and_then(|word| checked(&entry.key, &word, &place, findings)),
        stated_group: text("group"),
        place,
    };
    check(&reference, findings);
    reference
}

/// The word of a closed list.
fn checked(key: &str, word: &str, place: &Place, findings: &mut Diagnostics) -> Option<Checked> {
    let found = Checked::ALL.iter().copied().find(|it| it.word() == word);
    if found.is_none() {
        let known: Vec<&str> = Checked::ALL.iter().map(|it| it.word()).collect();
        let finding = Diagnostic::error(place.clone(), format!("`checked` of reference `{key}` is unknown: {word}"));
        findings.push(match did_you_mean(word, known.iter().copied()).first() {
            Some(near) => finding.hint(format!("did you mean `{near}`?")),
            None => finding.hint(format!("write one of: {}", known.join(", "))),
        });
    }
    found
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
    fn the_group_is_stated_or_the_last_author_or_the_first_of_a_cut_list() {
        let (references, findings) = read(
            "@article{a_1, author={Li, Guobin and Xu, Huiyun}, title={T}, year=2021}\n\
             @article{b_1, author={Cherian, Priscilla P. and others}, title={T}, year=2005}\n\
             @article{c_1, author={Xu, Huiyun and others}, title={T}, year=2015, group={Jiang J}}\n\
             @article{d_1, author={{Authors not seen}}, title={T}, year=2015, checked={abstrat}}\n",
        );
        let group = |key: &str| {
            let group = references[key].group();
            format!("{} ({})", group.name, group.origin)
        };
        assert_eq!(group("a_1"), "Xu H (last author)");
        assert_eq!(group("b_1"), "Cherian P (first author, list cut)");
        assert_eq!(group("c_1"), "Jiang J (stated)");
        assert_eq!(group("d_1"), "d_1 (authors not seen)");
        assert_eq!(
            findings,
            "error: `checked` of reference `d_1` is unknown: abstrat\n  at references.bib:4:10\n  \
             hint: did you mean `abstract`?"
        );
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
