//! What the commands do, one file a group of verbs.

mod analytics;
mod archive;
mod completions;
mod config;
mod copy;
mod db;
mod delivery;
mod demo;
mod demo_data;
mod doctor;
mod export;
mod import;
mod presentations;
mod quarantine;
mod rollback;
mod runs;
mod session;
mod stages;
mod tasks;
mod verify;

#[cfg(feature = "conformance")]
mod conformance;

use crate::cli::{Cli, Command, Global};
use crate::config::{Config, Sources};
use crate::failure::{Exit, Failure};
use crate::{logging, serve};
use landfast_domain::accounts::UserId;
use std::collections::BTreeMap;

/// What every command gets.
pub struct Context {
    /// Resolved settings.
    pub config: Config,
    /// Whose data is meant.
    pub user: UserId,
    /// No progress bars, no talk.
    pub quiet: bool,
}

impl Context {
    fn new(global: &Global, flags: BTreeMap<&'static str, String>) -> Result<Self, Failure> {
        let mut flags = flags;
        if let Some(url) = &global.database_url {
            flags.insert("database_url", url.clone());
        }
        if let Some(dir) = &global.data_dir {
            flags.insert("data_dir", dir.display().to_string());
        }
        let sources = Sources::read(flags, global.config.as_deref())?;
        let config = Config::resolve(&sources)?;
        let user = UserId::new(global.user.as_str()).map_err(|error| Failure::usage(format!("--user: {error}")))?;
        Ok(Self { config, user, quiet: global.quiet })
    }

    /// The same with another data directory, and another database unless one was named.
    #[must_use]
    pub fn below(&self, data_dir: &std::path::Path) -> Self {
        Self {
            config: self.config.with("data_dir", &data_dir.display().to_string()),
            user: self.user.clone(),
            quiet: self.quiet,
        }
    }

    /// The same with another database.
    #[must_use]
    pub fn on(&self, url: &str) -> Self {
        Self { config: self.config.with("database_url", url), user: self.user.clone(), quiet: self.quiet }
    }

    /// Says something to the person who waits, unless asked to be quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            crate::output::say(text);
        }
    }
}

/// Runs a command.
///
/// # Errors
/// What went wrong, with the exit code to end with.
pub fn run(cli: Cli) -> Result<Exit, Failure> {
    logging::start(cli.global.verbose)?;
    let context = Context::new(&cli.global, setting_flags(&cli.command))?;
    match cli.command {
        Command::Import(args) => import::run(&context, &args),
        Command::Verify(args) => verify::run(&context, &args),
        Command::Export(args) => export::run(&context, &args),
        Command::Quarantine(args) => quarantine::run(&context, args),
        Command::Rollback(args) => rollback::run(&context, &args),
        Command::Archive(args) => archive::run(&context, &args),
        Command::Copy(args) => copy::run(&context, &args),
        Command::Cutover(args) => stages::run(&context, args),
        Command::Tasks(args) => tasks::run(&context, *args),
        Command::Delivery(args) => delivery::run(&context, *args),
        Command::Presentations(args) => presentations::run(&context, *args),
        Command::Runs(args) => runs::run(&context, *args),
        Command::Analytics(args) => analytics::run(&context, args),
        Command::Serve(args) => serve::run(&context, &args),
        Command::Db(args) => db::run(&context, args),
        Command::Demo(args) => demo::run(&context, &args),
        Command::DemoData(args) => demo_data::run(&args),
        Command::Config(args) => config::run(&context, args.json),
        Command::Doctor(args) => doctor::run(&context, args.json),
        #[cfg(feature = "conformance")]
        Command::Conformance(args) => conformance::run(&context, &args),
        Command::Completions(args) => completions::completions(&args),
        Command::Man(args) => completions::man(&args),
    }
}

/// Options of a command that are settings as well.
fn setting_flags(command: &Command) -> BTreeMap<&'static str, String> {
    let mut flags = BTreeMap::new();
    if let Command::Serve(args) = command {
        if let Some(host) = &args.host {
            flags.insert("host", host.clone());
        }
        if let Some(port) = args.port {
            flags.insert("port", port.to_string());
        }
    }
    if let Command::Import(args) = command
        && let Some(keep) = args.keep_backups
    {
        flags.insert("keep_backups", keep.to_string());
    }
    flags
}
