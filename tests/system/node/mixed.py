#!/usr/bin/env python3
"""Two stock heimdalld daemons and two burid validate one chain; all life of a network is on it, and nodes are killed in turn.

Usage: mixed.py PROGRAMS [--heights 2000] [--home DIR] [--no-kills] [--rate 2]
BURI_STOCK_HEIMDALLD names the stock daemon (v0.10.0), BURI_STOCK_FORKS a forks.json with the fork heights that it was built with for
the network `local` (those of the unchanged v0.10.0 if unset). Without the daemon the run is skipped (exit status 77).

Ethereum and Bor are `buri devnet sources`; the transactions come from `buri devnet traffic`. Every height's block hash and app hash is
read from all four nodes and compared; one difference ends the run with exit status 1, Ctrl-C ends it early. What is printed at the end:
heights, rounds above zero and who was down then or whose turn it was, signatures missing per node while it ran, what the traffic brought
about, and which figures for Prometheus the stock daemon shows and burid does not (exit status 1 if there are any).
"""

import argparse
import base64
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
SKIPPED = 77
STOCK = (0, 1)
STOCK_FORKS = {"initial": 0, "tally_fix": 0, "producer_downtime": 0, "rio": 128}
FIRST_PORT = 33000
SOURCES_PORT = 33999
CATCH_UP_S = 20  # after its start a node's missing votes still count as the kill's


def ports(node):
    """P2P, RPC, REST, gRPC, metrics."""
    return [FIRST_PORT + 100 * node + i for i in range(5)]


def ask(port, path, patience=5):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=patience) as answer:
        return json.load(answer)


class Network:
    """Homes, processes and times of four validators."""

    def __init__(self, programs, home, stock, forks):
        self.programs, self.home, self.stock, self.forks = programs, home, stock, forks
        self.processes = {}
        self.log = {}
        self.downtimes = []  # [node, from, until]; until is None while it is down

    def buri(self, *words, **options):
        return subprocess.run([str(self.programs / "buri"), *words], check=True, **options)

    def make(self):
        """A devnet's keys and genesis, begun and thrown back to its start, in homes of both kinds."""
        net = self.home / "net"
        self.buri("devnet", "up", "--validators", "4", "--development-keys", "--heights", "1", "--json", "--home", str(net),
                  stdout=subprocess.DEVNULL)
        identity = json.loads((net / "devnet.json").read_text())
        self.chain_id = identity["chain_id"]
        self.genesis = json.loads((net / "genesis.json").read_text())
        self.genesis["genesis_time"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        (self.home / "genesis.json").write_text(json.dumps(self.genesis))
        (self.home / "forks.json").write_text(json.dumps(self.forks))
        self.addresses = [one["signer"] for one in self.genesis["app_state"]["stake"]["validators"]]
        self.peers = [f"{one['node_id']}@127.0.0.1:{ports(i)[0]}" for i, one in enumerate(identity["validators"])]
        subprocess.run([self.stock, "create-testnet", "--home", str(self.home / "seed"), "--v", "2", "--n", "0", "--chain-id",
                        self.chain_id, "-o", str(self.home / "stock"), "--chain", "local"], check=True, capture_output=True)
        for node, validator in enumerate(identity["validators"]):
            source = net / f"validator-{node + 1}" / "node"
            (self.make_stock if node in STOCK else self.make_buri)(node, source, validator)

    def folder(self, node):
        return self.home / "stock" / f"node{node}" / "heimdalld" if node in STOCK else self.home / f"buri{node}"

    def others(self, node):
        return [peer for i, peer in enumerate(self.peers) if i != node]

    def key_file(self, node):
        return self.folder(node) / "config/priv_validator_key.json"

    def copy_keys(self, node, source, validator):
        folder = self.folder(node)
        for name in ("config", "data"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(source / "config/node_key.json", folder / "config")
        private = json.loads((source / "config/priv_validator_key.json").read_text())["priv_key"]
        public = base64.b64encode(bytes.fromhex(validator["public_key"])).decode()
        key = {"address": self.addresses[node][2:].upper(), "priv_key": private,
               "pub_key": {"type": "cometbft/PubKeySecp256k1eth", "value": public}}
        self.key_file(node).write_text(json.dumps(key))
        self.key_file(node).chmod(0o600)
        (folder / "data/priv_validator_state.json").write_text('{"height":"0","round":0,"step":0}')

    def make_stock(self, node, source, validator):
        self.copy_keys(node, source, validator)
        config = self.folder(node) / "config"
        shutil.copy(self.home / "genesis.json", config)
        p2p, rpc, rest, grpc, metrics = ports(node)
        settings = {"config.toml": [
            (r'^laddr = "tcp://[0-9.]*:26657"', f'laddr = "tcp://127.0.0.1:{rpc}"'),
            (r'^laddr = "tcp://[0-9.]*:26656"', f'laddr = "tcp://127.0.0.1:{p2p}"'),
            (r"^pprof_laddr = .*", 'pprof_laddr = ""'), (r"^pex = .*", "pex = false"),
            (r"^persistent_peers = .*", f'persistent_peers = "{",".join(self.others(node))}"'),
            (r"^addr_book_strict = .*", "addr_book_strict = false"), (r"^allow_duplicate_ip = .*", "allow_duplicate_ip = true"),
            (r"^log_level = .*", 'log_level = "info"'), (r"^timeout_commit = .*", 'timeout_commit = "300ms"'),
            (r"^prometheus = .*", "prometheus = true"),
            (r"^prometheus_listen_addr = .*", f'prometheus_listen_addr = "127.0.0.1:{metrics}"')],
            "app.toml": [
            (r'^address = "tcp://.*:1317"', f'address = "tcp://127.0.0.1:{rest}"'),
            (r'^address = ".*:9090"', f'address = "127.0.0.1:{grpc}"'),
            (r"^eth_rpc_url = .*", f'eth_rpc_url = "http://127.0.0.1:{SOURCES_PORT}/l1"'),
            (r"^bor_rpc_url = .*", f'bor_rpc_url = "http://127.0.0.1:{SOURCES_PORT}/bor"'),
            (r"^comet_bft_rpc_url = .*", f'comet_bft_rpc_url = "http://127.0.0.1:{rpc}"'), (r"^chain = .*", 'chain = "local"')]}
        for name, changes in settings.items():
            text = (config / name).read_text()
            for pattern, value in changes:
                text, count = re.subn(pattern, value, text, flags=re.M)
                assert count, f"{name} of the stock daemon has no line {pattern}"
            (config / name).write_text(text)

    def make_buri(self, node, source, validator):
        self.copy_keys(node, source, validator)
        p2p, rpc, rest, grpc, metrics = ports(node)
        peers = ", ".join(f'"{peer}"' for peer in self.others(node))
        (self.folder(node) / "config/buri.toml").write_text(f"""[chain]
genesis_file = "{self.home}/genesis.json"
forks_file = "{self.home}/forks.json"
[p2p]
listen = "127.0.0.1:{p2p}"
persistent_peers = [{peers}]
peer_exchange = false
allow_duplicate_ip = true
strict_addresses = false
[consensus]
commit_timeout_ms = 300
[signer]
insecure_development_key_file = "config/priv_validator_key.json"
[endpoints]
eth_rpc_urls = ["http://127.0.0.1:{SOURCES_PORT}/l1"]
bor_rpc_urls = ["http://127.0.0.1:{SOURCES_PORT}/bor"]
[rpc]
listen = "127.0.0.1:{rpc}"
[rest]
listen = "127.0.0.1:{rest}"
[grpc]
listen = "127.0.0.1:{grpc}"
[metrics]
listen = "127.0.0.1:{metrics}"
[accel]
worker_threads = 1
""")

    def start_process(self, name, words):
        log = open(self.home / f"{name}.log", "a", encoding="utf-8")
        self.processes[name] = subprocess.Popen([str(word) for word in words], stdout=log, stderr=log, cwd=self.home)

    def start_node(self, node):
        home = self.folder(node)
        words = [self.stock, "start", "--home", home, "--chain", "local"] if node in STOCK else [
            self.programs / "burid", "start", "--home", home]
        self.start_process(f"node{node}", words)
        for downtime in self.downtimes:
            if downtime[0] == node and downtime[2] is None:
                downtime[2] = time.time() + CATCH_UP_S

    def kill_node(self, node, number):
        self.downtimes.append([node, time.time(), None])
        process = self.processes[f"node{node}"]
        process.send_signal(number)
        process.wait()

    def start(self, rate):
        self.start_process("sources", [self.programs / "buri", "devnet", "sources", "--port", SOURCES_PORT, "--bor-file",
                                       self.home / "bor.txt", "--root-chain-file", self.home / "root-chain.txt",
                                       *[word for i in range(4) for word in ("--rest-port", ports(i)[2])]])
        for node in range(4):
            self.start_node(node)
        self.start_process("traffic", [self.programs / "buri", "devnet", "traffic", "--sources-port", SOURCES_PORT, "--rate", rate,
                                       *[word for i in range(4) for word in ("--node", f"{ports(i)[1]}:{ports(i)[2]}")],
                                       *[word for i in range(4) for word in ("--key-file", self.key_file(i))]])

    def stop(self):
        for name, process in self.processes.items():
            if process.poll() is None:
                process.send_signal(signal.SIGINT if name == "traffic" else signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


class Watch:
    """Every height as every node has it."""

    def __init__(self, network):
        self.network = network
        self.next = [1] * 4
        self.blocks = {}  # height -> (hash, app hash)
        self.facts = {}  # height -> what the first node that had it says besides
        self.divergences = []

    def round(self):
        for node in range(4):
            try:
                height = int(ask(ports(node)[1], "/status", 2)["result"]["sync_info"]["latest_block_height"])
                while self.next[node] < height:
                    self.take(node, self.next[node])
                    self.next[node] += 1
            except (OSError, ValueError, KeyError):
                continue

    def take(self, node, height):
        answer = ask(ports(node)[1], f"/commit?height={height}")["result"]["signed_header"]
        header, commit = answer["header"], answer["commit"]
        block = (commit["block_id"]["hash"], header["app_hash"])
        if self.blocks.setdefault(height, block) != block:
            self.divergences.append((height, node, block, self.blocks[height]))
        if height not in self.facts:
            signed = {one["validator_address"] for one in commit["signatures"] if one["block_id_flag"] == 2}
            self.facts[height] = {"round": commit["round"], "time": header["time"], "signed": signed,
                                  "proposer": header["proposer_address"], "validators": header["next_validators_hash"]}

    def seconds(self, height):
        text = self.facts[height]["time"]
        return time.mktime(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone

    def down(self, node, at):
        return any(one == node and begin - 2 <= at <= (end or at) for one, begin, end in self.network.downtimes)

    def report(self):
        addresses = [address[2:].upper() for address in self.network.addresses]
        last = max(self.facts)
        rounds = [h for h in range(2, last + 1) if self.facts[h]["round"] > 0]
        whose = {}
        for height in rounds:
            begin, end = self.seconds(height - 1), self.seconds(height)
            who = [node for node in range(4) if self.down(node, begin) or self.down(node, end)]
            name = "+".join(f"{'stock' if node in STOCK else 'buri'} {node} down" for node in who) or "nobody down"
            whose.setdefault(name, []).append(height)
        missing = []
        for node in range(4):
            up = [h for h in range(2, last + 1) if not self.down(node, self.seconds(h))]
            missing.append({"heights_up": len(up), "unsigned": sum(addresses[node] not in self.facts[h]["signed"] for h in up),
                            "proposed": sum(self.facts[h]["proposer"] == addresses[node] for h in self.facts)})
        sets = sum(self.facts[h]["validators"] != self.facts[h - 1]["validators"] for h in range(2, last + 1))
        return {"heights": last, "compared_on_all_four": min(self.next) - 1, "divergences": self.divergences,
                "set_changes": sets, "rounds_above_zero": {name: heights for name, heights in whose.items()},
                "nodes": missing, "kills": len(self.network.downtimes)}


def first_proposer(network, height):
    """Whose turn it was in round 0: the one whose priority, before it was lowered by the whole power, was the highest."""
    found = ask(ports(3)[1], f"/validators?height={height}&per_page=100")["result"]["validators"]
    priorities = {one["address"]: int(one["proposer_priority"]) for one in found}
    power = sum(int(one["voting_power"]) for one in found)
    highest = max(priorities.values())
    turns = sorted((priority, address) for address, priority in priorities.items() if priority + power >= highest)
    names = {address[2:].upper(): f"{'stock' if i in STOCK else 'buri'} {i}" for i, address in enumerate(network.addresses)}
    return names.get(turns[0][1], "a validator without a node") if turns else "not told"


def counts(network):
    """Facts of the chain at its end, from a node of each kind, which must agree."""
    found = []
    for node in (0, 3):
        rest = ports(node)[2]
        found.append({"checkpoints": ask(rest, "/checkpoints/count")["ack_count"], "milestones": ask(rest, "/milestones/count")["count"],
                      "records": ask(rest, "/clerk/event-records/count")["count"],
                      "span": ask(rest, "/bor/spans/latest")["span"]["id"]})
    return found


def figures(home, node):
    """The families of a node's page of figures: name -> (type, labels)."""
    with urllib.request.urlopen(f"http://127.0.0.1:{ports(node)[4]}/metrics", timeout=5) as answer:
        page = answer.read().decode()
    (home / f"figures-{node}.txt").write_text(page)
    families = {}
    for line in page.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            families[name] = (kind, set())
        elif not line.startswith("#"):
            sample, labels = re.match(r"([a-zA-Z_:]\w*)(?:\{(.*)\})?", line).groups()
            name = sample if sample in families else re.sub(r"_(bucket|sum|count)$", "", sample)
            families[name][1].update(set(re.findall(r'(\w+)="', labels or "")) - {"le", "quantile"})
    return families


def figures_that_differ(home):
    """What the stock validator 0 shows and burid 3 does not, or with another type or other labels; what no list of ours has."""
    listed = {line.split()[0] for line in (ROOT / "tests/golden/metrics/stock.txt").read_text().splitlines()}
    stock, ours = figures(home, 0), figures(home, 3)
    return {"shown_by_stock": len(stock), "missing": sorted(set(stock) - set(ours)), "unlisted": sorted(set(stock) - listed),
            "different": {name: [str(stock[name]), str(ours[name])] for name in stock if ours.get(name, stock[name]) != stock[name]}}


def run(network, options):
    watch = Watch(network)
    network.start(options.rate)
    next_kill, restart, turn, began, said = time.time() + 60, None, 0, time.time(), 0
    told_to_end = []
    signal.signal(signal.SIGINT, lambda *_: told_to_end.append(True))
    while min(watch.next) <= options.heights and not watch.divergences and not told_to_end:
        time.sleep(0.5)
        watch.round()
        now = time.time()
        for name, process in network.processes.items():
            is_killed = any(name == f"node{one}" and end is None for one, _, end in network.downtimes)
            if process.poll() is not None and not is_killed:
                raise SystemExit(f"{name} ended by itself with status {process.returncode}; see {network.home}/{name}.log")
        if now - said > 15:
            said = now
            print(f"{now - began:.0f} s: heights {[height - 1 for height in watch.next]}, {len(network.downtimes)} kills", flush=True)
        if restart and now >= restart[1]:
            network.start_node(restart[0])
            restart, next_kill = None, now + options.pause
        elif not restart and not options.no_kills and now >= next_kill and min(watch.next) < options.heights - 20:
            network.kill_node(turn % 4, signal.SIGKILL if turn // 4 % 2 == 0 else signal.SIGTERM)
            restart, turn = (turn % 4, time.time() + 6 + turn % 3 * 4), turn + 1
    result = watch.report()
    late = [first_proposer(network, height) for height in result["rounds_above_zero"].get("nobody down", [])]
    result["turns_lost_while_nobody_was_down"] = {name: late.count(name) for name in sorted(set(late))}
    result["seconds"] = round(time.time() - began)
    result["chain"] = counts(network)
    result["figures"] = figures_that_differ(network.home)
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--heights", type=int, default=2000)
    parser.add_argument("--home", type=pathlib.Path)
    parser.add_argument("--no-kills", action="store_true")
    parser.add_argument("--pause", type=float, default=30, help="seconds between a restart and the next kill")
    parser.add_argument("--rate", default="2")
    options = parser.parse_args()
    stock = os.environ.get("BURI_STOCK_HEIMDALLD", "")
    if not os.access(stock, os.X_OK):
        print("skipped: BURI_STOCK_HEIMDALLD names no stock heimdalld")
        return SKIPPED
    forks = STOCK_FORKS
    if os.environ.get("BURI_STOCK_FORKS"):
        forks = json.loads(pathlib.Path(os.environ["BURI_STOCK_FORKS"]).read_text())
    home = options.home or pathlib.Path(tempfile.mkdtemp(prefix="buri-mixed-", dir="/tmp"))
    home.mkdir(parents=True, exist_ok=True)
    network = Network(options.programs.resolve(), home.resolve(), stock, forks)
    network.make()
    try:
        result = run(network, options)
    finally:
        network.stop()
    result["traffic"] = (network.home / "traffic.log").read_text().splitlines()[-1]
    (network.home / "result.json").write_text(json.dumps(result, indent=1))
    print(json.dumps(result, indent=1))
    figures = result["figures"]
    return 1 if result["divergences"] or figures["missing"] or figures["different"] or figures["unlisted"] else 0


if __name__ == "__main__":
    sys.exit(main())
