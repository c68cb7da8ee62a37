//! S25: the types that hold secrets can't be printed, stored or compared. What doesn't hold doesn't compile. They are
//! listed here, where all of them are known.

use std::fmt::{Debug, Display};

use twostep_delivery::{ChannelKey, ChannelKeys, Payload};
use twostep_domain::Code;
use twostep_runtime::config::Secret;
use twostep_vault::{
    BearerToken, ChannelSecret, MasterKey, ParsedLink, PresentedToken, RecoveryCode, RecoveryCodes, Seed,
    SentCode, SentLink, Vault,
};

/// Refuses to compile if the type has one of the traits: `item` is ambiguous then.
macro_rules! has_none_of {
    ($type:ty: $($trait:path),+) => {
        const _: fn() = || {
            trait Ambiguous<Which> {
                fn item() {}
            }
            impl<T: ?Sized> Ambiguous<()> for T {}
            $({
                struct Which;
                impl<T: ?Sized + $trait> Ambiguous<Which> for T {}
            })+
            let _ = <$type as Ambiguous<_>>::item;
        };
    };
}

macro_rules! secrets {
    ($($type:ty),+ $(,)?) => {
        $(has_none_of!($type: Debug, Display, ToString, PartialEq, serde::Serialize, Clone);)+
    };
}

secrets!(
    BearerToken,
    ChannelKey,
    ChannelKeys,
    ChannelSecret,
    MasterKey,
    ParsedLink,
    PresentedToken,
    RecoveryCode,
    RecoveryCodes,
    Seed,
    SentCode,
    SentLink,
    Vault,
);

// What is typed and what is set is handed on, each copy cleared when it is dropped.
has_none_of!(Code: Debug, Display, ToString, PartialEq, serde::Serialize);
has_none_of!(Secret: Debug, Display, ToString, PartialEq, serde::Serialize);
// A message's content is written down in order to be sealed.
has_none_of!(Payload: Debug, Display, ToString, PartialEq);

/// The macro sees what it is looking for: this would not compile with `Debug` in the list.
#[test]
fn s25_secret_types_are_checked_at_compile_time() {
    has_none_of!(str: Clone, serde::de::DeserializeOwned);
}
