package org.tokend.pkcs11.host;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a host shall load; travels over the control channel and not in argv, where everybody could read it. */
record LoadOrder(Wrapper wrapper, String file, @Nullable String reserved) {

    static LoadOrder of(ModuleSettings settings) {
        return new LoadOrder(settings.wrapper(), settings.file().toString(), settings.reserved());
    }

    List<String> texts() {
        return reserved == null ? List.of(wrapper.name(), file) : List.of(wrapper.name(), file, reserved);
    }

    static LoadOrder of(List<String> texts) throws IOException {
        if (texts.size() < 2) {
            throw new IOException("an order to load nothing");
        }
        return new LoadOrder(Wrapper.valueOf(texts.get(0)), texts.get(1), texts.size() > 2 ? texts.get(2) : null);
    }
}
