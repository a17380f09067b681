// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import Transport

/// Looks bearer tokens up (RFC 6750): the Collector's `bearertokenauth` on the server's side.
public struct BearerTokens: Authenticator {
  private let reviewer: any TokenReviewer

  public init(_ reviewer: any TokenReviewer) {
    self.reviewer = reviewer
  }

  public func authenticate(_ fields: HTTPFields, _ peer: Peer) throws(Refusal) -> Identity {
    guard let credentials = fields[.authorization] else {
      throw Refusal(.unauthenticated, "no credentials; send the header field authorization: Bearer TOKEN")
    }
    let parts = credentials.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw Refusal(.unauthenticated, "the header field authorization is not of the form Bearer TOKEN")
    }
    switch reviewer.review(String(parts[1])) {
    case .known(let identity): return identity
    case .unknown: throw Refusal(.unauthenticated, "the bearer token is not known")
    case .pending: throw Refusal(.overloaded(retryAfter: .seconds(1)), "the bearer token is being checked; try again")
    }
  }
}

/// Knows the owners of tokens: a file, or the API server of a cluster (`authentication.k8s.io/v1`, TokenReview).
public protocol TokenReviewer: Sendable {
  /// Called on event loops, by several at once; must not block. A reviewer that has to ask elsewhere answers `pending`,
  /// asks, and keeps the answer.
  func review(_ token: String) -> TokenReview
}

public enum TokenReview: Hashable, Sendable {
  case known(Identity)
  case unknown
  case pending
}
