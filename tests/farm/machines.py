# SPDX-License-Identifier: LGPL-2.1-or-later
# The machines of a farm as processes of one: a head with Slurm's controller, and nodes with a daemon of
# Slurm, a server of ssh and mounts of their own.
import ctypes
import os
import pathlib
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
PR_SET_CHILD_SUBREAPER = 36

SLURM_CONF = """\
ClusterName=farm
SlurmctldHost=head(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
# A requeued job starts when the credentials of its last start have expired.
AuthInfo=socket={directory}/munge.socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
SchedulerParameters=bf_interval=1
# A node is given up after so many seconds without an answer, and taken again when it is back.
SlurmdTimeout=10
ReturnToService=2
SlurmdParameters=config_overrides
KillWait=10
MinJobAge=3600
SlurmctldPort=7000
StateSaveLocation={directory}/slurmctld
SlurmctldPidFile={directory}/slurmctld.pid
SlurmctldLogFile={directory}/slurmctld.log
SlurmdSpoolDir={directory}/slurmd-%n
SlurmdPidFile={directory}/slurmd-%n.pid
SlurmdLogFile={directory}/slurmd-%n.log
NodeName=node[1-2] NodeAddr=127.0.0.1 Port=[7101-7102] CPUs=2
PartitionName=farm Nodes=ALL Default=YES
"""

SSHD_CONF = """\
ListenAddress 127.0.0.1
HostKey {directory}/ssh-key
AuthorizedKeysFile {directory}/ssh-key.pub
StrictModes no
UsePAM no
PermitRootLogin yes
PidFile none
SetEnv {environment}
"""

SSH_CONF = """\
Host node1
  Port 7201
Host node2
  Port 7202
Host *
  HostName 127.0.0.1
  User root
  IdentityFile {directory}/ssh-key
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
  ServerAliveInterval 5
"""


def wait_until(what, is_true, seconds=60):
    """The first true value of `is_true`; an exception after that time."""
    end = time.monotonic() + seconds
    while True:
        value = is_true()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def output_of(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def children_of(pid):
    try:
        return [int(word) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
                for word in (task / "children").read_text().split()]
    except OSError:
        return []


def kill_descendants(pid):
    """Kills them in two rounds, so that none sees another one end and goes on."""
    alive = []
    for number in (signal.SIGSTOP, signal.SIGKILL):
        alive, left = [], [pid]
        while left:
            alive.append(left.pop())
            left += children_of(alive[-1])
        for each in alive[1:]:
            try:
                os.kill(each, number)
            except ProcessLookupError:
                pass
    return len(alive) > 1


class Daemon:
    """A process in the foreground, with a log."""

    def __init__(self, farm, name, *command, **options):
        self.log = farm.directory / f"{name}.out"
        self.name = name
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, **options)

    def is_running(self):
        return self.process.poll() is None

    def stop(self):
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()


class Node:
    """A machine that can be killed at once with all that runs on it. With `is_host` it has a name and
    processes of its own, so that nobody else sees whether they live; else it is a part of the head."""

    def __init__(self, farm, number, is_host):
        self.farm = farm
        self.name = f"node{number}"
        self.ssh_port = 7200 + number
        self.is_host = is_host
        self.daemon = None

    def start(self):
        own = ["--pid", "--uts", "--fork", "--kill-child", "--mount-proc"] if self.is_host else []
        script = [str(HERE / "node.sh"), str(self.farm.directory), self.name, str(self.ssh_port)]
        environment = {**os.environ, "FARM_OWN_HOST": "yes" if self.is_host else "no"}
        adopt_orphans = ctypes.CDLL(None).prctl
        self.daemon = Daemon(self.farm, self.name, "unshare", "--mount", *own, "/bin/bash", *script,
                             *self.farm.storage.mount_command(), env=environment,
                             start_new_session=True,
                             preexec_fn=lambda: adopt_orphans(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))

    def kill(self):
        process = self.daemon.process
        if self.is_host:
            # The first process of its own takes the others with it.
            for child in children_of(process.pid):
                os.kill(child, signal.SIGKILL)
        else:
            while kill_descendants(process.pid):
                time.sleep(0.001)
            process.kill()
        process.wait()

    def has_login(self):
        return subprocess.run([*os.environ["PARALLEL_SSH"].split(), self.name, "true"],
                              capture_output=True, check=False).returncode == 0

    def is_ready(self):
        if not self.daemon.is_running():
            raise RuntimeError(f"{self.name} ended: {self.daemon.log.read_text()}")
        if self.farm.storage.count_mounts(self.daemon.process.pid) < self.farm.storage.mounts:
            return False
        return self.farm.node_state(self.name) in ("idle", "mixed", "allocated")


class Farm:
    """The head. `storage` is the shared directory, see storage.py."""

    def __init__(self, directory, storage, environment):
        self.directory = directory
        self.storage = storage
        self.daemons = []
        self.nodes = []
        self.environment = environment
        os.environ["SLURM_CONF"] = str(directory / "slurm.conf")

    def write(self, name, text, **values):
        path = self.directory / name
        path.write_text(text.format(directory=self.directory, **values))
        path.chmod(0o600)

    def run(self, name, *command, **options):
        self.daemons.append(Daemon(self, name, *command, **options))
        return self.daemons[-1]

    def start(self):
        self.write("slurm.conf", SLURM_CONF)
        # From 23 on slurmd needs a plugin for cgroups, which needs systemd; 22 does not know this word.
        if output_of("slurmd", "-V").split()[1] >= "23":
            self.write("cgroup.conf", "CgroupPlugin=disabled\n")
        self.write("ssh.conf", SSH_CONF)
        self.write("sshd.conf", SSHD_CONF, environment=" ".join(
            f'{name}="{value}"' for name, value in self.environment.items()))
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                        self.directory / "ssh-key"], check=True)
        (self.directory / "munge.key").write_bytes(os.urandom(128))
        (self.directory / "munge.key").chmod(0o600)
        munge = self.directory / "munge"
        self.run("munged", "munged", "--foreground", "--force", f"--key-file={munge}.key",
                 f"--socket={munge}.socket", f"--pid-file={munge}.pid", f"--seed-file={munge}.seed",
                 f"--log-file={munge}.log")
        wait_until("munged is ready", (self.directory / "munge.socket").exists)
        (self.directory / "slurmctld").mkdir()
        self.run("slurmctld", "slurmctld", "-D", "-f", str(self.directory / "slurm.conf"))
        wait_until("slurmctld is ready", lambda: subprocess.run(
            ["scontrol", "ping"], capture_output=True, check=False).returncode == 0)

    def start_nodes(self, are_hosts):
        self.nodes = [Node(self, number, are_hosts) for number in (1, 2)]
        for node in self.nodes:
            (self.directory / f"slurmd-{node.name}").mkdir(exist_ok=True)
            node.start()
        for node in self.nodes:
            wait_until(f"{node.name} is ready", node.is_ready)

    def stop_nodes(self):
        for node in self.nodes:
            node.kill()
        self.nodes = []

    def stop(self):
        self.stop_nodes()
        for daemon in reversed(self.daemons):
            daemon.stop()

    @staticmethod
    def node_state(name):
        return output_of("sinfo", "--noheader", "-n", name, "-o", "%T").strip().rstrip("*")

    @staticmethod
    def jobs(job):
        """What scontrol(1) says of each task of an array."""
        text = output_of("scontrol", "show", "job", job, "--oneliner")
        return [dict(word.split("=", 1) for word in line.split() if "=" in word)
                for line in text.splitlines()]

    def logs(self):
        for path in sorted(self.directory.glob("*.out")) + sorted(self.directory.glob("*.log")):
            lines = path.read_text(errors="replace").splitlines()
            yield path.name, lines[-30:]
