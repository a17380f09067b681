// SPDX-License-Identifier: Apache-2.0

import Policy

extension Shape {
  /// What a distribution is of: a duration or a factor.
  fileprivate static let quantity = Shape.either([.span, .number(0...1_000_000)])
}

enum DistributionField: String, ScenarioField {
  case constant, uniform, exponential, normal, lognormal, mixture
  static let table = FieldTable<Self>()
  var shape: Shape {
    switch self {
    case .constant: .quantity
    case .uniform: .object(UniformField.self)
    case .exponential: .object(ExponentialField.self)
    case .normal: .object(NormalField.self)
    case .lognormal: .object(LognormalField.self)
    case .mixture: .list(.object(MixtureField.self))
    }
  }
}

/// One of a mixture; there is no mixture of mixtures.
enum MixtureField: String, ScenarioField {
  case weight, constant, uniform, exponential, normal, lognormal
  static let table = FieldTable<Self>()
  static let required: [Self] = [.weight]
  var shape: Shape {
    switch self {
    case .weight: .number(0...1_000_000)
    default: DistributionField(rawValue: rawValue)?.shape ?? .anything
    }
  }
}

enum UniformField: String, ScenarioField {
  case min, max
  static let table = FieldTable<Self>()
  static let required: [Self] = [.min, .max]
  var shape: Shape { .quantity }
}

enum ExponentialField: String, ScenarioField {
  case mean
  static let table = FieldTable<Self>()
  static let required: [Self] = [.mean]
  var shape: Shape { .quantity }
}

enum NormalField: String, ScenarioField {
  case mean, standardDeviation, min
  static let table = FieldTable<Self>()
  static let required: [Self] = [.mean, .standardDeviation]
  var shape: Shape { .quantity }
}

enum LognormalField: String, ScenarioField {
  case median, sigma
  static let table = FieldTable<Self>()
  static let required: [Self] = [.median, .sigma]
  var shape: Shape { self == .sigma ? .number(0...10) : .quantity }
}
