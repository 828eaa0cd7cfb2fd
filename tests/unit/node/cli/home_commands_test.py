"""The commands of `buri consensus` that work on a home, over one that a replay of the bundled chain makes.

Run as: home_commands_test.py BURI, in the source folder.
"""

import fcntl
import json
import lzma
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

CHAIN = pathlib.Path("tests/golden/heimdall-devnet-b")
GENERATOR = "tests/support/consensus/make_genesis.py"
BURI = ""


def consensus(*arguments):
    """Exit code, JSON answer (None if there is none), standard error."""
    done = subprocess.run([BURI, "consensus", *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else None, done.stderr


def replay(home, *arguments):
    code, answer, error = consensus("replay", "--genesis", CHAIN / "genesis.json.xz", "--forks", CHAIN / "forks.json",
                                    "--records", CHAIN / "blocks.jsonl.xz", "--home", home, "--json", *arguments)
    assert code == 0, error
    return answer


def fields(message):
    """Numbers and contents of a protobuf message's length-delimited fields."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while place < len(message):
        tag = varint()
        if tag & 7 == 0:
            varint()
            continue
        length = varint()
        yield tag >> 3, message[place:place + length]
        place += length


def recorded_blocks():
    with lzma.open(CHAIN / "blocks.jsonl.xz", "rt") as lines:
        for line in lines:
            record = json.loads(line)
            block = bytes.fromhex(record["block"])
            record["txs"] = [tx for number, data in fields(block) if number == 2 for _, tx in fields(data)]
            yield record


class HomeCommands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.home = pathlib.Path(cls.folder.name) / "home"
        replay(cls.home, "--until", 100)  # leaves whole trees on disk at 100
        cls.answer = replay(cls.home)
        cls.blocks = list(recorded_blocks())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def refused(self, *arguments):
        code, answer, error = consensus(*arguments)
        self.assertEqual(code, 2, error)
        self.assertEqual(error.count("\n"), 1, error)
        self.assertFalse(answer["usable"])
        return answer["reason"]

    def test_1_store_shows_the_recorded_roots_of_any_height(self):
        for height in (1, 77, 160):
            code, answer, error = consensus("inspect", "store", "--home", self.home, "--height", height, "--json")
            self.assertEqual(code, 0, error)
            record = self.blocks[height - 1]
            self.assertEqual(answer["app_hash"], record["app_hash"])
            self.assertEqual({one["store"]: one["root"] for one in answer["stores"]}, record["store_roots"])
        self.assertEqual({one["store"]: one["keys"] for one in answer["stores"]}["params"], 0)

    def test_1_store_names_what_it_does_not_know(self):
        self.assertIn("there is no store frog", self.refused("inspect", "store", "frog", "--home", self.home, "--json"))
        self.assertIn("heights 1 to 160",
                      self.refused("inspect", "store", "--home", self.home, "--height", 999, "--json"))
        self.assertIn("no home here", self.refused("inspect", "store", "--home", "/nowhere", "--json"))

    def test_1_key_is_decoded_and_proved(self):
        code, answer, error = consensus("inspect", "key", "stake", "2223", "--home", self.home, "--proof", "--json")
        self.assertEqual(code, 0, error)
        self.assertEqual(answer["table"], "current set")
        self.assertEqual(answer["value_type"], "heimdallv2.stake.ValidatorSet")
        self.assertGreater(len(answer["decoded"]["validators"]), 1)
        self.assertLessEqual(answer["written_at_height"], 160)
        self.assertEqual([one["type"] for one in answer["proof"]], ["ics23:iavl", "ics23:simple"])
        code, answer, _ = consensus("inspect", "key", "consensus", "Consensus", "--text", "--home", self.home, "--json")
        self.assertEqual((code, answer["decoded"]["block"]["max_gas"]), (0, "10000000"))

    def test_1_absent_key_is_a_negative_answer_with_a_proof(self):
        code, answer, _ = consensus("inspect", "key", "bor", "ff", "--home", self.home, "--proof", "--json")
        self.assertEqual((code, answer["exists"]), (1, False))
        self.assertEqual(len(answer["proof"]), 2)
        self.assertIn("expected a key in hex", self.refused("inspect", "key", "bor", "xyz", "--home", self.home, "--json"))

    def test_1_tx_of_the_chain_has_a_valid_signature(self):
        txs = [tx for block in self.blocks for tx in block["txs"][1:]]
        raw = pathlib.Path(self.folder.name) / "tx.bin"
        raw.write_bytes(txs[0])
        code, answer, error = consensus("inspect", "tx", raw, "--home", self.home, "--json")
        self.assertEqual(code, 0, error)
        self.assertTrue(answer["signature_is_valid"], answer)
        self.assertTrue(answer["messages"][0]["@type"].startswith("/"))
        self.assertEqual(answer["chain_id"], "heimdall-gold-b")
        _, same, _ = consensus("inspect", "tx", txs[0].hex(), "--chain-id", "heimdall-gold-b", "--account-number",
                               answer["account_number"], "--json")
        self.assertEqual(same["sign_bytes"], answer["sign_bytes"])
        _, other, _ = consensus("inspect", "tx", txs[0].hex(), "--json")
        self.assertIsNone(other["sign_bytes"])

    def test_1_bytes_that_are_no_tx_are_a_negative_answer(self):
        code, answer, _ = consensus("inspect", "tx", "0a0b", "--json")
        self.assertEqual((code, answer["valid"]), (1, False))
        self.assertIn("expected hex, base64 or an existing file", self.refused("inspect", "tx", "!!", "--json"))

    def test_1_extended_commit_and_its_parts_are_read(self):
        commit = self.blocks[50]["txs"][0]
        code, answer, error = consensus("inspect", "ve", commit.hex(), "--json")
        self.assertEqual((code, answer["kind"]), (0, "extended commit"), error)
        vote = next(one for one in answer["votes"] if one["block_id_flag"] == "commit")
        self.assertEqual(vote["vote_extension"]["height"], 50)
        votes = [dict(fields(one)) for number, one in fields(commit) if number == 2]
        extension = next(one[3] for one in votes if one.get(3))
        code, answer, _ = consensus("inspect", "ve", extension.hex(), "--json")
        self.assertEqual((code, answer["kind"], answer["height"]), (0, "vote extension", 50))
        non_rp = next(one[6] for one in votes if one.get(6))
        code, answer, _ = consensus("inspect", "ve", non_rp.hex(), "--kind", "non-rp", "--json")
        self.assertEqual((code, answer["chain_id"]), (0, "heimdall-gold-b"))
        code, answer, _ = consensus("inspect", "ve", "ffff", "--json")
        self.assertEqual((code, answer["valid"]), (1, False))

    def test_2_init_makes_a_home_that_replay_goes_on_from(self):
        home = pathlib.Path(self.folder.name) / "imported"
        init = ("init", "--home", home, "--genesis", CHAIN / "genesis.json.xz", "--json")
        self.assertIn("give --forks", self.refused(*init))
        code, answer, error = consensus(*init, "--forks", CHAIN / "forks.json")
        self.assertEqual(code, 0, error)
        self.assertEqual((answer["chain_id"], answer["first_height"], answer["validators"]), ("heimdall-gold-b", 1, 4))
        self.assertIn("holds the genesis of first height 1 and no block",
                      self.refused(*init, "--forks", CHAIN / "forks.json"))
        again = replay(home)
        self.assertTrue(again["equal"])
        self.assertEqual((again["equal_heights"], again["app_hash"]), (160, self.answer["app_hash"]))
        self.assertIn("holds heights 1 to 160", self.refused(*init, "--forks", CHAIN / "forks.json"))

    def assert_memory_is_bounded(self, answer):
        if os.environ.get("BURI_SANITIZED") != "1":  # sanitizers keep freed memory back
            self.assertLess(answer["peak_memory_bytes"], 600 << 20)

    def test_2_init_reads_lists_that_are_longer_than_is_held(self):
        folder = pathlib.Path(self.folder.name)
        genesis = folder / "long.json"
        megabytes = 1000 if os.environ.get("BURI_TEST_LONG") == "1" else 12
        subprocess.run([sys.executable, GENERATOR, str(megabytes), genesis], check=True)
        init = ("init", "--home", folder / "long", "--genesis", genesis, "--forks", CHAIN / "forks.json", "--json")
        killed = subprocess.Popen([BURI, "consensus", *map(str, init)], stdout=subprocess.DEVNULL)
        while not (folder / "long" / "CURRENT").exists() and killed.poll() is None:
            time.sleep(0.01)
        time.sleep(0.1)
        killed.kill()
        if killed.wait() == 0:  # it was faster
            shutil.rmtree(folder / "long")
        code, answer, error = consensus(*init)
        self.assertEqual((code, answer["bytes"]), (0, genesis.stat().st_size), error)
        self.assert_memory_is_bounded(answer)
        old = json.loads(genesis.read_text())["app_state"] if megabytes < 100 else None
        genesis.unlink()
        exported = folder / "long-again.json"
        code, answer, error = consensus("export", "--home", folder / "long", "--genesis-time", "2026-11-25T17:14:57Z",
                                        "--output", exported, "--json")
        self.assertEqual(code, 0, error)
        self.assert_memory_is_bounded(answer)
        if old is not None:
            new = json.loads(exported.read_text())["app_state"]
            for module, name in (("clerk", "event_records"), ("milestone", "milestones"), ("checkpoint", "checkpoints"),
                                 ("bor", "spans")):
                self.assertEqual(len(new[module][name]), len(old[module][name]))
                for place in (0, 7, -1):
                    self.assertEqual(new[module][name][place], old[module][name][place])

    def test_2_export_is_a_genesis_that_exports_the_same_again(self):
        folder = pathlib.Path(self.folder.name)
        time = "2026-11-25T17:14:57Z"
        files = [folder / f"export-{number}.json" for number in range(3)]
        home = self.home
        for number, file in enumerate(files):
            code, answer, error = consensus("export", "--home", home, "--genesis-time", time, "--output", file, "--json")
            self.assertEqual(code, 0, error)
            self.assertEqual((answer["initial_height"], answer["bytes"]), (161, file.stat().st_size))
            home = folder / f"exported-{number}"
            code, answer, error = consensus("init", "--home", home, "--genesis", file, "--forks", CHAIN / "forks.json",
                                            "--json")
            self.assertEqual((code, answer["first_height"]), (0, 161), error)
        self.assertEqual(files[1].read_bytes(), files[2].read_bytes())
        genesis = json.loads(files[0].read_text())
        self.assertEqual(genesis["genesis_time"], time)
        self.assertEqual(genesis["consensus"]["params"]["block"]["max_gas"], "10000000")
        old = ("export", "--home", self.home, "--genesis-time", time, "--output", folder / "old.json", "--json")
        code, answer, error = consensus(*old, "--height", 77)
        self.assertEqual((code, answer["initial_height"]), (0, 78), error)
        self.assertIn("a file that is there", self.refused(*old))
        self.assertIn("there is no height 999", self.refused(*old, "--height", 999))
        self.assertIn("expected a time", self.refused(*old[:4], "yesterday", *old[5:]))

    def test_2_migrate_turns_an_export_of_v1_into_a_genesis(self):
        old = pathlib.Path("tests/fuzz/node/corpus/genesis_migration/small")
        new = pathlib.Path(self.folder.name) / "migrated.json"
        migrate = ("migrate", "--genesis", old, "--chain-id", "heimdall-new", "--genesis-time", "2025-07-10T14:00:00Z",
                   "--initial-height", 500, "--output", new, "--json")
        code, answer, error = consensus(*migrate)
        self.assertEqual((code, answer["initial_height"]), (0, 500), error)
        genesis = json.loads(new.read_text())
        self.assertEqual((genesis["chain_id"], genesis["initial_height"]), ("heimdall-new", "500"))
        self.assertIn("stake", genesis["app_state"])
        other = new.with_suffix(".other")
        self.assertIn("genesis of auth", self.refused("migrate", "--genesis", CHAIN / "genesis.json.xz", *migrate[3:9],
                                                      "--output", other, "--json"))
        self.assertFalse(other.exists())

    def test_2_a_home_in_use_is_refused(self):
        with open(self.home / "LOCK", "r+") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            for verb in (("inspect", "store"), ("prune", "--keep", 1), ("rollback", "--to", 100)):
                self.assertIn("another process uses this home", self.refused(*verb, "--home", self.home, "--json"))

    def test_3_rollback_leaves_a_height_that_replay_goes_on_from(self):
        code, answer, error = consensus("rollback", "--home", self.home, "--to", 120, "--json")
        self.assertEqual(code, 0, error)
        self.assertEqual((answer["height"], answer["removed_heights"]), (120, 40))
        self.assertEqual(answer["app_hash"], self.blocks[119]["app_hash"])
        self.assertIn("heights 1 to 120", self.refused("rollback", "--home", self.home, "--to", 121, "--json"))
        again = replay(self.home)
        self.assertTrue(again["equal"])
        self.assertEqual((again["resumed_heights"], again["app_hash"]), (120, self.answer["app_hash"]))

    def test_4_prune_keeps_what_was_asked_for_and_its_roots(self):
        code, answer, error = consensus("prune", "--home", self.home, "--below", 110, "--json")
        self.assertEqual(code, 0, error)
        self.assertEqual((answer["oldest_height"], answer["removed_heights"]), (100, 99))
        self.assertIn("heights 100 to 160",
                      self.refused("inspect", "store", "--home", self.home, "--height", 99, "--json"))
        for height in (100, 111, 160):
            code, answer, error = consensus("inspect", "store", "--home", self.home, "--height", height, "--json")
            self.assertEqual((code, answer["app_hash"]), (0, self.blocks[height - 1]["app_hash"]), error)
        code, answer, error = consensus("inspect", "key", "stake", "26", "--home", self.home, "--height", 105, "--proof",
                                        "--json")
        self.assertEqual((code, answer["written_at_height"]), (0, 105), error)
        code, answer, _ = consensus("prune", "--home", self.home, "--keep", 1, "--json")
        self.assertEqual((code, answer["oldest_height"], answer["height"]), (0, 160, 160))
        self.assertIn("nothing below 161", self.refused("prune", "--home", self.home, "--below", 161, "--json"))


if __name__ == "__main__":
    BURI = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
