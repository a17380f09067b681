// SPDX-License-Identifier: Apache-2.0

/// One request of an `HTTPClient` below async/await: it hears the response, and first of all where to send its body.
///
/// Called on the client's event loop. `begun` comes before anything else, and not at all when the exchange fails while it
/// waits for a connection.
public protocol ExchangeReceiver: ResponseReceiver {
  /// The request's head is on its way; what follows is sent here. With `endsHere` it only resets and consumes.
  func begun(_ sender: any BodySender)
}
