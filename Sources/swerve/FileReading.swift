// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files that a command was given.
enum FileReading {
  /// Why a file was not read, as the system says it.
  static func reason(of error: any Error) -> String {
    if (error as? CocoaError)?.code == .fileReadNoSuchFile { return "no such file" }
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let code = underlying.flatMap({ $0.domain == NSPOSIXErrorDomain ? Int32($0.code) : nil }) else {
      return error.localizedDescription
    }
    return String(cString: strerror(code))
  }
}
