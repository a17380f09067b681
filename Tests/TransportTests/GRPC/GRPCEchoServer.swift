// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

@testable import Transport

/// The methods that Scripts/grpc-client.py calls.
final class GRPCEchoServer: Sendable {
  let health = GRPCHealth(services: ["test.Echo"])
  let grpc: GRPCServer
  let budget = MemoryBudget(bytesMax: 64 << 20)
  private let http: HTTPServer

  final class Counter: Sendable {
    private let atomic = Atomic(0)
    func add() { atomic.add(1, ordering: .relaxed) }
    var value: Int { atomic.load(ordering: .relaxed) }
    var method: GRPCMethod { .unary { _, _, reply in reply.succeed(ByteBuffer(string: "\(self.value)")) } }
  }

  init(limits: GRPCLimits = GRPCEchoServer.limits, tls: TLSServerContext? = nil) {
    let (sleepsBegun, sleepsCancelled, floodSent) = (Counter(), Counter(), Counter())
    var methods = Self.unaryMethods.merging(Self.streamingMethods) { first, _ in first }
    methods["Sleep"] = .unaryAsync { message, _ in
      sleepsBegun.add()
      do { try await Task.sleep(for: .seconds(15)) } catch {
        sleepsCancelled.add()
        throw error
      }
      return GRPCResponse(message)
    }
    // What compresses to nothing would hold nobody up.
    var generator = TestGenerator(seed: 1)
    let noise = ByteBuffer(bytes: (0..<65536).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    methods["Flood"] = .streaming { _, _, writer in
      while !Task.isCancelled {
        try await writer.write(noise)
        floodSent.add()
      }
    }
    methods["sleepsBegun"] = sleepsBegun.method
    methods["sleepsCancelled"] = sleepsCancelled.method
    methods["FloodSent"] = floodSent.method
    methods["SetHealth"] = .unary { [health] message, _, reply in
      health.set("other", GRPCHealth.Status(rawValue: Int64(String(buffer: message)) ?? 0))
      reply.succeed(ByteBuffer())
    }
    let named = Dictionary(uniqueKeysWithValues: methods.map { ("/test.Echo/\($0)", $1) })
    grpc = GRPCServer(
      methods: named.merging(health.methods) { first, _ in first }, limits: limits, budget: budget,
      admission: Self.admission)
    http = HTTPServer(
      ServerConfiguration(host: "127.0.0.1", port: 0, tls: tls), handler: grpc,
      group: MultiThreadedEventLoopGroup.singleton)
  }

  static let limits = GRPCLimits(
    messageBytesMax: 4_000_000, decompressedBytesMax: 4_000_000, queuedBytesMax: 1 << 16, compressedFromBytes: 1000)

  @Sendable private static func admission(_ request: GRPCRequest) throws(GRPCStatus) -> GRPCAdmission {
    guard let token = request.metadata["authorization"] else { return GRPCAdmission() }
    guard token == "Bearer right" else { throw GRPCStatus(.unauthenticated, "the token is unknown") }
    return GRPCAdmission(context: "tenant right")
  }

  /// - Returns: the port.
  func start() async throws -> Int {
    try await http.start().first?.port ?? 0
  }

  func drain() async {
    health.drain()
    await http.drain(within: .seconds(1))
  }

  private static let unaryMethods: [String: GRPCMethod] = [
    "Unary": .unary { message, _, reply in reply.succeed(message) },
    "UnaryAsync": .unaryAsync { message, _ in GRPCResponse(message) },
    "UnaryLater": .unary { message, _, reply in Task.detached { reply.succeed(message) } },
    "Length": .unary { message, _, reply in reply.succeed(ByteBuffer(string: "\(message.readableBytes)")) },
    "Forget": .unary { _, _, _ in },
    "Context": .unary { _, request, reply in
      reply.succeed(ByteBuffer(string: request.context as? String ?? "none"))
    },
    "Peer": .unary { _, request, reply in
      let certificate = request.peer.tls?.certificate
      reply.succeed(ByteBuffer(string: certificate?.uris.joined(separator: ",") ?? "nobody"))
    },
    "Metadata": .unary { message, request, reply in
      var initial = GRPCMetadata()
      initial.add("tenant", request.metadata["tenant"]?.filter { $0 != " " } ?? "")
      var trailing = GRPCMetadata()
      for bytes in request.metadata.bytes("blob-bin") { trailing.add("blob-bin", bytes: bytes) }
      reply.succeed(GRPCResponse(message, initialMetadata: initial, trailingMetadata: trailing))
    },
    "Refuse": .unary { _, _, reply in
      let details = GRPCStatusDetails(
        retryDelay: .milliseconds(2500), errorInfo: .init(reason: "FULL", domain: "swerve", metadata: ["queue": "1"]),
        fieldViolations: [.init(field: "a.b", description: "is negative")])
      reply.fail(GRPCStatus(.unavailable, "zu voll: 100 % \u{2603}", details: details))
    },
    "Throw": .unaryAsync { message, _ in
      struct Secret: Error { let secret = "secret" }
      if String(buffer: message) == "status" { throw GRPCStatus(.aborted, "as asked") }
      throw Secret()
    },
  ]

  private static let streamingMethods: [String: GRPCMethod] = [
    "Count": .streaming { _, messages, writer in
      writer.sendInitialMetadata(["first": "early"])
      writer.setTrailingMetadata(["last": "late"])
      var iterator = messages.makeAsyncIterator()
      let count = try await iterator.next().flatMap { Int(String(buffer: $0)) } ?? 0
      for index in 0..<count { try await writer.write(ByteBuffer(string: "\(index) of \(count)")) }
    },
    "Sum": .streaming { _, messages, writer in
      var sum = 0
      for try await message in messages { sum += Int(String(buffer: message)) ?? 0 }
      try await writer.write(ByteBuffer(string: "\(sum)"))
    },
    "Bidi": .streaming { _, messages, writer in
      for try await message in messages { try await writer.write(message) }
    },
    "Stall": .streaming { _, messages, _ in
      var iterator = messages.makeAsyncIterator()
      _ = try await iterator.next()
      try await Task.sleep(for: .seconds(15))
    },
    "Early": .streaming { _, messages, _ in
      var iterator = messages.makeAsyncIterator()
      _ = try await iterator.next()
      throw GRPCStatus(.failedPrecondition, "one is enough")
    },
  ]
}
