// SPDX-License-Identifier: Apache-2.0

/// An endpoint: serves jobs with its cores, by the discipline of its group.
///
/// All jobs in service progress alike, so one number tells how far each is: the work that a job in service since the
/// beginning would have got ("virtual time"). A job ends when that reaches its own value; the next one to end is the least
/// of these. Times are nanoseconds, work is nanoseconds of one core at full speed.
struct Server {
  let group: Int
  let discipline: EndpointGroup.Discipline
  /// Of the group, before anything changes.
  let nominalCores: Double
  let nominalSpeed: Double
  let queueLimit: Int
  let curve: EndpointGroup.LatencyCurve?

  // What changes: variation and faults.
  private(set) var cores: Double
  private(set) var speed: Double
  private(set) var isHung = false { didSet { refreshRate() } }
  /// Refuses what comes.
  var isClosed = false
  /// Answers a share at once instead of serving it.
  var errors: (rate: Double, status: Int, latency: UInt64)?

  private var virtual = 0.0
  private var updated: UInt64 = 0
  private var rate = 0.0
  private var serving = JobHeap()
  private var waiting = JobRing()
  /// Of those serving, how many are cancelled and only not removed yet.
  private var cancelledServing = 0
  private var cancelledWaiting = 0
  /// Work that is to be done.
  private(set) var backlog = 0.0
  /// Core-nanoseconds used.
  private(set) var busy = 0.0

  init(group: Int, _ settings: EndpointGroup) {
    self.group = group
    discipline = settings.discipline
    nominalCores = settings.cores
    nominalSpeed = settings.speed
    queueLimit = settings.queueLimit
    curve = settings.curve
    cores = settings.cores
    speed = settings.speed
    refreshRate()
  }

  mutating func release() {
    serving.release()
    waiting.release()
  }

  /// Jobs served at this moment.
  var servingCount: Int { serving.count - cancelledServing }
  /// Jobs between arrival and answer.
  var inFlight: Int { servingCount + waiting.count - cancelledWaiting }
  var isFull: Bool { queueLimit > 0 && inFlight >= queueLimit }

  // MARK: Time

  /// Jobs that are served at once at most, under `fifo`.
  private var concurrency: Int { max(1, Int(cores.rounded())) }

  @inline(__always)
  private var coresUsed: Double {
    let count = Double(servingCount)
    return discipline == .processorSharing ? min(count, cores) : count
  }

  /// Progress of each job in service, per nanosecond.
  @inline(__always)
  private mutating func refreshRate() {
    if isHung {
      rate = 0
      return
    }
    guard discipline == .processorSharing else {
      rate = speed
      return
    }
    let count = Double(servingCount)
    rate = count <= cores ? speed : speed * cores / count
  }

  @inline(__always)
  mutating func advance(to now: UInt64) {
    if now == updated { return }
    if rate > 0, serving.count > 0 {
      let elapsed = Double(now - updated)
      virtual += elapsed * rate
      let used = elapsed * coresUsed
      busy += used
      backlog = max(0, backlog - used * speed)
    } else if serving.count == 0 {
      // Nothing refers to it: it need not grow without end.
      virtual = 0
    }
    updated = now
  }

  /// When the next job ends, if nothing changes before; nil when none does.
  @inline(__always)
  mutating func nextCompletion(_ jobs: Slab<Job>) -> UInt64? {
    while let first = serving.first, jobs[first.job].isCancelled {
      serving.removeFirst()
      cancelledServing -= 1
      jobs.give(first.job)
    }
    guard rate > 0, let first = serving.first else { return nil }
    let left = (first.finish - virtual) / rate
    return updated + (left > 0 ? UInt64(min(left.rounded(.up), 1e18)) : 0)
  }

  // MARK: Jobs

  /// A job arrives. `advance` comes first.
  @inline(__always)
  mutating func add(_ job: Int32, _ jobs: Slab<Job>, now: UInt64) {
    if let curve { jobs[job].work *= factor(curve) }
    backlog += jobs[job].work
    if discipline == .fifo, servingCount >= concurrency {
      waiting.append(job)
      return
    }
    start(job, jobs, now: now)
  }

  @inline(__always)
  private mutating func start(_ job: Int32, _ jobs: Slab<Job>, now: UInt64) {
    jobs[job].started = now
    serving.insert(JobHeap.Entry(finish: virtual + jobs[job].work, job: job))
    if discipline == .processorSharing { refreshRate() }
  }

  /// Latency by the requests in flight.
  private func factor(_ curve: EndpointGroup.LatencyCurve) -> Double {
    let count = inFlight
    let linear = 1 + Double(count) / curve.slope
    return curve.overloadAbove > 0 && count > curve.overloadAbove ? linear * curve.overloadFactor : linear
  }

  /// The job that ends now, as `nextCompletion` said.
  @inline(__always)
  mutating func complete(_ jobs: Slab<Job>, now: UInt64) -> Int32? {
    guard let first = serving.first else { return nil }
    serving.removeFirst()
    startWaiting(jobs, now: now)
    if discipline == .processorSharing { refreshRate() }
    return first.job
  }

  private mutating func startWaiting(_ jobs: Slab<Job>, now: UInt64) {
    while discipline == .fifo, servingCount < concurrency, let next = waiting.popFirst() {
      if jobs[next].isCancelled {
        cancelledWaiting -= 1
        jobs.give(next)
      } else {
        start(next, jobs, now: now)
      }
    }
  }

  /// The client of a job here has gone, and the endpoint stops working on it.
  mutating func cancel(_ job: Int32, _ jobs: Slab<Job>, now: UInt64) {
    advance(to: now)
    let isServing = serving.contains(job)
    jobs[job].isCancelled = true
    backlog = max(0, backlog - jobs[job].work)
    if isServing { cancelledServing += 1 } else { cancelledWaiting += 1 }
    startWaiting(jobs, now: now)
    refreshRate()
  }

  /// Everything here is lost: the jobs that were, in the order of their places.
  mutating func dropAll(_ jobs: Slab<Job>, now: UInt64) -> [Int32] {
    advance(to: now)
    var dropped: [Int32] = []
    for job in serving.all + waiting.all {
      if jobs[job].isCancelled { jobs.give(job) } else { dropped.append(job) }
    }
    serving.removeAll()
    waiting.removeAll()
    cancelledServing = 0
    cancelledWaiting = 0
    backlog = 0
    refreshRate()
    return dropped
  }

  // MARK: Capacity

  mutating func change(cores newCores: Double, speed newSpeed: Double, _ jobs: Slab<Job>, now: UInt64) {
    advance(to: now)
    cores = newCores
    speed = newSpeed
    startWaiting(jobs, now: now)
    refreshRate()
  }

  mutating func hang(_ hangs: Bool, now: UInt64) {
    advance(to: now)
    isHung = hangs
  }

  /// When a request of this work that came now would be answered, if nothing changed: exact under `fifo` with one core,
  /// else a good guess. nil: never.
  mutating func expectedLatency(work: Double, now: UInt64) -> Double? {
    advance(to: now)
    guard !isHung, !isClosed, errors.map({ $0.rate < 1 }) ?? true, speed > 0 else { return nil }
    switch discipline {
    case .fifo:
      let isBusy = servingCount >= concurrency
      return (isBusy ? backlog / (Double(concurrency) * speed) : 0) + work / speed
    case .processorSharing:
      let count = Double(servingCount + 1)
      return work / (count <= cores ? speed : speed * cores / count)
    case .delay: return work * (curve.map(factor) ?? 1) / speed
    }
  }
}
