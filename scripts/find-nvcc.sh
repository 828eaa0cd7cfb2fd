#!/usr/bin/env bash
# Prints the path of the CUDA compiler to use: CUDACXX, PATH, /usr/local/cuda, then the pinned one that `./dev deps`
# unpacks into .cache/cuda. Prints nothing where there is none or BURI_CUDA=off. Compilers before 13.0 are passed over.
[[ ${BURI_CUDA:-} == off ]] && exit 0
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for nvcc in "${CUDACXX:-}" "$(readlink -f "$(command -v nvcc)")" /usr/local/cuda/bin/nvcc "$root/.cache/cuda/bin/nvcc"; do
  [[ -x $nvcc ]] || continue
  release=$("$nvcc" --version 2>/dev/null | sed -n 's/.*release \([0-9]*\)\..*/\1/p')
  if (( ${release:-0} >= 13 )); then
    echo "$nvcc"
    exit 0
  fi
done
exit 0
