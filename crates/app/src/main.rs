//! `landfast`: the command line program.
//!
//! It resolves settings, opens the store they name, runs one command and ends with an exit code that a
//! script can rely on (see [`failure::Exit`]). Results go to stdout, everything else to stderr.
//!
//! Invariant: this is the only crate that reads the environment, the clock and random numbers.

#![expect(unreachable_pub, reason = "nobody links a program; `pub` marks what a module offers to the other ones")]

mod areas;
mod backend;
mod building;
mod cli;
mod clock;
mod commands;
mod config;
mod cutover;
mod failure;
mod html_report;
mod interrupt;
mod logging;
mod output;
mod payload;
mod process;
mod progress;
mod serve;
mod stages;
mod web;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(failure) => {
            let style = output::Style::stderr();
            output::say(&format!("{} {failure}", style.bad("error:")));
            ExitCode::from(failure.exit.code())
        }
    }
}
