"""What a key signed, by the signer's audit log and by the blocks of the chain, compared."""

import base64
import collections
import json
import re

from stock_heimdalld import run

STEP = re.compile(r"sign_(?:vote|proposal) height=(\d+) round=(\d+)(?: type=(\w+))? block=(\w+)")
FIELD_COUNT = 9  # docs/formats/audit-log.md


class AuditLog:
    """The log of a folder, after `buri signer audit verify` found nothing wrong with it."""

    def __init__(self, programs, folder, head):
        run([programs / "buri", "signer", "audit", "verify", folder, "--head", head])
        self.events = collections.Counter()
        self.refusals = collections.Counter()
        self.halts = []
        # (purpose, height, round, type): what was signed there, each time as (block, digest, signature)
        self.steps = collections.defaultdict(set)
        for segment in sorted(folder.glob("audit-*.log")):
            for line in segment.read_text().splitlines():
                self.add(line.split("\t"))

    def add(self, fields):
        assert len(fields) == FIELD_COUNT, f"no line of an audit log: {fields}"
        _, _, event, purpose, _, digest, signature, detail, _ = fields
        self.events[event] += 1
        if event == "refused":
            self.refusals[detail.split(":")[0]] += 1
        if event == "state" and "HALTED" in detail:
            self.halts.append(detail)
        if event in ("signed", "replayed") and purpose in ("vote", "proposal"):
            height, round_number, kind, block = STEP.fullmatch(detail).groups()
            self.steps[purpose, int(height), int(round_number), kind].add((block, digest, signature))

    def double_signs(self):
        """Steps at which the key signed two different things, or one thing by two signatures that left."""
        return {step: made for step, made in self.steps.items() if len(made) != 1}


def check_height(daemon, log, height):
    """The block's commit is by our key and is the very precommit of the audit log. Returns it and the validators."""
    commit = daemon.ask(f"commit?height={height}")
    validators = daemon.ask(f"validators?height={height}")
    assert commit and validators, f"the daemon has no commit {height}"
    header = commit["signed_header"]
    assert header["header"]["height"] == str(height)
    (vote,) = header["commit"]["signatures"]
    assert vote["validator_address"].lower() == daemon.key["address"].lower(), f"height {height}: another validator"
    signature = base64.b64decode(vote["signature"]).hex()
    block = header["commit"]["block_id"]["hash"].lower()
    made = log.steps["vote", height, header["commit"]["round"], "precommit"]
    assert {(it[0], it[2]) for it in made} == {(block, signature)}, f"height {height}: not what the log says: {made}"
    return commit, validators


def verify_commit(programs, folder, commit, validators):
    """Has `buri verify` recompute the header's hash, the validators' hash and the signature."""
    for name, result in (("commit", commit), ("validators", validators)):
        (folder / f"{name}.json").write_text(json.dumps({"jsonrpc": "2.0", "id": -1, "result": result}))
    run([programs / "buri", "verify", "commit", folder / "commit.json", "--validators", folder / "validators.json"])
