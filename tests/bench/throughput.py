# SPDX-License-Identifier: LGPL-2.1-or-later
# 550 MB from nginx on loopback through modelversesrc, beside what keeps nothing of it and what keeps
# a copy as we do: seconds of wall and of the processor of whole processes.
import glob
import os
import sys

import common
from common import cost_of, median, pipeline

SIZE = int(os.environ.get("MODELVERSE_BENCH_BYTES", "550000000"))
BARE = "souphttpsrc"
# What a variant is measured for: group (a) keeps nothing, group (b) keeps a copy.
GROUPS = {
    "modelversesrc": "ours", "modelversesrc, not kept": "ours",
    "souphttpsrc": "a", "curlhttpsrc": "a", "curl": "a",
    "souphttpsrc, queue2": "b", "souphttpsrc, tee, queues": "b", "souphttpsrc, tee": "b",
    "curl, then filesrc": "b",
}


def streamed(description, environment):
    cost, times = pipeline(description, **environment)
    cost.to_eos = times["end"] - times["start"]
    return cost


class Bench:
    def __init__(self, directory, bases, service):
        self.directory, self.bases, self.service = directory, bases, service
        self.copy = os.path.join(directory, "copy.mp4")

    def variants(self, scheme):
        link = self.bases[scheme] + "/clip.mp4"
        soup = f"souphttpsrc location={link} blocksize=262144"
        cafile = {"CA_FILE": os.path.join(common.CERTIFICATES, "ca.pem")}
        curl = ["curl", "--silent", "--fail", "--cacert", cafile["CA_FILE"], link, "-o"]

        def run(description):
            return lambda: streamed(description, cafile)
        return {
            "modelversesrc": lambda: self.ours("reuse", cafile),
            "modelversesrc, not kept": lambda: self.ours("off", cafile),
            "souphttpsrc": run(f"{soup} ! fakesink"),
            "curlhttpsrc": run(f"curlhttpsrc location={link} blocksize=262144 "
                               f"ssl-ca-file={cafile['CA_FILE']} ! fakesink"),
            "curl": lambda: cost_of(curl + ["/dev/null"]),
            "souphttpsrc, queue2": run(
                f"{soup} ! queue2 max-size-buffers=0 max-size-bytes=0 max-size-time=0 "
                f"temp-remove=false temp-template={self.directory}/copy-XXXXXX ! fakesink"),
            "souphttpsrc, tee, queues": run(
                f"{soup} ! tee name=t ! queue ! fakesink t. ! queue ! filesink "
                f"location={self.copy}"),
            "souphttpsrc, tee": run(
                f"{soup} ! tee name=t ! fakesink async=false t. ! filesink async=false "
                f"location={self.copy}"),
            "curl, then filesrc": lambda: cost_of(curl + [self.copy]) + pipeline(
                f"filesrc location={self.copy} blocksize=262144 ! fakesink")[0],
        }

    # A task that is done, adopted into an empty cache.
    def ours(self, mode, environment):
        return streamed(
            f"modelversesrc task-id=t cache-mode={mode} base-url={self.service} "
            f"cache-dir={self.directory}/cache ! fakesink", {"MODELVERSE_API_KEY": "k", **environment})

    # What a variant has kept; none is charged for that.
    def clean(self):
        for path in glob.glob(os.path.join(self.directory, "copy*")):
            os.remove(path)
        common.remove_directory(os.path.join(self.directory, "cache"))


def measure(bench, scheme, count):
    costs = {}
    for number, name, run in common.in_turn(bench.variants(scheme), count):
        common.warm_memory(bench.directory, SIZE)
        cost = run()
        bench.clean()
        costs.setdefault(name, []).append(cost)
        # Of a program that is no pipeline, all of its time.
        common.record("throughput", scheme=scheme, group=GROUPS[name], name=name, round=number,
                      bytes=SIZE, wall=cost.wall, cpu=cost.cpu,
                      to_eos=getattr(cost, "to_eos", cost.wall))
    return costs


def show(scheme, costs):
    print(f"\n{SIZE / 1e6:.0f} MB, {scheme}, medians of {len(costs[BARE])} rounds\n"
          f"{'':26}{'CPU s':>8}{'wall s':>8}{'CPU':>8}{'wall':>8}  (times souphttpsrc's)")
    for name, runs in costs.items():
        ratios = [(ours.cpu / bare.cpu, ours.wall / bare.wall)
                  for ours, bare in zip(runs, costs[BARE])]
        print(f"{name:26}{median(r.cpu for r in runs):8.2f}{median(r.wall for r in runs):8.2f}"
              f"{median(r[0] for r in ratios):8.2f}{median(r[1] for r in ratios):8.2f}", flush=True)


def main():
    common.begin("throughput", [("nginx", "nginx-light"), ("curl", "curl")],
                 [("souphttpsrc", "gstreamer1.0-plugins-good"),
                  ("curlhttpsrc", "gstreamer1.0-plugins-bad")])
    with common.scratch() as directory:
        root = os.path.join(directory, "served")
        os.mkdir(root)
        common.padded_clip(os.path.join(root, "clip.mp4"), SIZE)
        with common.nginx(directory, root) as bases:
            for scheme in sys.argv[1:] or ["plain", "tls"]:
                script = common.success_script(directory, bases[scheme] + "/clip.mp4")
                with common.emulator("--script", script) as service:
                    bench = Bench(directory, bases, service)
                    show(scheme, measure(bench, scheme, common.rounds()))


if __name__ == "__main__":
    main()
