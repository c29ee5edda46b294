#!/usr/bin/env python3
"""A web archive of thousands of pages with broken records among them: read in one stream, and again killed at any point.

    python3 tools/warc/check.py CHANCERY FOLDER [PAGES] [KILLS]

CHANCERY is the program; FOLDER holds pages (.html or .html.gz) that the archive is made of, each under many addresses. Checks that the
whole archive is read with bounded memory and its broken records are told, and that a run that is killed (SIGKILL) again and again and
then finished leaves the same ledger: nothing lost, nothing doubled. Prints what it found; exit status 1 where something is wrong.
"""

import gzip
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

BROKEN_EVERY = 97


def record(url: str, page: bytes) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(answer)}\r\n\r\n"
    return head.encode() + answer + b"\r\n\r\n"


def broken(n: int, page: bytes) -> bytes:
    """A record that cannot be read, of four kinds."""
    whole = record(f"https://broken.example/{n}", page)
    return [
        whole.replace(b"Content-Length:", b"Content-Width:", 1),
        whole.replace(b"Content-Length: ", b"Content-Length: x", 1),
        whole.replace(b"WARC-Type: response\r\n", b"", 1),
        b"neither a record nor nothing\r\n" * 20,
    ][n % 4]


def build(pages: list[bytes], count: int, path: pathlib.Path) -> int:
    """Writes the archive, one gzip member a record as crawlers do; returns the number of broken ones."""
    lost = 0
    with path.open("wb") as out:
        for n in range(count):
            # Each with words and an address of its own: pages that say whose copy they are would be one report.
            page = re.sub(rb'(?i)rel=["\']?canonical|og:url', b"x", pages[n % len(pages)])
            words = b"<p>This is page number %d of the archive.</p>" % n
            # At the end, too: some pages have their first <body> inside a comment.
            page = re.sub(rb"(?i)(<body[^>]*>)", lambda m: m.group(0) + words, page, count=1) + words
            out.write(gzip.compress(record(f"https://news.example/{n}", page), 1))
            if n % BROKEN_EVERY == 0:
                out.write(gzip.compress(broken(n // BROKEN_EVERY, page), 1))
                lost += 1
    return lost


def ids(chancery: str, ledger: pathlib.Path) -> list[str]:
    query = (
        "WITH e AS MATERIALIZED (SELECT report, count(*) AS n FROM events GROUP BY report) "
        "SELECT r.id || ' ' || r.events || ' ' || coalesce(e.n, 0) AS line FROM reports r LEFT JOIN e ON e.report = r.id ORDER BY 1"
    )
    out = subprocess.run([chancery, "sql", query, "--ledger", ledger, "--format", "csv"], capture_output=True, text=True, check=True)
    return out.stdout.splitlines()


def main() -> int:
    chancery, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 5000
    kills = int(sys.argv[4]) if len(sys.argv) > 4 else 8
    files = sorted(p for p in folder.iterdir() if p.name.endswith((".html", ".html.gz")))
    pages = [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files]
    wrong = []
    with tempfile.TemporaryDirectory() as temp:
        temp = pathlib.Path(temp)
        archive = temp / "pages.warc.gz"
        lost = build(pages, count, archive)
        print(f"{count} pages and {lost} broken records, {archive.stat().st_size >> 20} MiB")

        started = time.monotonic()
        whole = subprocess.run([chancery, "add", archive, "--ledger", temp / "whole.db"], capture_output=True, text=True)
        seconds = time.monotonic() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        told = whole.stderr.count("E0206")
        expected = ids(chancery, temp / "whole.db")
        print(f"in one go: {len(expected) - 1} reports in {seconds:.0f} s, {told} broken told, peak memory {peak:.0f} MiB")
        if len(expected) - 1 != count or whole.returncode != 1 or told < lost or peak > 500:
            wrong.append(f"in one go: status {whole.returncode}: {whole.stderr[-400:]}")

        dice = random.Random(5000)
        for n in range(kills):
            child = subprocess.Popen([chancery, "add", archive, "--ledger", temp / "killed.db"], stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.2, max(0.4, seconds / kills)))
            child.send_signal(signal.SIGKILL)
            child.wait()
        last = subprocess.run([chancery, "add", archive, "--ledger", temp / "killed.db"], capture_output=True, text=True)
        found = ids(chancery, temp / "killed.db")
        print(f"killed {kills} times: {len(found) - 1} reports; {last.stderr.splitlines()[-1]}")
        check = subprocess.run([chancery, "check", "--ledger", temp / "killed.db"], capture_output=True, text=True)
        if found != expected or check.returncode != 0:
            wrong.append("the killed ledger differs: " + " ".join(sorted(set(found) ^ set(expected))[:5]) + check.stdout[:200])
    for line in wrong:
        print("wrong:", line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
