source scripts/dev/deps.sh
source scripts/dev/fuzz.sh
source scripts/dev/lint.sh

test_help() {
  cat <<'TEXT'
usage: ./dev test [filter] [--long [--stage NAME]]

Installs what is missing, then builds and runs
  in the release preset the simulations, public suites, kernels, HSM, system and lint tests, and the unit tests of commands,
  all other unit tests and the fuzz corpora under the address and undefined-behaviour sanitizers,
  the tests of multi-threaded code under the thread sanitizer.
The last line counts test cases over all of these: "N passed, N failed, N skipped". Skips are listed with their reasons.
Exit status 0 if and only if nothing failed.

With a filter only the release preset runs: the programs whose name contains it or, where there is none, the single test
cases whose Suite.Name contains it.

With --long everything runs in every preset, clang-tidy reads every file, and every fuzz target runs for two minutes. Long
sizes (BURI_TEST_LONG=1: ten million signatures a backend, a million signer schedules, every bit of the golden files) belong
to the release preset; the others repeat the usual sizes, since sanitizers make code several times slower. On two idle cores
with an empty compiler cache asan and tsan took half an hour each, clang-tidy four minutes, and fuzzing takes an hour and a
half; debug is estimated at one hour, the release preset at two. Tests that serve gRPC are left out of tsan. --stage runs
one part of it: release, debug, asan, tsan, tidy or fuzz. The runs of signatures and of schedules print how far they are;
one that was broken off goes on at the n-th with BURI_TEST_LONG=1 BURI_TEST_FROM=n.

  ./dev test
  ./dev test Rlp.Rejects
  ./dev test --long
  ./dev test --long --stage asan
TEXT
}

# What the report will read: folders with results, and steps that failed as a whole.
RESULTS=()
BROKEN=()
TIMEOUT_S=300

# Runs the built tests of a preset that the ctest arguments select.
run_ctest() {
  local preset=$1 results=build/$1/test-results
  shift
  rm -rf "$results"
  mkdir -p "$results"
  RESULTS+=("$results")
  # gRPC hands calls from thread to thread by means that the thread sanitizer does not see.
  [[ $preset != tsan ]] || set -- -LE '^grpc_server$' "$@"
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=ignore --timeout "$TIMEOUT_S" -j "$(jobs)" \
    --output-junit "$ROOT/$results/ctest.junit" "$@" || true # the report counts the failures
}

# test_targets PRESET "TARGETS" ctest arguments...: builds the targets, then runs the tests that the arguments select.
test_targets() {
  local preset=$1 targets
  read -ra targets <<<"$2"
  shift 2
  if ! step "$preset: build" build_preset "$preset" "${targets[@]}"; then
    BROKEN+=("$preset: build")
    return
  fi
  step "$preset: run" run_ctest "$preset" "$@"
}

# What every test of a preset needs: the release preset builds its checked tests only when asked (cmake/buri.cmake).
EVERYTHING=(all tests_checked)

# step_or_broken NAME COMMAND...: a step whose failure counts as one failed test.
step_or_broken() { step "$@" || BROKEN+=("$1"); }

# Joins the lines of standard input into a regular expression that matches exactly one of them.
one_of() { sed 's/[][\.*^$+?(){}|]/\\&/g' | paste -sd '|' | sed 's/.*/^(&)$/'; }

# The GoogleTest programs of the release preset that have a case matching the pattern.
programs_with_case() {
  local program
  while read -r program; do
    "build/release/bin/$program" --gtest_filter="$1" --gtest_list_tests | grep -q '^ ' && echo "$program"
  done <build/release/gtest-programs.txt || true
}

# Programs whose name contains the filter; where there is none, the single cases whose Suite.Name does.
test_filtered() {
  local filter=$1 names
  step "release: build" build_preset release "${EVERYTHING[@]}" || { BROKEN+=("release: build"); return; }
  names=$(ctest --test-dir build/release -N | sed -n 's/^ *Test *#[0-9]*: //p' | grep -F -- "$filter" || true)
  if [[ -z $names ]]; then
    export GTEST_FILTER="*$filter*"
    names=$(programs_with_case "$GTEST_FILTER")
  fi
  if [[ -z $names ]]; then
    BROKEN+=("no test's name contains '$filter'")
  else
    step "release: tests that match '$filter'" run_ctest release -R "$(one_of <<<"$names")"
  fi
}

test_usual() {
  test_targets release all -LE '^checked$'
  test_targets asan tests_checked -L '^checked$'
  test_targets tsan tests_concurrent -L '^concurrent$'
}

LONG_STAGES=(release debug asan tsan tidy fuzz)

long_stage() {
  case "$1" in
    release) BURI_TEST_LONG=1 test_targets release "${EVERYTHING[*]}" ;;
    tidy) step_or_broken "clang-tidy over every file" tidy_all ;;
    fuzz)
      build_fuzz || BROKEN+=("build fuzz")
      step_or_broken "fuzz every target for two minutes" fuzz_every_target 120
      ;;
    *) test_targets "$1" "${EVERYTHING[*]}" ;;
  esac
}

# test_long [STAGE]: that part of the long run, or all of it.
test_long() {
  local stage
  TIMEOUT_S=7200
  CONFIGURE_OPTIONS=(-DBURI_EVERY_CHECK=ON)
  [[ -n ${1:-} ]] || say "estimated at five and a half hours on two idle cores"
  for stage in ${1:-"${LONG_STAGES[@]}"}; do long_stage "$stage"; done
}

test_main() {
  local filter="" long="" stage=""
  while (( $# )); do
    case "$1" in
      --long) long=1 ;;
      --stage)
        stage=${2:-}
        [[ " ${LONG_STAGES[*]} " == *" $stage "* && -n $stage ]] ||
          usage_error "--stage takes one of ${LONG_STAGES[*]}, but got '$stage'"
        shift
        ;;
      -*) usage_error "test knows --long and --stage only, but got '$1'" ;;
      *) [[ -z $filter ]] || usage_error "test takes one filter, but got '$filter' and '$1'"; filter=$1 ;;
    esac
    shift
  done
  [[ -z $stage || -n $long ]] || usage_error "--stage is a part of --long, which is missing"
  ensure_deps
  use_sanitizer_options
  if [[ -n $filter ]]; then test_filtered "$filter"
  elif [[ -n $long ]]; then test_long "$stage"
  else test_usual; fi
  step "verdict" python3 scripts/dev/report.py --broken "${BROKEN[@]}" --results "${RESULTS[@]}"
}
