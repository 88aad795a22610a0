//! Why a command stopped, with the exit code that tells scripts the kind.

use enthesis::Diagnostics;
use std::io::Write;
use std::path::Path;

/// Why a command stopped.
#[derive(Debug)]
pub enum Failure {
    /// The work could not be done. Exit code 1.
    Failed(String),
    /// What was typed or what a file says cannot be used. Exit code 2.
    BadInput(String),
    /// An SBML model uses something that is not there yet. Exit code 77, the convention for a skipped test.
    Unsupported(String),
    /// Ctrl-C. Exit code 130, as shells report it.
    Interrupted,
    /// Ctrl-C, with what is kept. Exit code 130.
    Stopped(String),
    /// Nobody reads our output any more, as in `enthesis list parameters | head`. Nothing is said.
    NobodyReads,
}

impl Failure {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::BadInput(_) => 2,
            Self::Unsupported(_) => 77,
            Self::Interrupted | Self::Stopped(_) => 130,
            Self::NobodyReads => 0,
        }
    }

    /// Writes the message to stderr.
    pub fn tell(&self) {
        let text = match self {
            // Diagnostics say `error:` themselves, once for each.
            Self::Failed(text) | Self::BadInput(text) | Self::Unsupported(text) if text.starts_with("error:") => {
                text.clone()
            }
            Self::Failed(text) | Self::BadInput(text) | Self::Unsupported(text) => format!("error: {text}"),
            Self::Interrupted => "interrupted: nothing was written".to_string(),
            Self::Stopped(text) => text.clone(),
            Self::NobodyReads => return,
        };
        // If stderr is gone too, the exit code is all that is left.
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// The findings about a person's text, errors first.
    pub fn from_diagnostics(diagnostics: &Diagnostics) -> Self {
        let (errors, warnings): (Vec<_>, Vec<_>) =
            diagnostics.iter().partition(|it| it.severity == enthesis::Severity::Error);
        let texts: Vec<String> = errors.into_iter().chain(warnings).map(ToString::to_string).collect();
        Self::BadInput(texts.join("\n"))
    }

    /// A file or folder that could not be read.
    pub fn cannot_read(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let (reason, hint) = match error.kind() {
            ErrorKind::NotFound => ("there is no such file or folder", "check the spelling and the folder you are in"),
            ErrorKind::PermissionDenied => ("you may not read it", "ask its owner for permission to read it"),
            ErrorKind::InvalidData => ("it is not UTF-8 text", "save it as UTF-8"),
            ErrorKind::IsADirectory => ("it is a folder, not a file", "name a file in it"),
            ErrorKind::NotADirectory => ("part of the path is a file, not a folder", "check the path"),
            _ => return Self::BadInput(format!("cannot read {}\n  likely reason: {error}", path.display())),
        };
        Self::BadInput(format!("cannot read {}\n  likely reason: {reason}\n  hint: {hint}", path.display()))
    }

    /// A file that could not be written; nothing of it is left.
    pub fn cannot_write(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let (reason, hint) = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::WriteZero => {
                ("the disk is full", "free some space or write to another disk")
            }
            ErrorKind::PermissionDenied => ("you may not write there", "choose a folder of your own with --output"),
            ErrorKind::ReadOnlyFilesystem => ("the disk is read-only", "choose another folder with --output"),
            ErrorKind::NotFound => ("the folder it should go into does not exist", "make the folder first"),
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                ("a file with the name of the folder is in the way", "choose another folder with --output")
            }
            ErrorKind::IsADirectory => ("a folder with that name is in the way", "choose another name with --output"),
            _ => return Self::Failed(format!("cannot write {}\n  likely reason: {error}", path.display())),
        };
        Self::Failed(format!("cannot write {}\n  likely reason: {reason}\n  hint: {hint}", path.display()))
    }
}

impl From<enthesis::Error> for Failure {
    fn from(error: enthesis::Error) -> Self {
        match error {
            enthesis::Error::BadInput(diagnostics) => Self::from_diagnostics(&diagnostics),
            enthesis::Error::Unsupported(text) => Self::Unsupported(text),
            enthesis::Error::Failed(text) => Self::Failed(text),
            enthesis::Error::Interrupted => Self::Interrupted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Error, ErrorKind};

    #[test]
    fn a_full_disk_is_named_with_the_next_step() {
        let failure = Failure::cannot_write(Path::new("results"), &Error::from(ErrorKind::StorageFull));
        let Failure::Failed(text) = &failure else { panic!("{failure:?}") };
        assert_eq!(
            text,
            "cannot write results\n  likely reason: the disk is full\n  hint: free some space or write to another disk"
        );
        assert_eq!(failure.code(), 1);
    }

    #[test]
    fn exit_codes_are_the_documented_ones() {
        assert_eq!(Failure::BadInput(String::new()).code(), 2);
        assert_eq!(Failure::Unsupported(String::new()).code(), 77);
        assert_eq!(Failure::Interrupted.code(), 130);
    }
}
