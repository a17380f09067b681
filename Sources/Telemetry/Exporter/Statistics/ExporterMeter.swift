// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts what the consumers of an exporter do.
final class ExporterMeter: Sendable {
  private let statistics = Mutex(ExporterStatistics())

  var snapshot: ExporterStatistics { statistics.withLock { $0 } }

  func began(_ request: EncodedRequest) {
    statistics.withLock { $0.items[request.signal, default: .init()].inflight += request.itemCount }
  }

  func ended(_ request: EncodedRequest) {
    statistics.withLock { $0.items[request.signal, default: .init()].inflight -= request.itemCount }
  }

  func attempted(_ result: ExportResult, _ duration: Duration) {
    let type =
      switch result {
      case .success: ""
      case .retryable(let failure, _), .permanent(let failure): failure.type
      }
    statistics.withLock { $0.operationDuration[type, default: .init()].add(duration) }
  }

  func retried() {
    statistics.withLock { $0.retries += 1 }
  }

  func succeeded(_ request: EncodedRequest, _ partial: PartialSuccess?) {
    // A far end that rejects more than there was rejects all.
    let rejected = min(max(partial?.rejected ?? 0, 0), request.itemCount)
    statistics.withLock { statistics in
      statistics.items[request.signal, default: .init()].exported += request.itemCount - rejected
      if partial != nil { statistics.partialSuccesses += 1 }
      if rejected > 0 { statistics.items[request.signal, default: .init()].failed["rejected", default: 0] += rejected }
    }
  }

  func failed(_ request: EncodedRequest, _ failure: ExportFailure) {
    statistics.withLock {
      $0.items[request.signal, default: .init()].failed[failure.type, default: 0] += request.itemCount
    }
  }

  func ended(_ remainder: QueueRemainder) {
    statistics.withLock { $0.remainder = remainder }
  }
}
