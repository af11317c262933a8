//! `landfast serve`: opens the store, imports what lies in the data directory, and serves pages and API.

mod care;
mod first_start;

use crate::backend;
use crate::cli::ServeArgs;
use crate::commands::Context;
use crate::failure::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::output;
use crate::web::{App, Settings, router};
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::time::Duration;
use tokio::net::TcpListener;

/// How long requests at work may take after the signal to end.
const GRACE: Duration = Duration::from_secs(10);

/// Something the page says above everything else.
#[derive(Debug, Clone)]
pub struct Notice {
    /// `good`, `warn` or `bad`, the style class.
    pub level: &'static str,
    /// In a few words.
    pub title: String,
    /// The whole message.
    pub text: String,
}

/// Runs the server until a signal ends it.
///
/// # Errors
/// When the store cannot be opened or the address cannot be listened on.
pub fn run(context: &Context, args: &ServeArgs) -> Result<Exit, Failure> {
    let host = context.config.text("host").to_owned();
    let port: u16 = context.config.number("port")?;
    let settings = Settings::read(&context.config)?;
    let runtime = runtime()?;
    // Listening comes first: a taken port should not cost an import.
    let listener = runtime.block_on(listen(&host, port))?;
    let interrupt = Interrupt::listen("stopping after the requests at work; Ctrl-C again stops at once")?;
    let opened = backend::open_for_serve(context)?;
    let mut notices = opened.notices.clone();
    if !args.no_import {
        notices.extend(first_start::import(context, &opened, &interrupt));
    }
    if interrupt.is_set() {
        return Ok(Exit::Interrupted);
    }
    let app = App::new(opened, context.user.clone(), settings, notices);
    serve(&runtime, listener, app, &interrupt)
}

/// Serves on a listener until the first signal, then ends within [`GRACE`].
///
/// # Errors
/// When the listener fails.
pub fn serve(
    runtime: &tokio::runtime::Runtime,
    listener: TcpListener,
    app: App,
    interrupt: &Interrupt,
) -> Result<Exit, Failure> {
    let address = listener.local_addr()?;
    let place = app.place().to_owned();
    output::print(&format!(
        "Landfast is at http://{}/ with {}; Ctrl-C ends it\n",
        shown(address),
        output::safe(&place)
    ))?;
    let stopped = interrupt.clone();
    let ended = runtime.block_on(async move {
        let signal = std::sync::Arc::new(tokio::sync::Notify::new());
        let begin = std::sync::Arc::clone(&signal);
        let care = tokio::spawn(care::forever(app.clone()));
        let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
        let graceful = axum::serve(listener, service).with_graceful_shutdown(async move {
            stopped.wait().await;
            begin.notify_one();
        });
        let ended = tokio::select! {
            ended = async { graceful.await } => ended,
            () = async { signal.notified().await; tokio::time::sleep(GRACE).await } => Ok(()),
        };
        care.abort();
        ended
    });
    ended.map_err(|error| Failure::failed(format!("the server on {address} failed: {error}")))?;
    output::say("stopped");
    Ok(Exit::Done)
}

/// A runtime for the server; database work runs on its blocking threads.
///
/// # Errors
/// When the operating system gives no threads.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("cannot start the server's threads: {error}")))
}

/// Listens on an address.
///
/// # Errors
/// When the name is unknown or the port is taken or forbidden.
pub async fn listen(host: &str, port: u16) -> Result<TcpListener, Failure> {
    let cannot = |error: std::io::Error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "end the program that listens there, or choose another port: --port 0 takes any free one"
            }
            std::io::ErrorKind::PermissionDenied => {
                "ports below 1024 need special rights; choose one above, for instance --port 8080"
            }
            _ => "check --host and --port",
        };
        Failure::failed(format!("cannot listen on {host}:{port}: {error}")).hint(hint)
    };
    let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs().map_err(cannot)?.collect();
    TcpListener::bind(addresses.as_slice()).await.map_err(cannot)
}

/// An address a browser understands: a server on all addresses is reached on this machine's own.
fn shown(address: SocketAddr) -> SocketAddr {
    let mut shown = address;
    if address.ip().is_unspecified() {
        shown.set_ip(if address.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    shown
}
