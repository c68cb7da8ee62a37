//! A new password, typed twice.

use twostep_api::FieldError;

use crate::{fields::Fields, notice::Notice};

/// The password of the fields `password` and `repeated`.
///
/// What it must be like is the API's to say; that both are the same, only this page can know.
pub(crate) fn typed(fields: &Fields) -> Result<&str, Box<Notice>> {
    let password = fields.text("password");
    if password == fields.text("repeated") {
        return Ok(password);
    }
    let mut notice = Notice::bad("The two passwords differ", "Type the same password into both fields.");
    let message = "This isn't the password above.".to_owned();
    notice.fields.push(FieldError { field: "repeated".to_owned(), message });
    Err(Box::new(notice))
}
