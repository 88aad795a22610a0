"""Compares `enthesis simulate` with libRoadRunner or COPASI on a folder of SBML models.

Both solve every model from 0 to 100 (in its own unit of time; --end changes it) with 100 intervals and a relative
tolerance of 1e-8, and everything that may change is compared: species, as concentrations or as amounts where the model
says so, and compartments and parameters that are not constant. Two answers agree when they differ by no more than 1e-3
of the largest value that the variable has in the peer's answer.

    python3 -m venv peers && peers/bin/pip install libroadrunner python-copasi numpy
    cargo build --release
    peers/bin/python benches/peers/agreement.py --enthesis target/release/enthesis --models FOLDER --peer RoadRunner
    peers/bin/python benches/peers/agreement.py --enthesis target/release/enthesis --models FOLDER --peer COPASI

Over longer times some more differ, because the peer meets an event that triggers at a single moment (`time == 199`), or
during a short one, only when an output falls on it, and because a few models magnify the smallest differences.

Prints one line per model and the counts. Exit status 1 when two answers differ for a reason not known below.
"""

import argparse
import collections
import csv
import io
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import numpy

INTERVALS = 100
RELATIVE_TOLERANCE = 1e-8
AGREEMENT = 1e-3
# Of the largest value in the whole model: what is smaller in both answers is rounding, not chemistry.
NOTHING = 1e-12
UNSUPPORTED = 77

# Models of BioModels on which we and a peer are known to differ, and why.
EXPLAINED = {
    "RoadRunner": {
        "BIOMD0000000279": "y1 = x1 - x1_bar is 1e-8 of x1; both come to the same at tolerances of 1e-12",
        "BIOMD0000000994": "an event at `time == 1e-6`, which the peer never meets; with `>=` both agree",
        "BIOMD0000000996": "an event at `time == 1e-6`, which the peer never meets; with `>=` both agree",
    },
    "COPASI": {
        "BIOMD0000000279": "y1 = x1 - x1_bar is 1e-8 of x1; both come to the same at tolerances of 1e-12",
        "BIOMD0000000695": "doses begin at t = 42, 49, 56, ..., which are output times; the peer writes the value before the event",
    },
}


def main():
    arguments = parse_arguments()
    counts = collections.Counter()
    for model in sorted(arguments.models.glob("*.xml")):
        if arguments.only and model.stem not in arguments.only:
            continue
        verdict, detail = judge(model, arguments)
        counts[verdict] += 1
        print(f"{model.stem}  {verdict:<17} {detail}", flush=True)
    print("\n" + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
    return 1 if counts["differ"] else 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--enthesis", required=True, help="the program")
    parser.add_argument("--models", required=True, type=pathlib.Path, help="a folder of SBML files")
    parser.add_argument("--peer", choices=sorted(PEERS), default="RoadRunner", help="the program to compare with")
    parser.add_argument("--end", type=float, default=100, help="last time")
    parser.add_argument("--only", nargs="*", help="names of files, without .xml")
    parser.add_argument("--time-limit", type=float, default=120, help="seconds for one run of one program")
    parser.add_argument("--keep", type=pathlib.Path, help="folder where the peer's answers are kept and looked up")
    parser.add_argument("--verbose", action="store_true", help="list every variable that differs")
    return parser.parse_args()


def judge(model, arguments):
    """The verdict on one model, and what there is to say about it."""
    ours = run_enthesis(model, arguments)
    theirs = run_peer(model, arguments)
    if "error" in ours and "error" in theirs:
        return "both stop", f"ours: {ours['error']} | peer: {theirs['error']}"
    if "error" in ours:
        return ours["verdict"], ours["error"]
    if "error" in theirs:
        return "peer failed", theirs["error"]
    common = [name for name in ours["table"] if name in theirs["table"]]
    moving = sum(numpy.ptp(theirs["table"][name]) > 0 for name in common)
    differences = compare({name: (ours["table"][name], theirs["table"][name]) for name in common}, arguments.end)
    explained = EXPLAINED[arguments.peer].get(model.stem)
    if differences and explained:
        return "differ, explained", explained
    if not differences:
        return "agree", f"{len(common)} variables, {moving} of them change"
    differences.sort(reverse=True)
    shown = differences if arguments.verbose else differences[:3]
    listed = "; ".join(
        f"{name} by {part:.1e} at {time:g} ({mine:.6g}, peer {other:.6g})" for part, name, time, mine, other in shown
    )
    return "differ", f"{len(differences)} of {len(common)} variables: {listed}"


def compare(columns, end):
    """Variables that differ: the difference as part of the largest value, the name, and where it first is too large."""
    differences = []
    finite = {name: other[numpy.isfinite(other)] for name, (_, other) in columns.items()}
    sizes = {name: numpy.abs(values).max(initial=0.0) for name, values in finite.items()}
    largest_of_all = max(sizes.values(), default=0.0)
    for name, (mine, other) in columns.items():
        largest = max(sizes[name], NOTHING * largest_of_all) or 1.0
        same = (mine == other) | (numpy.isnan(mine) & numpy.isnan(other))
        parts = numpy.abs(numpy.where(same, 0.0, mine) - numpy.where(same, 0.0, other)) / largest
        if not parts.max() <= AGREEMENT:
            first = int(numpy.argmax(~(parts <= AGREEMENT)))
            differences.append((float(parts.max()), name, first * end / INTERVALS, mine[first], other[first]))
    return differences


def run_enthesis(model, arguments):
    command = [arguments.enthesis, "simulate", str(model), "--start", "0", "--end", str(arguments.end)]
    command += ["--steps", str(INTERVALS), "--rtol", str(RELATIVE_TOLERANCE), "--quiet"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=arguments.time_limit)
    except subprocess.TimeoutExpired:
        return {"verdict": "ours failed", "error": f"took more than {arguments.time_limit:g} s"}
    if done.returncode != 0:
        verdict = "ours unsupported" if done.returncode == UNSUPPORTED else "ours failed"
        return {"verdict": verdict, "error": " ".join(done.stderr.split())}
    rows = list(csv.reader(io.StringIO(done.stdout)))
    values = numpy.array([[float(cell) for cell in row] for row in rows[1:]])
    return {"table": {name: values[:, i] for i, name in enumerate(rows[0]) if i > 0}}


def run_peer(model, arguments):
    """The peer runs in a process of its own: it may crash."""
    kept = arguments.keep / arguments.peer / f"{model.stem}.json" if arguments.keep else None
    if kept and kept.exists():
        answer = json.loads(kept.read_text())
    else:
        try:
            command = [sys.executable, __file__, "answer", arguments.peer, str(model), str(arguments.end)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=arguments.time_limit)
            answer = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"error": "crashed"}
        except subprocess.TimeoutExpired:
            answer = {"error": f"took more than {arguments.time_limit:g} s"}
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(answer))
    if "table" in answer:
        answer["table"] = {name: numpy.array(column, dtype=float) for name, column in answer["table"].items()}
    return answer


def answer(peer, model, end):
    """Solves one model with a peer and prints the answer as JSON on the last line."""
    try:
        found = {"table": PEERS[peer](model, end)}
    except Exception as error:  # Whatever it is, it is the peer's answer.
        found = {"error": " ".join(str(error).split())[:300]}
    print()
    print(json.dumps(found))


def road_runner(model, end):
    import roadrunner

    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_FATAL)
    runner = roadrunner.RoadRunner(model)
    has = runner.model
    species = list(has.getFloatingSpeciesIds()) + list(has.getBoundarySpeciesIds())
    names = species + list(has.getCompartmentIds()) + list(has.getGlobalParameterIds())
    concentrations = set(species) - meant_as_amounts(model)
    runner.timeCourseSelections = ["time"] + [f"[{name}]" if name in concentrations else name for name in names]
    runner.integrator.relative_tolerance = RELATIVE_TOLERANCE
    runner.integrator.absolute_tolerance = 1e-14
    runner.integrator.maximum_num_steps = 500_000
    values = numpy.array(runner.simulate(0, end, INTERVALS + 1))
    return {name: values[:, i + 1].tolist() for i, name in enumerate(names)}


def copasi(model, end):
    import COPASI

    data = COPASI.CRootContainer.addDatamodel()
    if not data.importSBML(model):
        raise RuntimeError(COPASI.CCopasiMessage.getAllMessageText())
    # Without it the stoichiometries stay those from before conversion factors and stoichiometryMath were looked at.
    data.getModel().forceCompile()
    task = data.getTask("Time-Course")
    task.setMethodType(COPASI.CTaskEnum.Method_deterministic)
    problem, method = task.getProblem(), task.getMethod()
    problem.setStepNumber(INTERVALS)
    problem.setDuration(end)
    problem.setTimeSeriesRequested(True)
    # An event between two outputs is no output.
    problem.setOutputEvent(False)
    method.getParameter("Relative Tolerance").setDblValue(RELATIVE_TOLERANCE)
    method.getParameter("Absolute Tolerance").setDblValue(1e-14)
    method.getParameter("Max Internal Steps").setUIntValue(500_000)
    task.initializeRaw(COPASI.CCopasiTask.ONLY_TIME_SERIES)
    if not task.processRaw(True):
        raise RuntimeError(f"COPASI does not get to the end: {COPASI.CCopasiMessage.getAllMessageText().splitlines()[-1]}")
    task.restore()
    series = task.getTimeSeries()
    molecules = data.getModel().getQuantity2NumberFactor()
    amounts = meant_as_amounts(model)
    table = {}
    for i in range(1, series.getNumVariables()):
        name = series.getSBMLId(i, data)
        rows = range(series.getRecordedSteps())
        if name in amounts:
            table[name] = [series.getData(row, i) / molecules for row in rows]
        else:
            table[name] = [series.getConcentrationData(row, i) for row in rows]
    if len(next(iter(table.values()), range(INTERVALS + 1))) != INTERVALS + 1:
        raise RuntimeError("COPASI stops early")
    return table


PEERS = {"RoadRunner": road_runner, "COPASI": copasi}


def meant_as_amounts(model):
    """Species whose name means an amount: by their own word, or because their compartment is a point."""
    root = ElementTree.parse(model).getroot()
    elements = lambda name: [it for it in root.iter() if it.tag.rpartition("}")[2] == name]
    points = {it.get("id") for it in elements("compartment") if it.get("spatialDimensions") in ("0", "0.0")}
    return {
        it.get("id")
        for it in elements("species")
        if it.get("hasOnlySubstanceUnits") in ("true", "1") or it.get("compartment") in points
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["answer"]:
        answer(sys.argv[2], sys.argv[3], float(sys.argv[4]))
    else:
        sys.exit(main())
