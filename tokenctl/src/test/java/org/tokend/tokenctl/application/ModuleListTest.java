package org.tokend.tokenctl.application;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The list of modules in an NSS database")
class ModuleListTest {
    private static final String INTERNAL =
            "library=\nname=NSS Internal PKCS #11 Module\nparameters=configdir='sql:/p' flags= \n"
                    + "NSS=Flags=internal,critical trustOrder=75\n\n";
    private static final String CARD = "library=/usr/lib/opensc-pkcs11.so\nname=OpenSC\n\n";
    private static final String CLIENT = "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so";

    @ParameterizedTest
    @ValueSource(strings = {"", INTERNAL, INTERNAL + CARD, INTERNAL + "\n" + CARD + "\n\n"})
    @DisplayName("is what it was when the client module was added and taken out")
    void thereAndBack(String before) {
        ModuleList with = new ModuleList(before).with("tokend", CLIENT);
        assertThat(with.clientName()).contains("tokend");
        assertThat(with.libraryOf("tokend")).contains(CLIENT);
        assertThat(with.text()).startsWith(before).endsWith("library=" + CLIENT + "\nname=tokend\n\n");
        assertThat(with.withoutClient().text()).isEqualTo(before);
    }

    @Test
    @DisplayName("gets a new block also where the last one has no empty line behind it")
    void noEmptyLine() {
        ModuleList with = new ModuleList("library=a.so\nname=a").with("tokend", CLIENT);
        assertThat(with.text()).isEqualTo("library=a.so\nname=a\n\nlibrary=" + CLIENT + "\nname=tokend\n\n");
    }

    @Test
    @DisplayName("knows the client module by its file, whatever it was called")
    void otherName() {
        ModuleList list = new ModuleList(INTERNAL + "name=Work cards\nlibrary=p11-kit-client.so\n\n" + CARD);
        assertThat(list.clientName()).contains("Work cards");
        assertThat(list.withoutClient().text()).isEqualTo(INTERNAL + CARD);
        assertThat(new ModuleList(INTERNAL + CARD).clientName()).isEmpty();
    }
}
