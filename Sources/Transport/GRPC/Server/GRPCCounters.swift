// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Why a call was not carried out, where a limit or a rule of the server decided so.
public enum GRPCRefusal: String, CaseIterable, Hashable, Sendable {
  /// No such method: UNIMPLEMENTED.
  case unknownMethod
  /// No gRPC, or not by HTTP/2: an HTTP error.
  case notGRPC
  /// A compression that is not known here: UNIMPLEMENTED.
  case unknownEncoding
  /// The admission check refused.
  case notAdmitted
  /// ``GRPCLimits/callsMax``.
  case tooManyCalls
  /// The ``MemoryBudget`` was used up.
  case memoryShort
  /// ``GRPCLimits/messageBytesMax``.
  case messageTooLarge
  /// ``GRPCLimits/decompressedBytesMax``.
  case decompressedTooLarge
  /// ``GRPCLimits/messageTimeout``.
  case messageTimeout
  /// The message or its compression is broken: INTERNAL.
  case malformed
}

/// How many calls ended how.
public struct GRPCCounts: Hashable, Sendable {
  /// By path and code. Calls of methods that do not exist are only in `refusals`.
  public var calls: [String: [GRPCStatusCode: Int]] = [:]
  public var refusals: [GRPCRefusal: Int] = [:]
  /// Begun and not ended.
  public var callsUnderWay = 0
}

/// Counts the calls of a server; for all its event loops.
final class GRPCCounters: Sendable {
  /// One per method, so that methods do not wait for each other.
  final class Method: Sendable {
    fileprivate let codes = Mutex([Int](repeating: 0, count: GRPCStatusCode.allCases.count))

    func count(_ code: GRPCStatusCode) { codes.withLock { $0[code.rawValue] += 1 } }
  }

  private let methods: [String: Method]
  private let refusals = Mutex<[GRPCRefusal: Int]>([:])
  private let underWay = Atomic(0)

  init(paths: some Sequence<String>) {
    methods = Dictionary(uniqueKeysWithValues: Set(paths).map { ($0, Method()) })
  }

  subscript(path: String) -> Method? { methods[path] }

  func count(_ refusal: GRPCRefusal) { refusals.withLock { $0[refusal, default: 0] += 1 } }

  /// False when there are `callsMax` already; nothing is counted then.
  func begin(callsMax: Int) -> Bool {
    guard underWay.add(1, ordering: .relaxed).newValue <= callsMax else {
      underWay.subtract(1, ordering: .relaxed)
      return false
    }
    return true
  }

  func end() { underWay.subtract(1, ordering: .relaxed) }

  var counts: GRPCCounts {
    var counts = GRPCCounts()
    for (path, method) in methods {
      let codes = method.codes.withLock { $0 }
      counts.calls[path] = Dictionary(
        uniqueKeysWithValues: GRPCStatusCode.allCases.map { ($0, codes[$0.rawValue]) }.filter { $0.1 > 0 })
    }
    counts.refusals = refusals.withLock { $0 }
    counts.callsUnderWay = underWay.load(ordering: .relaxed)
    return counts
  }
}
