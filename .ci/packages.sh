# SPDX-License-Identifier: LGPL-2.1-or-later
# Installs the Debian packages of .ci/packages.txt that are missing. To be sourced.
# shellcheck shell=bash

packages_file="$(dirname "${BASH_SOURCE[0]}")/packages.txt"

# missing_packages PURPOSE... : the names that are not installed, one a line.
missing_packages() {
  local wanted
  wanted=$(for purpose; do awk -v purpose="$purpose" '$1 == purpose { print $2 }' "$packages_file"; done)
  # shellcheck disable=SC2086 # a list of words
  comm -23 <(sort -u <<<"$wanted") \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
      awk '$1 == "installed" { print $2 }' | sort -u)
}

# install_packages PURPOSE... : installs what is missing, and asks for rights only then.
install_packages() {
  local missing as_root=()
  if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian system: taking it that these are installed: $*"
    return 0
  fi
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -eq 0 ]; then
    echo "All packages are installed."
    return 0
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Packages are missing and there is no sudo; as root, run: apt-get install ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends "${missing[@]}"
}
