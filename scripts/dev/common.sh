# What the verbs of ./dev share. Progress goes to standard error, so that standard output is the program's own.

PRESETS="release debug asan tsan fuzz"

# ccache and pip look for a home folder; a bare environment may lack the variable.
export HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}

say() { echo "dev: $*" >&2; }
die() { say "$*"; exit 1; }
usage_error() { say "$*"; exit 2; }

jobs() { echo "${BURI_JOBS:-$(nproc)}"; }

elapsed() { printf '%dm%02ds' $((SECONDS / 60)) $((SECONDS % 60)); }

# step NAME COMMAND...: runs the command under a headline that shows the time since ./dev began.
step() {
  local name=$1
  shift
  printf '\n== %s  (%s since the start)\n' "$name" "$(elapsed)" >&2
  "$@"
}

check_preset() {
  [[ " $PRESETS " == *" $1 "* ]] || usage_error "there is no preset '$1'; the presets are: $PRESETS"
}

# What build_preset gives to cmake beside the preset.
CONFIGURE_OPTIONS=()

# build_preset PRESET [TARGET...]: configures and builds; names the folder where it failed.
build_preset() {
  local preset=$1 log=build/$1/configure.log
  shift
  mkdir -p "build/$preset"
  if ! cmake --preset "$preset" "${CONFIGURE_OPTIONS[@]}" >"$log" 2>&1; then
    cat "$log" >&2
    say "configuring the $preset preset failed; the lines above are from $log"
    return 1
  fi
  grep -E '^-- CUDA compiler' "$log" >&2 || true
  ninja -C "build/$preset" -j "$(jobs)" "$@" >&2 || { say "building the $preset preset failed"; return 1; }
}

# How programs built with sanitizers report: with source lines, and the thread sanitizer stops at its first finding. What
# Debian's RocksDB and others copy and compare under their own locks and atomics, which it does not see, is no finding.
use_sanitizer_options() {
  local symbolizer
  symbolizer=$(command -v llvm-symbolizer-19 || true)
  export ASAN_SYMBOLIZER_PATH=$symbolizer UBSAN_SYMBOLIZER_PATH=$symbolizer TSAN_SYMBOLIZER_PATH=$symbolizer
  export ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1
  export UBSAN_OPTIONS=print_stacktrace=1
  export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:ignore_noninstrumented_modules=1
}
