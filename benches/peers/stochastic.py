"""Exact stochastic simulation beside other programs, in million jumps per second.

    python3 -m venv venv && venv/bin/pip install bngsim copasi-basico libroadrunner antimony numpy
    cargo build --release -p engine --example jumps
    venv/bin/python benches/peers/stochastic.py --ours target/release/examples/jumps

Jumps are counted, not guessed: every reaction also makes a molecule of a species `count` of its own kind that nothing
reads, in a first run whose time does not matter; the timed runs have no counter. Every peer loads the same SBML, made
here, and its loading is not timed; ours is a program whose whole time counts, with the start and the making of machine code.

The machine may be busy: tools take turns, times are CPU seconds of one thread, and each number is the best of its turns.
"""

import argparse
import resource
import subprocess
import sys
import time


def birth_and_death():
    return {"X": 1000}, [("", "X", "1000"), ("X", "", "X")], 5000.0


def vilar():
    """Vilar, Kueh, Barkai & Leibler 2002, doi:10.1073/pnas.092133899."""
    species = dict.fromkeys(["DA", "DR", "DAx", "DRx", "MA", "MR", "A", "R", "C"], 0)
    species["DA"] = species["DR"] = 1
    reactions = [
        ("DA + A", "DAx", "1 * DA * A"), ("DAx", "DA + A", "50 * DAx"),
        ("DR + A", "DRx", "1 * DR * A"), ("DRx", "DR + A", "100 * DRx"),
        ("DA", "DA + MA", "50 * DA"), ("DAx", "DAx + MA", "500 * DAx"),
        ("DR", "DR + MR", "0.01 * DR"), ("DRx", "DRx + MR", "50 * DRx"),
        ("MA", "", "10 * MA"), ("MR", "", "0.5 * MR"),
        ("MA", "MA + A", "50 * MA"), ("MR", "MR + R", "5 * MR"),
        ("A + R", "C", "2 * A * R"), ("C", "R", "1 * C"),
        ("A", "", "1 * A"), ("R", "", "0.2 * R"),
    ]
    return species, reactions, 1000.0


def ring():
    place = lambda i: f"X{i % 100}"
    reactions = []
    for i in range(100):
        for j in (i + 1, i + 99):
            reactions.append((place(i), place(j), place(i)))
    return {place(i): 100 for i in range(100)}, reactions, 300.0


def sbml(species, reactions, counted):
    """SBML Level 3, by way of Antimony."""
    import antimony

    # COPASI wants to know that amounts are molecules, and not moles.
    lines = ["model m()", "unit substance = item;", "compartment cell = 1;"]
    lines += [f"substanceOnly species {id} in cell; {id} = {amount};" for id, amount in species.items()]
    if counted:
        lines.append("substanceOnly species count in cell; count = 0;")
    for number, (left, right, rate) in enumerate(reactions):
        products = " + ".join(part for part in (right, "count" if counted else "") if part)
        # BNGsim knows mass action by a named constant, and is three times as fast then.
        constant, *factors = rate.split(" * ") if rate[0].isdigit() else ["1", rate]
        lines.append(f"k{number} = {constant};")
        lines.append(f"r{number}: {left} => {products}; {' * '.join([f'k{number}', *factors])};")
    lines.append("end")
    if antimony.loadAntimonyString("\n".join(lines)) < 0:
        sys.exit(antimony.getLastError())
    return antimony.getSBMLString("m")


def roadrunner(text, end, seed):
    import roadrunner

    model = roadrunner.RoadRunner(text)
    model.setIntegrator("gillespie")
    model.integrator.variable_step_size = False
    model.integrator.seed = seed
    names = list(model.model.getFloatingSpeciesIds())

    def run():
        model.reset()
        result = model.simulate(0, end, 101, ["time"] + names)
        return dict(zip(names, result[-1][1:]))

    return run


def copasi(text, end, seed):
    import basico

    model = basico.load_model_from_string(text)

    def run():
        table = basico.run_time_course(
            model=model, method="directMethod", start_time=0, duration=end, intervals=100, use_seed=True, seed=seed,
            max_steps=10**9, use_numbers=True, update_model=False,
        )
        return table.iloc[-1].to_dict()

    return run


def bngsim(text, end, seed):
    import bngsim as tool

    model = tool.Model.from_sbml_string(text)

    def run():
        simulator = tool.Simulator(model, method="ssa")
        result = simulator.run(t_span=(0, end), n_points=101, seed=seed)
        return dict(zip(result.species_names, result.species[-1]))

    return run


def ours(program, problem):
    """Runs our own program, which counts its jumps itself; gives them and the CPU seconds of the whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run([program, problem, "1"], capture_output=True, text=True, check=True)
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return float(done.stdout.splitlines()[-1].split()[2]), seconds


def peer(prepare, species, reactions, end):
    """Something that runs a peer once and gives its jumps and CPU seconds."""
    counted = prepare(sbml(species, reactions, True), end, 1)()
    jumps = next(value for key, value in counted.items() if key.strip("[]").startswith("count"))
    run = prepare(sbml(species, reactions, False), end, 1)

    def timed():
        begin = time.process_time()
        run()
        return jumps, time.process_time() - begin

    return timed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", required=True, help="the example `jumps` of the engine, built for release")
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    problems = {"birth-death": birth_and_death(), "Vilar": vilar(), "ring": ring()}
    # Parts of the run that are enough to tell how fast each is; ours runs all of it, for its start counts.
    peers = {"BNGsim": (bngsim, 0.25), "COPASI": (copasi, 0.25), "RoadRunner": (roadrunner, 0.02)}
    print("| network | reactions | ours | " + " | ".join(peers) + " | ours : best peer |")
    print("|---" * (len(peers) + 4) + "|")
    for name, problem in problems.items():
        runs = {"ours": lambda name=name: ours(arguments.ours, name)}
        species, reactions, end = problem
        for tool, (prepare, part) in peers.items():
            try:
                runs[tool] = peer(prepare, species, reactions, part * end)
            except Exception as error:  # a tool that is missing or fails is told, the others go on
                print(f"{name}: {tool}: {type(error).__name__}: {error}", file=sys.stderr)
        best = dict.fromkeys(runs, 0.0)
        for _ in range(arguments.turns):
            for tool, run in runs.items():
                jumps, seconds = run()
                best[tool] = max(best[tool], jumps / seconds * 1e-6)
        shown = [f"{best[tool]:.3g}" if tool in best else "–" for tool in peers]
        ratio = best["ours"] / max((best[tool] for tool in peers if tool in best), default=float("nan"))
        print(f"| {name} | {len(reactions)} | {best['ours']:.3g} | " + " | ".join(shown) + f" | **{ratio:.2f}** |", flush=True)


if __name__ == "__main__":
    main()
