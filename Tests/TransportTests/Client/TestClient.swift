// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOPosix
import Transport

/// Makes a client for one test and shuts it down when the test is over.
func withClient<Result>(
  _ port: Int, _ change: (inout HTTPClient.Configuration) -> Void = { _ in },
  _ body: (HTTPClient) async throws -> Result
) async throws -> Result {
  var configuration = HTTPClient.Configuration(host: "127.0.0.1", port: port)
  // What a machine with much else to do needs; tests of the limits set their own.
  configuration.connectTimeout = .seconds(60)
  configuration.requestTimeout = .seconds(60)
  change(&configuration)
  let client = HTTPClient(configuration, group: .one)
  do {
    let result = try await body(client)
    await client.shutdown(within: .milliseconds(200))
    return result
  } catch {
    await client.shutdown(within: .milliseconds(200))
    throw error
  }
}

extension EventLoopGroup where Self == MultiThreadedEventLoopGroup {
  /// The one that all tests share.
  static var one: MultiThreadedEventLoopGroup { .singleton }
}

extension HTTPClient {
  /// The code of a request's failure; nil when it does not fail.
  func code(_ request: HTTPRequest, _ timeout: Duration? = nil) async -> TransportError.Code? {
    await TransportError.code { () async throws(TransportError) in _ = try await send(request, timeout: timeout) }
  }
}

extension HTTPRequest {
  static func test(_ path: String, _ method: HTTPRequest.Method = .get, _ fields: HTTPFields = [:]) -> HTTPRequest {
    HTTPRequest(method: method, scheme: "http", authority: "server.test", path: path, headerFields: fields)
  }
}

extension TransportError {
  /// The code of what a body throws; nil when it throws nothing.
  static func code(_ body: () async throws(TransportError) -> Void) async -> Code? {
    do throws(TransportError) {
      try await body()
      return nil
    } catch {
      return error.code
    }
  }
}
