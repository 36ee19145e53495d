package org.tokend.system;

import java.io.IOException;
import java.nio.file.Files;
import org.tokend.fixtures.keys.CertificateProfile;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

/** A TLS server with a key of its own that insists on a client certificate by the test CA, and tells whose it got. */
final class TlsServer {
    /** Finds the port in what openssl s_server says. */
    static final String READY = "ACCEPT \\S*:(\\d+)";

    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

    private TlsServer() {}

    /** @param name what the server's certificate is for */
    static LoopbackServer start(Programs programs, TestCa ca, String name) throws IOException {
        TestKey key = TestKey.RSA_2048_B;
        CertificateProfile profile = CertificateProfile.mail(key.publicKey(), "")
                .withoutMailAddress()
                .withCommonName(name)
                .withPurposes(SERVER_AUTHENTICATION);
        Files.writeString(programs.file("server.pem"), TestCa.pem(ca.issue(key.publicKey(), profile)));
        Files.writeString(programs.file("server.key"), key.pem());
        Files.writeString(programs.file("server-issuing.pem"), TestCa.pem(ca.issuing()));
        Files.writeString(programs.file("server-chain.pem"), TestCa.pem(ca.issuing(), ca.root()));
        return LoopbackServer.start(
                programs.program(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:0",
                        "-key",
                        "server.key",
                        "-cert",
                        "server.pem",
                        "-cert_chain",
                        "server-issuing.pem",
                        "-CAfile",
                        "server-chain.pem",
                        "-Verify",
                        "3",
                        "-purpose",
                        "any",
                        "-verify_return_error",
                        "-www"),
                READY);
    }
}
