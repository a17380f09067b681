// SPDX-License-Identifier: Apache-2.0

import CTestbed

/// The processors of a measurement. A client and a server that the scheduler moves between one processor and two change
/// their throughput several times over from second to second, whatever lies between them; so each gets its own.
public enum Processor {
  /// The first one we may use. Nil on a machine with only one.
  public static var forServers: Int? { number(last: 0) }

  /// The last one we may use. Nil on a machine with only one.
  public static var forClients: Int? { number(last: 1) }

  private static func number(last: Int32) -> Int? {
    let processor = testbed_processor(last)
    return processor >= 0 ? Int(processor) : nil
  }
}
