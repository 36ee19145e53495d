package org.tokend.smime.certificate;

/** What a certificate is wanted for. */
public enum KeyPurpose {
    /** To prove who wrote a mail. */
    SIGN,
    /** To keep a mail from everybody else. */
    ENCRYPT
}
