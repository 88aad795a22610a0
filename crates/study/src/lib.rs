//! What one asks of compiled models, one module a question.
//!
//! [`ensemble`](mod@ensemble): how far do the answers spread when uncertain parameters take other plausible values?
//! [`response`](fn@response): what does one condition do? [`rest`]: which of those parameters leave the undisturbed model where it is?
//! [`fit`](fn@fit): which values bring predictions close to measurements? [`information`] and [`profiles`]: what do the
//! measurements leave open? [`equally_good`]: which other values fit as well?
//! [`stream`](fn@stream): the same work on any number of members, in order and in bounded memory. [`Moments`]: mean and
//! spread of random runs. [`score`](fn@score): how well do predictions agree with published numbers?
//!
//! The crate knows numbers and indices only. A random stream is made from a seed, a member and a parameter, and no
//! result depends on the number of threads.

pub mod ensemble;
mod fit;
mod identifiability;
mod moments;
mod percentile;
mod random;
mod response;
pub mod rest;
mod score;
mod slopes;
mod stream;

pub use ensemble::{Ensemble, EnsembleOptions, JointSets, Member, Uncertain, draw, drawn, ensemble};
pub use fit::{Evaluate, Evaluation, Fit, FitOptions, Search, SearchEnd, fit};
pub use identifiability::{Information, Profile, ProfileEnd, equally_good, information, profiles};
pub use moments::Moments;
pub use percentile::{Interval, interval_90};
pub use random::uniform;
pub use response::{Task, response, responses, solve_tasks};
pub use score::{Comparison, Kind, Score, Verdict, Yardstick, in_order, score};
pub use slopes::{Slopes, slopes};
pub use stream::stream;
