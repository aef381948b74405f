#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes the clips of a shot list on several machines, with GNU parallel over ssh, then one film of them.
#
# Usage: examples/farm/parallel.sh HOST[,HOST...] SHOTS.json FILM.mp4 [OPTION...]
#   OPTION...             options of modelverse-render
#   SHARDS=4              parts of the list; a host makes as many at once as it has cores (2/HOST: two)
#   MODELVERSE_CACHE_DIR, MODELVERSE_API_KEY_FILE
#                         all machines see these and the working directory under these paths
set -euo pipefail

if [ $# -lt 3 ]; then
  sed -n '3,9s/^# \?//p' "${BASH_SOURCE[0]}"
  exit 2
fi
hosts=$1 list=$2 film=$3
shift 3
shards=${SHARDS:-4}

# Not the key itself: it would be on the command line of ssh.
environment=()
for name in "${!MODELVERSE_@}"; do
  [ "$name" = MODELVERSE_API_KEY ] || environment+=(--env "$name")
done
# A machine that is switched off is noticed by ssh alone; its shards are then made by another one, which
# resumes the tasks of their shots.
export PARALLEL_SSH=${PARALLEL_SSH:-ssh -o ServerAliveInterval=15}
parallel --sshlogin "$hosts" --retries 3 --workdir "$PWD" "${environment[@]}" --line-buffer --tag \
  modelverse-render --shard "{}/$shards" "$@" "$list" ::: $(seq "$shards")
modelverse-render --film "$film" "$@" "$list"
