# SPDX-License-Identifier: Apache-2.0
"""For the tests: for every view a function that writes its fields, as make-batches.py does for Python's messages."""

from .definitions import KINDS, camel
from .views import NOTE, qualified, word


def source(model):
    lines = [NOTE, "import OTLP", ""]
    for message in model.messages.values():
        lines.append("extension Dump {")
        lines.append(f"mutating func fields(_ view: {qualified(message)}, _ path: String) {{")
        for x in message.fields:
            if not x.oneof or x.optional:
                lines.append(field(x))
        for oneof in message.oneofs():
            lines.append(f"switch view.{camel(oneof)} {{")
            for x in (x for x in message.fields if x.oneof == oneof):
                lines.append(f'case .{x.camel}(let value):\n{one(x, "value", quoted(x))}')
            lines.append("case nil: break\n}")
        lines.append("}\n}\n")
    return "\n".join(lines)


def quoted(x):
    return f'path + "{x.camel}"'


def one(x, value, place):
    kind = KINDS[x.kind][0]
    if kind == "MESSAGE":
        return f"message({place})\nfields({value}, {place} + \".\")"
    if kind == "ENUM":
        return f"number({value}.rawValue, {place})"
    return {"TEXT": "text", "BYTES": "bytes", "DOUBLE": "double", "BOOL": "bool"}.get(kind, "number") + \
        f"({value}, {place})"


def field(x):
    kind, name = KINDS[x.kind][0], word(x.camel)
    if x.repeated:
        place = f'path + "{x.camel}[\\(index)]"'
        return (f"do {{ let list = view.{name}\nfor index in list.indices {{ "
                f"\n{one(x, 'list[index]', place)} }} }}")
    if kind == "MESSAGE" or x.optional:
        return f"if let value = view.{name} {{\n{one(x, 'value', quoted(x))} }}"
    condition = {
        "TEXT": f"!view.{name}.isEmpty", "BYTES": f"!view.{name}.isEmpty", "BOOL": f"view.{name}",
        "ENUM": f"view.{name}.rawValue != 0",
    }.get(kind, f"view.{name} != 0")
    return f"if {condition} {{ {one(x, 'view.' + name, quoted(x))} }}"
