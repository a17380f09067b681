// SPDX-License-Identifier: Apache-2.0

// The entry of libFuzzer; compiled together with the sources of OTLP by Scripts/fuzz/run.

/// The first byte of an input says which request the rest is, and in which encoding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ base: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  guard let base, count > 0 else { return 0 }
  // A copy of its own size, so that the sanitizer sees a read behind the end.
  let input = UnsafeMutableRawBufferPointer.allocate(byteCount: count - 1, alignment: 1)
  defer { input.deallocate() }
  input.copyMemory(from: UnsafeRawBufferPointer(start: base + 1, count: count - 1))
  let span = UnsafeRawBufferPointer(input).bytes
  let encoding: MessageEncoding = base[0] & 4 == 0 ? .protobuf : .json
  switch base[0] & 3 {
  case 0: check(Metrics.ExportRequest.self, span, encoding) { $0.fields($1, "") }
  case 1: check(Traces.ExportRequest.self, span, encoding) { $0.fields($1, "") }
  case 2: check(Logs.ExportRequest.self, span, encoding) { $0.fields($1, "") }
  default: check(Profiles.ExportRequest.self, span, encoding) { $0.fields($1, "") }
  }
  return 0
}

/// An accepted message is the same after it was written and read again, in either encoding.
private func check<Message: MessageView & ~Escapable>(
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

private func checkAgain<Message: MessageView & ~Escapable>(
  _ type: Message.Type, _ span: RawSpan, _ encoding: MessageEncoding, _ body: (Message) -> Void
) throws {
  var decoder = try Decoder(limits: DecodingLimits(memoryBytesMax: 64 << 20, keptBytesMax: 0))
  let message = try decoder.decode(type, from: span, as: encoding)
  body(message)
}
