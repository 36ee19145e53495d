package org.tokend.pkcs11.rpc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * C_GetAttributeValue over a connection. The first question offers room that nearly all values fit into; only for those that
 * do not are the lengths asked.
 */
final class AttributeFetch {
    private static final int ROOM = 8 << 10;

    private final RpcConnection rpc;
    private final long session;
    private final long object;

    private record Reply(List<AttributeCodec.Read> attributes, long returnValue) {}

    AttributeFetch(RpcConnection rpc, long session, long object) {
        this.rpc = rpc;
        this.session = session;
        this.object = object;
    }

    AttributeValues fetch(long... types) throws CryptokiException {
        if (types.length == 0) {
            throw new CryptokiException(Call.GET_ATTRIBUTE_VALUE.function(), CKR.ARGUMENTS_BAD);
        }
        List<AttributeQuery> queries = Arrays.stream(types)
                .mapToObj(type -> new AttributeQuery(type, ROOM))
                .toList();
        Reply reply = ask(queries);
        if (reply.returnValue == CKR.BUFFER_TOO_SMALL) {
            reply = ask(withTrueLengths(ask(lengthsOnly(types))));
        }
        return values(reply);
    }

    private static List<AttributeQuery> lengthsOnly(long... types) {
        return Arrays.stream(types)
                .mapToObj(type -> new AttributeQuery(type, 0))
                .toList();
    }

    private static List<AttributeQuery> withTrueLengths(Reply lengths) {
        return lengths.attributes.stream()
                .map(attribute -> new AttributeQuery(attribute.type(), Math.max(attribute.length(), ROOM)))
                .toList();
    }

    private Reply ask(List<AttributeQuery> queries) throws CryptokiException {
        return rpc.call(
                Call.GET_ATTRIBUTE_VALUE,
                out -> AttributeQuery.write(out.u64(session).u64(object), queries),
                in -> checked(queries, new Reply(new AttributeCodec.AttributeReader(in, false).readAll(), in.u64())));
    }

    /** Exactly the attributes that were asked for, in that order, none longer than its room. */
    private static Reply checked(List<AttributeQuery> queries, Reply reply) throws WireFormatException {
        if (reply.attributes.size() != queries.size()) {
            throw new WireFormatException("another number of attributes than asked for");
        }
        for (int i = 0; i < queries.size(); i++) {
            AttributeQuery query = queries.get(i);
            AttributeCodec.Read read = reply.attributes.get(i);
            byte[] value = read.value();
            if (read.type() != query.type()
                    || read.length() < 0
                    || read.length() > WireBounds.OUTPUT
                    || (query.length() != 0 && value != null && value.length > query.length())) {
                throw new WireFormatException("an attribute that is not what was asked for");
            }
        }
        return reply;
    }

    private static AttributeValues values(Reply reply) throws CryptokiException {
        if (reply.returnValue != CKR.OK
                && reply.returnValue != CKR.ATTRIBUTE_SENSITIVE
                && reply.returnValue != CKR.ATTRIBUTE_TYPE_INVALID) {
            throw new CryptokiException(Call.GET_ATTRIBUTE_VALUE.function(), reply.returnValue);
        }
        List<Attribute> attributes = new ArrayList<>(reply.attributes.size());
        for (AttributeCodec.Read read : reply.attributes) {
            attributes.add(new Attribute(read.type(), read.value()));
        }
        return new AttributeValues(attributes, reply.returnValue);
    }
}
