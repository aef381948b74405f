#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes the clips of a shot list as a Slurm job array, then one film of them:
#
#   export MODELVERSE_CACHE_DIR=/shared/cache MODELVERSE_API_KEY_FILE=/shared/api-key
#   clips=$(sbatch --parsable --array=1-4 slurm-job.sh shots.json)
#   sbatch --dependency=afterok:$clips slurm-job.sh --film film.mp4 shots.json
#
# All nodes see the directories of the cache, the list and the key under these paths. Use a file for
# the key: Slurm stores the environment of a job.
#SBATCH --job-name=modelverse-render
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
# After the failure of a node the job starts again on another one: it resumes the tasks of its shots.
#SBATCH --requeue
#SBATCH --open-mode=append

# The array must begin with 1: its last number is that of the shards.
if [ -n "${SLURM_ARRAY_TASK_ID-}" ]; then
  set -- --shard "$SLURM_ARRAY_TASK_ID/${SHARDS:-$SLURM_ARRAY_TASK_MAX}" "$@"
fi
# In place of the shell, so that the program gets the signal of scancel and of the time limit.
exec modelverse-render "$@"
