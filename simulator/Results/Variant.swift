// SPDX-License-Identifier: Apache-2.0

/// What runs of the same scenario and seed differ in: the selector, and the policy files they go by.
public struct Variant: Hashable, Codable, Sendable {
  public var selector: SelectorName
  /// Label of the set of policy files; nil: the scenario's own.
  public var policy: String?

  public init(_ selector: SelectorName, policy: String? = nil) {
    self.selector = selector
    self.policy = policy
  }
}

extension Variant: CustomStringConvertible {
  /// `swerve`, or `swerve, old` with the label of the policy set.
  public var description: String { selector.description + (policy.map { ", \($0)" } ?? "") }
}

/// How the variants of a table are called: by what they differ in.
public struct VariantNames: Hashable, Codable, Sendable {
  /// All have the same selector: the label of the policy set says it all.
  private let isByPolicyAlone: Bool
  /// What the names are of, for the head of their column: `selector`, `policies`, or `selector, policies`.
  public let kind: String
  /// What is compared, as in `Comparison of policies`.
  let plural: String

  public init(_ variants: [Variant]) {
    let hasSets = variants.contains { $0.policy != nil }
    let selectors = Set(variants.map(\.selector)).count
    isByPolicyAlone = selectors == 1 && variants.allSatisfy { $0.policy != nil }
    kind = isByPolicyAlone ? "policies" : hasSets ? "selector, policies" : "selector"
    let differ = [("selectors", selectors), ("policies", Set(variants.map(\.policy)).count)].filter { $0.1 > 1 }
    plural = differ.isEmpty ? "selectors" : Text.list(differ.map(\.0))
  }

  public func name(_ variant: Variant) -> String {
    isByPolicyAlone ? variant.policy ?? variant.description : variant.description
  }
}
