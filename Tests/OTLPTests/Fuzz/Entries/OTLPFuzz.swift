// SPDX-License-Identifier: Apache-2.0

public import OTLP

/// What an input of the fuzzer is checked for, and every input that was worth keeping in each test run.
public enum OTLPFuzz {
  /// The first byte of an input says which request the rest is.
  public static func run(_ bytes: UnsafeRawBufferPointer, _ encoding: MessageEncoding) {
    guard let first = bytes.first else { return }
    // A copy of its own size, so that the sanitizer sees a read behind the end.
    let input = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count - 1, alignment: 1)
    defer { input.deallocate() }
    input.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
    let span = UnsafeRawBufferPointer(input).bytes
    switch first & 3 {
    case 0: check(Metrics.ExportRequest.self, span, encoding) { $0.fields($1, "") }
    case 1: check(Traces.ExportRequest.self, span, encoding) { $0.fields($1, "") }
    case 2: check(Logs.ExportRequest.self, span, encoding) { $0.fields($1, "") }
    default: check(Profiles.ExportRequest.self, span, encoding) { $0.fields($1, "") }
    }
  }

  /// An accepted message is the same after it was written and read again, in either encoding.
  private static func check<Message: MessageView & ~Escapable>(
    _ type: Message.Type, _ span: RawSpan, _ encoding: MessageEncoding, _ visit: (inout Dump, Message) -> Void
  ) {
    let limits = DecodingLimits(inputBytesMax: 1 << 20, memoryBytesMax: 8 << 20, keptBytesMax: 0)
    do {
      var decoder = try Decoder(limits: limits)
      let message: Message
      do { message = try decoder.decode(type, from: span, as: encoding) } catch {
        // The place is made from what the reader had seen.
        _ = error.description
        return
      }
      var dump = Dump()
      visit(&dump, message)
      let protobuf = message.protobuf()
      let json = message.json()
      try checkAgain(type, protobuf.span.bytes, .protobuf) { again in
        precondition(again.protobuf() == protobuf, "another message in protobuf")
        var other = Dump()
        visit(&other, again)
        precondition(dump.lines == other.lines, "other fields")
      }
      try checkAgain(type, json.span.bytes, .json) { precondition($0.json() == json, "another message in JSON") }
    } catch {
      preconditionFailure("what was written cannot be read: \(error)")
    }
  }

  private static func checkAgain<Message: MessageView & ~Escapable>(
    _ type: Message.Type, _ span: RawSpan, _ encoding: MessageEncoding, _ body: (Message) -> Void
  ) throws {
    var decoder = try Decoder(limits: DecodingLimits(memoryBytesMax: 64 << 20, keptBytesMax: 0))
    let message = try decoder.decode(type, from: span, as: encoding)
    body(message)
  }
}
