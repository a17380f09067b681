public struct ExporterSettings: Sendable {}
