//! Where somebody goes on after a detour.

/// The page whose form sends to `path`; a page's own path for itself.
pub(crate) fn page_of(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["account", "password", ..] => "/account/password".to_owned(),
        ["set-up", "recovery-codes"] => "/account".to_owned(),
        ["set-up", ..] => "/set-up".to_owned(),
        ["settings", ..] => "/settings/two-step".to_owned(),
        ["organisation", kind @ ("groups" | "members"), id, ..] if is_id(id) => {
            format!("/organisation/{kind}/{id}")
        }
        ["organisation", ..] => "/organisation".to_owned(),
        _ => "/account".to_owned(),
    }
}

/// A page of ours that a query names; anything else leads to the account.
pub(crate) fn named(text: &str) -> String {
    page_of(text)
}

fn is_id(text: &str) -> bool {
    text.parse::<uuid::Uuid>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_its_page() {
        let id = "0195f3a0-0000-7000-8000-000000000001";
        for (path, page) in [
            ("/settings/branding", "/settings/two-step".to_owned()),
            ("/account/sessions/x/end", "/account".to_owned()),
            // An edit that waits for a fresh proof is found again.
            ("/set-up/activation", "/set-up".to_owned()),
            ("/organisation/resets", "/organisation".to_owned()),
            (&format!("/organisation/members/{id}/roles"), format!("/organisation/members/{id}")),
        ] {
            assert_eq!(page_of(path), page);
        }
    }

    #[test]
    fn nothing_leads_to_another_site() {
        for text in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/organisation/groups/../x",
            "javascript:x",
        ] {
            let page = named(text);
            assert!(page.starts_with("/account") || page == "/organisation", "{text} -> {page}");
        }
    }
}
