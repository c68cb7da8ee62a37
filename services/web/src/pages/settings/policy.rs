//! The policy: whom it covers, with what, and *Save Changes*.

use askama::Template;
use twostep_api::{
    Branding, Choice, Company, Group, Me, Method, Policy, PolicyEffect, ProblemType, ProofKind, PutPolicy,
    Technicians, Transition,
};
use twostep_client::Versioned;

use super::effect::Effect;
use crate::{
    failure::Failure,
    fields::{Asked, Fields},
    frame::Frame,
    meanwhile::{Said, differences, ticked, was},
    notice::Notice,
    render::{Answer, page_with, redirect},
    visitor::{SignedIn, status_of},
    words,
};

#[derive(Template)]
#[template(path = "settings/policy.html")]
struct PolicyPage {
    frame: Frame,
    policy: Policy,
    effect: Effect,
    etag: String,
    /// What the policy's form said when it was drawn.
    drawn: Vec<Said>,
    reason: String,
    reset: bool,
    turn_off: bool,
    company: Company,
    company_etag: String,
    /// The same of the form of the names.
    names_drawn: Vec<Said>,
    countries: String,
    primaries: Vec<MethodBox>,
    backups: Vec<MethodBox>,
    /// Whether the Master Admin who saves hasn't set up themselves.
    not_set_up: bool,
    /// Whether selected groups are asked and none is selected.
    no_group_asks: bool,
}

/// One method to choose.
struct MethodBox {
    key: &'static str,
    name: &'static str,
    hint: &'static str,
    chosen: bool,
    /// Whether this installation can't send it.
    unsendable: bool,
}

/// The page.
pub(crate) async fn show(signed_in: SignedIn, Asked(asked): Asked) -> Answer {
    let notice = match asked.text("done") {
        "saved" => Some(Notice::good(
            "Changes saved",
            "Sessions below the policy are asked at their next request. What it means for your people is below.",
        )),
        "branding" => Some(Notice::good("Names saved", "People see them from now on.")),
        "countries" => Some(Notice::good("Countries saved", "")),
        _ => None,
    };
    draw(&signed_in, notice, None).await
}

/// The page with `notice`, holding what was typed into the policy's form if anything was.
pub(super) async fn draw(signed_in: &SignedIn, notice: Option<Notice>, typed: Option<&Fields>) -> Answer {
    let reason = typed.map(|typed| typed.owned("reason")).unwrap_or_default();
    draw_with(signed_in, notice, typed, reason).await
}

/// The same; the reason is kept where the rest of what was typed isn't.
async fn draw_with(
    signed_in: &SignedIn,
    notice: Option<Notice>,
    typed: Option<&Fields>,
    reason: String,
) -> Answer {
    if !signed_in.is_master() {
        return Err(only_master_admins());
    }
    let company = signed_in.client().company(signed_in.company()).await?;
    let in_force = signed_in.client().policy(signed_in.company()).await?;
    let effect = signed_in.client().policy_effect(signed_in.company()).await?;
    let groups = signed_in.client().groups(signed_in.company()).await?.groups;
    let asks = |group: &Group| group.enforcement.choice == Choice::Enforce;
    let unheard = in_force.value.technicians == Technicians::SelectedGroups && !groups.iter().any(asks);
    let filled = fill(signed_in, notice, typed, company, in_force, effect);
    let page = PolicyPage { reason, no_group_asks: unheard, ..filled };
    page_with(status_of(page.frame.notice.as_ref()), &page)
}

fn fill(
    signed_in: &SignedIn,
    notice: Option<Notice>,
    typed: Option<&Fields>,
    company: Versioned<Company>,
    in_force: Versioned<Policy>,
    effect: PolicyEffect,
) -> PolicyPage {
    let drawn = said(&in_force.value).into_iter();
    let drawn = match typed {
        // Refused for another reason: the form goes on from where it was drawn.
        Some(typed) => drawn.map(|(name, _)| (name, typed.text(&was(name)).to_owned())).collect(),
        None => drawn.collect(),
    };
    let policy = typed.map_or(in_force.value, policy_of);
    let texts = company.value.sends_texts;
    PolicyPage {
        primaries: primaries(policy.primary, texts),
        backups: backups(&policy.backups, texts),
        etag: typed.map(|typed| typed.owned("etag")).or(in_force.etag).unwrap_or_default(),
        drawn,
        reason: String::new(),
        reset: typed.is_some_and(|typed| transition_of(typed) == Transition::Reset),
        turn_off: typed.is_some_and(|typed| typed.ticked("turn_off_uncovered")),
        countries: company.value.sms_countries.join(", "),
        company_etag: company.etag.unwrap_or_default(),
        names_drawn: names_said(&company.value.branding).into(),
        company: company.value,
        policy,
        effect: effect.into(),
        not_set_up: is_not_set_up(&signed_in.me),
        no_group_asks: false,
        frame: signed_in.frame("Two-step verification", notice),
    }
}

fn is_not_set_up(me: &Me) -> bool {
    me.methods.is_empty()
}

/// *Save Changes*, on the revision that the page was drawn from.
pub(crate) async fn send(signed_in: SignedIn, fields: Fields) -> Answer {
    if !signed_in.is_master() {
        return Err(only_master_admins());
    }
    let put = PutPolicy {
        policy: policy_of(&fields),
        reason: fields.owned("reason"),
        transition: transition_of(&fields),
        turn_off_uncovered: fields.ticked("turn_off_uncovered"),
    };
    let saved = signed_in.client().put_policy(signed_in.company(), fields.text("etag"), &put).await;
    let Err(error) = saved else { return Ok(redirect("/settings/two-step?done=saved")) };
    // On a stale page the typed values say nothing about what is in force: it is shown instead.
    let stale = error.problem_type() == Some(ProblemType::StaleRevision);
    let notice = Notice::refused(error)?;
    if !stale {
        return draw(&signed_in, Some(notice), Some(&fields)).await;
    }
    let in_force = signed_in.client().policy(signed_in.company()).await?.value;
    let notice = notice.meanwhile(|| differences(&fields, said(&in_force), said(&put.policy)));
    draw_with(&signed_in, Some(notice), None, put.reason).await
}

/// What a policy's form says, in words.
fn said(policy: &Policy) -> [Said; 6] {
    let scope = match policy.technicians {
        Technicians::None => "none",
        Technicians::All => "all",
        Technicians::SelectedGroups => "members of selected groups",
    };
    let backups = backups(&policy.backups, true).into_iter().filter(|choice| choice.chosen);
    [
        ("Administrators", ticked(policy.admins)),
        ("Technicians", scope.to_owned()),
        ("Primary method", words::proof(words::proof_by(policy.primary)).to_owned()),
        ("Backups", backups.map(|choice| choice.name).collect::<Vec<_>>().join(", ")),
        ("Life of codes", policy.code_life_seconds.to_string()),
        ("Work address first", ticked(policy.confirm_work_address_first)),
    ]
}

/// What the form of the names says.
pub(super) fn names_said(branding: &Branding) -> [Said; 3] {
    [
        ("Account's name in the authenticator app", branding.account_name.clone()),
        ("Product's name", branding.product_name.clone()),
        ("Sender's name of mails", branding.sender_name.clone()),
    ]
}

/// *Global Settings* is Master Admins' alone.
pub(super) fn only_master_admins() -> Failure {
    Failure::forbidden("Global Settings are for Master Admins.")
}

fn policy_of(fields: &Fields) -> Policy {
    Policy {
        admins: fields.ticked("admins"),
        technicians: match fields.text("technicians") {
            "all" => Technicians::All,
            "selected_groups" => Technicians::SelectedGroups,
            _ => Technicians::None,
        },
        primary: words::proof_of(fields.text("primary")).and_then(words::method_of).unwrap_or(Method::App),
        backups: fields.all("backup").filter_map(words::proof_of).collect(),
        // Not a number: the API says which numbers are.
        code_life_seconds: fields.owned("code_life_seconds").parse().unwrap_or(0),
        confirm_work_address_first: fields.ticked("confirm_work_address_first"),
    }
}

fn transition_of(fields: &Fields) -> Transition {
    if fields.text("transition") == "reset" { Transition::Reset } else { Transition::Lossless }
}

fn primaries(chosen: Method, texts: bool) -> Vec<MethodBox> {
    let hint = |method| match method {
        Method::App => "Any authenticator app with time-based codes. The strongest of the three.",
        Method::Sms => "Stand-alone, no app needed. Numbers can be taken over; texts cost money.",
        Method::Email => {
            "Stand-alone, no app needed. As safe as the mailbox: it never reaches assurance level 2."
        }
    };
    let choice = |method| {
        let kind = words::proof_by(method);
        MethodBox {
            key: words::proof_key(kind),
            name: words::proof(kind),
            hint: hint(method),
            chosen: method == chosen,
            unsendable: method == Method::Sms && !texts,
        }
    };
    [Method::App, Method::Sms, Method::Email].map(choice).into()
}

fn backups(chosen: &[ProofKind], texts: bool) -> Vec<MethodBox> {
    let choice = |kind| MethodBox {
        key: words::proof_key(kind),
        name: words::proof(kind),
        hint: if kind == ProofKind::Printed { "A way without any phone or mailbox." } else { "" },
        chosen: chosen.contains(&kind),
        unsendable: kind == ProofKind::Sms && !texts,
    };
    [ProofKind::App, ProofKind::Sms, ProofKind::Email, ProofKind::Printed].map(choice).into()
}
