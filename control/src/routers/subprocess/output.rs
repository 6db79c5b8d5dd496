//! Captured output: bounded, with secrets replaced before anything else sees it.

use super::super::secrets::SecretValues;
use super::redact::Redactor;
use crate::live::Live;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Child;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long the pipes may take to close after the command is gone.
const DRAIN: Duration = Duration::from_secs(2);
/// How long a command that was killed may take to be gone.
const GONE: Duration = Duration::from_secs(2);

/// One output of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Captured {
    /// Its text.
    pub(super) text: String,
    /// Whether there was more than is kept.
    pub(super) truncated: bool,
}

/// A pipe that is being read.
pub(super) struct Capture {
    task: JoinHandle<Captured>,
    stop: CancellationToken,
}

impl Capture {
    /// Reads a pipe to its end and keeps the first `limit` bytes, without the secrets. What is kept and what is shown
    /// meanwhile are the same text.
    pub(super) fn start<R: AsyncRead + Unpin + Send + 'static>(
        pipe: Option<R>,
        limit: usize,
        secrets: SecretValues,
        live: Live,
    ) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(capture(pipe, limit, secrets, live, stop.clone()));
        Self { task, stop }
    }

    /// The output. Where the pipe does not close in time, what came until then: something that the command started may
    /// hold it open for ever.
    pub(super) async fn finish(mut self) -> Captured {
        let captured = match tokio::time::timeout(DRAIN, &mut self.task).await {
            Ok(captured) => captured,
            Err(_) => {
                self.stop.cancel();
                self.task.await
            }
        };
        captured.unwrap_or_else(|_| Captured { text: String::new(), truncated: true })
    }
}

async fn capture<R: AsyncRead + Unpin>(
    pipe: Option<R>,
    limit: usize,
    secrets: SecretValues,
    live: Live,
    stop: CancellationToken,
) -> Captured {
    let Some(mut pipe) = pipe else { return Captured::default() };
    let mut redactor = Redactor::new(secrets);
    let mut kept = Kept { bytes: Vec::new(), limit, truncated: false };
    let mut shown = Shown { live, pending: Vec::new() };
    let mut buffer = [0_u8; 8192];
    loop {
        let read = tokio::select! {
            biased;
            () = stop.cancelled() => {
                kept.truncated = true;
                break;
            }
            read = pipe.read(&mut buffer) => read,
        };
        let Ok(count @ 1..) = read else { break };
        let clean = redactor.more(buffer.get(..count).unwrap_or_default());
        kept.more(&clean);
        shown.more(&clean);
    }
    let clean = redactor.rest();
    kept.more(&clean);
    shown.more(&clean);
    kept.captured()
}

/// The beginning of the output, as evidence.
struct Kept {
    bytes: Vec<u8>,
    limit: usize,
    truncated: bool,
}

impl Kept {
    fn more(&mut self, clean: &[u8]) {
        let room = self.limit.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(clean.get(..room).unwrap_or(clean));
        self.truncated |= clean.len() > room;
    }

    fn captured(self) -> Captured {
        let mut text = String::from_utf8_lossy(&self.bytes).into_owned();
        let truncated = self.truncated || text.len() > self.limit;
        // What is no text takes more room once it is marked as such.
        text.truncate(text.floor_char_boundary(self.limit));
        Captured { text, truncated }
    }
}

/// The end of the output, while it runs.
struct Shown {
    live: Live,
    pending: Vec<u8>,
}

impl Shown {
    fn more(&mut self, clean: &[u8]) {
        self.pending.extend_from_slice(clean);
        // A character that is not all there yet waits for its rest.
        let rest = self.pending.split_off(whole_characters(&self.pending));
        if !self.pending.is_empty() {
            self.live.output(&String::from_utf8_lossy(&self.pending));
        }
        self.pending = rest;
    }
}

/// How many bytes end with a whole character.
fn whole_characters(bytes: &[u8]) -> usize {
    let last = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    let begun = std::str::from_utf8(last).is_err_and(|error| error.error_len().is_none());
    if begun { bytes.len() - last.len() } else { bytes.len() }
}

/// Ends a command with everything that it started, and by itself where it has left its group. One that cannot be ended
/// is not waited for.
pub async fn end(child: &mut Child, group: Option<u32>) {
    kill_group(group);
    let _ = child.start_kill();
    let _ = tokio::time::timeout(GONE, child.wait()).await;
}

/// Kills everything that is in a command's group.
pub fn kill_group(leader: Option<u32>) {
    let leader = leader.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(group) = leader {
        // It may be gone already; then there is nothing to end.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    async fn captured(bytes: &[u8], limit: usize) -> Captured {
        let stop = CancellationToken::new();
        capture(Some(bytes), limit, secrets(), Live::default(), stop).await
    }

    fn secrets() -> SecretValues {
        SecretValues::new(["s3cret-token".to_owned()])
    }

    #[tokio::test]
    async fn what_came_before_a_pipe_that_never_closes_is_kept() {
        let (mut write, read) = tokio::io::duplex(64);
        let capture = Capture::start(Some(read), 100, secrets(), Live::default());
        write.write_all(b"begun with s3cret-to").await.unwrap();
        let kept = capture.finish().await;
        assert_eq!(kept, Captured { text: "begun with [redacted]".to_owned(), truncated: true });
        write.write_all(b"nobody reads it").await.unwrap_err();
    }

    #[tokio::test]
    async fn secrets_are_replaced_even_at_the_limit() {
        let cut = captured(b"key=s3cret-token and more", 8).await;
        assert_eq!(cut, Captured { text: "key=[red".to_owned(), truncated: true });
        let whole = captured("ünï s3cret-token".as_bytes(), 100).await;
        assert_eq!(whole, Captured { text: "ünï [redacted]".to_owned(), truncated: false });
        // What a replaced secret leaves free is not filled with half of another one.
        let two = captured(b"s3cret-tokens3cret-token", 15).await;
        assert_eq!(two, Captured { text: "[redacted][reda".to_owned(), truncated: true });
    }

    #[tokio::test]
    async fn what_is_no_text_is_marked_and_kept_within_the_limit() {
        let marked = captured(b"a\xffb", 4).await;
        assert_eq!(marked, Captured { text: "a\u{fffd}".to_owned(), truncated: true });
        assert_eq!(captured("aü".as_bytes(), 2).await.text, "a");
    }

    #[test]
    fn a_character_in_two_reads_waits_for_its_rest() {
        for (bytes, whole) in [
            (&b""[..], 0),
            (b"ab", 2),
            ("aü".as_bytes(), 3),
            (&"aü".as_bytes()[..2], 1),
            (&"€".as_bytes()[..2], 0),
            (&"😀".as_bytes()[..3], 0),
            (b"a\xff", 2),
            (b"\xff\xe2\x82", 1),
            (b"\xe2\x82x", 3),
        ] {
            assert_eq!(whole_characters(bytes), whole, "{bytes:?}");
        }
    }
}
