/**
 * Runs when the project is built: what comes in are picocli's descriptions of the commands, what goes out are manual pages
 * and completion scripts that say the same. May depend on command, output and picocli.
 */
@NullMarked
package org.tokend.tokenctl.documentation;

import org.jspecify.annotations.NullMarked;
