//! `[[nexus_router]]`: routers that speak MCP. What a section may hold is for `routers` to say; here only where its token
//! comes from, and that two never share a name.

use super::{ConfigError, environment};
use routers::NexusRouterConfig;
use std::collections::{BTreeMap, BTreeSet};

/// Reads the token from the variable or the file.
pub(super) fn read_token(
    router: &mut NexusRouterConfig,
    variables: &BTreeMap<String, String>,
) -> Result<(), ConfigError> {
    let text = environment::secret(variables, &router.token_variable(), router.token_file.as_deref())?;
    router.token = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(())
}

/// Refuses two routers of one name. Names that share a variable are one: a token would go to both.
pub(super) fn check(routers: &[NexusRouterConfig]) -> Result<(), ConfigError> {
    let mut variables = BTreeSet::new();
    match routers.iter().find(|router| !variables.insert(router.token_variable())) {
        Some(twice) => {
            Err(ConfigError::value("nexus_router.name", format!("`{}` is there twice", twice.name)))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nexus-control.toml");
        std::fs::write(folder.path().join("token"), "  from-file\n").unwrap();
        std::fs::write(&path, text.replace("FOLDER", folder.path().to_str().unwrap())).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::load(Some(&path), variables).map_err(|error| error.to_string())
    }

    #[test]
    fn a_token_comes_from_a_file_or_a_variable_and_is_never_printed() {
        let section = "[[nexus_router]]\nname = 'ops-1'\nurl = 'https://router.example.com/mcp'\n";
        let with_file = format!("{section}token_file = 'FOLDER/token'\n");
        let variable = [("NEXUS_ROUTER_OPS_1_TOKEN", "from-variable")];
        for (text, variables, expected) in [
            (section, &[][..], None),
            (with_file.as_str(), &[], Some("from-file")),
            (&with_file, &variable, Some("from-variable")),
        ] {
            let config = load(text, variables).unwrap();
            assert_eq!(config.nexus_routers[0].token.as_deref(), expected);
            assert!(!format!("{config:?}").contains("from-"), "{config:?}");
        }
        let error = load("", &variable).unwrap_err();
        assert!(error.contains("NEXUS_ROUTER_OPS_1_TOKEN"), "{error}");
        let error = load(&with_file.replace("/token", "/none"), &[]).unwrap_err();
        assert!(error.contains("none"), "{error}");
    }

    #[test]
    fn two_routers_of_one_name_are_refused() {
        let one = "[[nexus_router]]\nname = 'ops-1'\ncommand = ['/bin/router']\n";
        load(one, &[]).unwrap();
        for other in [one.to_owned(), one.replace('-', ".")] {
            let error = load(&format!("{one}{other}"), &[]).unwrap_err();
            assert!(error.contains("twice"), "{error}");
        }
    }
}
