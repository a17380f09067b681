// SPDX-License-Identifier: Apache-2.0

/// Prints requests: the Collector's `debug` exporter.
public struct DebugSink: TelemetryConsumer {
  private let verbosity: DebugVerbosity
  private let write: @Sendable (String) -> Void

  /// - Parameter write: takes lines that belong together, at once.
  public init(_ verbosity: DebugVerbosity, _ write: @escaping @Sendable (String) -> Void) {
    self.verbosity = verbosity
    self.write = write
  }

  public func consume(_ request: TelemetryRequest, _ context: ReceiveContext) throws(Refusal) {
    write(RequestText.lines(request, context, verbosity).joined(separator: "\n"))
  }
}
