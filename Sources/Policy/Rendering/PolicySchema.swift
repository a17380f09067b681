// SPDX-License-Identifier: Apache-2.0

/// A JSON Schema (draft 2020-12) of policy files, made from the fields that the reader knows: for editors, which complete
/// and underline with it. It says less than `swerve check`, which also knows what values mean together.
public enum PolicySchema {
  /// One document of any kind.
  public static var document: JSONValue {
    var definitions = Definitions()
    let kinds = ObjectKind.allCases.map { kind -> JSONValue in
      let value = definitions.object(of: kind)
      definitions.add(kind.rawValue, value)
      return .object([
        (
          "if",
          .object([
            ("properties", .object([("kind", .object([("const", .string(kind.rawValue))]))])),
            ("required", .array([.string("kind")])),
          ])
        ),
        ("then", Definitions.reference(kind.rawValue)),
      ])
    }
    return .object([
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Swerve policy")),
      ("description", .string("One document of a policy file; docs/POLICIES.md says what the fields mean.")),
      ("type", .string("object")),
      ("required", .array([.string("apiVersion"), .string("kind")])),
      ("properties", .object([("kind", Definitions.words(ObjectKind.allCases.map(\.rawValue), orNull: false))])),
      ("allOf", .array(kinds)),
      ("$defs", definitions.value),
    ])
  }
}

extension PolicySchema {
  /// Of documents that are all of one type, whose fields have shapes.
  package static func document(title: String, description: String, of type: any FieldName.Type) -> JSONValue {
    var definitions = Definitions()
    let root = definitions.root(type)
    return .object([
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")), ("title", .string(title)),
      ("description", .string(description)), ("allOf", .array([root])), ("$defs", definitions.value),
    ])
  }
}

/// The types met so far, each once.
private struct Definitions {
  private var members: [String: JSONValue] = [:]

  var value: JSONValue { .object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) }

  static func reference(_ name: String) -> JSONValue { .object([("$ref", .string("#/$defs/\(name)"))]) }

  static func words(_ words: [String], orNull: Bool) -> JSONValue {
    let values = words.map { JSONValue.string($0) }
    let choice = JSONValue.object([("enum", .array(values))])
    return orNull ? .object([("anyOf", .array([choice, .object([("type", .string("null"))])]))]) : choice
  }

  mutating func add(_ name: String, _ value: JSONValue) { members[name] = value }

  mutating func root(_ type: any FieldName.Type) -> JSONValue { mapping(type) }

  /// A whole object of a kind, as it may also be an item of a list.
  mutating func object(of kind: ObjectKind) -> JSONValue {
    var properties: [(String, JSONValue)] = [
      ("apiVersion", Self.words(kind.apiVersions, orNull: false)),
      ("kind", Self.words([kind.rawValue], orNull: false)),
    ]
    var required: [String] = []
    if kind.isList {
      let item = kind.itemKind.map { Self.reference($0.rawValue) } ?? .object([("$ref", .string("#"))])
      properties += [("metadata", .object([])), ("items", .object([("type", .string("array")), ("items", item)]))]
    } else if kind == .endpointSlice {
      return mapping(SliceField.self)
    } else {
      properties += [
        ("metadata", schema(.object(MetadataField.self))), ("spec", schema(.object(Self.spec(of: kind)))),
        ("status", .object([])),
      ]
      required = ["metadata", "spec"]
    }
    return Self.closed(properties, required: required)
  }

  private static func spec(of kind: ObjectKind) -> any FieldName.Type {
    switch kind {
    case .destinationRule: DestinationRuleField.self
    case .virtualService: VirtualServiceField.self
    case .trafficPolicy: TrafficPolicySpecField.self
    default: ServiceSpecField.self
    }
  }

  private static func closed(_ properties: [(String, JSONValue)], required: [String]) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("type", .string("object")), ("properties", .object(properties)), ("additionalProperties", .boolean(false)),
    ]
    if !required.isEmpty { members.append(("required", .array(required.map { .string($0) }))) }
    return .object(members)
  }

  private mutating func mapping<Name: FieldName>(_: Name.Type) -> JSONValue {
    var properties: [(String, JSONValue)] = []
    for field in Name.allCases {
      switch field.support {
      case .supported: properties.append((field.rawValue, schema(field.shape)))
      case .ignored: properties.append((field.rawValue, .object([])))
      case .unsupported(let reason):
        // A null is a field that is not there.
        properties.append(
          (
            field.rawValue,
            .object([("type", .string("null")), ("description", .string("not supported: \(reason)"))])
          ))
      }
    }
    return Self.closed(properties, required: Name.required.map(\.rawValue))
  }

  private mutating func schema(_ shape: Shape) -> JSONValue {
    switch shape {
    case .integer(let range):
      return Self.typed(
        "integer", [("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound))])
    case .number(let range):
      return Self.typed("number", [("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound))])
    case .boolean: return Self.typed("boolean", [])
    case .duration:
      return Self.typed("string", [("pattern", .string(Self.durationPattern))])
    case .nanoseconds: return Self.typed("string", [("pattern", .string(Self.durationPattern))])
    case .either(let shapes):
      let choices = shapes.map { schema($0) }
      return .object([("anyOf", .array(choices))])
    case .text: return Self.typed("string", [])
    case .words(let words): return Self.words(words, orNull: true)
    case .object(let type):
      let name = name(of: type)
      if members[name] == nil {
        // Put in before its fields are, so that a type may contain itself.
        members[name] = .object([])
        members[name] = mapping(type)
      }
      return .object([("anyOf", .array([Self.reference(name), .object([("type", .string("null"))])]))])
    case .list(let item): return Self.typed("array", [("items", schema(item))])
    case .map(let value): return Self.typed("object", [("additionalProperties", schema(value))])
    case .anything: return .object([])
    }
  }

  private static let durationPattern = "^([0-9]+(\\.[0-9]+)?(h|m|s|ms|us|ns))+$"

  private static func typed(_ type: String, _ rest: [(String, JSONValue)]) -> JSONValue {
    .object([("type", .array([.string(type), .string("null")]))] + rest)
  }

  /// `TCPSettings` for `TCPSettingsField`; the fields of a spec are called after their kind.
  private func name(of type: any FieldName.Type) -> String {
    let name = "\(type)".replacing("Field", with: "")
    return ObjectKind(rawValue: name) == nil ? name : "\(name)Spec"
  }
}
