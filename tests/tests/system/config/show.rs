//! What `config show` prints, and what it keeps to itself.

use std::path::Path;

use super::{GOOD, Place, refused};

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_shown() {
    let unread = GOOD
        .replace(
            "password = 'hunter2 of the relay'",
            "password_file = '/nowhere/password'\npasswort = 'hunter2'",
        )
        .replace("587", "'soon'");
    let output = Place::new(&unread).config("show", &[]);
    refused(&output, "reading email.relays.main.password from /nowhere/password");
    refused(&output, "there is no setting email.relays.main.passwort");
    refused(&output, "email.relays.main.port");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("email.relays.main.host = \"smtp.example.com\""), "{shown}");
    assert!(shown.contains("delivery.concurrency = 8 # default"), "{shown}");
    // What a fault is about has no value that could be shown, and a name that doesn't exist may be a secret's.
    for hidden in ["password", "hunter2", "passwort", ".port"] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
}

#[test]
fn s10_show_prints_every_setting_with_its_source_and_no_secret() {
    let place = Place::new(GOOD);
    let output = place.config("show", &["--redacted"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let file = Path::new(place.0.path()).join("settings.toml").display().to_string();
    assert!(
        said.contains(&format!("email.relays.main.host = \"smtp.example.com\" # line 9 of {file}")),
        "{said}"
    );
    assert!(said.contains("delivery.concurrency = 8 # default"), "{said}");
    assert!(said.contains("email.relays.main.password = \"[redacted]\""), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

/// Where people put them, whatever is said of the place.
#[test]
fn s10_show_prints_no_secret_out_of_a_webhook_s_headers_body_and_url() {
    let webhook = r#"
[sms.providers.gateway.webhook]
url = "https://u:hunter2@gw.example.com/send?key=hunter2"
headers.authorization = "Bearer hunter2"
body = '{"to": "{to}", "text": "{text}", "key": "hunter2"}'
"#;
    let place = Place::new(&format!("{GOOD}{webhook}"));
    for output in [place.config("show", &[]), place.in_json("show")] {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains("https://[redacted]@gw.example.com/send?[redacted]"), "{said}");
        assert!(said.contains("sms.providers.gateway.webhook.headers.authorization"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}
