//! A PostgreSQL of our own: a fresh cluster in a temporary folder, gone when we are.

use std::fs::{self, File, Permissions};
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use super::libpq_variables;
use super::programs::ServerPrograms;
use super::user::ServerUser;
use crate::process;

/// Longest wait for the server to accept connections.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Longest wait for the server to end when it is told to.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// Another program can take the free port between finding and using it; then another is tried.
const ATTEMPTS: usize = 3;

/// What the server says when its port is taken.
const PORT_TAKEN: &str = "could not bind";

/// Longest folder name that leaves room for the socket's name within the 107 bytes a socket
/// address has.
const SOCKET_FOLDER_LIMIT: usize = 85;

/// The superuser of the cluster, and the role of the URL.
const ROLE: &str = "landfast";

/// Locales for the cluster, best first. A linguistic one shows a text key that lacks
/// `COLLATE "C"`; versions before 15 and builds without ICU refuse it and get the plain one.
const LOCALES: [&[&str]; 2] = [&["--locale=C", "--locale-provider=icu", "--icu-locale=en-US"], &["--locale=C"]];

/// Trades durability for speed; the data lives as long as one run.
const SETTINGS: [&str; 6] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "max_connections=200",
    "log_min_messages=warning",
];

/// A running server. Dropping it stops the server and removes its folder.
pub(crate) struct PrivateServer {
    url: String,
    child: Child,
    pg_ctl: PathBuf,
    user: ServerUser,
    folder: TempDir,
}

impl PrivateServer {
    /// Makes a cluster and starts a server that listens on a free port of the loopback address
    /// and on a socket in its folder.
    ///
    /// The port wants a random password and the folder belongs to the server's user alone: a
    /// superuser of the server can run programs as that user, so no other account of the machine
    /// may become one.
    ///
    /// # Errors
    /// When the cluster cannot be made or the server does not accept connections within a minute;
    /// the message carries what PostgreSQL said.
    pub(crate) fn start(programs: &ServerPrograms) -> Result<Self> {
        let user = ServerUser::find()?;
        for _ in 1..ATTEMPTS {
            match Self::start_once(programs, &user) {
                Err(error) if error.to_string().contains(PORT_TAKEN) => {
                    eprintln!("PostgreSQL: the port was taken meanwhile, trying another");
                }
                outcome => return outcome,
            }
        }
        Self::start_once(programs, &user)
    }

    /// `postgres://landfast:PASSWORD@127.0.0.1:PORT/postgres`, a superuser.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn start_once(programs: &ServerPrograms, user: &ServerUser) -> Result<Self> {
        let folder =
            tempfile::Builder::new().prefix("landfast-pg-").permissions(Permissions::from_mode(0o700)).tempdir();
        let folder = folder.context("cannot make a folder for a private PostgreSQL")?;
        user.own(folder.path()).context("cannot give the folder to the server's user")?;
        let password = make_cluster(programs, user, folder.path())?;
        let port = free_port().context("cannot find a free port")?;
        let mut server = Self {
            url: format!("postgres://{ROLE}:{password}@127.0.0.1:{port}/postgres"),
            child: spawn(programs, user, folder.path(), port)?,
            pg_ctl: programs.pg_ctl.clone(),
            user: user.clone(),
            folder,
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// The server writes `ready` to the eighth line of its pid file; `pg_ctl` waits for the same.
    fn wait_until_ready(&mut self) -> Result<()> {
        let pid_file = data_folder(self.folder.path()).join("postmaster.pid");
        let start = Instant::now();
        loop {
            process::check_signal()?;
            // The file is missing or half written at first.
            let state = fs::read_to_string(&pid_file).unwrap_or_default();
            if state.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait().context("cannot wait for the server")? {
                bail!("a private PostgreSQL ended at once ({status}): {}", self.log());
            }
            if start.elapsed() > START_LIMIT {
                bail!("a private PostgreSQL did not get ready: {}", self.log());
            }
            process::pause();
        }
    }

    fn log(&self) -> String {
        match fs::read_to_string(log_file(self.folder.path())) {
            Ok(text) => text.trim().to_owned(),
            Err(error) => format!("its log cannot be read: {error}"),
        }
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        let data = data_folder(self.folder.path()).display().to_string();
        let arguments = ["stop", "-D", &data, "-m", "immediate", "-t", "10"].map(str::to_owned);
        let mut stop = self.user.command(&self.pg_ctl, &arguments);
        prepare(&mut stop, self.folder.path());
        let told = process::succeeds(&mut stop);
        if !(told && process::ended_within(&mut self.child, STOP_LIMIT)) {
            // Fails only when the server is gone already, which is what it is for.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Runs `initdb` with the first locale this build of PostgreSQL accepts, and returns the password
/// of the role.
fn make_cluster(programs: &ServerPrograms, user: &ServerUser, folder: &Path) -> Result<String> {
    let data = data_folder(folder);
    let password = random_password().context("cannot make a password")?;
    let password_file = folder.join("password");
    fs::write(&password_file, &password).context("cannot write the password")?;
    user.own(&password_file).context("cannot give the password to the server's user")?;
    let mut last_error = None;
    for locale in LOCALES {
        let mut arguments = vec!["-D".to_owned(), data.display().to_string()];
        arguments.extend(["--pwfile".to_owned(), password_file.display().to_string()]);
        let fixed = ["-U", ROLE, "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--no-sync"];
        arguments.extend(fixed.iter().chain(locale).map(|&word| word.to_owned()));
        let mut initdb = user.command(&programs.initdb, &arguments);
        prepare(&mut initdb, folder);
        match process::capture(&mut initdb) {
            Ok(_) => return Ok(password),
            Err(error) => last_error = Some(error),
        }
        process::check_signal()?;
    }
    let error = last_error.unwrap_or_else(|| anyhow::anyhow!("no locale to try"));
    Err(error.context("cannot make a private PostgreSQL cluster"))
}

fn spawn(programs: &ServerPrograms, user: &ServerUser, folder: &Path, port: u16) -> Result<Child> {
    let data = data_folder(folder).display().to_string();
    let mut arguments = ["-D", &data, "-p", &port.to_string()].map(str::to_owned).to_vec();
    let socket = Some(folder.display().to_string()).filter(|name| name.len() <= SOCKET_FOLDER_LIMIT);
    let socket = format!("unix_socket_directories={}", socket.unwrap_or_default());
    for setting in SETTINGS.into_iter().chain([socket.as_str()]) {
        arguments.extend(["-c".to_owned(), setting.to_owned()]);
    }
    let log = File::create(log_file(folder)).context("cannot make the server's log")?;
    let mut command = user.command_that_dies_with_us(&programs.postgres, &arguments);
    prepare(&mut command, folder);
    command.stdin(Stdio::null());
    command.stdout(log.try_clone().context("cannot share the server's log")?).stderr(log);
    command.spawn().context("cannot start a private PostgreSQL")
}

/// What the server's programs have in common: a folder their user may enter, none of the
/// variables meant for another server, messages in English, and a process group of their own, so
/// that a Ctrl-C reaches the tests and not the server below them.
fn prepare(command: &mut Command, folder: &Path) {
    command.current_dir(folder).env("LC_ALL", "C").process_group(0);
    for name in libpq_variables() {
        command.env_remove(name);
    }
}

fn data_folder(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn log_file(folder: &Path) -> PathBuf {
    folder.join("server.log")
}

/// 128 random bits as hexadecimal digits, which a URL carries unchanged.
fn random_password() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A port nobody listens on at this moment.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::programs;

    /// `None` with a note on a machine without PostgreSQL.
    fn installed() -> Option<ServerPrograms> {
        let found = programs::find_server();
        if found.is_none() {
            eprintln!("not tested: no PostgreSQL server programs are installed");
        }
        found
    }

    fn started() -> Option<PrivateServer> {
        installed().map(|found| PrivateServer::start(&found).unwrap())
    }

    fn port(server: &PrivateServer) -> u16 {
        let (_, place) = server.url().split_once("127.0.0.1:").unwrap();
        place.split('/').next().unwrap().parse().unwrap()
    }

    #[test]
    fn a_private_server_lets_its_role_create_databases_and_leaves_nothing_behind() {
        let Some(server) = started() else { return };
        crate::postgres::reach::check(server.url()).unwrap();
        let (folder, port) = (server.folder.path().to_path_buf(), port(&server));
        assert!(folder.join("data").is_dir());

        drop(server);
        assert!(!folder.exists());
        assert!(TcpListener::bind(("127.0.0.1", port)).is_ok(), "port {port} is still taken");
    }

    #[test]
    fn a_stranger_gets_neither_into_the_server_nor_into_its_folder() {
        let Some(server) = started() else { return };
        let mode = fs::metadata(server.folder.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
        let rules = fs::read_to_string(data_folder(server.folder.path()).join("pg_hba.conf")).unwrap();
        let host_rules: Vec<_> = rules.lines().filter(|line| line.starts_with("host")).collect();
        assert!(!host_rules.is_empty());
        for rule in host_rules {
            assert!(rule.ends_with("scram-sha-256"), "{rule}");
        }
        assert_ne!(random_password().unwrap(), random_password().unwrap());
    }

    #[test]
    fn two_private_servers_run_side_by_side() {
        let (Some(first), Some(second)) = (started(), started()) else {
            return;
        };
        assert_ne!(first.url(), second.url());
    }

    #[test]
    fn a_taken_port_is_recognised_by_its_message() {
        let Some(found) = installed() else {
            return;
        };
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let user = ServerUser::find().unwrap();
        let folder = tempfile::tempdir().unwrap();
        user.own(folder.path()).unwrap();
        make_cluster(&found, &user, folder.path()).unwrap();
        let number = taken.local_addr().unwrap().port();
        let mut child = spawn(&found, &user, folder.path(), number).unwrap();
        assert!(!child.wait().unwrap().success());
        let log = fs::read_to_string(log_file(folder.path())).unwrap();
        assert!(log.contains(PORT_TAKEN), "{log}");
    }

    #[test]
    fn a_failing_initdb_is_told() {
        let programs = ServerPrograms {
            initdb: "/no/such/initdb".into(),
            postgres: "/no/such/postgres".into(),
            pg_ctl: "/no/such/pg_ctl".into(),
        };
        let error = format!("{:#}", PrivateServer::start(&programs).err().unwrap());
        assert!(error.contains("/no/such/initdb"), "{error}");
    }
}
