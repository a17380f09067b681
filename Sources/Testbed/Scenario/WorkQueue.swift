// SPDX-License-Identifier: Apache-2.0

internal import Simulator

/// The work that an endpoint has to do, and when which of it is done. Nothing is computed: the time passes.
///
/// All times are nanoseconds. A look that comes late finds what was done meanwhile, and when the next one in turn was
/// begun: a late timer delays an answer, never the queue.
struct WorkQueue {
  private struct Job {
    let id: Int
    /// Nanoseconds of one core at speed 1.
    var remaining: Double
    var isServed = false
  }

  private let discipline: EndpointGroup.Discipline
  private let curve: EndpointGroup.LatencyCurve?
  /// In the order of arrival.
  private var jobs: [Job] = []
  private var now: UInt64
  private var (cores, speed): (Double, Double)
  /// Core-nanoseconds that were used.
  private(set) var busy = 0.0

  init(_ group: EndpointGroup, now: UInt64) {
    discipline = group.discipline
    curve = group.curve
    cores = group.cores
    speed = group.speed
    self.now = now
  }

  /// What waits and what is served.
  var count: Int { jobs.count }

  /// When the next one is done, if nothing changes.
  var nextEnd: UInt64? {
    var least = Double.infinity
    for (index, job) in jobs.enumerated() where rate(index) > 0 { least = min(least, job.remaining / rate(index)) }
    return least.isFinite ? now + UInt64(least.rounded(.up)) : nil
  }

  /// - Parameter work: nanoseconds of one core at speed 1.
  mutating func add(_ id: Int, work: Double) {
    var work = work
    if let curve {
      work *= 1 + Double(jobs.count) / curve.slope
      if curve.overloadAbove > 0, jobs.count > curve.overloadAbove { work *= curve.overloadFactor }
    }
    jobs.append(Job(id: id, remaining: work))
    startWaiting()
  }

  /// Lets the time pass, and returns what is done, in the order in which it was.
  mutating func advance(to time: UInt64) -> [Int] {
    var done: [Int] = []
    while let end = nextEnd, end <= time {
      pass(until: end)
      // What was rounded up to whole nanoseconds above is done.
      done += jobs.filter { $0.remaining <= 0 }.map(\.id)
      jobs.removeAll { $0.remaining <= 0 }
      startWaiting()
    }
    pass(until: time)
    return done
  }

  /// From now on; speed 0: nothing is done.
  mutating func change(cores: Double, speed: Double) {
    self.cores = cores
    self.speed = speed
    startWaiting()
  }

  /// Everything is gone, undone.
  mutating func removeAll() { jobs = [] }

  private mutating func pass(until time: UInt64) {
    guard time > now else { return }
    let passed = Double(time - now)
    now = time
    for index in jobs.indices {
      jobs[index].remaining -= rate(index) * passed
      if speed > 0 { busy += rate(index) / speed * passed }
    }
  }

  /// Nanoseconds of work done in one nanosecond.
  private func rate(_ index: Int) -> Double {
    guard jobs[index].isServed else { return 0 }
    return discipline == .processorSharing ? speed * min(1, cores / Double(jobs.count)) : speed
  }

  /// What has begun goes on, also when there are fewer cores than that now.
  private mutating func startWaiting() {
    let most = discipline == .fifo ? max(1, Int(cores.rounded())) : jobs.count
    var served = jobs.count(where: \.isServed)
    for index in jobs.indices where served < most && !jobs[index].isServed {
      jobs[index].isServed = true
      served += 1
    }
  }
}
