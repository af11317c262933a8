//! Which paths of a job's file list may be touched.

/// Whether a path from a file list may be joined to the working directory: relative, with `/`, and without
/// anything that leads elsewhere on any system.
///
/// Refused are absolute paths, `..`, backslashes, drive letters and other uses of `:`, control characters,
/// and empty paths. Links are a matter of the file system: resolve the path and look again.
///
/// ```
/// use landfast_domain::presentations::files::is_safe_path;
///
/// assert!(is_safe_path("output/presentations/presentation_5df970f5.mp4"));
/// for path in ["/etc/passwd", "output/../../x", "C:\\x", "c:x", "a\\b", "", "a\0b", ".", "output/"] {
///     assert!(!is_safe_path(path), "{path}");
/// }
/// ```
#[must_use]
pub fn is_safe_path(path: &str) -> bool {
    let illegal = |c: char| c == '\\' || c == ':' || c.is_control() || c == '\u{2400}';
    !path.is_empty() && !path.contains(illegal) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Path the service gave the final video of a job.
#[must_use]
pub fn video_path(id: &super::JobId) -> String {
    format!("output/presentations/presentation_{id}.mp4")
}

/// Path the service gave the preview image of a job. It is never in the list of created files.
#[must_use]
pub fn thumbnail_path(id: &super::JobId) -> String {
    format!("output/presentations/thumbnail_{id}.jpg")
}

/// Address of the final video of a job, as the service tells it: without the prefix its routes have.
///
/// ```
/// use landfast_domain::presentations::files::video_url;
/// assert_eq!(video_url(&"5df970f5".into()), "/presentations/5df970f5/video");
/// ```
#[must_use]
pub fn video_url(id: &super::JobId) -> String {
    format!("/presentations/{id}/video")
}

/// All files that belong to a job and may be removed with it: the listed ones, the video and the preview,
/// each once, unsafe paths left out. The debug picture has a name that many jobs share and stays.
#[must_use]
pub fn of_job(job: &super::PresentationJob) -> Vec<String> {
    let mut files = Vec::new();
    let own = [video_path(&job.id), thumbnail_path(&job.id)];
    for path in job.created_files.iter().chain(&own) {
        if is_safe_path(path) && !files.contains(path) {
            files.push(path.clone());
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presentations::PresentationJob;
    use crate::time::Timestamp;

    #[test]
    fn a_job_s_files_are_safe_and_listed_once() {
        let mut job = PresentationJob::blank("a".into(), Timestamp::parse("2025-01-01 00:00").unwrap());
        let video = video_path(&job.id);
        job.created_files = vec!["output/x.mp4".into(), "../y".into(), video.clone(), "output/x.mp4".into()];
        job.slide_image_path = Some("output/presentations/slide_image_debug_1.png".into());
        assert_eq!(of_job(&job), ["output/x.mp4".to_owned(), video, thumbnail_path(&job.id)]);
        let hostile = PresentationJob::blank("../../x".into(), job.created_at);
        assert_eq!(of_job(&hostile), Vec::<String>::new());
    }
}
