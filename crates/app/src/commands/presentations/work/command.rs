//! Rendering by an external command.

use super::pulse::Pulse;
use super::{Rendered, Stop};
use crate::failure::Failure;
use landfast_domain::presentations::PresentationJob;
use landfast_domain::presentations::state::{MAX_ERROR_CHARS, Report};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// Longest wait for the next line before looking at whether to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Runs the command for one attempt.
pub(super) fn render(pulse: &mut Pulse<'_>, job: &PresentationJob, command: &str) -> Result<Rendered, Failure> {
    let cannot = |error: io::Error| Failure::failed(format!("cannot run {command:?}: {error}"));
    let errors = tempfile::tempfile().map_err(cannot)?;
    let mut child = start(job, command, &errors).map_err(cannot)?;
    let lines = lines_of(&mut child);
    let mut told = Told::default();
    let watched = watch(pulse, &mut child, &lines, &mut told);
    if !matches!(watched, Ok(None)) {
        end(&mut child);
    }
    let status = child.wait().map_err(cannot)?;
    if let Some(stop) = watched? {
        return Ok(Rendered::Stopped(stop));
    }
    if status.success() {
        return Ok(Rendered::Done { video_url: told.video_url, thumbnail_url: told.thumbnail_url });
    }
    Ok(Rendered::Broken(reason(status, errors).map_err(cannot)?))
}

/// Addresses the command printed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    video_url: Option<String>,
    thumbnail_url: Option<String>,
}

/// The command in a shell, with the request for its standard input.
fn start(job: &PresentationJob, command: &str, errors: &File) -> io::Result<Child> {
    let mut request = tempfile::tempfile()?;
    request.write_all(job.request.as_ref().map(|request| request.0.as_bytes()).unwrap_or_default())?;
    request.seek(SeekFrom::Start(0))?;
    let mut shell = shell(command);
    shell
        .env("LANDFAST_JOB_ID", job.id.as_str())
        .env("LANDFAST_ATTEMPT", job.queue.attempts.to_string())
        .stdin(Stdio::from(request))
        .stdout(Stdio::piped())
        .stderr(Stdio::from(errors.try_clone()?));
    shell.spawn()
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    use std::os::unix::process::CommandExt as _;
    let mut shell = Command::new("sh");
    // A group of its own: Ctrl-C is for the worker, and what the command started can be ended with it.
    shell.arg("-c").arg(command).process_group(0);
    shell
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command);
    shell
}

/// Lines of the command's output, as they come. Closed at the end of the output.
fn lines_of(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n') {
                let Ok(line) = line else { return };
                if sender.send(String::from_utf8_lossy(&line).trim().to_owned()).is_err() {
                    return;
                }
            }
        });
    }
    receiver
}

/// Passes on what the command tells, until it ended or the worker has to stop.
fn watch(
    pulse: &mut Pulse<'_>,
    child: &mut Child,
    lines: &Receiver<String>,
    told: &mut Told,
) -> Result<Option<Stop>, Failure> {
    loop {
        let stop = match lines.recv_timeout(LOOK) {
            Ok(line) => match report_of(&line, told) {
                Some(report) => pulse.report(&report)?,
                None => pulse.beat_when_due()?,
            },
            Err(RecvTimeoutError::Timeout) => pulse.beat_when_due()?,
            // It may close its output and go on.
            Err(RecvTimeoutError::Disconnected) => match child.try_wait() {
                Ok(None) => pulse.rest(LOOK)?,
                // What is wrong with it, waiting for it will tell.
                Ok(Some(_)) | Err(_) => return Ok(None),
            },
        };
        if stop.is_some() {
            return Ok(stop);
        }
    }
}

/// What a line reports. Lines of another kind are the command's own business.
fn report_of(line: &str, told: &mut Told) -> Option<Report> {
    let (word, rest) = line.split_once(' ')?;
    let rest = rest.trim();
    let report = Report::default();
    match word {
        "progress" => {
            let progress: f64 = rest.trim_end_matches('%').trim_end().parse().ok()?;
            progress.is_finite().then_some(Report { progress: Some(progress), ..report })
        }
        "file" => Some(Report { created_files: vec![rest.to_owned()], ..report }),
        "provider" => Some(Report { provider_ids: vec![rest.to_owned()], ..report }),
        "image" => Some(Report { slide_image_path: Some(rest.to_owned()), ..report }),
        "video" => {
            told.video_url = Some(rest.to_owned());
            None
        }
        "thumbnail" => {
            told.thumbnail_url = Some(rest.to_owned());
            None
        }
        _ => None,
    }
}

/// Ends the command and what it started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            // It may have ended by itself just now.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    let _ = child.kill();
}

/// The exit code and the end of what the command wrote to its standard error.
fn reason(status: ExitStatus, mut errors: File) -> io::Result<String> {
    // Characters take at most four bytes.
    let most = u64::try_from(MAX_ERROR_CHARS).unwrap_or(u64::MAX);
    let length = errors.seek(SeekFrom::End(0))?;
    errors.seek(SeekFrom::Start(length.saturating_sub(most)))?;
    let mut bytes = Vec::new();
    errors.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).replace('\0', "\u{2400}");
    let text = text.trim();
    let ended = status.code().map_or_else(|| "was ended by a signal".to_owned(), |code| format!("exit code {code}"));
    Ok(if text.is_empty() {
        format!("the renderer failed: {ended}")
    } else {
        format!("the renderer failed: {ended}: {text}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_reports() {
        let mut told = Told::default();
        let mut read = |line: &str| report_of(line, &mut told);
        assert_eq!(read("progress 40.5").unwrap().progress, Some(40.5));
        assert_eq!(read("progress 7 %").unwrap().progress, Some(7.0));
        assert_eq!(read("file output/a b.mp4").unwrap().created_files, ["output/a b.mp4"]);
        assert_eq!(read("provider 5f2c").unwrap().provider_ids, ["5f2c"]);
        assert_eq!(read("image x.png").unwrap().slide_image_path.as_deref(), Some("x.png"));
        for line in ["progress NaN", "progress much", "progress", "", "Rendering …", "video /v", "thumbnail /t"] {
            assert_eq!(read(line), None, "{line}");
        }
        let expected = Told { video_url: Some("/v".to_owned()), thumbnail_url: Some("/t".to_owned()) };
        assert_eq!(told, expected);
    }
}
