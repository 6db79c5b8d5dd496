//! Captured output: bounded, with secrets replaced before anything else sees it.

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::task::JoinHandle;

/// What stands in a secret's place.
const REDACTED: &str = "[redacted]";

/// How long the pipes may take to close after the command is gone.
const DRAIN: std::time::Duration = std::time::Duration::from_secs(2);

/// One output of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Captured {
    /// Its text.
    pub(super) text: String,
    /// Whether there was more than is kept.
    pub(super) truncated: bool,
}

/// Reads a pipe to its end and keeps the first `limit` bytes, without the secrets.
pub(super) async fn capture<R: AsyncRead + Unpin>(
    pipe: Option<R>,
    limit: usize,
    secrets: Vec<String>,
) -> Captured {
    let Some(mut pipe) = pipe else { return Captured::default() };
    // A secret that the limit would cut in two must still be found whole.
    let keep = limit.saturating_add(secrets.iter().map(String::len).max().unwrap_or(0));
    let mut kept = Vec::new();
    let mut buffer = [0_u8; 8192];
    let mut truncated = false;
    while let Ok(count) = pipe.read(&mut buffer).await {
        if count == 0 {
            break;
        }
        let room = keep.saturating_sub(kept.len());
        let chunk = buffer.get(..count).unwrap_or_default();
        kept.extend_from_slice(chunk.get(..room.min(count)).unwrap_or_default());
        truncated |= count > room;
    }
    redact(&kept, limit, &secrets, truncated)
}

fn redact(bytes: &[u8], limit: usize, secrets: &[String], truncated: bool) -> Captured {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    for secret in secrets {
        text = text.replace(secret.as_str(), REDACTED);
    }
    let truncated = truncated || text.len() > limit;
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    Captured { text, truncated }
}

/// The output, when its pipe closes in time; else what nobody could read is not waited for.
pub(super) async fn finish(mut task: JoinHandle<Captured>) -> Captured {
    match tokio::time::timeout(DRAIN, &mut task).await {
        Ok(Ok(captured)) => captured,
        Ok(Err(_)) | Err(_) => {
            task.abort();
            Captured { text: String::new(), truncated: true }
        }
    }
}

/// Ends a command with everything that it started.
pub(super) fn kill_group(leader: Option<u32>) {
    let leader = leader.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(group) = leader {
        // It may be gone already; then there is nothing to end.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_replaced_even_at_the_limit() {
        let secrets = vec!["s3cret-token".to_owned()];
        let captured = redact(b"key=s3cret-token and more", 8, &secrets, false);
        assert_eq!(captured, Captured { text: "key=[red".to_owned(), truncated: true });
        let captured = redact("ünï s3cret-token".as_bytes(), 100, &secrets, false);
        assert_eq!(captured, Captured { text: "ünï [redacted]".to_owned(), truncated: false });
    }
}
