source scripts/dev/deps.sh

fuzz_help() {
  cat <<'TEXT'
usage: ./dev fuzz [target] [--seconds N]

Installs what is missing, builds the fuzz preset and runs one fuzz target, or each in turn, for N seconds (default 60).
Inputs that reach new code gather in build/fuzz/corpus/<target>, findings in build/fuzz/findings/<target>; the target's
output lies in build/fuzz/<target>.log. Exit status 1 if anything was found. `./dev test` replays the corpora that are
checked in (tests/fuzz/<room>/corpus).

  ./dev fuzz
  ./dev fuzz fuzz_hex --seconds 600
TEXT
}

# Runs one target; prints what it did, or where its finding lies.
fuzz_target() {
  local target=$1 corpus=$2 seconds=$3 log=build/fuzz/$1.log findings=build/fuzz/findings/$1/
  mkdir -p "build/fuzz/corpus/$target" "$findings"
  if "build/fuzz/bin/$target" -max_total_time="$seconds" -timeout=20 -print_final_stats=1 \
    -artifact_prefix="$findings" "build/fuzz/corpus/$target" "$corpus" >"$log" 2>&1; then
    say "$target: $(awk '/number_of_executed_units/ {print $2}' "$log") inputs, no finding"
  else
    tail -n 40 "$log" >&2
    say "$target FOUND something: $findings, log $log; replay with build/fuzz/bin/$target FILE"
    return 1
  fi
}

build_fuzz() { step "build fuzz" build_preset fuzz tests_fuzz; }

# fuzz_targets SECONDS [NAME]: runs the named target or all, already built; fails if any finds something.
fuzz_targets() {
  local seconds=$1 name=${2:-} found=0 target corpus
  while IFS=$'\t' read -r target corpus; do
    [[ -z $name || $name == "$target" ]] || continue
    step "fuzz $target for $seconds s" fuzz_target "$target" "$corpus" "$seconds" || found=1
  done <build/fuzz/fuzz-targets.txt
  return $found
}

# fuzz_every_target SECONDS: as many targets at a time as there are cores; fails if any finds something.
fuzz_every_target() {
  local running=0 found=0 target corpus
  while IFS=$'\t' read -r target corpus; do
    if (( running == $(jobs) )); then
      wait -n || found=1
      running=$((running - 1))
    fi
    fuzz_target "$target" "$corpus" "$1" &
    running=$((running + 1))
  done <build/fuzz/fuzz-targets.txt
  while (( running > 0 )); do
    wait -n || found=1
    running=$((running - 1))
  done
  return $found
}

fuzz_main() {
  local seconds=60 target=""
  while (( $# )); do
    case "$1" in
      --seconds)
        [[ ${2:-} =~ ^[1-9][0-9]{0,6}$ ]] || usage_error "--seconds takes a whole number above 0, but got '${2:-}'"
        seconds=$2
        shift
        ;;
      -*) usage_error "fuzz knows --seconds N only, but got '$1'" ;;
      *) [[ -z $target ]] || usage_error "fuzz takes one target, but got '$target' and '$1'"; target=$1 ;;
    esac
    shift
  done
  ensure_deps
  use_sanitizer_options
  build_fuzz || exit
  [[ -z $target ]] || require_fuzz_target "$target"
  fuzz_targets "$seconds" "$target"
}

require_fuzz_target() {
  cut -f1 build/fuzz/fuzz-targets.txt | grep -qxF -- "$1" ||
    usage_error "there is no fuzz target '$1'; the targets are: $(cut -f1 build/fuzz/fuzz-targets.txt | paste -sd ' ')"
}
