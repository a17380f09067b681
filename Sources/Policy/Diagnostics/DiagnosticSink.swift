// SPDX-License-Identifier: Apache-2.0

/// Collects the diagnostics of one file, up to a bound: a file of a million mistakes is not worth a million lines.
package struct DiagnosticSink {
  package static let countMax = 1_000

  package let file: String
  package private(set) var diagnostics: [Diagnostic] = []
  /// Whether an error was reported, listed or not.
  package private(set) var hasErrors = false

  /// Whether nothing more will be listed, so that no effort need go into what would be said.
  package var isFull: Bool { diagnostics.count >= Self.countMax }

  package init(file: String) {
    self.file = file
  }

  package mutating func report(
    _ severity: Diagnostic.Severity, at position: Position, field: String, _ message: String,
    suggestion: String? = nil
  ) {
    if severity == .error { hasErrors = true }
    guard diagnostics.count < Self.countMax else { return }
    let isLast = diagnostics.count == Self.countMax - 1
    diagnostics.append(
      Diagnostic(
        severity: severity, location: position.location(in: file), field: field,
        message: isLast ? "\(message) (further mistakes in this file are not listed)" : message,
        suggestion: suggestion))
  }
}
