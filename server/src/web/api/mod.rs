//! The machines' door, `/api/v1`: JSON in, JSON out, problems where it does not work. Who calls is the key or the
//! session; nothing in a request says who or for which workspace.

mod act;
mod body;
mod read;

use super::Door;

/// Every door of it.
pub fn doors() -> Vec<Door> {
    vec![
        Door::get("/api/v1/me", read::me),
        Door::get("/api/v1/decisions", read::list),
        Door::get("/api/v1/decisions/{id}", read::one),
        Door::post("/api/v1/decisions", act::request),
        Door::post("/api/v1/decisions/{id}/approve", act::approve),
        Door::post("/api/v1/decisions/{id}/revoke", act::revoke),
        Door::post("/api/v1/decisions/{id}/reject", act::reject),
        Door::post("/api/v1/decisions/{id}/withdraw", act::withdraw),
        Door::post("/api/v1/decisions/{id}/execute", act::execute),
    ]
}
