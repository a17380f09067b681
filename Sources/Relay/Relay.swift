// SPDX-License-Identifier: Apache-2.0

public import Dataplane
public import Logging

/// The owner of every client and pool connection of this process. Used on the loop's thread only.
public final class Relay {
  /// Takes part in `tables` until the process ends. Nothing is read or written before `start`.
  public init(tables: RequestTables, options: RelayOptions, loop: EventLoop, logger: Logger) {
  }

  /// Frees every client, slot and pool record and ends all counts of requests in flight: what a relay that died without
  /// a successor left behind. Only for a relay that starts without a predecessor, before `start`.
  public static func clearRecords(_ tables: RequestTables) {
  }

  /// Begins the upkeep of the pools.
  public func start() throws(RelayError) {
  }

  /// Takes over a socket that a listener accepted, or that a predecessor held. The relay owns the descriptor from here
  /// on, also when it closes it at once.
  /// - Parameter bytesRead: how much a predecessor has read from it in all; nil for a fresh socket.
  public func adopt(acceptedSocket descriptor: Int32, bytesRead: UInt64? = nil) {
  }

  /// Takes over a connection of the pool that a predecessor held, before any client is adopted.
  public func adopt(poolSocket descriptor: Int32, slot: UInt32) {
  }

  /// Gives all sockets away: those without an exchange in this relay at once, the others as their exchanges end.
  /// `deliver` is called, on the loop, with those that are ready; their descriptors are the caller's then.
  public func handOver(_ deliver: @escaping ([MovedSocket]) -> Void) {
  }

  /// Closes clients as their exchanges end; new ones are still adopted, and closed when they are idle.
  public func beginDraining() {
  }

  /// Whether no client is left and no exchange under way: nothing is lost when the process ends now. Free pool
  /// connections may still be open.
  public var isQuiet: Bool { true }
}
