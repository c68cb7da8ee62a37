//! S25: the types that hold secrets can't be printed, stored or compared. What doesn't hold doesn't compile.

use std::fmt::{Debug, Display};

use crate::{
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

/// The macro sees what it is looking for: this would not compile with `Debug` in the list.
#[test]
fn s25_secret_types_are_checked_at_compile_time() {
    has_none_of!(str: Clone, serde::de::DeserializeOwned);
}
