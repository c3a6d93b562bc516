#!/bin/bash
# slurm-here.sh FOLDER start|stop: a Slurm of one node with four slots on this machine, all of it in FOLDER; as root.
set -euo pipefail
folder=$1
export SLURM_CONF=$folder/slurm.conf
case $2 in
start)
  mkdir -p "$folder"/{state,spool,munge}
  chmod 755 "$folder"
  # Its own key and socket: whatever else runs here is left alone.
  dd if=/dev/urandom of="$folder/munge/key" bs=1 count=1024 status=none
  chmod 700 "$folder/munge" && chmod 400 "$folder/munge/key"
  munged --force --key-file="$folder/munge/key" --socket="$folder/munge.socket" --pid-file="$folder/munge/pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"
  cat > "$SLURM_CONF" <<CONF
ClusterName=here
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=${SLURM_TEST_PORT:-26817}
SlurmdPort=$((${SLURM_TEST_PORT:-26817} + 1))
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=2,requeue_delay=0
SchedulerType=sched/builtin
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=60
KillWait=5
JobRequeue=1
MpiDefault=none
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=4 RealMemory=16000 State=UNKNOWN
PartitionName=here Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  slurmctld
  slurmd
  ;;
stop)
  for file in slurmd.pid slurmctld.pid munge/pid; do
    [ -e "$folder/$file" ] || continue
    pid=$(cat "$folder/$file")
    kill "$pid" && tail --pid="$pid" -f /dev/null # until it has ended
  done
  ;;
esac
