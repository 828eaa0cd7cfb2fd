source scripts/dev/deps.sh

run_help() {
  cat <<'TEXT'
usage: ./dev run [arguments of `buri verify`]

Installs what is missing, builds the release preset and runs `buri verify`: without arguments over the real mainnet data
under tests/golden, every check with what was expected and found, then the table of backends. Exit status: that of
`buri verify` (0 valid, 1 invalid, 2 unusable input).

  ./dev run
  ./dev run --json
TEXT
}

run_main() {
  ensure_deps
  step "build release" build_preset release buri
  step "buri verify $*" build/release/bin/buri verify "$@"
}
