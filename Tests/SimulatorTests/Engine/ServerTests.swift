// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

/// One endpoint, with times worked by hand: 1 unit of work is 1 ns of a core.
@Suite struct ServerTests {
  /// Drives a server alone: jobs are numbered as they are added.
  private final class Bench {
    let jobs = Slab(blank: Job())
    var server: Server
    var now: UInt64 = 0

    init(_ discipline: EndpointGroup.Discipline, cores: Double = 1, speed: Double = 1) {
      var group = EndpointGroup(name: "web")
      group.discipline = discipline
      group.cores = cores
      group.speed = speed
      server = Server(group: 0, group)
    }

    deinit { server.release() }

    @discardableResult
    func add(_ work: Double, at time: UInt64) -> Int32 {
      now = time
      server.advance(to: time)
      let job = jobs.take()
      jobs[job] = Job(work: work)
      server.add(job, jobs, now: time)
      return job
    }

    /// The next completion: who, and when.
    func complete() -> (job: Int32, time: UInt64)? {
      guard let time = server.nextCompletion(jobs) else { return nil }
      server.advance(to: time)
      now = time
      return server.complete(jobs, now: time).map { ($0, time) }
    }

    func completions() -> [UInt64] {
      var times: [UInt64] = []
      while let next = complete() { times.append(next.time) }
      return times
    }
  }

  @Test func oneAfterTheOther() {
    let bench = Bench(.fifo)
    bench.add(100, at: 0)
    bench.add(50, at: 10)
    bench.add(20, at: 20)
    #expect(bench.completions() == [100, 150, 170])
  }

  @Test func twoCoresServeTwoAtATime() {
    let bench = Bench(.fifo, cores: 2)
    for work in [100.0, 30, 50] { bench.add(work, at: 0) }
    #expect(bench.completions() == [30, 80, 100])
  }

  @Test func coresAreShared() {
    // Alone until 10: 10 done. Two of them share from there: the second needs 2 * 40 for its 40, until 90; then 50 of the
    // first are done, and 50 are left: 140.
    let bench = Bench(.processorSharing)
    bench.add(100, at: 0)
    bench.add(40, at: 10)
    #expect(bench.completions() == [90, 140])
  }

  @Test func nobodyGetsMoreThanOneCore() {
    let bench = Bench(.processorSharing, cores: 3)
    bench.add(100, at: 0)
    bench.add(100, at: 0)
    #expect(bench.completions() == [100, 100])
  }

  @Test func halfTheSpeedTakesTwiceTheTime() {
    let bench = Bench(.fifo, speed: 0.5)
    bench.add(100, at: 0)
    #expect(bench.completions() == [200])
  }

  @Test func aChangeOfSpeedCountsFromThereOn() {
    // 50 done at 50; the other 50 take 200 at a quarter of the speed.
    let bench = Bench(.fifo)
    bench.add(100, at: 0)
    bench.server.change(cores: 1, speed: 0.25, bench.jobs, now: 50)
    #expect(bench.completions() == [250])
  }

  @Test func aHangStopsEverythingForAsLongAsItLasts() {
    let bench = Bench(.processorSharing)
    bench.add(100, at: 0)
    bench.server.hang(true, now: 30)
    #expect(bench.server.nextCompletion(bench.jobs) == nil)
    bench.server.hang(false, now: 1_030)
    #expect(bench.completions() == [1_100])
  }

  @Test func moreCoresTakeThoseThatWait() {
    let bench = Bench(.fifo)
    bench.add(100, at: 0)
    bench.add(100, at: 0)
    bench.server.change(cores: 2, speed: 1, bench.jobs, now: 40)
    #expect(bench.completions() == [100, 140])
  }

  @Test func whatIsCancelledTakesNoTime() {
    let bench = Bench(.fifo)
    let first = bench.add(100, at: 0)
    let second = bench.add(100, at: 0)
    bench.add(10, at: 0)
    bench.server.cancel(second, bench.jobs, now: 20)
    bench.server.cancel(first, bench.jobs, now: 30)
    #expect(bench.server.inFlight == 1)
    #expect(bench.completions() == [40])
    #expect(bench.jobs.count == 1, "both places are given back")
  }

  @Test func aCrashLosesAll() {
    let bench = Bench(.fifo)
    for _ in 0..<3 { bench.add(100, at: 0) }
    #expect(bench.server.dropAll(bench.jobs, now: 50).count == 3)
    #expect(bench.server.inFlight == 0)
    #expect(bench.completions() == [])
  }

  @Test func latencyGrowsWithTheRequestsInFlight() {
    // 60 * (1 + q / 60), five times that above one in flight.
    let bench = Bench(.delay)
    var group = EndpointGroup(name: "web")
    group.discipline = .delay
    group.curve = .init(slope: 60)
    group.curve?.overloadAbove = 1
    group.curve?.overloadFactor = 5
    bench.server.release()
    bench.server = Server(group: 0, group)
    for _ in 0..<3 { bench.add(60, at: 0) }
    #expect(bench.completions() == [60, 61, 310])
  }

  @Test func theOracleKnowsTheQueue() {
    let bench = Bench(.fifo)
    bench.add(100, at: 0)
    bench.add(30, at: 0)
    // 50 of the first are left, the second, and the newcomer.
    #expect(bench.server.expectedLatency(work: 10, now: 50) == Double(50 + 30 + 10))
    bench.server.isClosed = true
    #expect(bench.server.expectedLatency(work: 10, now: 50) == nil)
  }
}
