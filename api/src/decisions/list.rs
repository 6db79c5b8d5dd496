//! `GET /api/v1/decisions`: what the caller may see, narrowed and in pages.

use super::moment;
use crate::body::{answer, invalid};
use crate::caller::{Asked, Caller};
use crate::{Api, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use control::lists::{DecisionFilter, PageRequest};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Rows of a page unless asked for fewer or more.
const USUAL: u32 = 50;
/// Most rows of a page.
const MOST: u32 = 200;

/// What a list is narrowed to. All given parts must hold.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// In this state at this moment.
    state: Option<wire::State>,
    /// With this label, exactly.
    label: Option<String>,
    /// Whose goal holds all of these words, or whose id is exactly this.
    text: Option<String>,
    /// From the template of this name.
    template: Option<String>,
    /// Requested by this actor id.
    requester: Option<String>,
    /// Requested, approved, rejected or withdrawn by this actor id.
    person: Option<String>,
    /// Asked for at or after this time.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Asked for before this time.
    #[param(format = DateTime)]
    until: Option<String>,
    /// Only those that are still open.
    open: Option<bool>,
    /// Which come first: `newest` unless asked for otherwise.
    #[param(inline)]
    order: Option<Order>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of the page; 50 unless asked for fewer or more.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Which come first.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    Newest,
    Oldest,
}

/// List decisions
///
/// What the caller may see, narrowed to what is asked for, a page at a time. Pages stay right while decisions come and
/// go: `next` of one page is `after` of the next.
#[utoipa::path(get, path = "/api/v1/decisions", operation_id = "listDecisions", tag = "Decisions", params(Wish),
    responses((status = 200, description = "A page of decisions.", body = wire::DecisionList)))]
pub async fn list(
    State(api): State<Api>,
    Caller(caller): Caller,
    Asked(wish): Asked<Wish>,
) -> Result<Response, Problem> {
    let time = |field, text: &Option<String>| text.as_deref().map(|text| moment(field, text)).transpose();
    let filter = DecisionFilter {
        state: wish.state.map(Into::into),
        open_only: wish.open.unwrap_or(false),
        person: wish.person,
        requester: wish.requester,
        label: wish.label,
        template: wish.template,
        text: wish.text,
        from: time("from", &wish.from)?,
        until: time("until", &wish.until)?,
        ..DecisionFilter::default()
    };
    let page = page(wish.after, wish.limit, wish.order == Some(Order::Oldest))?;
    let found = api.control.list(&caller, filter, &page).await?;
    Ok(answer(StatusCode::OK, &wire::DecisionList::of(&found, &api.public_url)))
}

/// Which page.
pub(crate) fn page(
    after: Option<String>,
    limit: Option<u32>,
    oldest_first: bool,
) -> Result<PageRequest, Problem> {
    let limit = limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(invalid(Some("limit"), format!("`limit` must be 1 to {MOST}")));
    }
    Ok(PageRequest { after, limit, oldest_first })
}
