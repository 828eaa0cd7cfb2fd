#!/usr/bin/env python3
"""A stock heimdalld, alone on a network of its own, votes through buri-signer and SoftHSM.

Signer, HSM worker and daemon are killed (SIGKILL) in turn while heights are made. Fails if a height is not reached in
time, if the signer refuses something as equivocation or halts, if the audit log does not verify, or if a reported step
was signed over two different block ids. Usage: stock_daemon.py PROGRAMS, the folder of buri, buri-signer and buri-hsm.

BURI_STOCK_HEIMDALLD  the daemon's binary; without it exit status 77 (skipped)
BURI_STOCK_HEIGHTS    heights to make, 40 by default
BURI_STOCK_KILLS      kills in that time, 6 by default
BURI_STOCK_RECORD     a file for what daemon and signer say to each other: one JSON object a line, "daemon" or "signer"
                      holding the bytes in hex (tests/golden/signer/privval-exchange.jsonl was made so, without kills)
BURI_STOCK_KEEP       if set, the folder of the run stays
"""

import base64
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

CHAIN_ID = "heimdall-local-1"
PIN = "stock daemon"
MODULE = "/usr/lib/softhsm/libsofthsm2.so"
SECONDS_PER_HEIGHT = 6  # far above what a height takes, kills included


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """Stock heimdalld whose key file is a decoy: its validator key is elsewhere."""

    def __init__(self, program, folder):
        self.program, self.folder, self.process = program, folder, None
        self.socket = folder / "privval.sock"
        self.rpc = free_port()
        self.home = self.make_testnet("daemon")
        self.key = json.loads((self.home / "config/priv_validator_key.json").read_text())
        decoy = self.make_testnet("decoy")
        shutil.copy(decoy / "config/priv_validator_key.json", self.home / "config/priv_validator_key.json")
        self.set("config.toml", "priv_validator_laddr", f"unix://{self.socket}")
        self.set("config.toml", "timeout_commit", "300ms")
        self.set("config.toml", "pprof_laddr", "")
        self.set("config.toml", "laddr", f"tcp://127.0.0.1:{self.rpc}", "rpc")
        self.set("config.toml", "laddr", f"tcp://127.0.0.1:{free_port()}", "p2p")
        self.set("app.toml", "address", f"tcp://127.0.0.1:{free_port()}", "api")
        self.set("app.toml", "address", f"127.0.0.1:{free_port()}", "grpc")
        self.set("app.toml", "chain", "local")

    def make_testnet(self, name):
        home = self.folder / name
        run([self.program, "create-testnet", "--v", "1", "--n", "0", "--chain-id", CHAIN_ID, "--output-dir", home,
             "--home", home])
        return home / "node0/heimdalld"

    def set(self, file, name, value, section=None):
        path = self.home / "config" / file
        text = path.read_text()
        start = text.index(f"\n[{section}]") if section else 0
        changed, count = re.subn(rf'(?m)^{name} *= *".*"$', f'{name} = "{value}"', text[start:], count=1)
        assert count == 1, f"{file} has no {name}"
        path.write_text(text[:start] + changed)

    def start(self):
        with open(self.folder / "daemon.log", "a") as log:
            self.process = subprocess.Popen([self.program, "start", "--home", self.home, "--chain", "local"],
                                            stdout=log, stderr=log)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)
        self.start()

    def height(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.rpc}/status", timeout=2) as answer:
                return int(json.load(answer)["result"]["sync_info"]["latest_block_height"])
        except (OSError, ValueError, KeyError):
            return 0


class Recorder:
    """Stands between signer and daemon and writes down what passes."""

    def __init__(self, file, daemon):
        self.daemon, self.file = daemon.socket, open(file, "w")
        self.path = daemon.folder / "recorder.sock"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            signer, _ = self.listener.accept()
            daemon = socket.socket(socket.AF_UNIX)
            try:
                daemon.connect(str(self.daemon))
            except OSError:
                signer.close()
                continue
            for speaker, source, target in (("daemon", daemon, signer), ("signer", signer, daemon)):
                threading.Thread(target=self.pass_on, args=(speaker, source, target), daemon=True).start()

    def pass_on(self, speaker, source, target):
        try:
            while data := source.recv(65536):
                self.file.write(json.dumps({speaker: data.hex()}) + "\n")
                self.file.flush()
                target.sendall(data)
        except OSError:
            pass
        target.close()


class Signer:
    def __init__(self, programs, folder, daemon, privval):
        self.programs, self.folder, self.process = programs, folder, None
        for name in ("tokens", "state", "audit"):
            (folder / name).mkdir()
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
        (folder / "pin").write_text(PIN)
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
        self.import_key(base64.b64decode(daemon.key["priv_key"]["value"]))
        (folder / "policy.toml").write_text(
            f'version = 1\n[key]\nrequire_hsm_born = false\n[consensus]\nchain_id = "{CHAIN_ID}"\n'
            "[checkpoint]\nbor_chain_id = 15001\n")
        users = f"users = [\"{os.getuid()}\"]\n"
        (folder / "signer.toml").write_text(
            f'[key]\npublic_key = "{base64.b64decode(daemon.key["pub_key"]["value"]).hex()}"\n'
            f'[state]\ndirectory = "{folder}/state"\naudit_directory = "{folder}/audit"\nledgers = ["consensus"]\n'
            f'policy_file = "{folder}/policy.toml"\nactivates_by_itself = true\n'
            f'[hsm]\nworker = "{programs}/buri-hsm"\n[[hsm.device]]\nname = "softhsm"\nprofile = "softhsm"\n'
            f'uri = "pkcs11:token=validator;object=validator;type=private?module-path={MODULE}"\n'
            f'pin_file = "{folder}/pin"\nenvironment = ["SOFTHSM2_CONF={folder}/softhsm2.conf"]\n'
            f'[[privval]]\npath = "{privval}"\ntimeout_ms = 3000\n{users}'
            f'[admin]\npath = "{folder}/admin.sock"\n{users}')
        run([programs / "buri", "signer", "init-state", "--state-dir", folder / "state", "--address",
             daemon.key["address"], "--ledger", "consensus", "--start", "1"])

    def import_key(self, scalar):
        sec1 = bytes.fromhex("302e0201010420") + scalar + bytes.fromhex("a00706052b8104000a")
        pem = self.folder / "key.pem"
        run(["openssl", "pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-out", pem], data=sec1)
        run(["softhsm2-util", "--init-token", "--free", "--label", "validator", "--so-pin", PIN, "--pin", PIN])
        run(["softhsm2-util", "--import", pem, "--token", "validator", "--label", "validator", "--id", "01", "--pin", PIN])
        pem.unlink()

    def start(self):
        with open(self.folder / "signer.log", "a") as log:
            self.process = subprocess.Popen([self.programs / "buri-signer", "--config", self.folder / "signer.toml"],
                                            stdout=log, stderr=log)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.start()

    def kill_worker(self):
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                os.kill(int(child), signal.SIGKILL)

    def check(self):
        run([self.programs / "buri", "signer", "audit", "verify", self.folder / "audit"])
        lines = "".join(path.read_text() for path in sorted((self.folder / "audit").glob("*.log")))
        assert "equivocation" not in lines, "something was refused as equivocation"
        assert "HALTED" not in (self.folder / "signer.log").read_text(), "the signer halted"
        blocks = {}
        for step, block in re.findall(r"\t(sign_\w+ height=\d+ round=\d+[^\t]*?) block=(\w+)", lines):
            assert blocks.setdefault(step, block) == block, f"{step} was signed for two blocks"
        assert blocks, "the audit log names no signed step"
        return len(blocks)


def run(command, data=None):
    done = subprocess.run([str(word) for word in command], input=data, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {(done.stdout + done.stderr).decode(errors='replace')}")
    return done.stdout


def wait_for_height(daemon, wanted, seconds):
    end = time.monotonic() + seconds
    while (height := daemon.height()) < wanted:
        if time.monotonic() > end:
            raise SystemExit(f"height {wanted} was not reached in {seconds} s, only {height}")
        time.sleep(0.2)
    return height


def main():
    program = os.environ.get("BURI_STOCK_HEIMDALLD")
    if not program:
        print("skipped: BURI_STOCK_HEIMDALLD names no stock daemon")
        return 77
    heights = int(os.environ.get("BURI_STOCK_HEIGHTS", "40"))
    kills = int(os.environ.get("BURI_STOCK_KILLS", "6"))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="buri-stock-"))
    daemon = Daemon(program, folder)
    record = os.environ.get("BURI_STOCK_RECORD")
    privval = Recorder(record, daemon).path if record else daemon.socket
    signer = Signer(pathlib.Path(sys.argv[1]).resolve(), folder, daemon, privval)
    began = time.monotonic()
    try:
        signer.start()
        daemon.start()
        wait_for_height(daemon, 1, 60)
        victims = [signer.kill, signer.kill_worker, daemon.kill]
        for i in range(kills):
            wait_for_height(daemon, (i + 1) * heights // (kills + 1), 30 + SECONDS_PER_HEIGHT * heights / (kills + 1))
            time.sleep(random.uniform(0, 0.5))  # about a height's time: kills hit every step of one
            victims[i % len(victims)]()
        reached = wait_for_height(daemon, heights, 30 + SECONDS_PER_HEIGHT * heights / (kills + 1))
    except BaseException:
        print(f"kept: {folder}", file=sys.stderr)
        raise
    finally:
        if daemon.process:
            daemon.process.kill()
            daemon.process.wait()
        if signer.process:
            signer.process.terminate()
            signer.process.wait()
    steps = signer.check()
    print(f"{reached} heights with {kills} kills in {time.monotonic() - began:.0f} s, {steps} steps signed, none twice")
    if not os.environ.get("BURI_STOCK_KEEP"):
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
