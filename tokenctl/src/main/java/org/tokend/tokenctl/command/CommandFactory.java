package org.tokend.tokenctl.command;

import java.lang.reflect.Constructor;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, and hands each the root it belongs to. */
record CommandFactory(RootCommand root) implements IFactory {

    @Override
    public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == RootCommand.class) {
                return type.cast(constructor.newInstance(root));
            }
        }
        return CommandLine.defaultFactory().create(type);
    }
}
