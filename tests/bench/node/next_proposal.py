#!/usr/bin/env python3
"""From 2/3 of the precommits to the next proposal: `burid` beside stock heimdalld, in a chain of a hundred validators.

Usage: next_proposal.py PROGRAMS [--rounds 4] [--samples 25] [--json]
BURI_STOCK_HEIMDALLD names the stock daemon (v0.10.0), BURI_STOCK_FORKS a forks.json with the fork heights that it was built with for
the network `local` (those of the unchanged v0.10.0 if unset). Without the daemon only `burid` runs and there is no ratio.

In each round each kind of node starts on an empty home, with one genesis, one key and one set of timeouts (none after a commit), and
`next-proposal run` plays the other 99 validators over one connection. A sample is the time from when the vote that makes two thirds
was written to the socket to when the first bytes of the node's proposal of the next height were read.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
GENESIS = ROOT / "tests/golden/heimdall-devnet-b/genesis.json.xz"
STOCK_FORKS = {"initial": 0, "tally_fix": 0, "producer_downtime": 0, "rio": 128}
CHAIN_ID = "heimdall-crowd"
NOBODY = "http://127.0.0.1:1"  # neither kind has an Ethereum or a Bor: both are told so at once
PORTS = {"burid": 33700, "stock": 33800}


class Bench:
    """Homes and runs of both kinds of node."""

    def __init__(self, programs, home, options):
        self.programs, self.home, self.options = programs, home, options
        self.stock = os.environ.get("BURI_STOCK_HEIMDALLD", "")
        forks = STOCK_FORKS
        if os.environ.get("BURI_STOCK_FORKS"):
            forks = json.loads(pathlib.Path(os.environ["BURI_STOCK_FORKS"]).read_text())
        (home / "forks.json").write_text(json.dumps(forks))

    def crowd(self, verb, *words, **kwargs):
        shared = ["--genesis", GENESIS, "--members", self.options.members, "--node-power", self.options.node_power]
        return subprocess.run([str(word) for word in (self.programs / "next-proposal", verb, *shared, *words)], check=True, **kwargs)

    def make_burid(self, home):
        self.crowd("prepare", "--home", home)
        (home / "config/buri.toml").write_text(f"""[chain]
forks_file = "{self.home}/forks.json"
[p2p]
listen = "127.0.0.1:{PORTS['burid']}"
peer_exchange = false
allow_duplicate_ip = true
strict_addresses = false
[consensus]
propose_timeout_ms = 10000
commit_timeout_ms = 0
[signer]
insecure_development_key_file = "config/priv_validator_key.json"
[endpoints]
eth_rpc_urls = ["{NOBODY}"]
bor_rpc_urls = ["{NOBODY}"]
[rpc]
listen = "127.0.0.1:{PORTS['burid'] + 1}"
[rest]
listen = "127.0.0.1:{PORTS['burid'] + 2}"
[grpc]
listen = "127.0.0.1:{PORTS['burid'] + 3}"
""")
        return [self.programs / "burid", "start", "--home", home]

    def make_stock(self, home):
        seed = home.parent / f"{home.name}-testnet"
        subprocess.run([self.stock, "create-testnet", "--home", str(seed / "seed"), "--v", "1", "--n", "0", "--chain-id", CHAIN_ID,
                        "-o", str(seed), "--chain", "local"], check=True, capture_output=True)
        shutil.move(seed / "node0" / "heimdalld", home)
        shutil.rmtree(seed)
        self.crowd("prepare", "--home", home)
        settings = {"config.toml": {
            "26657": f'laddr = "tcp://127.0.0.1:{PORTS["stock"] + 1}"', "26656": f'laddr = "tcp://127.0.0.1:{PORTS["stock"]}"',
            "pprof_laddr": 'pprof_laddr = ""', "pex": "pex = false", "persistent_peers": 'persistent_peers = ""',
            "addr_book_strict": "addr_book_strict = false", "allow_duplicate_ip": "allow_duplicate_ip = true",
            "prometheus_listen_addr": f'prometheus_listen_addr = "127.0.0.1:{PORTS["stock"] + 4}"',
            "timeout_propose": 'timeout_propose = "10s"', "timeout_commit": 'timeout_commit = "0s"'},
            "app.toml": {
            "1317": f'address = "tcp://127.0.0.1:{PORTS["stock"] + 2}"', "9090": f'address = "127.0.0.1:{PORTS["stock"] + 3}"',
            "eth_rpc_url": f'eth_rpc_url = "{NOBODY}"', "bor_rpc_url": f'bor_rpc_url = "{NOBODY}"',
            "comet_bft_rpc_url": f'comet_bft_rpc_url = "http://127.0.0.1:{PORTS["stock"] + 1}"', "chain": 'chain = "local"'}}
        for key, value in dict(pair.split("=") for pair in self.options.stock_setting).items():
            settings["config.toml"][key] = f"{key} = {value}"
        for name, changes in settings.items():
            path = home / "config" / name
            text = path.read_text()
            for key, line in changes.items():
                pattern = rf'^(laddr|address) = ".*:{key}"' if key.isdigit() else rf"^{key} = .*"
                text, count = re.subn(pattern, line, text, count=1, flags=re.M)
                assert count, f"{name} of the stock daemon has no line {pattern}"
            path.write_text(text)
        return [self.stock, "start", "--home", home, "--chain", "local"]

    def run(self, kind, number):
        """The delays of one run, in milliseconds."""
        home = self.home / f"{kind}-{number}"
        words = (self.make_stock if kind == "stock" else self.make_burid)(home)
        with open(self.home / f"{kind}-{number}.log", "w", encoding="utf-8") as log:
            node = subprocess.Popen([str(word) for word in words], stdout=log, stderr=log, cwd=self.home)
            try:
                played = self.crowd("run", "--forks", self.home / "forks.json", "--port", PORTS[kind], "--samples", self.options.samples,
                                    "--warm-up", self.options.warm_up, "--max-heights", self.options.max_heights,
                                    "--pause-ms", self.options.pause_ms, capture_output=True, text=True)
            except subprocess.CalledProcessError as error:
                raise SystemExit(f"{kind}: {error.stderr.strip()} See {log.name}.") from error
            finally:
                node.terminate()
                node.wait()
        shutil.rmtree(home)
        return json.loads(played.stdout)


def summary(delays):
    return {"samples": len(delays), "median_ms": round(statistics.median(delays), 2),
            "p90_ms": round(statistics.quantiles(delays, n=10)[8] if len(delays) > 1 else delays[0], 2), "least_ms": round(min(delays), 2)}


def run(bench, options):
    kinds = ["burid", "stock"] if bench.stock else ["burid"]
    delays = {kind: [] for kind in kinds}
    runs = []
    for number in range(options.rounds):
        for kind in kinds if number % 2 == 0 else reversed(kinds):
            played = bench.run(kind, number)
            delays[kind] += played["delays_ms"]
            runs.append({"kind": kind, "heights": played["heights"], **summary(played["delays_ms"])})
            if not options.json:
                print(f"round {number + 1}, {kind}: {runs[-1]}", flush=True)
    result = {"validators": options.members + 1, "votes_needed": played["votes_needed"], "load": os.getloadavg()[0], "runs": runs,
              "nodes": {kind: summary(found) for kind, found in delays.items()}}
    if bench.stock:
        ours, stock = result["nodes"]["burid"], result["nodes"]["stock"]
        result["ratio"] = {key: round(ours[key] / stock[key], 3) for key in ("median_ms", "p90_ms")}
    return result


def print_table(result):
    print(f"{result['validators']} validators, {result['votes_needed']} votes of others make two thirds; load {result['load']:.1f}")
    print(f"{'node':8}{'samples':>9}{'median ms':>11}{'p90 ms':>9}{'least ms':>10}")
    for kind, one in result["nodes"].items():
        print(f"{kind:8}{one['samples']:>9}{one['median_ms']:>11}{one['p90_ms']:>9}{one['least_ms']:>10}")
    if "ratio" in result:
        print(f"burid / stock: {result['ratio']['median_ms']} (median), {result['ratio']['p90_ms']} (p90); goal 0.5")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--samples", type=int, default=25, help="of each node in each round")
    parser.add_argument("--warm-up", type=int, default=3, help="samples of each run that are thrown away")
    parser.add_argument("--members", type=int, default=99, help="validators that are played")
    parser.add_argument("--node-power", type=int, default=11, help="of the node, in members' powers")
    parser.add_argument("--max-heights", type=int, default=0, help="a run ends there with the samples that it has")
    parser.add_argument("--pause-ms", type=int, default=50, help="for the node to come to rest before it gets the precommits")
    parser.add_argument("--stock-setting", action="append", default=[], help='KEY=VALUE of stock\'s config.toml')
    parser.add_argument("--home", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    home = options.home or pathlib.Path(tempfile.mkdtemp(prefix="buri-next-proposal-", dir="/tmp"))
    home.mkdir(parents=True, exist_ok=True)
    result = run(Bench(options.programs.resolve(), home.resolve(), options), options)
    if not options.home:
        shutil.rmtree(home)
    print(json.dumps(result, indent=1)) if options.json else print_table(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
