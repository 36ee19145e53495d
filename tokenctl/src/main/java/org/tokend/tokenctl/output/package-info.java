/**
 * What people and scripts see: tables, JSON, progress, files that appear whole or not at all, exit codes. May depend on
 * client-lib, jackson-core and the JDK.
 */
@NullMarked
package org.tokend.tokenctl.output;

import org.jspecify.annotations.NullMarked;
