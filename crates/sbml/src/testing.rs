//! Helpers of this crate's tests: models around a snippet of SBML.

use crate::{ReadError, read};
use network::Draft;
use source::{Diagnostics, SourceFile};
use std::sync::Arc;

pub(crate) fn file(text: &str) -> SourceFile {
    SourceFile { path: Arc::from("model.xml"), text: Arc::from(text) }
}

pub(crate) fn level_2(body: &str) -> SourceFile {
    file(&format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"><model id="m">
{body}
</model></sbml>"#
    ))
}

pub(crate) fn level_3(body: &str) -> SourceFile {
    file(&format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="m">
{body}
</model></sbml>"#
    ))
}

/// The draft of a Level 2 Version 4 model; the snippet starts on line 2.
pub(crate) fn read_l2(body: &str) -> Draft {
    expect(read(&level_2(body))).0
}

/// The draft of a Level 3 Version 2 model; the snippet starts on line 2.
pub(crate) fn read_l3(body: &str) -> Draft {
    expect(read(&level_3(body))).0
}

pub(crate) fn expect(result: Result<(Draft, Diagnostics), ReadError>) -> (Draft, Diagnostics) {
    match result {
        Ok(read) => read,
        Err(error) => panic!("{error}"),
    }
}

/// The whole text of an error.
pub(crate) fn error_text(file: &SourceFile) -> String {
    match read(file) {
        Ok(_) => "no error".to_string(),
        Err(error) => error.to_string(),
    }
}
