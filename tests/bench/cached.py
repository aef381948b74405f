# SPDX-License-Identifier: LGPL-2.1-or-later
# A clip that is in the cache, beside filesrc on the same file: whole processes, to their ends.
import os

import common
from common import median, pipeline

SIZES = [35_000_000, int(os.environ.get("MODELVERSE_BENCH_BYTES", "550000000"))]
OURS = "modelversesrc"


def variants(source, path):
    return {
        OURS: f"{source} ! fakesink",
        "filesrc": f"filesrc location={path} ! fakesink",
        "filesrc, blocks of 512 KiB": f"filesrc location={path} blocksize=524288 ! fakesink",
    }


# As a download leaves it; returns our element and the clip's path.
def fill(directory, size):
    cache = os.path.join(directory, "cache")
    root = os.path.join(directory, "served")
    os.makedirs(root, exist_ok=True)
    common.padded_clip(os.path.join(root, "clip.mp4"), size)
    with common.nginx(directory, root) as bases:
        script = common.success_script(directory, bases["plain"] + "/clip.mp4")
        with common.emulator("--script", script) as service:
            source = f"modelversesrc task-id=t base-url={service} cache-dir={cache}"
            pipeline(f"{source} ! fakesink", MODELVERSE_API_KEY="k")
    entry, = (name for name in os.listdir(cache) if len(name) == 64)
    return source, os.path.join(cache, entry, "clip.mp4")


def measure(size, source, path):
    costs = {}
    for number, name, description in common.in_turn(variants(source, path), common.rounds()):
        cost, times = pipeline(description)
        costs.setdefault(name, []).append(cost)
        cost.run_wall, cost.run_cpu = times["end"] - times["start"], times["cpu"]
        common.record("cached", name=name, round=number, bytes=size, wall=cost.wall, cpu=cost.cpu,
                      run_wall=cost.run_wall, run_cpu=cost.run_cpu)
    return costs


def show(size, costs):
    print(f"\n{size / 1e6:.0f} MB in the cache, medians of {len(costs[OURS])} rounds\n"
          f"{'':28}{'CPU ms':>8}{'wall ms':>8}{'CPU':>8}{'wall':>8}  (modelversesrc's times it)")
    for name, runs in costs.items():
        ratios = [(ours.cpu / run.cpu, ours.wall / run.wall)
                  for ours, run in zip(costs[OURS], runs)]
        print(f"{name:28}{1e3 * median(r.cpu for r in runs):8.0f}"
              f"{1e3 * median(r.wall for r in runs):8.0f}"
              f"{median(r[0] for r in ratios):8.2f}{median(r[1] for r in ratios):8.2f}", flush=True)


def main():
    common.begin("cached", [("nginx", "nginx-light")])
    for size in SIZES:
        with common.scratch() as directory:
            show(size, measure(size, *fill(directory, size)))


if __name__ == "__main__":
    main()
