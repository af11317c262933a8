//! Running the server as another user.
//!
//! PostgreSQL refuses to run as root, and containers usually are root. The server then runs as
//! `postgres`, or `nobody` where there is no such user.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// Tried in this order when this program runs as root.
const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// The user a private server runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ServerUser {
    /// The one running this program.
    Me,
    /// Another one, because this program runs as root.
    Other { name: String, uid: u32, gid: u32, way: Way },
}

/// A program that runs another one as a different user. Not every system has each of them:
/// BusyBox knows `setpriv` without `--reuid`, macOS has only `su`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Setpriv,
    Runuser,
    Su,
}

impl ServerUser {
    /// # Errors
    /// When this program runs as root and no other user and no way to become it is found.
    pub(crate) fn find() -> Result<Self> {
        if id("-u", None) != Some(0) {
            return Ok(Self::Me);
        }
        for name in CANDIDATES {
            let (Some(uid), Some(gid)) = (id("-u", Some(name)), id("-g", Some(name))) else {
                continue;
            };
            for way in [Way::Setpriv, Way::Runuser, Way::Su] {
                let user = Self::Other { name: name.to_owned(), uid, gid, way };
                if process::succeeds(&mut user.command(Path::new("true"), &[])) {
                    return Ok(user);
                }
            }
        }
        bail!(
            "PostgreSQL does not run as root, and neither `setpriv`, `runuser` nor `su` could \
             become {}; start it yourself and set TEST_DATABASE_URL",
            CANDIDATES.join(" or ")
        )
    }

    /// A command that runs a program as this user.
    pub(crate) fn command(&self, program: &Path, arguments: &[String]) -> Command {
        let Self::Other { name, uid, gid, way } = self else {
            let mut command = Command::new(program);
            command.args(arguments);
            return command;
        };
        let mut command = match way {
            Way::Setpriv => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", &uid.to_string(), "--regid", &gid.to_string()]);
                command.arg("--clear-groups");
                command
            }
            Way::Runuser => {
                let mut command = Command::new("runuser");
                command.args(["-u", name, "--"]);
                command
            }
            Way::Su => {
                let mut command = Command::new("su");
                let mut whole = Command::new(program);
                whole.args(arguments);
                // `nobody` has no login shell, and `su` takes a command only as one text.
                let text = format!("exec {}", process::command_line(&whole));
                command.args(["-s", "/bin/sh", name, "-c", &text]);
                return command;
            }
        };
        command.arg(program).args(arguments);
        command
    }

    /// A command that also sends the program SIGQUIT when this program is killed, where the
    /// system can do that. It is the only protection left against `kill -9`.
    pub(crate) fn command_that_dies_with_us(&self, program: &Path, arguments: &[String]) -> Command {
        let with_signal = ["--pdeathsig", "QUIT"];
        let known = process::succeeds(Command::new("setpriv").args(with_signal).arg("true"));
        match self {
            Self::Me | Self::Other { way: Way::Setpriv, .. } if known => {
                let plain = self.command(program, arguments);
                let mut command = Command::new("setpriv");
                command.args(with_signal);
                if *self == Self::Me {
                    command.arg(program);
                }
                command.args(plain.get_args());
                command
            }
            Self::Me | Self::Other { .. } => self.command(program, arguments),
        }
    }

    /// Gives a folder to this user.
    pub(crate) fn own(&self, folder: &Path) -> std::io::Result<()> {
        match self {
            Self::Me => Ok(()),
            Self::Other { uid, gid, .. } => std::os::unix::fs::chown(folder, Some(*uid), Some(*gid)),
        }
    }
}

/// A number of a user; `None` when the user does not exist.
fn id(which: &str, user: Option<&str>) -> Option<u32> {
    process::capture(Command::new("id").arg(which).args(user)).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(way: Way) -> ServerUser {
        ServerUser::Other { name: "pg".to_owned(), uid: 26, gid: 27, way }
    }

    fn line(user: &ServerUser) -> String {
        process::command_line(&user.command(Path::new("/bin/initdb"), &["-D".into(), "a b".into()]))
    }

    #[test]
    fn each_way_passes_the_arguments_unchanged() {
        assert_eq!(line(&ServerUser::Me), "/bin/initdb -D 'a b'");
        assert_eq!(line(&other(Way::Setpriv)), "setpriv --reuid 26 --regid 27 --clear-groups /bin/initdb -D 'a b'");
        assert_eq!(line(&other(Way::Runuser)), "runuser -u pg -- /bin/initdb -D 'a b'");
        assert_eq!(line(&other(Way::Su)), r"su -s /bin/sh pg -c 'exec /bin/initdb -D '\''a b'\'''");
    }

    #[test]
    fn the_user_found_is_not_root() {
        let user = ServerUser::find().unwrap();
        let mut command = user.command(Path::new("id"), &["-u".into()]);
        assert_ne!(process::capture(&mut command).unwrap().trim(), "0");
    }

    #[test]
    fn an_unknown_user_has_no_number() {
        assert_eq!(id("-u", Some("no-such-user-anywhere")), None);
    }

    #[test]
    fn a_server_command_runs_the_same_program_with_the_same_arguments() {
        let user = ServerUser::find().unwrap();
        let mut command = user.command_that_dies_with_us(Path::new("echo"), &["a b".into(), "c".into()]);
        assert_eq!(process::capture(&mut command).unwrap(), "a b c\n");
    }
}
