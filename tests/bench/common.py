# SPDX-License-Identifier: LGPL-2.1-or-later
# What the benchmarks share: children and what they cost, servers, rounds, the raw output.
#
# Each figure is appended as a line of JSON to the file that MODELVERSE_BENCH_OUTPUT names, for
# report.py; where it names none, figures are only printed.
import contextlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SKIPPED = 77  # Meson's word for it
CERTIFICATES = os.path.join(os.path.dirname(__file__), "..", "support", "certs")


def begin(name, programs=(), elements=()):
    """Ends the benchmark, and says what is missing, unless all of it is installed."""
    missing = [f"{needed} (Debian: {package})" for needed, package in programs
               if not program(needed)]
    for element, package in elements:
        found = subprocess.run(["gst-inspect-1.0", "--exists", element], check=False)
        if found.returncode != 0:
            missing.append(f"the element {element} (Debian: {package})")
    if missing:
        print(f"Skipped: {', '.join(missing)} is missing. All that the benchmarks need: the group "
              "`bench` of .ci/packages.txt, installed by\n"
              "  bash -c '. .ci/packages.sh && install_packages run bench'")
        sys.exit(SKIPPED)
    # Meson's time limit ends it so: the servers and the scratch directory are to go as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    build, load = os.environ["MODELVERSE_BENCH_BUILD"], os.getloadavg()[0]
    if "optimization=0" in build:
        print("This build is not optimised: these are not the figures of what is installed.")
    if load > os.cpu_count():
        print(f"The machine is busy (load {load:.1f}): the wall times say little.")
    record("run", name=name, build=build, load=load, cores=os.cpu_count())


def program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def record(bench, **values):
    path = os.environ.get("MODELVERSE_BENCH_OUTPUT")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"bench": bench, **values}) + "\n")


def rounds():
    """How many times everything is run; at least 7 where figures are to be shown."""
    return int(os.environ.get("MODELVERSE_BENCH_ROUNDS", "7"))


@contextlib.contextmanager
def scratch():
    """A directory on the disk of the build: /tmp may be in memory."""
    with tempfile.TemporaryDirectory(dir=os.environ["MODELVERSE_BENCH_DIRECTORY"]) as directory:
        yield directory


class Cost:
    """What children took: seconds of wall and of the processor, and what the last one printed."""

    def __init__(self, wall=0.0, cpu=0.0, output=""):
        self.wall, self.cpu, self.output = wall, cpu, output

    def __add__(self, other):
        return Cost(self.wall + other.wall, self.cpu + other.cpu, other.output)


def cost_of(command, **environment):
    """Runs it to its end; all its threads are counted, also what they do after main()."""
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          env={**os.environ, **environment}) as child:
        output = child.stdout.read().decode()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begin
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)}: ended with {child.returncode}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, output)


def pipeline(description, **environment):
    """The cost of a pipeline, and the times of run_pipeline.cpp."""
    cost = cost_of([os.environ["MODELVERSE_BENCH_RUNNER"], description], **environment)
    return cost, json.loads(cost.output)


def remove_directory(path):
    shutil.rmtree(path, ignore_errors=True)


def warm_memory(directory, size):
    """Fills so much of the page cache and lets it go. A virtual machine gives free memory back to
    its host, and whoever asks for it next pays for that, six times the cost of a write: now every
    variant finds memory that the machine has."""
    path = os.path.join(directory, "warm")
    piece = bytes(1 << 20)
    with open(path, "wb") as file:
        for _ in range(size // len(piece) + 1):
            file.write(piece)
    os.remove(path)


def median(values):
    return statistics.median(values)


def in_turn(variants, count):
    """(round, name, run) of each variant in each round, each round from another one on: what the
    machine does meanwhile meets all of them."""
    names = list(variants)
    for number in range(count):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            yield number, name, variants[name]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit("nginx does not answer")


NGINX = """
daemon off; worker_processes 1; pid {directory}/nginx.pid; error_log {directory}/nginx.log; {user}
events {{ }}
http {{
  access_log off; sendfile on; tcp_nopush on;
  client_body_temp_path {directory}/t1; proxy_temp_path {directory}/t2; fastcgi_temp_path {directory}/t3;
  uwsgi_temp_path {directory}/t4; scgi_temp_path {directory}/t5;
  server {{
    listen 127.0.0.1:{plain}; listen 127.0.0.1:{tls} ssl; root {root};
    ssl_certificate {certificate}; ssl_certificate_key {certificate};
  }}
}}
"""


@contextlib.contextmanager
def nginx(directory, root):
    """Serves the directory `root` as {"plain": "http://...", "tls": "https://..."}."""
    ports = {"plain": free_port(), "tls": free_port()}
    # Started by root it would serve as nobody, who may not look into our directories.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration = os.path.join(directory, "nginx.conf")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(NGINX.format(directory=directory, root=root, user=user, **ports,
                                certificate=os.path.join(CERTIFICATES, "server.pem")))
    log = os.path.join(directory, "nginx.log")
    with subprocess.Popen([program("nginx"), "-e", log, "-c", configuration]) as server:
        try:
            wait_for_port(ports["plain"])
            yield {"plain": f"http://127.0.0.1:{ports['plain']}",
                   "tls": f"https://127.0.0.1:{ports['tls']}"}
        finally:
            server.terminate()


@contextlib.contextmanager
def emulator(*options):
    """The service; its base-url."""
    command = [os.environ["MODELVERSE_BENCH_EMULATOR"], "--exit-with-stdin", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as service:
        for line in service.stdout:
            name, _, value = line.decode().strip().partition("=")
            if name == "MODELVERSE_BASE_URL":
                yield value
                break
        service.stdin.close()


def success_script(directory, link):
    """A script by which every task has succeeded and its clip is at `link`."""
    body = {"output": {"task_id": "t", "task_status": "Success", "urls": [link]}, "request_id": "r"}
    path = os.path.join(directory, "script.json")
    rule = {"route": "status", "times": 0, "status": 200, "body": json.dumps(body)}
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"rules": [rule]}, file)
    return path


def padded_clip(path, size):
    """A clip whose index stands first, made `size` bytes long by a box that players skip."""
    with open(os.environ["MODELVERSE_TEST_CLIP_EARLY"], "rb") as file:
        clip = file.read()
    padding = size - len(clip)
    with open(path, "wb") as file:
        file.write(clip + padding.to_bytes(4, "big") + b"free")
        # Not a hole in the file: that would be no reading.
        for _ in range((padding - 8) // 65536):
            file.write(bytes(range(256)) * 256)
        file.write(bytes((padding - 8) % 65536))
        file.flush()
        os.fsync(file.fileno())
