#!/usr/bin/env python3
"""`buri devnet`: four validators, each a burid that signs through buri-signer and a SoftHSM token of its own.

One node is killed from outside the process that runs the network; the others go on; it comes back and catches up; a signer is
killed and started again; the links are cut so that nobody decides, and mended; traffic that the signers sign gets into blocks; the
network is taken down, and goes on with its chain in the background (`up --detach`). Fails if heights stop, if two nodes hold different blocks
at one height, or if a process is left. Skipped (exit status 77) where SoftHSM is not installed.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

PATIENCE_S = 120  # for each step, on a busy machine
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
SKIPPED = 77


class Devnet:
    def __init__(self, programs, home):
        self.buri = str(programs / "buri")
        self.home = str(home)
        self.up = None

    def verb(self, *words, check=True):
        """What a verb prints, as a second terminal would call it."""
        done = subprocess.run([self.buri, "devnet", *words, "--home", self.home], capture_output=True, text=True, timeout=PATIENCE_S)
        if check and done.returncode != 0:
            raise SystemExit(f"buri devnet {' '.join(words)}: exit {done.returncode}: {done.stderr}")
        return done

    def start(self, *more):
        """Runs `up` until it says that it is ready; the seconds it took by its own word."""
        words = [self.buri, "devnet", "up", "--validators", "4", "--json", "--home", self.home, *more]
        self.up = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.up.stdout.readline()
        if not line:
            raise SystemExit(f"buri devnet up: {self.up.stderr.read()}")
        ready = json.loads(line)
        assert ready["event"] == "ready", ready
        return ready["seconds"]

    def status(self):
        return json.loads(self.verb("status", "--json").stdout)

    def validator(self, number):
        return self.status()["validators"][number - 1]


def wait_until(condition, what):
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > PATIENCE_S:
            raise SystemExit(f"{what} not within {PATIENCE_S} s")
        time.sleep(0.2)


def block_hash(validator, height):
    with urllib.request.urlopen(f"{validator['rpc']}/block?height={height}", timeout=10) as answer:
        return json.load(answer)["result"]["block_id"]["hash"]


def processes_of(status):
    return [one[key] for one in status["validators"] for key in ("node_process", "signer_process") if one[key]]


def heights_go_on_without(devnet, number):
    before = devnet.status()["height"]
    wait_until(lambda: devnet.status()["height"] >= before + 3, f"three heights without validator {number}")


def catches_up(devnet, number):
    goal = devnet.status()["height"] + 2
    wait_until(lambda: devnet.validator(number)["height"] >= goal, f"validator {number} at height {goal}")


def a_partition_stops_the_chain(devnet):
    devnet.verb("partition", "1,2|3,4")
    assert devnet.status()["groups"] == "1,2|3,4"
    time.sleep(1)  # for a height that was nearly decided
    before = devnet.status()["height"]
    time.sleep(2)
    after = devnet.status()["height"]
    assert after <= before + 1, f"height {before} became {after} while nobody has two thirds"
    assert "partition 1,2|3,4" in devnet.verb("status").stdout
    refused = devnet.verb("partition", "1,9", check=False)
    assert refused.returncode == 2 and "1,2|3,4" in refused.stderr, refused
    devnet.verb("heal")
    wait_until(lambda: devnet.status()["height"] >= after + 3, "three heights after the links were mended")


def traffic_gets_into_blocks(devnet):
    done = json.loads(devnet.verb("traffic", "--rate", "4", "--for", "8", "--json").stdout)
    sends = done["transactions"]["send"]
    assert sends["in_blocks"] >= 3 and sends["failed"] == 0, done
    assert sum(one["in_blocks"] for one in done["transactions"].values()) > sends["in_blocks"], f"nothing but coins: {done}"


def left_of(status):
    return [pid for pid in processes_of(status) if os.path.exists(f"/proc/{pid}")]


def goes_on_in_the_background(devnet, height):
    ready = json.loads(devnet.verb("up", "--detach", "--json").stdout)
    assert ready["is_ready"] and ready["height"] > height, ready
    refused = devnet.verb("up", "--detach", check=False)
    assert refused.returncode == 2 and "buri devnet up" in refused.stderr, refused
    status = devnet.status()
    wait_until(lambda: devnet.status()["height"] >= ready["height"] + 2, "two heights in the background")
    devnet.verb("down")
    assert not left_of(status), f"processes left: {left_of(status)}"


def run(devnet):
    print(f"ready after {devnet.start():.1f} s")
    assert all(one["signer"] == "ACTIVE" for one in devnet.status()["validators"]), devnet.status()
    devnet.verb("kill", "2")
    assert "killed by signal 9" in devnet.validator(2)["node"], devnet.validator(2)
    heights_go_on_without(devnet, 2)
    devnet.verb("start", "2")
    catches_up(devnet, 2)
    devnet.verb("kill", "3", "--part", "signer", "--gracefully")
    heights_go_on_without(devnet, 3)
    devnet.verb("start", "3")
    wait_until(lambda: devnet.validator(3)["signer"] == "ACTIVE", "the signer of validator 3 ACTIVE")
    catches_up(devnet, 3)
    a_partition_stops_the_chain(devnet)
    traffic_gets_into_blocks(devnet)
    refused = devnet.verb("kill", "9", check=False)
    assert refused.returncode == 2 and "from 1 to 4" in refused.stderr, refused
    status = devnet.status()
    height = min(one["height"] for one in status["validators"])
    hashes = {block_hash(one, height) for one in status["validators"]}
    assert len(hashes) == 1, f"at height {height}: {hashes}"
    assert devnet.verb("logs", "1").stdout.count("\n") > 3
    devnet.verb("down")
    out, _ = devnet.up.communicate(timeout=PATIENCE_S)
    assert devnet.up.returncode == 0 and json.loads(out)["event"] == "end", out
    assert not left_of(status), f"processes left: {left_of(status)}"
    goes_on_in_the_background(devnet, status["height"])
    print(f"{status['height']} heights, four equal chains")


def main():
    if not os.path.exists(SOFTHSM):
        print(f"skipped: {SOFTHSM} is not there (package softhsm2)")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="buri-devnet-", dir="/tmp") as folder:
        devnet = Devnet(pathlib.Path(sys.argv[1]), pathlib.Path(folder) / "net")
        try:
            run(devnet)
        finally:
            if devnet.up is not None and devnet.up.poll() is None:
                devnet.up.terminate()
                devnet.up.wait(timeout=PATIENCE_S)
            devnet.verb("down", check=False)  # what may run in the background
    return 0


if __name__ == "__main__":
    sys.exit(main())
