//! Which PostgreSQL the tests use, and how they are told.
//!
//! In this order: the one `TEST_DATABASE_URL` names, one that answers already, a private one
//! started from installed programs, none. The tests learn it from the environment:
//!
//! | variable | meaning |
//! |---|---|
//! | `LANDFAST_TEST_POSTGRES_URL=postgres://…/database` | run the PostgreSQL tests; the role may create databases, and the last path segment is the database to connect to for that |
//! | `LANDFAST_TEST_POSTGRES=absent` | there is none; tests of that store return early with a note |
//! | neither | the tests were not started by `cargo xtask test`, and fail saying so |

mod private;
mod programs;
mod reach;
mod user;

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::without_password;
use private::PrivateServer;

const URL_VARIABLE: &str = "LANDFAST_TEST_POSTGRES_URL";
const ABSENT_VARIABLE: &str = "LANDFAST_TEST_POSTGRES";

/// What points the program at the data of the person who runs this. No test may see it.
const OWN_DATA: [&str; 3] = ["DATABASE_URL", "DATABASE_URL_FILE", "LANDFAST_DATA_DIR"];

/// Flags of every verb that needs PostgreSQL.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct PostgresArgs {
    /// Start a private PostgreSQL even if another one can be reached
    #[arg(long, conflicts_with = "no_postgres")]
    pub(crate) private_postgres: bool,
    /// Do as if there were no PostgreSQL on this machine
    #[arg(long)]
    pub(crate) no_postgres: bool,
}

/// The PostgreSQL of one run. A private server stops when this value is dropped.
pub(crate) enum Postgres {
    /// Named by `TEST_DATABASE_URL`, or found running.
    Running {
        /// `postgres://…`, with the right to create databases.
        url: String,
    },
    /// Started by this program.
    Private(PrivateServer),
    /// There is none.
    Absent {
        /// Why, as a sentence without its full stop.
        reason: String,
    },
}

/// Finds or starts a PostgreSQL and says on standard error which one it is.
///
/// # Errors
/// When `TEST_DATABASE_URL` names a server that does not answer or does not let its role create
/// databases, and when a private server was found but does not start. A machine without
/// PostgreSQL is no error here, see [`Postgres::finish`].
pub(crate) fn prepare(args: PostgresArgs) -> Result<Postgres> {
    let postgres = choose(args)?;
    match &postgres {
        Postgres::Running { url } => eprintln!("PostgreSQL: {}", without_password(url)),
        Postgres::Private(server) => eprintln!("PostgreSQL: private server, {}", without_password(server.url())),
        Postgres::Absent { reason } => eprintln!("PostgreSQL: none ({reason})"),
    }
    Ok(postgres)
}

fn choose(args: PostgresArgs) -> Result<Postgres> {
    if args.no_postgres {
        return Ok(Postgres::Absent { reason: "--no-postgres was given".to_owned() });
    }
    if !args.private_postgres {
        if let Some(url) = variable("TEST_DATABASE_URL") {
            reach::check(&url).with_context(|| format!("TEST_DATABASE_URL={}", without_password(&url)))?;
            return Ok(Postgres::Running { url });
        }
        if let Some(url) = reach::find() {
            return Ok(Postgres::Running { url });
        }
    }
    match programs::find_server() {
        Some(programs) => Ok(Postgres::Private(PrivateServer::start(&programs)?)),
        None if args.private_postgres => {
            bail!("found no `initdb`, `postgres` and `pg_ctl` to start a private server with")
        }
        None => Ok(Postgres::Absent { reason: reach::why_nothing_was_found() }),
    }
}

impl Postgres {
    /// Tells a command which PostgreSQL to use, and hides the person's own data from it.
    pub(crate) fn apply(&self, command: &mut Command) {
        for name in OWN_DATA.into_iter().chain([URL_VARIABLE, ABSENT_VARIABLE]) {
            command.env_remove(name);
        }
        match self {
            Self::Running { url } => {
                command.env(URL_VARIABLE, url);
            }
            Self::Private(server) => {
                // A PGSSLMODE or PGOPTIONS meant for another server must not reach this one.
                for name in libpq_variables() {
                    command.env_remove(name);
                }
                command.env(URL_VARIABLE, server.url());
            }
            Self::Absent { .. } => {
                command.env(ABSENT_VARIABLE, "absent");
            }
        }
    }

    /// Ends a run: stops a private server, and when PostgreSQL was not tested says so in the last
    /// lines.
    ///
    /// # Errors
    /// The given outcome. Also when PostgreSQL was not tested although `CI` is set: there a store
    /// without tests is a failure.
    pub(crate) fn finish(self, outcome: Result<()>) -> Result<()> {
        self.finish_with(outcome, variable("CI").as_deref())
    }

    fn finish_with(self, outcome: Result<()>, ci: Option<&str>) -> Result<()> {
        let Self::Absent { reason } = self else {
            return outcome;
        };
        eprintln!();
        eprintln!("PostgreSQL was NOT tested: {reason}.");
        eprintln!("Install its server programs, or set TEST_DATABASE_URL=postgres://…, and repeat.");
        outcome?;
        if ci.is_some_and(|value| value != "false" && value != "0") {
            bail!("PostgreSQL was not tested, and in CI it must be");
        }
        Ok(())
    }
}

/// A variable of the environment; an empty one counts as unset.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Names of the set variables that libpq reads: `PGHOST`, `PGPASSWORD` and their like.
fn libpq_variables() -> Vec<String> {
    let is_libpq =
        |name: &String| name.strip_prefix("PG").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(is_libpq).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    fn absent() -> Postgres {
        Postgres::Absent { reason: "none here".to_owned() }
    }

    fn told(postgres: &Postgres, name: &str) -> Option<Option<String>> {
        let mut command = Command::new("true");
        postgres.apply(&mut command);
        let found = command.get_envs().find(|(key, _)| *key == OsStr::new(name));
        found.map(|(_, value)| value.map(|value| value.to_string_lossy().into_owned()))
    }

    #[test]
    fn an_absent_server_is_fine_on_a_desk_and_a_failure_in_ci() {
        assert!(absent().finish_with(Ok(()), None).is_ok());
        assert!(absent().finish_with(Ok(()), Some("false")).is_ok());
        let error = absent().finish_with(Ok(()), Some("true")).unwrap_err();
        assert!(error.to_string().contains("PostgreSQL was not tested"), "{error}");
    }

    #[test]
    fn a_failed_run_stays_failed_without_a_server() {
        let error = absent().finish_with(Err(anyhow::anyhow!("two tests failed")), None);
        assert_eq!(error.unwrap_err().to_string(), "two tests failed");
    }

    #[test]
    fn a_running_server_is_told_by_url_alone() {
        let url = "postgres://me@localhost/postgres".to_owned();
        let running = Postgres::Running { url: url.clone() };
        assert_eq!(told(&running, URL_VARIABLE), Some(Some(url)));
        assert_eq!(told(&running, ABSENT_VARIABLE), Some(None));
    }

    #[test]
    fn an_absent_server_is_told_as_absent_and_hides_an_inherited_url() {
        assert_eq!(told(&absent(), ABSENT_VARIABLE), Some(Some("absent".to_owned())));
        assert_eq!(told(&absent(), URL_VARIABLE), Some(None));
    }

    #[test]
    fn the_persons_own_database_is_hidden() {
        for name in OWN_DATA {
            assert_eq!(told(&absent(), name), Some(None), "{name}");
        }
    }

    #[test]
    fn without_postgres_wins_over_every_server() {
        let args = PostgresArgs { private_postgres: false, no_postgres: true };
        assert!(matches!(choose(args).unwrap(), Postgres::Absent { .. }));
    }
}
