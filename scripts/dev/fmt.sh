source scripts/dev/deps.sh

fmt_help() {
  cat <<'TEXT'
usage: ./dev fmt [file...]

Formats the given source files, or all of them, in place with clang-format (.clang-format).

  ./dev fmt
  ./dev fmt base/hex.cpp
TEXT
}

fmt_main() {
  ensure_deps
  if (( $# )); then
    clang-format-19 -i "$@"
  else
    python3 tests/lint/sources.py | xargs -d '\n' clang-format-19 -i
  fi
}
