source scripts/dev/cuda.sh

deps_help() {
  cat <<'TEXT'
usage: ./dev deps

Installs what building and testing need and what is not there yet: the Debian packages of scripts/packages.txt (as root
or through sudo), and, unless nvcc is in CUDACXX, PATH or /usr/local/cuda, the CUDA compiler of scripts/cuda-wheels.txt
into .cache/cuda. Asks nothing. Where nothing is missing it neither needs the network nor root.

Fetches the crates of node/execution/evm/precompiles/pairings.

  BURI_CUDA=off ./dev deps    no CUDA compiler; the build is then CPU-only
TEXT
}

# The names in scripts/packages.txt.
listed_packages() { sed -e 's/#.*//' -e '/^\s*$/d' scripts/packages.txt; }

missing_packages() {
  local package
  for package in $(listed_packages); do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
}

# Runs a command as root, directly or through sudo.
as_root() {
  if (( $(id -u) == 0 )); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "installing packages needs root: run ./dev deps as root, or install sudo"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o APT::Install-Recommends=false "$@" >&2
}

install_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    say "this is no Debian; taking for granted what scripts/packages.txt lists"
    return
  fi
  mapfile -t missing < <(missing_packages)
  (( ${#missing[@]} )) || return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  command -v apt-get >/dev/null || die "apt-get is not here; install these packages: ${missing[*]}"
  apt update || say "apt-get update failed; going on with the package lists that are here"
  apt install "${missing[@]}" ||
    die "apt-get could not install: ${missing[*]} (Debian 12 'main' has all of them; apt's reason is above)"
}

# The crates that precompiles/pairings/Cargo.lock names, each held against its hash there by cargo.
fetch_crates() {
  local cargo
  cargo=$(command -v cargo || echo "$HOME/.cargo/bin/cargo")
  "$cargo" fetch --quiet --locked --manifest-path node/execution/evm/precompiles/pairings/Cargo.toml >&2 ||
    die "cargo could not fetch the crates of the pairing precompiles"
}

# What every other verb begins with. CUDA is optional to a build, so that its absence stops only `./dev deps` itself.
ensure_deps() {
  install_packages
  install_cuda || say "going on with a CPU-only build"
}

deps_main() {
  (( $# == 0 )) || usage_error "deps takes no arguments, but got '$1'"
  install_packages
  fetch_crates
  install_cuda
}
