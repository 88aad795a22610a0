//! When to make machine code.
//!
//! A single run of a small model is over before a compiler has warmed up; a thousand runs of it are not. Automatic
//! models therefore start with the interpreter, count the operations it carries out, and make machine code once the
//! interpreter has cost about as much as the compiler would: never more than twice the better choice, whatever comes.
//! Both give the same bits, so nothing depends on when that happens.

use crate::compiled::Backend;
use crate::error::CompileError;
use crate::machine_code::MachineCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Interpreted operations that cost as much as compiling one operation to machine code: 1.4 us against 2.3 ns, measured
/// by `compile_cost` on 40 to 500 species in 2026-11.
const INTERPRETED_PER_COMPILED: u64 = 600;

/// The machine code of a model, once there is some, and the work done without it.
#[derive(Debug)]
pub(crate) struct Tier {
    backend: Backend,
    /// Interpreted operations after which machine code is made.
    threshold: u64,
    work: AtomicU64,
    begun: AtomicBool,
    /// `None` inside: this processor has no machine code, and the interpreter goes on.
    code: OnceLock<Option<MachineCode>>,
}

impl Tier {
    /// For code of so many operations.
    pub(crate) fn new(backend: Backend, operations: usize) -> Self {
        Self {
            backend,
            threshold: match backend {
                Backend::MachineCode => 0,
                _ => operations as u64 * INTERPRETED_PER_COMPILED,
            },
            work: AtomicU64::new(0),
            begun: AtomicBool::new(false),
            code: OnceLock::new(),
        }
    }

    /// The machine code, if there is some by now.
    pub(crate) fn code(&self) -> Option<&MachineCode> {
        self.code.get().and_then(Option::as_ref)
    }

    /// Makes machine code at once.
    pub(crate) fn compile_now(
        &self,
        compile: impl FnOnce() -> Result<MachineCode, String>,
    ) -> Result<(), CompileError> {
        let code = compile().map_err(|message| CompileError::Unsupported {
            construct: format!("machine code on this processor: {message}"),
            symbol: None,
        })?;
        self.code.get_or_init(|| Some(code));
        Ok(())
    }

    /// Counts interpreted operations, and makes machine code if that pays now. One thread compiles; the others go on
    /// interpreting meanwhile.
    pub(crate) fn count(&self, operations: u64, compile: impl FnOnce() -> Result<MachineCode, String>) {
        if self.backend == Backend::Interpreter {
            return;
        }
        let work = self.work.fetch_add(operations, Ordering::Relaxed) + operations;
        if work >= self.threshold && !self.begun.swap(true, Ordering::Relaxed) {
            self.code.get_or_init(|| compile().ok());
        }
    }
}
