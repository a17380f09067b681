// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A deadline that is moved often and reached seldom: moving it costs no scheduling.
///
/// For its event loop only.
final class LazyTimer {
  private let eventLoop: any EventLoop
  private let action: () -> Void
  private var deadline: NIODeadline?
  private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?

  init(_ eventLoop: any EventLoop, _ action: @escaping () -> Void) {
    self.eventLoop = eventLoop
    self.action = action
  }

  var isArmed: Bool { deadline != nil }

  /// Calls the action after `time`, unless it is armed again or disarmed before.
  func arm(_ time: Duration) {
    let deadline = NIODeadline.now() + TimeAmount(time)
    self.deadline = deadline
    if let scheduled {
      // The task looks again when it runs.
      if scheduled.at <= deadline { return }
      scheduled.task.cancel()
    }
    schedule(deadline)
  }

  func disarm() { deadline = nil }

  /// Lets go of everything, the action's references included.
  func end() {
    deadline = nil
    scheduled?.task.cancel()
    scheduled = nil
  }

  private func schedule(_ at: NIODeadline) {
    let task = eventLoop.assumeIsolated().scheduleTask(deadline: at) { [weak self] () -> Void in self?.run() }
    scheduled = (task, at)
  }

  private func run() {
    scheduled = nil
    guard let deadline else { return }
    if deadline > .now() { return schedule(deadline) }
    self.deadline = nil
    action()
  }
}
