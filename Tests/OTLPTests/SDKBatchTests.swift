// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTLP
import Testing

/// The Python SDK's own requests, of every signal, against what Python reads in them; and requests in which every field
/// of the definitions is set.
@Suite(.enabled(if: Batches.areAvailable, "needs the OpenTelemetry SDK, which .ci/bootstrap test installs"))
struct SDKBatchTests {
  @Test(arguments: Batches.names)
  func everyFieldIsWhatPythonReads(_ name: String) throws {
    let reading = try Reading.of(name, try Batches.bytes(name, "pb"))
    let expected = try Batches.lines(name)
    #expect(expected.count > 100)
    #expect(reading.lines.sorted() == expected.sorted())
  }

  @Test(arguments: Batches.names)
  func writtenAgainTheBytesAreTheSame(_ name: String) throws {
    let bytes = try Batches.bytes(name, "pb")
    #expect(try Reading.of(name, bytes).protobuf == bytes)
  }

  @Test(arguments: Batches.names)
  func jsonOfPythonIsTheSameMessage(_ name: String) throws {
    let reading = try Reading.of(name, try Batches.bytes(name, "json"), as: .json)
    #expect(reading.protobuf == (try Batches.bytes(name, "pb")))
  }

  @Test(arguments: Batches.names)
  func jsonIsWhatPythonWrites(_ name: String) throws {
    let reading = try Reading.of(name, try Batches.bytes(name, "pb"))
    let own = try JSONSerialization.jsonObject(with: Data(reading.json)) as? NSDictionary
    let expected = try JSONSerialization.jsonObject(with: Data(try Batches.bytes(name, "json"))) as? NSDictionary
    #expect(own != nil)
    #expect(own == expected)
  }

  @Test(arguments: Batches.names)
  func everyPrefixIsReadOrRefusedWithAPlace(_ name: String) throws {
    let bytes = try Batches.bytes(name, "pb")
    for count in Swift.stride(from: 0, to: bytes.count, by: max(bytes.count / 500, 1)) {
      do {
        _ = try Reading.of(name, Array(bytes[..<count]))
      } catch let error as OTLPError {
        #expect(error.code == .truncated)
        #expect(error.place.hasPrefix("resource") || error.place.hasPrefix("dictionary"), "\(error)")
      }
    }
  }
}
