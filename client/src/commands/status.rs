//! `status` and `wait`: how a decision stands, and when it stands differently.

use super::{PATIENCE, exit_of, id, print_decision, print_json};
use crate::answers::Decision;
use crate::duration;
use crate::exit::Exit;
use crate::screen::Screen;
use crate::server::Call;
use crate::settings::Access;
use crate::signals::Signals;
use crate::stop::Stop;
use crate::watch::{Seen, Told, Watch, members};
use clap::{Args, ValueEnum};
use std::time::Duration;
use tokio::time::Instant;

/// What `status` is told.
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    access: Access,
    /// The decision
    #[arg(value_name = "ID")]
    id: String,
    /// Stay, and tell every change until nothing more can happen
    #[arg(long)]
    watch: bool,
    /// Print the decision as JSON; with --watch one object for every change
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `wait` is told.
#[derive(Debug, Clone, Args)]
pub struct WaitArgs {
    #[command(flatten)]
    access: Access,
    /// The decision
    #[arg(value_name = "ID")]
    id: String,
    /// What is waited for
    #[arg(long = "for", value_name = "WHAT", default_value = "approved")]
    awaited: Awaited,
    /// Longest wait
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = duration::parse)]
    wait_limit: Duration,
    /// How long the server may be unreachable
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    offline_limit: Duration,
    /// One JSON object a line for every change
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Awaited {
    /// It may run, or ran
    Approved,
    /// People said yes or no
    Decided,
    /// Nothing more can happen
    Ended,
}

impl Awaited {
    fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Decided => "decided",
            Self::Ended => "ended",
        }
    }
}

/// Runs `status`.
pub async fn status(args: &StatusArgs) -> Result<u8, Stop> {
    let screen = Screen::new(args.json);
    let server = args.access.server(screen.clone())?;
    let id = id(&args.id)?;
    if args.watch {
        let year = Duration::from_hours(366 * 24);
        let watch =
            Watch { id, awaited: "ended", until: Instant::now() + year, offline: Duration::from_mins(10) };
        return wait_for(&args.access, &screen, watch).await;
    }
    let answer = server.call(&Call::get(format!("/decisions/{id}")), PATIENCE).await?;
    if args.json {
        print_json(&answer.read()?);
    } else {
        print_decision(&screen, &answer.read::<Decision>()?);
    }
    Ok(0)
}

/// Runs `wait`.
pub async fn wait(args: &WaitArgs) -> Result<u8, Stop> {
    let screen = Screen::new(args.json);
    let watch = Watch {
        id: id(&args.id)?,
        awaited: args.awaited.as_str(),
        until: Instant::now() + args.wait_limit,
        offline: args.offline_limit,
    };
    wait_for(&args.access, &screen, watch).await
}

async fn wait_for(access: &Access, screen: &Screen, watch: Watch<'_>) -> Result<u8, Stop> {
    let server = access.server(screen.clone())?;
    let mut signals =
        Signals::new().map_err(|error| Stop::usage(format!("signals cannot be listened to: {error}")))?;
    let seen = watch.run(&server, &mut signals, &mut Told::default()).await?;
    let (decision, exit) = match seen {
        Seen::Met(decision) | Seen::Never(decision) => {
            let exit = exit_of(decision.state());
            (decision, exit)
        }
        Seen::TimedOut(decision) => {
            let expired = decision.is_blocked_by("APPROVAL_EXPIRED");
            (decision, if expired { Exit::Expired } else { Exit::TimedOut })
        }
        Seen::Interrupted(Some(decision), _) => (decision, Exit::Interrupted),
        Seen::Interrupted(None, _) => {
            return Err(Stop::new(Exit::Interrupted, "interrupted before the server answered"));
        }
    };
    if screen.is_json() {
        let mut said = members(&decision);
        if let Some(said) = said.as_object_mut() {
            said.insert("outcome".to_owned(), exit.as_str().into());
            said.insert("exit_code".to_owned(), exit.code().into());
        }
        screen.tell("done", "", &said);
    } else {
        print_decision(screen, &decision);
    }
    Ok(exit.code())
}
