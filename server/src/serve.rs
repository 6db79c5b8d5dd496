//! A server's life: open, recover, listen, and on a signal stop accepting, finish what runs, close.

use crate::config::{Config, ConfigError, PublicUrl};
use crate::providers::Providers;
use crate::{demo, upkeep, web};
use control::{Clock, Control, Routers, SystemClock, SystemEntropy};
use routers::{HttpRouter, NexusRouter};
use std::future::Future;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long open connections may take to end once the server stops.
const DRAIN: Duration = Duration::from_secs(20);

/// Why a server did not start, or broke.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}; choose another with NEXUS_LISTEN")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The database.
    #[error("the database `{engine}` cannot be opened")]
    Open {
        /// Its kind.
        engine: String,
        /// Why.
        source: store::StoreError,
    },
    /// A use case.
    #[error("the start failed")]
    Control(#[from] control::Error),
    /// The sign-in providers of the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The adapters of the configuration.
    #[error("the adapters in the configuration are not valid: {0}")]
    Adapters(String),
    /// The demo and what is there already.
    #[error("`serve --demo` needs an empty database or its own; this one holds something else")]
    NotDemo,
    /// The listener broke.
    #[error("the server broke")]
    Serve(#[source] std::io::Error),
    /// Somebody would not wait.
    #[error("stopped without waiting for what runs; the next start records it as OUTCOME_UNKNOWN")]
    Abandoned,
}

/// Opens the store that the configuration names, migrated.
pub async fn open(config: &Config, demo: bool) -> Result<Arc<dyn store::Store>, ServeError> {
    let url = config.database.url(demo);
    store::open(url).await.map_err(|source| {
        let engine = url.split(':').next().unwrap_or_default().to_owned();
        ServeError::Open { engine, source }
    })
}

/// The use cases over a store, with the adapters of the configuration.
pub fn control(config: &Config, demo: bool, store: Arc<dyn store::Store>) -> Result<Control, ServeError> {
    let mut adapters = config.adapters.clone();
    if demo {
        adapters.extend(demo::adapters());
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let routers = Routers::new(adapters, &clock).map_err(ServeError::Adapters)?;
    let mut gate = config.gate.clone();
    if demo {
        // The demo's templates ask for what its invented adapters can do; the README's gate is to pass them.
        gate.capabilities.extend(["deploy", "rollback"].map(str::to_owned));
    }
    let mut routers = routers.with_gate(gate).map_err(ServeError::Adapters)?;
    for endpoint in &config.http_adapters {
        let router = HttpRouter::new(endpoint.clone(), clock.clone()).map_err(ServeError::Adapters)?;
        routers.add(Arc::new(router)).map_err(ServeError::Adapters)?;
    }
    for declared in &config.nexus_routers {
        let router = NexusRouter::new(declared.clone(), clock.clone()).map_err(ServeError::Adapters)?;
        routers.add(Arc::new(router)).map_err(ServeError::Adapters)?;
    }
    let control = Control::new(store, routers, clock, Arc::new(SystemEntropy));
    Ok(control.with_local_accounts(config.sign_in.local))
}

/// Serves until a signal comes.
pub async fn serve(mut config: Config, demo: bool) -> Result<(), ServeError> {
    let address = config.http.listen;
    let listener =
        TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })?;
    // Port 0 asks for any free one; people need to know which.
    config.http.listen = listener.local_addr().unwrap_or(address);
    let store = open(&config, demo).await?;
    let control = control(&config, demo, store.clone())?;
    let lost = control.recover(config.database.is_exclusive()).await?;
    if lost > 0 {
        tracing::warn!(runs = lost, "runs without a result were recorded as OUTCOME_UNKNOWN");
    }
    if demo {
        demo::prepare(&store).await?;
    }
    let stopping = CancellationToken::new();
    let providers = Providers::of(&config)?;
    control.record_providers(&governance::Value::Array(providers.record.clone())).await?;
    let web = web::Web::new(control.clone(), &config, providers, demo, stopping.clone());
    let router = web::router(&web).into_make_service_with_connect_info::<SocketAddr>();
    let link = control.issue_setup_token().await?;
    say(&greeting(&web.public_url, link.as_deref(), demo));
    upkeep::begin(&control, !config.database.is_exclusive(), &stopping);
    let hurry = CancellationToken::new();
    tokio::spawn(cancel_on_signals(stopping.clone(), hurry.clone()));
    let accepted = stopping.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(accepted.cancelled_owned());
    let overdue = async {
        stopping.cancelled().await;
        drop(tokio::time::timeout(DRAIN, hurry.cancelled()).await);
    };
    tokio::select! {
        result = server.into_future() => result.map_err(ServeError::Serve)?,
        () = overdue => tracing::warn!("some connections did not end in time and were dropped"),
    }
    let abandoned = tokio::select! {
        () = control.finish_running() => false,
        () = hurry.cancelled() => true,
    };
    store.close().await;
    if abandoned {
        return Err(ServeError::Abandoned);
    }
    tracing::info!("stopped; every run that had begun is recorded");
    Ok(())
}

/// What the first lines on the screen say: where to click.
fn greeting(public_url: &PublicUrl, token: Option<&str>, demo: bool) -> String {
    let url = public_url.as_str();
    let body = match (token, demo) {
        (Some(token), _) => format!(
            "Nexus Control is running, and nobody has an account yet.\n  \
             Open this link to create your workspace. It works once, for 24 hours:\n\n    {}\n\n  \
             Lost it? Stop the server and run `nexus-control setup-link`, or just start it again.",
            setup_link(public_url, token)
        ),
        (None, true) => format!(
            "Nexus Control is running as a demo: everyone who can reach it may be anyone in it.\n  \
             Open it and choose who you want to be:\n\n    {url}/sign-in"
        ),
        (None, false) => format!("Nexus Control is running. Open it here:\n\n    {url}"),
    };
    format!("\n  {body}\n\n  Press Ctrl-C to stop.\n\n")
}

/// The address that a set-up token is good at.
pub fn setup_link(public_url: &PublicUrl, token: &str) -> String {
    format!("{}/set-up?token={token}", public_url.as_str())
}

/// Prints for whoever started it. Where nobody reads there is nothing to do about it.
pub fn say(text: &str) {
    let mut screen = std::io::stdout();
    drop(screen.write_all(text.as_bytes()).and_then(|()| screen.flush()));
}

async fn cancel_on_signals(stopping: CancellationToken, hurry: CancellationToken) {
    signal().await;
    say("\n  Stopping: finishing what runs. Once more to stop without waiting for it.\n");
    stopping.cancel();
    signal().await;
    hurry.cancel();
}

#[cfg(unix)]
fn signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = signal(SignalKind::terminate());
    async move {
        let terminated = async move {
            match terminate {
                Ok(mut stream) => {
                    stream.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = terminated => {}
        }
    }
}

#[cfg(not(unix))]
fn signal() -> impl Future<Output = ()> {
    async {
        drop(tokio::signal::ctrl_c().await);
    }
}
