//! All items of a list as JSON lines, sent as they are found: memory stays flat on both sides.

use super::List;
use crate::ask::Ask;
use crate::pool::{Desk, LONG};
use crate::reply::failed;
use crate::serve::Room;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use chancery_ledger::frame::{JsonlSink, Sink};
use futures_core::Stream;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Pieces under way: a slow reader holds the question back.
const UNDER_WAY: usize = 4;

type Piece = io::Result<Vec<u8>>;

struct Pieces {
    first: Option<Piece>,
    rest: Receiver<Piece>,
}

impl Stream for Pieces {
    type Item = Piece;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Piece>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => self.rest.poll_recv(cx),
        }
    }
}

struct Pipe(Sender<Piece>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Nobody reads any more: the question ends.
        self.0.blocking_send(Ok(bytes.to_vec())).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The answer begins with the first piece: what is wrong with the question is said as such. What fails later breaks the stream off.
pub async fn lines(desk: Arc<Desk>, which: List, ask: Ask) -> Response {
    let (sender, mut pieces) = channel(UNDER_WAY);
    let work = tokio::spawn(async move {
        let late = sender.clone();
        let done = desk
            .ask(Some(LONG), move |desk, ledger| {
                let mut sink = JsonlSink::new(Box::new(Pipe(sender)), which.columns());
                which.fill(&Room { desk, ledger, ask }, None, &mut sink)?;
                sink.finish()
            })
            .await;
        if let Err(e) = &done {
            // Only heard where something was sent before.
            let _ = late.send(Err(io::Error::other(e.to_string()))).await;
        }
        done
    });
    let first = pieces.recv().await;
    if !matches!(first, Some(Ok(_)))
        && let Ok(Err(e)) = work.await
    {
        return failed(&e, true);
    }
    let mut response = Response::new(Body::from_stream(Pieces { first, rest: pieces }));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    response
}
