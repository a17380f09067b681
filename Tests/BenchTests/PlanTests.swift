// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import swerve

@Suite struct PlanTests {
  @Test func everyRoundBeginsWithAnotherPath() {
    let orders = (0..<4).map { BenchPlan.rotated(["A", "B", "C"], round: $0).joined() }
    #expect(orders == ["ABC", "BCA", "CAB", "ABC"])
    #expect(BenchPlan.rotated([Int](), round: 3).isEmpty)
  }

  @Test func directIsAlwaysMeasured() {
    let plan = BenchPlan(isQuick: true, runs: nil, seconds: nil, connections: [1], paths: [.envoy])
    #expect(plan.paths == [.direct, .envoy])
    #expect(plan.runs == 2)
  }

  @Test(arguments: ["1,32,256", "7"]) func sizesAreRead(text: String) {
    #expect(SizeList(argument: text)?.defaultValueDescription == text)
  }

  @Test(arguments: ["", "0", "1,x", "1001"]) func nonsenseIsNoSize(text: String) {
    #expect(SizeList(argument: text) == nil)
  }

  @Test func durationsCarryAUnit() {
    #expect(DurationArgument(argument: "250us")?.duration == .microseconds(250))
    #expect(DurationArgument(argument: "5ms")?.duration == .milliseconds(5))
    #expect(DurationArgument(argument: "1s")?.duration == .seconds(1))
    #expect(DurationArgument(argument: "5") == nil)
    #expect(DurationArgument(argument: "-1s") == nil)
  }

  @Test func casesAreReadByName() {
    #expect(CaseList<Measure>(argument: "keep-alive,scale")?.cases == [.keepAlive, .scale])
    #expect(CaseList<Measure>(argument: "keepalive") == nil)
  }
}
