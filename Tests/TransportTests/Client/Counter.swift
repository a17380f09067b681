// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport

/// Counts what several tasks do.
final class Counter: Sendable {
  private let state = Mutex((value: 0, seen: -1, same: 0))

  var value: Int { state.withLock { $0.value } }
  func add(_ count: Int) { state.withLock { $0.value += count } }

  /// Whether it has not changed over the last twenty looks.
  func settled() -> Bool {
    state.withLock { state in
      state.same = state.seen == state.value ? state.same + 1 : 0
      state.seen = state.value
      return state.same >= 20
    }
  }
}

extension Result {
  /// The code of a failed exchange.
  var failureCode: TransportError.Code? {
    if case .failure(let error) = self { (error as? TransportError)?.code } else { nil }
  }
}
