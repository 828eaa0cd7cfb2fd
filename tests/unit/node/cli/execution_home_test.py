"""The commands of `buri execution` that work on a home, over the recorded chain Z.

Run as: execution_home_test.py BURI GOLDEN, where GOLDEN holds bor-devnet; without it exit code 77.
"""

import hashlib
import json
import lzma
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BURI = ""
CHAIN = pathlib.Path()


def execution(*arguments):
    """Exit code, JSON answer (None if there is none), standard error."""
    done = subprocess.run([BURI, "execution", *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else None, done.stderr


class ExecutionHome(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.place = pathlib.Path(cls.folder.name)
        cls.home = cls.place / "home"
        cls.headers = {}
        with lzma.open(CHAIN / "headers.tsv.xz", "rt") as rows:
            next(rows)
            for row in rows:
                number, block_hash, root = row.split("\t")[:3]
                cls.headers[int(number)] = (block_hash, root)
        cls.last = max(cls.headers)
        cls.raw = lzma.open(CHAIN / "blocks.rlp.xz").read()
        cls.blocks = cls.place / "blocks.rlp"
        cls.blocks.write_bytes(cls.raw)
        cls.heimdall = CHAIN / "heimdall.json.xz"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def done(self, *arguments):
        code, answer, error = execution(*arguments, "--json")
        self.assertEqual(code, 0, error)
        return answer

    def negative(self, *arguments):
        code, answer, error = execution(*arguments, "--json")
        self.assertEqual(code, 1, error)
        return answer

    def refused(self, *arguments):
        code, answer, error = execution(*arguments, "--json")
        self.assertEqual(code, 2, error)
        self.assertEqual(error.count("\n"), 1, error)
        self.assertFalse(answer["usable"])
        return answer["reason"]

    def begin(self, name):
        home = self.place / name
        self.done("init", "--genesis", CHAIN / "genesis.json.xz", "--home", home)
        return home

    def load(self, home, *more):
        return self.done("import", self.blocks, "--home", home, "--heimdall", self.heimdall, *more)

    def test_1_init_begins_a_chain_and_takes_new_settings(self):
        self.assertIn("no home here", self.refused("inspect", "block", "latest", "--home", self.home))
        answer = self.done("init", "--genesis", CHAIN / "genesis.json.xz", "--home", self.home)
        self.assertTrue(answer["begun"])
        self.assertEqual(answer["genesis_hash"], self.headers[0][0])
        self.assertEqual(answer["head_number"], 0)
        again = self.done("init", "--genesis", CHAIN / "genesis.json.xz", "--home", self.home)
        self.assertFalse(again["begun"])
        genesis = json.loads(lzma.open(CHAIN / "genesis.json.xz").read())
        genesis["gasLimit"] = "0x1234567"
        other = self.place / "other.json"
        other.write_text(json.dumps(genesis))
        self.assertIn("expected the chain of genesis", self.refused("init", "--genesis", other, "--home", self.home))
        other.write_text('{"config":{}}')
        self.assertIn("config.chainId", self.refused("init", "--genesis", other, "--home", self.home))

    def test_2_import_goes_on_where_it_ended(self):
        first = self.load(self.home, "--until", 40)
        self.assertEqual((first["blocks"], first["head_number"]), (40, 40))
        self.assertEqual(first["head_hash"], self.headers[40][0])
        second = self.load(self.home)
        self.assertEqual((second["known_blocks"], second["blocks"]), (40, self.last - 40))
        self.assertEqual((second["head_hash"], second["state_root"]), self.headers[self.last])
        packed = self.done("import", CHAIN / "blocks.rlp.xz", "--home", self.home, "--heimdall", self.heimdall)
        self.assertEqual(packed["known_blocks"], self.last)
        abreast = self.load(self.begin("abreast"), "--workers", 3)
        self.assertEqual((abreast["blocks"], abreast["transactions"], abreast["milestones"]),
                         (self.last, first["transactions"] + second["transactions"],
                          first["milestones"] + second["milestones"]))
        self.assertEqual((abreast["head_hash"], abreast["state_root"]), self.headers[self.last])

    def test_3_a_wrong_block_ends_an_import(self):
        home = self.begin("wrong")
        broken = bytearray(self.raw)
        at = self.raw.index(bytes.fromhex(self.headers[3][1][2:]))  # the state root of block 3
        broken[at] ^= 1
        file = self.place / "broken.rlp"
        file.write_bytes(broken)
        answer = self.negative("import", file, "--home", home, "--heimdall", self.heimdall)
        self.assertEqual((answer["complete"], answer["head_number"], answer["refused"]["block"]), (False, 2, 3))
        file.write_bytes(self.raw[:-1])
        self.assertIn("expected a whole block",
                      self.refused("import", file, "--home", home, "--heimdall", self.heimdall))
        file.write_bytes(b"frog")
        self.assertIn("byte 0: expected a block",
                      self.refused("import", file, "--home", home, "--heimdall", self.heimdall))
        file.write_text("{}")
        code, answer, error = execution("import", self.blocks, "--home", self.begin("silent"), "--heimdall", file, "--json")
        self.assertEqual((code, answer["refused"]["block"]), (2, 1), error)

    def test_3_export_writes_what_import_reads(self):
        file = self.place / "export.rlp"
        answer = self.done("export", file, "--home", self.home)
        self.assertEqual((answer["blocks"], answer["bytes"]), (self.last, len(self.raw)))
        self.assertEqual(hashlib.sha256(file.read_bytes()).digest(), hashlib.sha256(self.raw).digest())
        self.assertIn("a file that is there", self.refused("export", file, "--home", self.home))
        self.assertEqual([entry.name for entry in self.place.glob("export*")], ["export.rlp"])
        part = self.done("export", self.place / "part.rlp", "--home", self.home, "--from", 5, "--to", 9)
        self.assertEqual(part["blocks"], 5)
        self.assertIn("to the head", self.refused("export", self.place / "x", "--home", self.home, "--to", 999))

    def test_3_inspect_shows_blocks_and_transactions(self):
        block = self.done("inspect", "block", "latest", "--home", self.home)
        self.assertEqual((block["number"], block["hash"]), (self.last, self.headers[self.last][0]))
        by_hash = self.done("inspect", "block", self.headers[7][0], "--home", self.home)
        self.assertEqual((by_hash["number"], by_hash["canonical"]), (7, True))
        shown = 0
        with lzma.open(CHAIN / "tx-gas.tsv.xz", "rt") as rows:
            next(rows)
            for row in list(rows)[::40]:
                number, index, tx, _, gas, status, logs = row.split("\t")
                answer = self.done("inspect", "tx", tx, "--home", self.home)
                self.assertEqual((answer["block_number"], answer["index"]), (int(number), int(index)))
                self.assertEqual((answer["gas_used"], len(answer["logs"])), (int(gas), int(logs)))
                self.assertEqual(answer["succeeded"], int(status, 16) == 1)
                shown += 1
        self.assertGreater(shown, 1)
        self.assertFalse(self.negative("inspect", "tx", "0x" + "11" * 32, "--home", self.home)["exists"])
        self.assertFalse(self.negative("inspect", "block", 999, "--home", self.home)["exists"])
        self.assertIn("expected a block's number", self.refused("inspect", "block", "frog", "--home", self.home))

    def test_3_inspect_shows_the_state(self):
        with lzma.open(CHAIN / "state.jsonl.xz", "rt") as lines:
            record = json.loads(list(lines)[-1])
        address, account = max(record["accounts"].items(), key=lambda one: len(one[1].get("storage") or {}))
        number = int(record["number"])
        answer = self.done("inspect", "account", address, "--home", self.home, "--block", number, "--code")
        self.assertEqual((answer["nonce"], answer["balance_wei"]), (int(account["nonce"]), account["balance"]))
        self.assertEqual((answer["storage_root"], answer["code_hash"]), (account["root"], account["codeHash"]))
        slot, value = next(iter(account["storage"].items()))
        answer = self.done("inspect", "storage", address, slot, "--home", self.home, "--block", number)
        self.assertEqual(int(answer["value"], 16), int(value, 16))
        trie = self.done("inspect", "trie", address, slot, "--home", self.home, "--block", number)
        self.assertEqual(trie["nodes"][0]["hash"], trie["state_root"])
        self.assertEqual(trie["slot_nodes"][0]["hash"], account["root"])
        self.assertEqual(trie["slot_nodes"][-1]["kind"], "leaf")
        self.assertEqual(self.done("inspect", "trie", "--home", self.home)["root_node"]["hash"], self.headers[self.last][1])
        self.assertFalse(self.negative("inspect", "account", "0x" + "12" * 20, "--home", self.home)["exists"])
        self.assertIn("is not kept", self.refused("inspect", "account", address, "--home", self.home, "--block", 500))
        self.assertTrue(self.done("verify-state", "--home", self.home)["equal"])

    def test_4_rewind_removes_what_lies_above(self):
        answer = self.done("rewind", "--home", self.home, "--to", 30)
        self.assertEqual((answer["head_number"], answer["removed_blocks"]), (30, self.last - 30))
        self.assertEqual((answer["head_hash"], answer["state_root"]), self.headers[30])
        self.assertFalse(self.negative("inspect", "block", self.headers[31][0], "--home", self.home)["exists"])
        self.assertTrue(self.done("verify-state", "--home", self.home)["equal"])
        self.assertIn("expected a block from 0 to the head 30", self.refused("rewind", "--home", self.home, "--to", 31))
        again = self.load(self.home)
        self.assertEqual((again["head_hash"], again["state_root"]), self.headers[self.last])

    def test_4_prune_keeps_what_a_reorg_may_need(self):
        self.assertIn("expected at least 1024", self.refused("prune", "--home", self.home, "--keep", 5))
        answer = self.done("prune", "--home", self.home, "--keep", 2000)
        self.assertEqual((answer["kept_blocks"], answer["pruned_blocks"]), (2000, 0))

    def test_5_a_killed_import_loses_no_finished_block(self):
        home = self.begin("killed")
        command = [BURI, "execution", "import", self.blocks, "--home", home, "--heimdall", self.heimdall]
        for delay in (0.05, 0.1, 0.2, 0.4):
            child = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
            child.wait()
            self.assertTrue(self.done("verify-state", "--home", home)["equal"])
            block = self.done("inspect", "block", "latest", "--home", home)
            self.assertEqual((block["hash"], block["state_root"]), self.headers[block["number"]])
        self.assertEqual(self.load(home)["head_hash"], self.headers[self.last][0])


if __name__ == "__main__":
    BURI = str(pathlib.Path(sys.argv.pop(1)).resolve())
    beside = pathlib.Path(sys.argv.pop(1))
    golden = pathlib.Path(os.environ["BURI_FIXTURES"]) / "../golden" if "BURI_FIXTURES" in os.environ else beside
    CHAIN = golden / "bor-devnet" / "chain-z"
    if not CHAIN.exists():
        print(f"{CHAIN} is absent: set BURI_FIXTURES")
        sys.exit(77)
    unittest.main(verbosity=2)
