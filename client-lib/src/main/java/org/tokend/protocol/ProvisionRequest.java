package org.tokend.protocol;

/**
 * A request that changes what is on a token, or takes a copy of a key off it. The daemon asks the person whether the program
 * may, unless its configuration lets the program manage tokens; the person also enters the passphrase of a PKCS#12 file, which no
 * program gets to see.
 */
public sealed interface ProvisionRequest extends Request
        permits GenerateKey, ImportKey, ImportCertificates, ExportKey, DeleteKey {}
