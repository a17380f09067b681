// SPDX-License-Identifier: Apache-2.0

/// What a relay process has clients for: the relay itself, or what stands for it in tests of the process' life.
protocol RequestCarrier: AnyObject {
  func start() throws(RelayError)
  func adopt(acceptedSocket descriptor: Int32, bytesRead: UInt64?)
  func adopt(poolSocket descriptor: Int32, slot: UInt32)
  func handOver(_ deliver: @escaping ([MovedSocket]) -> Void)
  func beginDraining()
  var isQuiet: Bool { get }
}

extension Relay: RequestCarrier {}
