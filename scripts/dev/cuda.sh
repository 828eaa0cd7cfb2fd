# Puts the pinned CUDA compiler into .cache/cuda where no other is found.

CUDA_HOME=.cache/cuda
CUDA_WHEELS=scripts/cuda-wheels.txt

# True when .cache/cuda holds exactly the wheels that the list names now.
cuda_is_current() { cmp -s "$CUDA_WHEELS" "$CUDA_HOME/wheels.txt"; }

# unpack_cuda WHEELS_FOLDER TARGET: lays bin, include, lib and nvvm out as a CUDA installation.
unpack_cuda() {
  local wheel
  for wheel in "$1"/*.whl; do
    python3 -m zipfile -e "$wheel" "$2" || return
  done
  chmod +x "$2"/nvidia/cu13/bin/* "$2"/nvidia/cu13/nvvm/bin/* &&
    cp "$CUDA_WHEELS" "$2/nvidia/cu13/wheels.txt"
}

# Downloads beside the final place and renames at the end, so an interruption leaves no half toolchain. One at a time;
# what an interrupted one left behind goes away first.
fetch_cuda() (
  mkdir -p .cache
  exec 9>.cache/cuda.lock
  flock 9
  ! cuda_is_current || exit 0
  rm -rf .cache/cuda.part
  mkdir .cache/cuda.part
  trap 'rm -rf .cache/cuda.part' EXIT
  python3 -m pip --disable-pip-version-check download --quiet --no-deps --require-hashes --only-binary :all: \
    --requirement "$CUDA_WHEELS" --dest .cache/cuda.part/wheels >&2 || exit
  unpack_cuda .cache/cuda.part/wheels .cache/cuda.part/tree || exit
  [[ ! -e $CUDA_HOME ]] || mv "$CUDA_HOME" .cache/cuda.part/replaced
  mv .cache/cuda.part/tree/nvidia/cu13 "$CUDA_HOME"
)

# Fails after saying why when there is no CUDA compiler at the end.
install_cuda() {
  if [[ ${BURI_CUDA:-} == off ]]; then
    say "BURI_CUDA=off: no CUDA compiler, the build is CPU-only"
    return
  fi
  local nvcc
  nvcc=$(scripts/find-nvcc.sh)
  case "$nvcc" in
    "" | "$ROOT/$CUDA_HOME"/*) ;;
    *) return 0 ;;
  esac
  cuda_is_current && return
  say "fetching the CUDA compiler of $CUDA_WHEELS into $CUDA_HOME (115 MB, 310 MB unpacked)"
  fetch_cuda && return
  say "the CUDA compiler could not be fetched (reason above); install nvcc 13, or set BURI_CUDA=off to do without"
  return 1
}
