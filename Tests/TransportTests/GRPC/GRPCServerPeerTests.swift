// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testbed
import Testing

@testable import Transport

/// grpcio calls our server. The script runs once and goes through all scenarios; every one is a test of its own.
@Suite(.network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"))
struct GRPCServerPeerTests {
  /// The functions of Scripts/grpc-client.py.
  enum Scenario: String, CaseIterable {
    case unary_call, many_calls_at_once, server_streaming, a_slow_reader_holds_the_server_up
    case a_slow_handler_holds_the_client_up, client_streaming
    case bidirectional_streaming, deadline, cancel, metadata_and_binary_metadata, gzip_both_ways
    case deflate_is_unimplemented, error_details, unknown_method, too_large, a_compression_bomb_is_refused
    case an_unanswered_call_is_internal, errors_of_a_handler, not_admitted, a_stream_to_a_unary_method
    case early_answer_to_a_stream, health
  }

  private struct Run: Sendable {
    var outcomes: [String: String] = [:]
    var errors = ""
    var counts = GRPCCounts()
    var reservedBytes = -1
  }

  private static let run = Task { () throws -> Run in
    let server = GRPCEchoServer()
    let port = try await server.start()
    let client = try await PeerPython.start("grpc-client.py", of: "TransportTests", ["\(port)"]).result()
    var run = Run()
    for line in client.output.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
      run.outcomes[parts[0]] = parts.last
    }
    run.errors = client.errors
    _ = await eventually { server.grpc.counts.callsUnderWay + server.budget.reservedBytes == 0 }
    run.counts = server.grpc.counts
    run.reservedBytes = server.budget.reservedBytes
    await server.drain()
    return run
  }

  @Test(arguments: Scenario.allCases)
  func grpcio(scenario: Scenario) async throws {
    let run = try await Self.run.value
    #expect(run.outcomes[scenario.rawValue] == "ok", "\(run.errors)")
  }

  @Test func callsAreCountedAndGiveTheirMemoryBack() async throws {
    let run = try await Self.run.value
    #expect(run.reservedBytes == 0)
    #expect(run.counts.callsUnderWay == 0)
    #expect(run.counts.calls["/test.Echo/Refuse"] == [.unavailable: 1])
    #expect(run.counts.calls["/test.Echo/UnaryAsync"]?[.ok] == 305)
    #expect(run.counts.refusals[.unknownMethod] == 1)
    #expect(run.counts.refusals[.unknownEncoding] == 1)
    #expect(run.counts.refusals[.notAdmitted] == 1)
    #expect(run.counts.refusals[.messageTooLarge] == 1)
    #expect(run.counts.refusals[.decompressedTooLarge] == 1)
  }
}
