"""A stock heimdalld, the only validator of a network of its own, whose key file is a decoy."""

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request

CHAIN_ID = "heimdall-local-1"


class StockHeimdalld:
    """Makes a network below `folder`; its validator key is in `key`, for whoever signs in the daemon's place."""

    def __init__(self, program, folder, seconds_between_blocks=0.3):
        self.program, self.folder, self.process = program, folder, None
        self.socket = folder / "privval.sock"
        self.rpc = free_port()
        self.home = self.make_network("daemon")
        self.key = json.loads((self.home / "config/priv_validator_key.json").read_text())
        decoy = self.make_network("decoy")
        shutil.copy(decoy / "config/priv_validator_key.json", self.home / "config/priv_validator_key.json")
        self.set("config.toml", "priv_validator_laddr", f"unix://{self.socket}")
        self.set("config.toml", "timeout_commit", f"{int(seconds_between_blocks * 1000)}ms")
        self.set("config.toml", "pprof_laddr", "")
        self.set("config.toml", "laddr", f"tcp://127.0.0.1:{self.rpc}", "rpc")
        self.set("config.toml", "laddr", f"tcp://127.0.0.1:{free_port()}", "p2p")
        self.set("app.toml", "address", f"tcp://127.0.0.1:{free_port()}", "api")
        self.set("app.toml", "address", f"127.0.0.1:{free_port()}", "grpc")
        self.set("app.toml", "chain", "local")

    def make_network(self, name):
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
        # It does not listen where a killed predecessor has left its socket.
        self.socket.unlink(missing_ok=True)
        with open(self.folder / "daemon.log", "a") as log:
            self.process = subprocess.Popen([self.program, "start", "--home", self.home, "--chain", "local"],
                                            stdout=log, stderr=log)

    def kill(self):
        """Ends it at once and starts it again."""
        self.end()
        self.start()

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def ask(self, path):
        """The result of a call of its RPC server; nothing if it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.rpc}/{path}", timeout=5) as answer:
                return json.load(answer)["result"]
        except (OSError, ValueError, KeyError):
            return None

    def height(self):
        status = self.ask("status")
        return int(status["sync_info"]["latest_block_height"]) if status else 0

    def wait_for_height(self, wanted, seconds):
        end = time.monotonic() + seconds
        while (height := self.height()) < wanted:
            if self.process.poll() is not None:
                raise SystemExit(f"the daemon ended by itself with status {self.process.returncode}")
            if time.monotonic() > end:
                raise SystemExit(f"height {wanted} was not reached in {seconds} s, only {height}")
            time.sleep(0.05)
        return height


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(command, data=None):
    """The output of a command that succeeds; ends the test if it fails."""
    done = subprocess.run([str(word) for word in command], input=data, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {(done.stdout + done.stderr).decode(errors='replace')}")
    return done.stdout
