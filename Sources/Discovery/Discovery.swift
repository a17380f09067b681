public import Policy
public import Logging
public struct RejectedFile: Sendable { public var path: String; public var diagnostics: [Diagnostic]; public var hasLastGood: Bool }
public struct DirectoryUpdate: Sendable { public var change: PolicyChange; public var rejected: [RejectedFile]; public var complete: Bool; public var fileCount: Int; public var warnings: [Diagnostic] }
public final class PolicyDirectory: Sendable {
  public init(_ path: String, logger: Logger) throws {}
  public func updates() -> AsyncStream<DirectoryUpdate> { AsyncStream { $0.finish() } }
  public func reload() {}
  public func services() -> [Service] { [] }
}
