package org.tokend.client.jca;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.KeyStoreSpi;
import java.security.UnrecoverableEntryException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.KeyDescription;

/**
 * The keys of all tokens, as they are when the store is loaded; load it again to see what has come and gone. Loading never asks for
 * a PIN. Passwords that programs hand over are ignored: tokend asks the person, and takes no PIN from a program.
 */
final class TokenKeyStore extends KeyStoreSpi {
    private final Clients providerClients;
    private Map<String, StoreEntries.Entry> entries = Map.of();

    TokenKeyStore(Clients providerClients) {
        this.providerClients = providerClients;
    }

    @Override
    public void engineLoad(@Nullable InputStream stream, char @Nullable [] password)
            throws IOException, CertificateException {
        if (stream != null) {
            throw new IOException("The KeyStore \"Tokend\" is not in a file; load it with load(null, null)");
        }
        load(new StoreParameter(null, null, ""));
    }

    @Override
    public void engineLoad(KeyStore.@Nullable LoadStoreParameter parameter) throws IOException, CertificateException {
        load(parameter instanceof StoreParameter store ? store : new StoreParameter(null, null, ""));
    }

    private void load(StoreParameter parameter) throws IOException, CertificateException {
        Clients clients = parameter.socket() == null ? providerClients : new Clients(parameter::socket);
        try {
            List<KeyDescription> keys = clients.use(client -> client.listKeys(parameter.token()));
            entries = new StoreEntries(clients, parameter.purpose()).of(keys);
        } catch (TokenClientException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** By alias, or by fingerprint, which stays the same whatever other keys there are. */
    private StoreEntries.@Nullable Entry find(String alias) {
        StoreEntries.Entry named = entries.get(alias);
        if (named != null) {
            return named;
        }
        return entries.values().stream()
                .filter(entry -> entry.key().description().fingerprint().equals(alias))
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable Key engineGetKey(String alias, char @Nullable [] password) {
        StoreEntries.Entry entry = find(alias);
        return entry == null ? null : entry.key();
    }

    @Override
    public Certificate @Nullable [] engineGetCertificateChain(String alias) {
        StoreEntries.Entry entry = find(alias);
        return entry == null || entry.chain().isEmpty() ? null : entry.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable Certificate engineGetCertificate(String alias) {
        StoreEntries.Entry entry = find(alias);
        return entry == null || entry.chain().isEmpty() ? null : entry.chain().get(0);
    }

    @Override
    public KeyStore.@Nullable Entry engineGetEntry(String alias, KeyStore.@Nullable ProtectionParameter protection)
            throws UnrecoverableEntryException {
        StoreEntries.Entry entry = find(alias);
        if (entry == null) {
            return null;
        }
        if (entry.chain().isEmpty()) {
            throw new UnrecoverableEntryException("The token has no certificate for " + entry.key());
        }
        return new KeyStore.PrivateKeyEntry(entry.key(), entry.chain().toArray(new X509Certificate[0]));
    }

    @Override
    public boolean engineEntryInstanceOf(String alias, Class<? extends KeyStore.Entry> type) {
        return type == KeyStore.PrivateKeyEntry.class && engineIsKeyEntry(alias);
    }

    /** JCA does not say; the time when the certificate begins is what other token stores answer. */
    @Override
    public @Nullable Date engineGetCreationDate(String alias) {
        return engineGetCertificate(alias) instanceof X509Certificate certificate ? certificate.getNotBefore() : null;
    }

    @Override
    public Enumeration<String> engineAliases() {
        return Collections.enumeration(entries.keySet());
    }

    @Override
    public boolean engineContainsAlias(String alias) {
        return find(alias) != null;
    }

    @Override
    public int engineSize() {
        return entries.size();
    }

    @Override
    public boolean engineIsKeyEntry(String alias) {
        return find(alias) != null;
    }

    @Override
    public boolean engineIsCertificateEntry(String alias) {
        return false;
    }

    @Override
    public @Nullable String engineGetCertificateAlias(Certificate certificate) {
        for (Map.Entry<String, StoreEntries.Entry> entry : entries.entrySet()) {
            if (!entry.getValue().chain().isEmpty()
                    && entry.getValue().chain().get(0).equals(certificate)) {
                return entry.getKey();
            }
        }
        return null;
    }

    @Override
    public void engineSetKeyEntry(String alias, Key key, char @Nullable [] password, Certificate[] chain)
            throws KeyStoreException {
        throw readOnly();
    }

    @Override
    public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) throws KeyStoreException {
        throw readOnly();
    }

    @Override
    public void engineSetCertificateEntry(String alias, Certificate certificate) throws KeyStoreException {
        throw readOnly();
    }

    @Override
    public void engineDeleteEntry(String alias) throws KeyStoreException {
        throw readOnly();
    }

    @Override
    public void engineStore(OutputStream stream, char @Nullable [] password) {
        throw new UnsupportedOperationException(readOnly().getMessage());
    }

    private static KeyStoreException readOnly() {
        return new KeyStoreException("tokend does not change tokens; use the tool that came with the token");
    }
}
