// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The connections of one client and the requests that wait for them.
final class ConnectionPool: @unchecked Sendable {
  let eventLoop: any EventLoop

  init(_ configuration: HTTPClient.Configuration, on eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  func begin(_ entry: ClientRequest, _ receiver: any ExchangeReceiver) {
    receiver.fail(TransportError(.connectFailed, "not there yet"))
  }

  func shutdown(within limit: TimeAmount) async {}
}
