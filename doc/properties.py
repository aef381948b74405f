#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# The tables of the elements' properties in properties.md, made from the elements themselves.
#
# Usage: properties.py doc/properties.md           fails where a table is stale
#        properties.py --write doc/properties.md   writes it anew
# A table stands between <!-- properties of ELEMENT --> and <!-- end of properties -->; where the first
# is <!-- properties of ELEMENT beside OTHER -->, it has what OTHER does not, and names what it lacks.
# What a property means is its blurb, the values of its enum, and the rest of its gtk-doc comment.
import pathlib
import re
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GObject, Gst  # noqa: E402

TYPES = {"gchararray": "string", "gboolean": "boolean", "gint": "int", "guint": "uint",
         "gint64": "int64", "guint64": "uint64", "gdouble": "double", "GstValueArray": "array of strings"}
COMMENT = re.compile(r"/\*\*\n +\* ((?:SECTION:)?[A-Za-z-]+(?:::?[a-z0-9-]+)?):?\n(.*?)\*/", re.DOTALL)
PLACE = re.compile(r"(<!-- properties of (\S+)(?: beside (\S+))? -->\n).*?(<!-- end of properties -->)",
                   re.DOTALL)


def type_of(spec):
    kind = spec.value_type
    name = "enum" if kind.is_a(GObject.TYPE_ENUM) else TYPES.get(kind.name, kind.name)
    if not spec.flags & GObject.ParamFlags.READABLE:
        return f"{name}, write-only"
    return name if spec.flags & GObject.ParamFlags.WRITABLE else f"{name}, read-only"


def default_of(spec, element):
    """A new element's value: PyGObject says the specification's own in a way that depends on its version."""
    if not spec.flags & GObject.ParamFlags.READABLE or not spec.flags & GObject.ParamFlags.WRITABLE:
        return ""
    if spec.value_type.name == "GstValueArray":
        return "empty"
    value = element.get_property(spec.name)
    if value is None:
        return "" if spec.value_type.name == "gchararray" else "null"
    if isinstance(value, bool):
        return str(value).lower()
    if spec.value_type.is_a(GObject.TYPE_ENUM):
        return f"`{value.value_nick}`"
    return f"`{value}`" if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def enum_values(spec, element):
    kind = type(element.get_property(spec.name))
    # From PyGObject 3.50 on it is an enum.Enum.
    return list(kind.__enum_values__.values() if hasattr(kind, "__enum_values__") else kind)


def values_of(spec, element):
    if not spec.value_type.is_a(GObject.TYPE_ENUM):
        return ""
    return "; ".join(f"`{value.value_nick}`: {value.value_name}" for value in enum_values(spec, element)) + "."


def comments():
    """The gtk-doc comments of gst/: what each documents, its text, and the version after Since."""
    found = {}
    for path in sorted((pathlib.Path(__file__).resolve().parent.parent / "gst").glob("*.cpp")):
        for name, body in COMMENT.findall(path.read_text(encoding="utf-8")):
            text, since, version = re.sub(r"^ *\* ?", "", body, flags=re.MULTILINE).partition("Since: ")
            if since:
                found[name] = (text.strip(), version.strip())
    return found


def comment_of(name, known):
    if name not in known:
        sys.exit(f"{name} has no gtk-doc comment with Since: in gst/")
    return " ".join(known[name][0].split())


def meaning_of(spec, element, known):
    if spec.value_type.is_a(GObject.TYPE_ENUM):
        kind = spec.value_type.name
        for name in (kind, *(f"{kind}::{value.value_nick}" for value in enum_values(spec, element))):
            comment_of(name, known)
    parts = [spec.blurb, values_of(spec, element), comment_of(f"{spec.owner_type.name}:{spec.name}", known)]
    text = " ".join(part for part in parts if part)
    return re.sub(r"#\w+:([\w-]+)", r"`\1`", text).replace("|", "\\|")


def make(factory):
    made = Gst.ElementFactory.make(factory)
    if not made:
        sys.exit(f"GStreamer does not find {factory}: see GST_PLUGIN_PATH")
    return made


def own_properties(element):
    """Those of the element's class first, then those of both elements."""
    own = [spec for spec in element.list_properties() if spec.owner_type.name.startswith("Modelverse")]
    return sorted(own, key=lambda spec: spec.owner_type != element.__gtype__)


def table(specs, element):
    rows = ["| property | type | default | meaning |", "|---|---|---|---|"]
    known = comments()
    for spec in specs:
        meaning = meaning_of(spec, element, known)
        rows.append(f"| `{spec.name}` | {type_of(spec)} | {default_of(spec, element)} | {meaning} |")
    return "\n".join(rows) + "\n"


def differences(factory, other):
    element = make(factory)
    specs, others = own_properties(element), own_properties(make(other))
    names, other_names = {spec.name for spec in specs}, {spec.name for spec in others}
    lacking = ", ".join(f"`{spec.name}`" for spec in others if spec.name not in names)
    return (f"`{factory}` has all of these but {lacking}, and:\n\n" +
            table([spec for spec in specs if spec.name not in other_names], element))


def text_of(factory, other):
    if other:
        return differences(factory, other)
    element = make(factory)
    return table(own_properties(element), element)


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
