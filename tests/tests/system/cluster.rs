//! The product as separate processes: what workers do, and what happens without them.

mod faults;
mod operate;
mod together;
mod traces;

use std::time::Duration;

use twostep_api::{ConfirmContact, Method, Next, Role, StartSetUp, VerifyEmail};
use twostep_client::Client;
use twostep_tests::harness::{Cluster, Inbox, Product as _, Worker, Workers};
use twostep_tests::story::{
    Technician, member_of, new_company, password, require_everybody, save_policy, sign_in,
};

/// Longest wait for one state.
const PATIENCE: Duration = Duration::from_secs(30);

/// A cluster with a company where every technician must verify.
struct Place {
    cluster: Cluster,
    inbox: Inbox,
    company: uuid::Uuid,
    holder: Client,
    _home: tempfile::TempDir,
}

impl Place {
    async fn open(slug: &str, workers: Workers) -> Self {
        let (home, inbox) = (tempfile::tempdir().unwrap(), Inbox::start().unwrap());
        let cluster = Cluster::start(home.path(), &inbox, workers).unwrap();
        let (company, holder) = new_company(&cluster, slug).await.unwrap();
        require_everybody(&holder, company.id).await.unwrap();
        Self { cluster, inbox, company: company.id, holder, _home: home }
    }

    async fn hire(&self, login: &str) {
        let (cluster, inbox, roles) = (&self.cluster, &self.inbox, [Role::Technician]);
        member_of(cluster, inbox, &self.holder, self.company, login, &roles, None).await.unwrap();
    }

    /// The session of somebody who must set up, or sign in further.
    async fn pending(&self, login: &str) -> (twostep_api::SignIn, Client) {
        let api = self.cluster.api().unwrap();
        let pending = sign_in(&api, login, &password(login)).await.unwrap();
        let asked = api.with_token(pending.token.as_deref().unwrap());
        (pending, asked)
    }

    /// Waits until the queue has everything that is wanted.
    async fn published(&self) {
        let admin = self.cluster.admin_urls().remove(0);
        let waiting = async {
            loop {
                let asked = self.cluster.http().get(format!("{admin}/metrics"));
                let text = asked.send().await.unwrap().text().await.unwrap();
                if text.lines().any(|line| line == "twostep_relay_backlog 0") {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    }
}

fn stop(worker: &mut Worker) {
    worker.child.signal("TERM").unwrap();
    assert!(worker.child.wait().unwrap(), "{}", worker.child.output());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_workers_stopped_no_code_arrives_and_with_one_started_it_does() {
    let mut place = Place::open("stopped", Workers { email: 1, sms: 1 }).await;
    let login = "ann@stopped.example";
    place.hire(login).await;
    for worker in place.cluster.email.drain(..).chain(place.cluster.sms.drain(..)) {
        let mut worker = worker;
        tokio::task::block_in_place(|| stop(&mut worker));
    }
    let (pending, api) = place.pending(login).await;
    assert_eq!(pending.next, Next::SetUp);
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let address = "ann@home.example".to_owned();
    api.set_up_email(&VerifyEmail { address: address.clone() }).await.unwrap();
    place.published().await;
    let all = place.inbox.all(&address).await.unwrap();
    assert!(all.is_empty(), "somebody else delivers: {all:?}");
    place.cluster.add_email_worker().unwrap();
    let mail = place.inbox.next_that(&address, 0, |mail| mail.code.is_some()).await.unwrap();
    api.confirm_email(&ConfirmContact { code: mail.code }).await.unwrap();
    assert_eq!(place.inbox.all(&address).await.unwrap().len(), 1);
}

/// E-mail's queue and workers have nothing to do with the SMS ones.
#[tokio::test]
async fn without_an_e_mail_worker_texts_still_arrive() {
    let mut place = Place::open("texts", Workers { email: 1, sms: 1 }).await;
    let login = "ann@texts.example";
    place.hire(login).await;
    save_policy(&place.holder, place.company, |policy| twostep_api::Policy {
        primary: Method::Sms,
        ..policy
    })
    .await
    .unwrap();
    place.cluster.email.clear();
    let (_, api) = place.pending(login).await;
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    let number = "+4915123456789".to_owned();
    api.set_up_phone(&twostep_api::VerifyPhone { number: number.clone() }).await.unwrap();
    let text = place.inbox.next_that(&number, 0, |text| text.code.is_some()).await.unwrap();
    api.confirm_phone(&twostep_api::ConfirmCode { code: text.code.unwrap() }).await.unwrap();
}

#[tokio::test]
async fn a_worker_tells_its_prometheus_what_it_did_and_whether_it_is_ready() {
    let mut place = Place::open("watched", Workers { email: 1, sms: 1 }).await;
    place.hire("ann@watched.example").await;
    let worker = &place.cluster.email[0];
    let text = place.cluster.metrics(worker).await.unwrap();
    let handed_over =
        "twostep_delivery_attempts_total{channel=\"email\",provider=\"inbox\",outcome=\"submitted\"} ";
    let number = text.lines().find_map(|line| line.strip_prefix(handed_over));
    assert!(number.is_some_and(|number| number.parse::<u64>().unwrap() >= 1), "{text}");
    for begins in [
        "twostep_delivery_breaker_open{channel=\"email\",provider=\"inbox\"} 0",
        "twostep_delivery_latency_seconds_bucket{le=\"3600.0\"}",
        "twostep_delivery_call_duration_seconds_count",
    ] {
        assert!(text.lines().any(|line| line.starts_with(begins)), "no {begins} in\n{text}");
    }
    let ready = format!("{}/readyz", worker.admin_url());
    let asked = place.cluster.http().get(&ready).send().await.unwrap();
    assert_eq!(asked.status(), 200);
    place.cluster.nats.kill().unwrap();
    let asked = place.cluster.http().get(&ready).send().await.unwrap();
    assert_eq!(asked.status(), 503, "{}", asked.text().await.unwrap());
}

#[tokio::test]
async fn the_pages_are_ready_while_they_reach_the_api() {
    let (home, inbox) = (tempfile::tempdir().unwrap(), Inbox::start().unwrap());
    let mut cluster = Cluster::start(home.path(), &inbox, Workers { email: 0, sms: 0 }).unwrap();
    let ready = format!("{}/readyz", cluster.admin_urls()[1]);
    assert_eq!(cluster.http().get(&ready).send().await.unwrap().status(), 200);
    cluster.service.kill().unwrap();
    let without = cluster.http().get(&ready).send().await.unwrap();
    assert_eq!(without.status(), 503);
    let told = without.text().await.unwrap();
    assert!(told.contains("the API can't be reached"), "{told}");
}

/// S30: what can't be delivered keeps nobody out who needs no message.
#[tokio::test]
async fn s30_without_a_broker_people_sign_in_by_app_and_what_was_wanted_meanwhile_arrives_later() {
    let mut place = Place::open("away", Workers { email: 1, sms: 0 }).await;
    let login = "ann@away.example";
    place.hire(login).await;
    let (mut ann, ..) = Technician::set_up(&place.cluster, &place.inbox, login).await.unwrap();
    place.cluster.nats.kill().unwrap();
    ann.sign_in(&place.cluster).await.unwrap();
    let admin = place.cluster.admin_urls().remove(0);
    let ready = place.cluster.http().get(format!("{admin}/readyz")).send().await.unwrap();
    assert_eq!(ready.status(), 200, "a service that lets people in is ready");
    let bob = "bob@away.example";
    let invite = twostep_api::InviteMember {
        name: "Bob".to_owned(),
        email: bob.to_owned(),
        login: None,
        roles: vec![Role::Technician],
        group: None,
        locale: None,
        time_zone: None,
    };
    place.holder.invite_member(place.company, &invite).await.unwrap();
    ann.sign_in(&place.cluster).await.unwrap();
    place.cluster.nats.start_again().unwrap();
    place.inbox.next_that(bob, 0, |mail| !mail.links.is_empty()).await.unwrap();
}
