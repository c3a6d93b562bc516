#!/bin/bash
# submit.sh SHARES SWEEP-OPTION...          trains a plan in so many shares, and merges them into chart.json
# submit.sh SHARES --only 3,7 SWEEP-OPTION...  the same of these shares alone: those that `missing` names after a merge
#
# To be called in an empty folder that all nodes see. HASH_PHASE names the program where it is not on the path; sbatch's own options
# (partition, time, account) come by SBATCH_PARTITION and the like. `hash-phase plan --shards SHARES SWEEP-OPTION...` says how long a share takes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export SHARES=$1
shift
only=1-$SHARES
if [ "${1:-}" = --only ]; then
  only=$2
  shift 2
fi
mkdir -p shares
array=$(sbatch --parsable --export=ALL --array="$only" "$here/sweep.sbatch" "$@")
merge=$(sbatch --parsable --export=ALL --dependency="afterany:$array" "$here/merge.sbatch")
echo "shares $only of $SHARES: job $array; their merge: job $merge"
