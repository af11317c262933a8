//! The program that makes another one fail at its n-th call: compiled when it is needed.

use crate::AnyError;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fmt, fs};
use tempfile::TempDir;

/// What happens at the chosen call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process is killed instead of the call.
    Kill,
    /// Half of a write is done, then the process is killed.
    Torn,
    /// The call fails with EIO.
    Broken,
    /// The call, and every later one that needs space, fails with ENOSPC.
    Full,
}

impl Fault {
    pub(crate) const ALL: [Self; 4] = [Self::Kill, Self::Torn, Self::Broken, Self::Full];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Torn => "torn",
            Self::Broken => "eio",
            Self::Full => "enospc",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == text)
    }

    /// Whether the process is ended by force.
    pub(crate) fn kills(self) -> bool {
        matches!(self, Self::Kill | Self::Torn)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a traced program did.
#[derive(Debug)]
pub(crate) struct Traced {
    /// Points that were reached.
    pub(crate) points: u64,
    /// The call that was made to fail, and its file; `None` when the program ended before.
    pub(crate) hit: Option<String>,
    /// It was ended because it did not end by itself.
    pub(crate) hung: bool,
    /// Exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// What it said on standard error.
    pub(crate) said: String,
}

/// The compiled tracer.
pub(crate) struct Tracer {
    program: PathBuf,
    report: PathBuf,
    _folder: TempDir,
}

impl Tracer {
    /// Compiles it; an error says what is missing.
    pub(crate) fn build() -> Result<Self, AnyError> {
        let folder = tempfile::tempdir()?;
        let (program, report) = (folder.path().join("tracer"), folder.path().join("report"));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("faults/tracer.c");
        let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let built = Command::new(&compiler).arg("-O1").arg("-o").arg(&program).arg(&source).output();
        let built = built.map_err(|error| format!("a C compiler is needed, but `{compiler}`: {error}"))?;
        if !built.status.success() {
            let said = String::from_utf8_lossy(&built.stderr).into_owned();
            return Err(format!("{} cannot be compiled: {said}", source.display()).into());
        }
        Ok(Self { program, report, _folder: folder })
    }

    /// Why nothing can be traced here, as in containers that forbid it; `None` where it can.
    pub(crate) fn refused(&self) -> Result<Option<String>, AnyError> {
        let output = Command::new(&self.program)
            .args([Fault::Kill.as_str(), "0"])
            .arg(&self.report)
            .args(["--", "/bin/true"])
            .stdin(Stdio::null())
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let words = ["cannot be traced", "cannot trace", "cannot set a filter", "the program did not start"];
        Ok(words.iter().any(|word| said.contains(word)).then_some(said))
    }

    /// Runs a program with a fault at its n-th point; with 0 the points are only counted.
    pub(crate) fn run(&self, fault: Fault, point: u64, program: &Path, words: &[&str]) -> Result<Traced, AnyError> {
        // A report of an earlier run must not be taken for this one's.
        let _ = fs::remove_file(&self.report);
        let output = Command::new(&self.program)
            .args([fault.as_str(), &point.to_string()])
            .arg(&self.report)
            .arg("--")
            .arg(program)
            .args(words)
            .stdin(Stdio::null())
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let report = fs::read_to_string(&self.report).unwrap_or_default();
        if output.status.code() == Some(125) || !report.contains("points ") {
            return Err(format!("the tracer does not work here: {said}").into());
        }
        let mut traced = Traced { points: 0, hit: None, hung: false, code: None, said };
        for line in report.lines() {
            match line.split_once(' ') {
                Some(("points", count)) => traced.points = count.parse()?,
                Some(("hit", what)) => traced.hit = Some(what.to_owned()),
                Some(("hung", _)) => traced.hung = true,
                Some(("exit", code)) => traced.code = Some(code.parse()?),
                _ => {}
            }
        }
        Ok(traced)
    }
}
