//! `enthesis calibrate`: parameters fitted to published studies.

use crate::arguments::CalibrateArguments;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Bar;
use crate::{files, output, run, table};
use enthesis::{CalibrateRequest, CalibratedParameter, Calibration, File, plain_number};

/// Fits, shows, and writes back when asked to.
pub fn calibrate(arguments: &CalibrateArguments) -> Result<(), Failure> {
    let interrupt = Interrupt::install();
    let biology = run::open(arguments.biology.biology.as_deref(), arguments.quiet)?;
    let request = CalibrateRequest {
        starts: arguments.starts as usize,
        seed: arguments.seed,
        profiles: arguments.profiles,
        sets: arguments.sets as usize,
        interrupt: Some(interrupt.flag()),
    };
    let bar = Bar::new(arguments.quiet);
    let calibration = enthesis::calibrate(&biology, &request, &|done, total| bar.show(done as u64, total as u64))?;
    bar.clear();
    interrupt.check()?;
    if let Some(folder) = &arguments.output {
        files::write_all(folder, &results(&calibration))?;
    }
    output::data(&text(&calibration))?;
    match (arguments.write, &arguments.biology.biology) {
        (true, Some(folder)) => {
            let changed = enthesis::calibrated_files(&biology, &calibration)?;
            for file in &changed {
                files::write(&folder.join(&*file.path), &file.text)?;
                output::talk(arguments.quiet, &format!("Written: {}", folder.join(&*file.path).display()));
            }
            output::talk(arguments.quiet, "Look at the difference, then run `enthesis validate`");
        }
        _ => output::talk(arguments.quiet, "Nothing was changed; --write puts the values into the folder of --biology"),
    }
    Ok(())
}

fn results(calibration: &Calibration) -> Vec<File> {
    let mut results = vec![File { name: "calibration.json".into(), text: calibration.json() }];
    results.extend(calibration.sets_table().map(|text| File { name: "sets.tsv".into(), text }));
    results.extend(calibration.equally_good().map(|text| File { name: "equally_good.toml".into(), text }));
    results
}

fn text(calibration: &Calibration) -> String {
    let mut text = format!(
        "{} rows of {} studies. Sum of squares {:.1} before, {:.1} fitted. {} of {} combinations of parameters are seen.\n\n",
        calibration.rows,
        calibration.studies,
        calibration.cost_before,
        calibration.cost_after,
        calibration.seen,
        calibration.parameters.len()
    );
    let heading = ["Parameter", "", "Before", "Fitted", "95 % interval", "Range before", "Unit"];
    let rows: Vec<Vec<String>> = calibration.parameters.iter().map(row).collect();
    text.push_str(&table::text(&heading, &rows, 2));
    for combination in &calibration.unseen {
        let parts: Vec<String> = combination.iter().map(|(id, weight)| format!("{weight:+.2} ln {id}")).collect();
        text.push_str(&format!("\nNot separable by these studies: {}\n", parts.join(" ")));
    }
    text.push_str("\nAn end of an interval in brackets is the end of the range: the studies do not limit it.\n");
    text.push_str(enthesis::DISCLAIMER);
    text.push('\n');
    text
}

fn row(it: &CalibratedParameter) -> Vec<String> {
    let end = |value: f64, from_data: bool| {
        if from_data { plain_number(value) } else { format!("[{}]", plain_number(value)) }
    };
    let interval = match (it.interval, it.from_data) {
        (Some((low, high)), Some((below, above))) => format!("{} to {}", end(low, below), end(high, above)),
        _ => "-".to_string(),
    };
    let range = format!("{} to {}", plain_number(it.range.0), plain_number(it.range.1));
    let (before, value) = (plain_number(it.before), plain_number(it.value));
    vec![it.id.clone(), it.organism.clone(), before, value, interval, range, it.unit.clone()]
}
