# SPDX-License-Identifier: LGPL-2.1-or-later
# Installs missing Debian packages of .ci/packages.txt. Source this file.
# shellcheck shell=bash

packages_file="$(dirname "${BASH_SOURCE[0]}")/packages.txt"

# wanted_packages PURPOSE... : prints the package names for this release, one per line.
wanted_packages() {
  local release purpose
  # shellcheck disable=SC1091 # the system's
  release=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
  for purpose; do
    awk -v purpose="$purpose" -v release="$release" \
      '$1 == purpose && (NF < 3 || $3 == release) { print $2 }' "$packages_file"
  done
}

# missing_packages PURPOSE... : prints the packages that are not installed, one per line.
missing_packages() {
  local wanted
  wanted=$(wanted_packages "$@")
  # shellcheck disable=SC2086 # a list of words
  comm -23 <(sort -u <<<"$wanted") \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
      awk '$1 == "installed" { print $2 }' | sort -u)
}

# install_packages PURPOSE... : installs missing packages; uses sudo only if any are missing.
install_packages() {
  local missing as_root=()
  if ! command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2046 # a list of words
    echo "Not a Debian system. Install the equivalents of these Debian packages:" $(wanted_packages "$@")
    return 0
  fi
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -eq 0 ]; then
    echo "All packages are installed."
    return 0
  fi
  local command="apt-get install --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Packages are missing, and sudo is not installed. Run as root: $command" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends "${missing[@]}" && return
  echo "Cannot install packages. Run as root: $command" >&2
  return 1
}
