// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dataplane
import Foundation
import Telemetry
import Transport

extension ExitCode {
  /// EX_DATAERR: a policy file or a scenario file is invalid.
  static let invalidPolicy = ExitCode(65)
  /// EX_UNAVAILABLE: no dataplane is installed.
  static let notInstalled = ExitCode(69)
  /// EX_OSERR: the kernel refused.
  static let kernel = ExitCode(71)
  /// EX_TEMPFAIL: another agent holds the dataplane.
  static let locked = ExitCode(75)
  /// EX_NOPERM: a privilege is missing.
  static let privilege = ExitCode(77)
}

extension DataplaneError {
  /// The exit code of the command that met this error.
  var exitCode: ExitCode {
    switch code {
    case .privilege: .privilege
    case .notInstalled: .notInstalled
    case .locked: .locked
    case .program, .map, .full, .environment: errno == EPERM || errno == EACCES ? .privilege : .kernel
    }
  }
}

/// Runs a command's body; an error of the dataplane, the network or a configuration becomes one message and its exit code.
func exiting<Value>(_ body: () async throws -> Value) async throws -> Value {
  do {
    return try await body()
  } catch let error as DataplaneError {
    printError("\(error)")
    throw error.exitCode
  } catch let error as TransportError {
    printError(error.message)
    throw ExitCode.kernel
  } catch let error as TelemetryError {
    printError(error.message)
    throw ExitCode.invalidPolicy
  }
}

/// The same for a body that keeps its thread.
func exitingInPlace<Value>(_ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as DataplaneError {
    printError("\(error)")
    throw error.exitCode
  }
}

/// Writes a message to standard error, as "swerve: message".
func printError(_ message: String) {
  FileHandle.standardError.write(Data("swerve: \(message)\n".utf8))
}
