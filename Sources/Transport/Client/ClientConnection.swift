// SPDX-License-Identifier: Apache-2.0

package import HTTPTypes
package import NIOCore

/// A connection that requests are sent over, whatever its version. For its event loop only.
package protocol ClientConnection: AnyObject {
  var eventLoop: any EventLoop { get }
  var version: HTTPVersion { get }

  /// Requests that may begin now: HTTP/1.1 has one at a time, HTTP/2 what the server's SETTINGS leave. Zero once the
  /// connection drains or has failed.
  var streamsAvailable: Int { get }

  /// Begins a request. Failures come through the receiver, never from here.
  ///
  /// - Parameter endsHere: the request has no body; the sender that is returned only resets and consumes.
  func begin(_ request: HTTPRequest, endsHere: Bool, receiver: any ResponseReceiver) -> any BodySender

  /// Begins no more requests, and closes once those under way have ended.
  func drain()

  /// Closes at once; requests under way fail with `error`.
  func close(_ error: TransportError)

  /// Told whenever `streamsAvailable` has changed, and once when the connection has closed.
  var delegate: (any ClientConnectionDelegate)? { get set }
}

package protocol ClientConnectionDelegate: AnyObject {
  func streamsAvailableChanged(_ connection: any ClientConnection)
  func closed(_ connection: any ClientConnection, _ error: TransportError?)
}
