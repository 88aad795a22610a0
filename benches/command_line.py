#!/usr/bin/env python3
"""Wall time of whole commands, start of the process included: minimum, median and maximum of several runs.

    cargo build --release && python3 benches/command_line.py target/release/enthesis [RUNS]
"""
import statistics
import subprocess
import sys
import time

COMMANDS = [
    ["--help"],
    ["run", "bed_rest"],
    ["run", "bed_rest", "--members", "0"],
    ["run", "cx43_osteocyte_knockout"],
    ["run", "aging"],
    ["explain", "sclerostin"],
]


def main() -> None:
    program = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    print(f"{'command':40}{'min ms':>9}{'median ms':>11}{'max ms':>9}")
    for command in COMMANDS:
        subprocess.run([program, *command], capture_output=True, check=True)
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            subprocess.run([program, *command], capture_output=True, check=True)
            times.append(1e3 * (time.perf_counter() - start))
        print(f"{' '.join(command):40}{min(times):9.1f}{statistics.median(times):11.1f}{max(times):9.1f}")


if __name__ == "__main__":
    main()
