use super::*;

fn digest(number: u8) -> Digest {
    Digest::of(&[number; 32])
}

/// One of up to 256 logins, from one address.
fn from_here(login: u8) -> Counted {
    let mut there = [login; 32];
    there[0] = 7;
    let mut address = [0; 32];
    address[0] = 9;
    Counted {
        login_there: Digest::of(&there),
        login: digest(login),
        address: Digest::of(&address),
        neighbourhood: None,
    }
}

fn at(seconds: i64) -> Time {
    Time::UNIX_EPOCH + Duration::seconds(seconds)
}

#[test]
fn s12_a_spray_over_many_logins_at_once_gets_no_further_than_one_after_the_other() {
    let limits = FirstStepLimits::default();
    let at_once: Vec<_> = (0..200).filter_map(|login| limits.attempt(from_here(login), at(0)).ok()).collect();
    // The address's hundredth failure would be the first to delay.
    assert_eq!(at_once.len(), 100);
    assert_eq!(limits.attempt(from_here(250), at(0)).err(), Some(at(1)));
    for attempt in at_once {
        attempt.wrong(at(0));
    }
    assert_eq!(limits.attempt(from_here(250), at(0)).err(), Some(at(1)));
    // Afterwards one at a time, each wrong one with its delay.
    let next = limits.attempt(from_here(250), at(1)).ok().unwrap();
    assert!(limits.attempt(from_here(251), at(1)).is_err());
    next.wrong(at(1));
    assert_eq!(limits.attempt(from_here(251), at(1)).err(), Some(at(2)));
}

#[test]
fn s12_right_passwords_and_those_cut_off_leave_nothing() {
    let limits = FirstStepLimits::default();
    for round in 0..3 {
        let at_once: Vec<_> =
            (0..100).map(|login| limits.attempt(from_here(login), at(round)).ok().unwrap()).collect();
        for (number, attempt) in at_once.into_iter().enumerate() {
            if number % 2 == 0 { attempt.right() } else { drop(attempt) }
        }
    }
    assert!(limits.failures.lock().unwrap().is_empty());
}

#[test]
fn s12_a_right_password_forgets_the_login_s_failures_and_not_the_address_s() {
    let limits = FirstStepLimits::default();
    for second in 0..4 {
        limits.attempt(from_here(1), at(second)).ok().unwrap().wrong(at(second));
    }
    limits.attempt(from_here(1), at(4)).ok().unwrap().right();
    let left: Vec<u32> = limits.failures.lock().unwrap().values().map(|failures| failures.count).collect();
    assert_eq!(left, [4]);
    limits.attempt(from_here(1), at(5)).ok().unwrap().wrong(at(5));
    assert!(limits.attempt(from_here(1), at(5)).is_ok(), "the count began again");
}

#[test]
fn failures_are_forgotten_an_hour_after_the_last() {
    let limits = FirstStepLimits::default();
    for minute in 0..4 {
        limits.attempt(from_here(1), at(minute)).ok().unwrap().wrong(at(minute));
    }
    let later = at(3) + MEMORY;
    limits.attempt(from_here(1), later).ok().unwrap().wrong(later);
    assert!(limits.attempt(from_here(1), later).is_ok());
}

#[test]
fn what_is_remembered_is_bounded_and_what_is_being_compared_is_kept() {
    let limits = FirstStepLimits::default();
    let comparing = limits.attempt(from_here(1), at(0)).ok().unwrap();
    for number in 0..u32::try_from(REMEMBERED).unwrap() {
        let key = |kind: u8| {
            let mut bytes = [kind; 32];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            Digest::of(&bytes)
        };
        let counted = Counted { login_there: key(1), login: key(2), address: key(3), neighbourhood: None };
        let now = at(0) + Duration::milliseconds(number.into());
        limits.attempt(counted, now).ok().unwrap().wrong(now);
    }
    assert!(limits.failures.lock().unwrap().len() <= REMEMBERED + 3);
    comparing.wrong(at(60));
    assert_eq!(limits.failures.lock().unwrap()[&digest(1)].count, 1);
}

#[test]
fn s15_a_spray_over_all_the_64s_of_a_48_is_slowed_down_like_one_address() {
    let limits = FirstStepLimits::default();
    // A login and a /64 of their own each time.
    let spray = |number: u32, neighbourhood: u8| {
        let key = |kind: u8| {
            let mut bytes = [kind; 32];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            Digest::of(&bytes)
        };
        let neighbourhood = Some(digest(neighbourhood));
        Counted { login_there: key(1), login: key(2), address: key(3), neighbourhood }
    };
    for number in 0..400 {
        limits.attempt(spray(number, 1), at(0)).ok().unwrap().wrong(at(0));
    }
    assert_eq!(limits.attempt(spray(400, 1), at(0)).err(), Some(at(1)));
    assert!(
        limits.attempt(spray(401, 2), at(0)).is_ok(),
        "others wait for a neighbourhood that isn't theirs"
    );
}

#[test]
fn s15_a_broken_limiter_refuses() {
    let limits = FirstStepLimits::default();
    assert!(limits.attempt(from_here(1), at(0)).is_ok());
    let broken = std::thread::scope(|scope| {
        let breaking = || {
            let _failures = limits.failures.lock();
            panic!("in the middle of counting");
        };
        scope.spawn(breaking).join()
    });
    assert!(broken.is_err());
    assert_eq!(limits.attempt(from_here(1), at(0)).err(), Some(at(1)));
}
