// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Relay

struct EventLoopTests {
  @Test func runsTimersInOrderAndRepeats() throws {
    let loop = try EventLoop()
    var order: [Int] = []
    loop.schedule(after: .milliseconds(20)) { order.append(2) }
    loop.schedule(after: .milliseconds(5)) { order.append(1) }
    loop.schedule(after: .milliseconds(10)) { order.append(9) }.cancel()
    var beats = 0
    loop.repeat(every: .milliseconds(10)) {
      beats += 1
      if beats == 4 { loop.stop() }
    }
    try loop.run()
    #expect(order == [1, 2])
    #expect(beats == 4)
  }

  @Test func forgetsADescriptorWithinTheTurn() throws {
    let loop = try EventLoop()
    let pairs = (0..<2).map { _ in
      var ends: [Int32] = [0, 0]
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
      return ends
    }
    var calls = 0
    for (own, other) in [(pairs[0][0], pairs[1][0]), (pairs[1][0], pairs[0][0])] {
      try loop.add(own, .read) { _ in
        calls += 1
        loop.remove(other)
        loop.stop()
      }
    }
    for pair in pairs { _ = write(pair[1], "x", 1) }
    try loop.run()
    #expect(calls == 1)
    for end in pairs.joined() { close(end) }
  }

  @Test func runsTasksOfOtherThreads() throws {
    let loop = try EventLoop()
    let remote = loop.remote
    onThread { remote.perform { $0.stop() } }
    try loop.run()
  }
}
