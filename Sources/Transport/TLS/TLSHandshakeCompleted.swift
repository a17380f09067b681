// SPDX-License-Identifier: Apache-2.0

/// The inbound event of a pipeline once its TLS handshake is complete; until then nothing is read or written.
package struct TLSHandshakeCompleted: Sendable {
  package let session: TLSSession

  package init(session: TLSSession) {
    self.session = session
  }
}
