# SPDX-License-Identifier: LGPL-2.1-or-later
# Renders shot lists on a farm of two nodes that share a directory, kills nodes meanwhile, and counts what
# was submitted. Started by run.sh, as the first process of its own namespaces.
#
# Usage: farm.py BUILD DIRECTORY STORAGE [CASE...]
import hashlib
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import time
import urllib.request

import storage
from machines import Farm, output_of, wait_until

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SKIPPED = 77
SHOTS = 24
SHARDS = 4
CHAINED = SHARDS  # the last shots, one of each shard, start from one that another shard makes as well
FRESH = SHOTS - CHAINED


class Failure(Exception):
    pass


def expect(is_true, what):
    if not is_true:
        raise Failure(what)


def boxes(data, start, end):
    while start + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, start)
        yield name, start + 8, start + size
        start += max(size, 8)


def frames_of(path):
    """The number of pictures in an MP4 file."""
    data = path.read_bytes()

    def find(start, end, *names):
        for name, begin, stop in boxes(data, start, end):
            if name == names[0]:
                yield from [(begin, stop)] if len(names) == 1 else find(begin, stop, *names[1:])

    for media in find(0, len(data), b"moov", b"trak", b"mdia"):
        handler = next(find(*media, b"hdlr"))[0]
        if data[handler + 8:handler + 12] == b"vide":
            sizes = next(find(*media, b"minf", b"stbl", b"stsz"))[0]
            return struct.unpack_from(">I", data, sizes + 8)[0]
    return 0


class Work:
    """A shot list, an emulator for it, and what becomes of both."""

    ports = iter(range(8001, 8100))

    def __init__(self, farm, name, build, generation_time):
        self.farm = farm
        self.path = farm.storage.path / name
        self.path.mkdir()
        self.list = self.path / "shots.json"
        self.prompts = {f"shot-{i:02}": f"{name}: shot {i}" for i in range(1, SHOTS + 1)}
        shutil.copy(ROOT / "examples" / "sample.jpg", self.path / "sample.jpg")
        self.list.write_text(json.dumps({
            "defaults": {"model": "Wan-AI/Wan2.2-I2V", "resolution": "480P"},
            "shots": [self.shot(i) for i in range(1, SHOTS + 1)]}))
        key = self.path / "api-key"
        key.touch(0o600)
        key.write_text("any\n")
        self.url = f"http://127.0.0.1:{next(self.ports)}"
        os.environ.update(MODELVERSE_BASE_URL=self.url, MODELVERSE_CACHE_DIR=str(self.path / "cache"),
                          MODELVERSE_API_KEY_FILE=str(key))
        emulator = farm.run(f"emulator-{name}", str(build / "src/emulator/modelverse-emulator"),
                            "--port", self.url.rpartition(":")[2], "--generation-time",
                            str(generation_time))
        wait_until("the emulator is ready", lambda: "MODELVERSE_BASE_URL" in emulator.log.read_text())

    def shot(self, number):
        shot = {"id": f"shot-{number:02}", "prompt": self.prompts[f"shot-{number:02}"]}
        if number > FRESH:
            start = (number - FRESH) % CHAINED + 1
            return {**shot, "start": f"shot-{start:02}"}
        return {**shot, "image": "sample.jpg"}

    def get(self, what):
        with urllib.request.urlopen(f"{self.url}/{what}", timeout=30) as response:
            return json.load(response)

    def play(self, *rules):
        body = json.dumps({"rules": rules}).encode()
        with urllib.request.urlopen(f"{self.url}/script", body, timeout=30) as response:
            expect(response.status == 200, "the emulator's script is refused")

    def sbatch(self, options, *arguments):
        """The job's id."""
        return output_of("sbatch", "--parsable", f"--chdir={self.path}",
                         f"--output={self.path}/%x-%A-%a.log", *options,
                         str(ROOT / "examples" / "farm" / "slurm-job.sh"), *arguments).strip()

    def records(self, state):
        records = (self.path / "cache").glob("*/record.json")
        return [path for path in records if f'"{state}"' in path.read_text()]

    def wait_for_polling(self):
        """Until every shot that can be submitted is, with its task on the disk."""
        wait_until("the tasks are submitted", lambda: len(self.records("submitted")) == FRESH)
        tasks = self.get("tasks")
        expect(len(tasks) == FRESH, f"{len(tasks)} tasks for {FRESH} shots")
        expect(all(task["task_status"] in ("Pending", "Running") for task in tasks),
               "a task ended too early")

    def settle(self, kills):
        """Runs what is left on the head, and counts the outcomes."""
        done = subprocess.run(["modelverse-render", "--json", "-o", "clips", "shots.json"],
                              cwd=self.path, capture_output=True, text=True, check=False)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        ends = {event["id"]: event for event in events
                if event["event"] in ("done", "failed", "skipped")}
        tasks = self.get("tasks")
        unknown = [name for name, event in ends.items() if event["event"] == "failed"
                   and "may have been accepted and billed" in event["text"]]
        skipped = [name for name, event in ends.items() if event["event"] == "skipped"]
        right = [name for name, event in ends.items() if event["event"] == "done"
                 and self.is_right(self.path / "clips" / f"{name}.mp4", self.by_prompt())]
        print(f"  {kills} kills, {len(tasks)} submits, {len(right)} clips, unknown outcomes: "
              f"{unknown or 'none'}, skipped behind them: {skipped or 'none'}")
        expect(len(self.by_prompt()) == len(tasks), "two submits for one shot")
        expect(len(right) + len(unknown) + len(skipped) == SHOTS, f"other ends: {ends}")
        expect(not skipped or unknown, "skipped without a reason")
        expect(kills, "nobody was killed")

    def by_prompt(self):
        return {task["prompt"]: task for task in self.get("tasks")}

    def count(self):
        """One submit, one clip of each shot, and one film of them."""
        tasks = self.by_prompt()
        submits = [one for one in self.get("requests") if one["route"] == "submit"]
        clips = {name: self.path / "clips" / f"{name}.mp4" for name in self.prompts}
        right = [name for name, path in clips.items() if path.exists() and self.is_right(path, tasks)]
        films = list(self.path.glob("*film*.mp4"))
        print(f"  {len(submits)} submits, {len(tasks)} tasks, {len(right)} clips, {len(films)} film")
        expect(len(submits) == len(tasks) == SHOTS, "not one submit for each shot")
        expect(len(right) == SHOTS, f"wrong or missing clips: {sorted(set(clips) - set(right))}")
        expect(len(films) == 1, "not one film")
        frames = sum(frames_of(path) for path in clips.values())
        expect(frames_of(films[0]) == frames > SHOTS,
               f"{frames_of(films[0])} frames in the film, {frames} in its clips")

    def is_right(self, path, tasks):
        task = tasks.get(self.prompts[path.stem])
        return task and hashlib.sha256(path.read_bytes()).hexdigest() == task["sha256"]


def has_film(farm, clips, film):
    failed = [task["JobId"] for task in farm.jobs(clips) if task["JobState"] == "FAILED"]
    expect(not failed, f"jobs {failed} failed")
    return has_ended(farm, film)


def has_ended(farm, job):
    return all(task["JobState"] in ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT")
               for task in farm.jobs(job))


def slurm(farm, build):
    """A node is lost while all tasks are being generated, and comes back when its jobs were given to the
    other one."""
    farm.start_nodes(are_hosts=True)
    work = Work(farm, "slurm", build, generation_time=20)
    clips = work.sbatch([f"--array=1-{SHARDS}"], "--jobs", "8", "-o", "clips", "shots.json")
    film = work.sbatch([f"--dependency=afterok:{clips}"], "--film", "film.mp4", "shots.json")
    work.wait_for_polling()
    lost = [task["JobId"] for task in farm.jobs(clips) if task.get("NodeList") == "node2"]
    expect(lost, "node2 has no job")
    farm.nodes[1].kill()
    print(f"  node2 lost with {len(lost)} of {SHARDS} jobs")
    wait_until("the jobs are requeued", lambda: all(
        farm.jobs(job)[0]["Restarts"] != "0" for job in lost), 120)
    farm.nodes[1].start()
    wait_until("the film's job has ended", lambda: has_film(farm, clips, film), 300)
    for task in farm.jobs(clips) + farm.jobs(film):
        expect(task["JobState"] == "COMPLETED", f"job {task['JobId']}: {task['JobState']}")
    work.count()


def ssh(farm, build):
    """The same without a scheduler."""
    farm.start_nodes(are_hosts=True)
    os.environ["PARALLEL_SSH"] = f"ssh -F {farm.directory}/ssh.conf"
    try:
        for node in farm.nodes:
            wait_until(f"a login by ssh at {node.name}", node.has_login, 30)
    except TimeoutError as error:
        raise storage.Unavailable(error) from error
    work = Work(farm, "ssh", build, generation_time=20)
    parallel = farm.run("parallel", str(ROOT / "examples/farm/parallel.sh"), "2/node1,2/node2",
                        "shots.json", "film.mp4", "--jobs", "8", "-o", "clips", cwd=work.path,
                        env={**os.environ, "SHARDS": str(SHARDS)})
    work.wait_for_polling()
    farm.nodes[1].kill()
    print("  node2 lost")
    wait_until("parallel has ended", lambda: not parallel.is_running(), 300)
    expect(parallel.process.returncode == 0, f"exit status {parallel.process.returncode}")
    work.count()


def resume_what_is_held(farm, job):
    """As an administrator would: Slurm holds a job whose node was lost while it started."""
    for task in farm.jobs(job):
        if task.get("Reason", "").lower().startswith(("jobheld", "launch")):
            subprocess.run(["scontrol", "release", task["JobId"]], capture_output=True, check=False)
    for node in farm.nodes:
        if farm.node_state(node.name).startswith("drain"):
            subprocess.run(["scontrol", "update", f"NodeName={node.name}", "State=RESUME"],
                           capture_output=True, check=False)


def instants(farm, build):
    """Nodes are lost at random instants: nothing is submitted twice, and each shot has a clip or is known
    to be of unknown outcome."""
    seed = int(os.environ.get("FARM_SEED", random.randrange(1 << 32)))
    print(f"  FARM_SEED={seed}")
    chance = random.Random(seed)
    farm.start_nodes(are_hosts=False)
    work = Work(farm, "instants", build, generation_time=2)
    work.play({"route": "submit", "delay": 0.3, "times": 0})
    job = work.sbatch([f"--array=1-{SHARDS}"], "-o", "clips", "shots.json")
    kills = 0
    end = time.monotonic() + 480
    while not has_ended(farm, job):
        expect(time.monotonic() < end, "the array does not end")
        node = chance.choice(farm.nodes)
        time.sleep(chance.uniform(0, 4))
        if kills < 8 and any(task.get("NodeList") == node.name for task in farm.jobs(job)):
            node.kill()
            kills += 1
            node.start()
        resume_what_is_held(farm, job)
    work.settle(kills)


CASES = {each.__name__: each for each in (slurm, instants, ssh)}


def set_environment(build):
    for name in list(os.environ):
        if name.startswith(("MODELVERSE_", "GST_", "SLURM_", "SBATCH_")):
            del os.environ[name]
    os.environ.update(
        PATH=f"{build}/src/render:{build}/src/tool:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL="C.UTF-8",
        GST_PLUGIN_PATH=str(build / "gst"),
        MODELVERSE_PICTURE_HELPER=str(build / "src/picture-helper/modelverse-picture-helper"))


def prepare(directory):
    """A private /run, an address, and a name."""
    output_of("mount", "-t", "tmpfs", "tmpfs", "/run")
    pathlib.Path("/run/sshd").mkdir(mode=0o755)
    output_of("hostname", "head")
    output_of("ip", "link", "set", "lo", "up")
    output_of("ip", "address", "add", f"{storage.ADDRESS}/32", "dev", "lo")
    home = directory / "home"
    home.mkdir()
    os.environ.update(HOME=str(home), GST_REGISTRY=str(directory / "registry.bin"))


def try_case(farm, name, build):
    begin = time.monotonic()
    try:
        CASES[name](farm, build)
    except storage.Unavailable as error:
        print(f"{name} SKIPPED: {error}")
        return SKIPPED
    except (Failure, TimeoutError, RuntimeError) as error:
        for log, lines in farm.logs():
            print(f"--- {log}", *lines, sep="\n")
        for log in sorted(farm.storage.path.glob(f"{name}/*.log")):
            print(f"--- {log.name}", log.read_text(errors="replace")[-2000:], sep="\n")
        print(f"{name} FAILED: {error}")
        return 1
    finally:
        farm.stop_nodes()
    print(f"{name} passed in {time.monotonic() - begin:.0f} s", flush=True)
    return 0


def main():
    build, directory = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    kind = sys.argv[3]
    set_environment(build)
    prepare(directory)
    shared = storage.KINDS[kind](directory)
    environment = {name: os.environ[name] for name in os.environ
                   if name.startswith(("GST_", "MODELVERSE_")) or name == "PATH"}
    farm = Farm(directory, shared, environment)
    try:
        shared.start(farm)
    except (storage.Unavailable, RuntimeError, TimeoutError) as error:
        print(f"{kind} SKIPPED: {error}")
        return SKIPPED
    farm.start()
    ends = [try_case(farm, name, build) for name in sys.argv[4:] or CASES]
    farm.stop()
    return max(ends, key=lambda end: (end == 1, end == 0, end))


if __name__ == "__main__":
    sys.exit(main())
