"""buri-signer and its worker over a SoftHSM token that holds a validator's key, with a privval front-end."""

import base64
import os
import pathlib
import signal
import subprocess
import time

from stock_heimdalld import CHAIN_ID, run

PIN = "stock daemon"
MODULE = "/usr/lib/softhsm/libsofthsm2.so"


class SignerOverSoftHsm:
    """Files, token and sockets lie in `folder`. `key` is a priv_validator_key.json, `privval` the daemon's socket."""

    def __init__(self, programs, folder, key, privval):
        self.programs, self.folder, self.process = programs, folder, None
        for name in ("tokens", "state", "audit"):
            (folder / name).mkdir()
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
        (folder / "pin").write_text(PIN)
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
        self.import_key(base64.b64decode(key["priv_key"]["value"]))
        self.write_policy("")
        users = f"users = [\"{os.getuid()}\"]\n"
        (folder / "signer.toml").write_text(
            f'[key]\npublic_key = "{base64.b64decode(key["pub_key"]["value"]).hex()}"\n'
            f'[state]\ndirectory = "{folder}/state"\naudit_directory = "{folder}/audit"\nledgers = ["consensus"]\n'
            f'policy_file = "{folder}/policy.toml"\nactivates_by_itself = true\n'
            f'[hsm]\nworker = "{programs}/buri-hsm"\n[[hsm.device]]\nname = "softhsm"\nprofile = "softhsm"\n'
            f'uri = "pkcs11:token=validator;object=validator;type=private?module-path={MODULE}"\n'
            f'pin_file = "{folder}/pin"\nenvironment = ["SOFTHSM2_CONF={folder}/softhsm2.conf"]\n'
            f'[[privval]]\npath = "{privval}"\ntimeout_ms = 3000\n{users}'
            f'[admin]\npath = "{folder}/admin.sock"\n{users}')
        run([programs / "buri", "signer", "init-state", "--state-dir", folder / "state", "--address", key["address"],
             "--ledger", "consensus", "--start", "1"])

    def write_policy(self, consensus):
        """The policy, with more lines for its section [consensus]."""
        (self.folder / "policy.toml").write_text(
            f'version = 1\n[key]\nrequire_hsm_born = false\n[consensus]\nchain_id = "{CHAIN_ID}"\n{consensus}'
            "[checkpoint]\nbor_chain_id = 15001\n")

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
        """Ends it at once and starts it again."""
        self.process.kill()
        self.process.wait()
        self.start()

    def kill_worker(self):
        workers = self.workers()
        assert workers, "the signer has no worker"
        for worker in workers:
            os.kill(worker, signal.SIGKILL)

    def workers(self):
        found = []
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
        return found

    def end(self):
        if self.process:
            self.process.terminate()
            self.process.wait()

    def say(self, *words):
        """What `buri signer WORDS` prints."""
        return run([self.programs / "buri", "signer", "--socket", self.folder / "admin.sock", *words]).decode()

    def wait_for_state(self, wanted, seconds):
        end = time.monotonic() + seconds
        while True:
            try:
                status = self.say("status")
            except SystemExit as failure:
                status = str(failure)
            if f"state {wanted}\n" in status:
                return
            if time.monotonic() > end:
                raise SystemExit(f"the signer is not {wanted} after {seconds} s: {status}")
            time.sleep(0.1)

    def connections(self):
        """How often it has connected to the daemon, over all its lives."""
        return (self.folder / "signer.log").read_text().count("signer: daemon connected")

    def audit_bytes(self):
        return sum(segment.stat().st_size for segment in (self.folder / "audit").glob("audit-*.log"))
