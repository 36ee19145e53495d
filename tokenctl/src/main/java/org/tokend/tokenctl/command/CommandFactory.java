package org.tokend.tokenctl.command;

import java.lang.reflect.Constructor;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * Makes the commands, and hands each the root it belongs to; and what stands beside them in this package, which picocli's own
 * factory could reach only after it has failed to.
 */
record CommandFactory(RootCommand root) implements IFactory {

    @Override
    public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == RootCommand.class) {
                return type.cast(constructor.newInstance(root));
            }
            if (constructor.getParameterCount() == 0 && type.getPackage() == CommandFactory.class.getPackage()) {
                return type.cast(constructor.newInstance());
            }
        }
        return CommandLine.defaultFactory().create(type);
    }
}
