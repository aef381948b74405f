#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of an element's properties in README.md, made from the element itself.
#
# Usage: properties.py README.md           fails where a table is stale
#        properties.py --write README.md   writes it anew
# A table stands between <!-- properties of ELEMENT --> and <!-- end of properties -->; where the first
# is <!-- properties of ELEMENT beside OTHER -->, it has what OTHER does not, and names what it lacks.
import re
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GObject, Gst  # noqa: E402

TYPES = {"gchararray": "string", "gboolean": "boolean", "gint": "int", "guint": "uint",
         "guint64": "uint64", "gdouble": "double"}
PLACE = re.compile(r"(<!-- properties of (\S+)(?: beside (\S+))? -->\n).*?(<!-- end of properties -->)",
                   re.DOTALL)


def type_of(spec):
    kind = spec.value_type
    name = "enum" if kind.is_a(GObject.TYPE_ENUM) else TYPES.get(kind.name, kind.name)
    if not spec.flags & GObject.ParamFlags.READABLE:
        return f"{name}, write-only"
    return name if spec.flags & GObject.ParamFlags.WRITABLE else f"{name}, read-only"


def default_of(spec):
    if not spec.flags & GObject.ParamFlags.WRITABLE:
        return ""
    value = spec.default_value
    if value is None:
        return "" if spec.value_type.name == "gchararray" else "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, GObject.GEnum):
        return f"`{value.value_nick}`"
    return f"`{value}`" if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def values_of(spec):
    if not spec.value_type.is_a(GObject.TYPE_ENUM):
        return ""
    values = spec.enum_class.__enum_values__.values()
    return ". " + "; ".join(f"`{value.value_nick}`: {value.value_name}" for value in values)


# Where a list follows the blurb, the sentence that announces it goes as well.
def blurb_of(spec):
    text, _, listed = spec.blurb.partition("\n")
    return text.rsplit(". ", 1)[0] if listed else text


def own_properties(element):
    made = Gst.ElementFactory.make(element)
    if not made:
        sys.exit(f"GStreamer does not find {element}: see GST_PLUGIN_PATH")
    return [spec for spec in made.list_properties() if spec.owner_type == made.__gtype__]


def table(specs):
    rows = ["| property | type | default | meaning |", "|---|---|---|---|"]
    for spec in specs:
        meaning = (blurb_of(spec) + values_of(spec)).replace("|", "\\|")
        rows.append(f"| `{spec.name}` | {type_of(spec)} | {default_of(spec)} | {meaning} |")
    return "\n".join(rows) + "\n"


def differences(element, other):
    specs, others = own_properties(element), own_properties(other)
    names, other_names = {spec.name for spec in specs}, {spec.name for spec in others}
    lacking = ", ".join(f"`{spec.name}`" for spec in others if spec.name not in names)
    return (f"`{element}` has all of these but {lacking}, and:\n\n" +
            table(spec for spec in specs if spec.name not in other_names))


def text_of(element, other):
    return differences(element, other) if other else table(own_properties(element))


def main():
    write = sys.argv[1] == "--write"
    path = sys.argv[-1]
    with open(path, encoding="utf-8") as file:
        before = file.read()
    after, count = PLACE.subn(lambda found: found[1] + text_of(found[2], found[3]) + found[4],
                                before)
    if not count:
        sys.exit(f"{path}: no table of properties in it")
    if write:
        with open(path, "w", encoding="utf-8") as file:
            file.write(after)
    elif before != after:
        sys.exit(f"{path}: a table of properties is stale: run doc/properties.py --write {path}")
    print(f"{count} table(s) of properties")


if __name__ == "__main__":
    Gst.init(None)
    main()
