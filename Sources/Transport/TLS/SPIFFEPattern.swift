// SPDX-License-Identifier: Apache-2.0

/// Which SPIFFE IDs a policy allows:
///
/// | text | matches |
/// |---|---|
/// | `spiffe://domain/a/b` | that one |
/// | `spiffe://domain/a/*` | those whose path begins with `/a/` |
/// | `spiffe://domain/*` | those of the trust domain |
public struct SPIFFEPattern: Hashable, Sendable, CustomStringConvertible {
  private enum Kind: Hashable {
    case exact(SPIFFEID)
    /// Whatever lies under it, with or without a path of its own.
    case under(SPIFFEID)
  }

  private let kind: Kind

  /// - Throws: `invalidConfiguration`, saying what is wrong with it. A `*` stands for whole segments at the end only.
  public init(_ text: String) throws(TransportError) {
    let wildcard = "/*"
    kind =
      text.hasSuffix(wildcard)
      ? .under(try SPIFFEID(String(text.dropLast(wildcard.count)))) : .exact(try SPIFFEID(text))
  }

  /// Only this one.
  public init(exactly id: SPIFFEID) {
    kind = .exact(id)
  }

  public func matches(_ id: SPIFFEID) -> Bool {
    switch kind {
    case .exact(let wanted):
      id == wanted
    case .under(let parent):
      id.trustDomain == parent.trustDomain && (parent.path.isEmpty || id.path.hasPrefix(parent.path + "/"))
    }
  }

  public var description: String {
    switch kind {
    case .exact(let id): "\(id)"
    case .under(let parent): "\(parent)/*"
    }
  }
}
