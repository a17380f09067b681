// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong with a policy file: where, which field, why, and the nearest right spelling.
///
/// A file with an error is not put in force; a warning changes nothing but is shown.
public struct Diagnostic: Hashable, Codable, Sendable {
  public enum Severity: String, Codable, Sendable {
    case error
    case warning
  }

  public var severity: Severity
  public var location: SourceLocation
  /// Path of the field from the top of its document, as in `spec.ports[0].targetPort`; empty for a whole document.
  public var field: String
  /// The reason, as a sentence without a capital or a full stop; names are in backquotes.
  public var message: String
  /// The known name nearest to the one written, when one is near enough to be meant.
  public var suggestion: String?

  public init(
    severity: Severity, location: SourceLocation, field: String, message: String, suggestion: String? = nil
  ) {
    self.severity = severity
    self.location = location
    self.field = field
    self.message = message
    self.suggestion = suggestion
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `web.yaml:12:7: spec.ports[0]: unknown field `targetPrt`; did you mean `targetPort`?`
  public var description: String {
    var line = "\(location): "
    if severity == .warning { line += "warning: " }
    let context = enclosingField
    if !context.isEmpty { line += "\(context): " }
    line += message
    if let suggestion { line += "; did you mean `\(suggestion)`?" }
    return line
  }

  /// The field without its last name where the message already says that name, so that it is not read twice.
  private var enclosingField: String {
    guard let last = field.split(separator: ".", omittingEmptySubsequences: false).last,
      message.contains("`\(last)`")
    else { return field }
    return String(field.dropLast(last.count).dropLast(1))
  }
}

extension Diagnostic: Comparable {
  /// File, line, column, then text: the order in which diagnostics are listed.
  public static func < (left: Self, right: Self) -> Bool {
    if left.location != right.location { return left.location < right.location }
    return (left.field, left.message) < (right.field, right.message)
  }
}
