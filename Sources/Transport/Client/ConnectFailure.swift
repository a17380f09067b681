// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOPosix

/// Why a connection could not be made, and what to do.
enum ConnectFailure {
  static func reason(_ error: any Error) -> String {
    switch error {
    case let error as IOError where error.errnoCode == ECONNREFUSED: "nothing listens there (ECONNREFUSED)"
    case let error as IOError where [EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode):
      "there is no route to it; see: ip route get"
    case let error as IOError where [EMFILE, ENFILE].contains(error.errnoCode):
      "too many open files; raise the limit (ulimit -n, LimitNOFILE=)"
    case is ChannelError: "no answer in time"
    default: "\(error)"
    }
  }
}
