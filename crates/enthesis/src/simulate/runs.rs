//! Many random runs of one model: mean and spread of each column.

use super::columns::Columns;
use super::failure::{failure_report, failure_text};
use super::{Prepared, SimulateRequest, Table, threads};
use crate::Error;
use engine::FailureKind;
use source::{Diagnostic, Place};
use study::Moments;

/// `time,X-mean,X-sd,...` over the runs, which are added in their order: the bytes do not depend on threads.
///
/// # Errors
/// The first run in order that fails, with its number.
pub(super) fn runs(
    prepared: &mut Prepared,
    request: &SimulateRequest,
    count: u64,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Table, Error> {
    let (mut moments, mut done) = (Moments::default(), 0);
    let it = &*prepared;
    study::stream(
        0..count,
        threads(request),
        |run| one(it, run, count),
        |values| -> Result<(), Error> {
            moments.add(&values?);
            done += 1;
            progress(done, count);
            Ok(())
        },
    )?;
    let deviations = moments.standard_deviations();
    if count > 1 && deviations.iter().all(|it| *it == 0.0) {
        let message = format!("all {count} runs are the same: nothing is left to chance");
        let finding = Diagnostic::warning(Place::file("--runs"), message);
        prepared.warnings.push(finding.hint("--method ssa draws every reaction of every molecule"));
    }
    Ok(table(&prepared.columns, &prepared.times, moments.means(), &deviations))
}

/// The columns of one run, row by row.
fn one(it: &Prepared, run: u64, count: u64) -> Result<Vec<f64>, Error> {
    let trajectory = it.solve(&it.condition, run).map_err(|failure| match failure.kind {
        FailureKind::Interrupted => Error::Interrupted,
        // What is wrong from the start is the same in every run.
        FailureKind::NotForJumps(_) => Error::Failed(failure_text(&it.network, &failure, &it.time_unit)),
        _ => {
            let report = failure_report(&it.network, &failure, &it.time_unit);
            Error::Failed(format!("run {} of {count}: {report}\n  note: nothing was written", run + 1))
        }
    })?;
    it.columns.check_sizes(&it.network, &trajectory)?;
    Ok((0..trajectory.times.len()).flat_map(|time| it.columns.read(trajectory.row(time))).collect())
}

fn table(columns: &Columns, times: &[f64], means: &[f64], deviations: &[f64]) -> Table {
    let names = columns.ids().flat_map(|id| [format!("{id}-mean"), format!("{id}-sd")]);
    let header: Vec<String> = std::iter::once("time".to_string()).chain(names).collect();
    let width = columns.ids().count();
    let mut values = Vec::with_capacity(times.len() * header.len());
    for (row, time) in times.iter().enumerate() {
        values.push(*time);
        for i in row * width..(row + 1) * width {
            values.extend([means[i], deviations[i]]);
        }
    }
    Table { header, values }
}
