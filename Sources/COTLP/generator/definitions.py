# SPDX-License-Identifier: Apache-2.0
"""The published definitions, as the three generators want them."""

import copy
import importlib
from dataclasses import dataclass, field
from pathlib import Path

import opentelemetry.proto
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Kind

# Where a message of a proto package lives in Swift.
NAMESPACES = {
    "opentelemetry.proto.common.v1": "Common",
    "opentelemetry.proto.resource.v1": "Common",
    "opentelemetry.proto.metrics.v1": "Metrics",
    "opentelemetry.proto.trace.v1": "Traces",
    "opentelemetry.proto.logs.v1": "Logs",
    "opentelemetry.proto.profiles.v1development": "Profiles",
    "opentelemetry.proto.collector.metrics.v1": "Metrics",
    "opentelemetry.proto.collector.trace.v1": "Traces",
    "opentelemetry.proto.collector.logs.v1": "Logs",
    "opentelemetry.proto.collector.profiles.v1development": "Profiles",
}
# Bytes that JSON writes in hexadecimal; all others are base64.
HEXADECIMAL = {"trace_id", "span_id", "parent_span_id", "profile_id"}
# kind: (enumerator of otlp_kind, bytes in C, Swift type)
KINDS = {
    Kind.TYPE_DOUBLE: ("DOUBLE", 8, "Double"),
    Kind.TYPE_INT64: ("INT64", 8, "Int64"),
    Kind.TYPE_UINT64: ("UINT64", 8, "UInt64"),
    Kind.TYPE_INT32: ("INT32", 4, "Int32"),
    Kind.TYPE_UINT32: ("UINT32", 4, "UInt32"),
    Kind.TYPE_FIXED64: ("FIXED64", 8, "UInt64"),
    Kind.TYPE_FIXED32: ("FIXED32", 4, "UInt32"),
    Kind.TYPE_SFIXED64: ("SFIXED64", 8, "Int64"),
    Kind.TYPE_BOOL: ("BOOL", 4, "Bool"),
    Kind.TYPE_SINT32: ("SINT32", 4, "Int32"),
    Kind.TYPE_ENUM: ("ENUM", 4, None),
    Kind.TYPE_STRING: ("TEXT", 16, "Text"),
    Kind.TYPE_BYTES: ("BYTES", 16, "Bytes"),
    Kind.TYPE_MESSAGE: ("MESSAGE", 8, None),
}
BASE_BYTES = 24  # of ProtobufCMessage, first in every message


@dataclass
class Field:
    name: str
    number: int
    kind: int
    repeated: bool
    target: str
    oneof: str = ""
    optional: bool = False
    hexadecimal: bool = False
    offset: int = 0
    case_offset: int = 0

    @property
    def camel(self):
        return camel(self.name)


@dataclass
class Message:
    full: str
    namespace: str
    swift: str
    c: str
    fields: list = field(default_factory=list)
    size: int = 0

    @property
    def index(self):
        return "OTLP_" + underscored(self.namespace + self.swift.replace(".", "")).upper()

    def oneofs(self):
        """Names of the oneofs that are not made of `optional`, in order."""
        return list(dict.fromkeys(x.oneof for x in self.fields if x.oneof and not x.optional))


@dataclass
class Enumeration:
    full: str
    namespace: str
    swift: str
    values: list = field(default_factory=list)


@dataclass
class Model:
    messages: dict = field(default_factory=dict)
    enumerations: dict = field(default_factory=dict)


def camel(name):
    first, *rest = name.strip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def underscored(name):
    """As protoc-c writes a name of CamelCase in the name of a C symbol."""
    return "".join(("_" + c.lower() if i else c.lower()) if c.isupper() else c for i, c in enumerate(name))


def load():
    """The descriptors, each after those it depends on."""
    found = {}
    root = Path(next(iter(opentelemetry.proto.__path__)))
    for path in sorted(root.rglob("*_pb2.py")):
        name = ".".join(["opentelemetry", "proto", *path.relative_to(root).with_suffix("").parts])
        file = descriptor_pb2.FileDescriptorProto()
        importlib.import_module(name).DESCRIPTOR.CopyToProto(file)
        found[file.name] = file
    ordered = {}

    def add(name):
        for dependency in found[name].dependency:
            add(dependency)
        ordered.setdefault(name, found[name])

    for name in sorted(found):
        add(name)
    return list(ordered.values())


def for_protobuf_c(files):
    changed = descriptor_pb2.FileDescriptorSet()

    def change(message):
        for x in message.field:
            x.ClearField("proto3_optional")
            if x.type == Kind.TYPE_STRING:
                x.type = Kind.TYPE_BYTES
        for nested in message.nested_type:
            change(nested)

    for file in files:
        file = copy.deepcopy(file)
        # Services carry nothing that C needs, and protoc-c would write stubs of its own RPC for them.
        file.ClearField("service")
        for message in file.message_type:
            change(message)
        changed.file.append(file)
    return changed


def swift_name(name, package):
    """The collector's messages lose the signal's name, which their namespace has."""
    if ".collector." not in package:
        return name
    return "Export" + name.split("Service")[1] if "Service" in name else "ExportPartialSuccess"


def model(files):
    result = Model()
    for file in files:
        for message in file.message_type:
            add_message(result, file.package, NAMESPACES[file.package], "", "", message)
        for enumeration in file.enum_type:
            add_enumeration(result, file.package, NAMESPACES[file.package], "", enumeration)
    for message in result.messages.values():
        lay_out(message)
    return result


def add_message(result, package, namespace, outer, outer_full, proto):
    swift = (outer + "." if outer else "") + swift_name(proto.name, package)
    full = (outer_full or package) + "." + proto.name
    c = "__".join(camel_of_part(part) for part in full.split("."))
    message = Message(full, namespace, swift, c)
    names = [x.name for x in proto.oneof_decl]
    for x in proto.field:
        message.fields.append(
            Field(
                x.name, x.number, x.type, x.label == Kind.LABEL_REPEATED, x.type_name[1:],
                names[x.oneof_index] if x.HasField("oneof_index") else "", x.proto3_optional,
                x.type == Kind.TYPE_BYTES and x.name in HEXADECIMAL))
    result.messages[full] = message
    for nested in proto.nested_type:
        add_message(result, package, namespace, swift, full, nested)
    for enumeration in proto.enum_type:
        add_enumeration(result, full, namespace, swift, enumeration)


def camel_of_part(part):
    return "".join(word[:1].upper() + word[1:] for word in part.split("_"))


def add_enumeration(result, scope, namespace, outer, proto):
    values = [(value.name, value.number) for value in proto.value]
    full = scope + "." + proto.name
    result.enumerations[full] = Enumeration(
        full, namespace, (outer + "." if outer else "") + proto.name, values)


def lay_out(message):
    """Offsets as a compiler with 64-bit pointers chooses them; tables.c has an assertion of each."""
    at = BASE_BYTES

    def place(size, alignment):
        nonlocal at
        at = (at + alignment - 1) // alignment * alignment
        at += size
        return at - size

    for x in message.fields:
        if x.oneof:
            continue
        size = KINDS[x.kind][1]
        if x.repeated:
            place(8, 8)
            x.offset = place(8, 8)
        else:
            x.offset = place(size, min(size, 8))
    for name in dict.fromkeys(x.oneof for x in message.fields if x.oneof):
        members = [x for x in message.fields if x.oneof == name]
        case = place(4, 4)
        sizes = [KINDS[x.kind][1] for x in members]
        union = place(max(sizes), max(min(size, 8) for size in sizes))
        for x in members:
            x.offset, x.case_offset = union, case
    message.size = (at + 7) // 8 * 8


def note(package, version):
    return f"""# Generated sources
Made by `Sources/COTLP/generate` from the descriptors in PyPI's `{package}` with {version}.
Not to be edited: change the script and run it again. The Swift views in `Sources/OTLP/Generated` are made with them.
The definitions are the OpenTelemetry authors', under Apache-2.0.
"""
