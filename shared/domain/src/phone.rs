//! Mobile numbers and the countries they belong to.

use std::fmt;

use phonenumber::country::Id;
use phonenumber::{Mode, Type};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An ISO 3166-1 alpha-2 country code, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// The text is no country code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a country is two letters, like DE (ISO 3166-1)")]
pub struct InvalidCountry;

impl Country {
    /// Reads a country code, either case.
    ///
    /// # Errors
    /// A text that names no country with telephone numbers.
    pub fn parse(text: &str) -> Result<Self, InvalidCountry> {
        let upper = text.to_ascii_uppercase();
        let bytes: [u8; 2] = upper.as_bytes().try_into().map_err(|_| InvalidCountry)?;
        upper.parse::<Id>().map_err(|_| InvalidCountry)?;
        Ok(Self(bytes))
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Country {
    type Error = InvalidCountry;

    fn try_from(text: String) -> Result<Self, InvalidCountry> {
        Self::parse(&text)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}

/// A mobile number in E.164 form (`+` and at most 15 digits) with its country.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone {
    e164: String,
    dialling_code: u16,
    country: Country,
}

/// Why a text is no number that we send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPhone {
    /// It doesn't read as a telephone number.
    #[error("that is not a telephone number: write it with the country code, like +49 151 …")]
    Unreadable,
    /// A number, but not one that takes text messages for sure.
    #[error("that is not a mobile number")]
    NotMobile,
}

impl Phone {
    /// Reads a number, national forms in the sense of `home`.
    ///
    /// Only mobile types pass (and those where a country doesn't tell mobile from fixed apart): premium, toll-free and
    /// shared-cost numbers are how SMS pumping earns (S14).
    ///
    /// # Errors
    /// See [`InvalidPhone`].
    pub fn parse(text: &str, home: Country) -> Result<Self, InvalidPhone> {
        if text.len() > 32 {
            return Err(InvalidPhone::Unreadable);
        }
        let text = text.trim();
        // A number with its country code has no home: the library would strip the home's trunk prefix from it.
        let home = home.as_str().parse::<Id>().ok().filter(|_| !text.starts_with('+'));
        let number = phonenumber::parse(home, text).map_err(|_| InvalidPhone::Unreadable)?;
        if !number.is_valid() {
            return Err(InvalidPhone::Unreadable);
        }
        match number.number_type(&phonenumber::metadata::DATABASE) {
            Type::Mobile | Type::FixedLineOrMobile => {}
            _ => return Err(InvalidPhone::NotMobile),
        }
        let country = number
            .country()
            .id()
            .and_then(|id| Country::parse(id.as_ref()).ok())
            .ok_or(InvalidPhone::Unreadable)?;
        let e164 = number.format().mode(Mode::E164).to_string();
        Ok(Self { e164, dialling_code: number.code().value(), country })
    }

    /// The number in clear, for the provider.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.e164
    }

    /// The country it belongs to.
    #[must_use]
    pub fn country(&self) -> Country {
        self.country
    }

    /// The country calling code: 49 of +49 151 …; several countries may share one.
    #[must_use]
    pub fn dialling_code(&self) -> u16 {
        self.dialling_code
    }

    /// The number without its last four digits: what numbers that are rented together have in common.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.e164[..self.e164.len().saturating_sub(4)]
    }

    /// What others may see: `+49 ••• 89`.
    #[must_use]
    pub fn masked(&self) -> String {
        let tail = &self.e164[self.e164.len().saturating_sub(2)..];
        let head = &self.e164[..self.e164.len().min(3)];
        format!("{head} ••• {tail}")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn germany() -> Country {
        Country::parse("de").unwrap()
    }

    #[test]
    fn a_number_is_stored_in_e164() {
        let phone = Phone::parse("0151 23456789", germany()).unwrap();
        assert_eq!((phone.as_str(), phone.country()), ("+4915123456789", germany()));
        assert_eq!(
            Phone::parse("+43 664 1234567", germany()).unwrap().country(),
            Country::parse("AT").unwrap()
        );
    }

    #[test]
    fn a_number_with_its_country_code_reads_the_same_from_everywhere() {
        for home in ["US", "DE", "HU", "GB", "FR", "RU", "AT"] {
            let home = Country::parse(home).unwrap();
            for number in ["+4915123456789", "+436641234567", "+36201234567", "+447911123456", "+33612345678"]
            {
                assert_eq!(
                    Phone::parse(number, home).map(|phone| phone.as_str().to_owned()),
                    Ok(number.to_owned()),
                    "{home:?}"
                );
            }
        }
    }

    #[test]
    fn s14_only_mobile_numbers_pass() {
        for (text, why) in [
            ("0900 1234567", InvalidPhone::NotMobile),
            ("030 123456", InvalidPhone::NotMobile),
            ("0800 1234567", InvalidPhone::NotMobile),
            ("hello", InvalidPhone::Unreadable),
            ("+49", InvalidPhone::Unreadable),
            ("", InvalidPhone::Unreadable),
        ] {
            assert_eq!(Phone::parse(text, germany()).unwrap_err(), why, "{text}");
        }
    }

    #[test]
    fn s10_debug_and_mask_hide_the_number() {
        let phone = Phone::parse("+4915123456789", germany()).unwrap();
        assert_eq!(format!("{phone:?}"), "Phone(+49 ••• 89)");
    }
}
