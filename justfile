# The manual of this repository: `./just` lists what can be done.

target := env("CARGO_TARGET_DIR", "target")
tests := if shell("command -v cargo-nextest || true") == "" { "cargo test --workspace --locked" } else { "cargo nextest run --workspace --locked" }

# List the recipes
default:
    @{{ just_executable() }} --justfile "{{ justfile() }}" --list --unsorted

# Build and start the demo: everything in one process, on this machine only (`--reset`, `--data DIR`, `--port N`)
demo *ARGS:
    #!/usr/bin/env bash
    # -m: Ctrl-C goes to the demo alone, which stops as asked; `just` would call it an error.
    set -meuo pipefail
    cargo build --locked -p twostep-standalone
    "{{ target }}/debug/twostep-standalone" demo {{ ARGS }} &
    demo=$!
    # However this shell ends, the demo ends with it: whoever reads from it sees it go.
    exec 3> >(trap "" INT TERM HUP; cat >/dev/null; kill -TERM "$demo" 2>/dev/null)
    # In front of a terminal Ctrl-C goes there; elsewhere (`timeout -s INT`) it comes to this shell, which hands it on.
    trap 'kill -INT "$demo"' INT
    read -r _ _ _ _ group _ _ front _ <"/proc/$$/stat"
    if [ "$group" = "$front" ]; then fg %1 >/dev/null; else wait "$demo" || wait "$demo"; fi

# The demo as separate processes: nats-server, command service, workers, pages, inbox; one log of all (`--email-workers N`, `--sms-workers M`)
cluster *ARGS: nats-server
    #!/usr/bin/env bash
    # -m: Ctrl-C goes to the cluster alone, which stops all as asked; `just` would call it an error.
    set -meuo pipefail
    cargo build --workspace --bins --locked
    "{{ target }}/debug/cluster" {{ ARGS }} &
    cluster=$!
    # However this shell ends, the cluster ends with it: whoever reads from it sees it go.
    exec 3> >(trap "" INT TERM HUP; cat >/dev/null; kill -TERM "$cluster" 2>/dev/null)
    # In front of a terminal Ctrl-C goes there; elsewhere (`timeout -s INT`) it comes to this shell, which hands it on.
    trap 'kill -INT "$cluster"' INT
    read -r _ _ _ _ group _ _ front _ <"/proc/$$/stat"
    if [ "$group" = "$front" ]; then fg %1 >/dev/null; else wait "$cluster" || wait "$cluster"; fi

# Everything that must be green: format, lints, all tests
test: nats-server \
    (phase "format" "cargo fmt --all --check") \
    (phase "lints" "cargo clippy --workspace --all-targets --locked -- -D warnings") \
    (phase "build" "cargo build --workspace --lib --bins --tests --locked") \
    (phase "tests" tests) \
    (phase "documentation's examples" "cargo test --doc --workspace --locked")

# Play the whole product through HTTP and SMTP against child processes; TOPOLOGY is `standalone` or `cluster`
scenario TOPOLOGY: nats-server
    cargo build --workspace --bins --locked
    "{{ target }}/debug/scenario" "{{ TOPOLOGY }}"

# Let faults strike a cluster for long: dying workers, a broker that dies, loses everything, stays away; prints a table
faults: nats-server
    cargo build --workspace --bins --locked
    "{{ target }}/debug/faults"

# Measure the product beside its limits and peers, optimised; a table, and target/bench/summary.json (`--only ROWS`, `--help`)
bench *ARGS: nats-server
    cargo build --release --workspace --bins --locked
    "{{ target }}/release/bench" {{ ARGS }}

# Does everything compile? The quickest answer
check:
    cargo check --workspace --all-targets --locked

# Format all code
fmt:
    cargo fmt --all

# Lints alone, as `test` runs them
lint:
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Write schemas/ anew: events and messages from their types, openapi.json from the routes
schemas:
    cargo run --locked -p twostep-tests --bin schemas -- --write
    TWOSTEP_WRITE_SCHEMAS=1 cargo test --locked -p twostep-service --lib checked_in_document

# Install the nats-server that tests start, where none on PATH is 2.12 or newer
[private]
nats-server:
    #!/usr/bin/env bash
    set -euo pipefail
    new_enough() { [[ "$("$1" --version 2>/dev/null)" =~ v2\.([0-9]+) ]] && (( BASH_REMATCH[1] >= 12 )); }
    new_enough nats-server || new_enough .tools/nats-server/bin/nats-server || deploy/tools/install nats-server

# Run one step and say how long it took
[private]
phase NAME COMMAND:
    #!/usr/bin/env bash
    set -euo pipefail
    echo "── {{ NAME }}: {{ COMMAND }}"
    {{ COMMAND }}
    echo "── {{ NAME }}: done in $SECONDS s"
