"""Fills fuzz/corpus with seeds from the open test data and the biology.

    python3 fuzz/seed.py [TESTDATA]      default: $ENTHESIS_TESTDATA, else ../shared/testdata
"""

import hashlib
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ENTHESIS_TESTDATA", ROOT / "../shared/testdata"))
# Large files make a fuzzer slow, and hold nothing that small ones do not.
LARGEST = 20_000


def keep(target, text):
    if not 0 < len(text.encode()) <= LARGEST:
        return
    folder = ROOT / "fuzz/corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(text.encode()).hexdigest()).write_text(text)


def main():
    for path in sorted(DATA.rglob("*.xml")):
        text = path.read_text(errors="replace")
        keep("sbml", text)
        for content in re.findall(r"<math[^>]*>(.*?)</math>", text, re.DOTALL):
            keep("mathml", re.sub(r"\s+", " ", content).strip())
    files = sorted((ROOT / "biology").rglob("*.toml")) + sorted((ROOT / "testsuite/models").rglob("*.toml"))
    for path in files:
        text = path.read_text()
        if path.name.endswith(".evidence.toml"):
            keep("evidence", text)
            # Single records, so that there is something small as well.
            for record in re.split(r"\n(?=\[\[?\w)", text):
                keep("evidence", record)
            continue
        keep("scenario" if path.parent.name == "scenarios" else "module", text)
        for record in re.split(r"\n(?=\[\[?\w)", text):
            keep("module", record)
        for quoted in re.findall(r'"([^"\n]+)"', text):
            for target in ["formula", "level_1_formula", "unit"]:
                keep(target, quoted)
            if "->" in quoted or "=>" in quoted:
                keep("equation", quoted)
    keep("equation", "2 a + b -> c")
    for path in sorted((ROOT / "biology").rglob("*.bib")):
        for entry in re.split(r"\n(?=@)", path.read_text()):
            keep("references", entry)


main()
