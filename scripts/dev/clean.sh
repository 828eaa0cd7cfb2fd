clean_help() {
  cat <<'TEXT'
usage: ./dev clean [--all]

Deletes build/. With --all also .cache/, where the CUDA compiler lies that `./dev deps` fetched.

  ./dev clean
TEXT
}

clean_main() {
  case "${1:-}" in
    "") rm -rf build ;;
    --all) rm -rf build .cache ;;
    *) usage_error "clean takes --all or nothing, but got '$1'" ;;
  esac
}
