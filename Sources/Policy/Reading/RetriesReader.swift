// SPDX-License-Identifier: Apache-2.0

/// The words of `retryOn`: Envoy's `x-envoy-retry-on` and `x-envoy-retry-grpc-on`.
enum RetryWord {
  static let meaning: [(word: String, condition: TrafficSettings.RetryConditions)] = [
    ("5xx", .serverError), ("gateway-error", .gatewayError), ("connect-failure", .connectFailure), ("reset", .reset),
    ("retriable-4xx", .retriable4xx), ("refused-stream", .refusedStream),
    // Nothing of the request has left in either case.
    ("reset-before-request", .connectFailure),
  ]

  static let ofGRPC = ["cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"]

  static let unsupported = [
    "retriable-status-codes", "retriable-headers", "envoy-ratelimited", "http3-post-connect-failure",
  ]

  /// All words there are, twice over, are shorter.
  static let bytesMax = 1024

  /// What Istio retries when `retryOn` is left out, of which these two concern HTTP/1.1.
  static let standard: TrafficSettings.RetryConditions = [.connectFailure, .refusedStream]
  static let standardAttempts: UInt32 = 2

  static let all = meaning.map(\.word) + ofGRPC + unsupported

  /// The words for a set of conditions.
  static func text(_ conditions: TrafficSettings.RetryConditions) -> String {
    meaning.prefix(6).filter { conditions.contains($0.condition) }.map(\.word).joined(separator: ",")
  }
}

extension Reader {
  /// `retries` of an HTTP route.
  func retries(_ node: Node) -> [Assignment] {
    guard expect(node, .mapping, "a mapping") else { return [] }
    var read: [Assignment] = []
    var conditions = RetryWord.standard
    var conditionsPosition = node.position
    settings(node, RetriesField.self, into: &read) { field, value in
      guard field == .retryOn, let text = string(value), !text.isEmpty else { return }
      guard text.utf8.count <= RetryWord.bytesMax else {
        return error(at: value.position, "more than \(RetryWord.bytesMax) characters of conditions")
      }
      conditions = retryConditions(text, at: value.position)
      conditionsPosition = value.position
    }
    if !read.contains(where: { $0.setting == .retryAttempts }) {
      read.append(
        Assignment(setting: .retryAttempts, value: .number(RetryWord.standardAttempts), position: node.position))
    }
    return read + [Assignment(setting: .retryOn, value: .conditions(conditions), position: conditionsPosition)]
  }

  private func retryConditions(_ text: String, at position: Position) -> TrafficSettings.RetryConditions {
    var conditions: TrafficSettings.RetryConditions = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = item.filter { $0 != " " }
      if let known = RetryWord.meaning.first(where: { $0.word == word }) {
        conditions.insert(known.condition)
      } else if RetryWord.ofGRPC.contains(word) {
        // Like a refused stream, it never happens to a request of HTTP/1.1.
        conditions.insert(.refusedStream)
        warning(at: position, "`\(word)` is a status of gRPC, which is not read; it is without effect")
      } else if ["502", "503", "504"].contains(word) {
        conditions.insert(.gatewayError)
        warning(at: position, "`\(word)` means `gateway-error` here: 502, 503 and 504")
      } else if word == "409" {
        conditions.insert(.retriable4xx)
      } else if RetryWord.unsupported.contains(word) || Int(word).map({ (100...599).contains($0) }) == true {
        unsupported(at: position, "`\(word)` is not supported: 5xx, gateway-error and retriable-4xx are")
      } else {
        error(
          at: position, "unknown condition `\(Excerpt.plain(String(item)))`",
          suggestion: suggestion(for: word, among: RetryWord.all))
      }
    }
    return conditions
  }
}
