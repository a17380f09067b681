// SPDX-License-Identifier: Apache-2.0

import COTLP
import OTLP
import Testing

/// The reader against libprotobuf-c's own, which fills the same structs: what both accept is written the same.
/// protobuf-c refuses groups and fields of another wire type, except that it takes anything for a bool.
@Suite struct ProtobufCTests {
  @Test(arguments: ["metrics", "traces", "logs"])
  func bothReadersSeeTheSame(_ name: String) throws {
    let (sound, type) =
      switch name {
      case "metrics": (try Samples.metrics().protobuf(), OTLP_METRICS_EXPORT_REQUEST)
      case "traces": (try Samples.traces().protobuf(), OTLP_TRACES_EXPORT_REQUEST)
      default: (try Samples.logs().protobuf(), OTLP_LOGS_EXPORT_REQUEST)
      }
    #expect(Self.readByProtobufC(sound, type) == sound)
    // With every single bit turned, one after the other.
    var compared = 0
    var differing = 0
    for bit in 0..<sound.count * 8 {
      var bytes = sound
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let theirs = Self.readByProtobufC(bytes, type), let ours = try? Reading.of(name, bytes).protobuf else {
        continue
      }
      compared += 1
      if ours != theirs { differing += 1 }
    }
    #expect(compared > sound.count)
    // A turned bit makes a message of a field into one of a bool's number, twice in metrics and once in logs; protobuf-c
    // reads the first byte of its length as the bool, and for the reader here it is an unknown field.
    #expect(differing == ["metrics": 2, "logs": 1][name] ?? 0)
  }

  private static func readByProtobufC(_ bytes: [UInt8], _ type: otlp_message_index) -> [UInt8]? {
    let arena = otlp_arena_create(1 << 24, 0)
    defer { otlp_arena_destroy(arena) }
    guard let message = otlp_read_by_protobuf_c(arena, otlp_message_of(Int32(type.rawValue)), bytes, bytes.count) else {
      return nil
    }
    return [UInt8](unsafeUninitializedCapacity: otlp_size(message)) { buffer, count in
      if let base = buffer.baseAddress { count = otlp_write(message, base) }
    }
  }
}
