"""Does what a file says for people and databases come through? Judged by libSBML, not by our own reader.

    python3 -m venv peers && peers/bin/pip install python-libsbml
    SBML_KEEP=/tmp/kept cargo test -p testsuite --test sbml_round_trip
    peers/bin/python benches/peers/remarks.py /tmp/kept ../shared/testdata/biomodels

Compares metaid, SBO term, name, links of the annotation and words of the notes of every element that has an id, of rules,
kinetic laws and those that take part in reactions, between the models of BioModels and what we wrote for them.
Exit status 1 when one is lost or another. A name that only repeats the id is not written.
"""

import argparse
import collections
import pathlib
import re
import sys

import libsbml


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kept", type=pathlib.Path)
    parser.add_argument("models", type=pathlib.Path)
    arguments = parser.parse_args()
    counts = collections.Counter()
    for folder in ("l3v1", "l3v2"):
        paths = sorted((arguments.kept / folder).glob("BIOMD*.xml"))
        if not paths:
            sys.exit(f"no models in {arguments.kept / folder}")
        for path in paths:
            before, after = facts(arguments.models / path.name), facts(path)
            for key, said in before.items():
                counts.update(elements=1, links=len(said[3]), terms=bool(said[1]), words=len(said[4]))
                if said != after.get(key):
                    counts.update(different=1)
                    print(f"{folder}/{path.name}: {key}: {said} became {after.get(key)}")
    print(dict(counts))
    sys.exit(counts["different"] > 0)


def facts(path):
    """What is said about each element: metaid, term, name, links, words."""
    model = libsbml.readSBMLFromFile(str(path)).getModel()
    elements = {"model": model}
    for get in ("Compartments", "Species", "Parameters", "Reactions", "Events", "FunctionDefinitions", "UnitDefinitions"):
        elements.update((f"{get} {it.getId()}", it) for it in getattr(model, f"getListOf{get}")() if it.isSetId())
    for i, rule in enumerate(model.getListOfRules()):
        elements[f"rule {i}"] = rule
    for reaction in model.getListOfReactions():
        if reaction.isSetKineticLaw():
            elements[f"law {reaction.getId()}"] = reaction.getKineticLaw()
        taking_part = [*reaction.getListOfReactants(), *reaction.getListOfProducts()]
        elements.update((f"{reaction.getId()} {i}", it) for i, it in enumerate(taking_part))
    return {key: said_about(it) for key, it in elements.items()}


def said_about(element):
    terms = [element.getCVTerm(i) for i in range(element.getNumCVTerms())]
    links = sorted(term.getResourceURI(i) for term in terms for i in range(term.getNumResources()))
    notes = element.getNotesString() if element.isSetNotes() else ""
    words = re.sub(r"<[^>]*>|\s+", " ", notes).split()
    name = "" if element.getName() == element.getId() else element.getName()
    return element.getMetaId(), element.getSBOTermID(), name, links, words


if __name__ == "__main__":
    main()
