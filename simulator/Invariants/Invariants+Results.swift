// SPDX-License-Identifier: Apache-2.0

/// What a run reports against what there was.
extension Invariants {
  func check(_ result: RunResult) {
    func equal(_ reported: Int, _ truth: Int, _ what: String) {
      if reported != truth { violate(.results, "\(reported) \(what) reported, there were \(truth)") }
    }
    equal(result.outcomes.total, requestsMeasured, "outcomes")
    equal(result.latency.total, requestsMeasured, "latencies")
    equal(result.windows.reduce(0) { $0 + $1.requests }, requests, "requests in windows")
    equal(result.windows.reduce(0) { $0 + $1.latency.total }, requests, "latencies in windows")
    equal(result.endpoints.reduce(0) { $0 + $1.sent }, attemptsMeasured, "attempts sent to endpoints")
    equal(
      result.endpoints.reduce(0) { $0 + $1.sentByWindow.reduce(0, +) }, attempts,
      "attempts sent to endpoints in windows")
    for endpoint in result.endpoints where endpoint.failed > endpoint.sent {
      violate(.results, "\(endpoint.name): \(endpoint.failed) of \(endpoint.sent) attempts failed")
    }
    for (number, window) in result.windows.enumerated() where window.failures > window.requests {
      violate(.results, "window \(number): \(window.failures) of \(window.requests) requests failed")
    }
  }
}
