package org.tokend.tokenctl.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The commands that a command groups. Picocli's own {@code subcommands} makes all of them at once. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Members {
    Class<?>[] value();
}
