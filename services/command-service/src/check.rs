//! Whether the program would start with its settings, as far as that shows without the network.

use std::path::Path;

use twostep_installation::{check_ports, keys};
use twostep_runtime::Profile;
use twostep_runtime::config::{Checked, Judged, Layers};

use crate::settings::Settings;

/// Looks at the settings, and at the data directory where one is named.
pub(crate) fn run(layers: Layers, profile: Profile, data: Option<&Path>) -> Checked {
    Checked::of(layers, |settings: Settings| {
        let Settings { public_url, http, admin, keys, nats, texts, webhooks: _, delivery: _ } = settings;
        let mut judged = Judged::default();
        judged.add("public_url", profile.check_public_url(&public_url));
        judged.add("http", profile.check_listen("http.listen", http.listen));
        judged.add("admin", profile.check_listen("admin.listen", admin.listen));
        judged.add("http", check_ports(http.listen, admin.listen));
        judged.add("nats", nats.check(profile == Profile::Production));
        judged.add("texts", texts.limits().map(drop));
        judged.add("keys", keys::judge(&keys, data));
        if let Some(data) = data {
            judged.add("data", profile.check_directory(data));
            judged.warnings.extend(Profile::open_directory(data));
        }
        judged
    })
}
