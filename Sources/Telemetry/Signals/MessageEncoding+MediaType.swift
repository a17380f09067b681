// SPDX-License-Identifier: Apache-2.0

import OTLP

extension MessageEncoding {
  /// Of a media type, whatever its parameters; nil for types that OTLP does not have.
  init?(contentType: String?) {
    switch contentType?.prefix(while: { $0 != ";" && $0 != " " }).lowercased() {
    case "application/x-protobuf": self = .protobuf
    case "application/json": self = .json
    default: return nil
    }
  }

  var contentType: String {
    switch self {
    case .protobuf: "application/x-protobuf"
    case .json: "application/json"
    }
  }
}
