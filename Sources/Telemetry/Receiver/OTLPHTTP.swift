// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
import NIOCore
import OTLP
public import Transport

/// OTLP/HTTP: `POST /v1/{metrics,traces,logs}` and `/v1development/profiles`, in protobuf and JSON.
public struct OTLPHTTP: RequestHandler {
  private let ingest: OTLPIngest
  private let signals: [String: Signal]

  public init(_ ingest: OTLPIngest) {
    self.ingest = ingest
    var signals = Dictionary(uniqueKeysWithValues: ingest.signals.map { ($0.path, $0) })
    // What it will be called once it is stable.
    if ingest.signals.contains(.profiles) { signals["/v1/profiles"] = .profiles }
    self.signals = signals
  }

  public func begin(
    _ request: HTTPRequest, from peer: Peer, answering response: any ResponseSender
  ) -> (any BodyReceiver)? {
    let encoding = MessageEncoding(contentType: request.headerFields[.contentType])
    let answer = OTLPHTTPAnswer(response, encoding ?? .protobuf)
    let path = request.path.map { $0.prefix { $0 != "?" } }.map(String.init) ?? ""
    guard let signal = signals[path] else {
      answer.fail(.notFound, .notFound, "no such path; there are \(signals.keys.sorted().joined(separator: ", "))")
      return nil
    }
    guard request.method == .post else {
      answer.fail(.methodNotAllowed, .unimplemented, "only POST is understood", [.allow: "POST"])
      return nil
    }
    guard let encoding else {
      let types = "application/x-protobuf or application/json"
      answer.fail(.unsupportedMediaType, .invalidArgument, "the content type is neither \(types)")
      return nil
    }
    return begin(signal, encoding, request.headerFields, peer, answer)
  }

  private func begin(
    _ signal: Signal, _ encoding: MessageEncoding, _ fields: HTTPFields, _ peer: Peer, _ answer: OTLPHTTPAnswer
  ) -> (any BodyReceiver)? {
    guard let isCompressed = Self.isCompressed(fields[.contentEncoding]) else {
      let message = "the content encoding is neither gzip nor identity"
      answer.fail(.unsupportedMediaType, .invalidArgument, message, [.acceptEncoding: "gzip"])
      return nil
    }
    do throws(Refusal) {
      let context = try ingest.admit(fields, peer, signal)
      let body = OTLPHTTPBody(ingest, signal, encoding, isCompressed: isCompressed, context, answer)
      if let length = fields[.contentLength].flatMap({ Int($0) }) { try body.expect(length) }
      return body
    } catch {
      answer.refuse(error)
      return nil
    }
  }

  private static func isCompressed(_ encoding: String?) -> Bool? {
    switch encoding?.lowercased() {
    case nil, "", "identity": false
    case "gzip", "x-gzip": true
    default: nil
    }
  }
}
