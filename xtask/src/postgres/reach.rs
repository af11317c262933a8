//! A PostgreSQL that runs already: asking it with `psql`, whether it answers and lets us create
//! databases.

use std::fmt::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::{programs, variable};
use crate::process;

/// Longest wait for one server to answer.
const CONNECT_SECONDS: &str = "3";

/// Whether the connected role may create databases: `t` or `f`.
const MAY_CREATE: &str = "SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user";

/// Where psql is connected to, in its own variables; a socket's `HOST` is its folder.
const WHERE: &str = r"\echo :USER :HOST :PORT :DBNAME";

/// Checks the server a person named.
///
/// # Errors
/// When the URL is not one of PostgreSQL, the server does not answer, or the role may not create
/// databases. Without `psql` the last two cannot be found out here; the tests then say it.
pub(crate) fn check(url: &str) -> Result<()> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        bail!("the URL of a PostgreSQL starts with postgres://");
    }
    let Some(psql) = programs::find("psql") else {
        return Ok(());
    };
    let answer = process::capture(
        Command::new(psql).args(arguments()).args(["-d", url]).env("PGCONNECT_TIMEOUT", CONNECT_SECONDS),
    )?;
    match read_answer(&answer) {
        Some(Answer { may_create: true, .. }) => Ok(()),
        _ => bail!("its role may not create databases; the tests make throw-away ones"),
    }
}

/// URL of a server that answers, with a role that may create databases.
///
/// Tried are the server of the `PG*` variables or of libpq's defaults, then 127.0.0.1. Servers
/// that ask for a password which libpq does not know already are passed over.
pub(crate) fn find() -> Option<String> {
    let psql = programs::find("psql")?;
    let database = variable("PGDATABASE").unwrap_or_else(|| "postgres".to_owned());
    let hosts: &[&[&str]] = match variable("PGHOST") {
        Some(_) => &[&[]],
        None => &[&[], &["-h", "127.0.0.1"]],
    };
    hosts.iter().find_map(|host| {
        let mut command = Command::new(&psql);
        command.args(arguments()).args(["-d", &database]).args(*host);
        command.env("PGCONNECT_TIMEOUT", CONNECT_SECONDS);
        let answer = read_answer(&process::capture(&mut command).ok()?)?;
        answer.may_create.then_some(answer.url)
    })
}

/// Why there is no PostgreSQL, with a hint when something listens where one would.
pub(crate) fn why_nothing_was_found() -> String {
    let mut reason = "no server programs (initdb, postgres, pg_ctl) are installed".to_owned();
    let usual = SocketAddr::from(([127, 0, 0, 1], 5432));
    if TcpStream::connect_timeout(&usual, Duration::from_secs(1)).is_ok() {
        reason.push_str(
            "; something listens at 127.0.0.1:5432, but it could not be asked without a password \
             or without psql",
        );
    }
    reason
}

/// No start-up file, bare output, never ask for a password; then the two questions.
fn arguments() -> [&'static str; 9] {
    ["-X", "-q", "-A", "-t", "-w", "-c", MAY_CREATE, "-c", WHERE]
}

struct Answer {
    may_create: bool,
    url: String,
}

fn read_answer(output: &str) -> Option<Answer> {
    let mut lines = output.lines();
    let may_create = lines.next()? == "t";
    let mut words = lines.next()?.split(' ');
    let (user, host) = (words.next()?, words.next()?);
    let (port, database) = (words.next()?, words.next()?);
    let url =
        format!("postgres://{}@{}:{port}/{}", percent_encoded(user), percent_encoded(host), percent_encoded(database));
    Some(Answer { may_create, url })
}

/// Escapes all but letters, digits and `-._~`. A socket folder becomes a host libpq understands.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_becomes_a_url() {
        let answer = read_answer("t\nroot /var/run/postgresql 5432 postgres\n").unwrap();
        assert!(answer.may_create);
        assert_eq!(answer.url, "postgres://root@%2Fvar%2Frun%2Fpostgresql:5432/postgres");
    }

    #[test]
    fn a_role_without_the_right_is_seen() {
        let answer = read_answer("f\nguest localhost 5433 db\n").unwrap();
        assert!(!answer.may_create);
        assert_eq!(answer.url, "postgres://guest@localhost:5433/db");
    }

    #[test]
    fn anything_else_is_no_answer() {
        assert!(read_answer("").is_none());
        assert!(read_answer("t\n").is_none());
        assert!(read_answer("t\nroot host\n").is_none());
    }

    #[test]
    fn a_url_of_another_database_is_refused() {
        let error = check("sqlite:file.db").unwrap_err().to_string();
        assert!(error.contains("postgres://"), "{error}");
    }

    #[test]
    fn a_server_that_does_not_answer_is_refused_when_psql_can_ask() {
        // Port 1 of the loopback address: nothing listens there.
        let outcome = check("postgres://nobody@127.0.0.1:1/postgres");
        assert_eq!(outcome.is_err(), programs::find("psql").is_some());
    }
}
