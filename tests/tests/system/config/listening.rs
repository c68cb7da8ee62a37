//! Where it is to listen, as far as that shows before a start.

use super::{GOOD, Place, refused};

/// The range and the place, in the words of whoever sets it.
#[test]
fn a_number_that_is_no_port_is_told_with_its_range_and_its_place() {
    let listen = format!("{GOOD}[http]\nlisten = '127.0.0.1:99999'\n");
    for (wrong, setting, range) in [
        (GOOD.replace("587", "99999"), "email.relays.main.port", "a number of 0 to 65535"),
        (listen, "http.listen", "an IP address and a port of 0 to 65535"),
    ] {
        let place = Place::new(&wrong);
        let output = place.config("check", &[]);
        let file = place.0.path().join("settings.toml");
        for words in [setting, range, &file.display().to_string()] {
            refused(&output, words);
        }
    }
}

#[test]
fn a_port_in_use_is_warned_of() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let place = Place::new(&format!("{GOOD}[http]\nlisten = '{address}'\n[admin]\nlisten = '127.0.0.1:0'\n"));
    let output = place.config("check", &[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // It may be this installation's own, running: no reason to say that the settings don't fit.
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains(&format!("warning: http.listen: {address} is in use")), "{said}");
    assert!(!said.contains("admin.listen"), "{said}");
}

#[test]
fn an_address_that_this_machine_has_not_is_in_the_way() {
    // TEST-NET-1 (RFC 5737): nobody's.
    let place =
        Place::new(&format!("{GOOD}[http]\nlisten = '192.0.2.1:8443'\n[admin]\nlisten = '127.0.0.1:0'\n"));
    refused(
        &place.config("check", &[]),
        "http.listen: no interface of this machine has the address 192.0.2.1",
    );
}
