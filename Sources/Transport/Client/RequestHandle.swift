// SPDX-License-Identifier: Apache-2.0

/// Cancels a request that was begun below async/await.
public struct RequestHandle: Sendable {
  let request: ClientRequest

  /// Gives the request up, from any thread: its receiver fails with `cancelled`, unless the exchange is over.
  public func cancel() { request.cancel() }
}
