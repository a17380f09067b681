// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testbed

/// A numeric address and port: 127.0.1.1:8080, [::1]:8080.
struct AddressArgument: ExpressibleByArgument {
  let address: TCPAddress

  init?(argument: String) {
    guard let address = TCPAddress(argument) else { return nil }
    self.address = address
  }
}

/// A duration with its unit: 250us, 5ms, 1s, 10m, 2h.
struct DurationArgument: ExpressibleByArgument {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init?(argument: String) {
    let units: [(String, (Int) -> Duration)] = [
      ("us", { .microseconds($0) }), ("ms", { .milliseconds($0) }), ("s", { .seconds($0) }),
      ("m", { .seconds(60 * $0) }), ("h", { .seconds(3600 * $0) }),
    ]
    for (unit, make) in units where argument.hasSuffix(unit) {
      guard let count = Int(argument.dropLast(unit.count)), (0...3_600_000_000).contains(count) else { return nil }
      duration = make(count)
      return
    }
    return nil
  }

  var defaultValueDescription: String { "\(Int(duration.seconds * 1000))ms" }
}

/// Sizes separated by commas: 1,32,256.
struct SizeList: ExpressibleByArgument {
  let sizes: [Int]

  init(_ sizes: [Int]) { self.sizes = sizes }

  init?(argument: String) {
    let sizes = argument.split(separator: ",").map { Int($0) ?? 0 }
    guard !sizes.isEmpty, sizes.allSatisfy({ (1...1000).contains($0) }) else { return nil }
    self.sizes = sizes
  }

  var defaultValueDescription: String { sizes.map(String.init).joined(separator: ",") }
}

/// Some of an enumeration's cases, separated by commas.
struct CaseList<Case: CaseIterable & RawRepresentable & Sendable>: ExpressibleByArgument, Sendable
where Case.RawValue == String {
  let cases: [Case]

  init(_ cases: [Case]) { self.cases = cases }

  init?(argument: String) {
    let cases = argument.split(separator: ",").map { Case(rawValue: String($0)) }
    guard !cases.isEmpty, !cases.contains(where: { $0 == nil }) else { return nil }
    self.cases = cases.compactMap { $0 }
  }

  var defaultValueDescription: String { cases.map(\.rawValue).joined(separator: ",") }
}
