#!/bin/sh
# Opens every page of the desk over a ledger in Chromium: keyboard, dark, phone, console, accessibility. What is found is printed; pictures go to a folder.
#   tools/desk/run.sh LEDGER [PICTURES]
# Needs node, npm and Chromium (Debian: apt-get install chromium; or CHROMIUM=/path); without them it says so and ends well.
set -eu
here=$(dirname "$0")
ledger=${1:?name a ledger}
pictures=${2:-$(mktemp -d)}
chromium=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
if [ -z "$chromium" ] || ! command -v node >/dev/null; then
    echo "skipped: no Chromium or no node"
    exit 0
fi
binary=${CHANCERY:-$here/../../target/debug/chancery}
work=$(mktemp -d)
"$binary" serve --ledger "$ledger" --port 0 2>"$work/said" &
desk=$!
trap 'kill "$desk" 2>/dev/null; rm -rf "$work"' EXIT
cp "$here/package.json" "$here/check.mjs" "$work/"
(cd "$work" && npm install --silent --no-audit --no-fund)
address=
for _ in 1 2 3 4 5 6 7 8 9 10; do
    address=$(sed -n 's/.*open at \(http[^ ]*\).*/\1/p' "$work/said")
    [ -n "$address" ] && break
    sleep 1
done
[ -n "$address" ] || { cat "$work/said"; exit 1; }
mkdir -p "$pictures"
(cd "$work" && CHROMIUM="$chromium" node check.mjs "${address%/}" "$(cd "$OLDPWD" && cd "$pictures" && pwd)")
echo "pictures: $pictures"
