//! Everything that a search finds, as one file. Its length is known before the first byte is sent, so that a browser can
//! say how far it is; it is read from a file that nobody else can open and that is gone afterwards, also when whoever asked
//! for it does not read on.

use super::Web;
use super::downloads::safe_name;
use crate::problem::Problem;
use app::api::search::Typed;
use app::query::Query;
use app::ssr::SignedIn;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use control::Error;
use control::archive::NoPlace;
use futures::Stream;
use futures::stream::unfold;
use std::fs::File;
use std::io;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// What the file is.
pub const KIND: &str = "application/zip";
/// Where it is; making it may take long.
pub const PATH: &str = "/audit/decisions.zip";
/// Bytes read at once.
const CHUNK: usize = 64 * 1024;
/// Whoever has not read it by then begins again.
const LONGEST: Duration = Duration::from_mins(30);
/// How soon there may be a place.
const TRY_AGAIN_SECONDS: u64 = 30;

/// `GET /audit/decisions.zip`, with the same query as `/audit`.
pub async fn decisions(
    State(web): State<Web>,
    Extension(who): Extension<SignedIn>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let caller = who.0.ok_or(Error::Unauthenticated)?;
    let typed = Typed::of(&Query::parse(query.as_deref().unwrap_or_default()));
    let control = &web.app.control;
    let place = control.archive_place(&caller).map_err(no_place)?;
    let archive = control.archive(&caller, &typed.search()?, place).await?;
    let head = [
        (CONTENT_TYPE, KIND.to_owned()),
        (CONTENT_LENGTH, archive.bytes.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", safe_name(&archive.file_name))),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, Body::from_stream(sent(archive.file, archive.bytes, archive.place, LONGEST))).into_response())
}

fn no_place(why: NoPlace) -> Problem {
    let words = match why {
        NoPlace::Yours => {
            "an archive of yours is being made or downloaded; wait until you have it, or cancel it"
        }
        NoPlace::Everybodys => {
            "the server has as many archives on its way as it can hold; please try again soon"
        }
    };
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_OPEN", words).retry_after(TRY_AGAIN_SECONDS)
}

/// The bytes of the file; `held` is let go with it. It is read by a task of its own: a connection that nobody reads from
/// asks for nothing any more, and its file and its place would stay.
fn sent<T: Send + 'static>(
    file: File,
    bytes: u64,
    held: T,
    longest: Duration,
) -> impl Stream<Item = io::Result<Bytes>> {
    let (sender, receiver) = channel(1);
    tokio::spawn(async move {
        drop(tokio::time::timeout(longest, read(file, sender)).await);
        drop(held);
    });
    unfold((receiver, bytes), received)
}

async fn read(file: File, sender: Sender<io::Result<Bytes>>) {
    let mut file = tokio::fs::File::from_std(file);
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = file.read_buf(&mut chunk).await;
        let said = match read {
            Ok(0) => return,
            Ok(_) => Ok(chunk.into()),
            Err(error) => Err(error),
        };
        // Nobody is there any more.
        if sender.send(said).await.is_err() {
            return;
        }
    }
}

type Rest = (Receiver<io::Result<Bytes>>, u64);

/// The next part. One that ends too soon is a fault, so that nobody takes half an archive for a whole one.
async fn received((mut receiver, left): Rest) -> Option<(io::Result<Bytes>, Rest)> {
    match receiver.recv().await {
        Some(Ok(bytes)) => {
            let left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            Some((Ok(bytes), (receiver, left)))
        }
        Some(Err(error)) => Some((Err(error), (receiver, 0))),
        None if left > 0 => Some((Err(io::ErrorKind::TimedOut.into()), (receiver, 0))),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt as _;
    use std::io::{Seek as _, Write as _};
    use std::pin::pin;
    use std::sync::Arc;

    const BYTES: usize = CHUNK * 10;

    fn file() -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![7; BYTES]).unwrap();
        file.rewind().unwrap();
        file
    }

    /// Until nobody else holds it.
    async fn released(held: &Arc<()>) {
        let alone = async {
            while Arc::strong_count(held) > 1 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), alone).await.unwrap();
    }

    #[tokio::test]
    async fn what_is_read_is_whole_and_holds_its_place_until_then() {
        let held = Arc::new(());
        let mut parts = pin!(sent(file(), u64::try_from(BYTES).unwrap(), held.clone(), LONGEST));
        let mut read = parts.next().await.unwrap().unwrap().len();
        assert_eq!(Arc::strong_count(&held), 2, "there is more to read");
        while let Some(part) = parts.next().await {
            read += part.unwrap().len();
        }
        assert_eq!(read, BYTES);
        released(&held).await;
    }

    #[tokio::test]
    async fn whoever_reads_no_more_gives_the_place_back_and_has_no_whole_file() {
        let held = Arc::new(());
        let bytes = u64::try_from(BYTES).unwrap();
        let mut parts = pin!(sent(file(), bytes, held.clone(), Duration::from_millis(50)));
        parts.next().await.unwrap().unwrap();
        released(&held).await;
        let rest: Vec<_> = parts.collect().await;
        assert!(rest.last().unwrap().is_err(), "it ends like a whole one");
    }

    #[tokio::test]
    async fn whoever_goes_gives_the_place_back() {
        let held = Arc::new(());
        drop(sent(file(), u64::try_from(BYTES).unwrap(), held.clone(), LONGEST));
        released(&held).await;
    }
}
