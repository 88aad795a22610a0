//! `enthesis map`: the map of signals as a figure, a page or a network file.

use crate::arguments::MapArguments;
use crate::failure::Failure;
use crate::{files, output, run};
use enthesis::{MapFormat, MapRequest};

/// Writes the map in the format that the file's ending names; without a file, the counts to stdout.
pub fn map(arguments: &MapArguments) -> Result<(), Failure> {
    let biology = run::open(arguments.biology.biology.as_deref(), true)?;
    let request = MapRequest { signals: arguments.signal.clone(), tier: arguments.tier.clone() };
    let Some(path) = &arguments.output else {
        return output::data(&enthesis::map(&biology, &request, MapFormat::Counts)?);
    };
    let format = files::format_of(path, "the map", &MapFormat::ENDINGS, MapFormat::of_ending)?;
    files::write(path, &enthesis::map(&biology, &request, format)?)?;
    output::talk(arguments.quiet, &format!("wrote {}", path.display()));
    Ok(())
}
