#!/usr/bin/env python3
"""A stock heimdalld, alone on a network of its own, votes through buri-signer and SoftHSM.

Signer, HSM worker and daemon are killed (SIGKILL), the signer's service is restarted (SIGTERM), at seeded moments while
heights are made. Fails if the chain stops, if the signer does not call the daemon again within three seconds of its own or
the daemon's restart, if it halts or signs two things at one step, or if a block's commit is not the precommit that the
audit log says the key has signed.

Skipped (exit status 77) without a stock daemon. `--record FILE` kills nobody: it writes down what daemon and signer say to
each other, pings and refusals included (tests/golden/signer/privval-exchange.jsonl was made so).
"""

import argparse
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

from chain_audit import AuditLog, check_height, verify_commit
from privval_recorder import PrivvalRecorder
from signer_over_softhsm import SignerOverSoftHsm
from stock_heimdalld import StockHeimdalld

VICTIMS = ["signer", "worker", "daemon", "service"]
RECONNECT_S = 3  # the promise of docs/signer.md
PATIENCE_S = 60  # for a height, kills, restarts and a busy machine included
BLOCK_S = 0.3
SIGNING_S = 0.02  # from a proposal to its precommit
QUIET_S = 30
RECORDED_HEIGHTS = 4
SECONDS_UNTIL_PING = 4  # a daemon that has nothing to ask for 3.3 s pings
VERIFIED_EVERY = 10  # heights; each takes a process of its own
SKIPPED = 77


def parse_arguments():
    is_long = "BURI_TEST_LONG" in os.environ
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path, help="the folder of buri, buri-signer and buri-hsm")
    parser.add_argument("--heimdalld", default=os.environ.get("BURI_STOCK_HEIMDALLD"),
                        help="the stock daemon's program; default: BURI_STOCK_HEIMDALLD")
    parser.add_argument("--heights", type=int, default=200 if is_long else 40, help="to make (200 with BURI_TEST_LONG)")
    parser.add_argument("--kills", type=int, default=10 if is_long else 2, help="of each kind (10)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the moments of the kills")
    parser.add_argument("--quiet", action="store_true", default=is_long,
                        help=f"end with heights {QUIET_S} s apart (with BURI_TEST_LONG)")
    parser.add_argument("--record", type=pathlib.Path, help="write the exchange here, kill nobody")
    parser.add_argument("--keep", action="store_true", help="leave the folder of the run")
    return parser.parse_args()


def wait_until(condition, seconds, what):
    """How long it took, in seconds."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise SystemExit(f"{what} not within {seconds} s")
        time.sleep(0.001)
    return time.monotonic() - began


class Kills:
    """Kills at seeded moments, and how long each took to get over."""

    def __init__(self, daemon, signer, seed, heights, count):
        self.daemon, self.signer, self.random = daemon, signer, random.Random(seed)
        names = VICTIMS * count
        self.random.shuffle(names)
        self.plan = list(zip(sorted(self.random.sample(range(2, heights - 1), len(names))), names))
        self.reconnects = {name: [] for name in VICTIMS if name != "worker"}
        self.next_heights = {name: [] for name in VICTIMS}

    def run(self):
        for height, name in self.plan:
            self.daemon.wait_for_height(height, PATIENCE_S)
            self.wait_for_moment()
            reached = self.daemon.height()
            began = time.monotonic()
            self.kill(name)
            self.daemon.wait_for_height(reached + 1, PATIENCE_S)
            self.next_heights[name].append(time.monotonic() - began)
            self.signer.wait_for_state("ACTIVE", PATIENCE_S)

    def wait_for_moment(self):
        """Any moment of a height, or one in the short while in which its steps are signed."""
        if self.random.random() < 0.5:
            time.sleep(self.random.uniform(0, 2 * BLOCK_S))
            return
        before = self.signer.audit_bytes()
        wait_until(lambda: self.signer.audit_bytes() > before, PATIENCE_S, "the next step")
        time.sleep(self.random.uniform(0, SIGNING_S))

    def kill(self, name):
        if name == "worker":
            self.signer.kill_worker()
            return
        before = self.signer.connections()
        if name == "signer":
            self.signer.kill()
        elif name == "service":
            self.signer.end()
            self.signer.start()
        else:
            self.daemon.kill()
            wait_until(self.daemon.socket.exists, PATIENCE_S, "the daemon waits for its signer")
        self.reconnects[name].append(
            wait_until(lambda: self.signer.connections() > before, RECONNECT_S, f"after the {name}: reconnected"))

    def summary(self):
        for name, times in self.next_heights.items():
            line = f"{name}: ended {len(times)} times, next height after {spread(times)}"
            if name in self.reconnects:
                line += f", reconnected after {spread(self.reconnects[name])}"
            yield line


def spread(times):
    times = sorted(times)
    return f"{times[len(times) // 2]:.2f} s (median), {times[-1]:.2f} s (worst)" if times else "nothing"


def stay_quiet(daemon, signer):
    """A signer killed between two heights far apart is there for the next one as if nothing had been.

    The daemon's pings find the new connection and keep it; dead ones that queue up before it would cost the round.
    """
    daemon.set("config.toml", "timeout_commit", f"{QUIET_S}s")
    daemon.kill()
    height = daemon.wait_for_height(daemon.height() + 1, PATIENCE_S)
    before = signer.connections()
    signer.kill()
    daemon.wait_for_height(height + 1, QUIET_S + PATIENCE_S)
    assert signer.connections() == before + 1, f"{signer.connections() - before} connections in {QUIET_S} s"
    assert daemon.ask(f"commit?height={height + 1}")["signed_header"]["commit"]["round"] == 0, "a round was lost"
    yield f"killed {QUIET_S} s before a height: one connection, no round lost"


def check(daemon, signer, programs, folder):
    """Compares the signer's log with the chain's blocks; the lines of a report."""
    words = next(line.split() for line in signer.say("status").splitlines() if line.startswith("audit "))
    signer.end()
    log = AuditLog(programs, signer.folder / "audit", head=":".join(words[1:]))
    assert not log.halts, f"the signer halted: {log.halts}"
    assert not log.double_signs(), f"signed twice: {log.double_signs()}"
    reached = daemon.height() - 1  # whose commit no later round replaces
    for height in range(1, reached + 1):
        commit, validators = check_height(daemon, log, height)
        if height % VERIFIED_EVERY == 0:
            verify_commit(programs, folder, commit, validators)
    yield f"audit log: {', '.join(f'{count} {event}' for event, count in sorted(log.events.items()))}"
    yield f"refused by rule: {dict(log.refusals) or 'nothing'}"
    yield f"{len(log.steps)} steps signed, none twice; no halt"
    yield f"commits 1 to {reached}: ours, the very precommits of the audit log; every {VERIFIED_EVERY}th verified"


def record(daemon, signer):
    """A few heights, pings between them, and a refusal of a proposal and of a vote."""
    daemon.wait_for_height(RECORDED_HEIGHTS, RECORDED_HEIGHTS * (SECONDS_UNTIL_PING + PATIENCE_S))
    signer.write_policy("proposals = false\nvotes = false\n")
    signer.say("reload")
    log = signer.folder / "audit" / "audit-00000000000000000001.log"
    wait_until(lambda: log.read_text().count("\trefused\t") >= 2, PATIENCE_S, "two refusals")
    return [f"recorded {RECORDED_HEIGHTS} heights"]


def play(arguments, folder):
    """The lines of a report."""
    programs = arguments.programs.resolve()
    daemon = StockHeimdalld(arguments.heimdalld, folder, SECONDS_UNTIL_PING if arguments.record else BLOCK_S)
    privval = daemon.socket
    if arguments.record:
        privval = PrivvalRecorder(arguments.record, daemon.socket, folder / "recorder.sock").path
    signer = SignerOverSoftHsm(programs, folder, daemon.key, privval)
    try:
        signer.start()
        daemon.start()
        daemon.wait_for_height(1, PATIENCE_S)
        if arguments.record:
            return record(daemon, signer)
        kills = Kills(daemon, signer, arguments.seed, arguments.heights, arguments.kills)
        kills.run()
        reached = daemon.wait_for_height(arguments.heights + 1, PATIENCE_S + arguments.heights)
        quiet = list(stay_quiet(daemon, signer)) if arguments.quiet else []
        return [f"{reached} heights", *kills.summary(), *quiet, *check(daemon, signer, programs, folder)]
    finally:
        daemon.end()
        signer.end()


def main():
    arguments = parse_arguments()
    if not arguments.heimdalld:
        print("skipped: no stock heimdalld was given (--heimdalld PATH or BURI_STOCK_HEIMDALLD)")
        return SKIPPED
    folder = pathlib.Path(tempfile.mkdtemp(prefix="buri-stock-"))
    print(f"seed {arguments.seed}", flush=True)
    began = time.monotonic()
    try:
        lines = play(arguments, folder)
    except BaseException:
        print(f"kept: {folder}", file=sys.stderr)
        raise
    print("\n".join([*lines, f"took {time.monotonic() - began:.0f} s"]))
    if arguments.keep:
        print(f"kept: {folder}")
    else:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
