//! The open ledger: a few readers that take turns, and what all requests share.

use crate::words::Words;
use crate::{Error, Result};
use chancery::Coder;
use chancery::data::DataFiles;
use chancery_ledger::{Ledger, Names};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Longest that the questions of one page may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The same of a stream of rows.
pub const LONG: Duration = Duration::from_secs(600);
/// Readers at once; more wait for their turn.
const READERS: usize = 8;

/// How a desk is set up.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub ledger: PathBuf,
    /// What a visitor must bring; none where only this machine can reach the desk.
    pub token: Option<String>,
}

/// What every request works with.
pub struct Desk {
    pub(crate) settings: Settings,
    pub(crate) names: Names,
    pub(crate) words: Words,
    idle: Mutex<Vec<Ledger>>,
    turns: Arc<Semaphore>,
    /// Told of every change to the file.
    watch: Mutex<Ledger>,
    /// Tells one run of the program from another.
    run: [u8; 16],
    coder: OnceLock<Option<Coder>>,
}

impl Desk {
    /// Opens the ledger (E0507 where there is none).
    pub fn open(settings: Settings) -> Result<Desk> {
        let mut run = [0; 16];
        getrandom::fill(&mut run)
            .map_err(|e| Error::new("E0600", format!("no random numbers: {e}"), "", "check that the system gives out random numbers"))?;
        Ok(Desk {
            words: Words::load()?,
            names: Names::default(),
            idle: Mutex::new(vec![Ledger::read(&settings.ledger)?]),
            turns: Arc::new(Semaphore::new(READERS)),
            watch: Mutex::new(Ledger::read(&settings.ledger)?),
            run,
            coder: OnceLock::new(),
            settings,
        })
    }

    /// A word that a visitor must bring, for a desk that others can reach: 128 random bits as hex.
    pub fn new_token() -> Result<String> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)
            .map_err(|e| Error::new("E0600", format!("no random numbers: {e}"), "", "give a token of your own with --token"))?;
        Ok(chancery::ids::hex(&bytes))
    }

    /// What the desk's own forms carry: nobody else's page can know it.
    pub(crate) fn form_token(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.run);
        hash.update(b"form");
        chancery::ids::hex(&hash.finalize()[..16])
    }

    /// The coder, made ready when it is first asked for.
    pub(crate) fn coder(&self) -> Result<&Coder> {
        let mut made = Ok(());
        let coder = self.coder.get_or_init(|| Coder::new(&DataFiles::builtin()).map_err(|e| made = Err(e)).ok());
        made?;
        coder
            .as_ref()
            .ok_or_else(|| Error::new("E0600", "the coder's own files are bad", "", "this is a defect of chancery: please report it"))
    }

    /// Marks what an address answers as the ledger stands now. Asked before the answer is made, so an answer is never older than its mark.
    pub(crate) fn mark(&self, address: &str) -> Result<String> {
        let changes = self.watch.lock().unwrap_or_else(PoisonError::into_inner).changes()?;
        let mut hash = Sha256::new();
        hash.update(self.run);
        hash.update(changes.to_le_bytes());
        hash.update(address.as_bytes());
        Ok(format!("\"{}\"", chancery::ids::hex(&hash.finalize()[..12])))
    }

    /// Runs questions on a reader of its own, off the threads that talk to visitors.
    pub(crate) async fn ask<T: Send + 'static>(
        self: &Arc<Desk>,
        limit: Option<Duration>,
        questions: impl FnOnce(&Desk, &Ledger) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let broken = |_| Error::new("E0600", "the desk is closing", "", "ask again once it runs");
        let turn = self.turns.clone().acquire_owned().await.map_err(|e| broken(e.to_string()))?;
        let desk = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let kept = desk.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut ledger = match kept {
                Some(ledger) => ledger,
                None => Ledger::read(&desk.settings.ledger)?,
            };
            ledger.limit(limit.unwrap_or(PATIENCE))?;
            let answer = questions(&desk, &ledger);
            desk.idle.lock().unwrap_or_else(PoisonError::into_inner).push(ledger);
            answer
        });
        work.await.unwrap_or_else(|e| {
            Err(Error::new("E0600", format!("the desk failed: {e}"), "", "this is a defect of chancery: please report it"))
        })
    }
}
