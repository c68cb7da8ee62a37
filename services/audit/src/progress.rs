//! How far long work has got, for whoever watches a terminal.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error; nothing where that is no terminal, or where what is shown goes to the same one.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Of `length` events, where that is known; `shown`: whether the events themselves go to standard output.
    pub(crate) fn of(length: Option<u64>, shown: bool) -> Self {
        if !io::stderr().is_terminal() || (shown && io::stdout().is_terminal()) {
            return Self(ProgressBar::hidden());
        }
        let (bar, style) = match length {
            Some(length) => {
                (ProgressBar::new(length), "{bar:40} {human_pos} of {human_len} events, {eta} left")
            }
            None => (ProgressBar::new_spinner(), "{spinner} {human_pos} events"),
        };
        bar.enable_steady_tick(Duration::from_millis(200));
        match ProgressStyle::with_template(style) {
            Ok(style) => Self(bar.with_style(style)),
            Err(_) => Self(bar),
        }
    }

    /// So many events are read.
    pub(crate) fn read(&self, events: u64) {
        self.0.set_position(events);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
