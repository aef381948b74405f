#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Checks what a program says of itself: --help fits a screen in each language, --version names the
# release, the manual page has every option, and bash completes them.
#
# Usage: programs.py PROGRAM PAGE COMPLETION VERSION
import locale
import os
import re
import subprocess
import sys
import unicodedata

LINES, COLUMNS = 24, 80


def options(text):
    return set(re.findall(r"--([a-z][a-z-]+)", text))


def output_of(*command, language="C.UTF-8"):
    environment = os.environ | {"LC_ALL": language}
    return subprocess.run(command, check=False, text=True, capture_output=True, env=environment).stdout


def is_there(language):
    try:
        return bool(locale.setlocale(locale.LC_ALL, language))
    except locale.Error:
        return False


def columns(line):
    """As a terminal shows it: East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def completions(program, completion, *words):
    """What bash offers for the last word. `program` is in the PATH."""
    quoted = " ".join(f"'{word}'" for word in words)
    script = f"""compopt() {{ :; }}; . "$0"; COMP_WORDS=({program} {quoted}); COMP_CWORD={len(words)}
                 _modelverse {program}; printf '%s\\n' "${{COMPREPLY[@]}}" """
    return output_of("bash", "-c", script, completion, language="zh_CN.UTF-8").split()


def check_completion(program, completion, offered):
    name = os.path.basename(program)
    os.environ["PATH"] = os.path.dirname(program) + ":" + os.environ["PATH"]
    completed = {word.strip("-=") for word in completions(name, completion, "--")}
    yield from (f"{completion}: no word of --{option}" for option in sorted(offered - completed))
    choice = re.search(r"--([a-z-]+)=([a-z0-9]+)\|", output_of(program, "--help-all") or output_of(program, "--help"))
    if choice and choice[2] not in completions(name, completion, f"--{choice[1]}", "=", ""):
        yield f"{completion}: no values of --{choice[1]}"


def check_commands(program, completion):
    """A line of the help names the commands that take the option, if only some do."""
    shown = output_of(program, "--help")
    takers = re.findall(r"^ +--([a-z-]+)\S* +([a-z, ]+): ", shown, re.MULTILINE)
    for command in re.findall(r"^  ([a-z]+) ", shown, re.MULTILINE):
        offered = {word.strip("-=") for word in completions(os.path.basename(program), completion, command, "--")}
        wanted = {option for option, commands in takers if command in commands.split(", ")} | {"version", "help"}
        if offered != wanted:
            yield f"{completion}: after {command} it offers {sorted(offered)}, not {sorted(wanted)}"


def problems_of(program, page, completion, version):
    for language in ("C.UTF-8", "zh_CN.UTF-8") if is_there("zh_CN.UTF-8") else ("C.UTF-8",):
        shown = output_of(program, "--help", language=language).splitlines()
        if not 0 < len(shown) <= LINES:
            yield f"--help has {len(shown)} lines"
        yield from (f"--help is wide: {line}" for line in shown if columns(line) > COLUMNS)
        is_translated = any(columns(line) > len(line) for line in shown)
        # The emulator stands in for the service.
        if is_translated != (language == "zh_CN.UTF-8") and not program.endswith("emulator"):
            yield f"--help is in the wrong language: {shown[0]}"
    said = output_of(program, "--version")
    if said != f"{os.path.basename(program)} {version}\n":
        yield f"--version says {said}"
    with open(page, encoding="utf-8") as file:
        text = file.read().replace("\\-", "-")
    if ".SH EXIT STATUS" not in text:
        yield f"{page}: no exit status"
    # Of those programs that have more than one page of help.
    offered = options(output_of(program, "--help-all") or output_of(program, "--help"))
    yield from (f"{page}: no word of --{name}" for name in sorted(offered - options(text)))
    yield from (f"{page}: --{name} is no option" for name in sorted(options(text) - offered))
    yield from check_completion(program, completion, offered)
    yield from check_commands(program, completion)


def main():
    problems = list(problems_of(*sys.argv[1:]))
    print("\n".join(problems) or "the help, the page and the completion agree")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
