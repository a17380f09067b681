// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Telemetry

extension DebugVerbosity: ExpressibleByArgument {}
extension ExportCompression: ExpressibleByArgument {}
extension ExportProtocol: ExpressibleByArgument {}
extension Signal: ExpressibleByArgument {}
