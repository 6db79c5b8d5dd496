//! Where the server is and who we are there: flags, then the environment, then a file. A key that others on this machine
//! can read is refused, as ssh refuses it.

use crate::key::{Given, Key};
use crate::screen::Screen;
use crate::server::Server;
use crate::stop::Stop;
use clap::Args;
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};

/// The flags that every command that talks to a server has.
#[derive(Debug, Clone, Default, Args)]
pub struct Access {
    /// Address of the server
    #[arg(
        long,
        global = true,
        help = "Address of the server [else: $NEXUS_URL, else the client's configuration file]",
        value_name = "URL",
        help_heading = "Server"
    )]
    pub url: Option<String>,
    /// The key
    #[arg(
        long,
        global = true,
        help = "API key; others on this machine see it in the list of processes: better $NEXUS_KEY or --key-file",
        value_name = "KEY",
        help_heading = "Server",
        conflicts_with = "key_file"
    )]
    pub key: Option<Given>,
    /// File with the key
    #[arg(
        long,
        global = true,
        help = "File with the API key, readable by you alone [else: $NEXUS_KEY, $NEXUS_KEY_FILE, the configuration file]",
        value_name = "FILE",
        help_heading = "Server"
    )]
    pub key_file: Option<PathBuf>,
}

/// `client.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    server: Section,
}

/// Its section.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Section {
    url: Option<String>,
    key: Option<String>,
    key_file: Option<PathBuf>,
}

impl Access {
    /// The server that these flags, the environment and the file name.
    pub fn server(&self, screen: Screen) -> Result<Server, Stop> {
        let path = file_path();
        let file = match &path {
            Some(path) => read_file(path)?,
            None => Section::default(),
        };
        let shown = path.map_or_else(|| "client.toml".to_owned(), |path| path.display().to_string());
        let url = self.url.clone().or_else(|| variable("NEXUS_URL")).or_else(|| file.url.clone());
        let url = url.ok_or_else(|| {
            Stop::usage(format!("where is the server? Give --url, NEXUS_URL, or [server] url in {shown}"))
        })?;
        let key = self.key(&file)?.ok_or_else(|| {
            Stop::usage(format!("which key? Give NEXUS_KEY, --key-file, or [server] key_file in {shown}"))
        })?;
        let server = Server::new(&url, key, screen).map_err(Stop::usage)?;
        if server.is_in_the_clear() {
            let words = "the key travels to this server unencrypted; https:// is safer";
            server.screen().tell("warning", &format!("warning: {words}"), &json!({ "message": words }));
        }
        Ok(server)
    }

    fn key(&self, file: &Section) -> Result<Option<Key>, Stop> {
        if let Some(key) = &self.key {
            return key.key().map(Some).map_err(|words| Stop::usage(format!("--key: {words}")));
        }
        if let Some(path) = &self.key_file {
            return read_key(path).map(Some);
        }
        if let Some(text) = variable("NEXUS_KEY") {
            return text.parse().map(Some).map_err(|words| Stop::usage(format!("NEXUS_KEY: {words}")));
        }
        if let Some(path) = variable("NEXUS_KEY_FILE") {
            return read_key(Path::new(&path)).map(Some);
        }
        match (&file.key, &file.key_file) {
            (Some(text), _) => text.parse().map(Some).map_err(Stop::usage),
            (None, Some(path)) => read_key(path).map(Some),
            (None, None) => Ok(None),
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// `$XDG_CONFIG_HOME/nexus-control/client.toml`, else under `~/.config`.
fn file_path() -> Option<PathBuf> {
    let xdg = variable("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = xdg.or_else(|| variable("HOME").map(|home| Path::new(&home).join(".config")))?;
    Some(folder.join("nexus-control").join("client.toml"))
}

fn read_file(path: &Path) -> Result<Section, Stop> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Section::default()),
        Err(error) => return Err(Stop::usage(format!("{}: {error}", path.display()))),
    };
    // The refusal of `toml` shows the line that it cannot read, and a key may stand there.
    let file: File = toml::from_str(&text)
        .map_err(|error| Stop::usage(format!("{}: {}", path.display(), error.message())))?;
    if file.server.key.is_some() {
        private(path)?;
    }
    Ok(file.server)
}

fn read_key(path: &Path) -> Result<Key, Stop> {
    private(path)?;
    let text = std::fs::read_to_string(path)
        .map_err(|error| Stop::usage(format!("the key file {}: {error}", path.display())))?;
    text.parse().map_err(|words| Stop::usage(format!("{}: {words}", path.display())))
}

/// Refuses a file with a key that others can read.
fn private(path: &Path) -> Result<(), Stop> {
    use std::os::unix::fs::PermissionsExt as _;
    let file = path.display();
    let found =
        std::fs::metadata(path).map_err(|error| Stop::usage(format!("the key file {file}: {error}")))?;
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(Stop::usage(format!(
            "permissions {mode:04o} for {file} are too open: others can read the key in it. \
             Run `chmod 600 {file}`, or hand the key over in NEXUS_KEY"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn file(text: &str, mode: u32) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        assert!(read_key(file("nxc_a_b\n", 0o600).path()).is_ok());
        for mode in [0o644, 0o640, 0o604, 0o660] {
            let words = read_key(file("nxc_a_b\n", mode).path()).unwrap_err().words;
            assert!(words.contains("too open") && words.contains("chmod 600"), "{words}");
        }
        let section = "[server]\nurl = 'http://x'\nkey = 'nxc_a_b'\n";
        assert!(read_file(file(section, 0o644).path()).is_err());
        assert!(read_file(file(section, 0o600).path()).is_ok());
        // Without a key in it there is nothing to hide.
        assert!(read_file(file("[server]\nurl = 'http://x'\n", 0o644).path()).is_ok());
    }

    #[test]
    fn a_broken_file_is_refused_without_showing_what_stands_in_it() {
        let words = read_file(file("[server]\nkey = 'nxc_secret\n", 0o600).path()).err().unwrap().words;
        assert!(!words.contains("secret"), "{words}");
        let words = read_file(file("[server]\nurll = 'x'\n", 0o600).path()).err().unwrap().words;
        assert!(words.contains("urll"), "{words}");
    }
}
