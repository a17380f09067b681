// SPDX-License-Identifier: Apache-2.0

/// One client of a load: a connection, and the requests made over it one after the other.
struct LoadSession {
  private let plan: LoadPlan
  private let requestBytes: [UInt8]
  private var connection: RawConnection?

  init(_ plan: LoadPlan) {
    self.plan = plan
    let connection = plan.mode == .keepAlive ? "keep-alive" : "close"
    requestBytes = Array(
      "GET / HTTP/1.1\r\nHost: \(plan.target)\r\nConnection: \(connection)\r\n\r\n".utf8)
  }

  /// Makes one request, over the connection there is or a new one.
  mutating func request() -> LoadSample {
    let started = MonotonicClock.nanoseconds
    let isReused = connection != nil
    do {
      let response = try exchange()
      if response.closes || plan.mode == .connectionPerRequest { connection = nil }
      return LoadSample(
        startedNanoseconds: started, latencyNanoseconds: MonotonicClock.nanoseconds - started,
        endpoint: response.status == 200 ? response.endpoint : nil, failure: response.status == 200 ? nil : .status,
        status: response.status, reason: response.reason, brokeConnection: false, connected: !isReused)
    } catch {
      let hadConnection = connection != nil
      connection = nil
      return LoadSample(
        startedNanoseconds: started, latencyNanoseconds: MonotonicClock.nanoseconds - started, endpoint: nil,
        failure: error is EndOfStream ? .closed : .init(error), status: nil, reason: nil, brokeConnection: isReused,
        connected: !isReused && hadConnection)
    }
  }

  private struct EndOfStream: Error {}

  private mutating func exchange() throws -> HTTPResponse {
    let connection = try self.connection ?? RawConnection(to: plan.target, timeout: plan.timeout)
    self.connection = connection
    try connection.send(requestBytes)
    var bytes: [UInt8] = []
    var response: HTTPResponse?
    while bytes.count < response?.size ?? .max {
      let more = try connection.receive()
      if more.isEmpty { throw EndOfStream() }
      bytes += more
      if response == nil { response = try HTTPResponse(head: bytes) }
    }
    guard let response else { throw HTTPResponse.Malformed() }
    // The server is the side that closes, so that the client's port is free again at once.
    if plan.mode == .connectionPerRequest { _ = try? connection.receive() }
    return response
  }
}
