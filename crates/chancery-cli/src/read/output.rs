//! Standard output: buffered; a closed pipe is no error.

use crate::{Error, Outcome, Result};
use std::io::{BufWriter, ErrorKind, IsTerminal, Write};

/// Buffered standard output.
pub struct Output {
    inner: BufWriter<std::io::Stdout>,
    /// At a terminal each record is shown as soon as it is read.
    eager: bool,
}

impl Output {
    pub fn stdout() -> Self {
        let stdout = std::io::stdout();
        Output { eager: stdout.is_terminal(), inner: BufWriter::with_capacity(1 << 16, stdout) }
    }
}

impl Write for Output {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(buf)?;
        if self.eager {
            self.inner.flush()?;
        }
        Ok(n)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// Prints a finished page.
pub fn print(page: &[u8]) -> Result<Outcome> {
    let mut out = Output::stdout();
    match out.write_all(page).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(error(e)),
        _ => Ok(Outcome::Done),
    }
}

/// E0402: the output could not be written.
pub fn error(e: std::io::Error) -> Error {
    Error::new(
        "E0402",
        format!("the output could not be written: {e}"),
        "standard output",
        "check free space and permissions where it goes",
    )
}
