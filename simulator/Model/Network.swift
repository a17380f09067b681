// SPDX-License-Identifier: Apache-2.0

/// What lies between the clients' nodes and the endpoints.
public struct Network: Hashable, Codable, Sendable {
  /// Every path, unless one of `paths` fits.
  public var path = Path()
  /// The first one that fits is taken.
  public var paths: [Route] = []
  public var requestBytes = 200
  public var responseBytes = 1_000

  public init() {}

  public struct Path: Hashable, Codable, Sendable {
    /// One way, in nanoseconds.
    public var latency: Distribution = .constant(0)
    /// Probability that a message is lost and sent again after `retransmissionTimeout`, which doubles each time.
    public var loss = 0.0
    public var retransmissionTimeout: UInt64 = 200_000_000
    /// 0: without limit.
    public var bytesPerSecond = 0.0

    public init() {}
  }

  /// The path from nodes of a zone to endpoints of a group or zone. nil fits all.
  public struct Route: Hashable, Codable, Sendable {
    public var fromZone: String?
    public var toZone: String?
    public var toGroup: String?
    public var path: Path

    public init(path: Path) { self.path = path }
  }
}
