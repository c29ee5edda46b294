//! Routes, and the loop that takes connections.

use crate::api;
use crate::ask::Ask;
use crate::guard::guard;
use crate::pages;
use crate::pool::Desk;
use crate::reply::{Reply, failed};
use crate::{Error, Result};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use chancery_ledger::Ledger;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Connections at once.
const CONNECTIONS: usize = 1_000;
/// For a request to arrive.
const ARRIVAL: Duration = Duration::from_secs(15);

/// One request's question: what is asked, of which ledger.
pub struct Room<'a> {
    pub desk: &'a Desk,
    pub ledger: &'a Ledger,
    pub ask: Ask,
}

type View = fn(&Room<'_>) -> Result<Reply>;
type Asked = std::result::Result<Query<Vec<(String, String)>>, axum::extract::rejection::QueryRejection>;

fn view(view: View) -> MethodRouter<Arc<Desk>> {
    get(move |State(desk): State<Arc<Desk>>, query: Asked, request: Request| async move {
        let path = request.uri().path().to_owned();
        let for_program = path.starts_with("/api/");
        let Ok(Query(given)) = query else {
            return failed(&Error::new("E0601", "this address cannot be read", path, "encode its parameters"), for_program);
        };
        let answer = desk.ask(None, move |desk, ledger| view(&Room { desk, ledger, ask: Ask::new(&path, given) })).await;
        answer.map_or_else(|e| failed(&e, for_program), Reply::send)
    })
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"))], include_str!("../assets/desk.css")).into_response()
}

async fn icon() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))], include_str!("../assets/icon.svg")).into_response()
}

async fn nowhere(request: Request) -> Response {
    let path = request.uri().path();
    let e = Error::new("E0602", "there is no such page", path, "choose one from the top of the page");
    failed(&e, path.starts_with("/api/"))
}

/// Everything the desk answers.
pub fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", view(pages::today::page))
        .route("/search", view(pages::search::page))
        .route("/dyad", view(pages::dyad::page))
        .route("/actor", view(pages::actor::page))
        .route("/happenings", view(pages::happenings::page))
        .route("/network", view(pages::network::page))
        .route("/map", view(pages::map::page))
        .route("/report/{id}", view(pages::report::page))
        .route("/paste", view(pages::paste::page).post(pages::paste::read).layer(DefaultBodyLimit::max(pages::paste::BODY)))
        .route("/data", view(pages::data::page))
        .route("/api/v1/events", get(api::events))
        .route("/api/v1/statements", get(api::statements))
        .route("/api/v1/happenings", get(api::happenings))
        .route("/api/v1/dyad", view(api::dyad))
        .route("/api/v1/reports/{id}", view(api::report))
        .route("/api/v1/openapi.json", view(api::description::document))
        .route("/desk.css", get(style))
        .route("/icon.svg", get(icon))
        .fallback(nowhere)
        .layer(axum::middleware::from_fn_with_state(desk.clone(), guard))
        .with_state(desk)
}

/// Answers until `stop` is done; then what was begun is finished.
pub async fn serve(listener: TcpListener, desk: Arc<Desk>, stop: impl Future<Output = ()>) {
    let router = router(desk);
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = std::pin::pin!(stop);
    loop {
        let Ok(place) = room.clone().acquire_owned().await else { return };
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = &mut stop => break,
        };
        let Ok((stream, _)) = taken else {
            // Out of file handles: those that are open will be closed.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let _place = place;
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(ARRIVAL).max_buf_size(32 * 1024);
            // A visitor that goes away is no failure of ours.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
    let _ = tokio::time::timeout(Duration::from_secs(5), room.acquire_many(CONNECTIONS as u32)).await;
}
