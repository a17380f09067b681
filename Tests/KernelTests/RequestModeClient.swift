// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

/// A connection that speaks HTTP/1 byte by byte, as a test wants it.
final class HTTPConnection {
  let raw: RawConnection
  /// Received and not used.
  private(set) var buffer: [UInt8] = []

  /// What came back.
  struct Response {
    var version = ""
    var status = 0
    /// By lower-case name.
    var fields: [String: String] = [:]
    var body: [UInt8] = []
    /// Status codes of interim responses before it.
    var interim: [Int] = []

    var text: String { String(decoding: body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
    var endpoint: String? { fields["x-endpoint"] }
    var reason: String? { fields["x-swerve-reason"] }
    var closes: Bool { fields["connection"]?.lowercased() == "close" }
  }

  enum Failure: Error, Equatable {
    /// The connection ended in order, within a response or before it.
    case ended(received: Int)
    case notHTTP(String)
  }

  private let timeout: Duration

  init(_ target: TCPAddress, timeout: Duration = .seconds(10)) throws {
    self.timeout = timeout
    raw = try RawConnection(to: target, timeout: timeout)
    raw.sendAtOnce()
  }

  func send(_ text: String) throws { try raw.send(Array(text.utf8)) }

  /// Sends a request as one message and receives the response.
  func get(_ target: String, method: String = "GET", _ fields: [String] = [], body: [UInt8] = []) throws -> Response {
    try raw.send(Self.request(target, method: method, fields, body: body))
    return try response(toHead: method == "HEAD")
  }

  static func request(
    _ target: String, method: String = "GET", _ fields: [String] = [], body: [UInt8] = []
  ) -> [UInt8] {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: test"] + fields
    if !body.isEmpty { lines.append("Content-Length: \(body.count)") }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }

  /// Receives one response to its end.
  func response(toHead: Bool = false) throws -> Response {
    var response = Response()
    repeat {
      if response.status != 0 { response.interim.append(response.status) }
      let interim = response.interim
      response = try head()
      response.interim = interim
    } while (100..<200).contains(response.status) && response.status != 101
    if toHead || [101, 204, 304].contains(response.status) { return response }
    if response.fields["transfer-encoding"]?.lowercased() == "chunked" {
      response.body = try chunks()
    } else if let length = response.fields["content-length"].flatMap(Int.init) {
      response.body = try take(length)
    } else {
      response.body = try rest()
    }
    return response
  }

  /// Everything up to the end of the connection.
  func rest() throws -> [UInt8] {
    while try fill() {}
    defer { buffer = [] }
    return buffer
  }

  /// Whether the peer has ended the connection, in order, without another byte.
  func hasEnded() throws -> Bool { try buffer.isEmpty && !fill() }

  /// Exactly so many bytes.
  func take(_ count: Int) throws -> [UInt8] {
    while buffer.count < count {
      guard try fill() else { throw Failure.ended(received: buffer.count) }
    }
    defer { buffer.removeFirst(count) }
    return Array(buffer.prefix(count))
  }

  func line() throws -> String {
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: 10) {
        let line = String(decoding: try take(end + 1), as: UTF8.self)
        return line.trimmingCharacters(in: .newlines)
      }
      searched = buffer.count
      guard try fill() else { throw Failure.ended(received: buffer.count) }
    }
  }

  private func head() throws -> Response {
    var response = Response()
    let status = try line().split(separator: " ", maxSplits: 2)
    guard status.count >= 2, status[0].hasPrefix("HTTP/1."), let code = Int(status[1]) else {
      throw Failure.notHTTP(status.joined(separator: " "))
    }
    response.version = String(status[0])
    response.status = code
    while true {
      let line = try line()
      if line.isEmpty { return response }
      let field = line.split(separator: ":", maxSplits: 1)
      response.fields[field[0].lowercased()] = field.count > 1 ? field[1].trimmingCharacters(in: .whitespaces) : ""
    }
  }

  private func chunks() throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let size = Int(try line().prefix { $0 != ";" }, radix: 16) ?? 0
      guard size > 0 else { break }
      body += try take(size)
      _ = try line()
    }
    while try !line().isEmpty {}
    return body
  }

  private func fill() throws -> Bool {
    let received = try receive()
    buffer += received
    return !received.isEmpty
  }

  /// Asks again when the kernel says EAGAIN for a wake-up without bytes, which it does where it should wait on
  /// (tcp_bpf_recvmsg_parser); see Scripts/client.py, `again`.
  private func receive() throws -> [UInt8] {
    let started = MonotonicClock.nanoseconds
    while true {
      do { return try raw.receive(max: 262_144) } catch let error as SystemCallError {
        guard error.code == ETIMEDOUT, MonotonicClock.nanoseconds - started < timeout.nanoseconds * 9 / 10 else {
          throw error
        }
      }
    }
  }
}

/// A body of the tests' pattern.
func patterned(_ size: Int) -> [UInt8] {
  var body: [UInt8] = []
  body.reserveCapacity(size)
  while body.count < size { body += Pattern.block.prefix(size - body.count) }
  return body
}
