source scripts/dev/deps.sh

run_help() {
  cat <<'TEXT'
usage: ./dev run [arguments of `buri verify`]

Installs what is missing and builds the release preset. Then, without arguments: `buri verify` over the real mainnet data
under tests/golden, `buri consensus replay` of the recorded stock Heimdall chain under tests/golden/heimdall-devnet-b, and
a network of four validators on this machine (`buri devnet up`), each with buri-signer and a SoftHSM token. On a terminal
the network runs and is shown until Ctrl-C; elsewhere it ends by itself after 30 heights. It lies in build/devnet and is
made anew each time. With arguments: `buri verify` alone, with them. Exit status: that of the first that fails (0 valid,
1 invalid, 2 unusable input).

  ./dev run
  ./dev run --json
TEXT
}

run_main() {
  ensure_deps
  step "build release" build_preset release buri burid buri-signer buri-hsm
  step "buri verify $*" build/release/bin/buri verify "$@"
  (( $# == 0 )) || return 0
  step "buri consensus replay" run_recorded_chain
  step "buri devnet up" run_devnet
}

run_recorded_chain() {
  local chain=tests/golden/heimdall-devnet-b
  build/release/bin/buri consensus replay --genesis "$chain/genesis.json.xz" --forks "$chain/forks.json" \
    --records "$chain/blocks.jsonl.xz"
}

run_devnet() {
  local home=$PWD/build/devnet heights=(--heights 30)
  (( ${#home} <= 70 )) || home=$(mktemp -d)/devnet # sockets lie in it
  [[ ! -t 1 ]] || heights=()
  build/release/bin/buri devnet up --validators 4 --fresh --home "$home" "${heights[@]}"
}
