//! `chancery serve`: opens the desk on an address and says where it is.

use crate::cli::{LedgerArgs, ServeArgs};
use crate::log::Log;
use crate::{Error, Outcome, Result};
use chancery_desk::{Desk, Settings};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

pub fn run(args: &ServeArgs, log: &Log) -> Result<Outcome> {
    let token = match &args.token {
        Some(token) => Some(token.clone()),
        None if args.host.is_loopback() => None,
        None => Some(Desk::new_token()?),
    };
    let desk = Arc::new(Desk::open(Settings { ledger: args.ledger.ledger.clone(), token: token.clone() })?);
    let address = SocketAddr::new(args.host, args.port);
    let closed = |e: std::io::Error| {
        Error::new("E0600", format!("the desk cannot be opened: {e}"), address.to_string(), "choose another --port or --host")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(closed)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(closed)?;
        let at = listener.local_addr().map_err(closed)?;
        let entrance = token.map_or(String::new(), |t| format!("?token={t}"));
        log.warn(format_args!("the desk is open at http://{at}/{entrance} (Ctrl-C closes it)"));
        chancery_desk::serve(listener, desk, stopped()).await;
        Ok(Outcome::Done)
    })
}

/// `chancery mcp`: the tools, until the program that started them closes their input.
pub fn tools(args: &LedgerArgs) -> Result<Outcome> {
    let desk = Arc::new(Desk::open(Settings { ledger: args.ledger.clone(), token: None })?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::new("E0600", format!("the tools cannot be served: {e}"), "", "close other programs, and try again"))?;
    runtime.block_on(chancery_desk::tools(desk))?;
    // A reader of standard input may still wait for a line that never comes.
    runtime.shutdown_background();
    Ok(Outcome::Done)
}

/// Until the process is asked to end.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut end) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupted => {}
            _ = end.recv() => {}
        }
        return;
    }
    let _ = interrupted.await;
}
