//! Texts about the model for people, in sections with tables: as Markdown, as a page, or as one table of all rows.

use crate::{Citation, DISCLAIMER, page};
use serde::Serialize;
use std::fmt::Write;

const TEMPLATE: &str = include_str!("document.html");

/// A text about the model.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Document {
    /// What it is.
    pub title: String,
    /// Paragraphs before the first section.
    pub about: Vec<String>,
    #[allow(missing_docs)]
    pub sections: Vec<DocumentSection>,
    /// Program, biology and fingerprint that it was made from.
    pub made_by: String,
}

/// A part of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DocumentSection {
    #[allow(missing_docs)]
    pub title: String,
    /// Paragraphs.
    pub text: Vec<String>,
    /// Short texts, one below the other.
    pub points: Vec<String>,
    /// Titles of the columns of `rows`.
    pub header: Vec<String>,
    /// Cells by row, as many in each as the header has.
    pub rows: Vec<Vec<Cell>>,
    /// Lines to be shown as they are.
    pub lines: String,
}

/// One place of a table: a text, or papers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    #[allow(missing_docs)]
    pub text: String,
    /// Shown after the text.
    pub papers: Vec<Citation>,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), papers: Vec::new() }
    }

    /// Papers, with links.
    pub fn papers(papers: Vec<Citation>) -> Self {
        Self { text: String::new(), papers }
    }

    /// Text and papers, each paper by `paper`, with `between` between them.
    fn shown(&self, between: &str, paper: impl Fn(&Citation) -> String) -> String {
        let text = (!self.text.is_empty()).then(|| self.text.clone());
        text.into_iter().chain(self.papers.iter().map(paper)).collect::<Vec<_>>().join(between)
    }
}

impl Document {
    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n{DISCLAIMER}\n", self.title);
        self.about.iter().for_each(|it| text.push_str(&format!("\n{it}\n")));
        for section in &self.sections {
            let _ = write!(text, "\n## {}\n", section.title);
            section.text.iter().for_each(|it| text.push_str(&format!("\n{it}\n")));
            if !section.points.is_empty() {
                text.push('\n');
                section.points.iter().for_each(|it| text.push_str(&format!("- {it}\n")));
            }
            if !section.rows.is_empty() {
                let _ =
                    write!(text, "\n| {} |\n|{}\n", section.header.join(" | "), "---|".repeat(section.header.len()));
            }
            for row in &section.rows {
                let cells = row.iter().map(|cell| cell.shown(", ", markdown_link).replace('|', "\\|"));
                let _ = writeln!(text, "| {} |", cells.collect::<Vec<_>>().join(" | "));
            }
            if !section.lines.is_empty() {
                let _ = write!(text, "\n```\n{}\n```\n", section.lines.trim_end());
            }
        }
        let _ = write!(text, "\n{}\n", self.made_by);
        text
    }

    /// As a page that stands alone.
    pub fn html(&self) -> String {
        page::rendered(TEMPLATE, &View { document: self, disclaimer: DISCLAIMER })
    }

    /// All rows as one table, with the title of their section first and papers as `Eudy 2015 https://doi.org/...`; nothing
    /// when the sections have different columns, or none.
    pub fn tsv(&self) -> Option<String> {
        let with_rows = || self.sections.iter().filter(|section| !section.rows.is_empty());
        let header = &with_rows().next()?.header;
        if with_rows().any(|section| section.header != *header) {
            return None;
        }
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut text = format!("section\t{}\n", header.join("\t"));
        for section in with_rows() {
            for row in &section.rows {
                let cells = row.iter().map(|cell| plain(&cell.shown("; ", named_address)));
                let _ = writeln!(text, "{}\t{}", plain(&section.title), cells.collect::<Vec<_>>().join("\t"));
            }
        }
        Some(text)
    }
}

#[derive(Serialize)]
struct View<'a> {
    document: &'a Document,
    disclaimer: &'static str,
}

fn markdown_link(it: &Citation) -> String {
    let retracted = if it.retracted { " (retracted)" } else { "" };
    match &it.url {
        Some(url) => format!("[{}]({url}){retracted}", it.text),
        None => format!("{}{retracted}", it.text),
    }
}

fn named_address(it: &Citation) -> String {
    let retracted = if it.retracted { " (retracted)" } else { "" };
    format!("{}{retracted} {}", it.text, it.url.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        let paper = Citation {
            text: "Eudy 2015".into(),
            url: Some("https://doi.org/10.1000/example".into()),
            ..Citation::default()
        };
        let rows = vec![vec![Cell::text("a | b"), Cell::papers(vec![paper])]];
        let header = vec!["Name".to_string(), "Sources".to_string()];
        let table = DocumentSection { title: "Numbers".into(), header, rows, ..DocumentSection::default() };
        let points = vec!["<one>".to_string(), "two".to_string()];
        let list = DocumentSection { title: "Limits".into(), points, ..DocumentSection::default() };
        Document {
            title: "An example".into(),
            about: vec!["About it.".into()],
            sections: vec![table, list],
            made_by: "Made by a test.".into(),
        }
    }

    #[test]
    fn markdown_has_headings_tables_lists_and_links() {
        assert_eq!(
            document().markdown(),
            "# An example\n\nResearch use only. Not for decisions about patients.\n\nAbout it.\n\n## Numbers\n\n\
             | Name | Sources |\n|---|---|\n| a \\| b | [Eudy 2015](https://doi.org/10.1000/example) |\n\n## Limits\n\n\
             - <one>\n- two\n\nMade by a test.\n"
        );
    }

    #[test]
    fn a_page_escapes_what_people_wrote() {
        let page = document().html().replace("&#x2f;", "/");
        for text in ["&lt;one&gt;", r#"href="https://doi.org/10.1000/example""#, "Research use only"] {
            assert!(page.contains(text), "{text:?} is missing: {page}");
        }
        assert!(!page.contains("internal error"), "{page}");
    }

    #[test]
    fn rows_of_all_sections_are_one_table_when_their_columns_are_the_same() {
        let mut document = document();
        let expected = "section\tName\tSources\nNumbers\ta | b\tEudy 2015 https://doi.org/10.1000/example\n";
        assert_eq!(document.tsv().as_deref(), Some(expected));
        document.sections[1].header = vec!["Other".to_string()];
        document.sections[1].rows = vec![vec![Cell::text("x")]];
        assert_eq!(document.tsv(), None);
    }
}
