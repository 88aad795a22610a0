//! Notes and annotations made anew, in the form that SBML (core, section 6) and MIRIAM (doi:10.1038/nbt1156) ask for.

use crate::xml::legal;
use quick_xml::escape::{escape, partial_escape};
use std::sync::Arc;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const BIOLOGY: &str = "http://biomodels.net/biology-qualifiers/";
const MODEL: &str = "http://biomodels.net/model-qualifiers/";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// What an element has to do with what its annotation points to, in the words of BioModels.net.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// `bqbiol:isPropertyOf`: the element is a number about it.
    IsPropertyOf,
    /// `bqbiol:isDescribedBy`: the biology of the element stands in this paper.
    IsDescribedBy,
    /// `bqbiol:hasTaxon`: the organism.
    HasTaxon,
    /// `bqmodel:isDescribedBy`: the model stands in this paper.
    ModelIsDescribedBy,
}

impl Qualifier {
    fn word(self) -> &'static str {
        match self {
            Self::IsPropertyOf => "bqbiol:isPropertyOf",
            Self::IsDescribedBy => "bqbiol:isDescribedBy",
            Self::HasTaxon => "bqbiol:hasTaxon",
            Self::ModelIsDescribedBy => "bqmodel:isDescribedBy",
        }
    }
}

/// Paragraphs as the notes of an element; nothing for none.
pub fn notes(paragraphs: &[String]) -> Option<Arc<str>> {
    let paragraph = |it: &String| format!("<p xmlns=\"{XHTML}\">{}</p>", partial_escape(legal(it)));
    let text = paragraphs.iter().map(paragraph).collect::<Vec<_>>().join("\n");
    (!text.is_empty()).then(|| Arc::from(text))
}

/// Links as the annotation of the element with a metaid: for each qualifier a bag of addresses, those of identifiers.org
/// for what is in a database. Nothing for no links.
pub fn annotation(metaid: &str, links: &[(Qualifier, Vec<String>)]) -> Option<Arc<str>> {
    let links: Vec<_> = links.iter().filter(|(_, addresses)| !addresses.is_empty()).collect();
    if links.is_empty() {
        return None;
    }
    let mut text = format!(
        "<rdf:RDF xmlns:rdf=\"{RDF}\" xmlns:bqbiol=\"{BIOLOGY}\" xmlns:bqmodel=\"{MODEL}\"><rdf:Description rdf:about=\"#{metaid}\">"
    );
    for (qualifier, addresses) in links {
        let word = qualifier.word();
        text.push_str(&format!("<{word}><rdf:Bag>"));
        for address in addresses {
            text.push_str(&format!("<rdf:li rdf:resource=\"{}\"/>", escape(legal(address))));
        }
        text.push_str(&format!("</rdf:Bag></{word}>"));
    }
    text.push_str("</rdf:Description></rdf:RDF>");
    Some(Arc::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{expect, file};
    use crate::{Edition, read, write};
    use network::{Draft, Remark, Thing};

    #[test]
    fn what_is_made_is_read_back_as_it_is() {
        let links = [
            (Qualifier::HasTaxon, vec!["https://identifiers.org/taxonomy:9606".to_string()]),
            (Qualifier::IsPropertyOf, Vec::new()),
            (Qualifier::IsDescribedBy, vec!["https://identifiers.org/doi:10.1000/a<b>&c".to_string()]),
        ];
        let remark = Remark {
            metaid: Some("meta_m".into()),
            notes: notes(&["1 < 2 & so on".to_string(), "More.".to_string()]),
            annotation: annotation("meta_m", &links),
            ..Remark::default()
        };
        let mut draft = Draft { id: "m".into(), ..Draft::default() };
        draft.remarks.insert(Thing::Model.into(), remark);
        let text = write(&draft, Edition::Level3Version2).expect("it can be written");
        assert!(text.contains("<p xmlns=\"http://www.w3.org/1999/xhtml\">1 &lt; 2 &amp; so on</p>"), "{text}");
        assert!(text.contains("rdf:resource=\"https://identifiers.org/doi:10.1000/a&lt;b&gt;&amp;c\""), "{text}");
        assert!(!text.contains("isPropertyOf"), "{text}");
        let again = write(&expect(read(&file(&text))).0, Edition::Level3Version2).expect("it can be written");
        assert_eq!(again, text);
    }

    #[test]
    fn nothing_said_is_nothing_written() {
        assert_eq!((notes(&[]), annotation("m", &[(Qualifier::HasTaxon, Vec::new())])), (None, None));
    }
}
