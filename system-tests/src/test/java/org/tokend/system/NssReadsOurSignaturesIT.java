package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("NSS, which Thunderbird and Evolution use,")
class NssReadsOurSignaturesIT {

    @TempDir
    Path directory;

    @Test
    @DisplayName("reads and accepts what tokenctl signed with RSA and P-256 keys on a token")
    void reads() throws Exception {
        Files.createDirectory(directory.resolve("nss"));
        try (MailDesk desk = new MailDesk(directory, TestKey.RSA_2048_A, TestKey.P256_A)) {
            desk.succeeds("certutil", "-N", "-d", "sql:nss", "--empty-password");
            desk.succeeds("certutil", "-A", "-d", "sql:nss", "-n", "root", "-t", ",C,", "-i", "root.pem");
            for (String key : new String[] {"rsa-2048-a", "p256-a"}) {
                desk.tokenctlSucceeds("smime", "sign", "--opaque", "--key", key, "mail.eml", "-o", "opaque.eml");
                String mail = Files.readString(desk.file("opaque.eml"));
                Files.write(
                        desk.file("opaque.p7m"),
                        Base64.getMimeDecoder().decode(mail.substring(mail.indexOf("\n\n") + 2)));
                CommandResult read =
                        desk.run("cmsutil", "-D", "-d", "sql:nss", "-h", "0", "-i", "opaque.p7m", "-o", "content");
                assertThat(read.status())
                        .as(key + read.output() + read.errors())
                        .isZero();
                assertThat(Files.readString(desk.file("content")))
                        .contains("status=GoodSignature")
                        .contains("At noon, by the fountain?\r\n");
            }
        }
    }
}
