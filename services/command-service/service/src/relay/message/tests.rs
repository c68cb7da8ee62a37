use twostep_domain::member::Link;
use twostep_domain::{CompanyId, IntentId, KeyPeriod, LinkId, Locale, Sealed, Time, TimeZone};
use uuid::Uuid;

use super::*;
use crate::relay::intent::Wish;

const MEMBER: MemberId = MemberId(Uuid::nil());

fn intent() -> Intent {
    let (recorded_at, expires_at) = (Time::UNIX_EPOCH, Time::UNIX_EPOCH + chrono::Duration::hours(1));
    let key = KeyPeriod("1970-01".to_owned());
    let link = Link { id: LinkId(Uuid::nil()), key, expires_at, mailed: true };
    let wish = Wish::Link { member: MEMBER, link, kind: MessageKind::PasswordReset };
    Intent {
        id: IntentId(Uuid::nil()),
        company: CompanyId(Uuid::nil()),
        correlation: Uuid::nil(),
        revision: twostep_event_store::Revision(0),
        recorded_at,
        expires_at,
        client: None,
        told: None,
        wish,
    }
}

#[test]
fn a_message_whose_key_is_gone_has_the_same_id_and_nothing_to_send() {
    let contact = Contact {
        channel: Channel::Email,
        destination: Sealed("v1.x".to_owned()),
        hash: Digest::of(&[7; 32]),
    };
    let payload = Payload {
        destination: String::new(),
        person: String::new(),
        company: String::new(),
        product: String::new(),
        sender: String::new(),
        locale: Locale::En,
        time_zone: TimeZone::default(),
        content: content(&intent()),
    };
    let there = prepared(&intent(), MEMBER, &contact, Ok(Letter { payload, number: None })).unwrap();
    let gone = prepared(&intent(), MEMBER, &contact, Err(DeriveError::KeyGone.into())).unwrap();
    assert_eq!(gone.id, there.id);
    assert!(there.letter.is_ok());
    assert_eq!(gone.letter.err(), Some(Unsent::Gone));
}

#[test]
fn a_part_that_is_not_there_is_no_ending() {
    let contact =
        Contact { channel: Channel::Sms, destination: Sealed(String::new()), hash: Digest::of(&[7; 32]) };
    let fault = Unsendable::Fault(OpenError::Damaged.into());
    assert!(prepared(&intent(), MEMBER, &contact, Err(fault)).is_err());
}
