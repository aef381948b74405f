# SPDX-License-Identifier: LGPL-2.1-or-later
# What the machines of a farm share: a directory of this machine, or a cluster file system whose servers
# run on the head and that each node mounts by itself.
import os
import pathlib
import subprocess
import uuid

from machines import output_of, wait_until

ADDRESS = "10.77.0.1"  # of the head; servers refuse the loopback's


class Unavailable(Exception):
    """This machine cannot have it."""


class Local:
    """One directory, seen by all."""

    mounts = 0  # that a node has: the head's, and its own

    def __init__(self, directory):
        self.directory = directory
        self.path = directory / "shared"
        self.path.mkdir()

    def start(self, farm):
        pass

    def mount_command(self):
        return ["true"]

    def count_mounts(self, pid):
        lines = pathlib.Path(f"/proc/{pid}/mountinfo").read_text().splitlines()
        return sum(line.split()[4] == str(self.path) for line in lines)


class Mounted(Local):
    """A file system in user space. Nodes mount it over the mount that they have from the head."""

    mounts = 2

    def start(self, farm):
        if not pathlib.Path("/dev/fuse").exists():
            raise Unavailable("there is no /dev/fuse")
        self.serve(farm)
        wait_until("the head has mounted it", self.mount)

    # Servers may take a moment until they serve.
    def mount(self):
        done = subprocess.run(self.mount_command(), capture_output=True, text=True, check=False)
        return done.returncode == 0 and self.path.is_mount()


class GlusterFS(Mounted):
    """A volume of two bricks, without copies: names lie on one of them, by their hash."""

    def serve(self, farm):
        for name in ("/var/lib/glusterd", "/var/log/glusterfs"):
            private = self.directory / pathlib.Path(name).name
            private.mkdir()
            output_of("mount", "--bind", private, name)
        pathlib.Path("/run/gluster").mkdir()
        farm.run("glusterd", "glusterd", "--no-daemon")
        wait_until("glusterd is ready", lambda: subprocess.run(
            ["gluster", "--mode=script", "volume", "list"], capture_output=True,
            check=False).returncode == 0)
        bricks = [f"{ADDRESS}:{self.directory}/brick{number}" for number in (1, 2)]
        output_of("gluster", "--mode=script", "volume", "create", "farm", *bricks, "force")
        output_of("gluster", "--mode=script", "volume", "start", "farm")

    def mount_command(self):
        return ["glusterfs", f"--volfile-server={ADDRESS}", "--volfile-id=farm", str(self.path)]


class MooseFS(Mounted):
    """A master and a server of chunks. The master keeps the locks of a lost machine for a day, if it is
    not told otherwise."""

    def serve(self, farm):
        for name in ("master", "chunks", "disk"):
            (self.directory / name).mkdir()
        (self.directory / "master" / "metadata.mfs").write_text("MFSM NEW")
        farm.write("exports.cfg", "* / rw,alldirs,maproot=0\n")
        farm.write("disks.cfg", "{directory}/disk\n")
        common = "WORKING_USER=root\nWORKING_GROUP=root\nNICE_LEVEL=0\n"
        farm.write("master.cfg", common + "DATA_PATH={directory}/master\n"
                   "EXPORTS_FILENAME={directory}/exports.cfg\nSESSION_SUSTAIN_TIME=60\n")
        farm.write("chunks.cfg", common + "DATA_PATH={directory}/chunks\n"
                   "HDD_CONF_FILENAME={directory}/disks.cfg\nHDD_LEAVE_SPACE_DEFAULT=100MiB\n"
                   f"MASTER_HOST={ADDRESS}\n")
        for program, name in (("mfsmaster", "master"), ("mfschunkserver", "chunks")):
            farm.run(program, program, "-f", "-c", str(self.directory / f"{name}.cfg"), "start")

    def mount_command(self):
        return ["mfsmount", "-H", ADDRESS, "-o", "nonempty", str(self.path)]


CEPH_CONF = """\
[global]
fsid = {fsid}
mon host = {address}
public network = {address}/32
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
mon allow pool size one = true
mon data avail crit = 1
osd objectstore = memstore
memstore device bytes = 2147483648
osd crush chooseleaf type = 0
log file = {directory}/$name.log
run dir = {directory}
mon data = {directory}/mon
osd data = {directory}/osd
mds data = {directory}/mds
"""


class CephFS(Mounted):
    """A monitor, a store of objects in memory, and a server of metadata, without keys. It keeps the locks
    of a lost machine for session_autoclose, five minutes if it is not told otherwise."""

    def serve(self, farm):
        farm.write("ceph.conf", CEPH_CONF, fsid=uuid.uuid4(), address=ADDRESS)
        os.environ["CEPH_CONF"] = str(self.directory / "ceph.conf")
        for name in ("mon", "osd", "mds"):
            (self.directory / name).mkdir()
        output_of("ceph-mon", "--mkfs", "-i", "a", "--public-addr", ADDRESS)
        farm.run("ceph-mon", "ceph-mon", "-f", "-i", "a", "--public-addr", ADDRESS)
        self.ask("osd", "create")
        output_of("ceph-osd", "-i", "0", "--mkfs")
        farm.run("ceph-osd", "ceph-osd", "-f", "-i", "0")
        farm.run("ceph-mds", "ceph-mds", "-f", "-i", "a")
        for pool in ("data", "metadata"):
            self.ask("osd", "pool", "create", pool, "8")
        self.ask("fs", "new", "farm", "metadata", "data")
        for limit in ("session_timeout", "session_autoclose"):
            self.ask("fs", "set", "farm", limit, "30")
        wait_until("the server of metadata is ready", lambda: "active" in self.ask("mds", "stat"))

    @staticmethod
    def ask(*words):
        return output_of("ceph", "--connect-timeout", "30", *words)

    def mount_command(self):
        return ["ceph-fuse", "-o", "nonempty", str(self.path)]


KINDS = {"local": Local, "glusterfs": GlusterFS, "moosefs": MooseFS, "cephfs": CephFS}
