// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import NIOCore

/// Sends requests to one server over connections that are kept and shared.
///
/// All connections of a client live on one event loop, which makes everything below async/await free of locks; what needs
/// more than one processor uses several clients.
public final class HTTPClient: Sendable {
  public let configuration: Configuration
  public let eventLoop: any EventLoop
  public let statistics = ClientStatistics()
  private let pool: ConnectionPool

  /// Connects with the first request.
  public init(_ configuration: Configuration, group: any EventLoopGroup) {
    self.configuration = configuration
    eventLoop = group.next()
    pool = ConnectionPool(configuration, on: eventLoop, statistics)
  }

  /// What is under way may end; connections do not outlive their client.
  deinit { pool.release() }

  /// Begins a request, below async/await. From any thread; on the client's event loop it begins at once if a connection
  /// is free.
  ///
  /// - Parameters:
  ///   - request: without a scheme or authority it gets the configuration's.
  ///   - endsHere: the request has no body.
  ///   - deadline: when the exchange fails with `timedOut`, wherever it is then.
  ///   - receiver: makes what hears the response, on the event loop that is given. Called exactly once.
  /// - Returns: what cancels the request.
  @discardableResult
  public func begin(
    _ request: HTTPRequest, endsHere: Bool, deadline: NIODeadline? = nil,
    receiver: @escaping @Sendable (any EventLoop) -> any ExchangeReceiver
  ) -> RequestHandle {
    let entry = ClientRequest(complete(request), endsHere: endsHere, deadline: deadline, pool: pool)
    if eventLoop.inEventLoop {
      pool.begin(entry, receiver(eventLoop))
    } else {
      eventLoop.execute { [pool, eventLoop] in pool.begin(entry, receiver(eventLoop)) }
    }
    return RequestHandle(request: entry)
  }

  /// A request that names no server is for the one of the configuration.
  private func complete(_ request: HTTPRequest) -> HTTPRequest {
    guard request.authority == nil || request.scheme == nil else { return request }
    var request = request
    request.scheme = request.scheme ?? (configuration.tls == nil ? "http" : "https")
    request.authority = request.authority ?? configuration.authority
    return request
  }

  /// Sends a request and reads the whole response. A request that the server has certainly not looked at is sent again
  /// within the same time.
  ///
  /// - Parameters:
  ///   - responseBytesMax: a longer body fails with `limitExceeded`.
  ///   - timeout: for all of it; the configuration's `requestTimeout` when nil.
  public func send(
    _ request: HTTPRequest, body: ByteBuffer? = nil, responseBytesMax: Int = 4 << 20, timeout: Duration? = nil
  ) async throws(TransportError) -> WholeResponse {
    let deadline = NIODeadline.now() + TimeAmount(timeout ?? configuration.requestTimeout)
    var attempts = 1
    while true {
      do {
        return try await WholeExchange.run(
          request, body: body, responseBytesMax: responseBytesMax, deadline: deadline, on: self)
      } catch {
        // Counted, for a server that refuses everything must not be asked for ever.
        guard error.lostItsConnection, attempts < Self.attemptsMax, !Task.isCancelled, NIODeadline.now() < deadline
        else { throw error }
        attempts += 1
      }
    }
  }

  private static let attemptsMax = 4

  /// Begins an exchange in which both sides stream. Returns when the request's head is on its way.
  ///
  /// - Parameter timeout: for the whole exchange; nil for none.
  public func open(
    _ request: HTTPRequest, timeout: Duration? = nil
  ) async throws(TransportError) -> ClientExchange {
    let state = ClientExchangeState(eventLoop)
    let handle = begin(request, endsHere: false, deadline: timeout.map { .now() + TimeAmount($0) }) { _ in state }
    state.request(handle)
    try await state.begun()
    return ClientExchange(state)
  }

  /// Begins no more requests, waits for those under way, and closes all connections.
  ///
  /// - Parameter limit: what is not over by then fails with `cancelled`.
  public func shutdown(within limit: Duration = .seconds(5)) async {
    await pool.shutdown(within: TimeAmount(limit))
  }
}

extension TransportError {
  /// Another connection may do better, and does not do anything twice.
  var lostItsConnection: Bool {
    switch code {
    case .connectionClosed, .reset: isUnprocessed
    default: false
    }
  }
}
