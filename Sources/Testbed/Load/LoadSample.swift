// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What became of one request of a ``LoadClient``.
public struct LoadSample: Sendable {
  /// Why a request failed.
  public enum Failure: String, Sendable, CaseIterable {
    /// ECONNREFUSED: nobody listens, or the mesh has no endpoint to offer.
    case refused
    /// ECONNRESET or EPIPE.
    case reset
    /// ECONNABORTED: the connection was closed for us, as Swerve does when an endpoint leaves.
    case aborted
    case timeout
    /// The peer ended the connection before the whole response.
    case closed
    /// A whole response with another status than 200; the connection is kept.
    case status
    /// Something else than a response.
    case malformed
    /// Any other errno.
    case other

    init(_ error: any Error) {
      switch (error as? SystemCallError)?.code {
      case ECONNREFUSED: self = .refused
      case ECONNRESET, EPIPE: self = .reset
      case ECONNABORTED: self = .aborted
      case ETIMEDOUT: self = .timeout
      default: self = error is HTTPResponse.Malformed ? .malformed : .other
      }
    }
  }

  /// CLOCK_MONOTONIC when the request began, connect included where there was one.
  public let startedNanoseconds: UInt64
  public let latencyNanoseconds: UInt64
  /// Value of the response's `x-endpoint`; nil when it failed or had none.
  public let endpoint: String?
  public let failure: Failure?
  /// Of a whole response.
  public let status: Int?
  /// Why the mesh answered in the endpoint's place; nil when the endpoint did.
  public let reason: String?
  /// The failure hit a connection that had worked before.
  public let brokeConnection: Bool
  /// The request had to connect first.
  public let connected: Bool
}
