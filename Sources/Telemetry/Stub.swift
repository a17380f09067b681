import Policy
public struct ExporterSettings: Sendable {}
extension ConfigurationReader {
  func exporter(_ id: ComponentID, _ node: Node) -> ExporterKind? { nil }
}
