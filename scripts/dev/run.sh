source scripts/dev/deps.sh

run_help() {
  cat <<'TEXT'
usage: ./dev run [arguments of `buri verify`]

Installs what is missing, builds the release preset and runs `buri verify`: without arguments over the real mainnet data
under tests/golden, every check with what was expected and found, then the table of backends. Without arguments it ends
with `buri consensus replay` of the recorded stock Heimdall chain under tests/golden/heimdall-devnet-b. Exit status: that
of the first that fails (0 valid, 1 invalid, 2 unusable input).

  ./dev run
  ./dev run --json
TEXT
}

run_main() {
  ensure_deps
  step "build release" build_preset release buri
  step "buri verify $*" build/release/bin/buri verify "$@"
  [[ $# -gt 0 ]] || step "buri consensus replay" run_recorded_chain
}

run_recorded_chain() {
  local chain=tests/golden/heimdall-devnet-b
  build/release/bin/buri consensus replay --genesis "$chain/genesis.json.xz" --forks "$chain/forks.json" \
    --records "$chain/blocks.jsonl.xz"
}
