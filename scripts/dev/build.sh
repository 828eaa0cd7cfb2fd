source scripts/dev/deps.sh

build_help() {
  cat <<'TEXT'
usage: ./dev build [preset]

Installs what is missing, configures and builds into build/<preset>; programs lie in build/<preset>/bin.
Presets: release (default), debug, asan (address and undefined-behaviour sanitizers), tsan (thread sanitizer),
fuzz (libFuzzer). In the release preset the unit tests and corpora are left out, since the usual run of the tests has them
under the address sanitizer; ninja -C build/release tests_checked builds them, and so does ./dev test with a filter.

  ./dev build asan
  BURI_JOBS=4 ./dev build    four compilers at a time instead of one per core
TEXT
}

build_main() {
  (( $# <= 1 )) || usage_error "build takes one preset, but got '$*'"
  local preset=${1:-release}
  check_preset "$preset"
  ensure_deps
  step "build $preset" build_preset "$preset"
}
