//! Lines from a pipe, never longer than they may be. Reading can be given up at any moment and taken up again.

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// What came next.
pub(super) enum Next {
    /// A line, without its end.
    Line(String),
    /// A line that is longer than may be.
    TooLong,
    /// Nothing more.
    End,
}

/// The lines of one pipe.
pub(super) struct Lines<R> {
    pipe: BufReader<R>,
    line: Vec<u8>,
    limit: usize,
    /// Whether the rest of a line is thrown away.
    skipping: bool,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn new(pipe: R, limit: usize) -> Self {
        Self { pipe: BufReader::new(pipe), line: Vec::new(), limit, skipping: false }
    }

    /// Throws away a line that is too long, with what is still to come of it: its rest may begin with half of a secret.
    pub(super) fn forget(&mut self) {
        self.skipping = !self.line.ends_with(b"\n");
        self.line.clear();
    }

    /// The next line. A last one without an end is none.
    pub(super) async fn next(&mut self) -> Next {
        loop {
            // Nothing is taken from the pipe before the bytes are kept, so that giving up here loses nothing.
            let Ok(there) = self.pipe.fill_buf().await else { return Next::End };
            if there.is_empty() {
                return Next::End;
            }
            let newline = there.iter().position(|byte| *byte == b'\n');
            let taken = newline.map_or(there.len(), |at| at + 1);
            self.line.extend_from_slice(there.get(..taken).unwrap_or_default());
            self.pipe.consume(taken);
            if self.skipping {
                self.skipping = newline.is_none();
                self.line.clear();
                continue;
            }
            if self.line.len() > self.limit {
                return Next::TooLong;
            }
            if newline.is_some() {
                let line = String::from_utf8_lossy(&self.line).trim_end().to_owned();
                self.line.clear();
                return Next::Line(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_has_an_end_and_a_limit() {
        let mut lines = Lines::new(&b"one\r\n\ntoo long for this\n"[..], 8);
        assert!(matches!(lines.next().await, Next::Line(line) if line == "one"));
        assert!(matches!(lines.next().await, Next::Line(line) if line.is_empty()));
        assert!(matches!(lines.next().await, Next::TooLong));
        lines.forget();
        assert!(matches!(lines.next().await, Next::End));
        let mut lines =
            Lines { pipe: BufReader::with_capacity(9, &b"too long to keep\nlong too\r\ntwo\n"[..]), ..lines };
        for _ in 0..2 {
            assert!(matches!(lines.next().await, Next::TooLong));
            lines.forget();
        }
        assert!(matches!(lines.next().await, Next::Line(line) if line == "two"));
        let mut lines = Lines::new(&b"cut off"[..], 8);
        assert!(matches!(lines.next().await, Next::End));
    }
}
