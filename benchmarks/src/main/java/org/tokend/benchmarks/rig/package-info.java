/**
 * What is measured: a token, the daemon in its several settings, the peers, and the load program. Directories come in; running processes and
 * what they say go out. Depends on the fixtures and {@code result}.
 */
@NullMarked
package org.tokend.benchmarks.rig;

import org.jspecify.annotations.NullMarked;
