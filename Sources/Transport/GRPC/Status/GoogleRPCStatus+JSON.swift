// SPDX-License-Identifier: Apache-2.0

extension GoogleRPCStatus {
  /// Proto3's JSON; details with "@type", as google.protobuf.Any wants it. Details of types unknown here are left out:
  /// their JSON cannot be made without their definitions.
  public var json: String {
    var members = ["\"code\":\(code)", "\"message\":\(Self.quoted(message))"]
    let details = detailObjects
    if !details.isEmpty { members.append("\"details\":[\(details.joined(separator: ","))]") }
    return "{\(members.joined(separator: ","))}"
  }

  private var detailObjects: [String] {
    var objects: [String] = []
    if let delay = details.retryDelay {
      objects.append(Self.object(DetailType.retryInfo, "\"retryDelay\":\"\(Self.text(delay))\""))
    }
    if let info = details.errorInfo {
      let metadata = info.metadata.sorted { $0.key < $1.key }
        .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      let reason = "\"reason\":\(Self.quoted(info.reason)),\"domain\":\(Self.quoted(info.domain))"
      objects.append(
        Self.object(DetailType.errorInfo, "\(reason),\"metadata\":{\(metadata.joined(separator: ","))}"))
    }
    if !details.fieldViolations.isEmpty {
      let violations = details.fieldViolations.map {
        "{\"field\":\(Self.quoted($0.field)),\"description\":\(Self.quoted($0.description))}"
      }
      objects.append(
        Self.object(DetailType.badRequest, "\"fieldViolations\":[\(violations.joined(separator: ","))]"))
    }
    return objects
  }

  private static func object(_ type: String, _ members: String) -> String {
    "{\"@type\":\"\(type)\",\(members)}"
  }

  /// Seconds with no, three, six or nine decimals, as few as suffice.
  private static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = attoseconds / 1_000_000_000
    guard nanoseconds != 0 else { return "\(seconds)s" }
    var decimals = String(String(nanoseconds + 1_000_000_000).dropFirst())
    while decimals.hasSuffix("000") { decimals.removeLast(3) }
    return "\(seconds).\(decimals)s"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\u{0}"..."\u{1f}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
