//! `rebuild`: the read model anew, from the log alone.

use crate::config::Config;
use crate::serve;

pub async fn run(config: &Config) -> Result<(), super::CommandError> {
    let store = serve::open(config, false).await?;
    let events = store.rebuild().await;
    store.close().await;
    println!("The read model was made again from {} events.", events?);
    Ok(())
}
