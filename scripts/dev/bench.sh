source scripts/dev/deps.sh

bench_help() {
  cat <<'TEXT'
usage: ./dev bench [arguments of buri-bench]

Installs what is missing, builds the release preset and measures our code beside the libraries a user would otherwise
call. docs/performance.md explains the figures; `./dev bench -- --help` lists the program's own options.

  ./dev bench
  ./dev bench recover --rounds 60
  ./dev bench --json >figures.json
TEXT
}

bench_main() {
  [[ ${1:-} == -- ]] && shift
  ensure_deps
  step "build release" build_preset release buri-bench
  step "buri-bench $*" build/release/bin/buri-bench "$@"
}
