"""Lets libRoadRunner, COPASI and libSBML's validator judge what `enthesis export` writes.

    python3 -m venv peers && peers/bin/pip install libroadrunner python-copasi python-libsbml numpy
    cargo build --release
    peers/bin/python benches/peers/export.py --enthesis target/release/enthesis

Every arm of five scenarios is exported in both editions and solved by both peers at the times of the table that
`enthesis run` writes. A read-out agrees when it differs nowhere by more than 1e-4 of the largest value that it has in the
run. libSBML's validator, all checks on, must find no error; its warnings are listed with their numbers.

An output time at which an event happens is left out, because programs differ in whether they show the value before or
after it.

Prints one line per file and peer with the largest difference. Exit status 1 when one is too large or a file has an error.
"""

import argparse
import collections
import csv
import pathlib
import re
import subprocess
import sys
import tempfile

import libsbml
import numpy

SCENARIOS = ["bed_rest", "menopause", "romosozumab", "cx43_osteocyte_knockout", "resistance_training"]
AGREEMENT = 1e-4
# Of the largest value in the whole run: a drug that is not given has levels of rounding.
NOTHING = 1e-15
# Relative and absolute; the next ones where a program gives up. CVODE may do so on the knockout, in which ratios fall to 0 and,
# where its steps let them slip below, are taken to fractional powers.
TOLERANCES = [(1e-8, 1e-12), (1e-8, 1e-14), (1e-9, 1e-14), (1e-8, 1e-10), (1e-7, 1e-12)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--enthesis", required=True, help="the program")
    parser.add_argument("--scenarios", nargs="*", default=SCENARIOS)
    arguments = parser.parse_args()
    sound = True
    with tempfile.TemporaryDirectory() as folder:
        for scenario in arguments.scenarios:
            for arm, times, table in run_enthesis(arguments.enthesis, scenario, pathlib.Path(folder)):
                for form in ["l3v2", "l3v1"]:
                    path = f"{folder}/{scenario}_{arm}_{form}.xml"
                    call(arguments.enthesis, "export", scenario, "--arm", arm, "--to", form, "--output", path)
                    sound &= validate(path, f"{scenario} {arm} {form}")
                    for peer in [roadrunner, copasi]:
                        sound &= compare(peer, path, times, table, f"{scenario} {arm} {form}")
    return 0 if sound else 1


def call(*command):
    subprocess.run([*command, "--quiet"], check=True, stdout=subprocess.DEVNULL)


def run_enthesis(program, scenario, folder):
    """For each arm its id, the times and the read-outs of the model as it stands."""
    call(program, "run", scenario, "--members", "0", "--output", str(folder / scenario))
    arms = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(folder / scenario / f"{scenario}.csv") as file:
        for row in csv.DictReader(file):
            if row["hypothesis"] == "reference":
                arms[row["arm"]][row["variable"]].append((float(row["time_day"]), float(row["value"])))
    for arm, columns in arms.items():
        times = numpy.array([time for time, _ in next(iter(columns.values()))])
        yield arm, times, {name: numpy.array([value for _, value in column]) for name, column in columns.items()}


def validate(path, title):
    document = libsbml.readSBMLFromFile(path)
    document.checkConsistency()
    findings = [document.getError(i) for i in range(document.getNumErrors())]
    errors = [it for it in findings if it.getSeverity() >= libsbml.LIBSBML_SEV_ERROR]
    warnings = collections.Counter(it.getErrorId() for it in findings if it not in errors)
    print(f"{title:<58} validator     {len(errors)} errors, warnings {dict(warnings)}", flush=True)
    for error in errors:
        print(f"  line {error.getLine()}: {error.getErrorId()} {error.getMessage().strip()}")
    return not errors


def compare(peer, path, times, table, title):
    theirs, tolerances = solved(peer, path, times, list(table))
    events = event_times(path)
    shown = [i for i, time in enumerate(times) if not numpy.isclose(events, time).any()]
    parts, largest_of_all = {}, max(numpy.abs(values).max() for values in table.values())
    for name, values in table.items():
        largest = max(numpy.abs(values).max(), NOTHING * largest_of_all)
        parts[name] = numpy.abs(values - theirs[name])[shown].max() / largest
    worst = max(parts, key=lambda name: -1 if numpy.isnan(parts[name]) else parts[name])
    failed = [name for name, part in parts.items() if not part <= AGREEMENT]
    line = f"{title:<58} {peer.__name__:<13} {len(parts)} read-outs, largest difference {parts[worst]:.1e} ({worst})"
    line += "" if tolerances == TOLERANCES[0] else f", at tolerances {tolerances}"
    print(line + (f"  TOO LARGE: {', '.join(failed)}" if failed else ""), flush=True)
    return not failed


def solved(peer, path, times, names):
    """The answer of a peer, and the tolerances at which it has one."""
    for tolerances in TOLERANCES:
        try:
            return peer(path, times, names, *tolerances), tolerances
        except RuntimeError as error:
            reason = error
    raise reason


def event_times(path):
    """The times at which something is done: those in the names of the events."""
    model = libsbml.readSBMLFromFile(path).getModel()
    names = [model.getEvent(i).getName() for i in range(model.getNumEvents())]
    return numpy.array([float(re.sub(r"^day ", "", name)) for name in names])


def roadrunner(path, times, names, relative, absolute):
    import roadrunner

    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
    runner = roadrunner.RoadRunner(path)
    runner.integrator.relative_tolerance = relative
    runner.integrator.absolute_tolerance = absolute
    runner.integrator.maximum_num_steps = 500_000
    runner.timeCourseSelections = ["time", *names]
    values = numpy.array(runner.simulate(times[0], times[-1], len(times)))
    return {name: values[:, i + 1] for i, name in enumerate(names)}


def copasi(path, times, names, relative, absolute):
    import COPASI

    data = COPASI.CRootContainer.addDatamodel()
    try:
        if not data.importSBML(path):
            raise RuntimeError(f"COPASI does not read {path}: {COPASI.CCopasiMessage.getAllMessageText()}")
        task = data.getTask("Time-Course")
        task.setMethodType(COPASI.CTaskEnum.Method_deterministic)
        problem = task.getProblem()
        problem.setStepNumber(len(times) - 1)
        problem.setDuration(float(times[-1]))
        problem.setTimeSeriesRequested(True)
        method = task.getMethod()
        method.getParameter("Relative Tolerance").setDblValue(relative)
        method.getParameter("Absolute Tolerance").setDblValue(absolute)
        method.getParameter("Max Internal Steps").setUIntValue(1_000_000)
        if not task.process(True):
            raise RuntimeError(f"COPASI does not solve {path}: {task.getProcessError()}")
        series = task.getTimeSeries()
        columns = {series.getSBMLId(i, data): i for i in range(series.getNumVariables())}
        rows = range(series.getRecordedSteps())
        assert len(rows) == len(times), f"COPASI shows {len(rows)} times of {len(times)}"
        return {name: numpy.array([series.getConcentrationData(row, columns[name]) for row in rows]) for name in names}
    finally:
        COPASI.CRootContainer.removeDatamodel(data)


if __name__ == "__main__":
    sys.exit(main())
