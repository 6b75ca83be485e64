#!/bin/bash
# slurm.sh - a Slurm of one node on this machine's loopback address, for tests: its own folder, ports, keys and daemons. It
# neither needs nor disturbs another Slurm or munge here, and installs nothing.
#
#     tests/slurm.sh check         says what is missing; exit status 77 if something is
#     tests/slurm.sh start DIR     starts it and prints the line that points sbatch, squeue, scontrol at it
#     tests/slurm.sh stop DIR      ends it, and every job that runs in it
#
# DIR must be absolute and is made; it holds configuration, state and logs. The jobs run as whoever starts it; root is not needed.
# COGOV_SLURM_CPUS: processors of the node (default 2).

set -euo pipefail

complain() {
    printf 'slurm.sh: %s\n' "$*" >&2
}

check() {
    local missing=()
    command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v sbatch >/dev/null || missing+=(slurm-wlm)
    command -v munged >/dev/null || missing+=(munge)
    if [ ${#missing[@]} -gt 0 ]; then
        complain "no Slurm here; on Debian: apt-get install ${missing[*]}"
        return 77
    fi
}

# free_ports N: so many that nobody listens on.
free_ports() {
    /usr/bin/python3 - "$1" <<'END'
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets:
    s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in sockets])
END
}

# try_for SECONDS COMMAND ...: until it succeeds.
try_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

start_munge() {
    mkdir -p "$dir/munge"
    chmod 755 "$dir" "$dir/munge"
    (umask 077 && head -c 1024 /dev/urandom >"$dir/munge/key")
    munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munge/pid" \
        --log-file="$dir/munge/log" --seed-file="$dir/munge/seed"
    try_for 10 munge -n --socket="$dir/munge/socket"
}

# cred_expire is how long a job that is requeued waits (120 s by default).
write_configuration() {
    local host memory ports
    host=$(hostname -s)
    memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.8) }' /proc/meminfo)
    read -r -a ports <<<"$(free_ports 2)"
    mkdir -p "$dir"/{state,spool,log}
    cat >"$dir/slurm.conf" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,sched_min_interval=0
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobRequeue=1
KillWait=5
ReturnToService=2
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=${COGOV_SLURM_CPUS:-2} RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
}

node_is_idle() {
    [ "$(sinfo -h -o %t)" = idle ]
}

start() {
    check
    mkdir -p "$dir"
    trap 'stop >/dev/null 2>&1; complain "it did not come up; see $dir/log"' ERR
    start_munge
    write_configuration
    export SLURM_CONF=$dir/slurm.conf
    slurmctld -f "$SLURM_CONF"
    slurmd -f "$SLURM_CONF" -N "$(hostname -s)"
    try_for 30 node_is_idle
    trap - ERR
    echo "export SLURM_CONF=$SLURM_CONF"
}

# end PIDFILE: that process, if it lives.
end() {
    local pid
    pid=$(cat "$1" 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || return 0
    try_for 10 eval "! kill -0 $pid" || kill -KILL "$pid"
}

stop() {
    if [ -e "$dir/slurm.conf" ]; then
        export SLURM_CONF=$dir/slurm.conf
        scancel --quiet --user="$(id -un)" 2>/dev/null || true
        try_for 15 node_is_idle || true
        end "$dir/slurmctld.pid"
        end "$dir/slurmd.pid"
    fi
    end "$dir/munge/pid"
}

dir=${2:-}
case "${1:-} $dir" in
'check ') check ;;
'start /'*) start ;;
'stop /'*) stop ;;
*)
    sed -n '2,11p' "$0" >&2
    exit 2
    ;;
esac
