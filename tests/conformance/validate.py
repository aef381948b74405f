#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs GStreamer's validator (gst-validate-1.0 of gst-devtools) with its standard scenarios on clips
# of modelversesrc, and on the same files through filesrc as the control. A run differs if it
# reports a critical issue that the control does not report.
#
# The validator is the one in PATH, or it is built from the sources that GST_DEVTOOLS_SOURCE names:
# the directory subprojects/gst-devtools of GStreamer's repository, at the installed version's tag.
#
# Usage: meson test -C build --suite conformance [--test-args='SCENARIO...']
import collections
import concurrent.futures
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

SKIPPED = 77  # Meson's word for it
DIRECTORY = os.environ["MODELVERSE_CONFORMANCE_DIRECTORY"]
PICTURE = os.environ["MODELVERSE_TEST_PICTURE"]
TIME_LIMIT = 90  # s; the longest run takes 25 s
MODEL = "viduq2-turbo"  # one that is not withdrawn, of which the element would warn
AT_ONCE = 2 * (os.cpu_count() or 1)
SECONDS = 10  # of the clip
FRAMES = 30 * SECONDS

# Those that apply to a file of this length with one track of video and one of audio.
SCENARIOS = ["change_state_intensive", "fast_forward", "pause_resume", "play_5s", "play_15s",
             "reverse_playback", "scrub_backward_seeking", "scrub_backward_seeking_full",
             "scrub_forward_seeking", "scrub_forward_seeking_full", "seek_backward",
             "seek_forward", "seek_with_stop", "simple_seeks", "trick_mode_seeks", "update_start",
             "update_stop"]
VIDEO_SINK, AUDIO_SINK = "fakevideosink sync=true", "fakesink sync=true"
# Players buffer and push a clip that is arriving; decodebin pulls it.
PLAYERS = {name: f'{name} uri="{{uri}}" video-sink="{VIDEO_SINK}" audio-sink="{AUDIO_SINK}"'
           for name in ("playbin", "playbin3")}
PLAYERS["decodebin"] = ("{source} ! decodebin name=d d. ! video/x-raw ! queue ! " + VIDEO_SINK +
                        " d. ! audio/x-raw ! queue ! " + AUDIO_SINK)
LAYOUTS = {"first": ["faststart=true"], "last": []}
# Of the index: where it comes last, nothing plays before the whole clip is there.
CASES = {"kept": ("first", "last"), "arriving": ("first",), "generating": ("first",)}
# What may differ while the clip is not kept, for reasons that lie outside the element.
EXPECTED = {
    ("playbin", "reverse_playback"): "qtdemux does not reverse what is pushed; so with souphttpsrc",
    ("playbin3", "update_stop"): "the seek begins where qtdemux reads, and that is further on if "
                                 "the player buffers behind it",
    ("playbin", "change_state_intensive"): "gst-validate takes a BUFFERING message of the run "
                                           "before for one of a run that buffers nothing",
}
EXPECTED["playbin3", "change_state_intensive"] = EXPECTED["playbin", "change_state_intensive"]
# The clip arrives more slowly than it plays: its growing end is met.
ARRIVAL = 1.5 * SECONDS

Run = collections.namedtuple("Run", "case layout player scenario")


def source_problem(source):
    if not source:
        return ("gst-validate-1.0 is not installed, and GST_DEVTOOLS_SOURCE does not name the "
                "sources of gst-devtools to build it from")
    if not os.path.isfile(os.path.join(source, "validate", "tools", "gst-validate.c")):
        return f"GST_DEVTOOLS_SOURCE: {source} does not hold the sources of gst-devtools"
    return None


def build_validator(source):
    build = os.path.join(DIRECTORY, "gst-devtools")
    if not os.path.exists(os.path.join(build, "build.ninja")):
        features = ("introspection", "tests", "nls", "doc", "cairo")
        subprocess.run(["meson", "setup", build, source,
                        *(f"-D{name}=disabled" for name in features)], check=True)
    program = "validate/tools/gst-validate-1.0"
    subprocess.run(["ninja", "-C", build, program], check=True)
    return os.path.join(build, program)


def find_validator():
    """The program, and where its scenarios are if they are not installed."""
    installed = shutil.which("gst-validate-1.0")
    if installed:
        return installed, {}
    source = os.environ.get("GST_DEVTOOLS_SOURCE")
    problem = source_problem(source)
    if problem:
        print("conformance SKIPPED: " + problem)
        sys.exit(SKIPPED)
    scenarios = os.path.join(source, "validate", "data", "scenarios")
    return build_validator(source), {"GST_VALIDATE_SCENARIOS_PATH": scenarios}


def make_clip(path, layout):
    command = ["gst-launch-1.0", "-q", "mp4mux", *LAYOUTS[layout], "name=m", "!", "filesink",
               f"location={path}", "videotestsrc", f"num-buffers={FRAMES}", "pattern=snow", "!",
               "video/x-raw,width=320,height=180,framerate=30/1", "!", "videoconvert", "!",
               "x264enc", "speed-preset=ultrafast", "bitrate=2000", "bframes=2", "key-int-max=30",
               "!", "h264parse", "!", "m.", "audiotestsrc", f"num-buffers={20 * SECONDS}",
               "samplesperbuffer=2400", "!", "audio/x-raw,rate=48000", "!", "audioconvert", "!",
               "avenc_aac", "!", "aacparse", "!", "m."]
    subprocess.run(command, check=True)


@contextlib.contextmanager
def emulator(clip, case):
    rate = os.path.getsize(clip) / ARRIVAL if case == "arriving" else 0
    script = {"rules": [{"route": "result", "times": 0, "bytes_per_second": rate}] if rate else []}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(script, file)
        file.flush()
        command = [os.environ["MODELVERSE_EMULATOR"], "--exit-with-stdin", "--clip", clip,
                   "--generation-time", "2" if case == "generating" else "0",
                   "--script", file.name]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as service:
            yield service.stdout.readline().decode().strip().partition("=")[2]
            service.stdin.close()


class Clips:
    """What each run plays."""

    def __init__(self, directory, services, files):
        self.directory, self.services, self.files = directory, services, files

    def prepare(self):
        for layout in CASES["kept"]:
            what, environment = self.of(Run("kept", layout, None, None))
            subprocess.run(["gst-launch-1.0", "-q", *what["source"].split(), "!", "fakesink"],
                           check=True, env={**os.environ, **environment})

    def of(self, run):
        """The texts for the pipeline, and the environment."""
        file = self.files[run.layout]
        if run.case == "control":
            return {"uri": "file://" + urllib.parse.quote(file),
                    "source": f"filesrc location={file}"}, {}
        prompt = "kept" if run.case == "kept" else f"{run.player}-{run.scenario}"
        environment = {"MODELVERSE_API_KEY": "k",
                       "MODELVERSE_BASE_URL": self.services[run.case, run.layout],
                       "MODELVERSE_CACHE_DIR": os.path.join(self.directory, run.case, run.layout)}
        uri = f"modelverse://{urllib.parse.quote(PICTURE)}?prompt={prompt}&model={MODEL}"
        source = f"modelversesrc image-path={PICTURE} prompt={prompt} model={MODEL}"
        return {"uri": uri, "source": source}, environment


# What makes gst-validate fail. Its warnings and issues depend on the elements between, too, and a
# player that buffers has others.
CRITICAL = re.compile(r"^ *critical : (.+)$", re.MULTILINE)


def validate(validator, clips, run):
    """The critical issues, and the whole output."""
    program, environment = validator
    what, more = clips.of(run)
    command = [program, "--set-scenario", run.scenario, PLAYERS[run.player].format(**what)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT,
                          env={**os.environ, **environment, **more}) as child:
        try:
            output = child.communicate(timeout=TIME_LIMIT)[0].decode(errors="replace")
        except subprocess.TimeoutExpired:
            child.kill()
            output = child.communicate()[0].decode(errors="replace")
            return {f"still running after {TIME_LIMIT} s"}, output
    found = set(CRITICAL.findall(output))
    if child.returncode != 0 and not found:
        found.add(f"exit status {child.returncode}")
    return found, output


def all_runs(scenarios):
    for scenario in scenarios:
        for player in PLAYERS:
            for case, layouts in {"control": tuple(LAYOUTS), **CASES}.items():
                for layout in layouts:
                    yield Run(case, layout, player, scenario)


def judge(results, scenarios):
    """Prints the table; the number of runs that differ where they should not."""
    unexpected = 0
    print(f"\n{'scenario':30}{'control passes':>16}" + "".join(f"{case:>14}" for case in CASES))
    for scenario in scenarios:
        mine = {run: seen for run, (seen, _) in results.items() if run.scenario == scenario}
        controls = [seen for run, seen in mine.items() if run.case == "control"]
        line, notes = f"{scenario:30}{controls.count(set()):>13}/{len(controls)}", []
        for case in CASES:
            more = {run: mine[run] - mine[run._replace(case="control")]
                    for run in mine if run.case == case}
            line += f"{list(more.values()).count(set()):>11}/{len(more)}"
            notes += [(run, what) for run, what in more.items() if what]
        print(line)
        for run, what in notes:
            why = EXPECTED.get((run.player, scenario)) if run.case != "kept" else None
            unexpected += not why
            print(f"    {run.case}, index {run.layout}, {run.player}: {'; '.join(sorted(what))}" +
                  (f"\n        expected: {why}" if why else ""))
    return unexpected


def keep_output(results):
    directory = os.path.join(DIRECTORY, "output")
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    for run, (_, output) in results.items():
        with open(os.path.join(directory, "-".join(run) + ".txt"), "w", encoding="utf-8") as file:
            file.write(output)
    print(f"\nThe output of each run: {directory}")


def main():
    scenarios = sys.argv[1:] or SCENARIOS
    validator = find_validator()
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(dir=DIRECTORY))
        files = {layout: os.path.join(directory, layout + ".mp4") for layout in LAYOUTS}
        for layout, file in files.items():
            make_clip(file, layout)
        services = {(case, layout): stack.enter_context(emulator(files[layout], case))
                    for case, layouts in CASES.items() for layout in layouts}
        clips = Clips(directory, services, files)
        clips.prepare()
        runs = list(all_runs(scenarios))
        print(f"{len(runs)} runs, {AT_ONCE} at once", flush=True)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            seen = pool.map(lambda run: validate(validator, clips, run), runs)
            results = dict(zip(runs, seen))
    keep_output(results)
    unexpected = judge(results, scenarios)
    print(f"\n{unexpected} runs differ from their control where none is expected to")
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
