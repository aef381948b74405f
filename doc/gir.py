#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Writes a GIR file of the elements, from themselves and their gtk-doc comments, from which gi-docgen
# builds pages: `ninja -C build reference`. g-ir-scanner cannot read headers in C++.
#
# Usage: gir.py FILE.gir VERSION
import re
import sys
import xml.etree.ElementTree as tree

import properties
from gi.repository import GObject, Gst

ELEMENTS = ("modelversesrc", "modelverseanimate")
PREFIX = "Modelverse"
TYPES = {"gchararray": "utf8", "GstStructure": "Gst.Structure", "GstSample": "Gst.Sample",
         "GTlsDatabase": "Gio.TlsDatabase", "GstValueArray": "Gst.ValueArray"}
SPACES = {"xmlns": "http://www.gtk.org/introspection/core/1.0",
          "xmlns:c": "http://www.gtk.org/introspection/c/1.0",
          "xmlns:glib": "http://www.gtk.org/introspection/glib/1.0"}


def short(gtype):
    return gtype.name.removeprefix(PREFIX)


def markdown(text):
    """gtk-doc's code blocks and references, as gi-docgen wants them."""
    text = re.sub(r"^@title:.*\n", "", text).replace("|[", "```").replace("]|", "```\n\n")
    return re.sub(rf"#{PREFIX}(\w+:[\w-]+)", rf"[property@{PREFIX}.\1]", text)


def add(outer, kind, text, **attributes):
    node = tree.SubElement(outer, kind, {name.replace("__", ":").replace("_", "-"): value
                                          for name, value in attributes.items()})
    if text:
        attributes = {"xml:space": "preserve", "filename": "gst", "line": "1"}
        tree.SubElement(node, "doc", attributes).text = markdown(text)
    return node


def type_of(spec):
    gtype = spec.value_type
    return short(gtype) if gtype.name.startswith(PREFIX) else TYPES.get(gtype.name, gtype.name)


def add_property(node, spec, known):
    text, since = known[f"{spec.owner_type.name}:{spec.name}"]
    flag = {flag: str(int(bool(spec.flags & getattr(GObject.ParamFlags, flag)))) for flag in ("READABLE", "WRITABLE")}
    prop = add(node, "property", f"{spec.blurb} {text}".strip(), name=spec.name, version=since,
               readable=flag["READABLE"], writable=flag["WRITABLE"], transfer_ownership="none")
    tree.SubElement(prop, "type", {"name": type_of(spec)})


def add_class(space, gtype, parent, specs, known, text, **more):
    node = add(space, "class", text, name=short(gtype), parent=parent, glib__type_name=gtype.name,
               c__symbol_prefix=short(gtype).lower(), c__type=gtype.name, glib__get_type="intern", **more)
    for spec in specs:
        if spec.owner_type == gtype:
            add_property(node, spec, known)


def add_enum(space, gtype, values, known):
    text, since = known[gtype.name]
    node = add(space, "enumeration", text, name=short(gtype), version=since, c__type=gtype.name,
               glib__type_name=gtype.name, glib__get_type="intern")
    for value in values:
        _, since = known[f"{gtype.name}::{value.value_nick}"]
        add(node, "member", value.value_name, name=value.value_nick, value=str(int(value)), version=since,
            c__identifier=value.value_nick, glib__nick=value.value_nick)


def enums_of(element, specs):
    return {spec.value_type.name: (spec.value_type, properties.enum_values(spec, element))
            for spec in specs if spec.value_type.is_a(GObject.TYPE_ENUM)}


def describe(root, version):
    known = properties.comments()
    for name, number in (("Gst", "1.0"), ("GstBase", "1.0"), ("Gio", "2.0")):
        tree.SubElement(root, "include", {"name": name, "version": number})
    space = tree.SubElement(root, "namespace", {"name": PREFIX, "version": version, "c:identifier-prefixes": PREFIX,
                                                "c:symbol-prefixes": PREFIX.lower()})
    elements = [properties.make(name) for name in ELEMENTS]
    base = elements[0].__gtype__.parent
    enums = {}
    for name, element in zip(ELEMENTS, elements):
        specs = properties.own_properties(element)
        enums |= enums_of(element, specs)
        if element is elements[0]:
            add_class(space, base, "GstBase.BaseSrc", specs, known, known[base.name][0], abstract="1")
        text, since = known[f"SECTION:element-{name}"]
        add_class(space, element.__gtype__, short(base), specs, known, text, version=since)
    for gtype, values in enums.values():
        add_enum(space, gtype, values, known)


def main():
    path, version = sys.argv[1:]
    Gst.init(None)
    root = tree.Element("repository", {"version": "1.2", **SPACES})
    describe(root, version)
    tree.indent(root)
    tree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


if __name__ == "__main__":
    main()
