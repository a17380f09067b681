// SPDX-License-Identifier: Apache-2.0

internal import CEpoll
internal import Glibc
internal import Synchronization

/// An epoll loop for one thread. Level-triggered: a handler that leaves something undone is called again.
///
/// Handlers and timers run on the thread that called `run`, which is the only one that may use this object; other
/// threads speak to it through `remote`.
public final class EventLoop {
  /// What may happen to a descriptor; `error` and `hangup` are reported without being asked for.
  public struct Events: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let read = Events(rawValue: EPOLLIN.rawValue)
    public static let write = Events(rawValue: EPOLLOUT.rawValue)
    public static let error = Events(rawValue: EPOLLERR.rawValue)
    public static let hangup = Events(rawValue: EPOLLHUP.rawValue)
  }

  public typealias Handler = (Events) -> Void

  /// Speaks to the loop from other threads.
  public let remote: Remote

  private struct Registration {
    let handler: Handler
    /// Tells an event of this registration from one of an earlier descriptor of the same number.
    let generation: UInt32
  }

  private static let batch = 256
  private let epoll: Int32
  /// By descriptor: the kernel gives out the lowest number, so that this stays as long as there are descriptors.
  private var registrations: [Registration?] = []
  private var generation: UInt32 = 0
  private var timers = TimerQueue()
  private var isStopped = false
  private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: batch)

  /// Throws when the kernel refuses an epoll instance or an eventfd.
  public init() throws(RelayError) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw RelayError("create an epoll instance", errno: errno) }
    let wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wake >= 0 else {
      let code = errno
      close(epoll)
      throw RelayError("create an eventfd", errno: code)
    }
    remote = Remote(wake: wake)
    try add(wake, .read) { [remote, unowned self] _ in
      for task in remote.take() { task(self) }
    }
  }

  deinit {
    close(epoll)
    events.deallocate()
  }

  /// Watches a descriptor. The loop keeps the handler, and what it captures, until `remove`.
  public func add(_ descriptor: Int32, _ events: Events, _ handler: @escaping Handler) throws(RelayError) {
    generation &+= 1
    guard control(EPOLL_CTL_ADD, descriptor, events, generation) == 0 else {
      throw RelayError("watch a descriptor", errno: errno)
    }
    let index = Int(descriptor)
    while registrations.count <= index { registrations.append(nil) }
    registrations[index] = Registration(handler: handler, generation: generation)
  }

  /// Changes what is waited for. Does nothing when the descriptor is not watched.
  public func modify(_ descriptor: Int32, _ events: Events) {
    guard let registration = registration(of: descriptor) else { return }
    _ = control(EPOLL_CTL_MOD, descriptor, events, registration.generation)
  }

  /// Stops watching, before the descriptor is closed. No event of it comes any more, not even one of this turn.
  public func remove(_ descriptor: Int32) {
    guard registration(of: descriptor) != nil else { return }
    _ = control(EPOLL_CTL_DEL, descriptor, [], 0)
    registrations[Int(descriptor)] = nil
  }

  /// Calls `body` once, after `delay` at the earliest and up to a millisecond later.
  @discardableResult
  public func schedule(after delay: Duration, _ body: @escaping () -> Void) -> Timer {
    let timer = Timer(interval: nil, body)
    timers.insert(timer, at: Clock.now() + delay.inNanoseconds)
    return timer
  }

  /// Calls `body` every `interval`, for the first time after one. Turns that were missed are left out.
  @discardableResult
  public func `repeat`(every interval: Duration, _ body: @escaping () -> Void) -> Timer {
    let timer = Timer(interval: max(1, interval.inNanoseconds), body)
    timers.insert(timer, at: Clock.now() + interval.inNanoseconds)
    return timer
  }

  /// Runs until `stop`. Throws when the kernel refuses to wait.
  public func run() throws(RelayError) {
    isStopped = false
    while !isStopped {
      let count = epoll_wait(epoll, events, Int32(EventLoop.batch), timers.timeoutMilliseconds(at: Clock.now()))
      if count < 0 && errno != EINTR { throw RelayError("wait for events", errno: errno) }
      for index in 0..<Int(max(0, count)) { dispatch(events[index]) }
      for timer in timers.takeDue(at: Clock.now()) { timer.fire() }
    }
  }

  /// Makes `run` return after this turn.
  public func stop() {
    isStopped = true
  }

  private func dispatch(_ event: epoll_event) {
    let descriptor = Int32(truncatingIfNeeded: event.data.u64)
    guard let registration = registration(of: descriptor),
      registration.generation == UInt32(truncatingIfNeeded: event.data.u64 >> 32)
    else { return }
    registration.handler(Events(rawValue: event.events))
  }

  private func registration(of descriptor: Int32) -> Registration? {
    descriptor >= 0 && descriptor < registrations.count ? registrations[Int(descriptor)] : nil
  }

  private func control(_ operation: Int32, _ descriptor: Int32, _ events: Events, _ generation: UInt32) -> Int32 {
    let data = epoll_data_t(u64: UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor)))
    var event = epoll_event(events: events.rawValue, data: data)
    return epoll_ctl(epoll, operation, descriptor, &event)
  }
}

extension EventLoop {
  /// Runs things on the loop's thread, from any thread.
  public final class Remote: Sendable {
    public typealias Task = @Sendable (EventLoop) -> Void

    private let wake: Int32
    private let tasks = Mutex<[Task]>([])

    init(wake: Int32) {
      self.wake = wake
    }

    deinit { close(wake) }

    /// Queues a task; it is run on the next turn, or never when the loop ends before.
    public func perform(_ task: @escaping Task) {
      tasks.withLock { $0.append(task) }
      eventfd_write(wake, 1)
    }

    /// What was queued since the last call.
    func take() -> [Task] {
      var count: eventfd_t = 0
      eventfd_read(wake, &count)
      return tasks.withLock { tasks in
        defer { tasks = [] }
        return tasks
      }
    }
  }
}
