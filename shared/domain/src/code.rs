//! The digits that people type.

use zeroize::ZeroizeOnDrop;

/// Six digits as typed, cleared when dropped. It has no `Debug` and no `==`: the vault compares it in constant time (S25).
#[derive(Clone, ZeroizeOnDrop)]
pub struct Code([u8; Code::DIGITS]);

/// The text is not a code; nothing was compared, and it counts as no try (S5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has exactly 6 digits")]
pub struct InvalidCode;

impl Code {
    /// Digits in a code.
    pub const DIGITS: usize = 6;

    /// Reads a code: ASCII spaces and `-` are dropped, what is left must be six ASCII digits.
    ///
    /// # Errors
    /// Anything else: other characters, too few or too many digits.
    pub fn parse(text: &str) -> Result<Self, InvalidCode> {
        if text.len() > 32 {
            return Err(InvalidCode);
        }
        let mut digits = [0; Self::DIGITS];
        let mut count = 0;
        for byte in text.bytes().filter(|byte| !matches!(byte, b' ' | b'-')) {
            if !byte.is_ascii_digit() || count == Self::DIGITS {
                return Err(InvalidCode);
            }
            digits[count] = byte;
            count += 1;
        }
        if count == Self::DIGITS { Ok(Self(digits)) } else { Err(InvalidCode) }
    }

    /// The digits, for the comparison in the vault.
    #[must_use]
    pub fn expose_digits(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s5_exactly_six_ascii_digits_after_dropping_spaces_and_hyphens() {
        for good in ["012345", "012 345", "0-1-2-3-4-5", " 012345 "] {
            assert_eq!(
                Code::parse(good).map(|code| code.expose_digits().to_owned()),
                Ok("012345".to_owned()),
                "{good}"
            );
        }
        let long = "1".repeat(65_536);
        for bad in [
            "",
            "12345",
            "1234567",
            "+12345",
            "１２３４５６",
            "123\u{a0}456",
            "12345a",
            "123\t456",
            long.as_str(),
        ] {
            assert!(Code::parse(bad).is_err(), "{bad:.20}");
        }
    }
}
