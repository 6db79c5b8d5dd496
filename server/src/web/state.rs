//! What the doors share.

use crate::config::{Config, ProxyRange, PublicUrl, Session};
use crate::defence::RateLimits;
use crate::providers::Providers;
use crate::sessions::Sessions;
use api::Api;
use app::ssr::AppContext;
use axum::extract::FromRef;
use control::Control;
use leptos::config::{Env, LeptosOptions};
use leptos_axum::AxumRouteListing;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What a run may take beyond its adapter's limit: starting, recording, waiting for somebody else's.
const GRACE_SECONDS: u64 = 90;

type Pages = Arc<Vec<AxumRouteListing>>;

/// The pages' addresses, alive and plain. Made once in a process, before anything is rendered: while they are made no
/// page anywhere in it loads what it shows, and one that is being rendered would wait for ever.
static PAGES: LazyLock<(Pages, Pages)> = LazyLock::new(|| {
    let plain = leptos_axum::generate_route_list(app::plain::PlainApp);
    (Arc::new(leptos_axum::generate_route_list(app::App)), Arc::new(plain))
});

/// The shared parts. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    /// What pages and server functions get.
    pub app: AppContext,
    /// The pages' addresses.
    pub pages: Pages,
    /// Those of the plain pages.
    pub plain_pages: Pages,
    /// The sign-in providers.
    pub providers: Arc<Providers>,
    /// The session store.
    pub sessions: Sessions,
    /// How long a sign-in lasts.
    pub session_limits: Session,
    /// How people reach it.
    pub public_url: PublicUrl,
    /// How fast anyone may be.
    pub rate_limits: RateLimits,
    /// Proxies that are believed.
    pub trusted_proxies: Arc<[ProxyRange]>,
    /// How long a server function may take.
    pub call_limit: Duration,
    /// Cancelled once the server stops.
    pub stopping: CancellationToken,
}

impl Web {
    /// Puts the parts together.
    pub fn new(
        control: Control,
        config: &Config,
        providers: Providers,
        demo: bool,
        stopping: CancellationToken,
    ) -> Self {
        let leptos_options = LeptosOptions::builder()
            .output_name("nexus-control")
            .site_pkg_dir(crate::assets::site_pkg_dir())
            .site_addr(config.http.listen)
            .env(if cfg!(debug_assertions) { Env::DEV } else { Env::PROD })
            .build();
        let commands = config.adapters.iter().map(|adapter| adapter.timeout_seconds);
        let endpoints = config.http_adapters.iter().map(|adapter| adapter.timeout_seconds);
        let routers = config.nexus_routers.iter().map(|router| router.timeout_seconds);
        let slowest = commands.chain(endpoints).chain(routers).max().unwrap_or_default();
        Self {
            sessions: Sessions::new(control.clone(), config.session),
            session_limits: config.session,
            public_url: config.public_url(),
            rate_limits: RateLimits::new(config.http.calls_per_minute),
            trusted_proxies: config.http.trusted_proxies.clone().into(),
            call_limit: Duration::from_secs(slowest.saturating_add(GRACE_SECONDS)),
            pages: PAGES.0.clone(),
            plain_pages: PAGES.1.clone(),
            app: AppContext {
                control,
                leptos_options,
                demo,
                public_url: config.public_url().as_str().into(),
                providers: providers.ways.clone().into(),
            },
            providers: Arc::new(providers),
            stopping,
        }
    }

    /// What the machines' doors share of it.
    pub fn api(&self) -> Api {
        let public_url = self.app.public_url.clone();
        Api::new(self.app.control.clone(), public_url, self.stopping.clone(), self.call_limit)
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.app.leptos_options.clone()
    }
}
