// SPDX-License-Identifier: Apache-2.0

/// What a google.rpc.Status says beyond code and message (googleapis, google/rpc/error_details.proto).
public struct GRPCStatusDetails: Hashable, Sendable {
  /// google.rpc.ErrorInfo: the reason for programs.
  public struct ErrorInfo: Hashable, Sendable {
    /// In capitals and underscores, unique within the domain.
    public var reason: String
    /// Who gives the reason, usually a service's name.
    public var domain: String
    public var metadata: [String: String]

    public init(reason: String, domain: String, metadata: [String: String] = [:]) {
      self.reason = reason
      self.domain = domain
      self.metadata = metadata
    }
  }

  /// google.rpc.BadRequest.FieldViolation: what is wrong with one field.
  public struct FieldViolation: Hashable, Sendable {
    /// The path of the field, with dots.
    public var field: String
    public var description: String

    public init(field: String, description: String) {
      self.field = field
      self.description = description
    }
  }

  /// A message of another type, as it came.
  public struct Other: Hashable, Sendable {
    public var typeURL: String
    public var value: [UInt8]

    public init(typeURL: String, value: [UInt8]) {
      self.typeURL = typeURL
      self.value = value
    }
  }

  /// google.rpc.RetryInfo; nil when there is none. Never negative.
  public var retryDelay: Duration?
  public var errorInfo: ErrorInfo?
  public var fieldViolations: [FieldViolation]
  public var others: [Other]

  public init(
    retryDelay: Duration? = nil, errorInfo: ErrorInfo? = nil, fieldViolations: [FieldViolation] = [],
    others: [Other] = []
  ) {
    self.retryDelay = retryDelay
    self.errorInfo = errorInfo
    self.fieldViolations = fieldViolations
    self.others = others
  }
}
