#!/bin/bash
# Tries precompute.sbatch on a Slurm of one node on this machine (Debian, root): four shards, of which one is killed and run
# again, joined, and compared with the same work done at once.
#
#     bash deploy/slurm/try.sh            # installs slurm-wlm and munge where they are missing; a few minutes
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v slurmctld >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge >/dev/null
fi
[ -f packages/directions/dist/cli.js ] || npm run build >/dev/null

work=$(mktemp -d)
host=$(hostname -s)
mkdir -p /run/munge /var/log/munge /etc/slurm "$work"/{state,spool}
chown munge: /run/munge /var/log/munge
if ! pgrep -x munged >/dev/null; then runuser -u munge -- munged; fi
cat >/etc/slurm/slurm.conf <<CONF
ClusterName=try
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ReturnToService=2
JobAcctGatherType=jobacct_gather/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(free -m | awk '/Mem/{print $2}') State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld
slurmd
trap 'pkill -F "$work/slurmd.pid"; pkill -F "$work/slurmctld.pid"; rm -rf "$work"' EXIT
until sinfo -h -o %T | grep -q idle; do sleep 1; done

export SHARDS=4 STORE="$work/store" CONFIG="$work/small.yaml"
cat >"$CONFIG" <<'YAML'
name: slurm
images: 2
statistics: 200
YAML
submit() { sbatch --parsable --cpus-per-task=1 --mem=2G --export=ALL --output="$work/task-%a.log" "$@" deploy/slurm/precompute.sbatch; }

job=$(submit --array=0-3%2)
echo "array $job; task 1 is killed when it has begun"
until grep -q 'relevance' "$work/task-1.log" 2>/dev/null; do sleep 0.5; done
scancel --signal=KILL "${job}_1"
while squeue -h -j "$job" | grep -q .; do sleep 1; done

echo 'joined without it:'
if node packages/directions/dist/cli.js merge --config "$CONFIG" --runs "$work/runs" --store "$STORE" --shards 4; then
  echo 'a missing shard was not noticed' >&2
  exit 1
fi

sbatch_again=$(submit --array=1 --wait)
echo "array $sbatch_again: task 1 again, alone"
node packages/directions/dist/cli.js merge --config "$CONFIG" --runs "$work/runs" --store "$STORE" --shards 4
node packages/directions/dist/cli.js precompute --config "$CONFIG" --runs "$work/whole" --set threads=1 >/dev/null
cmp "$work/runs/directions/slurm/relevance.arrow" "$work/whole/directions/slurm/relevance.arrow"
echo 'the joined file is the same, byte for byte, as one that was measured at once'
