"""Lets libSBML's validator judge every file that we write.

    python3 -m venv peers && peers/bin/pip install python-libsbml
    SBML_KEEP=/tmp/kept cargo test -p testsuite --test sbml_round_trip
    peers/bin/python benches/peers/validity.py /tmp/kept

The round trip keeps each open model in four ways: Level 3 Versions 2 and 1, with functions and with functions put in
place. All checks are on. Errors count; warnings (units, modeling practice) are listed by their number only, because they
say what the model says. Before that the validator is shown a wrong file, to see that it finds anything at all.

Prints the counts for each folder. Exit status 1 when there is an error.
"""

import argparse
import collections
import pathlib
import sys

import libsbml

WRONG = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="m"><listOfRules>
  <rateRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>y</ci></math></rateRule>
</listOfRules></model></sbml>"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    root = parser.parse_args().folder
    if not errors_of(libsbml.readSBMLFromString(WRONG))[0]:
        sys.exit("the validator finds nothing wrong with a wrong file")
    folders = sorted({path.parent for path in root.rglob("*.xml")})
    if not folders:
        sys.exit(f"no .xml file in {root}")
    # A list, because all folders must be judged before one of them decides.
    if not all([judge(folder) for folder in folders]):
        sys.exit(1)


def judge(folder):
    """True when no file of a folder has an error."""
    warnings, wrong = collections.Counter(), 0
    paths = sorted(folder.glob("*.xml"))
    for path in paths:
        errors, others = errors_of(libsbml.readSBMLFromFile(str(path)))
        warnings.update(others)
        wrong += bool(errors)
        for error in errors:
            print(f"{path.name}: {error}")
    print(f"{folder.name}: {len(paths)} files, {wrong} with errors; warnings: {dict(warnings.most_common())}")
    return wrong == 0


def errors_of(document):
    """The texts of the errors, and the numbers of the warnings."""
    document.checkConsistency()
    findings = [document.getError(i) for i in range(document.getNumErrors())]
    is_error = lambda it: it.getSeverity() >= libsbml.LIBSBML_SEV_ERROR
    texts = [f"line {it.getLine()}: {it.getErrorId()} {it.getMessage().strip()}" for it in findings if is_error(it)]
    return texts, [it.getErrorId() for it in findings if not is_error(it)]


if __name__ == "__main__":
    main()
