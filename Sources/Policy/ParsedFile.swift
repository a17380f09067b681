// SPDX-License-Identifier: Apache-2.0

/// One policy file, read and checked on its own. What it means together with other files is `PolicyStore`'s business.
public struct ParsedFile: Sendable {
  public let path: String
  /// Everything wrong with the file, in the order of its lines.
  public let diagnostics: [Diagnostic]
  /// Whether a diagnostic is an error: such a file is not put in force.
  public let hasErrors: Bool
  let objects: FileObjects
  var services: [ServiceObject] { objects.services }
  var slices: [SliceObject] { objects.slices }
  var rules: [RuleObject] { objects.rules }

  public var serviceCount: Int { services.count }
  public var endpointSliceCount: Int { slices.count }
  /// DestinationRules, VirtualServices and TrafficPolicies.
  public var ruleCount: Int { rules.count }

  /// A file that could not be read at all.
  public init(unreadable path: String, reason: String) {
    self.init(
      path: path,
      diagnostics: [
        Diagnostic(
          severity: .error, location: SourceLocation(file: path, line: 1, column: 1), field: "", message: reason)
      ], hasErrors: true, objects: FileObjects())
  }

  init(path: String, diagnostics: [Diagnostic], hasErrors: Bool, objects: FileObjects) {
    self.path = path
    self.diagnostics = diagnostics
    self.hasErrors = hasErrors
    // A file with errors holds nothing, so that no one can put half of it in force.
    self.objects = hasErrors ? FileObjects() : objects
  }
}
