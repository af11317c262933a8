//! Pages over a real socket on the loopback address.

use crate::support::{Sandbox, copy_legacy, fixtures};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A running server; ended when dropped.
struct Server {
    child: Child,
    address: String,
}

struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Server {
    fn start(sandbox: &Sandbox, arguments: &[&str]) -> Self {
        let all: Vec<&str> = ["serve", "--port", "0"].iter().chain(arguments).copied().collect();
        let mut child = sandbox.command(&all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let Some(address) = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()) else {
            let mut errors = String::new();
            child.stderr.as_mut().unwrap().read_to_string(&mut errors).unwrap();
            panic!("no address in {line:?}; {errors}");
        };
        let address = address.to_owned();
        Self { child, address }
    }

    fn get(&self, path: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, headers: headers.to_lowercase(), body: body.to_owned() }
    }

    /// Sends the signal and gives back the exit code.
    fn end(mut self, signal: &str) -> i32 {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap_or(-1);
            }
            assert!(start.elapsed() < Duration::from_secs(20), "the server does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn pages_health_and_headers() {
    for (name, sandbox) in Sandbox::on_every_store() {
        if name != "files" {
            sandbox.expect(0, &["db", "migrate"]);
        }
        sandbox.expect(0, &["tasks", "create", "<script>alert(1)</script> & \"more\"", "--id", "t1"]);
        sandbox.expect(0, &["tasks", "instance", "create", "t1", "--id", "i1"]);
        let server = Server::start(&sandbox, &[]);
        assert_eq!((server.get("/healthz").status, server.get("/readyz").status), (200, 200), "{name}");
        let page = server.get("/");
        assert_eq!(page.status, 200, "{name}: {}", page.body);
        assert!(
            page.body.contains("&#60;script&#62;alert(1)") && !page.body.contains("<script>"),
            "{name}: {}",
            page.body
        );
        assert!(page.body.contains("Nothing was imported yet"), "{name}");
        assert!(
            !page.body.contains("style=") && !page.body.contains("<style"),
            "{name}: the policy allows no inline style"
        );
        for header in [
            "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
        ] {
            assert!(page.headers.contains(header), "{name}, {header}: {}", page.headers);
        }
        assert!(server.get("/assets/any/style.css").headers.contains("text/css"));
        assert!(server.get("/assets/any/icon.svg").headers.contains("image/svg+xml"));
        assert!(server.get("/metrics").body.contains("landfast_ready 1"), "{name}");
        assert_eq!(server.get("/tasks").status, 200, "{name}");
        assert_eq!((server.get("/nowhere").status, server.get("/api/v1/report").status), (404, 404), "{name}");
        assert_eq!(server.end("-TERM"), 0, "{name}");
    }
}

#[test]
fn readiness_follows_the_schema() {
    for (name, sandbox) in Sandbox::on_every_database() {
        // Serving makes the database and its schema.
        let server = Server::start(&sandbox, &["--no-import"]);
        assert_eq!(server.get("/readyz").status, 200, "{name}");
        sandbox.expect(0, &["db", "revert", "1", "--yes"]);
        let answer = server.get("/readyz");
        assert_eq!(answer.status, 503, "{name}: {}", answer.body);
        assert!(answer.body.contains("lacks") && answer.body.contains("migration"), "{name}: {}", answer.body);
        assert_eq!(server.get("/healthz").status, 200, "{name}");
        sandbox.expect(0, &["db", "migrate"]);
        assert_eq!(server.get("/readyz").status, 200, "{name}");
        assert_eq!(server.end("-INT"), 0, "{name}");
    }
}

#[test]
fn the_first_start_imports_what_lies_in_the_data_directory() {
    let sandbox = Sandbox::new();
    copy_legacy("data", &sandbox.path("data"));
    let without = Server::start(&sandbox, &["--no-import"]);
    assert!(without.get("/").body.contains("Nothing was imported yet"));
    assert_eq!(without.end("-TERM"), 0);

    let server = Server::start(&sandbox, &[]);
    let page = server.get("/").body;
    assert!(page.contains("task_instances.csv") && page.contains("Legacy data was imported"), "{page}");
    let report = server.get("/api/v1/report");
    assert_eq!(report.status, 200);
    assert!(report.headers.contains("application/json"), "{}", report.headers);
    let report: serde_json::Value = serde_json::from_str(&report.body).unwrap();
    assert_eq!(report["schema"], 1, "{report}");
    assert_eq!(server.end("-TERM"), 0);

    // Later starts leave the data alone.
    let again = Server::start(&sandbox, &[]);
    let page = again.get("/").body;
    assert!(page.contains("task_instances.csv") && !page.contains("Legacy data was imported"), "{page}");
}

#[test]
fn a_failed_first_import_leaves_files_and_state_and_says_so() {
    let sandbox = Sandbox::new();
    copy_legacy("nov2025", &sandbox.path("data"));
    // A file where the backups' folder must be.
    std::fs::write(sandbox.path("data/backups"), "in the way").unwrap();
    let server = Server::start(&sandbox, &[]);
    let page = server.get("/").body;
    assert!(page.contains("could not be imported") && page.contains("backups"), "{page}");
    assert_eq!(server.get("/readyz").status, 200);
    drop(server);
    let status = sandbox.json(&["db", "status", "--json"]);
    assert_eq!(status["rows"]["task_instances"], 0, "{status}");
    for file in ["tasks.csv", "task_instances.csv"] {
        assert_eq!(
            std::fs::read(sandbox.path("data").join(file)).unwrap(),
            std::fs::read(fixtures().join("nov2025").join(file)).unwrap()
        );
    }
}

#[test]
fn a_fallback_is_shown_on_the_page() {
    let sandbox = Sandbox::new()
        .with("DATABASE_URL", "postgres://me:hunter2@127.0.0.1:9/db")
        .with("LANDFAST_LEGACY_DIR", "legacy")
        .with("LANDFAST_CONNECT_SECONDS", "2");
    copy_legacy("nov2025", &sandbox.path("legacy"));
    let server = Server::start(&sandbox, &[]);
    let page = server.get("/").body;
    assert!(page.contains("The database cannot be reached") && page.contains("legacy files"), "{page}");
    assert!(!page.contains("hunter2"), "{page}");
}

#[test]
fn a_taken_port_is_named_before_anything_is_done() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let sandbox = Sandbox::new();
    let ran = sandbox.expect(1, &["serve", "--port", &port]);
    assert!(ran.stderr.contains(&port) && ran.stderr.contains("--port 0"), "{ran:?}");
    assert!(!sandbox.path("data").exists());
}
