/* SPDX-License-Identifier: Apache-2.0
 *
 * What of OpenSSL is a macro that Swift does not import, or a walk through its generic stacks.
 */
#pragma once
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* What every context of ours has: no compression (CRIME), no renegotiation, the server's order of ciphers except that a
 * client without AES in hardware gets ChaCha20. Of certificates, what is in the file is sent and no more. Buffers of
 * idle connections go back to the heap. */
static inline void swerve_tls_harden(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_AUTO_RETRY | SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

/* Neither tickets in TLS 1.2 nor in 1.3: every connection shows its certificate anew. */
static inline void swerve_tls_without_tickets(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
}

/* The name that a client asks for (SNI). */
static inline void swerve_tls_set_server_name(SSL *ssl, const char *name) { SSL_set_tlsext_host_name(ssl, name); }

/* As RFC 2253 has it, but with UTF-8 as it is. */
static inline void swerve_print_name(BIO *to, const X509_NAME *name) {
    X509_NAME_print_ex(to, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

typedef void (*swerve_name_visitor)(void *visitor_context, const unsigned char *bytes, int byte_count);

/* Visits the subject alternative names of one type, GEN_DNS or GEN_URI. */
static inline void swerve_visit_names(const X509 *certificate, int type, swerve_name_visitor visit,
                                      void *visitor_context) {
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        int actual_type;
        ASN1_STRING *text = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &actual_type);
        if (actual_type == type)
            visit(visitor_context, ASN1_STRING_get0_data(text), ASN1_STRING_length(text));
    }
    GENERAL_NAMES_free(names);
}
