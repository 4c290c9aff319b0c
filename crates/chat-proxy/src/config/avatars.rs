//! The avatars that the proxy serves, each with its API key, chosen by an alias. It does not know what a key is good for.

use std::collections::HashSet;

use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, in_one_piece, wrong};

/// Longest alias, in bytes.
const LONGEST_ALIAS: usize = 64;

/// One avatar.
#[derive(Clone, Debug)]
pub struct Avatar {
    /// What a page says to choose it; none for the avatar of `SECONDME_API_KEY`, which a page chooses by saying nothing.
    pub alias: Option<String>,
    /// The avatar's API key, which begins with `sk-`.
    pub api_key: SecretString,
}

/// All avatars; at least one.
#[derive(Clone, Debug)]
pub struct Avatars(Vec<Avatar>);

impl Avatars {
    /// Takes the avatar without alias from its key, the others from `alias=VARIABLE`, where the variable holds the key.
    pub(super) fn from_settings(
        key: Option<SecretString>,
        aliases: &[String],
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let variable = "SECONDME_API_KEY";
        let first = key.map(|key| Ok(Avatar { alias: None, api_key: api_key(variable, key)? }));
        let others = aliases.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let others = others.map(|text| aliased(text, environment));
        let avatars: Vec<_> = first.into_iter().chain(others).collect::<Result<_, _>>()?;
        let mut seen = HashSet::new();
        if let Some(twice) =
            avatars.iter().filter_map(|avatar| avatar.alias.as_ref()).find(|alias| !seen.insert(*alias))
        {
            return Err(wrong("CHAT_PROXY_AVATARS", format!("names the avatar `{twice}` twice")));
        }
        if avatars.is_empty() {
            return Err(ConfigError::Missing { variable, key: "secondme_api_key" });
        }
        Ok(Self(avatars))
    }

    /// The avatar with this alias; the first one where a page chooses none.
    pub(crate) fn find(&self, alias: Option<&str>) -> Option<&Avatar> {
        match alias {
            Some(_) => self.0.iter().find(|avatar| avatar.alias.as_deref() == alias),
            None => self.0.first(),
        }
    }

    /// All of them, the one without alias first.
    pub(crate) fn all(&self) -> &[Avatar] {
        &self.0
    }
}

fn aliased(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Avatar, ConfigError> {
    let list = "CHAT_PROXY_AVATARS";
    let (alias, variable) = text
        .split_once('=')
        .map(|(alias, variable)| (alias.trim(), variable.trim()))
        .filter(|(alias, variable)| is_alias(alias) && !variable.is_empty())
        // Whoever puts a key where the variable's name belongs must not find it in a log.
        .ok_or_else(|| {
            wrong(list, "must be alias=VARIABLE, such as support=SUPPORT_API_KEY, with a-z, 0-9, - and _")
        })?;
    let value = environment(variable).filter(|value| !value.trim().is_empty()).ok_or_else(|| {
        wrong(list, format!("names for the avatar `{alias}` an environment variable that is not set"))
    })?;
    let api_key = api_key(list, value.into())?;
    Ok(Avatar { alias: Some(alias.to_owned()), api_key })
}

fn is_alias(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=LONGEST_ALIAS).contains(&text.len()) && text.bytes().all(plain)
}

fn api_key(variable: &'static str, key: SecretString) -> Result<SecretString, ConfigError> {
    match key.expose_secret().strip_prefix("sk-") {
        Some(rest) if !rest.is_empty() => in_one_piece(variable, key),
        _ => Err(wrong(variable, "must begin with sk-, as the avatar's API keys do")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: Option<&str>, aliases: &[&str], expected: Result<&[(Option<&str>, &str)], &str>) {
        let environment = |variable: &str| match variable {
            "SUPPORT" => Some("sk-support".to_owned()),
            "WRONG" => Some("a-key".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        let aliases: Vec<_> = aliases.iter().map(|text| (*text).to_owned()).collect();
        let avatars = Avatars::from_settings(key.map(Into::into), &aliases, &environment);
        match (avatars, expected) {
            (Ok(avatars), Ok(expected)) => {
                let found: Vec<_> = avatars
                    .all()
                    .iter()
                    .map(|avatar| (avatar.alias.as_deref(), avatar.api_key.expose_secret()))
                    .collect();
                assert_eq!(found, expected);
                for (alias, key) in expected {
                    assert_eq!(avatars.find(*alias).unwrap().api_key.expose_secret(), *key);
                }
                assert_eq!(avatars.find(None).unwrap().api_key.expose_secret(), expected[0].1);
                assert!(avatars.find(Some("nobody")).is_none());
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (outcome, expected) => panic!("{outcome:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn each_avatar_has_its_key() {
        check(Some("sk-first"), &[], Ok(&[(None, "sk-first")]));
        check(Some("sk-first"), &["support=SUPPORT", " "], Ok(&[(None, "sk-first"), (Some("support"), "sk-support")]));
        check(None, &["support = SUPPORT"], Ok(&[(Some("support"), "sk-support")]));
        check(None, &[], Err("SECONDME_API_KEY is missing"));
        check(Some("first"), &[], Err("SECONDME_API_KEY must begin with sk-"));
        check(None, &["support"], Err("must be alias=VARIABLE"));
        check(None, &["Support=SUPPORT"], Err("must be alias=VARIABLE"));
        check(None, &["support="], Err("must be alias=VARIABLE"));
        check(None, &["support=NOT_SET"], Err("`support` an environment variable that is not set"));
        check(None, &["support=EMPTY"], Err("`support` an environment variable that is not set"));
        check(None, &["support=WRONG"], Err("must begin with sk-"));
        check(None, &["support=SUPPORT", "support=SUPPORT"], Err("`support` twice"));
    }
}
