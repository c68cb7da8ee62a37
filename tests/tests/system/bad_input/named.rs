//! Whatever can't be used is named: the field, the parameter, the type.

use anyhow::ensure;
use serde_json::{Value, json};
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::{Office, Raw};

use super::told;

#[tokio::test]
async fn what_cannot_be_used_is_named() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "named").await.unwrap();
    questions_to_the_history(&product, &office).await.unwrap();
    what_the_rules_refuse(&product, &office).await.unwrap();
    the_own_account(&product, &office).await.unwrap();
}

/// An empty page would say that nothing happened.
async fn questions_to_the_history(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let span = |from: &str, until: &str| format!("from={from}&until={until}");
    let (early, late) = ("2026-11-24T08:00:00Z", "2026-11-24T08:00:01Z");
    for (query, field, words) in [
        ("type=nope".to_owned(), "type", "\"nope\""),
        ("type=policychanged".to_owned(), "type", "\"policychanged\""),
        (span(late, early), "from", "isn't before until"),
        (span(early, early), "from", "isn't before until"),
    ] {
        let answer = raw.call("GET", &format!("/audit/events?{query}"), None).await?;
        told(&query, &answer, 400, "invalid-fields", words)?;
        ensure!(answer.json()?["fields"][0]["field"] == field, "the field isn't named: {answer:?}");
    }
    for query in ["type=PolicyChanged", "type=DeliverySubmitted", &span(early, late)] {
        let answer = raw.call("GET", &format!("/audit/events?{query}"), None).await?;
        ensure!(answer.status == 200, "{query}: {answer:?}");
    }
    Ok(())
}

async fn what_the_rules_refuse(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let company = format!("/companies/{}", office.id);
    let seen = raw.call("GET", &format!("{company}/policy"), None).await?;
    let (etag, policy) = (seen.etag.clone().unwrap_or_default(), seen.json()?);
    let put = |field: &str, value: Value| {
        let mut policy = policy.clone();
        policy[field] = value;
        json!({ "policy": policy, "reason": "a test" })
    };
    let top = office.group("Top", None).await?;
    let low = office.group("Low", Some(top)).await?;
    let group = raw.call("GET", &format!("{company}/groups/{top}"), None).await?;
    let place = json!({ "name": "Top", "parent": low });
    let member = json!({ "name": "Ann", "email": "jörg@müller.example", "roles": ["technician"] });
    let look_alike = json!({
        "name": "Ann", "email": "ann@named.example", "login": "\u{430}dmin@named.example", "roles": ["technician"],
    });
    let nameless =
        json!({ "name": " \u{301}\u{200b} ", "email": "ann@named.example", "roles": ["technician"] });
    let unsaid = json!({ "policy": policy, "reason": " \u{200b} " });
    let nobody = json!({ "name": "Ann", "email": "ann@named.example", "roles": [] });
    let policy = format!("{company}/policy");
    let long = 60_000_000_000_u64;
    for (method, path, etag, body, field, words) in [
        ("PUT", policy.clone(), &etag, put("backups", json!([])), "backups", "at least one"),
        ("PUT", policy.clone(), &etag, put("code_life_seconds", json!(0)), "code_life_seconds", "60 to 600"),
        ("PUT", policy.clone(), &etag, put("code_life_seconds", json!(86_400)), "code_life_seconds", "86400"),
        (
            "PUT",
            policy.clone(),
            &etag,
            put("code_life_seconds", json!(long)),
            "code_life_seconds",
            "60 to 600",
        ),
        (
            "PUT",
            format!("{company}/groups/{top}"),
            &group.etag.clone().unwrap_or_default(),
            place,
            "parent",
            "in itself",
        ),
        (
            "PUT",
            format!("{company}/groups/{top}"),
            &group.etag.clone().unwrap_or_default(),
            json!({ "name": "To\u{ad}p", "parent": null }),
            "name",
            "invisible",
        ),
        ("PUT", policy.clone(), &etag, unsaid, "reason", "say why"),
        ("POST", format!("{company}/members"), &etag, look_alike, "login", "taken for another"),
        ("POST", format!("{company}/members"), &etag, nameless, "name", "empty"),
        ("POST", format!("{company}/members"), &etag, nobody, "roles", "role"),
        ("POST", format!("{company}/members"), &etag, member, "email", "xn--"),
    ] {
        let answer = raw.with_header("if-match", etag).call(method, &path, Some(&body)).await?;
        told(field, &answer, 400, "invalid-fields", words)?;
        ensure!(answer.json()?["fields"][0]["field"] == field, "the field isn't named: {answer:?}");
    }
    Ok(())
}

/// A Master Admin can: the own role isn't what stands in the way.
async fn the_own_account(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let own = format!("/companies/{}/members/{}", office.id, office.holder.id);
    let etag = raw.call("GET", &own, None).await?.etag.unwrap_or_default();
    for (method, part, body) in [
        ("PUT", "roles", Some(json!({ "roles": ["technician"] }))),
        ("PUT", "standing", Some(json!({ "enabled": false, "reason": "" }))),
        ("DELETE", "personal-data", None),
        ("POST", "unlock", None),
    ] {
        let raw = raw.with_header("if-match", &etag);
        let answer = raw.call(method, &format!("{own}/{part}"), body.as_ref()).await?;
        told(part, &answer, 403, "forbidden", "own account: a Master Admin can")?;
    }
    Ok(())
}
