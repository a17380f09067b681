// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
internal import NIOCore

/// Answers gRPC (gRPC, doc/PROTOCOL-HTTP2.md) on the connections of an ``HTTPServer``.
public final class GRPCServer: RequestHandler {
  private let methods: [String: GRPCMethod]
  let limits: GRPCLimits
  let budget: MemoryBudget?
  let counters: GRPCCounters
  private let admission: GRPCAdmissionCheck?

  /// - Parameters:
  ///   - methods: by path, `/package.Service/Method`.
  ///   - budget: what messages under way may take up together, nil for no bound; may be shared.
  ///   - admission: decides over every call before its messages come; nil admits all.
  public init(
    methods: [String: GRPCMethod], limits: GRPCLimits = GRPCLimits(), budget: MemoryBudget? = nil,
    admission: GRPCAdmissionCheck? = nil
  ) {
    self.methods = methods
    self.limits = limits
    self.budget = budget
    self.admission = admission
    counters = GRPCCounters(paths: methods.keys)
  }

  public var counts: GRPCCounts { counters.counts }

  public func begin(
    _ request: HTTPRequest, from peer: Peer, answering response: any ResponseSender
  ) -> (any BodyReceiver)? {
    if let refusal = Self.refusal(of: request, peer) {
      counters.count(.notGRPC)
      response.respond(refusal)
      return nil
    }
    let path = request.path ?? ""
    guard let method = methods[path], let counter = counters[path] else {
      return refuse(response, .unknownMethod, GRPCStatus(.unimplemented, "there is no method \(path)"))
    }
    let callsMax = method.isAlwaysTaken ? Int.max : limits.callsMax
    let (call, refusal) = admit(request, path, peer, callsMax, response)
    guard let call else {
      counter.count(refusal.code)
      return refuse(response, nil, refusal)
    }
    call.start(method, counter)
    return call
  }

  /// What is no gRPC at all is answered by HTTP alone.
  private static func refusal(of request: HTTPRequest, _ peer: Peer) -> HTTPResponse? {
    if peer.version != .http2 { return HTTPResponse(status: .httpVersionNotSupported) }
    if request.method != .post { return HTTPResponse(status: .methodNotAllowed, headerFields: [.allow: "POST"]) }
    guard GRPCContentType.isAccepted(request.headerFields[.contentType]) else {
      return HTTPResponse(status: .unsupportedMediaType)
    }
    return nil
  }

  private func refuse(
    _ response: any ResponseSender, _ refusal: GRPCRefusal?, _ status: GRPCStatus
  ) -> (any BodyReceiver)? {
    if let refusal { counters.count(refusal) }
    response.respond(GRPCResponseHead.head(GRPCContentType.plain), trailers: status.trailers)
    return nil
  }

  private func admit(
    _ request: HTTPRequest, _ path: String, _ peer: Peer, _ callsMax: Int, _ response: any ResponseSender
  ) -> (GRPCServerCall?, GRPCStatus) {
    let fields = request.headerFields
    guard let encoding = GRPCEncoding(rawValue: fields[.grpcEncoding] ?? GRPCEncoding.identity.rawValue) else {
      counters.count(.unknownEncoding)
      return (nil, GRPCStatus(.unimplemented, "grpc-encoding \(fields[.grpcEncoding] ?? "") is not known"))
    }
    var timeout: Duration?
    if let text = fields[.grpcTimeout] {
      timeout = GRPCTimeout.parse(text)
      if timeout == nil {
        counters.count(.malformed)
        return (nil, GRPCStatus(.invalidArgument, "grpc-timeout \(text) is none"))
      }
    }
    guard counters.begin(callsMax: callsMax) else {
      counters.count(.tooManyCalls)
      let message = "\(callsMax) calls are under way, as many as are taken"
      return (nil, GRPCStatus(.unavailable, message, retryDelay: limits.retryDelay))
    }
    var head = GRPCRequest(path: path, metadata: GRPCMetadata(fields), peer: peer, timeout: timeout)
    var admitted = GRPCAdmission()
    if let admission {
      do { admitted = try admission(head) } catch {
        counters.count(.notAdmitted)
        counters.end()
        return (nil, error)
      }
    }
    head.context = admitted.context
    return (GRPCServerCall(self, head, encoding, admitted.onEnd, response), .ok)
  }
}
