// SPDX-License-Identifier: Apache-2.0

/// Changes requests on their way through a pipeline. Called by several threads at once; must not block.
public protocol Processor: Sendable {
  /// - Returns: whether the request is another one now, so that it has to be written anew.
  func process(_ request: TelemetryRequest, _ context: ReceiveContext) -> Bool
}

/// Looks at requests inside the process, where they lie: the policy engine, for one.
public protocol TelemetryConsumer: Sendable {
  /// Called by several threads at once; must not block. What is kept has to be copied.
  ///
  /// - Throws: when the request must not be acknowledged.
  func consume(_ request: TelemetryRequest, _ context: ReceiveContext) throws(Refusal)
}

/// Takes requests out of the process, sooner or later: a queue before an exporter.
///
/// Taking is in two steps, so that either all sinks of a request take it or none does: a sender that was refused sends
/// the same request again.
public protocol TelemetrySink: Sendable {
  /// Keeps room for the request.
  func reserve(_ request: EncodedRequest) throws(Refusal)

  /// Gives the room back without having used it.
  func cancel(_ request: EncodedRequest)

  /// Takes the request into the room that was kept for it. From now on it is the sink's to lose.
  ///
  /// - Throws: when it could not be stored after all; the room is given back.
  func commit(_ request: EncodedRequest) throws(Refusal)
}
