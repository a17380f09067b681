// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore

/// Why a server cannot listen, and what to do.
enum ListenFailure {
  static func explain(_ error: any Error, _ address: ServerConfiguration.Address) -> TransportError {
    let reason: String
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE:
      reason = "another socket has this address; see which: ss -ltnp 'sport = :\(address.port)'"
    case EADDRNOTAVAIL: reason = "this host has no such address; see those it has: ip address"
    case EACCES:
      reason = "ports below 1024 need CAP_NET_BIND_SERVICE, or choose another one"
    case EMFILE, ENFILE: reason = "too many open files; raise the limit (ulimit -n, LimitNOFILE=)"
    default: reason = "\(error)"
    }
    return TransportError(.invalidConfiguration, "cannot listen on \(address): \(reason)")
  }
}
