//! Templates: made once, never changed.

use super::{Outcome, look};
use crate::arguments::{NewTemplate, TemplateName, Templates};
use crate::call::{Call, read};
use crate::outcome::{Answer, Template};
use crate::refusal::Refusal;
use crate::render::{self, Sheet};
use control::lists::PageRequest;
use control::view::TemplateView;
use rmcp::model::JsonObject;

/// Templates of a page unless asked for fewer or more.
const PAGE: u32 = 50;

/// `nexus-control.template.create`.
pub async fn create(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let mut wish: NewTemplate = read(arguments)?;
    let note = call.note(wish.actor.as_ref());
    let policy = wish.policy().into();
    let description = wish.description.unwrap_or_default();
    let template = call.control.create_template(&call.caller, &wish.name, &description, policy).await?;
    let view = call.control.template(&call.caller, template.name()).await?;
    Ok(one(&view, "✓ Created, for good", note)?.into())
}

/// `nexus-control.template.get`.
pub async fn get(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: TemplateName = read(arguments)?;
    let view = call.control.template(&call.caller, &wish.name).await?;
    Ok(one(&view, "Template", None)?.into())
}

/// `nexus-control.template.list`.
pub async fn list(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: Templates = read(arguments)?;
    let limit = look::page_size(wish.limit, PAGE)?;
    let page = PageRequest { after: wish.after, limit, oldest_first: false };
    let found = call.control.templates(&call.caller, wish.label.as_deref(), &page).await?;
    let mut sheet = Sheet::default();
    sheet.line(&format!("{} templates, newest first: name, approvals, what it is for", found.rows.len()));
    for view in &found.rows {
        let template = &view.template;
        let about = format!("{} approvals; {}", template.policy().min_approvals(), template.description());
        sheet.field(template.name(), &about);
    }
    if let Some(next) = &found.next {
        sheet.line(&format!("More: call again with after = {next}"));
    }
    Ok(Answer::new(&wire::TemplateList::from(&found), sheet.finish())?.into())
}

fn one(view: &TemplateView, title: &str, note: Option<String>) -> Result<Answer, Refusal> {
    let template = &view.template;
    let mut sheet = Sheet::default();
    sheet.line(title);
    sheet.field("Name", template.name());
    sheet.field("For", template.description());
    sheet.field("Author", &view.author);
    sheet.field("Used", &format!("{} times", view.uses));
    sheet.title("Policy");
    render::policy(&mut sheet, template.policy());
    let answer = Template { value: wire::Template::from(view), note: note.clone() };
    Ok(Answer::new(&answer, sheet.finish())?.and(note))
}
