//! Everything that somebody can read, and whether a secret is in it.

use std::collections::BTreeSet;

use anyhow::Context as _;
use uuid::Uuid;

use super::{Raw, Reply};

/// The ids to put into the places that paths have for them.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Of `companies/{id}`.
    pub company: Uuid,
    /// Of `groups/{group}`.
    pub groups: Vec<Uuid>,
    /// Of `members/{member}`.
    pub members: Vec<Uuid>,
    /// Of `sign-ins/{id}`.
    pub sign_ins: Vec<Uuid>,
}

/// Method and path of every route that the running service describes.
///
/// # Errors
/// It describes none.
pub async fn routes(raw: &Raw) -> anyhow::Result<Vec<(String, String)>> {
    let document = raw.call("GET", "/openapi.json", None).await?.json()?;
    let paths = document["paths"].as_object().context("no paths")?;
    let mut routes = Vec::new();
    for (path, item) in paths {
        for method in item.as_object().context("a path without methods")?.keys() {
            let path = path.strip_prefix("/api/v1").with_context(|| format!("{path} isn't under /api/v1"))?;
            routes.push((method.to_uppercase(), path.to_owned()));
        }
    }
    Ok(routes)
}

/// What `raw` is answered by every route that can be read, lists to their last page; each with its path.
///
/// # Errors
/// No answer comes.
pub async fn everything_read(raw: &Raw, sought: &Sought) -> anyhow::Result<Vec<(String, Reply)>> {
    let mut read = Vec::new();
    for (method, template) in routes(raw).await? {
        if method != "GET" {
            continue;
        }
        for path in filled(&template, sought) {
            let mut page = path.clone();
            loop {
                let answer = raw.call("GET", &page, None).await?;
                let next = answer.json().ok().and_then(|body| Some(body.get("next")?.as_str()?.to_owned()));
                read.push((path.clone(), answer));
                // A list's `next` is a cursor, a sign-in's isn't.
                let Some(next) = next.filter(|_| !template.starts_with("/sign-ins")) else { break };
                page = format!("{path}?limit=200&cursor={next}");
            }
        }
    }
    Ok(read)
}

/// `template` with every combination of what is sought.
fn filled(template: &str, sought: &Sought) -> BTreeSet<String> {
    let ids =
        if template.starts_with("/companies/") { vec![sought.company] } else { sought.sign_ins.clone() };
    let places = [("{id}", &ids), ("{group}", &sought.groups), ("{member}", &sought.members)];
    let template = template.replace("{token}", "no-token-of-ours");
    places.into_iter().fold(BTreeSet::from([template]), |paths, (place, ids)| {
        let fill = |path: String| {
            let filled = ids.iter().map(|id| path.replace(place, &id.to_string())).collect::<Vec<_>>();
            if path.contains(place) { filled } else { vec![path] }
        };
        paths.into_iter().flat_map(fill).collect()
    })
}

/// Whether `secret` stands in `text`: a short one as a word of its own, since ids and times hold the same digits by chance.
#[must_use]
pub fn holds(text: &str, secret: &str) -> bool {
    let goes_on = |sign: Option<char>| secret.len() < 12 && sign.is_some_and(char::is_alphanumeric);
    text.match_indices(secret).any(|(at, found)| {
        !goes_on(text[..at].chars().next_back()) && !goes_on(text[at + found.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_as_a_word_and_a_token_wherever_it_is() {
        assert!(holds(r#"{"code":"012345"}"#, "012345") && holds("012345", "012345"));
        assert!(!holds(r#"{"at":"2026-11-24T10:00:00.012345Z","id":"a012345"}"#, "012345"));
        assert!(holds("/invitations/abcabcabcabcx", "abcabcabcabc"));
    }

    #[test]
    fn a_path_is_filled_with_every_combination() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        let sought = Sought { company: a, groups: vec![b, c], members: vec![], sign_ins: vec![b] };
        assert_eq!(filled("/companies/{id}/groups/{group}", &sought).len(), 2);
        assert!(filled("/companies/{id}/members/{member}", &sought).is_empty());
        assert_eq!(filled("/sign-ins/{id}", &sought), BTreeSet::from([format!("/sign-ins/{b}")]));
    }
}
