// SPDX-License-Identifier: Apache-2.0

/// Which of a fixed number of timers is next: a 4-ary heap in which a timer's time can be changed.
///
/// Timers at the same time come in the order of their numbers, so that the order of events never depends on history.
final class TimerHeap {
  private let times: UnsafeMutablePointer<UInt64>
  private let heap: UnsafeMutablePointer<Int32>
  /// Place in the heap by timer; -1 when it is not set.
  private let places: UnsafeMutablePointer<Int32>
  private let capacity: Int
  private var count = 0

  /// Timers are numbered from 0.
  init(count capacity: Int) {
    self.capacity = capacity
    times = .allocate(capacity: capacity)
    heap = .allocate(capacity: capacity)
    places = .allocate(capacity: capacity)
    times.initialize(repeating: 0, count: capacity)
    heap.initialize(repeating: 0, count: capacity)
    places.initialize(repeating: -1, count: capacity)
  }

  deinit {
    times.deallocate()
    heap.deallocate()
    places.deallocate()
  }

  /// The timer that is next; -1 when none is set.
  @inline(__always)
  var next: Int { count > 0 ? Int(heap[0]) : -1 }

  @inline(__always)
  func time(of timer: Int) -> UInt64 { times[timer] }

  /// Sets or moves a timer.
  @inline(__always)
  func set(_ timer: Int, at time: UInt64) {
    let place = places[timer]
    if place < 0 {
      times[timer] = time
      count += 1
      rise(Int32(timer), from: count - 1)
    } else {
      let before = times[timer]
      if time == before { return }
      times[timer] = time
      if time < before { rise(Int32(timer), from: Int(place)) } else { sink(Int32(timer), from: Int(place)) }
    }
  }

  /// Does nothing when it is not set.
  @inline(__always)
  func cancel(_ timer: Int) {
    let place = Int(places[timer])
    if place < 0 { return }
    places[timer] = -1
    count -= 1
    if place == count { return }
    let last = heap[count]
    if isBefore(last, Int32(timer)) { rise(last, from: place) } else { sink(last, from: place) }
  }

  @inline(__always)
  private func isBefore(_ left: Int32, _ right: Int32) -> Bool {
    let leftTime = times[Int(left)], rightTime = times[Int(right)]
    return leftTime != rightTime ? leftTime < rightTime : left < right
  }

  private func rise(_ timer: Int32, from start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) >> 2
      let above = heap[parent]
      if !isBefore(timer, above) { break }
      heap[place] = above
      places[Int(above)] = Int32(truncatingIfNeeded: place)
      place = parent
    }
    heap[place] = timer
    places[Int(timer)] = Int32(truncatingIfNeeded: place)
  }

  private func sink(_ timer: Int32, from start: Int) {
    var place = start
    while true {
      let firstChild = (place << 2) + 1
      if firstChild >= count { break }
      var best = firstChild
      let end = min(firstChild + 4, count)
      var child = firstChild + 1
      while child < end {
        if isBefore(heap[child], heap[best]) { best = child }
        child += 1
      }
      let below = heap[best]
      if !isBefore(below, timer) { break }
      heap[place] = below
      places[Int(below)] = Int32(truncatingIfNeeded: place)
      place = best
    }
    heap[place] = timer
    places[Int(timer)] = Int32(truncatingIfNeeded: place)
  }
}
