//! From a question to a report.

use crate::{Biology, Error};
use report::Report;
use source::SourceFile;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A question to the model.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What happens; several are compared in one report.
    pub scenarios: Vec<ScenarioChoice>,
    /// Ids of hypotheses beside those that are always computed.
    pub hypotheses: Vec<String>,
    /// Parameters with other values, as `parameter=value unit`.
    pub set: Vec<String>,
    /// Ids of links that are switched off.
    pub off: Vec<String>,
    /// Size of the ensemble; 0 computes no intervals.
    pub members: usize,
    /// Seed of the ensemble.
    pub seed: u64,
    /// Raised from elsewhere to stop the work.
    pub interrupt: Option<Arc<AtomicBool>>,
    /// When, as text, if the record should say so.
    pub created: Option<String>,
}

/// A scenario by name or by file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScenarioChoice {
    /// One of the biology.
    Named(String),
    /// One of a person's own.
    File(SourceFile),
}

/// Runs the scenarios under all hypotheses and reports.
pub fn run(_biology: &Biology, _request: &Request, _progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Report, Error> {
    Err(Error::Failed("runs are being written".into()))
}
