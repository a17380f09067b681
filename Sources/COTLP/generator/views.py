# SPDX-License-Identifier: Apache-2.0
"""Swift: for every message a view that reads the struct of protobuf-c in place, and a builder that fills one."""

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Kind

from .definitions import KINDS, camel, underscored

NOTE = "// SPDX-License-Identifier: Apache-2.0\n// Made by Sources/COTLP/generate; not to be edited.\n"
KEYWORDS = {"internal", "default", "init", "self", "func", "class", "repeat", "operator", "extension", "protocol"}


def sources(model):
    """(file name, text) for every namespace: views and enumerations in one, builders in the other."""
    indices = {full: number for number, full in enumerate(model.messages)}
    for namespace in dict.fromkeys(message.namespace for message in model.messages.values()):
        messages = [message for message in model.messages.values() if message.namespace == namespace]
        enumerations = [x for x in model.enumerations.values() if x.namespace == namespace]
        text = [NOTE]
        for message in messages:
            text += view(model, message, indices[message.full])
        for enumeration in enumerations:
            text += enumeration_of(enumeration)
        yield f"{namespace}Views.swift", "\n".join([*text, ""])
        text = [NOTE]
        for message in messages:
            text += builder(model, message)
        yield f"{namespace}Builders.swift", "\n".join([*text, ""])


def scope_of(item):
    """The type to extend and the name to declare in it."""
    *outer, name = item.swift.split(".")
    return ".".join([item.namespace, *outer]), name


def qualified(item):
    return item.namespace + "." + item.swift


def word(name):
    return f"`{name}`" if name in KEYWORDS else name


def view(model, message, index):
    scope, name = scope_of(message)
    yield f"extension {scope} {{"
    yield f"/// A view of `{message.full}`."
    yield f"@frozen public struct {name}: MessageView, ~Escapable {{"
    yield "public let _reference: MessageReference"
    yield f"@inlinable public static var _type: MessageType {{ MessageType(index: {index}) }}"
    yield "@_lifetime(copy reference)"
    yield "@inlinable public init(_ reference: MessageReference) { _reference = reference }"
    for x in message.fields:
        if not x.oneof or x.optional:
            yield ""
            yield from property_of(model, x)
    for oneof in message.oneofs():
        yield ""
        yield from oneof_of(model, message, oneof)
    yield "}\n}\n"


def property_of(model, x):
    at, name = x.offset, word(x.camel)
    kind, _, swift = KINDS[x.kind]

    def borrowed(type_name, expression):
        return (f"@inlinable public var {name}: {type_name} "
                f"{{ @_lifetime(copy self) get {{ _reference.{expression} }} }}")

    if kind == "MESSAGE":
        target = qualified(model.messages[x.target])
        yield borrowed(f"List<{target}>", f"list(at: {at})") if x.repeated else borrowed(
            f"{target}?", f"message(at: {at})")
    elif kind == "TEXT":
        yield borrowed("TextList", f"texts(at: {at})") if x.repeated else borrowed("Text", f"text(at: {at})")
    elif kind == "BYTES":
        yield borrowed("Bytes", f"bytes(at: {at})")
    elif x.repeated:
        yield borrowed(f"Swift.Span<{swift}>", f"numbers(at: {at})")
    else:
        type_name = swift or qualified(model.enumerations[x.target])
        optional, expression = "", scalar(x, type_name)
        if x.optional:
            optional = "?"
            expression = f"_reference.field(at: {x.case_offset}) == {x.number} ? {expression} : nil"
        yield f"@inlinable public var {name}: {type_name}{optional} {{ {expression} }}"


def scalar(x, type_name):
    if x.kind == Kind.TYPE_BOOL:
        return f"_reference.bool(at: {x.offset})"
    if x.kind == Kind.TYPE_ENUM:
        return f"{type_name}(rawValue: _reference.number(at: {x.offset}, as: Int32.self))"
    # The type is named, or a ternary with nil would make Swift load an Optional.
    return f"_reference.number(at: {x.offset}, as: {type_name}.self)"


def oneof_of(model, message, oneof):
    members = [x for x in message.fields if x.oneof == oneof]
    name = camel(oneof)
    type_name = name[0].upper() + name[1:]
    borrowed = any(KINDS[x.kind][0] in ("TEXT", "BYTES", "MESSAGE") for x in members)
    yield f"/// The members of the oneof `{oneof}`."
    yield f"@frozen public enum {type_name}: {'~Escapable' if borrowed else 'Sendable'} {{"
    for x in members:
        kind, _, swift = KINDS[x.kind]
        yield f"case {x.camel}({swift or qualified(model.messages[x.target])})"
    yield "}\n"
    yield f"/// The member of `{oneof}` that is set."
    yield f"@inlinable public var {name}: {type_name}? {{"
    if borrowed:
        yield "@_lifetime(copy self) get {"
    yield f"switch _reference.field(at: {members[0].case_offset}) {{"
    for x in members:
        kind, _, swift = KINDS[x.kind]
        expression = {
            "TEXT": f"_reference.text(at: {x.offset})",
            "BYTES": f"_reference.bytes(at: {x.offset})",
            "MESSAGE": f"_reference.present(at: {x.offset})",
        }.get(kind) or scalar(x, swift)
        yield f"case {x.number}: return .{x.camel}({expression})"
    yield "default: return nil"
    yield "}\n}" + ("\n}" if borrowed else "")


def enumeration_of(enumeration):
    scope, name = scope_of(enumeration)
    prefix = underscored(name).upper() + "_"
    yield f"extension {scope} {{"
    yield f"/// `{enumeration.full}`. A number that has no name here is kept as it is."
    yield f"@frozen public struct {name}: RawRepresentable, Hashable, Sendable {{"
    yield "public let rawValue: Int32"
    yield "@inlinable public init(rawValue: Int32) { self.rawValue = rawValue }"
    for full, number in enumeration.values:
        short = word(camel(full.removeprefix(prefix).lower()))
        yield f"@inlinable public static var {short}: {name} {{ {name}(rawValue: {number}) }}"
    yield "}\n}\n"


def builder(model, message):
    yield f"extension {qualified(message)} {{"
    yield f"/// Fills a `{message.full}`. What is not set is left out."
    yield "@frozen public struct Builder: MessageBuilderView, ~Escapable {"
    yield "public let _reference: BuilderReference"
    yield f"@inlinable public static var _type: MessageType {{ {qualified(message)}._type }}"
    yield "@_lifetime(copy reference)"
    yield "@inlinable public init(_ reference: BuilderReference) { _reference = reference }"
    for x in message.fields:
        yield ""
        yield from builder_property(model, x)
    yield "}\n}\n"


def builder_property(model, x):
    at, name = x.offset, word(x.camel)
    kind, _, swift = KINDS[x.kind]
    if kind == "MESSAGE":
        target = qualified(model.messages[x.target])
        if x.repeated:
            yield (f"@inlinable public var {name}: BuilderList<{target}.Builder> "
                   f"{{ @_lifetime(copy self) get {{ _reference.list({x.number}) }} }}")
        else:
            yield "/// Made when it is asked for."
            yield (f"@inlinable public var {name}: {target}.Builder "
                   f"{{ @_lifetime(copy self) get {{ _reference.message({x.number}) }} }}")
        return
    type_name = {"TEXT": "String", "BYTES": "[UInt8]"}.get(kind) or swift or qualified(model.enumerations[x.target])
    if x.repeated:
        verb = "texts" if kind == "TEXT" else "numbers"
        getter, setter = f"_reference.{verb}({x.number})", f"_reference.set({verb}: newValue, {x.number})"
        type_name = f"[{type_name}]"
    elif kind in ("TEXT", "BYTES"):
        verb = kind.lower()
        getter, setter = f"_reference.{verb}({x.number})", f"_reference.set({verb}: newValue, {x.number})"
    elif kind == "BOOL":
        getter = f"_reference.number(at: {at}, as: Int32.self) != 0"
        setter = f"_reference.set(Int32(newValue ? 1 : 0), at: {at})"
    elif kind == "ENUM":
        getter = f"{type_name}(rawValue: _reference.number(at: {at}, as: Int32.self))"
        setter = f"_reference.set(newValue.rawValue, at: {at})"
    else:
        getter, setter = f"_reference.number(at: {at}, as: {type_name}.self)", f"_reference.set(newValue, at: {at})"
    if not x.oneof:
        yield (f"@inlinable public var {name}: {type_name} "
               f"{{ get {{ {getter} }} nonmutating set {{ {setter} }} }}")
        return
    is_set = f"_reference.field(at: {x.case_offset}) == {x.number}"
    yield f"@inlinable public var {name}: {type_name}? {{"
    yield f"get {{ {is_set} ? {getter} : nil }}"
    yield "nonmutating set {"
    yield f"guard let newValue else {{ if {is_set} {{ _reference.set(UInt32(0), at: {x.case_offset}) }}\nreturn }}"
    yield setter
    yield f"_reference.set(UInt32({x.number}), at: {x.case_offset})"
    yield "}\n}"
