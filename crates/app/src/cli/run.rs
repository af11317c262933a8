//! Commands that run or describe the program: serve, demo, config, completions, man, conformance.

use clap::Args;
use std::path::PathBuf;

/// A command whose only option is `--json`.
#[derive(Debug, Args)]
pub struct JsonArgs {
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
}

/// `landfast serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast serve
  landfast serve --port 0                    any free port; the address is printed
  curl -i http://127.0.0.1:8080/readyz       200 when the database answers and its schema is current

Schema migrations are applied at start. Legacy files found in the data directory are imported on the
first start, unless --no-import is given. Ctrl-C or SIGTERM ends it after the requests at work.")]
pub struct ServeArgs {
    /// Address to listen on [env: HOST] [default: 127.0.0.1]
    #[arg(long)]
    pub host: Option<String>,
    /// Port to listen on, 0 for any free one [env: PORT] [default: 8080]
    #[arg(long)]
    pub port: Option<u16>,
    /// Does not import legacy files found in the data directory
    #[arg(long)]
    pub no_import: bool,
}

/// `landfast demo`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast demo                  ends with the page on http://127.0.0.1:8080
  landfast demo --exit           stops after the report
  landfast demo --scale 20 --dir /tmp/demo
  DATABASE_URL=postgres://me@host/empty_db landfast demo --exit

The data goes into SQLite in the demo's folder, unless a database is named by --database-url or
DATABASE_URL. Nothing outside of that folder and that database is touched.")]
pub struct DemoArgs {
    /// Stops after the report instead of serving
    #[arg(long)]
    pub exit: bool,
    /// Amount of data: 1 is 500 task instances, 390 issues, 60 rendering jobs and 28 analysis runs
    #[arg(long, default_value_t = 4)]
    pub scale: u32,
    /// Chooses the contents
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder to work in [default: a new temporary folder]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Port of the page [default: 8080, or the next free one]
    #[arg(long)]
    pub port: Option<u16>,
}

/// `landfast completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast completions bash > ~/.local/share/bash-completion/completions/landfast
  landfast completions fish > ~/.config/fish/completions/landfast.fish")]
pub struct CompletionsArgs {
    /// Which shell
    pub shell: clap_complete::Shell,
}

/// `landfast man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast man | man -l -
  landfast man /usr/local/share/man/man1")]
pub struct ManArgs {
    /// Folder for the pages; without it the main page is printed
    pub dir: Option<PathBuf>,
}

/// `landfast conformance`.
#[cfg(feature = "conformance")]
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast conformance --database-url sqlite:/tmp/empty.db
  landfast conformance --database-url postgres://me@host/empty_db --rule twin

The schema is applied first. Exit code 1 when a rule does not hold.")]
pub struct ConformanceArgs {
    /// Only rules whose name contains this text
    #[arg(long, value_name = "TEXT")]
    pub rule: Option<String>,
    /// Lists the rules and runs none
    #[arg(long)]
    pub list: bool,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
}
