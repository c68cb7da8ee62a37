//! The story itself: enable, configure, authenticate, in the announcement's order.

use anyhow::{Context as _, ensure};
use twostep_api::{
    Choice, ClientKind, ConfirmCode, ConfirmContact, CreateGroup, Enforcement, Method, Next,
    OpenVerificationLink, Policy, ProblemType, ProofKind, PutEnforcement, RequestCode, ResetMembers, Role,
    StartSetUp, StartSignIn, Technicians, Verify, VerifyEmail,
};

use super::{Act, Technician, front, member_of, new_company, password, refused, save_policy, sign_in};
use crate::harness::{Inbox, Product, code_at};

/// Plays the whole story against `product`.
///
/// # Errors
/// The first step that differs.
#[allow(clippy::too_many_lines, reason = "a story is told from beginning to end")]
pub async fn play(act: &mut Act, product: &mut impl Product, inbox: &Inbox) -> anyhow::Result<()> {
    let (company, holder) = act
        .step(
            "the operator creates the company; the account holder follows the link",
            new_company(product, "mah"),
        )
        .await?;
    let company = company.id;
    let group = act
        .step("a Master Admin creates a technician group", async {
            Ok(holder
                .create_group(company, &CreateGroup { name: "Support".to_owned(), parent: None })
                .await?
                .id)
        })
        .await?;
    let login = "tech@mah.example";
    let member = act
        .step("a technician is invited and sets a password", async {
            member_of(product, inbox, &holder, company, login, &[Role::Technician], Some(group)).await
        })
        .await?;
    act.step("nobody must verify yet", async {
        let signed_in = sign_in(&product.api()?, login, &password(login)).await?;
        ensure!(signed_in.next == Next::SignedIn, "a second step was asked for");
        Ok(())
    })
    .await?;
    act.step("Global Settings: technicians in selected groups, with an app", async {
        save_policy(&holder, company, |policy| Policy {
            technicians: Technicians::SelectedGroups,
            primary: Method::App,
            ..policy
        })
        .await
    })
    .await?;
    act.step("the group's box is not ticked: still nobody", async {
        let signed_in = sign_in(&product.api()?, login, &password(login)).await?;
        ensure!(signed_in.next == Next::SignedIn, "a second step was asked for");
        Ok(())
    })
    .await?;
    act.step("Tech Group Settings: enforce for that group", async {
        let shown = holder.group(company, group).await?;
        let enforcement = Enforcement { choice: Choice::Enforce, also_subgroups: false };
        let put = PutEnforcement { enforcement, reason: String::new() };
        let etag = shown.etag.context("the group has no ETag")?;
        let group = holder.put_enforcement(company, group, &etag, &put).await?;
        ensure!(group.value.effective, "the box has no effect");
        Ok(())
    })
    .await?;
    let pending = act
        .step("the next sign-in asks for the set-up, and nothing else is reachable", async {
            let pending = sign_in(&product.api()?, login, &password(login)).await?;
            ensure!(pending.next == Next::SetUp, "no set-up was asked for");
            let api = product.api()?.with_token(pending.token.as_deref().context("no token")?);
            refused(api.me().await, ProblemType::NotSignedIn)?;
            refused(api.groups(company).await, ProblemType::NotSignedIn)?;
            Ok(api)
        })
        .await?;
    let (secret, paired_at) = act
        .step("Set up mobile app: QR code and secret, then the app's digits", async {
            pending.start_set_up(&StartSetUp::default()).await?;
            let pairing = pending.start_pairing().await?;
            ensure!(pairing.uri.starts_with("otpauth://totp/Rescue:"), "the account isn't named Rescue");
            let now = product.now().await?;
            let code = code_at(&pairing.secret, now.timestamp())?;
            pending.confirm_pairing(&ConfirmCode { code }).await?;
            Ok((pairing.secret, now))
        })
        .await?;
    let address = "backup.tech@mah.example";
    act.step("Set up Email: a mail with a link; looking at the link verifies nothing", async {
        let shown = pending.set_up_email(&VerifyEmail { address: address.to_owned() }).await?;
        ensure!(shown.first_screen_code.is_some() && !shown.ready, "the set-up doesn't wait for the click");
        let mail = inbox.next_that(address, 0, |mail| !mail.links.is_empty()).await?;
        let link = mail.links.first().context("no link")?;
        let token = link.rsplit('/').next().context("no token")?;
        for _ in 0..3 {
            product.api()?.verification_link(token).await?;
        }
        refused(pending.confirm_email(&ConfirmContact::default()).await, ProblemType::NotYetVerified)?;
        refused(pending.activate().await, ProblemType::Conflict)?;
        pending.open_verification_link(token, &OpenVerificationLink::default()).await?;
        let shown = pending.confirm_email(&ConfirmContact::default()).await?;
        ensure!(shown.ready, "both methods are proven, but it isn't ready");
        Ok(())
    })
    .await?;
    let recovery = act
        .step("Activate: confirmation, recovery codes, a session", async {
            let activated = pending.activate().await?;
            ensure!(activated.recovery_codes.len() == 10, "no recovery codes");
            let session = product.api()?.with_token(activated.token.as_deref().context("no session")?);
            ensure!(session.me().await?.methods.len() >= 2, "the methods aren't in force");
            inbox
                .next_that(login, 0, |mail| mail.subject.as_deref().is_some_and(|it| it.contains("on")))
                .await?;
            Ok(activated.recovery_codes)
        })
        .await?;
    let mut technician = Technician { login: login.to_owned(), secret, used: paired_at };
    let session = act
        .step("website login with the authenticator app", async { technician.sign_in(product).await })
        .await?;
    act.step("power cut: the process is killed and starts again; the session lives", async {
        product.kill_and_restart()?;
        // The session's client notices that its connections are dead before it takes one of them.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        ensure!(session.me().await?.covered, "the policy is forgotten");
        Ok(())
    })
    .await?;
    act.step("the code that was used before the power cut is refused", async {
        let api = product.api()?;
        let pending = sign_in(&api, login, &password(login)).await?;
        let asked = api.with_token(pending.token.as_deref().context("no token")?);
        let code = code_at(&technician.secret, technician.used.timestamp())?;
        refused(
            asked.verify(pending.id, &Verify { method: ProofKind::App, code }).await,
            ProblemType::CodeUsed,
        )
    })
    .await?;
    act.step("login with e-mail: Send, type the code; Resend brings the same one", async {
        let api = product.api()?;
        let pending = sign_in(&api, login, &password(login)).await?;
        let asked = api.with_token(pending.token.as_deref().context("no token")?);
        let before = inbox.all(address).await?.iter().map(|mail| mail.id).max().unwrap_or(0);
        asked.request_code(pending.id, &RequestCode { method: Method::Email }).await?;
        let first = inbox.next_that(address, before, |mail| mail.code.is_some()).await?;
        refused(
            asked.request_code(pending.id, &RequestCode { method: Method::Email }).await,
            ProblemType::TooSoon,
        )?;
        product.advance(31).await?;
        let again = asked.request_code(pending.id, &RequestCode { method: Method::Email }).await?;
        ensure!(again.same_code, "Resend made a new code");
        let second = inbox.next_that(address, first.id, |mail| mail.code.is_some()).await?;
        ensure!(first.code == second.code, "the resent code is another one");
        let code = second.code.context("no code")?;
        ensure!(!second.subject.unwrap_or_default().contains(&code), "the code is in the subject");
        let wrong = Verify { method: ProofKind::Email, code: other(&code) };
        refused(asked.verify(pending.id, &wrong).await, ProblemType::CodeRejected)?;
        let done = asked.verify(pending.id, &Verify { method: ProofKind::Email, code }).await?;
        let session = product.api()?.with_token(done.token.as_deref().context("no session")?);
        ensure!(session.me().await?.session.aal == 1, "e-mail counted as the second level");
        Ok(())
    })
    .await?;
    act.step("the Technician Console asks as well, with what it can show", async {
        let api = product.api()?;
        let start = StartSignIn {
            company: Some("mah".to_owned()),
            login: login.to_owned(),
            password: password(login),
            client: Some(front(ClientKind::Console, &[Method::App, Method::Sms])),
        };
        let pending = api.start_sign_in(&start).await?;
        let kinds: Vec<_> = pending.methods.iter().map(|method| method.kind).collect();
        ensure!(
            pending.next == Next::Verify && !kinds.contains(&ProofKind::Email),
            "an old console got {kinds:?}"
        );
        let asked = api.with_token(pending.token.as_deref().context("no token")?);
        let code = technician.next_code(product).await?;
        let done = asked.verify(pending.id, &Verify { method: ProofKind::App, code }).await?;
        ensure!(done.next == Next::SignedIn, "the console is not signed in");
        Ok(())
    })
    .await?;
    act.step("a recovery code signs in once, written in any way", async {
        let typed = recovery[0].to_lowercase().replace('-', " ");
        for expected in [true, false] {
            let api = product.api()?;
            let pending = sign_in(&api, login, &password(login)).await?;
            let asked = api.with_token(pending.token.as_deref().context("no token")?);
            let verify = Verify { method: ProofKind::Printed, code: typed.clone() };
            let done = asked.verify(pending.id, &verify).await;
            if expected {
                done?;
            } else {
                refused(done, ProblemType::CodeRejected)?;
            }
        }
        Ok(())
    })
    .await?;
    act.step("Force two-step verification reset: sessions end, the set-up begins anew", async {
        let reset = ResetMembers { members: vec![member], reason: "a new phone".to_owned() };
        let outcome = holder.reset_members(company, &reset).await?;
        ensure!(outcome.members.iter().all(|outcome| outcome.reset), "the reset was refused");
        refused(session.me().await, ProblemType::NotSignedIn)?;
        let (again, _, _) = Technician::set_up(product, inbox, login).await?;
        technician = again;
        technician.sign_in(product).await?;
        Ok(())
    })
    .await
}

/// Six digits that aren't `code`.
fn other(code: &str) -> String {
    let number: u32 = code.parse().unwrap_or(0);
    format!("{:06}", (number + 1) % 1_000_000)
}
