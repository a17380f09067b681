// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Testbed

@testable import Transport

/// An HTTP/2 server on a port of 127.0.0.1, over its own event loop.
final class HTTP2TestServer: Sendable {
  let statistics = HTTP2Statistics()
  let port: Int
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let channel: any Channel
  private let connections: Connections

  private final class Connections: Sendable {
    let handlers = Mutex<[(any EventLoop, NIOLoopBound<HTTP2ServerHandler>)]>([])
  }

  init(_ handler: any RequestHandler, limits: HTTP2Limits = HTTP2Limits()) async throws {
    let connections = Connections()
    let statistics = statistics
    self.connections = connections
    channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let peer = Peer(address: channel.remoteAddress, version: .http2)
          let http2 = HTTP2ServerHandler(handler: handler, peer: peer, limits: limits, statistics: statistics)
          connections.handlers.withLock {
            $0.append((channel.eventLoop, NIOLoopBound(http2, eventLoop: channel.eventLoop)))
          }
          try channel.pipeline.syncOperations.addHandler(http2)
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  func drain() {
    for (loop, handler) in connections.handlers.withLock({ $0 }) { loop.execute { handler.value.drain() } }
  }

  func stop() async {
    connections.handlers.withLock { $0.removeAll() }
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}

/// A client's connection to it. What is done with the connection is done on its event loop.
final class HTTP2TestClient: Sendable {
  let statistics: HTTP2Statistics
  let channel: any Channel
  private let handler: NIOLoopBound<HTTP2ClientHandler>
  private let group: MultiThreadedEventLoopGroup

  init(port: Int, limits: HTTP2Limits = HTTP2Limits(), receiveBufferBytes: Int? = nil) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let statistics = HTTP2Statistics()
    self.group = group
    self.statistics = statistics
    let made = Mutex<NIOLoopBound<HTTP2ClientHandler>?>(nil)
    channel = try await ClientBootstrap(group: group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let http2 = HTTP2ClientHandler(eventLoop: channel.eventLoop, limits: limits, statistics: statistics)
          made.withLock { $0 = NIOLoopBound(http2, eventLoop: channel.eventLoop) }
          try channel.pipeline.syncOperations.addHandler(http2)
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    handler = try made.withLock { $0 }.require("no handler")
  }

  func run<Result: Sendable>(_ body: @escaping @Sendable (HTTP2ClientHandler) throws -> Result) async throws -> Result {
    let handler = handler
    return try await channel.eventLoop.submit { try body(handler.value) }.get()
  }

  /// The same, already on its event loop.
  func onLoop(_ body: (HTTP2ClientHandler) throws -> Void) throws { try body(handler.value) }

  /// A whole exchange.
  func exchange(
    _ path: String, method: HTTPRequest.Method = .post, fields: HTTPFields = [:], body: ByteBuffer? = nil,
    trailers: HTTPFields? = nil
  ) async throws -> TestResponse {
    let loop = channel.eventLoop
    let handler = handler
    return try await loop.flatSubmit {
      let promise = loop.makePromise(of: TestResponse.self)
      let receiver = CollectingReceiver { promise.completeWith($0) }
      let request = HTTPRequest(
        method: method, scheme: "http", authority: "test.example", path: path, headerFields: fields)
      let sender = handler.value.begin(request, endsHere: body == nil && trailers == nil, receiver: receiver)
      receiver.sender = sender
      if let body { sender.send(body: body) }
      if body != nil || trailers != nil { sender.sendEnd(trailers: trailers) }
      return promise.futureResult
    }.get()
  }

  func stop() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}

struct TestResponse: Sendable {
  var head: HTTPResponse?
  var body = ByteBuffer()
  var trailers: HTTPFields?
  var status: Int { head?.status.code ?? 0 }
}

/// Keeps a whole response, and consumes it at once unless told otherwise.
final class CollectingReceiver: ResponseReceiver {
  var sender: (any BodySender)?
  var consumes = true
  private(set) var response = TestResponse()
  private(set) var wasWritableAgain = 0
  private let done: (Result<TestResponse, any Error>) -> Void

  init(_ done: @escaping (Result<TestResponse, any Error>) -> Void) {
    self.done = done
  }

  func receive(head: HTTPResponse) { response.head = head }

  func receive(body: ByteBuffer) {
    response.body.writeImmutableBuffer(body)
    if consumes { sender?.consumed(body.readableBytes) }
  }

  func receiveEnd(trailers: HTTPFields?) {
    response.trailers = trailers
    finish(.success(response))
  }

  func fail(_ error: TransportError) { finish(.failure(error)) }

  func becameWritable() { wasWritableAgain += 1 }

  private func finish(_ result: Result<TestResponse, any Error>) {
    sender = nil
    done(result)
  }
}

struct MissingValue: Error {
  var what: String
}

extension Optional {
  func require(_ what: String) throws -> Wrapped {
    guard let self else { throw MissingValue(what: what) }
    return self
  }
}

/// A server and a client connected to it, stopped whatever happens.
func withHTTP2Peers(
  _ handler: TestHandler = TestHandler(), serverLimits: HTTP2Limits = HTTP2Limits(),
  clientLimits: HTTP2Limits = HTTP2Limits(), _ body: (HTTP2TestServer, HTTP2TestClient) async throws -> Void
) async throws {
  let server = try await HTTP2TestServer(handler, limits: serverLimits)
  let client = try await HTTP2TestClient(port: server.port, limits: clientLimits)
  do { try await body(server, client) } catch {
    await client.stop()
    await server.stop()
    throw error
  }
  await client.stop()
  await server.stop()
}
