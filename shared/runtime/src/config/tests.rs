use std::io::Write;
use std::net::SocketAddr;

use serde::Deserialize;
use tempfile::NamedTempFile;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    http: Http,
    smtp: Smtp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Http {
    listen: SocketAddr,
    trusted_proxies: Vec<String>,
    idle_seconds: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Smtp {
    host: String,
    password: Option<Secret>,
}

impl Settings for Example {
    const DEFAULTS: &'static str = "
        [http]
        listen = '127.0.0.1:8080'
        trusted_proxies = []
        [smtp]
        host = 'localhost'
    ";
    const SECRETS: &'static [&'static str] = &["smtp.password"];
}

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn failure(layers: Layers) -> String {
    let error = load::<Example>(layers).err().unwrap();
    format!("{:#}", anyhow::Error::from(error))
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default() {
    let settings = file("[http]\nlisten = '127.0.0.1:1'\nidle_seconds = 1\n[smtp]\nhost = 'file.example'\n");
    let layers = Layers::new()
        .file(Some(settings.path().to_owned()))
        .environment(variables(&[
            ("TWOSTEP_HTTP__LISTEN", "127.0.0.1:2"),
            ("TWOSTEP_HTTP__IDLE_SECONDS", "2"),
        ]))
        .flag("http.listen", Some("127.0.0.1:3"))
        .flag("smtp.host", None::<String>);
    let loaded = load::<Example>(layers).unwrap();
    assert_eq!(loaded.settings.http.listen, "127.0.0.1:3".parse().unwrap());
    assert_eq!(loaded.settings.http.idle_seconds, Some(2));
    assert_eq!(loaded.settings.smtp.host, "file.example");
    assert!(loaded.settings.http.trusted_proxies.is_empty());
    assert_eq!(
        loaded.effective.to_string(),
        format!(
            "http.idle_seconds = \"2\" # the environment variable TWOSTEP_HTTP__IDLE_SECONDS\n\
             http.listen = \"127.0.0.1:3\" # flag --http-listen\n\
             http.trusted_proxies = [] # default\n\
             smtp.host = \"file.example\" # line 5 of {}\n",
            settings.path().display()
        )
    );
}

#[test]
fn a_variable_in_brackets_is_a_list() {
    let layers = Layers::new()
        .environment(variables(&[("TWOSTEP_HTTP__TRUSTED_PROXIES", "['10.0.0.1', '10.0.0.2']")]));
    assert_eq!(load::<Example>(layers).unwrap().settings.http.trusted_proxies, ["10.0.0.1", "10.0.0.2"]);
}

#[test]
fn an_unknown_name_is_refused_with_its_source() {
    let settings = file("[http]\nlistne = 'x'\n");
    let message = failure(Layers::new().file(Some(settings.path().to_owned())));
    let expected =
        format!("there is no setting http.listne, but line 2 of {} sets it", settings.path().display());
    assert!(message.starts_with(&expected), "{message}");

    let message = failure(Layers::new().environment(variables(&[("TWOSTEP_HTPP__LISTEN", "x")])));
    assert!(
        message.starts_with("there is no setting htpp, but the environment variable TWOSTEP_HTPP__LISTEN"),
        "{message}"
    );
}

#[test]
fn a_wrong_type_is_refused_with_name_and_source() {
    let message = failure(Layers::new().environment(variables(&[("TWOSTEP_HTTP__IDLE_SECONDS", "soon")])));
    assert!(message.contains("http.idle_seconds"), "{message}");
    assert!(message.contains("TWOSTEP_HTTP__IDLE_SECONDS"), "{message}");
}

#[test]
fn a_value_where_a_group_belongs_is_refused() {
    let message = failure(Layers::new().environment(variables(&[("TWOSTEP_HTTP", "x")])));
    assert_eq!(
        message,
        "http is a group of settings, but the environment variable TWOSTEP_HTTP sets it to a value"
    );
}

#[test]
fn variables_of_the_command_line_are_no_settings() {
    load::<Example>(Layers::new().environment(variables(&[("TWOSTEP_CONFIG", "x"), ("PATH", "y")]))).unwrap();
}

#[test]
fn s25_a_secret_is_read_from_any_layer_and_never_shown() {
    let layers = Layers::new().environment(variables(&[("TWOSTEP_SMTP__PASSWORD", "123456")]));
    let loaded = load::<Example>(layers).unwrap();
    assert_eq!(loaded.settings.smtp.password.unwrap().expose(), "123456");
    let shown = loaded.effective.to_string();
    assert!(shown.contains("smtp.password = \"[redacted]\" # the environment variable"), "{shown}");
    assert!(!shown.contains("123456"), "{shown}");
}

#[test]
fn a_secret_is_read_from_the_file_that_the_strongest_layer_names() {
    let secret = file("from the file\n");
    let path = secret.path().to_str().unwrap();
    let settings = file("[smtp]\npassword = 'from the settings'\n");
    let layers = Layers::new()
        .file(Some(settings.path().to_owned()))
        .environment(variables(&[("TWOSTEP_SMTP__PASSWORD_FILE", path)]));
    let loaded = load::<Example>(layers).unwrap();
    assert_eq!(loaded.settings.smtp.password.unwrap().expose(), "from the file");
    assert!(!loaded.effective.to_string().contains("from the"), "{}", loaded.effective);
}

#[test]
fn a_secrets_file_is_not_looked_for_where_something_stronger_gives_the_secret() {
    let settings = file("[smtp]\npassword_file = '/nowhere/password'\n");
    let secret = file("from the file\n");
    let path = secret.path().to_str().unwrap();
    for (name, value) in [("TWOSTEP_SMTP__PASSWORD", "typed"), ("TWOSTEP_SMTP__PASSWORD_FILE", path)] {
        let layers =
            Layers::new().file(Some(settings.path().to_owned())).environment(variables(&[(name, value)]));
        let password = load::<Example>(layers).unwrap().settings.smtp.password.unwrap();
        assert_eq!(password.expose(), if name.ends_with("FILE") { "from the file" } else { "typed" });
    }
}

#[test]
fn a_secrets_file_that_is_missing_or_doubled_is_an_error() {
    let missing = [("TWOSTEP_SMTP__PASSWORD_FILE", "/nowhere/password")];
    let message = failure(Layers::new().environment(variables(&missing)));
    assert!(message.starts_with("reading smtp.password from /nowhere/password, which the env"), "{message}");

    let doubled = [("TWOSTEP_SMTP__PASSWORD_FILE", "/nowhere/password"), ("TWOSTEP_SMTP__PASSWORD", "x")];
    let message = failure(Layers::new().environment(variables(&doubled)));
    assert!(message.starts_with("smtp.password and smtp.password_file are both set"), "{message}");
}

#[test]
fn a_secret_that_is_not_listed_is_refused_without_showing_it() {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Careless {
        #[allow(dead_code, reason = "it is never filled")]
        password: Secret,
    }
    impl Settings for Careless {
        const DEFAULTS: &'static str = "password = 'hunter2'";
        const SECRETS: &'static [&'static str] = &[];
    }
    let error = load::<Careless>(Layers::new()).err().unwrap();
    let message = format!("{:#}", anyhow::Error::from(error));
    assert!(message.contains("not listed in Settings::SECRETS"), "{message}");
    assert!(!message.contains("hunter2"), "{message}");
}

#[test]
fn s25_a_star_stands_for_one_part_of_a_name() {
    let secrets = ["sms.providers.*.token"];
    assert!(layer::is_secret("sms.providers.acme.token", &secrets));
    assert!(!layer::is_secret("sms.providers.token", &secrets));
    assert!(!layer::is_secret("sms.providers.acme.token.x", &secrets));
}
