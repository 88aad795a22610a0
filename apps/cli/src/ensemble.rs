//! `enthesis simulate --ensemble`: members streamed to disk, in order, going on where an interrupted run stopped.

use crate::arguments::SimulateArguments;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Bar;
use crate::unfinished::Unfinished;
use crate::{files, output, run};
use enthesis::{Ensemble, SimulateRequest, SolvedMember};
use std::path::Path;
use std::time::{Duration, Instant};

/// Solves every member of the table.
pub fn ensemble(
    arguments: &SimulateArguments,
    table: &Path,
    request: &SimulateRequest,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    let model = files::read_model(&arguments.model)?;
    let ensemble = Ensemble::new(&model, request, files::open(table)?, &files::shown(table))?;
    run::tell_warnings(ensemble.warnings(), arguments.quiet);
    let tally = Tally::new(arguments.quiet, ensemble.members());
    match &arguments.output {
        Some(path) => to_file(arguments.quiet, &ensemble, table, path, tally, interrupt),
        None => to_stdout(arguments.quiet, &ensemble, table, tally),
    }
}

/// Lines to stdout, failures to stderr.
fn to_stdout(quiet: bool, ensemble: &Ensemble, table: &Path, mut tally: Tally) -> Result<(), Failure> {
    output::data(&ensemble.header())?;
    ensemble.solve(files::open(table)?, 0, |member| {
        if let Some(reason) = &member.failure {
            output::talk(false, &format!("member {}: {reason}", member.number));
        }
        output::data(&member.lines)?;
        tally.count(&member);
        Ok::<(), Failure>(())
    })?;
    tally.tell(quiet, "", ensemble.members());
    Ok(())
}

/// Lines and failures to two files, which take their names when all is done.
fn to_file(
    quiet: bool,
    ensemble: &Ensemble,
    table: &Path,
    path: &Path,
    mut tally: Tally,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    let (mut unfinished, done) = Unfinished::open(path, ensemble.question(), &ensemble.header())?;
    if done > 0 {
        output::talk(quiet, &format!("going on after {done} of {} members", ensemble.members()));
    }
    tally.before = done;
    let solved = ensemble.solve(files::open(table)?, done, |member| {
        unfinished.add(&member.lines, member.number, member.failure.as_deref())?;
        tally.count(&member);
        Ok::<(), Failure>(())
    });
    tally.bar.clear();
    if let Err(failure) = solved {
        unfinished.keep()?;
        return Err(match failure {
            Failure::Interrupted => Failure::Stopped(unfinished.how_to_go_on(ensemble.members())),
            other => other,
        });
    }
    interrupt.check()?;
    let failures = unfinished.finish()?;
    tally.tell(quiet, &format!(": see {}", failures.display()), ensemble.members());
    Ok(())
}

/// How many members are done, and how fast.
struct Tally {
    bar: Bar,
    began: Instant,
    first: Option<Duration>,
    members: u64,
    /// Members done by an earlier run.
    before: u64,
    done: u64,
    failed: u64,
}

impl Tally {
    fn new(quiet: bool, members: u64) -> Self {
        Self { bar: Bar::new(quiet), began: Instant::now(), first: None, members, before: 0, done: 0, failed: 0 }
    }

    fn count(&mut self, member: &SolvedMember) {
        self.first.get_or_insert_with(|| self.began.elapsed());
        self.done += 1;
        self.failed += u64::from(member.failure.is_some());
        self.bar.show(self.before + self.done, self.members);
    }

    fn tell(&self, quiet: bool, where_failures: &str, members: u64) {
        self.bar.clear();
        let seconds = self.began.elapsed().as_secs_f64();
        let first = self.first.unwrap_or_default().as_secs_f64();
        output::talk(
            quiet,
            &format!(
                "{} of {members} members in {seconds:.2} s, {:.0} members/s, the first after {first:.3} s",
                self.done,
                self.done as f64 / seconds
            ),
        );
        if self.failed > 0 {
            output::talk(quiet, &format!("warning: {} members failed{where_failures}", self.failed));
        }
    }
}
