// SPDX-License-Identifier: Apache-2.0

extension GRPCClient {
  /// Asks the server for the health of a service (grpc.health.v1, Check).
  ///
  /// - Parameter service: "" for the whole server.
  /// - Throws: NOT_FOUND when the server knows no such service, UNIMPLEMENTED when it has no health service.
  public func checkHealth(
    of service: String = "", timeout: Duration? = .seconds(5)
  ) async throws(GRPCStatus) -> GRPCHealth.Status {
    let response = try await unary(GRPCHealth.checkPath, HealthMessage.request(service), timeout: timeout)
    return try HealthMessage.status(response.message)
  }
}
