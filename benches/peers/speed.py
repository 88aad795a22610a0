"""Times the engine side by side with libRoadRunner, COPASI and BNGsim, at equal measured error.

    python3 -m venv peers && peers/bin/pip install libroadrunner copasi-basico bngsim numpy
    cargo build --release -p testsuite --example measure
    peers/bin/python benches/peers/speed.py --measure target/release/examples/measure --models FOLDER

All tools run on one thread of one machine, by turns, and every figure is the median of the turns:

- *load*: from the text of the model to something that can run; *first run* adds one time course, because a tool may put
  off work until then.
- *time course*: 1000 equal intervals, all species, warm. Every tool gets the loosest relative tolerance of 1e-3, 1e-4, ...
  1e-10 (absolute: a thousandth of it, times the largest value where that is below 1) with which its error is at most 1e-5:
  the largest deviation of any species at any output, relative to the largest value the species has. The reference is the
  engine at 1e-11, and has to agree with libRoadRunner at 1e-11, or else the row says so.
- *members*: the same table of constant global parameters and initial values, each times exp(0.05 N), for every tool; 100
  intervals, the tolerance of the time course.

Prints Markdown; `--json` keeps every turn.
"""

import argparse
import datetime
import importlib.metadata
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

import numpy

INTERVALS = 1000
MEMBER_INTERVALS = 100
TARGET = 1e-5
LADDER = [10.0**-k for k in range(3, 11)]
REFERENCE_TOLERANCE = 1e-11
# Of the largest value in the whole model: what is smaller is rounding, not chemistry.
NOTHING = 1e-12
SPREAD = 0.05
PATIENCE = 10.0
# Seconds of runs that are not counted before each count.
WARM_UP = 0.1

# Model, what it is, end of the time course.
MODELS = [
    ("BIOMD0000000278", "Lemaire 2004, bone", 300),
    ("BIOMD0000000347", "Bachmann 2011, JAK2-STAT5", 240),
    ("BIOMD0000000613", "Peterson 2010, bone, events", 5000),
    ("BIOMD0000000612", "Proctor 2016, PTH", 1000),
    ("BIOMD0000000019", "Schoeberl 2002, EGFR", 3600),
    ("BIOMD0000000255", "Chen 2009, ErbB, 500 species", 1000),
    ("BIOMD0000000005", "Tyson 1991, cell cycle, stiff oscillation", 100),
    ("BIOMD0000000009", "Huang 1996, MAPK, not stiff", 100),
    ("BIOMD0000000010", "Kholodenko 2000, oscillation, not stiff", 5000),
    ("BIOMD0000000083", "Leloup 2003, circadian, day and night", 100),
    ("BIOMD0000000577", "events, piecewise", 100),
    ("BIOMD0000000833", "large rate laws", 100),
]


class Engine:
    """Our side: commands to a running `measure`."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.folder = tempfile.TemporaryDirectory()

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        words = self.process.stdout.readline().split()
        answer = dict(zip(words[::2], words[1::2]))
        if "seconds" not in answer:
            raise RuntimeError(" ".join(words) or "the program ended")
        return answer

    def load(self, path):
        answer = self.ask("load", path)
        self.ids = answer["ids"].split(",")
        self.states = int(answer["states"])
        return float(answer["seconds"])

    def run(self, end, rtol, scale, values=False):
        path = os.path.join(self.folder.name, "values")
        answer = self.ask("solve", end, INTERVALS, rtol, *([path] if values else []))
        if values:
            self.table = numpy.fromfile(path).reshape(INTERVALS + 1, len(self.ids))
        return float(answer["seconds"])

    def values(self):
        return {name: self.table[:, i] for i, name in enumerate(self.ids)}

    def members(self, end, rtol, scale, table):
        path = os.path.join(self.folder.name, "table.csv")
        with open(path, "w") as file:
            print(",".join(table.ids), file=file)
            for row in table.rows:
                print(",".join(repr(float(value)) for value in row), file=file)
        answer = self.ask("members", end, MEMBER_INTERVALS, rtol, path)
        return float(answer["seconds"]), int(answer["failures"])


class RoadRunner:
    """Code by MCJIT, its default; LLJIT is faster to load and gives the same results."""

    def __init__(self, compiler):
        import roadrunner

        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_CRITICAL)
        self.roadrunner, self.compiler = roadrunner, compiler

    def load(self, path):
        text = fresh_text(path)
        backend = {"MCJIT": self.roadrunner.Config.MCJIT, "LLJIT": self.roadrunner.Config.LLJIT}[self.compiler]
        self.roadrunner.Config.setValue(self.roadrunner.Config.LLVM_BACKEND, backend)
        start = time.perf_counter()
        self.model = self.roadrunner.RoadRunner(text)
        seconds = time.perf_counter() - start
        self.ids = list(self.model.model.getFloatingSpeciesIds())
        self.model.timeCourseSelections = ["time", *(f"[{name}]" for name in self.ids)]
        self.parameters = list(self.model.model.getGlobalParameterIds())
        return seconds

    def run(self, end, rtol, scale, values=False):
        self.tolerate(rtol, scale)
        self.model.resetAll()
        start = time.perf_counter()
        table = self.model.simulate(0, end, INTERVALS + 1)
        seconds = time.perf_counter() - start
        if values:
            self.table = numpy.array(table)[:, 1:]
        return seconds

    def tolerate(self, rtol, scale):
        self.model.integrator.relative_tolerance = rtol
        self.model.integrator.absolute_tolerance = rtol * 1e-3 * scale
        self.model.integrator.maximum_num_steps = 1_000_000

    def values(self):
        return {name: self.table[:, i] for i, name in enumerate(self.ids)}

    def members(self, end, rtol, scale, table):
        self.tolerate(rtol, scale)
        self.model.resetAll()
        model, failures = self.model.model, 0
        at = {name: i for i, name in enumerate(table.ids)}
        parameters = [i for i, name in enumerate(self.parameters) if name in at]
        species = [i for i, name in enumerate(self.ids) if name in at]
        parameter_columns = [at[self.parameters[i]] for i in parameters]
        species_columns = [at[self.ids[i]] for i in species]
        sizes = numpy.array([table.sizes.get(self.ids[i], 1.0) for i in species])
        start = time.perf_counter()
        for row in table.rows:
            self.model.reset()
            if parameters:
                model.setGlobalParameterValues(parameters, row[parameter_columns])
            if species:
                model.setFloatingSpeciesConcentrations(species, row[species_columns] / sizes)
            try:
                self.model.simulate(0, end, MEMBER_INTERVALS + 1)
            except RuntimeError:
                failures += 1
        return time.perf_counter() - start, failures


class Copasi:
    def __init__(self):
        import COPASI

        self.copasi = COPASI
        self.data = None

    def load(self, path):
        if self.data is not None:
            self.copasi.CRootContainer.removeDatamodel(self.data)
        text = fresh_text(path)
        start = time.perf_counter()
        self.data = self.copasi.CRootContainer.addDatamodel()
        if not self.data.importSBMLFromString(text):
            raise RuntimeError("COPASI does not read this model")
        self.data.getModel().forceCompile()
        seconds = time.perf_counter() - start
        self.task = self.data.getTask("Time-Course")
        self.task.setMethodType(self.copasi.CTaskEnum.Method_deterministic)
        return seconds

    def prepare(self, end, intervals, rtol, scale):
        problem, method = self.task.getProblem(), self.task.getMethod()
        problem.setStepNumber(intervals)
        problem.setDuration(float(end))
        problem.setTimeSeriesRequested(True)
        method.getParameter("Relative Tolerance").setDblValue(rtol)
        method.getParameter("Absolute Tolerance").setDblValue(rtol * 1e-3 * scale)
        method.getParameter("Max Internal Steps").setUIntValue(1_000_000)

    def once(self):
        self.task.initializeRaw(self.copasi.CCopasiTask.ONLY_TIME_SERIES)
        done = self.task.processRaw(True)
        self.task.restore()
        return done

    def run(self, end, rtol, scale, values=False):
        self.prepare(end, INTERVALS, rtol, scale)
        start = time.perf_counter()
        done = self.once()
        seconds = time.perf_counter() - start
        if not done:
            raise RuntimeError("COPASI does not get to the end")
        return seconds

    def values(self):
        series = self.task.getTimeSeries()
        columns = range(1, series.getNumVariables())
        rows = range(series.getRecordedSteps())
        return {
            series.getSBMLId(i, self.data): numpy.array([series.getConcentrationData(row, i) for row in rows])
            for i in columns
        }

    def members(self, end, rtol, scale, table):
        self.prepare(end, MEMBER_INTERVALS, rtol, scale)
        model, failures = self.data.getModel(), 0
        things = {}
        for i in range(model.getNumModelValues()):
            value = model.getModelValue(i)
            things[value.getSBMLId()] = value.setInitialValue
        for i in range(model.getNumMetabs()):
            species = model.getMetabolite(i)
            things[species.getSBMLId()] = species.setInitialConcentration
        setters = [(i, things[name], table.sizes.get(name, 1.0)) for i, name in enumerate(table.ids) if name in things]
        start = time.perf_counter()
        for row in table.rows:
            for i, setter, size in setters:
                setter(float(row[i]) / size)
            model.updateInitialValues(self.copasi.CCore.Framework_Concentration)
            failures += not self.once()
        return time.perf_counter() - start, failures


class BngSim:
    """With or without code compiled by the C compiler of the machine."""

    def __init__(self, codegen):
        import bngsim

        self.bngsim, self.codegen = bngsim, codegen

    def load(self, path):
        if self.codegen:
            self.bngsim.clear_codegen_cache()
        text = fresh_text(path)
        start = time.perf_counter()
        self.model = self.bngsim.Model.from_sbml_string(text)
        self.simulator = self.bngsim.Simulator(self.model, method="ode", codegen=self.codegen)
        return time.perf_counter() - start

    def run(self, end, rtol, scale, values=False):
        self.model.reset()
        start = time.perf_counter()
        self.result = self.simulator.run((0, end), INTERVALS + 1, rtol=rtol, atol=rtol * 1e-3 * scale, max_steps=1_000_000)
        return time.perf_counter() - start

    def values(self):
        table = numpy.array(self.result.species)
        return {name: table[:, i] for i, name in enumerate(self.result.species_names)}

    def members(self, end, rtol, scale, table):
        parameters = [(i, name) for i, name in enumerate(table.ids) if name in self.model.param_names]
        species = [(i, name) for i, name in enumerate(table.ids) if name in self.model.species_names]
        failures = 0
        start = time.perf_counter()
        for row in table.rows:
            self.model.reset()
            self.model.set_params({name: float(row[i]) for i, name in parameters})
            for i, name in species:
                self.model.set_concentration(name, float(row[i]) / table.sizes.get(name, 1.0))
            try:
                self.simulator.run((0, end), MEMBER_INTERVALS + 1, rtol=rtol, atol=rtol * 1e-3 * scale, max_steps=1_000_000)
            except Exception:  # Its failures have no common class but this.
                failures += 1
        return time.perf_counter() - start, failures


class Table:
    """Ensemble members: values in what the ids mean; `sizes` divides amounts into concentrations."""

    def __init__(self, path, count, seed=1):
        random = numpy.random.default_rng(seed)
        model = ElementTree.parse(path).getroot().find("{*}model")
        ruled = {
            element.get(key)
            for tag, key in [("assignmentRule", "variable"), ("rateRule", "variable"), ("initialAssignment", "symbol"),
                             ("eventAssignment", "variable")]
            for element in model.iter(f"{{{model.tag.split('}')[0][1:]}}}{tag}")
        }
        volumes = {c.get("id"): float(c.get("size", c.get("volume", 1.0))) for c in model.iterfind("{*}listOfCompartments/*")}
        centers = {}
        for parameter in model.iterfind("{*}listOfParameters/*"):
            if parameter.get("constant") != "false" and parameter.get("value") is not None:
                centers[parameter.get("id")] = float(parameter.get("value"))
        self.sizes = {}
        for species in model.iterfind("{*}listOfSpecies/*"):
            name, size = species.get("id"), volumes[species.get("compartment")]
            only_amount = species.get("hasOnlySubstanceUnits") == "true"
            amount, concentration = species.get("initialAmount"), species.get("initialConcentration")
            if "true" in (species.get("boundaryCondition"), species.get("constant")) or (amount or concentration) is None:
                continue
            value = float(amount) if amount else float(concentration) * size
            centers[name] = value if only_amount else value / size
            if only_amount:
                self.sizes[name] = size
        centers = {name: value for name, value in centers.items() if value != 0 and name not in ruled}
        self.ids = list(centers)
        center = numpy.array(list(centers.values()))
        self.rows = center * numpy.exp(SPREAD * random.standard_normal((count, len(center))))


def error_of(values, reference, volumes):
    """Largest deviation relative to the species' largest value; a tool may mean amounts, so the better reading counts."""
    largest = max(abs(column).max() for column in reference.values())
    worst = 0.0
    for name, expected in reference.items():
        size = abs(expected).max()
        if name not in values or size <= NOTHING * largest:
            continue
        found = values[name]
        if len(found) != len(expected):
            return math.inf
        readings = [found, found / volumes.get(name, 1.0), found * volumes.get(name, 1.0)]
        worst = max(worst, min(abs(reading - expected).max() / size for reading in readings))
    return worst


def fresh_text(path):
    """The model with a comment of its own: libRoadRunner keeps what it compiled, by the text of the model."""
    fresh_text.count += 1
    return path.read_text(encoding="utf-8").rstrip() + f"<!-- {fresh_text.count} -->"


fresh_text.count = 0


def species_volumes(path):
    model = ElementTree.parse(path).getroot().find("{*}model")
    volumes = {c.get("id"): float(c.get("size", c.get("volume", 1.0))) for c in model.iterfind("{*}listOfCompartments/*")}
    return {s.get("id"): volumes[s.get("compartment")] for s in model.iterfind("{*}listOfSpecies/*")}


def measure_model(path, end, tools, turns, budget):
    """All figures of one model: `{tool: {"load": [...], "run": [...], ...}}`."""
    ours, volumes = tools["ours"], species_volumes(path)
    ours.load(path)
    ours.run(end, REFERENCE_TOLERANCE, 1.0, values=True)
    reference = ours.values()
    scale = min(1.0, max(abs(column).max() for column in reference.values()))
    found = {"states": ours.states, "tools": {}}
    if "RoadRunner" in tools:
        tools["RoadRunner"].load(path)
        try:
            tools["RoadRunner"].run(end, REFERENCE_TOLERANCE, scale, values=True)
            found["reference_agrees_to"] = error_of(tools["RoadRunner"].values(), reference, volumes)
        except RuntimeError:
            found["reference_agrees_to"] = math.nan
    for name, tool in tools.items():
        figures = found["tools"][name] = {"load": [], "first": [], "run": [], "members": []}
        try:
            seconds = tool.load(path)
            best = None
            for rtol in LADDER:
                try:
                    tool.run(end, rtol, scale, values=True)
                except Exception:
                    continue
                error = error_of(tool.values(), reference, volumes)
                if best is None or error < best[1]:
                    best = (rtol, error)
                if error <= TARGET:
                    break
            if best is None:
                raise RuntimeError("no run at any tolerance")
            figures["rtol"], figures["error"] = best
            # What takes long to load is loaded once.
            figures["slow"] = seconds > PATIENCE
            if figures["slow"]:
                figures["load"].append(seconds)
        except Exception as problem:
            figures["failed"] = str(problem).splitlines()[0][:100]
    for _ in range(turns):
        for name, tool in tools.items():
            figures = found["tools"][name]
            if "failed" in figures:
                continue
            try:
                take_turn(tool, figures, path, end, scale, budget)
            except Exception as problem:
                figures["failed"] = str(problem).splitlines()[0][:100]
    return found


def take_turn(tool, figures, path, end, scale, budget):
    rtol = figures["rtol"]
    if figures["slow"]:
        figures["first"].append(figures["load"][0] + tool.run(end, rtol, scale))
    else:
        figures["load"].append(tool.load(path))
        figures["first"].append(figures["load"][-1] + tool.run(end, rtol, scale))
    # A process that has waited for its turn finds its caches cold and its core slow.
    spent = 0.0
    while spent < WARM_UP:
        spent += tool.run(end, rtol, scale)
    spent, warm = 0.0, []
    while spent < budget and len(warm) < 200 or len(warm) < 2:
        warm.append(tool.run(end, rtol, scale))
        spent += warm[-1]
    figures["run"].append(statistics.median(warm))
    count = max(2, min(500, int(budget / figures["run"][-1])))
    seconds, failures = tool.members(end, rtol, scale, Table(path, count))
    figures["members"].append(count / seconds)
    figures["failed_members"] = failures / count


def report(results, turns, command):
    print(f"Measured {datetime.date.today()} on {processor()} ({os.cpu_count()} cores, one used), {platform.system()}; median of "
          f"{turns} turns, tools by turns.")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ["libroadrunner", "python-copasi", "bngsim"])
    print(f"Peers: {versions}. RR-L: libRoadRunner with LLJIT; BNG-C: BNGsim with its C code compiled.\n\n    {command}\n")
    for key, title, unit, better in [
        ("load", "Load + compile", 1e3, min),
        ("first", "Load, compile and first time course", 1e3, min),
        ("run", "Time course at a measured error of at most 1e-5", 1e3, min),
        ("members", "Ensemble members per second and thread", 1.0, max),
    ]:
        print(f"### {title}{', ms' if unit > 1 else ''}\n")
        names = next(iter(results.values()))["tools"].keys()
        print("| model | states | " + " | ".join(names) + " | best peer : ours |")
        print("|---" * (len(names) + 3) + "|")
        ratios = []
        for label, result in results.items():
            cells, peers, own = [], [], None
            for name, figures in result["tools"].items():
                if not figures[key]:
                    cells.append("–")
                    continue
                value = statistics.median(figures[key])
                note = ""
                if key == "run":
                    note = f" (1e{round(math.log10(figures['rtol']))}, {figures['error']:.0e})"
                if key == "members" and figures.get("failed_members"):
                    note = f" ({figures['failed_members']:.0%} fail)"
                counts = key in ("load", "first") or figures["error"] <= TARGET
                cells.append(f"{value * unit:.3g}{note}")
                if name == "ours":
                    own = value
                elif counts:
                    peers.append(value)
            ratio = ""
            if own and peers:
                best = better(peers)
                ratios.append(own / best if better is max else best / own)
                ratio = f"**{ratios[-1]:.3g}**"
            print(f"| {label} | {result['states']} | " + " | ".join(cells) + f" | {ratio} |")
        if ratios:
            mean = math.exp(statistics.fmean(math.log(ratio) for ratio in ratios))
            print(f"\nGeometric mean {mean:.3g}, smallest {min(ratios):.3g}.\n")
    loose = {label: it["reference_agrees_to"] for label, it in results.items() if not it.get("reference_agrees_to", 0) < TARGET}
    for label, error in loose.items():
        print(f"- {label}: libRoadRunner at 1e-11 and the reference differ by {error:.0e}.")
    for label, it in results.items():
        for name, figures in it["tools"].items():
            if "failed" in figures:
                print(f"- {label}: {name} does not run it: {figures['failed']}")
            elif figures["error"] > TARGET:
                print(f"- {label}: {name} comes no closer than {figures['error']:.0e}, and is not counted.")


def processor():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.processor())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measure", required=True, help="the built example of `testsuite`")
    parser.add_argument("--models", required=True, type=pathlib.Path, help="folder of BioModels files")
    parser.add_argument("--only", nargs="*", help="accessions")
    parser.add_argument("--tools", nargs="*", help="ours RoadRunner RR-L COPASI BNGsim BNG-C")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--budget", type=float, default=0.1, help="seconds of runs, and of members, a turn")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    makers = {
        "ours": lambda: Engine(arguments.measure),
        "RoadRunner": lambda: RoadRunner("MCJIT"),
        "RR-L": lambda: RoadRunner("LLJIT"),
        "COPASI": Copasi,
        "BNGsim": lambda: BngSim(False),
        "BNG-C": lambda: BngSim(True),
    }
    tools = {name: make() for name, make in makers.items() if not arguments.tools or name in arguments.tools}
    results = {}
    for accession, label, end in MODELS:
        path = arguments.models / f"{accession}.xml"
        if arguments.only and accession not in arguments.only:
            continue
        begin = time.perf_counter()
        results[label] = measure_model(path, end, tools, arguments.turns, arguments.budget)
        print(f"{accession} {label}: {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
        if arguments.json:
            arguments.json.write_text(json.dumps(results, indent=1))
    command = "python benches/peers/speed.py " + " ".join(
        f"--{key} {value}" for key, value in [("turns", arguments.turns), ("budget", arguments.budget)]
    )
    report(results, arguments.turns, command)


if __name__ == "__main__":
    main()
