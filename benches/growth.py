"""How time and memory grow with the network, and with members and threads.

    cargo build --release && cargo build --release -p testsuite --example measure
    python3 benches/growth.py networks --measure target/release/examples/measure --largest 100000
    python3 benches/growth.py members --enthesis target/release/enthesis --model BIOMD0000000278.xml --parameters k1 k2

`networks` makes reaction networks with half as many species as reactions: a *chain* of conversions, and a *net* in which
a third of the reactions bind two neighbors and every twentieth leads anywhere, so that factors fill in. Each is read,
checked, compiled and solved to t = 10 with 100 outputs at 1e-6; memory is the most that the process ever held.

`members` simulates rows of a table of perturbed parameters of one model, with one thread and with two, from the command
line: its times hold the start of the program, reading, and writing. Only Python's own library is needed.
"""

import argparse
import filecmp
import math
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

SIZES = [100, 1000, 10_000, 100_000]
MEMBERS = [1, 10, 100, 1000, 10_000]


def chain(reactions):
    species = reactions // 2
    for i in range(reactions):
        yield [i % species], [(i + 1) % species], 0.5 + (i % 7) / 7


def net(reactions):
    """Each reaction among neighbors; a third bind two, every twentieth leads anywhere."""
    species, draw = reactions // 2, random.Random(1)
    for i in range(reactions):
        left, right = [i % species], [(i + 1) % species]
        if i % 3 == 0:
            left.append((i + 2) % species)
        if i % 20 == 0:
            right = [draw.randrange(species)]
        yield left, right, 0.1 + draw.random()


def sbml(reactions, species):
    """Level 3 Version 2 text of reactions with mass-action laws."""
    reference = lambda i: f'<speciesReference species="s{i}" stoichiometry="1" constant="true"/>'
    parts = [
        '<?xml version="1.0"?><sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>'
        '<listOfCompartments><compartment id="c" size="1" spatialDimensions="3" constant="true"/></listOfCompartments>'
        "<listOfSpecies>"
    ]
    for i in range(species):
        parts.append(
            f'<species id="s{i}" compartment="c" initialConcentration="{1 + i % 5}" hasOnlySubstanceUnits="false" '
            'boundaryCondition="false" constant="false"/>'
        )
    parts.append("</listOfSpecies><listOfReactions>")
    for i, (left, right, rate) in enumerate(reactions):
        factors = "".join(f"<ci>s{j}</ci>" for j in left)
        parts.append(
            f'<reaction id="r{i}" reversible="false"><listOfReactants>{"".join(map(reference, left))}</listOfReactants>'
            f'<listOfProducts>{"".join(map(reference, right))}</listOfProducts><kineticLaw>'
            f'<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><cn>{rate:.6g}</cn>{factors}</apply></math>'
            "</kineticLaw></reaction>"
        )
    parts.append("</listOfReactions></model></sbml>")
    return "".join(parts)


class Measure:
    """The example `measure` of the test suite, asked line by line."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().split()
        if words[:1] != ["seconds"]:
            sys.exit(f"{command}: {' '.join(words) or 'no answer'}")
        return dict(zip(words[::2], words[1::2]))

    def memory(self):
        """The most it has held so far, MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def networks(arguments):
    print("| kind | reactions | species | read, ms | check, ms | compile, ms | memory, MiB "
          "| time course, ms | steps | factorizations | memory after, MiB |")
    print("|---" * 11 + "|")
    for make in (chain, net):
        if arguments.kind not in (None, make.__name__):
            continue
        for size in SIZES:
            if not arguments.smallest <= size <= arguments.largest:
                continue
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "model.xml"
                path.write_text(sbml(make(size), size // 2))
                turns = [turn(arguments, path) for _ in range(arguments.turns)]
            best = {key: min(it[key] for it in turns) for key in turns[0]}
            cells = [make.__name__, size, size // 2]
            cells += [f"{1e3 * best[key]:.3g}" for key in ("read", "check", "compile")] + [f"{best['loaded']:.0f}"]
            cells += [f"{1e3 * best['solve']:.3g}", best["steps"], best["factorizations"], f"{best['solved']:.0f}"]
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def turn(arguments, path):
    measure = Measure(arguments.measure)
    loaded = measure.ask(f"load {path}")
    found = {key: float(loaded[key]) for key in ("read", "check", "compile")}
    found["loaded"] = measure.memory()
    solved = measure.ask("solve 10 100 1e-6")
    found["solve"] = float(solved["seconds"])
    found["steps"], found["factorizations"] = int(solved["steps"]), int(solved["factorizations"])
    found["solved"] = measure.memory()
    measure.close()
    return found


def members(arguments):
    text = arguments.model.read_text()
    constants = re.findall(r'<parameter\b[^>]*\bid="(\w+)"[^>]*\bvalue="([^"]+)"', text)
    constants = [(name, float(value)) for name, value in constants if name in arguments.parameters]
    if len(constants) != len(arguments.parameters):
        sys.exit(f"{arguments.model} has no value for some of {' '.join(arguments.parameters)}")
    draw = random.Random(1)
    print("| members | threads | wall, s | CPU, s | memory, MiB | members per CPU second |\n|---|---|---|---|---|---|")
    for count in MEMBERS:
        with tempfile.TemporaryDirectory() as folder:
            table = pathlib.Path(folder) / "members.csv"
            rows = [",".join(repr(value * math.exp(0.05 * draw.gauss(0, 1))) for _, value in constants) for _ in range(count)]
            table.write_text("\n".join([",".join(name for name, _ in constants)] + rows) + "\n")
            written = []
            for threads in (1, 2):
                output = pathlib.Path(folder) / f"{threads}.csv"
                command = [arguments.enthesis, "simulate", str(arguments.model), "--end", str(arguments.end), "--steps", "100"]
                command += ["--ensemble", str(table), "--threads", str(threads), "--output", str(output), "--quiet"]
                wall, cpu, memory = timed(command)
                written.append(output)
                print(f"| {count} | {threads} | {wall:.2f} | {cpu:.2f} | {memory:.0f} | {count / cpu:.0f} |", flush=True)
            if not filecmp.cmp(*written, shallow=False):
                sys.exit("one thread and two give different bytes")


def timed(command):
    """Wall seconds, CPU seconds and the most memory, MiB, of one process; Linux counts our own 14 MiB as the least."""
    begin = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)}: failed")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    which = parser.add_subparsers(required=True)
    growing = which.add_parser("networks")
    growing.add_argument("--measure", required=True, help="the example `measure` of the test suite")
    growing.add_argument("--kind", choices=["chain", "net"])
    growing.add_argument("--smallest", type=int, default=0)
    growing.add_argument("--largest", type=int, default=100_000)
    growing.add_argument("--turns", type=int, default=3)
    growing.set_defaults(run=networks)
    many = which.add_parser("members")
    many.add_argument("--enthesis", required=True, help="the program")
    many.add_argument("--model", required=True, type=pathlib.Path, help="an SBML file")
    many.add_argument("--parameters", nargs="+", required=True, help="ids of the parameters to perturb")
    many.add_argument("--end", type=float, default=300)
    many.set_defaults(run=members)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
