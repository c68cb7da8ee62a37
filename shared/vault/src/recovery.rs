//! Printed codes for when everything else is lost (S9).

use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::random;

/// Bytes of a code: 120 bits.
const LENGTH: usize = 15;
/// Characters of a code.
const CHARACTERS: usize = 24;
/// Characters of a group.
const GROUP: usize = 4;
/// Crockford's base32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// One printed code: 120 bits. It can't be printed by accident or compared; the vault makes its keyed hash.
#[derive(ZeroizeOnDrop)]
pub struct RecoveryCode(Zeroizing<[u8; LENGTH]>);

/// The text is no printed code; nothing was compared, and it counts as no try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a recovery code has 24 letters and digits, in 6 groups of 4")]
pub struct InvalidRecoveryCode;

/// The codes of one sheet, for the one page that shows them.
#[derive(ZeroizeOnDrop)]
pub struct RecoveryCodes([RecoveryCode; RecoveryCodes::COUNT]);

impl RecoveryCode {
    /// Reads a code as typed: either case; O reads as 0, I and L as 1; spaces and `-` are dropped.
    ///
    /// # Errors
    /// Any other character, too few or too many.
    pub fn parse(text: &str) -> Result<Self, InvalidRecoveryCode> {
        if text.len() > 4 * CHARACTERS {
            return Err(InvalidRecoveryCode);
        }
        let mut values = Zeroizing::new([0_u8; CHARACTERS]);
        let mut count = 0;
        for byte in text.bytes().filter(|byte| !matches!(byte, b' ' | b'-')) {
            let folded = match byte.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            };
            let value = ALPHABET.iter().position(|known| *known == folded).ok_or(InvalidRecoveryCode)?;
            *values.get_mut(count).ok_or(InvalidRecoveryCode)? = value as u8;
            count += 1;
        }
        if count == CHARACTERS { Ok(Self(pack(&values))) } else { Err(InvalidRecoveryCode) }
    }

    /// The code as it is printed: `ABCD-EFGH-JKMN-PQRS-TVWX-YZ01`.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(CHARACTERS + CHARACTERS / GROUP));
        for place in 0..CHARACTERS {
            if place > 0 && place % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(self.value(place))]));
        }
        text
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The 5 bits at `place`, the first being the highest.
    fn value(&self, place: usize) -> u8 {
        let (byte, bit) = (place * 5 / 8, place * 5 % 8);
        let next = self.0.get(byte + 1).copied().unwrap_or(0);
        let window = u16::from_be_bytes([self.0[byte], next]);
        (window >> (11 - bit)) as u8 & 0b1_1111
    }
}

impl RecoveryCodes {
    /// Codes on a sheet.
    pub const COUNT: usize = 10;

    /// Draws a sheet.
    #[must_use]
    pub fn draw() -> Self {
        Self(std::array::from_fn(|_| RecoveryCode(random::bytes())))
    }

    /// The codes.
    pub fn iter(&self) -> std::slice::Iter<'_, RecoveryCode> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a RecoveryCodes {
    type Item = &'a RecoveryCode;
    type IntoIter = std::slice::Iter<'a, RecoveryCode>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// 24 values of 5 bits as 15 bytes: 8 values fill 5 bytes.
fn pack(values: &[u8; CHARACTERS]) -> Zeroizing<[u8; LENGTH]> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    for (five, eight) in bytes.chunks_exact_mut(5).zip(values.chunks_exact(8)) {
        let bits = eight.iter().fold(0_u64, |bits, value| bits << 5 | u64::from(*value));
        five.copy_from_slice(&bits.to_be_bytes()[3..]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn s9_ten_different_codes_of_120_bits_in_six_groups_of_four() {
        let codes = RecoveryCodes::draw();
        let texts: BTreeSet<_> = codes.iter().map(|code| code.expose().to_string()).collect();
        assert_eq!(texts.len(), 10);
        for text in texts {
            let groups: Vec<_> = text.split('-').map(str::len).collect();
            assert_eq!(groups, [4; 6], "{text}");
            assert!(text.bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)), "{text}");
        }
        assert_eq!(LENGTH * 8, 120);
    }

    #[test]
    fn s9_case_and_lookalikes_are_folded_spaces_and_hyphens_dropped() {
        let bytes = |text| RecoveryCode::parse(text).map(|code| *code.0);
        let code = bytes("0011-ABCD-EFGH-JKMN-PQRS-TVWX");
        assert!(code.is_ok());
        for same in
            ["0011abcdefghjkmnpqrstvwx", "oOiL ABCD efgh JKMN pqrs TVWX", " 0oLI-abcd-efgh-jkmn-pqrs-tvwx "]
        {
            assert_eq!(bytes(same), code, "{same}");
        }
        let long = "0".repeat(65_536);
        for bad in [
            "",
            "0011-ABCD-EFGH-JKMN-PQRS-TVW",
            "0011-ABCD-EFGH-JKMN-PQRS-TVWX0",
            "U011-ABCD-EFGH-JKMN-PQRS-TVWX",
            "００11-ABCD-EFGH-JKMN-PQRS-TVWX",
            &long,
        ] {
            assert!(bytes(bad).is_err(), "{bad:.40}");
        }
    }

    proptest! {
        #[test]
        fn any_code_reads_back_as_it_was_printed(bytes: [u8; LENGTH]) {
            let code = RecoveryCode(Zeroizing::new(bytes));
            prop_assert_eq!(*RecoveryCode::parse(&code.expose()).unwrap().0, bytes);
            prop_assert_eq!(*RecoveryCode::parse(&code.expose().to_lowercase()).unwrap().0, bytes);
        }
    }
}
