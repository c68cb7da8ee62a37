//! What the demo says once it runs.

use std::net::SocketAddr;
use std::path::Path;

use twostep_demo_company::{Credentials, path, say};

use crate::compose::Running;

/// Prints addresses, credentials and what to try first.
pub(super) fn show(running: &Running, inbox: SocketAddr, credentials: &Credentials, data: &Path, key: &Path) {
    let mut text = format!(
        "\nTwostep runs. Everything is on this machine; Ctrl-C stops it, the data stay.\n\n\
         \x20 Web pages   http://{}/\n\
         \x20 Inbox       http://{inbox}/        every mail and text arrives here\n\
         \x20 API         http://{}/api/v1/openapi.json\n\
         \x20 Admin port  http://{}/readyz\n\
         \x20 Data        {}\n\
         \x20 Master key  {}\n\n",
        running.web,
        running.web,
        running.admin,
        data.display(),
        key.display()
    );
    text += &credentials.table();
    text += &format!(
        "\n  The passwords are those first set; one that was changed in the pages is only known to whoever changed it.\n\
         \x20 (kept in {})\n\n\
         Try this first\n\
         \x20 1. Sign in as tech.europe@demo.example: the policy asks every technician to set up two-step verification.\n\
         \x20    Pair an authenticator app (or type its secret into any TOTP program), then an e-mail address as backup:\n\
         \x20    its link and code are in the inbox. Press Activate, sign out, sign in again.\n\
         \x20 2. Sign in as holder@demo.example: Global Settings -> Two-step verification changes who must verify.\n\
         \x20 3. Sign in as admin@demo.example: the organisation shows the groups this Admin manages.\n\n",
        path(data).display()
    );
    say(&text);
}
