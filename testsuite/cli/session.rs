//! A folder in which commands are typed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A fresh folder that vanishes with the session.
pub struct Session {
    folder: tempfile::TempDir,
}

/// What came back from a command.
pub struct Answer {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Session {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for the session") }
    }

    /// A copy of the repository's biology in the folder `biology`.
    pub fn with_biology() -> Self {
        let session = Self::new();
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../biology");
        let mut files = Vec::new();
        collect(&original, "", &mut files);
        let belongs = |name: &&String| [".toml", ".bib", ".tsv"].iter().any(|it| name.ends_with(it));
        files.iter().filter(belongs).fold(session, |session, name| {
            let text = std::fs::read_to_string(original.join(name)).expect("a text file");
            session.with(&format!("biology/{name}"), &text)
        })
    }

    /// Replaces the first occurrence of a text in a file.
    #[track_caller]
    pub fn edit(self, name: &str, from: &str, to: &str) -> Self {
        let text = std::fs::read_to_string(self.folder().join(name)).expect("the file is there");
        assert!(text.contains(from), "{from:?} is not in {name}");
        self.with(name, &text.replacen(from, to, 1))
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the folder.
    pub fn with(self, name: &str, text: &str) -> Self {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().expect("it is below the folder")).expect("a folder for the file");
        std::fs::write(path, text).expect("the file can be written");
        self
    }

    /// The program with arguments, ready to start in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_enthesis"));
        command.args(arguments).current_dir(self.folder()).stdin(Stdio::null());
        command
    }

    /// Types a command and waits for the answer.
    pub fn type_in(&self, arguments: &[&str]) -> Answer {
        Answer::of(self.command(arguments).output().expect("the program starts"))
    }

    /// The command fails with this code and says exactly this on stderr, and nothing on stdout.
    #[track_caller]
    pub fn check_error(&self, arguments: &[&str], code: i32, expected: &str) {
        let answer = self.type_in(arguments);
        assert_eq!(answer.stderr, expected, "stderr of {arguments:?}");
        assert_eq!((answer.code, answer.stdout.as_str()), (code, ""), "of {arguments:?}");
    }

    /// The command succeeds and writes exactly this to stdout.
    #[track_caller]
    pub fn check_data(&self, arguments: &[&str], expected: &str) {
        let answer = self.type_in(arguments);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        assert_eq!(answer.stdout, expected, "stdout of {arguments:?}");
    }

    /// Names of the files in the folder or below, with `/` between parts.
    pub fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        collect(self.folder(), "", &mut files);
        files.sort();
        files
    }
}

impl Answer {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("the program was not killed"),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// The command failed with this code and stderr contains all of these texts; nothing panicked.
    #[track_caller]
    pub fn check(&self, code: i32, expected: &[&str]) {
        assert_eq!(self.code, code, "{}", self.stderr);
        for text in expected {
            assert!(self.stderr.contains(text), "{text:?} is missing from:\n{}", self.stderr);
        }
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is readable") {
        let path: PathBuf = entry.expect("the entry is readable").path();
        let name = format!("{prefix}{}", path.file_name().expect("it has a name").to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.push(name);
        }
    }
}
