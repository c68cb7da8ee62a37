//! The mail itself: up to the final dot, unstuffed (RFC 5321, 4.5.2).

use std::io;

use super::wire::Wire;

/// Lines longer than this are read in pieces.
const PIECE: u64 = 16 * 1024;

/// What came after `DATA`.
pub(super) enum Body {
    Whole(Vec<u8>),
    TooLarge,
}

/// Reads up to the final dot; what is too large is read and thrown away.
pub(super) async fn read(wire: &mut Wire, largest: usize) -> io::Result<Body> {
    let (mut mail, mut too_large) = (Vec::new(), false);
    // Only CR LF ends a line here: a bare LF before a dot is content, or mails could be smuggled.
    let mut line_starts = true;
    loop {
        let chunk = wire.chunk(PIECE).await?;
        if chunk.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line_starts && chunk == b".\r\n" {
            return Ok(if too_large { Body::TooLarge } else { Body::Whole(mail) });
        }
        let stuffed = line_starts && chunk.starts_with(b".");
        line_starts = chunk.ends_with(b"\r\n");
        too_large = too_large || mail.len() + chunk.len() > largest;
        if !too_large {
            mail.extend_from_slice(&chunk[usize::from(stuffed)..]);
        }
    }
}
