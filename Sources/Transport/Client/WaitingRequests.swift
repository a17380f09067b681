// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Requests that wait for a connection, in the order they came. One that is over in the meantime counts no more, and is
/// taken out when its turn comes or when there are many such.
struct WaitingRequests {
  private var requests = CircularBuffer<ClientRequest>()
  private(set) var count = 0

  mutating func append(_ request: ClientRequest) {
    if requests.count > 2 * count + 100 { requests = CircularBuffer(requests.filter { !$0.isOver }) }
    requests.append(request)
    count += 1
  }

  /// One has ended while it waited.
  mutating func ended() { count -= 1 }

  mutating func popFirst() -> ClientRequest? {
    while let request = requests.popFirst() {
      if !request.isOver {
        count -= 1
        return request
      }
    }
    return nil
  }

  mutating func removeAll() -> [ClientRequest] {
    defer {
      requests.removeAll()
      count = 0
    }
    return requests.filter { !$0.isOver }
  }
}
