//! Tables for people.

use std::fmt::Write as _;

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, Width};
use serde_json::Value;
use twostep_api::{AuditEvent, AuditState};

/// The columns of a history and how wide they are, a space on each side included; one more has what is left.
const COLUMNS: [(&str, u16); 5] = [("number", 9), ("time", 22), ("event", 31), ("about", 23), ("by", 23)];

/// The widest that a line gets where the terminal's width isn't known.
const WIDE: u16 = 240;

/// The least that is left for what an event says.
const LEAST: u16 = 24;

/// The lines of a page of a history, with the columns' names above the first page. Pages are laid out one by one: the columns'
/// widths don't depend on what is in them.
pub(crate) fn events(events: &[AuditEvent], first: bool) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    let width = table.width().unwrap_or(WIDE);
    let taken: u16 = COLUMNS.iter().map(|(_, width)| width).sum();
    table.set_width(width.max(taken + LEAST));
    if first {
        let names = COLUMNS.iter().map(|(name, _)| (*name).to_owned()).chain(["what".to_owned()]);
        table.set_header(names);
    }
    for event in events {
        let mut row = Row::from([
            event.number.to_string(),
            event.recorded_at.format("%Y-%m-%d %H:%M:%SZ").to_string(),
            event.event_type.clone(),
            format!("{} {}", event.kind, short(&event.key)),
            short(&by(&event.actor)),
            said(&event.data),
        ]);
        row.max_height(1);
        table.add_row(row);
    }
    let widths = COLUMNS.iter().map(|(_, width)| *width).chain([table.width().unwrap_or(WIDE) - taken]);
    let widths = widths.map(|width| ColumnConstraint::Absolute(Width::Fixed(width)));
    table.set_constraints(widths);
    format!("{}\n", table.trim_fmt())
}

/// The end of an id, whose beginning is but the time that it was made at; other words as they are.
fn short(text: &str) -> String {
    let (before, id) = text.rsplit_once(' ').map_or(("", text), |(before, id)| (before, id));
    let end = id.len().checked_sub(8).filter(|_| id.len() >= 36).and_then(|start| id.get(start..));
    match end {
        Some(end) if before.is_empty() => format!("…{end}"),
        Some(end) => format!("{before} …{end}"),
        None => text.to_owned(),
    }
}

/// Who did it.
pub(crate) fn by(actor: &Value) -> String {
    let text = |name: &str| actor[name].as_str().unwrap_or_default();
    match text("is") {
        "member" => format!("member {}", text("id")),
        "system" => format!("system {}", text("part")),
        other => other.to_owned(),
    }
}

/// What an event says, in a line.
fn said(data: &Value) -> String {
    let mut said = String::new();
    for (name, value) in leaves(data) {
        let _ = write!(said, "{name}={value} ");
    }
    said
}

/// A state, a line for each of its values.
pub(crate) fn state(state: &AuditState) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    let kind = format!("{:?}", state.kind).to_lowercase();
    table.add_row([kind, state.id.to_string()]);
    table.add_row(["at".to_owned(), state.at.format("%Y-%m-%d %H:%M:%SZ").to_string()]);
    table.add_row(["revision".to_owned(), state.revision.to_string()]);
    for (name, value) in leaves(&state.state) {
        table.add_row([name, value]);
    }
    format!("{}\n", table.trim_fmt())
}

/// Every value in `value` that holds no other, with its way there.
fn leaves(value: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found
}

fn collect(value: &Value, name: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (field, inner) in fields {
                let way = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                collect(inner, &way, found);
            }
        }
        Value::String(text) => found.push((name.to_owned(), text.clone())),
        other => found.push((name.to_owned(), other.to_string())),
    }
}
