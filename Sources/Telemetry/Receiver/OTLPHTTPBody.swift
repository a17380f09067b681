// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import OTLP
import Transport

/// Collects the body of one request within the memory budget, and hands it over when it is whole.
final class OTLPHTTPBody: BodyReceiver {
  private let ingest: OTLPIngest
  private let signal: Signal
  private let encoding: MessageEncoding
  private let isCompressed: Bool
  private let context: ReceiveContext
  private let answer: OTLPHTTPAnswer
  private var body = ByteBuffer()
  private var reservedBytes = 0
  private var isAnswered = false

  init(
    _ ingest: OTLPIngest, _ signal: Signal, _ encoding: MessageEncoding, isCompressed: Bool, _ context: ReceiveContext,
    _ answer: OTLPHTTPAnswer
  ) {
    self.ingest = ingest
    self.signal = signal
    self.encoding = encoding
    self.isCompressed = isCompressed
    self.context = context
    self.answer = answer
  }

  deinit { ingest.budget.release(reservedBytes) }

  /// Keeps room for a body of that size before any of it has come.
  func expect(_ byteCount: Int) throws(Refusal) {
    try reserve(upTo: byteCount)
    body.reserveCapacity(min(byteCount, 1 << 20))
  }

  func receive(body part: ByteBuffer) {
    var part = part
    answer.response.consumed(part.readableBytes)
    if isAnswered { return }
    do throws(Refusal) {
      try reserve(upTo: body.readableBytes + part.readableBytes)
      if body.readableBytes == 0 { body = part } else { body.writeBuffer(&part) }
    } catch {
      refuse(error)
    }
  }

  func receiveEnd(trailers: HTTPFields?) {
    if isAnswered { return }
    do throws(Refusal) {
      let request = isCompressed ? try decompressed() : body
      let taken = try ingest.take(request, as: encoding, signal, context)
      answer.succeed(try ExportAnswer.bytes(signal, taken, as: encoding))
      finish()
    } catch {
      refuse(error)
    }
  }

  func fail(_ error: TransportError) { finish() }

  private func reserve(upTo byteCount: Int) throws(Refusal) {
    guard byteCount <= ingest.requestBytesMax else {
      throw refusal(.tooLarge, "the request is larger than \(ingest.requestBytesMax) bytes; send less at once")
    }
    let more = byteCount - reservedBytes
    if more > 0 { try grow(more) }
  }

  private func grow(_ byteCount: Int) throws(Refusal) {
    guard ingest.budget.reserve(byteCount) else { throw memoryIsShort }
    reservedBytes += byteCount
  }

  private func decompressed() throws(Refusal) -> ByteBuffer {
    do throws(CompressionError) {
      return try Gzip.decompress(body, bytesMax: ingest.requestBytesMax) { byteCount in
        guard ingest.budget.reserve(byteCount) else { return false }
        reservedBytes += byteCount
        return true
      }
    } catch {
      switch error {
      case .outOfMemory: throw memoryIsShort
      case .limitExceeded: throw refusal(.tooLarge, "\(error); send less at once")
      case .corrupt, .truncated: throw refusal(.invalid, "\(error)")
      }
    }
  }

  private var memoryIsShort: Refusal {
    refusal(.overloaded(retryAfter: .seconds(1)), "the receiver's memory is used up; try again")
  }

  private func refusal(_ reason: Refusal.Reason, _ message: String) -> Refusal {
    let refusal = Refusal(reason, message)
    ingest.statistics.refused(signal, refusal)
    return refusal
  }

  private func refuse(_ refusal: Refusal) {
    answer.refuse(refusal)
    finish()
  }

  private func finish() {
    isAnswered = true
    body = ByteBuffer()
    ingest.budget.release(reservedBytes)
    reservedBytes = 0
  }
}

/// Answers one request in the encoding it came in. The body of every error is a `google.rpc.Status`.
struct OTLPHTTPAnswer {
  let response: any ResponseSender
  private let encoding: MessageEncoding

  init(_ response: any ResponseSender, _ encoding: MessageEncoding) {
    self.response = response
    self.encoding = encoding
  }

  func succeed(_ body: ByteBuffer) { send(.ok, body, [:]) }

  func refuse(_ refusal: Refusal) {
    var fields = HTTPFields()
    if let seconds = refusal.retryAfterSeconds { fields[.retryAfter] = "\(seconds)" }
    if refusal.reason == .unauthenticated { fields[.wwwAuthenticate] = "Bearer" }
    send(refusal.httpStatus, body(of: refusal.status), fields)
  }

  func fail(
    _ status: HTTPResponse.Status, _ code: GRPCStatusCode, _ message: String, _ fields: HTTPFields = [:]
  ) {
    send(status, body(of: GRPCStatus(code, message)), fields)
  }

  private func body(of status: GRPCStatus) -> ByteBuffer {
    let status = GoogleRPCStatus(status)
    return encoding == .json ? ByteBuffer(string: status.json) : ByteBuffer(bytes: status.protobuf)
  }

  private func send(_ status: HTTPResponse.Status, _ body: ByteBuffer, _ fields: HTTPFields) {
    var head = HTTPResponse(status: status, headerFields: fields)
    head.headerFields[.contentType] = encoding.contentType
    head.headerFields[.contentLength] = "\(body.readableBytes)"
    response.respond(head, body: body)
  }
}
