//! The sign-in provider of `cargo xtask run --sso`: a process of its own beside the server, and a configuration for it.
//! Refuses to outlive the server: it is told whose child it is, and ends when that process does, however it ends.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use std::{env, fmt::Write as _, thread};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{node, process, tree};

/// Where the provider listens, unless somebody else does.
const PORT: u16 = 3001;
const NAME: &str = "demo";
const LABEL: &str = "Sign in with Demo SSO";
const CLIENT: &str = "nexus-control";

/// Starts the provider and says where the server's configuration is. This process must become the server.
pub fn start() -> Result<PathBuf> {
    let packages = node::ensure()?;
    let folder = tree::target_dir()?.join("demo-sso");
    fs::create_dir_all(&folder)?;
    let secret = folder.join("client-secret");
    write_private(&secret, &random_text()?)?;
    let public = public_url()?;
    let settings = folder.join("provider.json");
    write_private(&settings, &settings_for(&folder, &secret, &public).to_string())?;
    let issuer = start_provider(&packages, &settings)?;
    let config = folder.join("nexus-control.toml");
    write_private(&config, &config_for(&issuer, &secret))?;
    process::say(&format!(
        "open {public}/sign-in, click “{LABEL}”, then choose who you are (Zoe is in no group)"
    ));
    Ok(config)
}

fn settings_for(folder: &Path, secret: &Path, public: &str) -> Value {
    let person = |login: &str, name: &str, groups: &[&str]| {
        let email = format!("{login}@northwind.example");
        json!({ "login": login, "name": name, "email": email, "email_verified": true, "groups": groups })
    };
    json!({
        "port": free_port(),
        "name": "Demo SSO",
        "clients": [{
            "id": CLIENT,
            "secret_file": secret,
            "redirect_uris": [format!("{public}/sign-in/oidc/{NAME}/callback")],
            "post_logout_redirect_uris": [format!("{public}/signed-out")],
            "backchannel_logout_uri": format!("{public}/sign-in/oidc/{NAME}/back-channel-logout"),
        }],
        "people": [
            person("olivia", "Olivia Ortiz", &["nexus-approvers"]),
            person("sam", "Sam Whitfield", &["nexus-requesters"]),
            person("kim", "Kim Tanaka-Lund", &["nexus-admins"]),
            person("zoe", "Zoë Brandt", &[]),
        ],
        "keys_file": folder.join("keys.json"),
        // `exec` keeps the number: this process is the server soon.
        "parent": std::process::id(),
    })
}

fn config_for(issuer: &str, secret: &Path) -> String {
    let text = |text: &str| toml::Value::from(text).to_string();
    let mut config = format!(
        "# Written by `cargo xtask run --sso` at every start; changes here are lost.\n\
         [[oidc]]\nname = {}\nlabel = {}\nissuer = {}\nclient_id = {}\nclient_secret_file = {}\n\
         scopes = [\"openid\", \"email\", \"profile\", \"groups\"]\ngroup_claim = \"groups\"\njust_in_time = true\n",
        text(NAME),
        text(LABEL),
        text(issuer),
        text(CLIENT),
        text(&secret.to_string_lossy()),
    );
    for (group, role) in
        [("nexus-approvers", "approver"), ("nexus-requesters", "requester"), ("nexus-admins", "admin")]
    {
        // Writing to a string cannot fail.
        let _ = write!(config, "\n[[oidc.role]]\ngroup = {}\nroles = [{}]\n", text(group), text(role));
    }
    config
}

fn start_provider(packages: &Path, settings: &Path) -> Result<String> {
    let mut provider = node::tool("node")?;
    provider.arg(packages.join("idp/provider.mjs")).arg(settings);
    let mut provider = provider
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("the sign-in provider cannot be started")?;
    let mut line = String::new();
    if let Some(output) = provider.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    match line.trim().strip_prefix("ready ") {
        Some(issuer) => Ok(issuer.to_owned()),
        None => bail!("the sign-in provider did not start: {}", provider.wait()?),
    }
}

fn free_port() -> u16 {
    // The provider of a server that was stopped just now needs a moment to notice.
    for _ in 0..10 {
        if TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).is_ok() {
            return PORT;
        }
        thread::sleep(Duration::from_millis(100));
    }
    // Who somebody is hangs on the provider's address.
    process::say(&format!(
        "port {PORT} is taken, so the provider takes another; who came in through it before is a stranger today"
    ));
    0
}

/// How browsers reach the server, as it works it out itself.
fn public_url() -> Result<String> {
    if let Ok(given) = env::var("NEXUS_PUBLIC_URL") {
        return Ok(given.trim().trim_end_matches('/').to_ascii_lowercase());
    }
    let listen = env::var("NEXUS_LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    reached_at(&listen)
        .with_context(|| format!("NEXUS_LISTEN is no address such as `127.0.0.1:3000`: {listen}"))
}

fn reached_at(listen: &str) -> Result<String> {
    let mut address: SocketAddr = listen.parse()?;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    Ok(format!("http://{address}"))
}

fn random_text() -> Result<String> {
    let mut bytes = [0_u8; 24];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("no randomness")?;
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_is_toml_whatever_the_folder_is_called() {
        let secret = Path::new("/a \"quoted\" folder/back\\slash/client-secret");
        let config: toml::Table = config_for("http://127.0.0.1:3001", secret).parse().unwrap();
        let provider = config["oidc"][0].as_table().unwrap();
        assert_eq!(provider["client_secret_file"].as_str(), secret.to_str());
        assert_eq!(provider["role"].as_array().unwrap().len(), 3);
        assert_eq!(provider["role"][2]["roles"][0].as_str(), Some("admin"));
    }

    #[test]
    fn the_server_is_reached_where_it_listens() {
        assert_eq!(reached_at("0.0.0.0:8080").unwrap(), "http://127.0.0.1:8080");
        assert_eq!(reached_at("[::1]:3000").unwrap(), "http://[::1]:3000");
        assert!(reached_at("somewhere").is_err());
    }

    #[test]
    fn what_the_provider_is_told_names_the_servers_addresses() {
        let told = settings_for(Path::new("/t"), Path::new("/t/client-secret"), "http://127.0.0.1:3000");
        let client = &told["clients"][0];
        assert_eq!(client["redirect_uris"][0], "http://127.0.0.1:3000/sign-in/oidc/demo/callback");
        assert_eq!(client["post_logout_redirect_uris"][0], "http://127.0.0.1:3000/signed-out");
        assert_eq!(told["parent"], std::process::id());
        assert_eq!(told["people"].as_array().unwrap().len(), 4);
    }
}
