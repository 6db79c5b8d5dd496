//! The command's output: handed on byte for byte while it comes, and remembered as digest, length and end.

use super::GateArgs;
use crate::stop::Stop;
use governance::digest;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio::time::Instant;

/// Bytes of each output's end that are recorded.
pub const TAIL: usize = 256 * 1024;
/// Bytes of both outputs' end that are shown while it runs.
const RECENT: usize = 8 * 1024;
/// After the command's end, its output counts as over when so long nothing comes; some leave processes behind.
const IDLE: Duration = Duration::from_secs(2);
/// And at the latest after so much waiting for more. A slow reader of ours is not held against the command.
const AFTERWARDS: Duration = Duration::from_secs(10);

/// How the command stands to its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It runs.
    Runs,
    /// It has ended; what it left behind may still write.
    Ended,
    /// Nobody wants to wait for more, nor for a reader of ours.
    GivenUp,
}

/// Where output goes.
#[derive(Debug, Clone)]
pub enum Sink {
    /// Each to its own.
    Own,
    /// Both to standard error: standard output is for programs.
    Error,
    /// Both to a file.
    File(Arc<std::fs::File>),
}

/// What is remembered of one output.
#[derive(Debug, Clone, Default)]
pub struct Capture {
    hash: Sha256,
    bytes: u64,
    tail: Vec<u8>,
}

/// The end of both outputs, for those who watch.
#[derive(Debug, Clone, Default)]
pub struct Recent(Arc<Mutex<Vec<u8>>>);

impl Sink {
    /// The one that the flags name. A file is opened before anybody is asked.
    pub fn open(args: &GateArgs) -> Result<Self, Stop> {
        match &args.output_file {
            Some(path) => match std::fs::File::create(path) {
                Ok(file) => Ok(Self::File(Arc::new(file))),
                Err(error) => Err(Stop::usage(format!("{} cannot be written: {error}", path.display()))),
            },
            None if args.json => Ok(Self::Error),
            None => Ok(Self::Own),
        }
    }

    /// For one of the two.
    pub fn writer(&self, error: bool) -> std::io::Result<Box<dyn AsyncWrite + Send + Unpin>> {
        Ok(match self {
            Self::Own if !error => Box::new(tokio::io::stdout()),
            Self::Own | Self::Error => Box::new(tokio::io::stderr()),
            Self::File(file) => Box::new(tokio::fs::File::from_std(file.try_clone()?)),
        })
    }
}

impl Capture {
    fn take(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        keep(&mut self.tail, bytes, TAIL);
    }

    /// As it is reported; of the end at most so many bytes.
    pub fn to_json(&self, most: usize) -> Value {
        json!({
            "tail": text(&self.tail, most),
            "bytes": self.bytes,
            "sha256": digest::hex(&self.hash.clone().finalize()),
        })
    }
}

impl Recent {
    /// As text.
    pub fn text(&self) -> String {
        text(&locked(&self.0), RECENT)
    }

    fn take(&self, bytes: &[u8]) {
        keep(&mut locked(&self.0), bytes, RECENT);
    }
}

/// Hands one output on until it ends; what was seen of it, and whether its end was seen too. A reader that went away is
/// no reason to stop the command.
pub async fn stream(
    mut from: impl AsyncRead + Unpin,
    to: std::io::Result<Box<dyn AsyncWrite + Send + Unpin>>,
    recent: Recent,
    phase: watch::Receiver<Phase>,
) -> (Capture, bool) {
    let mut capture = Capture::default();
    let mut to = to.ok();
    let mut buffer = vec![0; 64 * 1024];
    let mut waited = Duration::ZERO;
    let (mut ended, mut given_up) = (phase.clone(), phase);
    loop {
        let asked = Instant::now();
        let left = IDLE.min(AFTERWARDS.saturating_sub(waited));
        let idle = async {
            // An error means that nobody will ever say it: the command is not there any more.
            drop(ended.wait_for(|phase| *phase != Phase::Runs).await);
            let given_up = ended.wait_for(|phase| *phase == Phase::GivenUp);
            drop(tokio::time::timeout(left, given_up).await);
        };
        let read = tokio::select! {
            biased;
            read = from.read(&mut buffer) => read,
            () = idle => return (capture, false),
        };
        if *given_up.borrow() != Phase::Runs {
            waited += asked.elapsed();
        }
        let Some(bytes) = read.ok().and_then(|read| buffer.get(..read)).filter(|bytes| !bytes.is_empty())
        else {
            return (capture, true);
        };
        capture.take(bytes);
        recent.take(bytes);
        if let Some(writer) = &mut to {
            let write = async {
                writer.write_all(bytes).await?;
                writer.flush().await
            };
            let written = tokio::select! {
                written = write => written.is_ok(),
                _ = given_up.wait_for(|phase| *phase == Phase::GivenUp) => false,
            };
            if !written {
                to = None;
            }
        }
    }
}

/// Appends, and keeps the end: twice as much at most, so that little is moved.
fn keep(tail: &mut Vec<u8>, bytes: &[u8], most: usize) {
    tail.extend_from_slice(bytes);
    if tail.len() > 2 * most {
        tail.drain(..tail.len() - most);
    }
}

/// The last bytes as text, begun at a character, what is no UTF-8 replaced.
fn text(bytes: &[u8], most: usize) -> String {
    let from = bytes.len().saturating_sub(most);
    let bytes = bytes.get(from..).unwrap_or_default();
    let inside = |byte: &u8| from > 0 && *byte & 0b1100_0000 == 0b1000_0000;
    let begun = bytes.iter().take(3).take_while(|byte| inside(byte)).count();
    let mut text = String::from_utf8_lossy(bytes.get(begun..).unwrap_or_default()).into_owned();
    // Each byte that is no text became three.
    let mut over = text.len().saturating_sub(most);
    while !text.is_char_boundary(over) {
        over += 1;
    }
    text.drain(..over);
    text
}

fn locked(bytes: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    // Whoever held it only moved bytes about.
    bytes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_and_length_are_of_everything_and_the_end_is_kept() {
        let mut capture = Capture::default();
        let mut all = Vec::new();
        for number in 0..100_000 {
            let line = format!("line {number} ü\n");
            capture.take(line.as_bytes());
            all.extend_from_slice(line.as_bytes());
        }
        let shown = capture.to_json(TAIL);
        assert_eq!(shown["bytes"], all.len());
        assert_eq!(shown["sha256"], digest::sha256_hex(&all));
        let tail = shown["tail"].as_str().unwrap();
        assert!(tail.len() <= TAIL && tail.len() > TAIL - 4, "{}", tail.len());
        assert!(String::from_utf8(all).unwrap().ends_with(tail));
    }

    #[test]
    fn an_end_is_cut_at_a_character_and_never_longer_than_asked() {
        assert_eq!(text("aü".as_bytes(), 1), "");
        assert_eq!(text("aü".as_bytes(), 2), "ü");
        assert_eq!(text(&[0xff; 10], 8), "\u{fffd}\u{fffd}");
        // At its very beginning nothing was cut, so a stray byte is shown as what it is.
        assert_eq!(text(&[0x80, b'a'], 8), "\u{fffd}a");
    }

    #[tokio::test]
    async fn a_reader_that_goes_away_does_not_end_the_capture() {
        let (near, far) = tokio::io::duplex(8);
        drop(far);
        let (_said, ended) = watch::channel(Phase::Runs);
        let from = std::io::Cursor::new(vec![b'x'; 1_000_000]);
        let (capture, whole) = stream(from, Ok(Box::new(near)), Recent::default(), ended).await;
        assert!(whole);
        assert_eq!(capture.bytes, 1_000_000);
    }

    #[tokio::test]
    async fn output_that_somebody_left_open_is_not_waited_for_long() {
        let (mut theirs, ours) = tokio::io::duplex(1024);
        let (said, ended) = watch::channel(Phase::Runs);
        let task = tokio::spawn(stream(ours, Ok(Box::new(tokio::io::sink())), Recent::default(), ended));
        theirs.write_all(b"before").await.unwrap();
        tokio::time::sleep(IDLE + Duration::from_millis(200)).await;
        assert!(!task.is_finished());
        said.send(Phase::Ended).unwrap();
        let (capture, whole) = task.await.unwrap();
        assert_eq!((capture.bytes, whole), (6, false));
    }

    #[tokio::test]
    async fn a_reader_that_takes_nothing_is_not_waited_for_once_that_is_given_up() {
        // The other end is there, and full.
        let (near, _far) = tokio::io::duplex(8);
        let (said, phase) = watch::channel(Phase::Runs);
        let from = std::io::Cursor::new(vec![b'x'; 1000]);
        let task = tokio::spawn(stream(from, Ok(Box::new(near)), Recent::default(), phase));
        said.send(Phase::Ended).unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!task.is_finished());
        said.send(Phase::GivenUp).unwrap();
        let (capture, _) = tokio::time::timeout(Duration::from_secs(5), task).await.unwrap().unwrap();
        assert_eq!(capture.bytes, 1000);
    }
}
