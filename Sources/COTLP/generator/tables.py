# SPDX-License-Identifier: Apache-2.0
"""tables.c: for every message its fields by number, with where and how they lie in the structs of protobuf-c."""

from .definitions import KINDS

NOTE = "/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by Sources/COTLP/generate; not to be edited. */\n"


def header(model):
    lines = [NOTE, "#ifndef OTLP_MESSAGES_H", "#define OTLP_MESSAGES_H", "",
             "/* Index of every message in otlp_messages. */", "enum otlp_message_index {"]
    lines += [f"    {message.index}," for message in model.messages.values()]
    lines += ["    OTLP_MESSAGE_COUNT", "};", "", "#endif", ""]
    return "\n".join(lines)


def source(model):
    includes = sorted({"/".join(header_of(message)) for message in model.messages.values()})
    lines = [NOTE, '#include "otlp.h"', "", "#include <stddef.h>", ""]
    lines += [f'#include "{name}"' for name in includes]
    for message in model.messages.values():
        lines += ["", *assertions(message)]
        lines.append(f"static const struct otlp_field fields_of_{message.index}[] = {{")
        lines += [field_of(model, x) for x in sorted(message.fields, key=lambda x: x.number)]
        lines.append("};" if message.fields else "    [0] = {0},\n};")
    lines += ["", "const struct otlp_message otlp_messages[OTLP_MESSAGE_COUNT] = {"]
    for message in model.messages.values():
        end = max((x.number for x in message.fields), default=0) + 1
        lines.append(f'    [{message.index}] = {{"{message.full}", fields_of_{message.index},'
                     f" &{descriptor(message)}, {end}, {message.size}}},")
    return "\n".join([*lines, "};", ""])


def header_of(message):
    package = [part for part in message.full.split(".") if part[:1].islower()]
    if package[2] == "collector":
        return [*package, package[3] + "_service.pb-c.h"]
    return [*package, package[2] + ".pb-c.h"]


def descriptor(message):
    words = []
    for part in message.full.split("."):
        word = "".join("_" + c.lower() if c.isupper() else c for c in part)
        words.append(word.lstrip("_"))
    return "__".join(words) + "__descriptor"


def assertions(message):
    yield f'_Static_assert(sizeof({message.c}) == {message.size}, "size");'
    for x in message.fields:
        member = c_member(x)
        yield f'_Static_assert(offsetof({message.c}, {member}) == {x.offset}, "{x.name}");'
        if x.repeated:
            yield f'_Static_assert(offsetof({message.c}, n_{member}) == {x.offset - 8}, "{x.name}");'
        if x.oneof:
            yield f'_Static_assert(offsetof({message.c}, {x.oneof}_case) == {x.case_offset}, "{x.name}");'


def c_member(x):
    return x.name + "_" if x.name in {"bool", "int", "double", "default", "register", "namespace"} else x.name


def field_of(model, x):
    kind = KINDS[x.kind][0]
    label = "OTLP_REPEATED" if x.repeated else "OTLP_ONEOF" if x.oneof else "OTLP_SINGLE"
    target = f"&otlp_messages[{model.messages[x.target].index}]" if kind == "MESSAGE" else "0"
    place = f"{x.offset}, {x.case_offset}"
    return (f'    [{x.number}] = {{"{x.camel}", {target}, {len(x.camel)}, {place}, OTLP_{kind}, {label}, '
            f"OTLP_WIRE_OF_{kind}, {int(x.hexadecimal)}}},")
