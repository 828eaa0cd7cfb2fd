"""Writes a Heimdall genesis of any size: the bundled chain's, with the lists that grow on a long-lived chain.

Run as: make_genesis.py MEGABYTES OUTPUT, in the source folder. The content depends on the size alone.
"""

import base64
import json
import lzma
import pathlib
import random
import sys

BASE = pathlib.Path("tests/golden/heimdall-devnet-b/genesis.json.xz")
FIRST_SECOND = 1_600_000_000
RANDOM = random.Random(1)


def address(number):
    return f"0x{number:040x}"


def event_records():
    """Most of mainnet's file: what the root chain sent, one to some hundred words of data each."""
    for number in range(1, sys.maxsize):
        data = base64.b64encode(RANDOM.randbytes(RANDOM.choice((96, 160, 480, 960)))).decode()
        yield {"id": str(number), "contract": address(0xABC), "data": data, "tx_hash": f"0x{number:064x}",
               "log_index": "7", "bor_chain_id": "15001",
               "record_time": f"2021-{number // 2678400 % 12 + 1:02}-{number // 86400 % 28 + 1:02}T"
                              f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.{number % 10**9:09}Z"}


def sequences():
    return (str(10**12 + number) for number in range(sys.maxsize))


def milestones():
    for number in range(sys.maxsize):
        yield {"proposer": address(number % 100), "start_block": str(2 * number), "end_block": str(2 * number + 1),
               "hash": base64.b64encode(RANDOM.randbytes(32)).decode(), "bor_chain_id": "15001",
               "milestone_id": f"{number:064x}", "timestamp": str(FIRST_SECOND + number), "total_difficulty": str(number)}


def checkpoints():
    for number in range(sys.maxsize):
        yield {"id": str(number + 1), "proposer": address(number % 100), "start_block": str(256 * number),
               "end_block": str(256 * number + 255), "root_hash": base64.b64encode(RANDOM.randbytes(32)).decode(),
               "bor_chain_id": "15001", "timestamp": str(FIRST_SECOND + number)}


def spans(validator):
    members = [dict(validator, val_id=str(number), signer=address(number)) for number in range(100)]
    members_text = json.dumps({"validators": members, "proposer": members[0], "total_voting_power": "100000"})
    for number in range(sys.maxsize):
        yield {"id": str(number), "start_block": str(6400 * number), "end_block": str(6400 * number + 6399),
               "validator_set": json.loads(members_text), "selected_producers": members[:4], "bor_chain_id": "15001"}


def dividend_accounts():
    return ({"user": address(2**100 + number), "fee_amount": str(number)} for number in range(sys.maxsize))


def balances():
    return ({"address": address(2**120 + number), "coins": [{"denom": "pol", "amount": str(number + 1)}]}
            for number in range(sys.maxsize))


def write_list(output, elements, size):
    """Elements of about `size` bytes in all; how many."""
    count = written = 0
    while written < size:
        text = ("," if count else "") + json.dumps(next(elements), separators=(",", ":"))
        written += output.write(text)
        count += 1
    return count


def write_part(output, part, lists, size):
    """One module's part, with its long lists in front of everything else."""
    separator = "{"
    for module, name, elements, share in lists:
        old = part.pop(name, [])
        output.write(f'{separator}"{name}":[')
        if module == "bank":  # the coins of the chain's own accounts
            output.write("".join(json.dumps(element) + "," for element in old))
        count = write_list(output, elements, share * size)
        output.write("]")
        separator = ","
        if name == "checkpoints":
            part["ack_count"] = str(count)
    if separator == "," and part:
        output.write("," + json.dumps(part)[1:])
    else:
        output.write("}" if separator == "," else json.dumps(part))


def main():
    size = int(float(sys.argv[1]) * 1e6)
    with lzma.open(BASE, "rt") as base:
        genesis = json.load(base)
    state = genesis["app_state"]
    validator = state["stake"]["validators"][0]
    state["bank"]["supply"] = []
    # Shares as on mainnet, where event records are most of the file.
    lists = [("clerk", "event_records", event_records(), 0.66), ("clerk", "record_sequences", sequences(), 0.02),
             ("bor", "spans", spans(validator), 0.12), ("milestone", "milestones", milestones(), 0.13),
             ("checkpoint", "checkpoints", checkpoints(), 0.04), ("topup", "topup_sequences", sequences(), 0.01),
             ("topup", "dividend_accounts", dividend_accounts(), 0.01), ("bank", "balances", balances(), 0.01)]
    with open(sys.argv[2], "w", encoding="ascii", buffering=1 << 20) as output:
        head = {name: value for name, value in genesis.items() if name != "app_state"}
        output.write(json.dumps(head)[:-1] + ',"app_state":')
        separator = "{"
        for module, part in state.items():
            output.write(separator + json.dumps(module) + ":")
            separator = ","
            write_part(output, part or {}, [one for one in lists if one[0] == module], size)
        output.write("}}\n")


if __name__ == "__main__":
    main()
