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
      var random = SeededGenerator(seed: 0x5eed)
      try Node.with { node in
        let replay = try Replay(node.pins)
        let decisions = try Self.publishRandomTables(node, &random)
        var differences = 0
        var outcomes: [UInt32: Int] = [:]
        var probes = 0, standbys = 0
        for number in 0..<Self.vectorCount {
          let service = number % decisions.count
          let vector = Self.vector(service: UInt32(service), &random)
          let kernel = try replay.run(vector)
          let native = decisions[service].decision.replay(vector)
          outcomes[native.reason, default: 0] += 1
          if native.is_probe == 1 { probes += 1 }
          if decisions[service].standbys.contains(native.endpoint) { standbys += 1 }
          if !Self.areEqual(kernel, native) {
            differences += 1
            if differences <= 3 { Issue.record("kernel \(kernel) differs from native \(native)") }
          }
        }
        #expect(differences == 0)
        // The vectors reach every outcome the core has, or they prove less than they seem to.
        for reason in [SWERVE_REASON_NONE, SWERVE_REASON_NO_ENDPOINT, SWERVE_REASON_PANIC, SWERVE_REASON_NO_HEALTHY] {
          #expect(outcomes[reason.rawValue, default: 0] > 1000, "reason \(reason.rawValue)")
        }
        #expect(probes > 1000 && standbys > 1000, "\(probes) probes, \(standbys) standbys")
      }
    }

    /// A published set, and which of its endpoints are standbys.
    private struct PublishedSet {
      let decision: NativeDecision
      let standbys: Set<UInt32>
    }

    private enum Kind: CaseIterable {
      case equal, weighted, withStandbys
    }

    /// Sets of every algorithm and many sizes, over endpoints in every state.
    private static func publishRandomTables(_ node: Node, _ random: inout SeededGenerator) throws -> [PublishedSet] {
      var states: [swerve_endpoint_state] = []
      var sets: [(cells: [swerve_cell], standbys: Set<UInt32>)] = []
      for (index, size) in [0, 1, 2, 3, 4, 8, 64, 1024].enumerated() {
        for loadBalancer in LoadBalancer.allCases {
          for kind in Kind.allCases {
            let members = (0..<size).map { _ -> EndpointSet.Member in
              states.append(state(index, &random))
              return member(kind, id: UInt32(states.count - 1), &random)
            }
            let cells = EndpointSet.cells(
              loadBalancer, members, perRequest: Bool.random(using: &random), settings: settings(&random))
            sets.append((cells, Set(members.filter { $0.isStandby && $0.weight > 0 }.map(\.id))))
          }
        }
      }
      try node.dataplane.tables.endpointSets.publish(sets.enumerated().map { (UInt32($0.offset), $0.element.cells) })
      for (id, state) in states.enumerated() {
        try node.dataplane.tables.endpointStates.write(UInt32(id), state)
      }
      return sets.map { PublishedSet(decision: NativeDecision(cells: $0.cells, states: states), standbys: $0.standbys) }
    }

    private static func member(_ kind: Kind, id: UInt32, _ random: inout SeededGenerator) -> EndpointSet.Member {
      EndpointSet.Member(
        address: IPAddress(high: random.next(), low: random.next()),
        port: UInt16.random(in: 1...65535, using: &random),
        weight: kind == .equal ? 1 : UInt16.random(in: 0...100, using: &random),
        isStandby: kind == .withStandbys && Bool.random(using: &random), id: id, generation: 1)
    }

    /// What a selection depends on: the panic threshold and the warm-up.
    private static func settings(_ random: inout SeededGenerator) -> TrafficSettings {
      var settings = TrafficSettings()
      settings.outlierDetection.healthyPanicThresholdPercent = random.choose([0, 0, 1, 50, 100, 1000])
      if Bool.random(using: &random) {
        settings.warmup = TrafficSettings.Warmup(durationMilliseconds: random.choose([1, 1000, 30_000, .max]))
        settings.warmup?.minimumPercent = random.choose([1, 10, 100])
        settings.warmup?.aggression = random.choose([0.5, 1, 2])
      }
      return settings
    }

    /// Boundary values as often as random ones.
    private static func state(_ index: Int, _ random: inout SeededGenerator) -> swerve_endpoint_state {
      var state = swerve_endpoint_state()
      state.active = random.choose([0, 1, 2, 100, .max, UInt32(truncatingIfNeeded: random.next())])
      state.in_flight = random.choose([0, 1, 2, 100, .max, UInt32(truncatingIfNeeded: random.next())])
      state.breaker = breaker(index, &random)
      state.rtt_ewma_ns = random.choose([0, 1, 999, 1000, 1 << 47, .max, random.next() >> 30])
      state.rtt_stamp_ns = random.choose([0, 1, 1 << 40, .max, random.next() >> 20])
      state.latency_ewma_ns = random.choose([0, 1, 999, 1000, 1 << 47, .max, random.next() >> 30])
      state.latency_stamp_ns = random.choose([0, 1, 1 << 40, .max, random.next() >> 20])
      return state
    }

    /// Words of every kind, with times on both sides of the vectors': ejected, due for a probe, probed, with a lost probe,
    /// ejected by hand, warming up, and bits that nobody writes.
    private static func breaker(_ index: Int, _ random: inout SeededGenerator) -> UInt64 {
      let flags = UInt64(SWERVE_BREAKER_FLAGS.rawValue)
      let times: [UInt64] = [0, 8, 1 << 40, (1 << 40) + 1_000_000_000, .max, random.next() >> 20]
      let time = random.choose(times) & ~flags
      let (open, halfOpen) = (UInt64(SWERVE_BREAKER_OPEN.rawValue), UInt64(SWERVE_BREAKER_HALF_OPEN.rawValue))
      let manual = open | UInt64(SWERVE_BREAKER_MANUAL.rawValue)
      // Every third group of sets has only endpoints that are ejected for good, so that all ways to refuse are reached.
      if index % 3 == 2 { return ~flags | random.choose([open, manual]) }
      return random.choose([0, 0, time, time | open, time | open, time | halfOpen, time | manual, random.next()])
    }

    private static func vector(service: UInt32, _ random: inout SeededGenerator) -> swerve_vector {
      var vector = swerve_vector()
      vector.service = service
      vector.input.now_ns = random.choose([0, 1, 1 << 40, (1 << 40) + 1_000_000_000, .max, random.next() >> 20])
      vector.input.random = random.choose([0, .max, random.next(), random.next()])
      vector.input.client_hash = random.choose([0, .max, random.next(), random.next()])
      vector.input.sequence = random.choose([0, .max, UInt32(truncatingIfNeeded: random.next())])
      vector.input.ejected = random.choose([0, 1, 2, 3, 4, 8, 32, 1024, .max])
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
