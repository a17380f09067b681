// SPDX-License-Identifier: Apache-2.0

/// One policy file, read and checked on its own. What it means together with other files is `PolicyStore`'s business.
public struct ParsedFile: Sendable {
  public let path: String
  /// Everything wrong with the file, in the order of its lines.
  public let diagnostics: [Diagnostic]
  /// Whether a diagnostic is an error: such a file is not put in force.
  public let hasErrors: Bool
  let services: [ServiceObject]
  let slices: [SliceObject]

  public var serviceCount: Int { services.count }
  public var endpointSliceCount: Int { slices.count }

  /// A file that could not be read at all.
  public init(unreadable path: String, reason: String) {
    self.init(
      path: path,
      diagnostics: [
        Diagnostic(
          severity: .error, location: SourceLocation(file: path, line: 1, column: 1), field: "", message: reason)
      ], hasErrors: true, services: [], slices: [])
  }

  init(
    path: String, diagnostics: [Diagnostic], hasErrors: Bool, services: [ServiceObject], slices: [SliceObject]
  ) {
    self.path = path
    self.diagnostics = diagnostics
    self.hasErrors = hasErrors
    // A file with errors holds nothing, so that no one can put half of it in force.
    self.services = hasErrors ? [] : services
    self.slices = hasErrors ? [] : slices
  }
}
