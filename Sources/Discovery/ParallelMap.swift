// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Synchronization

/// Parsing is the whole cost of loading a directory, and files do not depend on each other.
enum ParallelMap {
  /// Fewer items are done before another thread has started.
  private static let parallelCountMin = 4
  private static let chunkCount = 32

  /// `transform` of every item, in order, on all cores.
  static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) -> Result
  ) -> [Result] {
    guard items.count >= parallelCountMin else { return items.map(transform) }
    let chunks = min(chunkCount, items.count)
    let results = Mutex<[(chunk: Int, results: [Result])]>([])
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
      let part = items[(items.count * chunk / chunks)..<(items.count * (chunk + 1) / chunks)].map(transform)
      results.withLock { $0.append((chunk, part)) }
    }
    return results.withLock { $0 }.sorted { $0.chunk < $1.chunk }.flatMap(\.results)
  }
}
