#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# From the raw output of the benchmarks to the tables of BENCHMARKS.md and its two plots.
#
# Usage: report.py RAW BENCHMARKS.md
# A table stands between <!-- NAME --> and <!-- end of NAME -->; a plot is doc/benchmark-NAME.png
# beside the document (needs gnuplot; Debian: gnuplot-nox).
import collections
import json
import os
import re
import subprocess
import sys
from statistics import median

BARE, OURS = "souphttpsrc", "modelversesrc"


class Raw:
    """The lines of one benchmark, in their order."""

    def __init__(self, path):
        self.lines = collections.defaultdict(list)
        with open(path, encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                self.lines[record["bench"]].append(record)

    def of(self, bench, **wanted):
        return [line for line in self.lines[bench]
                if all(line[key] == value for key, value in wanted.items())]

    def by_name(self, bench, **wanted):
        """name -> its lines by round, in the order of the first round."""
        found = {}
        for line in sorted(self.of(bench, **wanted), key=lambda line: line.get("round", 0)):
            found.setdefault(line["name"], []).append(line)
        return found


def table(header, rows):
    yield "| " + " | ".join(header) + " |"
    yield "|---" + "|---:" * (len(header) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def ratio(runs, others, key):
    """The median of the ratios of runs side by side."""
    return median(one[key] / other[key] for one, other in zip(runs, others))


def middle(runs, key, unit=1, digits=2):
    return f"{median(run[key] for run in runs) * unit:.{digits}f}"


def order(runs_by_name):
    groups = ("ours", "a", "b")
    return sorted(runs_by_name.items(), key=lambda item: groups.index(item[1][0]["group"]))


def best_keeper(runs_by_name, key):
    keepers = [runs for runs in runs_by_name.values() if runs[0]["group"] == "b"]
    return min(keepers, key=lambda runs: median(run[key] for run in runs))


def throughput(raw, scheme):
    runs_by_name = raw.by_name("throughput", scheme=scheme)
    kept = {"ours": "yes", "a": "no", "b": "yes"}
    bare, rows = runs_by_name[BARE], []
    best = {key: best_keeper(runs_by_name, key) for key in ("cpu", "wall")}
    for name, runs in order(runs_by_name):
        keeps = "no" if "not kept" in name else kept[runs[0]["group"]]
        shown = f"**{name}**" if runs[0]["group"] == "ours" else name
        rows.append([shown, keeps] + [middle(runs, key) for key in ("cpu", "wall")] +
                    [f"{min(run[key] for run in runs):.2f}" for key in ("cpu", "wall")] +
                    [f"{ratio(runs, bare, key):.2f}" for key in ("cpu", "wall")] +
                    [f"{ratio(runs, best[key], key):.2f}" for key in ("cpu", "wall")])
    return table(["", "keeps a copy", "CPU s", "wall s", "least CPU", "least wall",
                  "CPU ÷ souphttpsrc", "wall ÷ souphttpsrc", "CPU ÷ best keeper",
                  "wall ÷ best keeper"], rows)


def cached(raw):
    rows = []
    for size in sorted({line["bytes"] for line in raw.of("cached")}):
        runs_by_name = raw.by_name("cached", bytes=size)
        for name, runs in runs_by_name.items():
            ours = runs_by_name[OURS]
            rows.append([f"{size / 1e6:.0f} MB, {name}"] +
                        [middle(runs, key, 1e3, 0) for key in ("cpu", "wall")] +
                        ["" if name == OURS else f"{ratio(ours, runs, key):.2f}"
                         for key in ("cpu", "wall")])
    return table(["", "CPU ms", "wall ms", "CPU, ours ÷ it", "wall, ours ÷ it"], rows)


def hit(raw):
    rows = [[f"{line['clip'] / 1e6:.1f} MB, picture {line['picture'] / 1e6:.1f} MB",
             f"{line['ours']:.2f}", f"{line['filesrc']:.2f}", f"{line['ours'] / line['filesrc']:.2f}"]
            for line in raw.of("hit")]
    return table(["clip in the cache", "modelversesrc ms", "filesrc ms", "ratio"], rows)


def early(raw):
    rows = []
    for title in dict.fromkeys(line["title"] for line in raw.of("early")):
        for name, runs in raw.by_name("early", title=title).items():
            values = [1e3 * run["seconds"] for run in runs]
            rows.append([f"{title}: {name}", f"{median(values):.1f}", f"{min(values):.1f}",
                         f"{max(values):.1f}", str(len(values))])
    return table(["", "median ms", "least", "most", "runs"], rows)


def stop(raw):
    rows = [[line["name"]] + [f"{line[key]:.1f}" for key in ("p50", "p99", "max")] +
            [str(line["stops"])] for line in raw.of("stop")]
    return table(["stopped while it", "median ms", "99th percentile", "most", "stops"], rows)


def idle(raw):
    rows = [[f"{line['polls']}, {line['seconds']} s", str(line["wakes"]), f"{1e3 * line['cpu']:.1f}"]
            for line in raw.of("idle")]
    return table(["waiting with", "wake-ups", "CPU ms"], rows)


def polls_table(raw, names, cell):
    by_name = raw.by_name("polls")
    spreads = sorted({line["spread"] for line in raw.of("polls")})
    rows = [[name] + [cell(line) for line in sorted(lines, key=lambda line: line["spread"])]
            for name, lines in by_name.items() if names(name)]
    return table([""] + [f"spread {spread}" for spread in spreads], rows)


def polls(raw):
    """Of ours, as parts of the polls and the lag of every 5 s; of the same lag's polls."""
    fixed = {line["spread"]: line for line in raw.of("polls") if line["name"] == "every 5 s"}

    def cell(line):
        other = fixed[line["spread"]]
        return (f"{line['polls'] / other['polls']:.2f}, {line['lag'] / other['lag']:.2f}: "
                f"{line['polls'] / line['same_lag_polls']:.2f}")

    return polls_table(raw, lambda name: name.startswith("history"), cell)


def best_polls(raw):
    return polls_table(raw, lambda name: name.startswith(("best", "bound")),
                       lambda line: f"{line['polls']:.1f} ({line['polls'] / line['same_lag_polls']:.2f})")


def goal(what, value, limit, digits=2):
    return [what, f"at most {limit}", f"{value:.{digits}f}",
            "yes" if round(value, digits) <= limit else "**no**"]


def goals(raw):
    rows = []
    for scheme in ("plain", "tls"):
        runs_by_name = raw.by_name("throughput", scheme=scheme)
        ours, bare = runs_by_name[OURS], runs_by_name[BARE]
        keeper = best_keeper(runs_by_name, "cpu")
        rows += [goal(f"{scheme}: wall ÷ souphttpsrc, from PLAYING to EOS",
                      ratio(ours, bare, "to_eos"), 1),
                 goal(f"{scheme}: wall ÷ souphttpsrc, whole process", ratio(ours, bare, "wall"), 1),
                 goal(f"{scheme}: CPU ÷ souphttpsrc", ratio(ours, bare, "cpu"), 1.5),
                 goal(f"{scheme}: CPU ÷ best keeper ({keeper[0]['name']})",
                      ratio(ours, keeper, "cpu"), 0.65)]
    for size in sorted({line["bytes"] for line in raw.of("cached")}):
        runs_by_name = raw.by_name("cached", bytes=size)
        rows += [goal(f"{size / 1e6:.0f} MB in the cache: {name} ÷ filesrc",
                      ratio(runs_by_name[OURS], runs_by_name["filesrc"], key), 1.1)
                 for key, name in (("cpu", "CPU"), ("wall", "wall"))]
    wakes, = (line["wakes"] for line in raw.of("idle", polls="no poll"))
    rows.append(goal("wake-ups while it waits, beside the polls", wakes, 0, 0))
    return table(["", "goal", "measured", "met"], rows)


def circumstances(raw):
    runs = raw.of("run")
    loads = [run["load"] for run in runs]
    yield (f"Made on {max(run['cores'] for run in runs)} cores of a virtual machine "
           f"({', '.join(sorted({run['build'] for run in runs}))}); the load average when each "
           f"benchmark began was {min(loads):.1f} to {max(loads):.1f}.")


SECTIONS = {
    "circumstances": circumstances, "goals": goals,
    "throughput plain": lambda raw: throughput(raw, "plain"),
    "throughput tls": lambda raw: throughput(raw, "tls"),
    "cached": cached, "hit": hit, "early": early, "stop": stop, "idle": idle, "polls": polls,
    "best polls": best_polls,
}


def plot(raw, key, title, path):
    """Bars: each variant, plain and over TLS."""
    data, names = {}, []
    for scheme in ("plain", "tls"):
        runs_by_name = raw.by_name("throughput", scheme=scheme)
        names = names or [name for name, _ in order(runs_by_name)]
        data[scheme] = [median(run[key] for run in runs_by_name[name]) for name in names]
    rows = "\n".join(f'"{name}" {plain:.4f} {tls:.4f}'
                     for name, plain, tls in zip(names, data["plain"], data["tls"]))
    script = f"""
set terminal pngcairo size 900,420 noenhanced font "DejaVu Sans,10"
set output "{path}"
set title "{title}"
set style data histograms
set style fill solid 0.85
set boxwidth 0.9
set yrange [0:*]
set grid y
set ylabel "s"
set xtics rotate by 25 right
set key top left
$data << END
{rows}
END
plot $data using 2:xtic(1) title "plain" linecolor rgb "#3060a0", \\
     $data using 3 title "TLS" linecolor rgb "#d08020"
"""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def main():
    if len(sys.argv) != 3:
        sys.exit("Usage: report.py RAW BENCHMARKS.md")
    raw, document = Raw(sys.argv[1]), sys.argv[2]
    with open(document, encoding="utf-8") as file:
        text = file.read()
    for name, make in SECTIONS.items():
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        body = "\n".join(make(raw)) + "\n"
        text = place.sub(lambda found, body=body: found.group(1) + body + found.group(2), text)
    with open(document, "w", encoding="utf-8") as file:
        file.write(text)
    directory = os.path.join(os.path.dirname(os.path.abspath(document)), "doc")
    plot(raw, "wall", "550 MB from loopback: wall time", os.path.join(directory, "benchmark-wall.png"))
    plot(raw, "cpu", "550 MB from loopback: processor time of the process",
         os.path.join(directory, "benchmark-cpu.png"))


if __name__ == "__main__":
    main()
