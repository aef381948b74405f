# SPDX-License-Identifier: LGPL-2.1-or-later
# What a process that waits for its clip costs: how often its threads wake up, and processor time.
import glob
import os
import subprocess
import time

import common

SECONDS = 20
# (poll-interval in ms, polls within the time that is looked at). The first two polls come 2 s and
# 4 s after the submit, whatever the interval.
CASES = [(600_000, "no poll"), (1000, "a poll each second")]
# Until the first two polls are over, and GLib has ended its worker thread, 15 s after its last use.
SETTLE = 22


def number_after(path, name):
    with open(path, encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name))


def threads(pid):
    """Of each thread: how often it has waited so far, and its seconds of the processor."""
    found = {}
    for path in glob.glob(f"/proc/{pid}/task/*"):
        with open(path + "/schedstat", encoding="ascii") as file:
            spent = int(file.read().split()[0]) / 1e9
        found[path] = (number_after(path + "/status", "voluntary_ctxt_switches"), spent)
    return found


def between(before, after):
    """Wake-ups and seconds. A thread that has ended meanwhile woke up for that."""
    wakes = sum(1 for path in before if path not in after)
    spent = 0.0
    for path, (waits, seconds) in after.items():
        waits_before, seconds_before = before.get(path, (0, 0.0))
        wakes += waits - waits_before
        spent += seconds - seconds_before
    return wakes, spent


def watch(directory, service, interval):
    """Wake-ups and seconds of the processor in SECONDS, once it has settled."""
    description = (f"modelversesrc image-path={os.environ['MODELVERSE_TEST_PICTURE']} "
                   f"poll-interval={interval} take={interval} base-url={service} "
                   f"cache-dir={directory}/cache ! fakesink")
    command = [os.environ["MODELVERSE_BENCH_RUNNER"], description]
    with subprocess.Popen(command, env={**os.environ, "MODELVERSE_API_KEY": "k"}) as child:
        time.sleep(SETTLE)
        before = threads(child.pid)
        time.sleep(SECONDS)
        after = threads(child.pid)
        child.kill()
    return between(before, after)


def main():
    common.begin("idle")
    with common.scratch() as directory, common.emulator("--generation-time", "3600") as service:
        print(f"Waiting for a clip, {SECONDS} s")
        for interval, polls in CASES:
            wakes, spent = watch(directory, service, interval)
            common.record("idle", polls=polls, seconds=SECONDS, wakes=wakes, cpu=spent)
            print(f"  {polls}: {wakes} wake-ups, {1e3 * spent:.1f} ms of the processor", flush=True)


if __name__ == "__main__":
    main()
