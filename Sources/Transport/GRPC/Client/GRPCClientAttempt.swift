// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOCore

/// One exchange of a call: takes the response apart. For the client's event loop only, which makes the unchecked
/// conformance true.
final class GRPCClientAttempt: ExchangeReceiver, @unchecked Sendable {
  private(set) var sender: (any BodySender)?
  /// The response is, down to its end.
  private(set) var isComplete = false
  /// Nil once the call has ended.
  private var call: GRPCClientCall?
  private var head: HTTPResponse?
  private var encoding = GRPCEncoding.identity
  private var reader: GRPCFrameReader
  /// Bytes received for which the window has not been opened again.
  private var held = 0

  init(_ call: GRPCClientCall) {
    self.call = call
    reader = GRPCFrameReader(messageBytesMax: call.configuration.messageBytesMax)
  }

  /// The call no longer wants to hear.
  func close() {
    call = nil
    consumeHeld()
  }

  func consumeHeld() {
    guard held > 0 else { return }
    sender?.consumed(held)
    held = 0
  }

  func begun(_ sender: any BodySender) {
    self.sender = sender
    call?.begun(sender)
  }

  func becameWritable() { call?.becameWritable() }

  func receive(head: HTTPResponse) {
    guard let call else { return }
    self.head = head
    call.commit()
    guard head.status.code == 200, GRPCContentType.isAccepted(head.headerFields[.contentType]) else { return }
    if let name = head.headerFields[.grpcEncoding] {
      guard let known = GRPCEncoding(rawValue: name) else {
        return call.complete(.init(status: GRPCStatus(.internal, "grpc-encoding \(name) is not known")))
      }
      encoding = known
    }
    // With a status it is no head but all there is (Trailers-Only).
    if head.headerFields[.grpcStatus] == nil { call.initial.succeed(.success(GRPCMetadata(head.headerFields))) }
  }

  func receive(body: ByteBuffer) {
    held += body.readableBytes
    guard let call, let head else { return consumeHeld() }
    // An error of a proxy, which nobody takes apart.
    guard head.status.code == 200, head.headerFields[.grpcStatus] == nil,
      GRPCContentType.isAccepted(head.headerFields[.contentType])
    else { return consumeHeld() }
    reader.append(body)
    do throws(GRPCStatus) {
      while let event = try reader.next() {
        if case .message(let frame) = event { call.queue.push(try message(frame, call.configuration)) }
      }
    } catch {
      return call.complete(.init(status: error))
    }
    if !call.queue.pauseIfFull() { consumeHeld() }
  }

  private func message(
    _ frame: GRPCFrame, _ configuration: GRPCClient.Configuration
  ) throws(GRPCStatus) -> ByteBuffer {
    guard !frame.isCompressed || encoding != .identity else {
      throw GRPCStatus(.internal, "a message is compressed, but grpc-encoding does not say how")
    }
    do throws(CompressionError) {
      return try frame.decompressed(bytesMax: configuration.decompressedBytesMax)
    } catch {
      if case .limitExceeded = error { throw GRPCStatus(.resourceExhausted, "\(error)") }
      throw GRPCStatus(.internal, "\(error)")
    }
  }

  func receiveEnd(trailers: HTTPFields?) {
    isComplete = true
    call?.complete(end(trailers ?? [:]))
  }

  private func end(_ trailers: HTTPFields) -> GRPCClientCall.End {
    let fields = head?.headerFields ?? [:]
    if let status = GRPCStatus(trailers: trailers) {
      guard status.code != .ok || reader.isBetweenMessages else {
        return .init(status: GRPCStatus(.internal, "the response ends within a message"))
      }
      return .init(status: status, trailingMetadata: GRPCMetadata(trailers))
    }
    if let status = GRPCStatus(trailers: fields) {
      return .init(status: status, trailingMetadata: GRPCMetadata(fields))
    }
    let code = head?.status.code ?? 0
    guard code == 200 else {
      return .init(status: GRPCStatus(GRPCStatusCode(httpStatus: code), "the server answered with HTTP status \(code)"))
    }
    return .init(status: GRPCStatus(.unknown, "the response has no grpc-status"))
  }

  func fail(_ error: TransportError) {
    isComplete = true
    call?.failed(error)
  }
}
