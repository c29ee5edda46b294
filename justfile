# Short names for what is done often. `just` lists them; every recipe is one command that also works without just.

default:
    @just --list

# Build, and read a sample.
setup:
    sh scripts/setup

# All tests, as CI runs them.
test:
    sh scripts/test

# What CI runs.
ci:
    sh .ci/run

# Score against gold: just eval events ../shared/gold/events_docs.jsonl
eval TASK *GOLD:
    cargo run --release --quiet --bin chancery -- eval {{TASK}} {{GOLD}} -v

# Measure all gold anew and write eval/baseline.json (floors are lowered only with: just baseline --lower).
baseline *ARGS:
    cargo run --release --quiet --example baseline -- {{ARGS}}

# Words and reports a second, start-up and peak memory: just bench [FOLDER]
bench *ARGS:
    cargo bench --quiet --bench whole -- {{ARGS}}

# What each stage takes of reading: just bench-stages [FILE] [REPORTS]
bench-stages *ARGS:
    cargo bench --quiet -p chancery-cli --bench stages -- {{ARGS}}

# How long matching names takes, and whether it grows with their number: just bench-names [FILE]
bench-names *ARGS:
    cargo bench --quiet -p chancery-cli --bench names -- {{ARGS}}

# Tokens a second of tokeniser, tagger and parser, beside other parsers (benches/peers.sh installs them): just bench-syntax [FILE]
bench-syntax *ARGS:
    cargo bench --quiet -p chancery --bench syntax -- {{ARGS}}

# Rewrite golden records, schema and licence table after a change that is meant.
update:
    UPDATE_GOLDEN=1 cargo test --quiet -p chancery-cli --test cli

# Licences, advisories and sources of the dependencies.
deny:
    cargo deny --version || cargo install --locked cargo-deny
    cargo deny check

# A ledger filled and asked (benches/RESULTS.md keeps figures): just bench-ledger [FILE]
bench-ledger *ARGS:
    cargo bench --quiet -p chancery-cli --bench ledger -- {{ARGS}}

# What takes long: ten minutes of fuzzing a target, two hundred kills, a made-up ledger of ten million events (some 20 GB of disk while it lasts).
soak EVENTS="10000000":
    SECONDS_EACH=600 sh scripts/fuzz
    CHANCERY_KILLS=200 cargo test -p chancery-cli --test cli killed
    cargo bench --quiet -p chancery-cli --bench ledger -- --synthetic {{EVENTS}} target
