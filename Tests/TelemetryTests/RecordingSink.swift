// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Telemetry

/// Keeps what it is given; refuses when told to.
final class RecordingSink: TelemetrySink {
  private struct State {
    var taken: [EncodedRequest] = []
    var reserved = 0
    var refusal: Refusal?
    var commitFailure: Refusal?
  }

  private let state = Mutex(State())

  init(refusing refusal: Refusal? = nil, failing failure: Refusal? = nil) {
    state.withLock {
      $0.refusal = refusal
      $0.commitFailure = failure
    }
  }

  var taken: [EncodedRequest] { state.withLock { $0.taken } }
  /// Reservations that were neither used nor given back.
  var reserved: Int { state.withLock { $0.reserved } }

  func reserve(_ request: EncodedRequest) throws(Refusal) {
    let refusal = state.withLock { state in
      if state.refusal == nil { state.reserved += 1 }
      return state.refusal
    }
    if let refusal { throw refusal }
  }

  func cancel(_ request: EncodedRequest) {
    state.withLock { $0.reserved -= 1 }
  }

  func commit(_ request: EncodedRequest) throws(Refusal) {
    let failure = state.withLock { state in
      state.reserved -= 1
      if state.commitFailure == nil { state.taken.append(request) }
      return state.commitFailure
    }
    if let failure { throw failure }
  }
}
