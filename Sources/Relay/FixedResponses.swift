// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Logging
internal import SwerveABI
internal import SwerveCore

/// The responses that policies give for services that can do nothing for a request, from the files the agent writes.
final class FixedResponses {
  struct Response {
    let whole: [UInt8]
    /// The same without the body, for HEAD.
    let head: [UInt8]
  }

  private let directory: String?
  private let logger: Logger
  /// By service; nil inside for one that could not be read.
  private var known: [UInt32: Response?] = [:]
  private var publication: UInt64 = 0

  /// - Parameter directory: has one file for each service, named by its id.
  init(directory: String?, logger: Logger) {
    self.directory = directory
    self.logger = logger
  }

  /// The service's response as of a publication; nil when there is none to be had, which is logged once.
  func response(of service: UInt32, publication: UInt64) -> Response? {
    if publication != self.publication { known.removeAll(keepingCapacity: true) }
    self.publication = publication
    if let response = known[service] { return response }
    let response = read(service)
    known[service] = .some(response)
    return response
  }

  private func read(_ service: UInt32) -> Response? {
    guard let directory else { return nil }
    let path = "\(directory)/\(service)"
    guard let data = FileManager.default.contents(atPath: path), let response = FixedResponses.parse(Array(data)) else {
      logger.warning("a fallback's response cannot be read, 503 is answered", metadata: ["file": "\(path)"])
      return nil
    }
    return response
  }

  /// Nil unless the bytes are one whole response that leaves the client's connection open.
  static func parse(_ bytes: [UInt8]) -> Response? {
    bytes.withUnsafeBytes { bytes in
      var head = swerve_http1_head()
      swerve_native_http1_begin(0, &head)
      let result = swerve_native_http1_parse_response(bytes.octets, UInt32(bytes.count), UInt32(headBytesMax), &head)
      guard result == SWERVE_HTTP1_COMPLETE, head.status >= 200 else { return nil }
      let length = Int(head.length)
      var body = BodyFraming(ofResponse: head, to: UInt32(SWERVE_HTTP1_GET.rawValue))
      guard let size = body.advance(bytes, from: length), body.isDone, length + size == bytes.count else { return nil }
      return Response(whole: Array(bytes), head: Array(bytes.part(0..<length)))
    }
  }
}
