//! `enthesis explain`: what one thing is, does and rests on.

use crate::arguments::ExplainArguments;
use crate::failure::Failure;
use crate::{output, run, table};

/// Explains one id.
pub fn explain(arguments: &ExplainArguments) -> Result<(), Failure> {
    let biology = run::open(arguments.biology.biology.as_deref(), true)?;
    let explanation = enthesis::explain(&biology, &arguments.id)?;
    output::data(&text(&explanation))
}

/// An explanation as text of 80 columns.
pub fn text(explanation: &enthesis::Explanation) -> String {
    let mut text = table::wrapped(&explanation.title, 0);
    for section in &explanation.sections {
        text.push_str(&format!("\n{}\n", section.heading));
        for line in &section.lines {
            text.push_str(&table::hanging(line, 2));
        }
    }
    text
}
