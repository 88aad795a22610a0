//! Progress of long work.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// Progress on stderr: only in a terminal, and only when the work takes more than a second.
pub struct Bar {
    bar: ProgressBar,
    started: Instant,
}

impl Bar {
    /// A bar that is not there yet.
    pub fn new(quiet: bool) -> Self {
        let bar = ProgressBar::hidden();
        if !quiet && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} runs, {eta} left") {
                bar.set_style(style);
            }
        } else {
            bar.finish();
        }
        Self { bar, started: Instant::now() }
    }

    /// Tells how much is done. Called from any thread.
    pub fn show(&self, done: u64, total: u64) {
        if self.bar.is_finished() || self.started.elapsed() < Duration::from_secs(1) {
            return;
        }
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
