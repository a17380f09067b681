// SPDX-License-Identifier: Apache-2.0

/// What a client is in the middle of.
protocol ClientWork: Carrier {
  /// Whether bytes of the client belong to this, as opposed to what comes after it.
  var wantsClientBytes: Bool { get }
  /// Whether more of them can be taken now.
  var hasRoom: Bool { get }
  /// Takes as many of the bytes as belong to this, and returns how many that were.
  func clientSent(_ bytes: UnsafeRawBufferPointer) -> Int
  /// The client has ended its side.
  func clientEnded()
  /// What was sent to the client is out of our hands.
  func clientFlushed()
  /// The client is gone, or the relay is done with it: ends everything without a word to it.
  func abandon()
}
