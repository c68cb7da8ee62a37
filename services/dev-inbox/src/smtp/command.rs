//! Reading commands.

/// What a client says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Ehlo,
    Helo,
    StartTls,
    /// The mechanism and, where it comes along, the first answer.
    Auth {
        mechanism: String,
        initial: bool,
    },
    Mail {
        from: String,
    },
    Rcpt {
        to: String,
    },
    Data,
    Rset,
    Noop,
    Quit,
    /// A command that is known, with arguments that are not.
    Malformed,
    Unknown,
}

impl Command {
    /// Reads one line, without its end.
    pub(super) fn parse(line: &str) -> Self {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => Self::Ehlo,
            "HELO" => Self::Helo,
            "STARTTLS" => Self::StartTls,
            "AUTH" => {
                let mut words = rest.split_whitespace();
                let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
                Self::Auth { mechanism, initial: words.next().is_some() }
            }
            "MAIL" => path(rest, "FROM:").map_or(Self::Malformed, |from| Self::Mail { from }),
            "RCPT" => match path(rest, "TO:") {
                Some(to) if !to.is_empty() => Self::Rcpt { to },
                _ => Self::Malformed,
            },
            "DATA" => Self::Data,
            "RSET" => Self::Rset,
            "NOOP" => Self::Noop,
            "QUIT" => Self::Quit,
            _ => Self::Unknown,
        }
    }
}

/// The address between angle brackets; empty for the null sender.
fn path(text: &str, label: &str) -> Option<String> {
    let head = text.get(..label.len()).filter(|head| head.eq_ignore_ascii_case(label))?;
    let rest = text[head.len()..].trim_start().strip_prefix('<')?;
    Some(rest[..rest.find('>')?].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_whatever_their_case() {
        let mail = Command::Mail { from: "a@x.example".to_owned() };
        assert_eq!(Command::parse("mail from:<a@x.example> BODY=8BITMIME"), mail);
        assert_eq!(Command::parse("MAIL FROM:<>"), Command::Mail { from: String::new() });
        assert_eq!(Command::parse("RCPT TO:<b@x.example>"), Command::Rcpt { to: "b@x.example".to_owned() });
        assert_eq!(Command::parse("RCPT b@x.example"), Command::Malformed);
        assert_eq!(
            Command::parse("AUTH plain AGEAYg=="),
            Command::Auth { mechanism: "PLAIN".to_owned(), initial: true }
        );
        assert_eq!(Command::parse("VRFY a"), Command::Unknown);
    }
}
