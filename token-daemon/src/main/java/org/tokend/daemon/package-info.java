/**
 * The process: a command line and a configuration come in, a wired daemon that starts, drains and stops goes out. The only
 * package that may depend on all others.
 */
@NullMarked
package org.tokend.daemon;

import org.jspecify.annotations.NullMarked;
