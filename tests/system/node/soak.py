#!/usr/bin/env python3
"""A devnet that goes on for long: four validators with traffic keep their size, their descriptors and their threads.

Usage: soak.py PROGRAMS [--heights 10000] [--rate 2]
As a test it runs with BURI_TEST_LONG=1 only (exit status 77 without). What every process holds is printed a hundred times; from when
six tenths of the heights are decided, and every cache is full, none may hold more than it did then, but for a little.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import devnet

GROWTH_KIB = 16 * 1024
LOOKS = 100
HEIGHT_PATIENCE_S = 60
SETTLED = 0.6


def holdings(process):
    """Resident memory in KiB, threads, descriptors."""
    with open(f"/proc/{process}/status") as file:
        lines = dict(line.split(":", 1) for line in file)
    return int(lines["VmRSS"].split()[0]), int(lines["Threads"]), len(os.listdir(f"/proc/{process}/fd"))


def look(net):
    status = net.status()
    found = {}
    for number, one in enumerate(status["validators"], 1):
        for part in ("node", "signer"):
            found[f"{part} {number}"] = (one[f"{part}_process"], *holdings(one[f"{part}_process"]))
    return status["height"], found


def line_of(height, found):
    return f"height {height}: " + ", ".join(f"{name} {mib // 1024} MiB/{threads}/{files}" for name, (_, mib, threads, files) in found.items())


def run(net, heights):
    print("name: MiB/threads/descriptors")
    settled = None
    step = max(heights // LOOKS, 1)
    height, found = look(net)
    began, goal = time.monotonic(), height + heights
    for next_look in range(height + step, goal + 1, step):
        deadline = time.monotonic() + HEIGHT_PATIENCE_S * step
        while height < next_look:
            if time.monotonic() > deadline:
                raise SystemExit(f"height {next_look} is not decided; {height} is the last")
            time.sleep(0.5)
            height = net.status()["height"]
        height, found = look(net)
        rate = (height - goal + heights) / (time.monotonic() - began)
        print(f"{line_of(height, found)}; {rate:.1f} heights/s, {(goal - height) / rate:.0f} s to go", flush=True)
        if settled is None and height >= goal - heights * (1 - SETTLED):
            settled = found
    grown = []
    for name, (process, kib, threads, files) in found.items():
        before, kib_before, threads_before, files_before = settled[name]
        if process != before:
            grown.append(f"{name} ended and was started again")
        if kib > kib_before + GROWTH_KIB or threads > threads_before or files > files_before + 8:
            grown.append(f"{name}: {kib_before} KiB, {threads_before} threads and {files_before} descriptors became {kib}, {threads}, {files}")
    if grown:
        raise SystemExit("\n".join(grown))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--heights", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=2, help="transactions a second")
    parser.add_argument("--test", action="store_true", help="skip unless BURI_TEST_LONG is set")
    options = parser.parse_args()
    if options.test and "BURI_TEST_LONG" not in os.environ:
        print("skipped: ten thousand heights; BURI_TEST_LONG=1 runs them")
        return devnet.SKIPPED
    if not os.path.exists(devnet.SOFTHSM):
        print(f"skipped: {devnet.SOFTHSM} is not there (package softhsm2)")
        return devnet.SKIPPED
    with tempfile.TemporaryDirectory(prefix="buri-soak-", dir="/tmp") as folder:
        net = devnet.Devnet(options.programs, pathlib.Path(folder) / "net")
        traffic = None
        try:
            net.start("--commit-timeout-ms", "0")
            words = [net.buri, "devnet", "traffic", "--rate", str(options.rate), "--json", "--home", net.home]
            traffic = subprocess.Popen(words, stdout=subprocess.DEVNULL)
            run(net, options.heights)
        finally:
            for process in (traffic, net.up):
                if process is not None and process.poll() is None:
                    process.terminate()
                    process.wait(timeout=devnet.PATIENCE_S)
    return 0


if __name__ == "__main__":
    sys.exit(main())
