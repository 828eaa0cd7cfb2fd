#!/usr/bin/env python3
"""A devnet that goes on for long: four validators with traffic keep their size, their descriptors and their threads.

Usage: soak.py PROGRAMS [--heights 10000] [--rate 2]
As a test it runs with BURI_TEST_LONG=1 only (exit status 77 without). What every process holds is printed a hundred times; from when
six tenths of the heights are decided none may hold more than it did then, but for a little. What a node's databases hold in their caches
and write buffers, which have bounds of their own, comes and goes: it is printed beside the node's memory and not counted in it.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import typing
import urllib.request

import devnet

GROWTH_KIB = 16 * 1024
DATABASE_BYTES = re.compile(r"^buri_database_(?:cache|table_reader)_bytes\{.*\} (\S+)$", re.M)
LOOKS = 100
HEIGHT_PATIENCE_S = 60
SETTLED = 0.6


class Holdings(typing.NamedTuple):
    process: int
    own_kib: int  # resident memory but for what the databases hold
    database_kib: int
    threads: int
    descriptors: int

    def __str__(self):
        databases = f"+{self.database_kib // 1024}" if self.database_kib else ""
        return f"{self.own_kib // 1024}{databases} MiB/{self.threads}/{self.descriptors}"


def database_kib(validator):
    with urllib.request.urlopen(f"{validator['metrics']}/metrics", timeout=10) as answer:
        found = DATABASE_BYTES.findall(answer.read().decode())
    assert len(found) == 4, found  # a cache and open files for each of two databases
    return int(sum(map(float, found))) // 1024


def holdings(process, of_databases_kib):
    with open(f"/proc/{process}/status") as file:
        lines = dict(line.split(":", 1) for line in file)
    resident_kib = int(lines["VmRSS"].split()[0])
    return Holdings(process, resident_kib - of_databases_kib, of_databases_kib, int(lines["Threads"]), len(os.listdir(f"/proc/{process}/fd")))


def look(net):
    status = net.status()
    found = {}
    for number, one in enumerate(status["validators"], 1):
        found[f"node {number}"] = holdings(one["node_process"], database_kib(one))
        found[f"signer {number}"] = holdings(one["signer_process"], 0)
    return status["height"], found


def line_of(height, found):
    return f"height {height}: " + ", ".join(f"{name} {held}" for name, held in found.items())


def run(net, heights):
    print("name MiB of its own + MiB of its databases/threads/descriptors")
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
    for name, now in found.items():
        before = settled[name]
        if now.process != before.process:
            grown.append(f"{name} ended and was started again")
        if now.own_kib > before.own_kib + GROWTH_KIB or now.threads > before.threads or now.descriptors > before.descriptors + 8:
            grown.append(f"{name}: {before} became {now}")
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
