// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// OpenSSL's queue of errors, one per thread. Whoever calls OpenSSL clears it before and empties it after a failure, so
/// that no connection reports another's errors: SSL_get_error looks at the queue.
enum OpenSSLErrors {
  /// More than one is there when a layer below had its own; the first is the cause.
  private static let reasonsMax = 3

  /// Empties the queue of this thread into one line.
  static func take() -> String {
    var reasons: [String] = []
    while true {
      let code = ERR_get_error()
      guard code != 0 else { break }
      guard let text = ERR_reason_error_string(code) else { continue }
      let reason = String(cString: text)
      // "PEM lib" and the like only say which layer passed an error on.
      if !reason.hasSuffix(" lib"), !reasons.contains(reason), reasons.count < reasonsMax { reasons.append(reason) }
    }
    return reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; ")
  }
}
