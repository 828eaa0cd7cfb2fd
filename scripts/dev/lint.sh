source scripts/dev/deps.sh

lint_help() {
  cat <<'TEXT'
usage: ./dev lint [--all]

Runs the lint tests (layers, sizes, words, documents, format) and clang-tidy (.clang-tidy) over the source files that
differ from the branch main, or with --all over every one. A file that has passed is read again only after it, a header it
includes, its compile command or .clang-tidy changed. The first run over every file takes four minutes on two cores, as
clang-tidy passes over what the headers of libraries declare (scripts/dev/tidy_scope.cc); without libclang-19-dev seven times that.

  ./dev lint
  ./dev lint --all
TEXT
}

# Source files that the build compiles with clang.
tidy_sources() { python3 tests/lint/sources.py .cpp; }

# Those of them that differ from main, committed or not.
changed_sources() {
  local base
  base=$(git merge-base HEAD main 2>/dev/null || git rev-parse HEAD)
  { git diff --name-only --diff-filter=d "$base"; git ls-files --others --exclude-standard; } |
    sort -u | grep -xFf <(tidy_sources) || true
}

# Runs clang-tidy over the files on standard input, as many at a time as there are cores.
tidy_files() { python3 -B scripts/dev/tidy.py --build build/release --jobs "$(jobs)"; }

# It needs the compile commands and the headers that protoc makes, nothing compiled.
tidy_all() { build_preset release buri_bor_stubs buri_etcd_stubs && tidy_sources | tidy_files; }

lint_main() {
  local failed=0 sources=changed_sources
  case "${1:-}" in
    "") ;;
    --all) sources=tidy_sources ;;
    *) usage_error "lint takes --all or nothing, but got '$1'" ;;
  esac
  ensure_deps
  step "build release" build_preset release || exit 1
  step "lint tests" ctest --test-dir build/release -L '^lint$' --output-on-failure -j "$(jobs)" || failed=1
  step "clang-tidy" tidy_files < <($sources) || failed=1
  return $failed
}
