//! Templates: named policies that never change.

use crate::body::{Given, answer};
use crate::caller::{Asked, Caller, Name, Named};
use crate::decisions::list::page;
use crate::{Api, Door, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

pub(crate) fn doors() -> Vec<Door> {
    vec![
        Door::get("/api/v1/templates", list),
        Door::post("/api/v1/templates", create),
        Door::get("/api/v1/templates/{name}", one),
    ]
}

/// A template's name in an address.
pub struct TemplateName(String);

impl Name for TemplateName {
    const WHAT: &'static str = "template";
    fn read(text: String) -> Option<Self> {
        Some(Self(text))
    }
}

/// What a list is narrowed to.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// With this label, exactly.
    label: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of the page; 50 unless asked for fewer or more.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// List templates
///
/// Newest first, a page at a time.
#[utoipa::path(get, path = "/api/v1/templates", operation_id = "listTemplates", tag = "Templates", params(Wish),
    responses((status = 200, description = "A page of templates.", body = wire::TemplateList)))]
pub async fn list(
    State(api): State<Api>,
    Caller(caller): Caller,
    Asked(wish): Asked<Wish>,
) -> Result<Response, Problem> {
    let page = page(wish.after, wish.limit, false)?;
    let found = api.control.templates(&caller, wish.label.as_deref(), &page).await?;
    Ok(answer(StatusCode::OK, &wire::TemplateList::from(&found)))
}

/// Write a template
///
/// A template never changes: a new rule is a new template with a new name.
#[utoipa::path(post, path = "/api/v1/templates", operation_id = "createTemplate", tag = "Templates",
    request_body = wire::NewTemplate,
    responses((status = 201, description = "The template is there.", body = wire::Template)))]
pub async fn create(
    State(api): State<Api>,
    Caller(caller): Caller,
    Given(new): Given<wire::NewTemplate>,
) -> Result<Response, Problem> {
    let description = new.description.unwrap_or_default();
    let template = api.control.create_template(&caller, &new.name, &description, new.policy.into()).await?;
    Ok(answer(StatusCode::CREATED, &wire::Template::of(&template, 0)))
}

/// Read a template
///
/// Its policy, its digest, and how often it was used.
#[utoipa::path(get, path = "/api/v1/templates/{name}", operation_id = "getTemplate", tag = "Templates",
    params(("name" = String, Path, description = "The template's name.")),
    responses((status = 200, description = "The template.", body = wire::Template)))]
pub async fn one(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(TemplateName(name)): Named<TemplateName>,
) -> Result<Response, Problem> {
    let view = api.control.template(&caller, &name).await?;
    Ok(answer(StatusCode::OK, &wire::Template::from(&view)))
}
