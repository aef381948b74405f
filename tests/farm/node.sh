#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# One machine of the farm, until it is killed: mounts the shared directory, runs slurmd and sshd.
#
# Usage: node.sh DIRECTORY NAME SSH-PORT [MOUNT-COMMAND...]
set -eu

directory=$1 name=$2 ssh_port=$3
shift 3
[ "${FARM_OWN_HOST-}" = no ] || hostname "$name"
"$@" # mounts
/usr/sbin/sshd -D -f "$directory/sshd.conf" -p "$ssh_port" -E "$directory/sshd-$name.log" &
slurmd -D -N "$name" -f "$directory/slurm.conf" &
wait
