//! Files of jobs: what may be removed, and whether a video is there.
//!
//! Only regular files inside `output/` of the service's working directory are touched, after links have been
//! resolved: a list of files comes from other programs.

use landfast_domain::presentations::JobId;
use landfast_domain::presentations::files::{is_safe_path, video_path};
use std::io;
use std::path::{Path, PathBuf};

/// Folder of the files below the working directory.
const OUTPUT: &str = "output";

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is gone now.
    Removed,
    /// It was not there.
    Missing,
    /// It is none that may be removed, and stays.
    Refused,
    /// It could not be removed, for this reason.
    Stuck(String),
}

/// Removes a listed file below the working directory.
pub(super) fn remove(root: &Path, path: &str) -> Fate {
    let removed = inside(root, path).and_then(|found| match found {
        Some(file) => std::fs::remove_file(file).map(|()| Fate::Removed),
        None => Ok(Fate::Refused),
    });
    match removed {
        Ok(fate) => fate,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Fate::Missing,
        Err(error) => Fate::Stuck(error.to_string()),
    }
}

/// Path of the finished video of a job, if it is there and not empty.
pub(super) fn found_video(root: &Path, id: &JobId) -> Option<String> {
    let path = video_path(id);
    let file = inside(root, &path).ok().flatten()?;
    let size = std::fs::metadata(file).ok()?.len();
    (size > 0).then_some(path)
}

/// The regular file a listed path leads to, if it is inside of the output folder.
fn inside(root: &Path, path: &str) -> io::Result<Option<PathBuf>> {
    if !is_safe_path(path) {
        return Ok(None);
    }
    let output = root.join(OUTPUT).canonicalize()?;
    let file = root.join(path);
    // A link to a file is no regular file, whatever it leads to.
    if !file.symlink_metadata()?.is_file() {
        return Ok(None);
    }
    let file = file.canonicalize()?;
    Ok(file.starts_with(output).then_some(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_inside_the_output_folder_go() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert_eq!(remove(root, "output/x.mp4"), Fate::Missing);
        std::fs::create_dir_all(root.join("output/deep")).unwrap();
        for name in ["output/x.mp4", "outside.mp4", "outputs.mp4"] {
            std::fs::write(root.join(name), "v").unwrap();
        }
        assert_eq!(remove(root, "output/x.mp4"), Fate::Removed);
        assert_eq!(remove(root, "output/x.mp4"), Fate::Missing);
        for path in ["outside.mp4", "outputs.mp4", "output/../outside.mp4", "/etc/hostname", "output/deep"] {
            assert_eq!(remove(root, path), Fate::Refused, "{path}");
        }
        assert!(root.join("outside.mp4").exists() && root.join("output/deep").exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_nowhere() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("output")).unwrap();
        std::fs::create_dir_all(root.join("other")).unwrap();
        std::fs::write(root.join("other/x.mp4"), "v").unwrap();
        symlink(root.join("other/x.mp4"), root.join("output/link.mp4")).unwrap();
        symlink(root.join("other"), root.join("output/folder")).unwrap();
        assert_eq!(remove(root, "output/link.mp4"), Fate::Refused);
        assert_eq!(remove(root, "output/folder/x.mp4"), Fate::Refused);
        assert!(root.join("other/x.mp4").exists());
    }

    #[test]
    fn a_video_counts_when_it_is_not_empty() {
        let folder = tempfile::tempdir().unwrap();
        let (root, id) = (folder.path(), JobId::from("a"));
        let path = video_path(&id);
        std::fs::create_dir_all(root.join(&path).parent().unwrap()).unwrap();
        std::fs::write(root.join(&path), "").unwrap();
        assert_eq!(found_video(root, &id), None);
        std::fs::write(root.join(&path), "v").unwrap();
        assert_eq!(found_video(root, &id), Some(path));
    }
}
