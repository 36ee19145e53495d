package org.tokend.smime.revocation;

import java.time.Instant;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.fetch.FetchBudget;

/** One question: was this certificate of this issuer taken back, as of then. */
record Subject(MailCertificate certificate, MailCertificate issuer, Instant when, FetchBudget budget) {}
