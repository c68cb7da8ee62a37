//! S25: the types that hold secrets can't be printed, stored or compared, and are wiped. What doesn't hold doesn't compile. They are
//! listed here, where all of them are known.

use std::fmt::{Debug, Display};

use twostep_api as api;
use twostep_delivery::{ChannelKey, ChannelKeys, Content, Payload};
use twostep_domain::Code;
use twostep_runtime::config::Secret;
use twostep_vault::{
    BearerToken, ChannelSecret, MasterKey, ParsedLink, PersonalData, PresentedToken, RecoveryCode,
    RecoveryCodes, Seed, SentCode, SentLink, Vault,
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
    PersonalData,
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
// So are an API's bodies, which are read and written as JSON.
macro_rules! bodies {
    ($($type:ty),+ $(,)?) => {
        $(has_none_of!($type: Debug, Display, ToString, PartialEq);)+
    };
}

bodies!(
    api::AcceptInvitation,
    api::Activated,
    api::BreakGlass,
    api::ChangePassword,
    api::ConfirmCode,
    api::ConfirmContact,
    api::CreatedCompany,
    api::GlassBroken,
    api::OpenVerificationLink,
    api::Pairing,
    api::RecoveryCodes,
    api::ResetPassword,
    api::RotateMasterKey,
    api::SetUp,
    api::SignIn,
    api::StartSignIn,
    api::Unmask,
    api::Verify,
);

// A message's content is written down in order to be sealed.
has_none_of!(Content: Debug, Display, ToString, PartialEq);
has_none_of!(Payload: Debug, Display, ToString, PartialEq);

/// Refuses to compile if a type isn't cleared when it is dropped. The vault's own keys are shared, and cleared with the last
/// of their owners. Bodies aren't: the server and the JSON around them hold copies that nobody clears.
macro_rules! wiped {
    ($($type:ty),+ $(,)?) => {
        const _: fn() = || {
            fn is_wiped<T: zeroize::ZeroizeOnDrop>() {}
            $(is_wiped::<$type>();)+
        };
    };
}

wiped!(
    BearerToken,
    ChannelKey,
    ChannelKeys,
    Code,
    Content,
    MasterKey,
    ParsedLink,
    Payload,
    PresentedToken,
    RecoveryCode,
    RecoveryCodes,
    Secret,
    Seed,
    SentCode,
    SentLink,
);

/// The macro sees what it is looking for: this would not compile with `Debug` in the list.
#[test]
fn s25_secret_types_are_checked_at_compile_time() {
    has_none_of!(str: Clone, serde::de::DeserializeOwned);
}
