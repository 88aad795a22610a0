"""Are submodels flattened as libSBML flattens them? Judged by what the flat models hold, under which names.

    python3 -m venv peers && peers/bin/pip install python-libsbml
    cargo build --release -p enthesis-cli
    peers/bin/python benches/peers/flattening.py target/release/enthesis ../shared/testdata/sbml-test-suite/semantic

Local parameters stay in their kinetic laws in libSBML and become parameters of the model in ours. Where nested submodels
convert time or extent, libSBML makes a parameter of each product of factors; ours stand in the formulas.
"""

import argparse
import collections
import pathlib
import subprocess

import libsbml


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("cases", type=pathlib.Path)
    arguments = parser.parse_args()
    counts = collections.Counter()
    for case in sorted(arguments.cases.iterdir()):
        models = sorted(case.glob(f"{case.name}-sbml-*.xml"))
        if not models or "comp/version1" not in models[-1].read_text():
            continue
        theirs, ours = flat_by_libsbml(models[-1]), flat_by_us(arguments.program, models[-1])
        if theirs is None or ours is None:
            counts["read by " + ("neither" if theirs is ours else "one only")] += 1
            continue
        different = sorted(key for key in theirs if theirs[key] != ours[key])
        counts["different" if different else "same"] += 1
        for key in different:
            print(f"{case.name}: {key}: theirs {theirs[key]}, ours {ours[key]}")
    print(dict(counts))


def flat_by_libsbml(path):
    document = libsbml.readSBMLFromFile(str(path))
    properties = libsbml.ConversionProperties()
    properties.addOption("flatten comp", True)
    properties.addOption("performValidation", False)
    properties.addOption("basePath", str(path.parent))
    done = document.convert(properties) == libsbml.LIBSBML_OPERATION_SUCCESS
    return holdings(document.getModel()) if done else None


def flat_by_us(program, path):
    ran = subprocess.run([program, "convert", str(path), "--to", "flat", "--quiet"], capture_output=True, text=True)
    return None if ran.returncode else holdings(libsbml.readSBMLFromString(ran.stdout).getModel())


def holdings(model):
    """Ids of each kind; of local parameters only their number, because they are called differently."""
    laws = [it.getKineticLaw() for it in model.getListOfReactions() if it.isSetKineticLaw()]
    return {
        "compartments": sorted(it.getId() for it in model.getListOfCompartments()),
        "species": sorted(it.getId() for it in model.getListOfSpecies()),
        "parameters": model.getNumParameters() + sum(law.getNumLocalParameters() for law in laws),
        "reactions": sorted(it.getId() for it in model.getListOfReactions()),
        "rules": sorted(it.getVariable() for it in model.getListOfRules()),
        "initial assignments": sorted(it.getSymbol() for it in model.getListOfInitialAssignments()),
        "events": model.getNumEvents(),
    }


if __name__ == "__main__":
    main()
