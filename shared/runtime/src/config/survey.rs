use std::collections::BTreeMap;

use config::ConfigError;
use serde::de::DeserializeOwned;
use toml::Table;

use super::layer::{Found, Layer};
use super::{Effective, Layers, Settings, SettingsError};

/// Settings read as far as they can be, and everything that is wrong with them.
pub struct Survey<S> {
    /// What was read; where a value was wrong or missing, it is the default or one that means nothing. None: not even that.
    pub settings: Option<S>,
    /// The settings in force for people, without secrets and without those that something is wrong with. None: not even that.
    pub effective: Option<Effective>,
    /// What is wrong, in the order of being found.
    pub faults: Vec<SettingsError>,
    /// The dotted names of the settings whose values mean nothing.
    pub made_up: Vec<String>,
    /// What isn't wrong and is worth saying.
    pub warnings: Vec<String>,
}

/// Reads all layers and goes on after each fault, so that all are told at once.
#[must_use]
pub fn survey<S: Settings>(layers: Layers) -> Survey<S> {
    let mut found = Found::default();
    let (layer, defaults) = match layers.merge(S::DEFAULTS, S::SECRETS, &mut found) {
        Ok(merged) => merged,
        Err(error) => {
            return Survey {
                settings: None,
                effective: None,
                faults: vec![error],
                made_up: Vec::new(),
                warnings: Vec::new(),
            };
        }
    };
    let Found { faults, warnings } = found;
    let made_up = faults.iter().filter_map(SettingsError::key).map(str::to_owned).collect();
    let set = layer.clone();
    let mut reading = Reading { layer, defaults, faults, made_up, tried: BTreeMap::new() };
    let settings = reading.read::<S>(S::SECRETS);
    // That a group is missing is said by what is missing in it.
    let missing: Vec<String> =
        reading.faults.iter().filter_map(SettingsError::missing).map(str::to_owned).collect();
    reading.faults.retain(|fault| {
        let inside = fault.missing().map(|key| format!("{key}."));
        !inside.is_some_and(|inside| missing.iter().any(|key| key.starts_with(&inside)))
    });
    // Only what was read to the end: before, a secret may stand under a name that isn't known to be wrong yet.
    let effective =
        settings.as_ref().map(|_| Effective::new(without_wrong(set, &reading.faults), S::SECRETS, S::HIDDEN));
    let faults = reading.faults.into_iter().map(|fault| fault.hinted(S::HINTS)).collect();
    Survey { settings, effective, faults, made_up: reading.made_up, warnings }
}

/// What nothing is wrong with: the value of another may be a secret under a wrong name, or means nothing.
fn without_wrong(mut set: Layer, faults: &[SettingsError]) -> Layer {
    let wrong = faults.iter().filter_map(|fault| match fault {
        SettingsError::Unfit { source, .. } => key_of(source),
        other => other.key().map(str::to_owned),
    });
    for wrong in wrong {
        let group = format!("{wrong}.");
        set.0.retain(|name, _| *name != wrong && !name.starts_with(&group));
    }
    set
}

/// Faults after which it is given up.
const MOST: usize = 200;

/// Values that mean nothing, until one has the right type: a group, a text or URL, an address, a number, a list.
const MADE_UP: [&str; 5] = ["{}", "'https://127.0.0.1/'", "'127.0.0.1:1'", "1", "[]"];

struct Reading {
    layer: Layer,
    defaults: Layer,
    faults: Vec<SettingsError>,
    made_up: Vec<String>,
    /// How many of [`MADE_UP`] were tried for each setting that is wrong or missing.
    tried: BTreeMap<String, usize>,
}

impl Reading {
    fn read<S: DeserializeOwned>(&mut self, secrets: &'static [&'static str]) -> Option<S> {
        for _ in 0..MOST {
            let effective = Effective::new(self.layer.clone(), secrets, &[]);
            match effective.tree() {
                Ok(tree) => match S::deserialize(tree) {
                    Ok(settings) => return Some(settings),
                    Err(error) => {
                        let key = key_of(&error);
                        match (effective.unfit(error), key) {
                            (fault @ SettingsError::Unknown { .. }, _) => self.take_away(fault)?,
                            (fault, Some(key)) => self.replace(&key, fault)?,
                            (fault, None) => return self.give_up(fault),
                        }
                    }
                },
                Err(fault) => self.take_away(fault)?,
            }
        }
        None
    }

    /// Notes what can't be gone on after.
    fn give_up<S>(&mut self, fault: SettingsError) -> Option<S> {
        self.faults.push(fault);
        None
    }

    /// Notes the fault and takes away what causes it; none: that is nowhere.
    fn take_away(&mut self, fault: SettingsError) -> Option<()> {
        let removed = match &fault {
            // What is inside the group stays.
            SettingsError::Group { key, .. } => self.layer.0.remove(key).is_some(),
            other => other.key().map(str::to_owned).is_some_and(|key| self.remove(&key)),
        };
        self.faults.push(fault);
        removed.then_some(())
    }

    /// Notes the fault, unless the value is ours, and puts another value in place; none: no other is left.
    fn replace(&mut self, key: &str, fault: SettingsError) -> Option<()> {
        if self.tried.contains_key(key) {
            return self.make_up(key);
        }
        self.tried.insert(key.to_owned(), 0);
        let absent = fault.missing().is_some();
        self.faults.push(fault);
        if absent {
            return self.make_up(key);
        }
        self.remove(key);
        if let Some(leaf) = self.defaults.0.get(key) {
            self.layer.0.insert(key.to_owned(), leaf.clone());
        }
        Some(())
    }

    fn make_up(&mut self, key: &str) -> Option<()> {
        let tried = self.tried.get_mut(key)?;
        let value = format!("value = {}", MADE_UP.get(*tried)?).parse::<Table>().ok()?.remove("value")?;
        *tried += 1;
        if !self.made_up.iter().any(|known| known == key) {
            self.made_up.push(key.to_owned());
        }
        self.layer.set(key.to_owned(), value, "nothing".to_owned());
        Some(())
    }

    /// Takes a setting or a group away; whether it was there.
    fn remove(&mut self, key: &str) -> bool {
        let (before, group) = (self.layer.0.len(), format!("{key}."));
        self.layer.0.retain(|name, _| name != key && !name.starts_with(&group));
        self.layer.0.len() < before
    }
}

/// The dotted name of the setting that an error is about, without the place in a list.
pub(super) fn key_of(error: &ConfigError) -> Option<String> {
    let key = match error {
        ConfigError::NotFound(key) => key,
        ConfigError::Type { key, .. } | ConfigError::At { key, .. } => key.as_ref()?,
        _ => return None,
    };
    Some(key.split('[').next().unwrap_or_default().to_owned()).filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::SocketAddr;

    use serde::Deserialize;

    use super::*;
    use crate::config::{Secret, choice, choices};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Example {
        #[allow(dead_code, reason = "only read")]
        public_url: String,
        http: Http,
        mail: Mail,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Http {
        listen: SocketAddr,
        #[allow(dead_code, reason = "only read")]
        retries: u16,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Mail {
        #[serde(deserialize_with = "choice")]
        colour: Colour,
        #[serde(default, deserialize_with = "choices")]
        colours: BTreeMap<String, Colour>,
        #[allow(dead_code, reason = "only read")]
        from: String,
        password: Secret,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Colour {
        DarkRed,
        Blue,
    }

    impl Settings for Example {
        const DEFAULTS: &'static str =
            "[http]\nlisten = '127.0.0.1:8080'\nretries = 1\n[mail]\ncolour = 'blue'\n";
        const SECRETS: &'static [&'static str] = &["mail.password"];
    }

    fn surveyed(variables: &[(&str, &str)]) -> (Option<Example>, Vec<String>, Vec<String>) {
        let variables =
            variables.iter().map(|(name, value)| (format!("TWOSTEP_{name}"), (*value).to_owned()));
        let Survey { settings, faults, made_up, .. } =
            survey::<Example>(Layers::new().environment(variables));
        let said = faults.into_iter().map(|fault| format!("{:#}", anyhow::Error::from(fault)));
        (settings, said.collect(), made_up)
    }

    const GOOD: [(&str, &str); 3] =
        [("PUBLIC_URL", "https://x.example/"), ("MAIL__FROM", "a@x.example"), ("MAIL__PASSWORD", "hunter2")];

    #[test]
    fn nothing_is_wrong_with_what_fits() {
        let with =
            [GOOD.as_slice(), &[("MAIL__COLOUR", "dark-red"), ("MAIL__COLOURS__SKY", "blue")]].concat();
        let (settings, faults, made_up) = surveyed(&with);
        assert!(faults.is_empty() && made_up.is_empty(), "{faults:?} {made_up:?}");
        let mail = settings.unwrap().mail;
        assert_eq!((mail.colour, &mail.colours["sky"]), (Colour::DarkRed, &Colour::Blue));
        assert_eq!(mail.password.expose(), "hunter2");
    }

    #[test]
    fn every_fault_is_found_at_once_and_the_rest_is_read() {
        let wrong = [
            ("HTTP__LISTEN", "everywhere"),
            ("HTTP__RETRIES", "many"),
            ("HTTP__LISTNE", "127.0.0.1:1"),
            ("HTPP__LISTEN", "127.0.0.1:1"),
            ("MAIL__COLOUR", "green"),
            ("MAIL__COLOURS__GRASS", "green"),
            ("MAIL__PASSWORD_FILE", "/nowhere/password"),
        ];
        let (settings, faults, made_up) = surveyed(&wrong);
        let settings = settings.unwrap();
        assert_eq!(
            (settings.http.listen, settings.mail.colour),
            ("127.0.0.1:8080".parse().unwrap(), Colour::Blue)
        );
        for words in [
            "http.listen",
            "http.retries",
            "there is no setting http.listne",
            "there is no setting htpp",
            "expected `dark-red` or `blue` for key `mail.colour`",
            "mail.colours",
            "mail.from is missing and has no default: set it in the file, or TWOSTEP_MAIL__FROM",
            "reading mail.password from /nowhere/password",
            "public_url is missing",
        ] {
            assert_eq!(
                faults.iter().filter(|fault| fault.contains(words)).count(),
                1,
                "{words}: {faults:#?}"
            );
        }
        assert_eq!(faults.len(), 9, "{faults:#?}");
        let mut made_up = made_up;
        made_up.sort();
        assert_eq!(made_up, ["mail.from", "mail.password", "public_url"]);
    }

    #[test]
    fn a_value_in_place_of_a_group_is_one_fault_among_others() {
        let (_, faults, _) = surveyed(&[GOOD.as_slice(), &[("HTTP", "x"), ("MAIL__SIZE", "1")]].concat());
        assert_eq!(faults.len(), 2, "{faults:#?}");
        assert!(faults[0].starts_with("http is a group of settings"), "{faults:#?}");
    }
}
