#!/usr/bin/env bash
# The signer's unit parses and exposes no more than 0.4 of 10, by systemd's own reckoning.
# Usage: unit_exposure.sh UNIT; exit status 77 where systemd is absent.
set -euo pipefail

unit=$1
if ! command -v systemd-analyze >/dev/null; then
  echo "skipped: no systemd-analyze here"
  exit 77
fi
report=$(systemd-analyze security --offline=yes --threshold=4 "$unit" 2>&1) || {
  grep -v '✓' <<<"$report"
  echo "the exposure of $unit is above 0.4"
  exit 1
}
tail -1 <<<"$report"
if grep -q 'Unknown key\|Failed to parse' <<<"$report"; then
  echo "$report" | grep 'Unknown key\|Failed to parse'
  exit 1
fi
