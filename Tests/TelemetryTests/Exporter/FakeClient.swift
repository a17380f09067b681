// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Telemetry

/// Answers as it is told to, and remembers what it was sent.
final class FakeClient: ExportClient {
  private struct State {
    var requests: [EncodedRequest] = []
    var answers: [ExportResult] = []
    var isShutDown = false
  }

  private let state = Mutex(State())
  private let otherwise: @Sendable (EncodedRequest) async -> ExportResult

  /// - Parameters:
  ///   - answers: to the first requests.
  ///   - otherwise: to all others.
  init(_ answers: [ExportResult] = [], otherwise: @escaping @Sendable (EncodedRequest) async -> ExportResult) {
    self.otherwise = otherwise
    state.withLock { $0.answers = answers }
  }

  convenience init(_ answers: [ExportResult] = []) {
    self.init(answers) { _ in .success(nil) }
  }

  var requests: [EncodedRequest] { state.withLock { $0.requests } }
  var isShutDown: Bool { state.withLock { $0.isShutDown } }

  func export(_ request: EncodedRequest, timeout: Duration) async -> ExportResult {
    let answer = state.withLock { state in
      state.requests.append(request)
      return state.answers.isEmpty ? nil : state.answers.removeFirst()
    }
    if let answer { return answer }
    return await otherwise(request)
  }

  func shutdown() async {
    state.withLock { $0.isShutDown = true }
  }
}

extension ExportResult {
  static let unavailable = ExportResult.retryable(ExportFailure("UNAVAILABLE", "not there"), after: nil)
  static let invalid = ExportResult.permanent(ExportFailure("INVALID_ARGUMENT", "not understood"))
}
