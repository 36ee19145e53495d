package org.tokend.pkcs11.token;

import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.object.StoredObject;

/**
 * An object of a token's catalogue.
 *
 * @param stored as it was found in that generation; in another the object is looked for by its id
 */
record CatalogueObject(TokenObjects objects, StoredObject stored, long generation) implements TokenObject {
    @Override
    public long id() {
        return stored.id();
    }

    @Override
    public long objectClass() {
        return stored.objectClass();
    }

    @Override
    public boolean isPrivate() {
        return stored.isPrivate();
    }

    @Override
    public @Nullable KeyDescriptor key() {
        return objects.keyOf(stored);
    }

    @Override
    public AttributeValues attributes(long... types) throws TokenException {
        if (!stored.isGone() && objects.holds(generation)) {
            AttributeValues known = stored.known(types);
            if (known != null) {
                return known;
            }
        }
        return objects.attributes(id(), types);
    }

    @Override
    public long size() throws TokenException {
        return objects.size(id());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenObject that && id() == that.id();
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    @Override
    public String toString() {
        return stored.toString();
    }
}
