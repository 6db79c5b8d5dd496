//! A part of a plain page: loaded once, while the server makes the page, and never asked for again. It is loaded in a
//! task of its own: what a page only waits for would stop half way while the page waits for another part, and keep a
//! connection of the store that the other part waits for.

use crate::components::failure::Failure;
use crate::error::AppError;
use crate::ssr::fault;
use futures::channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn;
use std::future::Future;

/// The part, or the failure as a page of its own.
pub fn loaded_once<T: Send + 'static>(
    load: impl Future<Output = Result<T, AppError>> + Send + 'static,
    show: impl FnOnce(T) -> AnyView + Send + 'static,
) -> AnyView {
    loaded_once_or(load, move |answer| match answer {
        Ok(loaded) => show(loaded),
        Err(error) => view! { <Failure error=error /> }.into_any(),
    })
}

/// The same, where the page words the failure itself.
pub fn loaded_once_or<T: Send + 'static>(
    load: impl Future<Output = Result<T, AppError>> + Send + 'static,
    show: impl FnOnce(Result<T, AppError>) -> AnyView + Send + 'static,
) -> AnyView {
    let (tell, told) = oneshot::channel();
    // Nobody listens any more: then nobody needs it.
    spawn(async move { drop(tell.send(load.await)) });
    let part = Suspend::new(async move {
        show(told.await.unwrap_or_else(|_| Err(fault("a part of a page was given up while it was loaded"))))
    });
    view! { <Suspense>{part}</Suspense> }.into_any()
}
