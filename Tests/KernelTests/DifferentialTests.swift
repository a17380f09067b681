// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import SwerveCore
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

extension KernelTests {
  /// The decision core is compiled twice, for the kernel and natively. Both must answer alike, byte by byte.
  @Suite struct DifferentialTests {
    static let vectorCount = 120_000

    @Test func kernelAndNativeDecisionsAreEqual() throws {
      var random = SeededGenerator(state: 0x5eed)
      try Node.with { node in
        let replay = try Replay(node.pins)
        let decisions = try Self.publishRandomTables(node, &random)
        var differences = 0
        var outcomes: [UInt32: Int] = [:]
        for number in 0..<Self.vectorCount {
          let service = number % decisions.count
          let vector = Self.vector(service: UInt32(service), &random)
          let kernel = try replay.run(vector)
          let native = decisions[service].replay(vector)
          outcomes[native.reason, default: 0] += 1
          if !Self.areEqual(kernel, native) {
            differences += 1
            if differences <= 3 { Issue.record("kernel \(kernel) differs from native \(native)") }
          }
        }
        #expect(differences == 0)
        // The vectors reach every outcome the core has, or they prove less than they seem to.
        for reason in [SWERVE_REASON_NONE, SWERVE_REASON_NO_ENDPOINT, SWERVE_REASON_PANIC] {
          #expect(outcomes[reason.rawValue, default: 0] > 1000)
        }
      }
    }

    /// Sets of every algorithm and many sizes, over endpoints in every state.
    private static func publishRandomTables(_ node: Node, _ random: inout SeededGenerator) throws -> [NativeDecision] {
      var states: [swerve_endpoint_state] = []
      var sets: [[swerve_cell]] = []
      for (index, size) in [0, 1, 2, 3, 4, 8, 64, 1024].enumerated() {
        for loadBalancer in LoadBalancer.allCases {
          for weighted in [false, true] {
            let members = (0..<size).map { _ -> EndpointSet.Member in
              states.append(state(index, &random))
              return EndpointSet.Member(
                address: IPAddress(high: random.next(), low: random.next()),
                port: UInt16.random(in: 1...65535, using: &random),
                weight: weighted ? UInt16.random(in: 0...100, using: &random) : 1, id: UInt32(states.count - 1),
                generation: 1)
            }
            sets.append(EndpointSet.cells(loadBalancer, members))
          }
        }
      }
      try node.dataplane.tables.endpointSets.publish(sets.enumerated().map { (UInt32($0.offset), $0.element) })
      for (id, state) in states.enumerated() {
        try node.dataplane.tables.endpointStates.write(UInt32(id), state)
      }
      return sets.map { NativeDecision(cells: $0, states: states) }
    }

    /// Boundary values as often as random ones.
    private static func state(_ index: Int, _ random: inout SeededGenerator) -> swerve_endpoint_state {
      var state = swerve_endpoint_state()
      state.active = random.choose([0, 1, 2, 100, .max, UInt32(truncatingIfNeeded: random.next())])
      // Every third group of sets has only failing endpoints, so that panic is reached.
      state.consecutive_failures = index % 3 == 2 ? random.choose([3, 4, 100, .max]) : random.choose([0, 2, 3, 8, 9])
      state.last_failure_ns = random.choose([0, 1, 1 << 40, .max, random.next() >> 20])
      state.rtt_ewma_ns = random.choose([0, 1, 999, 1000, 1 << 47, .max, random.next() >> 30])
      state.rtt_stamp_ns = random.choose([0, 1, 1 << 40, .max, random.next() >> 20])
      return state
    }

    private static func vector(service: UInt32, _ random: inout SeededGenerator) -> swerve_vector {
      var vector = swerve_vector()
      vector.service = service
      vector.input.now_ns = random.choose([0, 1, 1 << 40, (1 << 40) + 1_000_000_000, .max, random.next() >> 20])
      vector.input.random = random.choose([0, .max, random.next(), random.next()])
      vector.input.client_hash = random.choose([0, .max, random.next(), random.next()])
      vector.input.sequence = random.choose([0, .max, UInt32(truncatingIfNeeded: random.next())])
      vector.sample_ns = random.choose([0, 1, .max, random.next() >> 20])
      return vector
    }

    private static func areEqual(_ left: swerve_vector, _ right: swerve_vector) -> Bool {
      withUnsafeBytes(of: left) { left in withUnsafeBytes(of: right) { left.elementsEqual($0) } }
    }
  }
}

extension SeededGenerator {
  fileprivate mutating func choose<Value>(_ values: [Value]) -> Value {
    values[Int(next() % UInt64(values.count))]
  }
}
