//! The public face: open a biology, run a scenario, explain a link, export the model, simulate, check or convert
//! another. Short functions only.
//!
//! Faces (command line, web, Python) depend on this crate alone. Nothing here touches the file system, the clock, the
//! environment or the terminal.
//!
//! ```
//! use enthesis::{Biology, Error, Request, ScenarioChoice, run};
//!
//! let (biology, _warnings) = Biology::embedded().expect("the biology inside the program is checked");
//! let ask = |id: &str| Request { scenarios: vec![ScenarioChoice::Named(id.into())], ..Request::default() };
//!
//! let report = run(&biology, &ask("bed_rest"), &|_done, _all| ())?;
//! assert_eq!(report.answers(true)[0].hypotheses, ["reference", "no_crosstalk", "load_only"]);
//!
//! let unknown = run(&biology, &ask("bedrest"), &|_done, _all| ());
//! assert!(matches!(unknown, Err(Error::BadInput(_))));
//! # Ok::<(), Error>(())
//! ```

mod biology;
mod calibrate;
mod check;
mod citations;
mod convert;
mod document;
mod error;
mod evidence;
mod explain;
mod export;
mod flux_balance;
mod list;
mod map;
mod model;
mod numbers;
mod run;
mod simulate;
mod validate;

pub use biology::{Biology, KINDS_OF_FILES};
pub use calibrate::{CalibrateRequest, calibrate, calibrated_files};
pub use check::{Checked, check_biology, check_model};
pub use convert::{Converted, Target, convert};
pub use document::{DocumentFormat, DocumentKind, document};
pub use error::Error;
pub use evidence::{EvidenceAnswer, EvidenceRequest, PathsAnswer, evidence, paths};
pub use explain::{Explanation, Section, explain};
pub use export::{ExportRequest, export};
pub use flux_balance::{FluxAnswer, flux_balance};
pub use list::{Kind, Listing, list};
pub use map::{MapFormat, MapRequest, map};
pub use model::Model;
pub use report::{Answer, AnswerChange, AnswerRow, DISCLAIMER, File, Report};
pub use report::{CalibratedParameter, Calibration};
pub use report::{
    GroupScores, ModelScore, RefutationResult, ValidatedRow, ValidatedStudy, Validation, plain_number,
    validation_figure, validation_share,
};
pub use run::{Dosing, Request, ScenarioChoice, run};
pub use simulate::{Ensemble, Method, SimulateRequest, Simulation, SolvedMember, Table, simulate};
pub use source::{Diagnostic, Diagnostics, Place, Severity, SourceFile, SourceTree};
pub use validate::{ValidateRequest, validate};
